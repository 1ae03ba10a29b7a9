#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A device that becomes another once it is permitted: the new one is judged for itself.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
allow  plain:  id in [ 1d50:6000 ], interfaces within [ ff:00:00 ]
USB

# Same ids, serial number, port: only what it can do is another.
gadget good 0951:1666 serial=A1 storage at=2
gadget evil 0951:1666 serial=A1 keyboard storage at=2
turn=0
while [ "$turn" -lt 5 ]; do
	gadget_plug good && wait_disk good || break
	gadget_unplug good && gadget_plug evil && wait_device evil
	wait_until 10 entries_of evil refuse || break
	gadget_unplug evil
	turn=$((turn + 1))
done
check_is "five times permitted, and the other refused" 5 echo "$turn"

# By a reset, the kernel reads the descriptors again. Here they differ then.
face()
{
	cat <<-FORGED
	device $(descriptor_device 1d50:6000)
	string 3 F1
	config $(descriptor_config 1 1 "$(descriptor_interface 0 0 "$1")")
	FORGED
}
reset_device()
{
	python3 -c 'import fcntl, os, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDWR), 0x5514)' \
		"/dev/bus/usb/$(printf '%03d/%03d' "$(attribute "$1" busnum)" "$(attribute "$1" devnum)")"
}
{
	face ff:00:00
	echo 'then'
	face 08:06:50
} | forge shifty
check "one that will change is permitted at first" wait_permitted shifty
check "and authorised" wait_until 5 is_authorized shifty
before=$(attribute shifty devnum)
check_has "a reset ends it: no such device any more" 'Errno 19' reset_device shifty
another()
{
	[ -e "$lab_usb/$(port_of shifty)" ] && [ "$(attribute shifty devnum)" != "$before" ]
}
check "reset, it shows another face as another plug-in" wait_until 20 another
check "which is refused" wait_refused shifty
check_not "not authorised" is_authorized shifty
check_is "without interfaces" "" drivers_of shifty
check "it was never a disk" test ! -e /sys/block/sda
check "pulled out" forge_end shifty

# The names are no part of what the kernel compares; the rest is the same, and so is the device.
{
	face ff:00:00
	echo 'then'
	face ff:00:00
} | forge steady
check "one that does not change is permitted" wait_permitted steady
check "and authorised" wait_until 5 is_authorized steady
before=$(attribute steady devnum)
check "it can be reset" reset_device steady
check_is "it is the same plug-in" "$before" attribute steady devnum
check "and still authorised" is_authorized steady
check_is "with its interface" "00 ff:00:00 1 -" drivers_of steady

disks_of_evil()
{
	record_sync && awk -v port="/$(port_of evil)(/|\$)" '
		$6 !~ port { next }
		$3 == "add" && $5 == "usb_interface" { interfaces[$6]++ }
		$3 == "bind" && $7 == "usbhid" { bad++ }
		END { exit bad > 0 }' "$LAB/events"
}
check "no keyboard of the other one ever had a driver" disks_of_evil
check "the agent runs on" airgapctl status
