#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Policies that must not govern: each is refused with its reason, and the active copy stays.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB

active=/var/lib/airgap/policy/active
sum=$(sha256sum <$active)
wide='allow  wide:  interfaces within [ 00:*:* 03:*:* 08:*:* ]'

# refused NAME FILE REASON - verify and install both refuse it, saying why; nothing changes
refused()
{
	check_not "$1: verify says no" airgapctl policy verify "$2"
	check_has "$1: verify tells why" "$3" airgapctl policy verify "$2"
	check_not "$1: install says no" install_policy "$2"
	check_has "$1: install tells why" "$3" install_policy "$2"
	check_is "$1: the active copy stays" "$sum" sha256sum <$active
	check "$1: the journal has it" wait_log \
		'.kind == "policy" and .event.action == "refused"'
}

refused unsigned "$(echo "$wide" | make_policy 43 -)" 'signature'
refused "signed by one of two" "$(echo "$wide" | make_policy 44 so-7a)" 'approval'
refused "signed by the other of two" "$(echo "$wide" | make_policy 45 ap-2c)" 'security'
refused "signed twice by one" "$(echo "$wide" | make_policy 46 so-7a so-7a)" 'approval|twice|same|again'
refused "signed by a stranger" "$(echo "$wide" | make_policy 47 so-7a stranger)" 'list|unknown|known'
refused "rolled back" "$(echo "$wide" | make_policy 41)" '41.*42|older'
refused "same serial, other text" "$(echo "$wide" | make_policy 42)" '42'
refused "for another terminal" "$(echo "$wide" | POLICY_SCOPE='[ "T-00999" ]' make_policy 48)" 'T-00417'
refused "for another unit" "$(echo "$wide" | POLICY_UNIT=9.9.9 make_policy 49)" '9\.9\.9'
refused "for another level" "$(echo "$wide" | POLICY_LEVEL=juemi make_policy 50)" 'juemi'
refused "with an error" "$(echo 'allow stick: interfacs within [ 08:06:50 ]' | make_policy 51)" \
	'interfacs'
refused "with a block not yet enforced" "$(printf '%s\n' "$wide" -- 'inspect {' \
	'    fail-at  warning' '}' | make_policy 52)" 'inspect'
refused "expired" "$(echo "$wide" | POLICY_VALID='2020-01-01 .. 2020-12-31' make_policy 53)" '2020-12-31'

altered=$(echo "$wide" | make_policy 54)
sed -i 's/ wide: / wider: /' "$altered"
refused "altered after signing" "$altered" 'signature'
cut_off=$(echo "$wide" | make_policy 55)
sed -i '$d' "$cut_off"
refused "with its end cut off" "$cut_off" 'signature|END'

plug stick 0951:1666 serial=A1 storage
check "the active policy still governs: the registered stick" wait_disk stick
plug stranger 1234:5678 serial=X9 storage
check "and the stranger" wait_refused stranger
check "which never was a disk" never_disk stranger

check_not "alice cannot install a policy" as alice airgapctl policy install "$(echo "$wide" | make_policy 60)"
check "root installs a good one with a higher serial" install_policy "$(echo "$wide" | make_policy 61)"
check "under it the stranger becomes a disk" wait_disk stranger
check_not "the one before cannot come back" install_policy "$UNIT/policy-42"
check "the agent stops" agent_stop
check "and starts" agent_start
check "the same policy is in force" grep -q 'serial *61' $active
check "the stranger keeps its disk" wait_disk stranger
