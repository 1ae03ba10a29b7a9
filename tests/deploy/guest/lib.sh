# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For what runs inside a Debian system under test, as its unit deploy-test.service.

share=/deploy
services='airgapd airgap-journald airgap-monitord airgap-doord airgap-noticed airgap-attribution airgap-reportd
airgap-transferd airgap-mountd'
said=$(mktemp)

# check NAME COMMAND...
check()
{
	local name=$1
	shift
	if "$@" >"$said" 2>&1; then
		echo "ok $name"
	else
		sed 's/^/#   /' "$said" | tail -n 25
		echo "not ok $name"
	fi
}

# wait_until SECONDS COMMAND...
wait_until()
{
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || { "$@"; return; }
		sleep 0.05
	done
}

not() { ! "$@"; }

# says PATTERN COMMAND... - a line of what it prints matches; its exit status does not count
says()
{
	local pattern=$1
	shift
	"$@" >"$said.1" 2>&1
	cat "$said.1"
	grep -Eq -- "$pattern" "$said.1"
}

active() # SERVICE...
{
	local service bad=0
	for service; do
		[ "$(systemctl is-active "$service")" = active ] || { systemctl status --no-pager "$service"; bad=1; }
	done
	return $bad
}

none_active()
{
	local service bad=0
	for service in $services airgap-deny; do
		[ "$(systemctl is-active "$service")" = inactive ] || { echo "$service is not inactive"; bad=1; }
	done
	return $bad
}

# answers - airgapd is there again and has read everything
answers() { airgapctl status --json 2>/dev/null | grep -q '"connected": *true'; }

closed() { nft list tables | grep -q 'inet airgap_base'; }

pid_of() { systemctl show -p MainPID --value "$1"; }

# Kill it hard; it is there again, as another process.
comes_back() # SERVICE
{
	local before
	before=$(pid_of "$1")
	kill -9 "$before"
	wait_until 15 other_than "$1" "$before"
}

other_than() # SERVICE PID
{
	[ "$(systemctl is-active "$1")" = active ] && [ "$(pid_of "$1")" != "$2" ] && [ "$(pid_of "$1")" != 0 ]
}

# A wire to a neighbour that counts: what may reach it, and everything else.
wire_make()
{
	ip netns add peer
	ip link add out type veth peer name in netns peer
	ip -n peer address add 10.99.0.2/24 dev in
	ip -n peer address add 10.99.0.3/24 dev in
	ip netns exec peer sysctl -qw net.ipv6.conf.in.disable_ipv6=1
	ip netns exec peer nft -f - <<-RULES
	table netdev count {
		counter permitted { }
		counter other { }
		chain arriving {
			type filter hook ingress device "in" priority 0;
			ether type arp accept
			# Neighbour discovery of a permitted link.
			icmpv6 type { 133-136, 143 } accept
			ip daddr 10.99.0.2 udp dport 9 counter name "permitted" accept
			counter name "other"
		}
	}
	RULES
	ip -n peer link set in up
	ip address add 10.99.0.1/24 dev out
}

counted() # permitted|other
{
	ip netns exec peer nft list counter netdev count "$1" | sed -n 's/.*packets \([0-9]*\) .*/\1/p'
}

# sender_start - somebody who sends without end where he may and where he may not, and puts the link up
sender_start()
{
	(
		while :; do
			ip link set out up
			echo x >/dev/udp/10.99.0.2/9
			echo x >/dev/udp/10.99.0.3/9
			echo x >/dev/udp/10.99.0.2/10
			ping -q -c 1 -W 0.01 10.99.0.3
		done >/dev/null 2>&1
	) &
	sender=$!
}

flows()
{
	local before
	before=$(counted permitted)
	wait_until 15 flows_beyond "$before"
}

flows_beyond() { [ "$(counted permitted)" -gt "$1" ]; }

nothing_else()
{
	counted other
	[ "$(counted other)" = 0 ]
}
