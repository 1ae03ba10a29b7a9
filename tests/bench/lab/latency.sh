#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: timeout=600 clock=counted
# A stick that is permitted, twenty times each: from its appearance to its driver, by the kernel's clock;
# and the memory that each program needs for it.
. /lab/lib.sh
. /lab/top/tests/bench/lab/peers.sh

TIMES=5 # a block
# The kernel itself notes when it begins to add a device, and when a driver is bound to an
# interface: before any program is woken by it.
trace=/sys/kernel/tracing
trace_start()
{
	[ -e $trace/trace ] || mount -t tracefs tracefs $trace || return 1
	echo boot >$trace/trace_clock &&
		echo 'p:added device_add name=+0(+0(%di)):string' >$trace/kprobe_events &&
		echo 'p:bound driver_bound name=+0(+0(%di)):string' >>$trace/kprobe_events &&
		echo 1 >$trace/events/kprobes/enable
}
require "the kernel's own recorder" trace_start
gadget stick 0951:1666 serial=A1 storage at=0
# as_at_boot - devices wait for someone who lets them in, interfaces do not
as_at_boot()
{
	for root in "$lab_usb"/usb*; do
		echo 0 >"$root/authorized_default"
		echo 1 >"$root/interface_authorized_default"
	done
}

# measure WHO BLOCK - plug and pull; a figure each time, in microseconds
measure()
{
	local turn=0 port
	: >$trace/trace
	while [ "$turn" -lt $TIMES ]; do
		gadget_plug stick
		# Asking all the time would take the one processor from those who are measured.
		sleep 0.6
		wait_until 10 has_driver stick usb-storage || return 1
		# The disk, too, so that pulling meets no half-made one.
		wait_disk stick || return 1
		gadget_unplug stick
		wait_until 10 test ! -e "$lab_usb/$(port_of stick)" || return 1
		turn=$((turn + 1))
	done
	port=$(port_of stick)
	awk -v who="$1" -v device="name=\"$port\"" -v interface="name=\"$port:1.0\"" '
		match($0, / [0-9]+\.[0-9]+: (added|bound):/) {
			now = substr($0, RSTART + 1, RLENGTH - 9) * 1000000
		}
		/: added:/ && index($0, device) { from = now }
		/: bound:/ && index($0, interface) && from { printf "latency %s %d\n", who, now - from; from = 0 }
	' $trace/trace >>/lab/log/figures
	[ "$(grep -c "^latency $1 " /lab/log/figures)" -eq $((TIMES * $2)) ]
}

# What the laboratory itself writes down of the kernel's messages is nobody's work here.
recorder=$(pidof -s cat)
require "nothing else writes meanwhile" kill -STOP "$recorder"

make_unit
check "the agent starts" agent_start
check "a policy is installed" install_policy "$(make_policy 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
)"
check "the agent stops" agent_stop

# By turns, so that what else the host has to do falls on all alike.
block=1
while [ $block -le 4 ]; do
	as_at_boot
	lab-floor >"$LAB/floor" 2>&1 &
	floor=$!
	wait_until 5 grep -q ready "$LAB/floor"
	check "a loop that only lets in, block $block" measure floor $block
	kill $floor

	as_at_boot
	usbguard_start
	check "usbguard is ready" usbguard_ready
	check "usbguard, block $block" measure usbguard $block
	[ $block -lt 4 ] || figure memory usbguard-daemon "$(pss_of "$usbguard")"
	kill "$usbguard"
	wait "$usbguard"

	check "the agent starts" agent_start
	check "airgapd, block $block" measure airgapd $block
	[ $block -eq 4 ] || agent_stop
	block=$((block + 1))
done
kill -CONT "$recorder"
# What durability costs here, whoever asks for it.
since=$(clock_us)
dd if=/dev/zero of=/var/lib/airgap/probe bs=1500 count=40 oflag=dsync 2>/dev/null
figure sync disk $((($(clock_us) - since) / 40))
for program in $(agent_programs); do
	figure memory "$program" "$(pss_of "$(agent_pid "$program")")"
done
usb_state
