# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# The recorder: every event of the kernel since record_start, and every block device ever seen, so
# that "never became a disk" is more than "is no disk now". Lines of $LAB/events:
#   MICROSECONDS SEQUENCE ACTION SUBSYSTEM DEVTYPE DEVPATH [DRIVER or PRODUCT]

# record_start - start recording; before the first plug
record_start()
{
	lab-events "$LAB/events" >/lab/log/lab-events 2>&1 &
	echo $! >"$LAB/events.pid"
	wait_until 5 grep -q '^[0-9]* 0 start' "$LAB/events"
}

# record_sync - wait until everything that the kernel has sent so far is recorded
record_sync()
{
	local wanted
	kill -0 "$(cat "$LAB/events.pid")" || return 1
	wanted=$(cat /sys/kernel/uevent_seqnum)
	wait_until 10 lab_recorded "$wanted" || return 1
	if grep ' 0 overrun ' "$LAB/events"; then
		echo "events were lost; the record proves nothing" >&2
		return 1
	fi
}

lab_recorded()
{
	local last
	last=$(awk '$2 > n { n = $2 } END { print n + 0 }' "$LAB/events")
	[ "$last" -ge "$1" ]
}

# recorded PATTERN - lines of the record that match the extended regular expression
recorded()
{
	record_sync && grep -E "$1" "$LAB/events"
}

# events_of NAME - lines of the record about the device and what hangs below it
events_of()
{
	recorded "/$(port_of "$1" | sed 's/\./\\./g')(/| |\$)"
}

# never_disk NAME - it was seen being plugged, and no block device ever hung below it
never_disk()
{
	local events
	events=$(events_of "$1") || {
		echo "nothing recorded of $1: was it plugged after record_start?"
		return 1
	}
	printf '%s\n' "$events" | grep -q ' add usb usb_device ' || {
		echo "$1 was never seen being plugged"
		return 1
	}
	if printf '%s\n' "$events" | grep ' block '; then
		return 1
	fi
}

# never_bound NAME - it was seen being plugged, and no driver ever bound one of its interfaces
never_bound()
{
	local events
	events=$(events_of "$1") || return 1
	printf '%s\n' "$events" | grep -q ' add usb usb_device ' || return 1
	if printf '%s\n' "$events" | grep ' bind usb usb_interface '; then
		return 1
	fi
}

# was_disk NAME - a block device hung below it at some time
was_disk()
{
	events_of "$1" | grep ' block disk '
}
