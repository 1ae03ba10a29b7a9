#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever is wrong with a medium is refused with its own reason and grade, told to people, and mounted by nobody.
# lab: memory=512
# lab: timeout=400
. /lab/lib.sh

require "a unit" media_unit
for made in good:G1 ended:E1 high:H1:vfat:jimi gone:L1 stranger:X1 bent:B1 foreign:F1 sized:Z1; do
	IFS=: read -r name serial kind level <<-MADE
	$made
	MADE
	require "stick $name is enrolled" medium_make "$name" "$serial" "${kind:-vfat}" "${level:-mimi}"
done
# Rows are edited as the office would: one has ended, one is lost, one is not in the table.
sed -i '/"E1"/s/  -  active$/  2026-01-01  active/; /"E1"/s/ [0-9-]*  active$/ 2026-01-01  active/
	/"L1"/s/active$/lost/; /"X1"/d' "$MEDIA_TABLE"
require "the table is issued" media_issue
cp /tmp/lab/good.img /tmp/lab/old.img
cp /tmp/lab/good.img /tmp/lab/copy.img
truncate -s 33M /tmp/lab/sized.img
# Its record is changed in one byte; of another, both headers of the partition table, and of one the first alone.
offset=$((1024 * 1024 + 40))
printf x | dd of=/tmp/lab/bent.img bs=1 seek=$offset conv=notrunc 2>/dev/null
cp /tmp/lab/good.img /tmp/lab/torn.img
dd if=/dev/zero of=/tmp/lab/torn.img bs=512 seek=1 count=1 conv=notrunc 2>/dev/null
truncate -s 32M /tmp/lab/plain.img && mkfs.vfat /tmp/lab/plain.img >/dev/null

require "the agent, a policy, the table" media_up 42 \
	'allow  write:  medium in @media, level at-most terminal, to [ read write ]'

# refused NAME SERIAL REASON GRADE - plugged in, it is refused for that; the disk stays, and is nobody's
refused()
{
	local disk
	plug "$1" 0951:1666 serial="$2" storage="/tmp/lab/$1.img"
	check "$1 is refused" wait_medium "$1" refused
	check_is "$1: $3" "$3" medium_log "$1" refused .event.verdict.rule
	check_is "$1: $4" "$4" medium_log "$1" refused .grade
	check_is "$1: shown so" none medium_now "$1" .right
	disk=$(disk_of "$1")
	check "$1: its disk is read-only" is_read_only "/dev/$disk"
	check_is "$1: and root's alone" '600 root:root' stat -c '%a %U:%G' "/dev/$disk"
	check_not "$1: nothing is mounted" medium_mount
	unplug "$1"
}

plug good 0951:1666 serial=G1 storage=/tmp/lab/good.img
check "a good one is admitted" wait_usable good write
unplug good

refused copy G2 other-hardware V2
refused old G1 older V2
refused sized Z1 other-capacity V2
refused ended E1 expired V1
refused gone L1 lost V2
refused stranger X1 unknown V1
refused high H1 level V2
refused bent B1 damaged-record V1
refused torn G1 damaged-layout V1
refused plain P1 foreign V1
check_has "people are told why, and what to do" 'medium.*refused|reported lost' cat /lab/log/airgap-noticed.stderr

plug good 0951:1666 serial=G1 storage=/tmp/lab/good.img
check "the good one is admitted still" wait_usable good write
unplug good

# --- a policy that says nothing of media ---
policy=$(make_policy 43 <<'USB'
allow  storage:  interfaces within [ 08:06:50 ]
USB
)
check "a policy without block media" install_policy "$policy"
plug good 0951:1666 serial=G1 at=1 storage=/tmp/lab/good.img
check "lets no medium be used" wait_medium good refused
check_has "and says so" 'no block media' medium_log good refused .event.verdict.because
check "its disk is there for nobody" is_read_only "/dev/$(disk_of good)"
unplug good
usb_state
