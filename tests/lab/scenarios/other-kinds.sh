#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Devices of other kinds: telephones, card readers, sound, network adapters, optical drives.
. /lab/lib.sh

modprobe cdc_ether
modprobe rndis_host
modprobe usbhid
require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB

# refused NAME - by default, and it never had a driver
refused()
{
	check "$1: refused" wait_refused "$1"
	check_is "$1: by default" default verdict_of "$1" refuse .cause
	check "$1: never a driver" never_bound "$1"
	check_not "$1: not authorised" is_authorized "$1"
}

for kind in mtp ccid audio net tablet uas; do
	check "$kind: plugged in" hotplug "$kind" "usb-$kind"
done
for kind in mtp ccid audio net tablet uas; do
	refused "$kind"
done
truncate -s 2M /tmp/lab/cd.iso
plug reader 1234:5679 serial=R1 card card card at=0
refused reader
plug optical 1234:567a serial=R2 cdrom=/tmp/lab/cd.iso at=1
refused optical
check_is "no disk, tape or drive was made" "" ls /sys/class/scsi_host
check "no network interface was made" sh -c 'ls /sys/class/net | grep -v -x lo | wc -l | grep -qx 0'

# A card reader that is permitted as a whole: the slots are its own affair, and end with it.
check "a policy for the reader is installed" install_policy "$(make_policy 43 <<'USB'
allow  reader:  id in [ 1234:5679 ], interfaces within [ 08:06:50 ]
USB
)"
disks()
{
	[ "$(ls -d /sys/block/sd* 2>/dev/null | wc -l)" -eq "$1" ]
}
check "three slots become three disks" wait_until 10 disks 3
check "a policy without it is installed" install_policy "$(make_policy 44 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
)"
check "all three are gone" wait_until 10 disks 0
usb_state
