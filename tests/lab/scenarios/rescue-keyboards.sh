#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Lockdown keeps the keyboards that the last good policy permitted: those, in their ports, nothing else.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  keys:   id in [ 046d:c31c ], interfaces within [ 03:01:* ]
allow  combo:  id in [ 1d50:6001 ], interfaces within [ 03:01:* 08:06:50 ]
allow  mouse:  id in [ 046d:c077 ], interfaces within [ 03:01:* ]
USB

plug keyboard 046d:c31c serial=K1 keyboard at=0
check "the keyboard types" wait_until 10 has_driver keyboard usbhid
plug combo 1d50:6001 serial=K2 keyboard storage at=1
check "so does one with a card slot" wait_until 10 has_driver combo usbhid
check "which is a disk" wait_disk combo
plug mouse 046d:c077 serial=M1 mouse at=2
check "the mouse points" wait_until 10 has_driver mouse usbhid
port=$(port_of keyboard)

check "the agent stops" agent_stop
rm /var/lib/airgap/policy/active
check "it starts without its policy" agent_start
check_has "that is lockdown" '[Ll]ockdown' airgapctl status
check "the mouse is refused" wait_refused mouse
check_is "because of lockdown" lockdown verdict_of mouse refuse .cause
check "the disk goes" wait_until 10 test ! -e /sys/block/sda
keyboard_only()
{
	drivers_of combo | grep -q '03:01:01 1 usbhid' && drivers_of combo | grep -q '08:06:50 0 -'
}
check "of the one with the slot only the keyboard works" wait_until 10 keyboard_only
check "the keyboard still types" holds 1 has_driver keyboard usbhid
check "which is recorded as a rescue" wait_log '.event.outcome.verdict.cause == "rescue"'

check "pulled out" gadget_unplug keyboard
wait_until 10 test ! -e "$lab_usb/$port"
gadget_plug keyboard
check "and plugged into the same port" wait_device keyboard
check "it types again" wait_until 10 has_driver keyboard usbhid
check_is "by the rescue rule" rescue verdict_of keyboard permit .cause

gadget_unplug keyboard
wait_until 10 test ! -e "$lab_usb/$port"
plug other 046d:c31c serial=K9 keyboard at=0
check_is "another of the same make in that port" "$port" port_of other
check "is refused" wait_refused other
check_is "because of lockdown" lockdown verdict_of other refuse .cause
check_not "and does not type" has_driver other usbhid
check "pulled out" unplug other
echo 3 >"$LAB/port/.keyboard.at"
gadget_plug keyboard
wait_device keyboard
check "the keyboard itself in another port is refused" wait_refused keyboard
check_not "and does not type" has_driver keyboard usbhid
gadget_unplug keyboard
wait_until 10 test ! -e "$lab_usb/$(port_of keyboard)"
plug disguised 046d:c31c serial=K1 keyboard storage at=0
check "one that looks like it but can do more is refused" wait_refused disguised
check "it never was a disk" test ! -e /sys/block/sda
check "pulled out" unplug disguised

# A policy that is valid but allows nothing is no lockdown: it is obeyed, and remembered are the
# keyboards of the last one that permitted any.
check "a policy that allows nothing is installed" install_policy "$(echo | make_policy 43)"
echo 0 >"$LAB/port/.keyboard.at"
gadget_plug keyboard
wait_device keyboard
check "the keyboard is refused" wait_refused keyboard
check_is "by default" default verdict_of keyboard refuse .cause
check "the agent stops" agent_stop
rm /var/lib/airgap/policy/active
check "it starts without its policy" agent_start
check "in lockdown the keyboard types again" wait_until 10 has_driver keyboard usbhid
usb_state
