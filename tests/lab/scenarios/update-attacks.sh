#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The attacks on clients that The Update Framework lists, each against policies, lists and tables.
# lab: timeout=600
. /lab/lib.sh

usb='allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]'

# refused NAME PATTERN FILE - airgapctl refuses FILE for that reason, and serial 42 stays in force
refused()
{
	check_has "$1" "$2" airgapctl install "$3"
	check_is "  what is in force stays" "$in_force" jq -c '[.policy_serial, .trust_number]' \
		/var/lib/airgap/state/state
}

# list NUMBER FILE [LINE]... - a signers' list, signed by both roots
list()
{
	local number=$1 file=$2
	shift 2
	write_trust "$number" "$@" >"$file"
	sign_file airgap-trust@v1 "$file" rt-1 rt-2
}

require "an attacker's keys" unit_key mallory
require "a policy is in force" agent_up 42 <<<"$usb"
in_force='[42,1]'

note "arbitrary installation"
refused "nobody's signature" 'signature' "$(make_policy 50 - <<<"$usb")"
refused "a stranger's signatures" 'not on' "$(make_policy 50 mallory mallory <<<"$usb")"
write_policy 50 <<<"$usb" >/tmp/wrong-namespace
sign_file airgap-table@v1 /tmp/wrong-namespace so-7a ap-2c
refused "signatures that were made for a table" 'table' /tmp/wrong-namespace

note "rollback"
refused "an earlier policy" '41' "$(make_policy 41 <<<"$usb")"
refused "another one of the same serial" '42' "$(make_policy 42 <<<"$usb
allow other: id in [ 1234:5678 ], serial \"X\", interfaces within [ 08:06:50 ]")"

note "mix and match"
write_policy 60 <<<"$usb" >/tmp/mixed
cp /tmp/mixed /tmp/mixed-1
sign_policy /tmp/mixed-1 so-7a
write_policy 61 <<<"$usb" >/tmp/mixed-2
sign_policy /tmp/mixed-2 ap-2c
sed -n '/^-----BEGIN/,$p' /tmp/mixed-2 >>/tmp/mixed-1
refused "one signature from another policy" 'signature' /tmp/mixed-1

note "wrong target"
refused "another terminal's policy" 'T-00417' "$(POLICY_SCOPE='[ "T-00999" ]' make_policy 70 <<<"$usb")"

note "endless data"
truncate -s 8G /tmp/endless
printf 'airgap-policy 1\n' | dd of=/tmp/endless conv=notrunc status=none
before=$(clock_cs)
refused "a file without end" '[Ll]arge' /tmp/endless
check "is refused before it is read" test $(($(clock_cs) - before)) -lt 1000
(while :; do echo '# x'; done | head -c 2000000) >/tmp/long
refused "a policy of two megabytes" '.' /tmp/long

note "key compromise"
refused "one compromised key is not enough" 'approval' "$(make_policy 71 so-7a <<<"$usb")"
write_trust 2 >/tmp/list-forged
sign_file airgap-trust@v1 /tmp/list-forged so-7a ap-2c
refused "officers cannot make a list" 'root' /tmp/list-forged
list 3 /tmp/list-3
refused "a list that skips a number" '2' /tmp/list-3

note "fast-forward"
high=$(make_policy 4294967295 <<<"$usb")
check "whoever has two keys can put a high serial into force" airgapctl install "$high"
check_has "then the proper next one is refused" '4294967295' airgapctl install "$(make_policy 43 <<<"$usb")"
sed '/^-----BEGIN/,$d' "$high" >/tmp/high-text
bad=$(sha256sum </tmp/high-text | cut -d ' ' -f 1)
unit_key so-9c
list 2 /tmp/list-2 \
	"key  so-9c  duty security  person \"P. Novak\"  public \"$(unit_public so-9c)\""
sed -i "s|key  so-7a.*|revoked so-7a public \"$(unit_public so-7a)\"|; /^-----BEGIN/,\$d" /tmp/list-2
sed -i "s|^    minimum-serial.*|&\n    bad             \"sha256:$bad\"|" /tmp/list-2
sign_file airgap-trust@v1 /tmp/list-2 rt-1 rt-2
check "the roots' next list revokes the key and names that policy" airgapctl install /tmp/list-2
check_has "it governs no more" '[Bb]ad|valid' airgapctl status
check "and the proper next one is accepted" airgapctl install "$(make_policy 44 so-9c ap-2c <<<"$usb")"
check_has "it governs" 'Enforcing' airgapctl status
check_has "the bad one does not come back" '.' airgapctl install "$high"
in_force='[44,2]'
refused "nor anything of the revoked key" 'revoked' "$(make_policy 80 so-7a ap-2c <<<"$usb")"
refused "nor the list before" '.' /tmp/unit/trust

note "freeze"
POLICY_VALID="$(date -u -d '-40 days' +%F) .. $(date -u -d '-1 day' +%F)"
refused "what was held back until it ended" 'expired' "$(make_policy 90 so-9c ap-2c <<<"$usb")"
POLICY_VALID=

note "a disk that was set back"
check "the agent stops" agent_stop airgapd
cp "$(make_policy 42 <<<"$usb")" /var/lib/airgap/policy/active
check "it starts" agent_start airgapd
check_has "and locks down" 'Locked down' airgapctl status
plug stick 0951:1666 serial=A1 storage
check "the stick is refused" wait_refused stick
