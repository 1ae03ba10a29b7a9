#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Before any policy: the keyboards that were there at installation work in the initramfs and in lockdown.
. /lab/lib.sh

core=/lab/build/bin/airgapd
list=/var/lib/airgap/state/rescue
agent_dirs
record_start

plug keyboard 046d:c31c serial=K1 keyboard at=0
require "the keyboard types" wait_until 10 has_driver keyboard usbhid
plug stick 0951:1666 serial=A1 storage at=1
require "the stick is a disk" wait_disk stick
check "installation notes keyboards" $core --learn-keyboards
check_is "one of them" 1 sh -c "wc -l <$list"
check_has "with its port" " $(port_of keyboard)\$" cat $list

plug other 046d:c31c serial=K9 keyboard at=2
require "another keyboard types" wait_until 10 has_driver other usbhid
check_has "once there is a list nothing is learned" 'already' $core --learn-keyboards
check_is "it stays at one" 1 sh -c "wc -l <$list"
check "all are pulled out" unplug stick
gadget_unplug keyboard
gadget_unplug other
wait_until 10 test ! -e "$lab_usb/$(port_of keyboard)"

# As in the initramfs: nothing else runs.
setsid $core --rescue-keyboards >/lab/log/early.stdout 2>/lab/log/early.stderr &
early=$!
check "the kernel refuses from now on" wait_until 10 bus_denies usb1
gadget_plug keyboard
check "the keyboard types again" wait_until 10 has_driver keyboard usbhid
gadget_plug other
check "the other one is seen" wait_device other
plug late 0951:1666 serial=A2 storage at=3
check "so is a stick" wait_device late
check "neither is let in" holds 2 sh -c "! grep -q 1 $lab_usb/$(port_of other)/authorized $lab_usb/$(port_of late)/authorized"
check "no disk appeared" never_disk late
kill $early
check "its end closes nothing" holds 1 has_driver keyboard usbhid

check "the agent starts without a policy" agent_start
check_has "that is lockdown" '[Ll]ockdown' airgapctl status
check "the keyboard still types" holds 2 has_driver keyboard usbhid
check "which is recorded as a rescue" wait_log '.event.outcome.verdict.cause == "rescue"'
check "the other one is refused" wait_refused other
check_not "and does not type" has_driver other usbhid
check "the stick is refused" wait_refused late
usb_state
