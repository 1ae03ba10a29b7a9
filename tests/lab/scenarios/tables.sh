#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Signed tables: one policy for a unit; what is issued, lost or withdrawn stands in tables.
. /lab/lib.sh

# media NUMBER ROW... - text of a table; each ROW: ID SERIAL STATUS
media()
{
	cat <<-HEAD
	airgap-table 1
	table {
	    name     media
	    number   $1
	    columns  [ media-id usb-id serial level unit custodian until status ]
	}
	HEAD
	shift
	for row; do
		# shellcheck disable=SC2086 # three words
		set -- $row
		printf '%032x  0951:1666  "%s"  mimi  "7.2.14"  "A. Novak"  2099-01-01  %s\n' "$1" "$2" "$3"
	done
}

terminals()
{
	cat <<-TABLE
	airgap-table 1
	table {
	    name     terminals
	    number   $1
	    columns  [ number level custodian room status ]
	}
	"T-00417"  mimi  "A. Novak"  "2.14"  $2
	TABLE
}

# signed NAME KEY... - standard input as a signed table's path
signed()
{
	file=/tmp/$1
	shift
	cat >"$file"
	sign_file airgap-table@v1 "$file" "$@" >/dev/null && echo "$file"
}

no_disk()
{
	! disk_of "$1"
}

POLICY_SCOPE=registered
require "a key for another officer" unit_key so-8b
require "a unit with two security officers" make_unit \
	"key so-8b duty security person \"L. Kranjc\" public \"$(unit_public so-8b)\""
require "the recorder" record_start
require "the agent starts" agent_start
policy=$(make_policy 42 <<'USB'
allow  storage:  device in @media, interfaces within [ 08:06:50 ], at-most 1
--
table media      signed [ security 2 ]  withdraw [ security 1 ]
table terminals  signed [ security 1 ]
USB
)
check_has "a policy for registered terminals needs their table" 'table' airgapctl policy install "$policy"
list=$(terminals 1 active | signed terminals-1 so-7a ap-2c)
check "the table is installed" airgapctl install "$list"
check "then the policy is" install_policy "$policy"

plug one 0951:1666 serial=S1 storage
check "without a table of media its stick is refused" wait_refused one
first=$(media 118 '1 S1 active' '2 S2 active' | signed media-118 so-7a so-8b)
check_has "one signature does not issue media" 'security' \
	airgapctl install "$(media 118 '1 S1 active' | signed media-weak so-7a)"
check "two do" airgapctl install "$first"
check "the stick becomes a disk at once" wait_disk one
check_is "by the rule for registered media" storage verdict_of one permit .rule
check_has "airgapctl why sees the table, too" 'true.*device in @media' airgapctl why "$(port_of one)"
unplug one

plug stranger 0951:1666 serial=S9 storage
check "a stick that is not in the table is refused" wait_refused stranger
unplug stranger
check_has "the same number with other rows is refused" '118' \
	airgapctl install "$(media 118 '1 S1 active' '9 S9 active' | signed media-again so-7a so-8b)"
check_has "withdrawing may not add" 'grants' \
	airgapctl install "$(media 119 '1 S1 active' '2 S2 active' '9 S9 active' | signed media-add so-7a)"

plug one 0951:1666 serial=S1 storage
check "it is a disk again" wait_disk one
lost=$(media 119 '1 S1 lost' '2 S2 active' | signed media-119 so-7a)
check "one officer withdraws it" airgapctl install "$lost"
check "it is closed at once" wait_until 10 no_disk one
check "and refused" wait_refused one
check_has "the table before does not come back" '118' airgapctl install "$first"
unplug one

plug two 0951:1666 serial=S2 storage
check "the other one works" wait_disk two
agent_kill airgapd
check "the agent starts after a kill" agent_start airgapd
check "the table is still in force" wait_until 10 disk_of two
unplug two
plug one 0951:1666 serial=S1 storage
check "the lost one stays refused" wait_refused one
unplug one

check "this terminal is taken out of service" airgapctl install \
	"$(terminals 2 withdrawn | signed terminals-2 so-7a)"
check_has "its policy governs it no more" 'registered' airgapctl status
plug two 0951:1666 serial=S2 storage
check "nothing is let in" holds 2 no_disk two
