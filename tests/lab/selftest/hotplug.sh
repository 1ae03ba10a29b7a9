#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# qemu's own devices come and go, also behind a controller that appears in the running machine.
. /lab/lib.sh

record_start
check "a stick is plugged" hotplug stick usb-storage size=4M serial=Q1
check "it becomes a disk" wait_disk stick
check_is "its serial number" Q1 attribute stick serial
check "it is pulled out" hotunplug stick
check_not "the disk is gone" disk_of stick

check "a UAS disk is plugged" hotplug fast usb-uas
check "it becomes a disk by uas" wait_disk fast
check "its driver" has_driver fast uas

check "a keyboard is plugged" hotplug kbd usb-kbd
check "it has a driver" wait_until 5 has_driver kbd usbhid
check "a tablet is plugged" hotplug tablet usb-tablet
check "a hub is plugged" hotplug hub usb-hub
check "the hub has a driver" wait_until 5 has_driver hub hub
check "a smart card reader is plugged" hotplug ccid usb-ccid
check "a phone is plugged" hotplug phone usb-mtp
check "a network adapter is plugged" hotplug net usb-net

check "a controller is added" add_controller second
check "a stick in it" hotplug late usb-storage bus=second.0
check "becomes a disk" wait_disk late
check "the stick is pulled out" hotunplug late
check "the controller is pulled out" remove_controller second
