#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: memory=512
# More events than the monitor's socket holds: the loss is noticed, recorded, and made good.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], interfaces within [ 08:06:50 ]
USB

plug leaving 0951:1666 serial=A1 storage at=0
check "a registered stick is a disk" wait_disk leaving
plug refused 1234:5678 serial=X1 storage at=1
check "a stranger is refused" wait_refused refused
gadget stranger 1234:5678 serial=X2 storage at=1
gadget stick 0951:1666 serial=A2 storage at=2

# Kernel event sockets: protocol 15; column 9 counts what did not fit.
drops_of()
{
	awk -v pid="$1" '$2 == 15 && $3 == pid { print $9 }' /proc/net/netlink
}
monitor=$(agent_pid airgap-monitord)
check_is "the monitor's socket has dropped nothing" 0 drops_of "$monitor"
agent_signal STOP airgap-monitord
check "events are made until it overflows" lab-flood /sys/class/mem/null/uevent 40000 "$monitor"
dropped=$(drops_of "$monitor")
check "the kernel has dropped some" test "$dropped" -gt 0

# All of these events are lost.
unplug leaving
unplug refused
gadget_plug stranger
gadget_plug stick
check "devices come and go unheard" wait_device stick
wait_device stranger
check "the kernel has dropped those" test "$(drops_of "$monitor")" -gt "$dropped"
note "$(drops_of "$monitor") events dropped"
check_not "meanwhile nothing new is authorised" is_authorized stick

agent_signal CONT airgap-monitord
check "the loss is recorded" wait_log '.kind == "loss" and .event.name == "events-lost"' 30
check "the registered stick becomes a disk" wait_disk stick 30
check "the stranger is refused" wait_refused stranger
check "those that left are known to be gone" sh -c \
	'[ "$(grep -c "\"state\":\"gone\"" /var/lib/airgap/journal/log)" -eq 2 ]'
check "the agent knows of two devices" sh -c '[ "$(airgapctl devices | grep -c "0951:\|1234:")" -eq 2 ]'
check "the monitor is the same as before" test "$monitor" -eq "$(agent_pid airgap-monitord)"
plug next 1234:5678 serial=X3 storage at=3
check "it hears what comes next" wait_refused next
stranger_disks()
{
	[ "$(ls -d /sys/block/sd* | wc -l)" -eq 1 ]
}
check "there is one disk" stranger_disks
check_has "airgapctl counts the loss" '"overruns": *1' airgapctl status --json
usb_state
