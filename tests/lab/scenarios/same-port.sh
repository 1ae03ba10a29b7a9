#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two sticks in one port, one after the other: the second inherits nothing from the first.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB

plug stick 0951:1666 serial=A1 storage at=2
check "the registered one becomes a disk" wait_disk stick
port=$(port_of stick)
check "it is pulled out" unplug stick
plug stranger 0951:1666 serial=A2 storage at=2
check_is "the next one is in the same port" "$port" port_of stranger
check "it is refused" wait_refused stranger
check_not "it is not authorised" is_authorized stranger
check "it has no disk" holds 1 test ! -e /sys/block/sda
check_is "it has no interface, so no driver" "" drivers_of stranger
check "it is pulled out" unplug stranger

# As fast as cables go: prepared beforehand, swapped without a pause, twenty times.
gadget good 0951:1666 serial=A1 storage at=2
gadget bad 1234:5678 serial=X9 product=bad storage at=2
turn=0
while [ "$turn" -lt 20 ]; do
	gadget_plug good && wait_device good
	gadget_unplug good
	gadget_plug bad && wait_device bad
	gadget_unplug bad
	turn=$((turn + 1))
done
gadget_plug bad
wait_device bad
check "after twenty swaps the bad one is refused" wait_refused bad 20
check_not "and not authorised" is_authorized bad
check "it has no disk" holds 1 test ! -e /sys/block/sda

# Whose a disk is, says the device that was added last at this port.
disks_of_bad()
{
	record_sync && awk -v port="/$port(/|\$)" '
		$6 !~ port { next }
		$3 == "add" && $5 == "usb_device" { plugs++; bad = $7 ~ /^1234\/5678\// }
		$4 == "block" && $5 == "disk" { disks[bad]++ }
		END {
			print plugs " devices; disks of good ones: " disks[0] + 0 \
				", of bad ones: " disks[1] + 0
			exit plugs < 30 || disks[0] == 0 || disks[1] > 0
		}' "$LAB/events"
}
check "no bad one was ever a disk" disks_of_bad
note "$(disks_of_bad)"
gadget_unplug bad
gadget_plug good
check "the good one becomes a disk" wait_disk good 20
