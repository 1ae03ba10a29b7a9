#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A controller that appears while the agent runs is guarded from its first moment.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 46f4:0001 ], serial "Q1", interfaces within [ 08:06:50 ]
USB

check "a controller is added" add_controller second
check "its bus denies devices by default" wait_until 5 bus_denies "$(port_of second)"
hotplug stranger usb-storage bus=second.0 serial=Q2
check "a stranger in it is refused" wait_refused stranger
check "it has no disk" holds 1 test ! -e /sys/block/sda
check "it never had one" never_disk stranger
check "nor a driver" never_bound stranger
hotplug stick usb-storage bus=second.0 serial=Q1
check "a registered stick in it becomes a disk" wait_disk stick

# A stick that sits in the controller before that is plugged in cannot be made here; the closest is
# to plug it without waiting for anything.
port_of_serial()
{
	local path
	path=$(grep -lx "$1" "$lab_usb"/*/serial) && basename "${path%/serial}"
}
lab_host plug third qemu-xhci p2=4 p3=4
lab_host plug early usb-storage bus=third.0 serial=Q3
require "a stick at once in the next controller is seen" wait_until 15 port_of_serial Q3
port=$(port_of_serial Q3)
check "it is refused" wait_refused "$port"
check "it never had a disk" never_disk "$port"
check "the controller is pulled out" remove_controller second
check "the agent goes on" airgapctl status
usb_state
