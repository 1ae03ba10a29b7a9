#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What udev makes of a disk on USB: with our rules a node of root's alone, of which nobody has read a byte.
. /lab/lib.sh

rules=/run/udev/rules.d
udev=
[ -x /usr/bin/udevadm ] || udev=/lab/build/peers/udev
require "udevadm is at hand" test -x "$udev/usr/bin/udevadm" -o -x "$udev/bin/udevadm"
udevadm=$udev/bin/udevadm
[ -n "$udev" ] || udevadm=/usr/bin/udevadm
mkdir -p "$rules"
if [ -n "$udev" ]; then
	cp "$udev"/lib/udev/rules.d/* "$rules/"
fi

# udev NODE - what udev does with it, applied to the node as well
udev()
{
	"$udevadm" test --action=add "/sys/class/block/${1#/dev/}" 2>&1
}

node()
{
	stat -c '%a %U:%G' "$1"
}

truncate -s 32M /tmp/lab/stick.img
mkfs.vfat -n WORDS /tmp/lab/stick.img >/dev/null
plug stick 0951:1666 serial=S1 storage=/tmp/lab/stick.img
require "a disk" wait_disk stick
disk=/dev/$(disk_of stick)

# Without them: so that what follows is theirs.
check_has "udev alone reads the disk" '^ID_FS_LABEL=WORDS|^ID_FS_TYPE=vfat' udev "$disk"
check_is "and gives it to a group" '660 root:disk' node "$disk"

cp /lab/top/packaging/udev/*.rules "$rules/"
udev "$disk" >/tmp/with
check_has "udev takes our rules" '59-airgap-media.rules' cat /tmp/with
check_not "and finds nothing wrong in them" grep -E 'airgap-media.rules.*(nvalid|nknown|rror|gnoring)' /tmp/with
check_is "the node is root's alone" '600 root:root' node "$disk"
check_not "nothing was read from it" grep -E '^ID_FS_' /tmp/with
check_not "no name in /dev/disk" grep -E '^DEVLINKS=.*/dev/disk/by-(id|uuid|label|path)' /tmp/with
check_has "udisks passes it by" '^UDISKS_IGNORE=1' cat /tmp/with
check_has "systemd mounts nothing for it" '^SYSTEMD_READY=0' cat /tmp/with
check_not "the person at the desktop has no access" grep -E '^(CURRENT_)?TAGS=.*:(uaccess|seat):' /tmp/with
check_not "a user cannot read it" as alice head -c 1 "$disk"

# The machine's own disk is not our rules' business.
udev /dev/vda >/tmp/own
check_not "the machine's own disk stays as it is" grep -E '^UDISKS_IGNORE' /tmp/own
check_is "with its group" '660 root:disk' node /dev/vda
