# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # set by run and by the library
# Its manner: exit codes, forms of output, what is new since, and names that strangers chose.
home=home/alice # of the one who works there
root=$([ "$(id -u)" = 0 ] && echo 1)
check 'exit 2: a critical failure' exits 2 'CRITICAL: T-1' seeded --line
check '--line: one line' eval "at seeded --line | wc -l | grep -qx 1"
veto() { cp -a clean veto && mkdir -p veto/sys/class/ieee80211/phy0 && exits 2 ' 59 of 100' veto --line; }
check 'one critical failure is a veto: 59 points' veto
check '--exit-zero' exits 0 CRITICAL seeded --line --exit-zero
check 'exit 0: a check that passes' exits 0 'OK: T-1: 100 of 100' clean --line --only browsing,wifi
check 'exit 1: a failure of medium severity' exits 1 'WARNING' seeded --line --only antivirus
check 'exit 1: a warning' exits 1 'WARNING' seeded --line --only printers
check 'a terminal in order has all points' exits 0 'OK: T-1: 100 of 100' clean --line
mkdir -p bare/etc
check 'exit 3: where nothing can be seen nothing passes' exits 3 'UNKNOWN' bare --line --only wifi,integrity
check 'exit 2: a check that is none, and what is meant' exits 2 "no check 'wlan'" clean --only wifi,wlan
check 'exit 2: no check at all' exits 2 'needs a check' clean --only ''
check 'exit 2: --explain of none' exits 2 "no check 'wlan'" clean --explain wlan
check '--only: those alone' eval "'$build/bin/airgapctl' --root '$work/clean' --json inspect --only wifi,boot | jq -e '[.checks[].check] == [\"wifi\", \"boot\"]'"
check '--list: all that the manual names' eval "diff <(at clean --list --no-legend | awk '{ print \$2 }') \
	<(sed 's/\\\\-/-/g' '$top/packaging/man/airgap-inspect.7' | sed -nE 's/^\.BR ([a-z-]+) \" \([0-9]+, .*/\1/p')"
check '--json: each finding with its fingerprint' jq -e '[.checks[].findings[].fingerprint | test("^[0-9a-f]{16}$")] | all' seeded.first
check '--json: a finding of each fingerprint' jq -e '[.checks[].findings[] | select(.result != "pass") | .fingerprint] | length > 100' seeded.first
plasma()
{
	cp -a clean plasma && touch plasma/usr/bin/plasmashell && rm plasma/usr/bin/gnome-shell || return
	exits 3 'UNKNOWN' plasma --line --only automount,screen-lock
}
check 'a desktop that is not understood does not pass' plasma
damaged()
{
	cp -a clean damaged && head -c 200 seeded/var/log/kern.log.2.gz >damaged/var/log/kern.log.2.gz &&
		exits 3 'UNKNOWN' damaged --line --only usb-history
}
check 'a packed log that is cut off is told of' damaged

# --- what is new since ---
since()
{
	cp -a clean later && rm -rf later/var/lib/airgap/inspect || return
	at later >/dev/null
	mkdir -p later/sys/class/ieee80211/phy0 &&
		exits 2 'new   wifi  /sys/class/ieee80211/phy0: a Wi-Fi adapter' later --since-last &&
		rmdir later/sys/class/ieee80211/phy0 && exits 0 'gone  wifi  /sys/class/ieee80211/phy0' later --since-last &&
		exits 0 '0 new and 0 gone' later --since-last
}
part()
{
	cp later/var/lib/airgap/inspect/last.json kept && mkdir -p later/sys/class/nfc/nfc0 &&
		at later --only bluetooth >/dev/null
	cmp kept later/var/lib/airgap/inspect/last.json
}
if [ "$root" ]; then
	check '--since-last: what is new, what is gone' since
	check '--since-last: a part is no measure' part
	check 'last.json is for root alone' eval "[ \$(stat -c %a later/var/lib/airgap/inspect/last.json) = 600 ]"
else
	echo "skip inspect: --since-last # only what root saw is kept"
	check '--since-last: none was kept' eval "! at clean --since-last 2>&1 | grep -q new"
fi

