#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The journal's disk is full: refusals go on and are recorded, permits wait, and nothing is hidden.
. /lab/lib.sh

# Room for little more than the journal's reserve, so that it ends soon.
available()
{
	echo $(($(stat -f -c '%a * %S' /var/lib/airgap)))
}
dd if=/dev/zero of=/var/lib/airgap/ballast bs=4k count=$((($(available) - 1140000) / 4096)) 2>/dev/null
note "$(available) bytes are free"
require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], interfaces within [ 08:06:50 ]
USB
plug early 0951:1666 serial=A1 storage at=0
check "with little room a registered stick is a disk" wait_disk early

dd if=/dev/zero of=/var/lib/airgap/filler bs=4k 2>/dev/null
sync
dd if=/dev/zero of=/var/lib/airgap/filler bs=4k oflag=append conv=notrunc 2>/dev/null
check_is "then the disk is full" 0 stat -f -c %a /var/lib/airgap
check_not "for root, too" dd if=/dev/zero of=/var/lib/airgap/more bs=4k count=1

# What room there still is beyond the reserve is soon used: root opens a stranger, which is recorded.
plug stranger 1234:5678 serial=X1 storage at=2
check "a stranger is refused" wait_refused stranger
turn=0
while [ "$turn" -lt 90 ]; do
	echo 1 >"$lab_usb/$(port_of stranger)/authorized"
	while is_authorized stranger; do
		:
	done
	turn=$((turn + 1))
done
recorded_openings()
{
	[ "$(grep -c '"name":"opened-by-others"' /var/lib/airgap/journal/log)" -eq 90 ]
}
check "which is recorded each time" wait_until 10 recorded_openings

plug late 0951:1666 serial=A2 storage at=1
check "another registered stick" wait_until 10 sh -c 'airgapctl devices | grep "0951:1666" | grep -q blocked'
check_not "is not authorised" is_authorized late
check_has "its reason names the journal" 'journal' airgapctl why "$(port_of late)"
check_has "and the room" 'No space' airgapctl why "$(port_of late)"
check_not "airgapctl says that something is wrong" airgapctl status
check_has "and what: no room" 'ENOSPC|[Mm]ake room' airgapctl status
check "the first keeps its disk" disk_of early

check "the stranger is pulled out" unplug stranger
plug stranger 1234:5678 serial=X2 storage at=2
check "the next one's refusal is recorded from the reserve" wait_refused stranger
check "it never was a disk" never_disk stranger
# What the agent gave back meanwhile, a state that was written anew, would take a policy.
dd if=/dev/zero of=/var/lib/airgap/filler bs=1k oflag=append conv=notrunc 2>/dev/null
check_not "a policy cannot be installed" install_policy "$(make_policy 43 <<'USB'
allow  all:  interfaces within [ 08:*:* ]
USB
)"
check "the one in force stays" grep -q 'serial *42' /var/lib/airgap/policy/active
check_not "the stranger stays refused" is_authorized stranger
for program in $(agent_programs); do
	check "$program runs" agent_running "$program"
done
check "a full disk does not end the core's restart" agent_stop airgapd
check "it starts" agent_start airgapd
check_not "the late one is still refused" is_authorized late
check "the first keeps its disk" disk_of early

rm /var/lib/airgap/filler /var/lib/airgap/ballast
check "with room again the late one becomes a disk" wait_disk late 20
check "the losses are an entry" wait_log '.kind == "loss"'
check_has "and counted in the status" '[0-9]+ entries could not be written' airgapctl status
check "the journal is whole" journal_verify /var/lib/airgap/journal
check "policies can be installed again" install_policy "$UNIT/policy-43"
check "the stranger is a disk under it" wait_disk stranger
usb_state
