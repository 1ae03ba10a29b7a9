# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# Library of the scenarios: checks, waiting, the host's help. README.md of tests/lab explains it.
# Works in busybox ash, dash and bash.

LAB=/run/lab
mkdir -p "$LAB/port" "$LAB/agent" "$LAB/notify" /tmp/lab
lab_tab=$(printf '\t')

# lab_host VERB WORD... - ask the host; prints its answer, 1 when it refuses
lab_host()
{
	(
		flock 9
		exec 3<>/dev/lab
		IFS=$lab_tab
		printf '%s\n' "$*" >&3
		IFS= read -r answer <&3 || exit 1
		[ -z "${answer#*"$lab_tab"}" ] || printf '%s\n' "${answer#*"$lab_tab"}" | tr '\037' '\n'
		[ "${answer%%"$lab_tab"*}" = ok ]
	) 9>"$LAB/host.lock"
}

# note TEXT... - a line of comment in the runner's output
note()
{
	lab_host note "# $LAB_NAME: $*"
}

# Lines of a text as one word for the host, which shows them below a failed check.
lab_detail()
{
	printf '%s' "$1" | tail -n 20 | tr '\n\t' '\037 '
}

# check NAME COMMAND... - one check: ok when COMMAND ends with 0; returns what it found
check()
{
	local name="$1" output status
	shift
	output=$("$@" 2>&1)
	status=$?
	if [ "$status" -eq 0 ]; then
		lab_host check ok "$name"
		return 0
	fi
	lab_host check 'not ok' "$name" "$(lab_detail "command: $* (status $status)
$output")"
	return 1
}

# check_not NAME COMMAND... - one check: ok when COMMAND runs and ends with 1 to 125 (it ran, and said no)
check_not()
{
	local name="$1" output status
	shift
	output=$("$@" 2>&1)
	status=$?
	if [ "$status" -ge 1 ] && [ "$status" -le 125 ]; then
		lab_host check ok "$name"
		return 0
	fi
	lab_host check 'not ok' "$name" "$(lab_detail "command: $* (status $status, should fail)
$output")"
	return 1
}

# check_is NAME WANTED COMMAND... - one check: ok when COMMAND prints exactly WANTED
check_is()
{
	local name="$1" wanted="$2" output status
	shift 2
	output=$("$@" 2>&1)
	status=$?
	if [ "$status" -eq 0 ] && [ "$output" = "$wanted" ]; then
		lab_host check ok "$name"
		return 0
	fi
	lab_host check 'not ok' "$name" "$(lab_detail "command: $* (status $status)
wanted: $wanted
got: $output")"
	return 1
}

# check_has NAME PATTERN COMMAND... - one check: ok when what COMMAND prints, on either output and
# whatever its status, has a line that matches the extended regular expression
check_has()
{
	local name="$1" pattern="$2" output status
	shift 2
	output=$("$@" 2>&1)
	status=$?
	if printf '%s\n' "$output" | grep -Eq -e "$pattern"; then
		lab_host check ok "$name"
		return 0
	fi
	lab_host check 'not ok' "$name" "$(lab_detail "command: $* (status $status)
no line matches: $pattern
$output")"
	return 1
}

# require NAME COMMAND... - like check, but the scenario ends when it fails
require()
{
	check "$@" || exit 1
}

# clock_cs - time since boot in hundredths of a second, suspend included
clock_cs()
{
	local up _
	read -r up _ </proc/uptime
	up="${up%.*}${up#*.}"
	while [ "${up#0}" != "$up" ] && [ "$up" != 0 ]; do
		up=${up#0}
	done
	echo "$up"
}

# clock_us - CLOCK_BOOTTIME in microseconds, the clock of the journal and of the recorder
clock_us()
{
	lab-clock
}

# wait_until SECONDS COMMAND... - repeat COMMAND until it succeeds; 1 when time is up
wait_until()
{
	local end
	end=$(($(clock_cs) + $1 * 100))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(clock_cs)" -lt "$end" ] || return 1
		sleep 0.02
	done
}

# holds SECONDS COMMAND... - COMMAND succeeds now and each time it is tried for that long
holds()
{
	local end
	end=$(($(clock_cs) + $1 * 100))
	shift
	while [ "$(clock_cs)" -lt "$end" ]; do
		"$@" || return 1
		sleep 0.02
	done
}

# as USER COMMAND... - run as that user of the guest, with the user's groups and nothing else
as()
{
	local user="$1"
	shift
	setpriv --reuid "$user" --regid "$user" --init-groups --inh-caps=-all --bounding-set=-all \
		-- "$@"
}

# lab_reboot - cut the power and boot again with the same disks; the scenario's file starts anew
# with LAB_BOOT one higher. Sync first what must survive.
lab_reboot()
{
	exec 3<>/dev/lab
	printf 'reboot\n' >&3
	sleep 1000
}

for lab_part in usb vhci record agent sign net office shim media transfer; do
	# shellcheck source=/dev/null
	. "/lab/top/tests/lab/guest/lib-$lab_part.sh"
done
unset lab_part
