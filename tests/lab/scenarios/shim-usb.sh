#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: timeout=900
# The module's USB gate: what was there before, what comes later, and root who rewrites every flag.
. /lab/lib.sh

# Everything that root can write to have a driver on it.
pry() # NAME
{
	local port path
	port=$(port_of "$1")
	path=/sys/bus/usb/devices/$port
	echo 1 >"$path/authorized" 2>/dev/null
	for flag in "$path:"*/authorized; do
		[ ! -e "$flag" ] || echo 1 >"$flag" 2>/dev/null
	done
	for interface in "$path:"*; do
		[ -e "$interface" ] || continue
		echo "${interface##*/}" >/sys/bus/usb/drivers_probe 2>/dev/null
		echo "${interface##*/}" >/sys/bus/usb/drivers/usb-storage/bind 2>/dev/null
	done
	true
}

pry_long() # NAME
{
	local end
	end=$(($(clock_cs) + 150))
	while [ "$(clock_cs)" -lt "$end" ]; do
		pry "$1"
	done
}

open_all() # the kernel's defaults, as they are without any agent
{
	for bus in /sys/bus/usb/devices/usb*; do
		echo 1 >"$bus/authorized_default"
		echo 1 >"$bus/interface_authorized_default"
	done
}

bound() # NAME DRIVER
{
	drivers_of "$1" | grep -q "$2"
}

loose() # NAME: no driver has it, and it has no disk
{
	! drivers_of "$1" | grep -Eq 'usb-storage|uas|usbhid|usbfs' && ! disk_of "$1" >/dev/null
}

refused() # KIND PATTERN
{
	shim records >/tmp/records.new
	cat /tmp/records.new >>/tmp/records
	grep -Eq " $1 .*$2" /tmp/records
}

open_all
record_start
plug keyboard 046d:c31c keyboard
plug stick 0951:1666 serial=A1 storage
plug both 1d6b:0104 serial=B1 storage keyboard
check "before the module a stick is a disk" wait_disk stick
require "the module loads" shim_load
check_is "it begins shut" boot shim_state
check "the stick's disk goes away" wait_until 10 loose stick
check "so does that of a keyboard that is a stick, too" wait_until 10 loose both
check "a plain keyboard stays" bound keyboard usbhid

open_all
plug later 0951:1667 serial=A2 storage
check "one that is plugged later has no driver" holds 1 loose later
pry_long later &
prying=$!
check "nor when root writes to every file" holds 1 loose later
wait $prying
check "nor afterwards" loose later
hotplug uas usb-storage size=1M
check "nor one of another maker" holds 1 loose uas

shim_start
check "opens the device" shim open
check "a session begins" shim hello 5000
check "with heartbeats" shim beat on
number=$(shim_plug later)
check_has "before it is unlocked nothing is permitted" EAGAIN shim allow "$number" 0
check "what a keyboard had is confirmed" shim_allow keyboard 0
check "it unlocks" shim unlock
check_is "and is armed" armed shim_state
check "the keyboard is there still" bound keyboard usbhid
check "nothing opened by that" loose later

check "interface 0 is permitted" shim allow "$number" 0
check "and opens by sysfs" sh -c "echo 1 >/sys/bus/usb/devices/$(port_of later)/authorized"
pry later
check "it becomes a disk" wait_disk later
check_not "the other stick does not" disk_of stick

unplug later
plug heir 0951:1667 serial=A2 storage
check_has "its number is stale once it is unplugged" ESTALE shim allow "$number" 0
pry heir
check "one that is plugged next does not inherit" holds 1 loose heir
check "it is permitted under its own number" shim_allow heir 0
pry heir
check "and becomes a disk" wait_disk heir
check "the permit is taken back" shim deny "$(shim_plug heir)"
check "and with it the disk" wait_until 10 loose heir

check "a driver's own list of devices changes nothing" sh -c \
	'echo 1234 5678 >/sys/bus/usb/drivers/usb-storage/new_id; true'
unplug keyboard
plug named 1234:5678 storage
pry named
check "it has no driver" holds 1 loose named

check "half of a composite is permitted" shim_allow both 1
pry both
check "its keyboard types" wait_until 5 bound both usbhid
check_not "its storage is no disk" disk_of both

add_controller hot
open_all
hotplug hotstick usb-storage bus=hot.0 size=1M
pry hotstick
check "a stick in a controller that comes later has no driver" holds 1 loose hotstick

# usbfs takes an interface past the drivers' way.
unplug named
plug claimed 1234:5679 storage
pry claimed
path=$(printf '/dev/bus/usb/%03d/%03d' "$(attribute claimed busnum)" "$(attribute claimed devnum)")
check "a program that claims an interface" sh -c "python3 -c '
import fcntl, struct, time, glob
for f in glob.glob(\"/sys/bus/usb/devices/$(port_of claimed):*/authorized\"): open(f, \"w\").write(\"1\")
fd = open(\"$path\", \"r+b\", buffering=0)
try:
    fcntl.ioctl(fd, 0x8004550f, struct.pack(\"I\", 0))
    time.sleep(1)
    print(\"driver\", glob.glob(\"/sys/bus/usb/devices/$(port_of claimed):*/driver\"))
except OSError as e:
    print(\"refused\", e)
' >/tmp/claim"
check_has "does not keep it" 'refused|driver \[\]' cat /tmp/claim

check "what was refused is on record, with the device's number" refused usb-veto 'usb-storage'
check "and the driver" refused usb-veto '0951:1667 usb-storage'
check "never a disk: another maker" never_disk uas
check "never a disk: the later controller" never_disk hotstick