# --- names of strangers ---
hostile()
{
	local name=$'evil\033[2J\033]0;x\007<img src=x onerror=alert(1)>\342\200\256.vmdk'
	cp -a clean hostile && touch "hostile/$home/$name" &&
		printf 'nameserver \033[31m8.8.8.8.example.com\nnameserver 8.8.4.4\n' >hostile/etc/resolv.conf &&
		mkdir -p "hostile/sys/class/ieee80211/phy\"><script>alert(1)<" && at hostile >hostile.text 2>&1
	at hostile --html hostile.html >/dev/null 2>&1
	"$build/bin/airgapctl" --root "$work/hostile" --json inspect >hostile.json
	grep -q 'evil' hostile.text && grep -q 'evil' hostile.html && grep -q 'evil' hostile.json
}
check 'a name made to deceive is found' hostile
for form in text html json; do
	check "$form: no escape sequence, nothing that turns a line around" eval "! grep -qP '\x1b|\x07|\xe2\x80\xae' hostile.$form"
done
check 'html: names are no elements' eval "! grep -qE '<(img|script)' hostile.html"
at seeded --html page.html >/dev/null
check 'html: nothing from outside' eval "! grep -qiE '(src|href|srcset|action)=|url\(|@import|<(script|link|iframe|object|img)' page.html"
check 'html: well formed' python3 - page.html <<'END'
import sys
import html.parser

VOID = {"meta", "br"}


class Page(html.parser.HTMLParser):
    open = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


page = Page()
page.feed(open(sys.argv[1]).read())
assert not page.open, page.open
END
check 'html: for its owner alone' eval "[ \$(stat -c %a page.html) = 600 ]"

# --- what other documents change ---
# finding CHECK RESULT PLACE ROOT: there is one
finding()
{
	"$build/bin/airgapctl" --root "$work/$4" --json inspect --only "$1" >said
	jq . said
	jq -e --arg result "$2" --arg place "$3" '.checks[0].findings | any(.result == $result and (.place | contains($place)))' said
}
documents_of() # FOLDER, SED OF THE POLICY, SED OF THE TERMINALS
{
	rm -rf "$1" && cp -a clean "$1" || return
	sed "$2" policy.text >other.text && sed "$3" terminals.text >other.terminals || return
	signed other.text officer approver >"$1/var/lib/airgap/policy/active"
	sign_text airgap-table@v1 other.terminals officer >"$1/var/lib/airgap/policy/table-terminals-1"
}
other() # SED OF THE POLICY, SED OF THE TERMINALS, CHECK RESULT PLACE
{
	documents_of other "$1" "$2" && finding "$3" "$4" "$5" other
}
check 'ledger: a row that is lost' other '' 's/active$/lost/' ledger fail 'table terminals'
check 'ledger: another level' other '' 's/  mimi  /  neibu  /' ledger fail 'table terminals'
check 'ledger: no row' other '' 's/"T-1"/"T-2"/' ledger fail 'table terminals'
check 'registered-links: another adapter' other '' 's/3c:4d:5e/3c:4d:5f/' registered-links fail /sys/class/net/eth0
check 'dhcp-history: an address of another unit' other '' 's/10.20.0.17/10.20.0.18/' dhcp-history fail '10.20.0.17'
check 'separation: one person, two duties' other 's/"M. Horvat"   key/"J. Kovac"   key/;s/officer  "M. Horvat"/officer  "J. Kovac"/' '' separation fail 'J. Kovac'
check 'enforcement: a policy that has expired' other 's/2099-12-31/2026-01-02/' '' enforcement fail active
unsigned()
{
	documents_of other '' '' && sed -i 's/conformance/conformancf/' other/var/lib/airgap/policy/active &&
		finding enforcement fail active other && finding marks fail own.txt other
}
check 'a policy that nobody signed is no yardstick' unsigned
shadow()
{
	cp -a clean shadow && chmod 000 shadow/etc/shadow && finding accounts unknown /etc/shadow shadow
}
[ "$root" ] || check 'what cannot be read is unknown' shadow
# Nothing outside the folder is read, whatever its links say.
outside()
{
	cp -a clean outside && echo 'wget https://outside.example.com/' >outside.history &&
		ln -sf "$work/outside.history" "outside/$home/.bash_history" && mkfifo "outside/$home/.zsh_history" || return
	at outside --only downloads >said
	cat said
	! grep -q outside.example said && grep -q zsh_history said
}
check 'links lead nowhere outside, a pipe holds nothing up' outside
large()
{
	cp -a clean large && truncate -s 300M "large/$home/film.mkv" && exits 0 OK large --line --only marks,other-systems &&
		truncate -s 300M "large/$home/book.pdf" && finding marks warn /home large
}
check 'a large film is no document, a large document is told of' large
