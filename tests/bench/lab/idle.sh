#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: timeout=300
# How often each program wakes while nothing happens for a minute.
. /lab/lib.sh
. /lab/top/tests/bench/lab/peers.sh

IDLE=60
# idle LABEL PROGRAM... - a figure for each
idle()
{
	local label="$1" program
	shift
	# What starting has left to do is done.
	sleep 3
	for program in "$@"; do
		switches_of "$(pid_of "$program")" >"$LAB/$program.before"
	done
	sleep $IDLE
	for program in "$@"; do
		figure "$label" "$program" $(($(switches_of "$(pid_of "$program")") - $(
			cat "$LAB/$program.before")))
	done
}
pid_of()
{
	if [ "$1" = usbguard-daemon ]; then
		echo "$usbguard"
	else
		agent_pid "$1"
	fi
}

make_unit
usbguard_start
check "usbguard is ready" usbguard_ready
check "the agent starts" agent_start
check "a policy is installed" install_policy "$(make_policy 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
)"
# shellcheck disable=SC2046 # a list of names
idle wakeups usbguard-daemon $(agent_programs)
kill "$usbguard"
check "the agent stops" agent_stop
AGENT_WATCHDOG=20
check "it starts with a watchdog of 20 s" agent_start
# shellcheck disable=SC2046
idle watched $(agent_programs)
check "all is well" airgapctl status
