#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: timeout=480
# Hundreds of plug-ins as fast as cables go: what is right in the end, and that nothing grows.
. /lab/lib.sh

controllers 8
require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], interfaces within [ 08:06:50 ]
USB

truncate -s 1M /tmp/lab/small.img
for n in 0 1 2 3; do
	gadget "good$n" 0951:1666 serial="A$n" storage=/tmp/lab/small.img at="$n"
	gadget "bad$n" 1234:5678 serial="X$n" storage=/tmp/lab/small.img at=$((n + 4))
	echo "$(bus_of "$n")-1" >"$LAB/port/good$n"
	echo "$(bus_of $((n + 4)))-1" >"$LAB/port/bad$n"
done

# Written out: starting programs takes longer here than plugging.
all_in()
{
	for n in 0 1 2 3; do
		echo "dummy_udc.$n" >"$lab_gadgets/good$n/UDC"
		echo "dummy_udc.$((n + 4))" >"$lab_gadgets/bad$n/UDC"
	done
}
all_out()
{
	for n in 0 1 2 3; do
		gadget_unplug "good$n"
		gadget_unplug "bad$n"
	done
}
ports=$(for n in 0 1 2 3; do port_of "good$n"; port_of "bad$n"; done)
seen()
{
	for port in $ports; do
		[ -e "$lab_usb/$port/descriptors" ] || return 1
	done
}
gone()
{
	for port in $ports; do
		[ ! -e "$lab_usb/$port" ] || return 1
	done
}
right()
{
	for n in 0 1 2 3; do
		has_driver "good$n" usb-storage && ! is_authorized "bad$n" || return 1
	done
}
# rounds COUNT - plug all, wait until each was seen, pull all
rounds()
{
	local turn=0
	while [ "$turn" -lt "$1" ]; do
		all_in
		wait_until 20 seen || return 1
		all_out
		wait_until 20 gone || return 1
		turn=$((turn + 1))
	done
}
# All that is waiting to be written is written.
settled()
{
	local size
	size=$(wc -l </var/lib/airgap/journal/log)
	sleep 0.3
	[ "$size" -eq "$(wc -l </var/lib/airgap/journal/log)" ]
}
# usage_of PROGRAM - memory of its own in KiB, and open descriptors
usage_of()
{
	local pid
	pid=$(agent_pid "$1")
	echo "$(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")" \
		"$(ls "/proc/$pid/fd" | wc -l)"
}
# back_to PROGRAM FDS - no more descriptors than that; one more may be open for a moment, to read a file
back_to()
{
	[ "$(ls "/proc/$(agent_pid "$1")/fd" | wc -l)" -le "$2" ]
}

check "five rounds of eight, to warm up" rounds 5
wait_until 20 settled
for program in $(agent_programs); do
	usage_of "$program" >"$LAB/$program.before"
done
check "twenty-five more: two hundred plug-ins" rounds 25
wait_until 20 settled
for program in $(agent_programs); do
	read -r pss fds <"$LAB/$program.before"
	usage_of "$program" >"$LAB/$program.after"
	read -r pss_now fds_now <"$LAB/$program.after"
	note "$program: $pss KiB and $fds descriptors before, $pss_now KiB and $fds_now after"
	check "$program: no more descriptors" wait_until 5 back_to "$program" "$fds"
	check "$program: no more memory" test "$pss_now" -le $((pss + 64))
done
check "the state on the disk is small" sh -c \
	'[ "$(du -sk /var/lib/airgap/state | cut -f 1)" -le 32 ]'

# Now without waiting for anything: pulled while it is being read, decided, recorded, let in.
burst()
{
	local turn=0
	while [ "$turn" -lt 12 ]; do
		all_in
		all_out
		turn=$((turn + 1))
	done
	all_in
}
for n in 1 2 3; do
	lab_host plug "q$n" usb-storage size=1M serial="Q$n" >/dev/null &
done
burst
wait_until 20 seen
check "after a burst without a pause the state is right" wait_until 30 right
check "and stays so" holds 1 right
check "the strangers' refusals are recorded" wait_refused bad0
for n in 1 2 3; do
	lab_host unplug "q$n"
done

disks_of_bad()
{
	record_sync && awk '
		$3 == "add" && $5 == "usb_device" {
			plugs++
			bad[$6] = $7 ~ /^1234\/5678\//
		}
		$4 == "block" && $5 == "disk" {
			for (path in bad)
				if (index($6, path "/") == 1)
					disks[bad[path]]++
		}
		END {
			print plugs " plug-ins; disks of permitted ones: " disks[0] + 0 \
				", of strangers: " disks[1] + 0
			exit plugs < 248 || disks[0] == 0 || disks[1] > 0
		}' "$LAB/events"
}
check "in hundreds of plug-ins no stranger was ever a disk" disks_of_bad
note "$(disks_of_bad)"
check "the agent lost nothing" sh -c '! grep -q "\"kind\":\"loss\"" /var/lib/airgap/journal/log'
check "all is well" airgapctl status
usb_state
