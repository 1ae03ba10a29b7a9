#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: disk=48M
# The journal's disk fails under it: nothing new is permitted, and all goes on once it is mended.
. /lab/lib.sh

require "the module that lets a disk fail" modprobe dm-mod
sectors=$(($(cat /sys/block/vdb/size)))
# table KIND - what the disk does: linear or error
table()
{
	dmsetup --noudevsync --noudevrules suspend --noflush --nolockfs fragile
	case $1 in
	linear) echo "0 $sectors linear /dev/vdb 0" ;;
	error) echo "0 $sectors error" ;;
	esac | dmsetup --noudevsync --noudevrules load fragile
	dmsetup --noudevsync --noudevrules resume fragile
}
mkdir -p /dev/mapper
echo "0 $sectors linear /dev/vdb 0" | dmsetup --noudevsync --noudevrules create fragile
dmsetup mknodes fragile
require "a disk that can fail" test -b /dev/mapper/fragile
mkfs.ext4 -q -F /dev/mapper/fragile
mount_it()
{
	mount -t ext4 -o nosuid,nodev,noexec /dev/mapper/fragile /var/lib/airgap
}
require "the journal is on it" mount_it

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], interfaces within [ 08:06:50 ]
USB
plug early 0951:1666 serial=A1 storage at=0
check "a registered stick is a disk" wait_disk early
check "its permit is on the disk" wait_permitted early
entries=$(wc -l </var/lib/airgap/journal/log)

table error
plug late 0951:1666 serial=A2 storage at=1
plug stranger 1234:5678 serial=X1 storage at=2
check "with the disk broken another registered stick" wait_until 20 sh -c \
	'airgapctl devices | grep 0951:1666 | grep -q blocked'
check_not "is not authorised" is_authorized late
check_has "its reason names the journal" 'journal' airgapctl why "$(port_of late)"
check_has "and the error" 'Input/output error|Read-only' airgapctl why "$(port_of late)"
check_has "so does the status" 'EIO|EROFS' airgapctl status
check_not "the stranger is not authorised" is_authorized stranger
check "and never was a disk" never_disk stranger
check "the first keeps its disk" disk_of early
for program in $(agent_programs); do
	check "$program runs" agent_running "$program"
done

# Mended as an administrator would: the file system is checked and mounted again.
table linear
check "the agent stops" agent_stop
check "the file system is taken down" umount /var/lib/airgap
e2fsck -fy /dev/mapper/fragile >/lab/log/e2fsck 2>&1
check "and mounted again" mount_it
check "what was on the disk before is still there" test "$(wc -l </var/lib/airgap/journal/log)" -ge "$entries"
check "the agent starts" agent_start
check "the late one becomes a disk" wait_disk late 20
check "the stranger's refusal is recorded now" wait_refused stranger
check "the journal is whole" journal_verify /var/lib/airgap/journal
usb_state
