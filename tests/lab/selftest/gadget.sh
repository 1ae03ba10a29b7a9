#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# With nothing on guard a stick becomes a disk; the recorder and the helpers see it.
. /lab/lib.sh

record_start
check "a stick is plugged" plug stick 0951:1666 serial=A1 product="Data Traveler" storage
check "it becomes a disk" wait_disk stick
check "the recorder saw the disk" was_disk stick
check_not "never_disk says so" never_disk stick
check_is "its serial number" A1 attribute stick serial
check_is "its drivers" "00 08:06:50 1 usb-storage" drivers_of stick
check "the disk can be read" dd if=/dev/"$(disk_of stick)" of=/dev/null bs=64k count=4
check "it is pulled out" unplug stick
check_not "the disk is gone" disk_of stick

plug both 1234:5678 serial=B2 storage keyboard
check "storage with a keyboard becomes a disk too" wait_disk both
check "the keyboard has a driver" wait_until 5 has_driver both usbhid
modprobe -a rndis_host cdc_ether # no udev here that would do it
plug net 1234:0001 rndis
check "a network adapter is there at the same time" wait_until 5 has_driver net rndis_host
usb_state
