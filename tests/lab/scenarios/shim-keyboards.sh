#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# With the kernel module loaded before any controller, the keyboards of the rescue list work all the same:
# in the initramfs, and on when the agent takes over.
. /lab/lib.sh

core=/lab/build/bin/airgapd
agent_dirs
plug keyboard 046d:c31c serial=K1 keyboard at=0
require "the keyboard types" wait_until 10 has_driver keyboard usbhid
check "it is noted" $core --learn-keyboards
gadget_unplug keyboard
wait_until 10 test ! -e "$lab_usb/$(port_of keyboard)"

require "the module loads" shim_load
gadget_plug keyboard
check "it is seen" wait_device keyboard
check_not "and does not type: nobody told the module" has_driver keyboard usbhid
setsid $core --rescue-keyboards >/lab/log/early.stdout 2>/lab/log/early.stderr &
early=$!
check "now it types" wait_until 20 has_driver keyboard usbhid
plug other 046d:c31c serial=K9 keyboard at=1
check "another is seen" wait_device other
check "and does not" holds 2 sh -c "! grep -q 1 $lab_usb/$(port_of other)/authorized"
kill $early
check "without that program the module locks" wait_until 10 shim_is locked
check "the keyboard types on" holds 1 has_driver keyboard usbhid
check "the agent starts without a policy" agent_start
check "it unlocks" wait_until 20 shim_is armed
check "the keyboard types on" holds 2 has_driver keyboard usbhid
check_not "the other does not" has_driver other usbhid
