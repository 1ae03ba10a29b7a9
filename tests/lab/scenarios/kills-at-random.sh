#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 of each program at random moments while sticks come and go: what is right in the end.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], interfaces within [ 08:06:50 ]
USB

gadget good0 0951:1666 serial=A0 storage at=0
gadget good1 0951:1666 serial=A1 storage at=1
gadget bad0 1234:5678 serial=X0 storage at=2
gadget bad1 1234:5678 serial=X1 storage at=3
cycle()
{
	local name
	trap 'exit 0' TERM
	while :; do
		for name in good0 bad0 good1 bad1; do
			gadget_plug "$name"
		done
		sleep "0.$((RANDOM % 5))"
		sleep 0.3
		for name in good0 bad0 good1 bad1; do
			gadget_unplug "$name"
		done
		sleep 0.1
	done
}
cycle &
cycling=$!

RANDOM=${LAB_SEED:-$$}
note "seed $RANDOM"
kills=0
for round in 1 2 3; do
	for program in $(agent_programs); do
		sleep "0.$((RANDOM % 1000))"
		agent_kill "$program" || break
		agent_launch "$program"
		wait_until 20 agent_ready "$program" || break
		kills=$((kills + 1))
	done
done
check_is "each program was killed three times, and came back" \
	$((3 * $(agent_programs | wc -w))) echo "$kills"
kill "$cycling"
wait "$cycling"
for name in good0 bad0 good1 bad1; do
	gadget_unplug "$name" 2>/dev/null
done
for name in good0 bad0 good1 bad1; do
	wait_until 10 test ! -e "$lab_usb/$(port_of "$name")"
	gadget_plug "$name"
	wait_device "$name"
done
check "all is well again" wait_until 20 airgapctl status
for name in good0 good1; do
	check "$name is a disk" wait_disk "$name" 20
done
for name in bad0 bad1; do
	check "$name is refused" wait_refused "$name" 20
	check_not "$name is not authorised" is_authorized "$name"
	check "$name never was a disk" never_disk "$name"
done
two_disks()
{
	[ "$(ls -d /sys/block/sd* | wc -l)" -eq 2 ]
}
check "there are two disks" wait_until 10 two_disks
check "the journal is whole" journal_verify /var/lib/airgap/journal
check_has "and tells of the violent ends" '"name":"(peer-lost|boot|core-started)"' journal_lines
usb_state
