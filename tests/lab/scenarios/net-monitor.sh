#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=2
# Mode monitor on the network: what would be refused passes and is on record, for a bounded time.
. /lab/lib.sh

# Packets that the link's queue gave to the driver: those that came through the rules.
given()
{
	tc -s qdisc show dev eth1 | sed -n 's/^ Sent .* bytes \([0-9]*\) pkt .*/\1/p' | head -n 1
}

more_given()
{
	[ "$(given)" -ge $((before + 20)) ]
}

try() # ADDRESS
{
	before=$(given)
	as alice bash -c "for i in $(seq -s ' ' 20); do echo hello >/dev/udp/$1/4444; done"
}

passes() # ADDRESS
{
	try "$1" 2>/dev/null && wait_until 2 more_given
}

require "two adapters" net_adapters 2
ip link set eth1 up
POLICY_MORE='mode monitor at-most 72h'
require "a signed policy in mode monitor" net_up 'allow lan: interface in [ eth0 ]' \
	'allow addr: address in [ 10.20.0.0/24 ]' \
	'allow office: egress to [ 10.20.0.5 ], protocol in [ tcp ], port in [ 8443 ]'
check_has "status says so" '[Mm]onitor' airgapctl status
check "the link that no rule names opens" link_is eth1 open
check "as what it would have been refused for" wait_log '.kind == "permit" and
	.event.outcome.link.name == "eth1" and .event.outcome.verdict.cause == "monitor" and
	(.event.outcome.verdict.because | test("would be refused"))' 10
ip link set eth1 up
check "it stays up" holds 2 is_up eth1
ip address add 10.99.0.7/24 dev eth1
check "an address that no rule names stays" holds 2 has_address eth1 10.99.0.7/24
check "and is on record, not undone" violation addr_illegal '.address.address == "10.99.0.7/24" and
	.remedy == "none"'
ip neighbour replace 10.99.0.5 lladdr 02:00:00:00:00:05 dev eth1
check "a flow that is not permitted passes" passes 10.99.0.5
check "and is on record with its user" violation egress_blocked '.flow.to == "10.99.0.5" and
	.flow.port == 4444 and .actor.login == "alice" and .remedy == "none"'
sysctl -qw net.ipv4.ip_forward=1
check "forwarding is on record" violation forwarding_enabled '.remedy == "none"'
check_is "and stays on" 1 cat /proc/sys/net/ipv4/ip_forward

# Nearly three days pass: the agent stops in good order, and the state says how long it ran.
check "the agent stops" agent_stop airgapd
jq -c ".policy_powered_s = 72 * 3600 - 30" /var/lib/airgap/state/state >/tmp/state
cp /tmp/state /var/lib/airgap/state/state
check "and starts" agent_start airgapd
check "for the last seconds it passes still" wait_until 8 passes 10.99.0.5
check "the time runs out" wait_log '.event.name == "enforcing"' 60
check "the link is put down" wait_until 10 is_down eth1
check "as what no rule names" violation iface_unknown '.link.name == "eth1" and .remedy == "link-down"'
check "its address is taken away" gone has_address eth1 10.99.0.7/24
check "forwarding is switched off" wait_until 10 sh -c '[ "$(cat /proc/sys/net/ipv4/ip_forward)" = 0 ]'
ip link set eth1 up
try 10.99.0.5 2>/dev/null
check_not "and nothing passes any more" wait_until 2 more_given
