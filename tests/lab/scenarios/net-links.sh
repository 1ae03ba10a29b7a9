#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=2
# Links: what the policy names opens once that is written down, everything else is down and stays so.
. /lab/lib.sh

require "two adapters" net_adapters 2
ip address add 10.20.0.7/24 dev eth0
ip link set eth0 up
ip link set eth1 up
require "a signed policy with one link" net_up 'allow lan: interface in [ eth0 ], kind in [ ethernet ]' \
	'allow addr: address in [ 10.20.0.0/24 ]' \
	'allow office: egress to [ 10.20.0.5 ], protocol in [ tcp ], port in [ 8443 ]'

check "the link that it names opens" link_is eth0 open
check "the permit was written down first" test "$(journal -r 'select(.event.type == "link" and
	.event.outcome.link.name == "eth0") | .kind' | grep -n permit | head -n 1 | cut -d : -f 1)" -lt \
	"$(journal -r 'select(.event.type == "link" and .event.outcome.link.name == "eth0") |
	.event.outcome.state' | grep -n open | head -n 1 | cut -d : -f 1)"
check "it is up as it was before" wait_until 10 is_up eth0
check "it has its address" has_address eth0 10.20.0.7/24
check "the other is refused" violation iface_unknown '.link.name == "eth1"'
check "and down" is_down eth1
check_has "the rules have the link" 'ag_egress.*' nft list table netdev airgap_base

ip link set eth1 up
check "put up by hand it goes down" wait_until 10 is_down eth1
check "which is written down" violation iface_unknown '.link.name == "eth1" and .remedy == "link-down"'

modprobe 8021q && modprobe bridge && modprobe tun && modprobe dummy && modprobe macvlan
check "a VLAN above it" ip link add link eth0 name eth0.5 type vlan id 5
ip link set eth0.5 up
check "is refused" violation iface_unknown '.link.kind == "vlan" and .remedy == "link-down"'
check "and down" is_down eth0.5
check "a bridge" ip link add br0 type bridge
ip link set br0 up
check "is refused" violation iface_unknown '.link.kind == "bridge" and .remedy == "link-down"'
check "and down" is_down br0
check "a tunnel" ip tuntap add dev tun7 mode tun
ip link set tun7 up
check "is refused" violation iface_unknown '.link.kind == "tunnel"'
check "and down" wait_until 10 is_down tun7
if modprobe wireguard 2>/dev/null; then
	check "a WireGuard tunnel" ip link add wg0 type wireguard
	ip link set wg0 up
	check "is refused" violation iface_unknown '.link.info_kind == "wireguard"'
	check "and down" wait_until 10 is_down wg0
else
	echo "skip a WireGuard tunnel # this kernel has none"
fi
check "a macvlan" ip link add link eth0 name mv0 type macvlan
ip link set mv0 up
check "is refused" violation iface_unknown '.link.info_kind == "macvlan"'
check "and down" wait_until 10 is_down mv0

# To another namespace and back: it comes back as a stranger.
check "the second adapter goes to a namespace" ip netns add away
check "it moves" ip link set eth1 netns away
check "that is seen" violation iface_netns_moved '.link.name == "eth1"'
check "it comes back" ip netns exec away ip link set eth1 netns 1
ip link set eth1 up
check "and is down" wait_until 10 is_down eth1

# A name is nothing to go by, but a rule may ask for it.
# While it is up this kernel renames none (later ones do: tests/netns, agent-sees-a-live-rename).
check_not "an open link keeps its name" ip link set eth0 name lan7
check "and is up" is_up eth0
ip link set eth0 down
ip link set eth0 name lan7
check "under another name the permit does not hold" violation iface_unknown '.link.name == "lan7"'
ip link set lan7 up
check "and it is down" wait_until 10 is_down lan7
ip link set lan7 name eth0
check "under its own it opens again" wait_log '[.event] | map(select(.type == "link" and
	.outcome.link.name == "eth0" and .outcome.state == "open")) | length > 0'
ip link set eth0 up
check "and stays up" holds 1 is_up eth0

check "another policy takes it away" net_policy 43 'allow lan: interface in [ eth9 ]'
check "then it is down" wait_until 10 is_down eth0
check_has "airgapctl tells why" 'eth0.*down' airgapctl network

check "the core is killed" agent_kill airgapd
check_has "its last rules stay" 'policy drop' nft list table inet airgap_base
check "it starts again" agent_start airgapd
ip link set eth1 up
check "and refuses as before" wait_until 10 is_down eth1
