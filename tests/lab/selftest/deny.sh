#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: cmdline="usbcore.authorized_default=0"
# A kernel told to authorise nothing: no configuration, no driver, no disk, until someone permits.
. /lab/lib.sh

record_start
check_is "the parameter arrived" 0 cat /sys/module/usbcore/parameters/authorized_default
plug stick 0951:1666 serial=A1 storage
check_not "the stick is not authorised" is_authorized stick
check_is "its serial number can be read all the same" A1 attribute stick serial
check "it stays without a disk" holds 2 test ! -e /sys/block/sda
check "no disk was ever seen" never_disk stick
check "no driver was ever bound" never_bound stick
check "a controller is added" add_controller second
hotplug late usb-storage bus=second.0
check_not "a stick in it is not authorised" is_authorized late
check "the stick is permitted by hand" sh -c "echo 1 >$lab_usb/$(port_of stick)/authorized"
check "and becomes a disk" wait_disk stick
check_not "never_disk notices" never_disk stick
