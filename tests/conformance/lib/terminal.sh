# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Terminals and offices in folders, for conformance scripts that play both. Sourced after `top` and `build` are
# set; `conformance` names the script. Works in the empty folder $work, which is removed at the end.
report_uid=61202 office_uid=61203 people=61204
failed=0

# terminal_begin NAME: the folder, an officers' list and two policies in it (list, good, older)
terminal_begin()
{
	work=$(mktemp -d "/tmp/airgap-$1-XXXXXX") || return
	# The office writes its answers here, as a user of its own.
	chmod 1777 "$work"
	trap terminal_end EXIT
	cd "$work" || return
	# Copies that any user may run; the checkout may be closed to others.
	cp "$build/bin/airgap-reportd" "$build/bin/airgapctl" .
	mkdir keys
	# shellcheck disable=SC2034,SC1091 # read by the library
	(conformance=$1 . "$top/tests/conformance/lib/office.sh" && make_policy 41 mimi >text.older &&
		cp list good officer approver "$OLDPWD/keys" && cp text.older "$OLDPWD/older") 2>sign.err ||
		{ echo "not ok $1: keys and signatures"; sed 's/^/# /' sign.err; return 1; }
	mv keys/* .
}

terminal_end()
{
	local file
	for file in "$work"/*/*.pid; do [ -f "$file" ] && stop_one "$file"; done
	wait 2>/dev/null
	cd / && rm -rf "$work"
}

sign_with() { ssh-keygen -q -Y sign -n "$2" -f "$1" 2>>ssh.err; }
signed() # TEXT KEY...
{
	local text=$1 key
	shift
	cat "$text"
	for key; do sign_with "$key" airgap-policy@v1 <"$text"; done
}

not() { ! "$@"; }
ok() { echo "ok $conformance: $1"; }
not_ok()
{
	echo "not ok $conformance: $1"
	{ cat out; tail -qn 2 "$work"/T-1/*.err; } 2>/dev/null | sed 's/^/# /'
	failed=1
}
check() # NAME COMMAND...
{
	local name=$1
	shift
	if "$@" >out 2>&1; then ok "$name"; else not_ok "$name"; fi
}
refuses() # PATTERN COMMAND...: it fails and says why
{
	local pattern=$1
	shift
	"$@" >out.refused 2>&1 && { cat out.refused; return 1; }
	cat out.refused
	grep -qE -- "$pattern" out.refused
}
until_true() # COMMAND...: within fifteen seconds
{
	local i
	for ((i = 0; i < 300; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.05
	done
	echo "never: $*"
	return 1
}
stop_one() # FILE with a process id
{
	local pid
	pid=$(cat "$1") && kill "$pid" 2>/dev/null && while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
	rm -f "$1"
}

passwd_of()
{
	cat <<-PASSWD
	root:x:0:0::/:/bin/sh
	airgap-journal:x:0:0::/:/usr/sbin/nologin
	airgap-monitor:x:61205:61205::/:/usr/sbin/nologin
	airgap-door:x:61206:61206::/:/usr/sbin/nologin
	airgap-report:x:$report_uid:$report_uid::/:/usr/sbin/nologin
	airgap-office:x:$office_uid:$office_uid::/:/usr/sbin/nologin
	PASSWD
}

# --- offices: a folder each ---
office_make() # FOLDER NAME; its key in FOLDER.key
{
	mkdir -p "$1/etc" "$1/var/lib"
	passwd_of >"$1/etc/passwd"
	"$build/bin/airgap-office" --root "$1" init --name "$2" --level mimi >"$1.made" 2>&1 &&
		sed -n 's/^key *//p' "$1.made" >"$1.key"
}
at_office() { local at=$1; shift; "$build/bin/airgap-office" --root "$at" "$@"; }
fingerprint() { at_office "$1" register list | sed -n 's/^    //p' | tail -n 1; }
approve() { at_office "$1" register approve "$(at_office "$1" register list | awk 'NF > 8 || / generation / { id = $1 } END { print id }')" "$(fingerprint "$1")"; }
# Rows of events, all and those that the office itself raised
events_at() { sqlite3 "$1/var/lib/airgap-office/store" 'SELECT count(*) FROM event'; }
alarms_at() { sqlite3 "$1/var/lib/airgap-office/store" 'SELECT count(*) FROM event WHERE source = 1 AND state = 1'; }
kinds_at() { sqlite3 "$1/var/lib/airgap-office/store" 'SELECT kind FROM event WHERE source = 1 ORDER BY id'; }

# --- terminals: a folder each, of their number ---
terminal_make() # NUMBER
{
	local root=$work/$1
	mkdir -p "$root/etc/airgap" "$root/run/airgap" "$root/run/airgap-journal" "$root/var/lib/airgap/state" \
		"$root/var/lib/airgap/policy" "$root/var/lib/airgap/journal" "$root/var/lib/airgap/report"
	passwd_of >"$root/etc/passwd"
	echo "airgap:x:$people:" >"$root/etc/group"
	chown "0:$people" "$root/var/lib/airgap/journal"
	chown "$report_uid:$people" "$root/var/lib/airgap/report"
	chmod 2750 "$root/var/lib/airgap/journal" "$root/var/lib/airgap/report"
	printf 'airgap-terminal 1\nterminal {\n    number  "%s"\n    unit    "7.2.14"\n    level   mimi\n}\n' "$1" \
		>"$root/etc/airgap/terminal"
	cp list "$root/etc/airgap/trust"
}
journal() { echo "$work/$1/var/lib/airgap/journal"; }
ctl() { local at=$1; shift; ./airgapctl --root "$work/$at" "$@"; }
ctl_status() { jq -e "$2" "$work/$1/var/lib/airgap/report/status"; }
journald()
{
	"$build/bin/airgap-journald" --root "$work/$1" 2>>"$work/$1/journald.err" &
	echo $! >"$work/$1/journald.pid"
	until_true test -e "$work/$1/run/airgap-journal/core.socket"
}
reportd()
{
	setpriv --reuid "$report_uid" --regid "$report_uid" --groups "$people" ./airgap-reportd --root "$work/$1" \
		2>>"$work/$1/reportd.err" &
	echo $! >"$work/$1/reportd.pid"
}
terminal_start() { journald "$1" && reportd "$1"; }
terminal_core()
{
	"$build/bin/airgapd" --root "$work/$1" 2>>"$work/$1/core.err" &
	echo $! >"$work/$1/core.pid"
}
# feed NUMBER FIRST COUNT: so many entries, and the checkpoint over them
feed()
{
	timeout 60 "$build/tests/tools/feed-journal" "$work/$1" "$1" "$2" "$3" 20 >>"$work/$1/acks" || return
	until_true covered "$1"
}
covered() { [ "$(sed -n 2p "$(journal "$1")/checkpoint")" = "$(grep -c '"seq":' "$(journal "$1")/log")" ]; }
