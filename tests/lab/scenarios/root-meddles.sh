#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Root opens devices behind the agent's back: they are closed again, and it is on record.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  keys:  id in [ 1d50:6001 ], interfaces has-any [ 03:01:01 ]
USB

plug stranger 1234:5678 serial=X9 storage at=0
check "a stranger is refused" wait_refused stranger
plug both 1d50:6001 keyboard storage at=1
check "of another only the keyboard is permitted" wait_until 10 has_driver both usbhid
hub=usb$(bus_of 0)

alarms()
{
	grep -c '"name":"opened-by-others"\|"name":"open-before-verdict"' /var/lib/airgap/journal/log
}
alarms_are()
{
	[ "$(alarms)" -ge "$1" ]
}
# opened PORT EVENT-PATTERN - how long after the latest such event it was closed again
open_for()
{
	record_sync && awk -v path="/$1(/|:| |\$)" '
		$6 !~ path { next }
		$3 == "bind" && $5 == "usb_interface" && $7 == "usb-storage" { from = $1; upto = 0 }
		$3 == "unbind" && $5 == "usb_interface" && $7 != "usbhid" && from && !upto { upto = $1 }
		END { if (from) print (upto ? upto - from : "still open"); else print "never bound" }
	' "$LAB/events"
}

# Only the device: its interfaces stay closed, since the bus denies them.
before=$(alarms)
echo 1 >"$lab_usb/$(port_of stranger)/authorized"
closed()
{
	! is_authorized stranger && [ -z "$(drivers_of stranger)" ]
}
check "the device authorised by hand is closed again" wait_until 10 closed
check "it never was a disk" never_disk stranger
check "nor had a driver" never_bound stranger
check "that is recorded as a violation V2" wait_until 5 alarms_are $((before + 1))
check "with its grade" wait_log '.event.name == "opened-by-others" and .grade == "V2"'

# All at once: defaults of the bus, the device, its interface, and the driver.
before=$(alarms)
echo 1 >"$lab_usb/$hub/interface_authorized_default"
echo 1 >"$lab_usb/$(port_of stranger)/authorized"
check "with the bus opened, too, it is closed again" wait_until 10 closed
check "its disk is gone" wait_until 10 test ! -e /sys/block/sda
note "the disk's driver was bound for $(open_for "$(port_of stranger)") us"
check "that is recorded" wait_until 5 alarms_are $((before + 1))
check "and the bus denies interfaces again" wait_until 5 bus_denies "$hub"

before=$(alarms)
echo 1 >"$lab_usb/$hub/authorized_default"
echo 1 >"$lab_usb/$hub/interface_authorized_default"
gadget late 1234:5678 serial=X8 storage at=0
unplug stranger
gadget_plug late
check "a stranger plugged into an opened bus" wait_device late
check "is refused" wait_refused late
late_closed()
{
	! is_authorized late && ! disk_of late
}
check "and closed" wait_until 10 late_closed
note "its driver was bound for $(open_for "$(port_of late)") us"
check "that is recorded" wait_until 5 alarms_are $((before + 1))
check "the bus denies again" wait_until 5 bus_denies "$hub"

# An interface that was left out.
before=$(alarms)
storage="$(port_of both):1.1"
echo 1 >"$lab_usb/$storage/authorized"
echo "$storage" >/sys/bus/usb/drivers_probe
left_out()
{
	[ "$(drivers_of both | grep -c '08:06:50 0 -$')" -eq 1 ] || [ -z "$(drivers_of both)" ]
}
check "an interface authorised by hand is closed again" wait_until 10 left_out
check "no disk stays" wait_until 10 test ! -e /sys/block/sda
note "its driver was bound for $(open_for "$(port_of both)") us"
check "that is recorded" wait_until 5 alarms_are $((before + 1))
check "the keyboard works, as permitted" wait_until 10 has_driver both usbhid
check "alone" wait_until 5 left_out

# What the kernel refuses by itself, without an event to notice.
echo "1234 5678" >/sys/bus/usb/drivers/usb-storage/new_id
echo "$(port_of late)" >/sys/bus/usb/drivers_probe
echo "$storage" >/sys/bus/usb/drivers/usb-storage/bind 2>/dev/null
check "a new id for a driver opens nothing" holds 1 late_closed
check "nor does binding by name" left_out

# Closing further is root's right: it stays closed until it is plugged again.
echo 0 >"$lab_usb/$(port_of both)/authorized"
check "what root closes" wait_until 5 test -z "$(drivers_of both)"
check "stays closed" holds 1 test -z "$(drivers_of both)"
check "the agent runs on" agent_running airgapd
usb_state
