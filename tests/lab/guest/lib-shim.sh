# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# The kernel module, and lab-shim, which plays the core towards it by hand.

shim_module=/lab/build/kmod/airgap.ko

# shim_load - put the module in; `make module` has built it for this kernel
shim_load()
{
	[ -e "$shim_module" ] || {
		echo "there is no $shim_module: make module" >&2
		return 1
	}
	insmod "$shim_module"
}

# shim_state - boot, armed, locked, parked
shim_state()
{
	cat /sys/module/airgap/parameters/state
}

shim_is()
{
	[ "$(shim_state)" = "$1" ]
}

# shim_start - a lab-shim that takes requests; its process is $shim_pid. Not within a check: that is a subshell
shim_start()
{
	rm -f /tmp/shim.in /tmp/shim.out
	mkfifo /tmp/shim.in /tmp/shim.out
	/lab/build/tests/tools/lab-shim </tmp/shim.in >/tmp/shim.out 2>>/lab/log/lab-shim.stderr &
	shim_pid=$!
	trap "" PIPE # a request to one that was killed fails, and ends nothing else
	exec 7>/tmp/shim.in 8</tmp/shim.out
}

# shim WORD... - one request; prints the answer but for "ok". 1: refused, and the last line names the error
shim()
{
	local line last=
	echo "$*" >&7 || return 1
	while IFS= read -r line <&8; do
		[ "$line" != . ] || break
		[ -z "$last" ] || echo "$last"
		last=$line
	done
	[ "$last" = ok ] || {
		echo "$last"
		return 1
	}
}

# shim_arm [MILLISECONDS] - open, a session with heartbeats, unlock
shim_arm()
{
	shim open && shim hello "${1:-2000}" && shim beat on && shim unlock
}

# shim_kill - kill -9, as the core may be killed
shim_kill()
{
	kill -KILL "$shim_pid"
	exec 7>&- 8<&-
	wait "$shim_pid" 2>/dev/null
	true
}

# shim_plug NAME - number of the plug-in
shim_plug()
{
	shim find "$(attribute "$1" busnum)" "$(attribute "$1" devnum)" | sed -n '1{s/ .*//;p;}'
}

# shim_allow NAME INTERFACE... - these interfaces of it
shim_allow()
{
	local plug
	plug=$(shim find "$(attribute "$1" busnum)" "$(attribute "$1" devnum)" | sed -n '1{s/ .*//;p;}')
	shift
	shim allow "$plug" "$@"
}

# index_of LINK - its number
index_of()
{
	cat "/sys/class/net/$1/ifindex"
}
