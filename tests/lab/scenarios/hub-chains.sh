#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Hubs behind hubs: what hangs on them is judged for itself, and a forbidden hub cuts off all of it.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 46f4:0001 ], serial "Q1", interfaces within [ 08:06:50 ]
USB

# chained NAME DRIVER PORT [PROPERTY=VALUE]... - behind hubs
chained()
{
	local name="$1" driver="$2" port="$3"
	shift 3
	hotplug "$name" "$driver" bus=xhci0.0 port="$port" "$@"
}

check "a hub works without a rule" chained hub1 usb-hub 1
check "it has its driver" wait_until 10 has_driver hub1 hub
check "so has a hub in it" chained hub2 usb-hub 1.1
check "its driver" wait_until 10 has_driver hub2 hub
check "and a third" chained hub3 usb-hub 1.1.1
check "its driver" wait_until 10 has_driver hub3 hub
chained stranger usb-storage 1.1.1.1 serial=Q2
check "a stranger behind three hubs is refused" wait_refused stranger
chained stick usb-storage 1.1.1.2 serial=Q1
check "a registered stick beside it is a disk" wait_disk stick
check "the stranger never was one" never_disk stranger
check "nor had a driver" never_bound stranger
deep=$(port_of stick)
check "their names show the chain" sh -c "echo $deep | grep -Eq '^[0-9]+-[0-9]+\.1\.1\.2$'"

check "all three hubs and both sticks leave at once" hotunplug hub1
check "nothing of them is left" wait_until 10 test ! -e "$lab_usb/$deep"
entries_gone()
{
	[ "$(grep -c '"state":"gone"' /var/lib/airgap/journal/log)" -eq 5 ]
}
check "the journal has five departures" wait_until 10 entries_gone
check "the agent knows of nothing that is gone" sh -c '! airgapctl devices | grep -q 46f4:'

check "a policy that forbids hubs is installed" install_policy "$(make_policy 43 <<'USB'
allow   stick:  id in [ 46f4:0001 ], serial "Q1", interfaces within [ 08:06:50 ]
forbid  hubs:   interfaces has-any [ 09:*:* ], because "no hubs here"
USB
)"
check "a hub is seen" chained hub4 usb-hub 2
check "and refused" wait_refused hub4
check_is "by the rule" hubs verdict_of hub4 refuse .rule
check "it has no driver" never_bound hub4
lab_host plug cut usb-storage bus=xhci0.0 port=2.2 serial=Q1
check "so what hangs on it is not even seen" holds 2 test ! -e "$lab_usb/$(port_of hub4).2"
check "no disk" test ! -e /sys/block/sda

check "with the first policy again" install_policy "$(make_policy 44 <<'USB'
allow  stick:  id in [ 46f4:0001 ], serial "Q1", interfaces within [ 08:06:50 ]
USB
)"
check "the hub works" wait_until 10 has_driver hub4 hub
echo "$(port_of hub4).2" >"$LAB/port/cut"
check "and what hangs on it" wait_disk cut

check "a policy that forbids it comes while it is in use" install_policy "$(make_policy 45 <<'USB'
forbid  hubs:   interfaces has-any [ 09:*:* ], because "no hubs here"
USB
)"
check "the disk behind it goes" wait_until 10 test ! -e /sys/block/sda
check "the device behind it goes" wait_until 10 test ! -e "$lab_usb/$(port_of cut)"
check_not "the hub is closed" is_authorized hub4
usb_state
