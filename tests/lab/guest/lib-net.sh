# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# Network links: virtio adapters of the machine (header `# lab: nic=N`), and what the guard says.

# net_adapters N - load the driver, wait until eth0 to eth(N-1) are there
net_adapters()
{
	modprobe virtio_net && wait_until 10 ls "/sys/class/net/eth$(($1 - 1))"
}

# net_up LINE... - a signed policy with these lines in its network block, and the agent
net_up()
{
	record_start && make_unit && agent_start && net_policy 42 "$@"
}

# net_policy SERIAL LINE... - install one; NET_USB are lines of its usb block
net_policy()
{
	local serial="$1" line policy
	shift
	policy=$({
		printf '%s\n' "${NET_USB:-}" -- 'network {' '    default  down'
		for line in "$@"; do
			echo "    $line"
		done
		echo '}'
	} | make_policy "$serial") && install_policy "$policy"
}

# is_up LINK, is_down LINK - administratively
is_up()
{
	ip -o link show "$1" | grep -q '[<,]UP[,>]'
}

is_down()
{
	ip -o link show "$1" | grep -qv '[<,]UP[,>]'
}

# violation KIND [JQ-CONDITION] - until the journal has one of this kind, of which the event fits
violation()
{
	wait_log ".event.type == \"network\" and .event.violation == \"$1\" and (.event | ${2:-true})" 15
}

# link_is LINK STATE - until the journal has this outcome of the link
link_is()
{
	wait_log ".event.type == \"link\" and .event.outcome.link.name == \"$1\" and
		.event.outcome.state == \"$2\"" 15
}

# has_address LINK ADDRESS, has_route PATTERN - now
has_address()
{
	ip -o address show "$1" | grep -qF " $2"
}

has_route()
{
	ip route show table all | grep -Eq "$1"
}

# gone COMMAND... - until it no longer holds
gone()
{
	wait_until 10 lab_not "$@"
}

lab_not()
{
	! "$@"
}
