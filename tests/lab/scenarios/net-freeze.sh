#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=2
# Processes that stand still, frozen by the kernel or stopped: what happened meanwhile is put right.
# Devices stay awake, for the host's files would not survive their sleep; so no clock tells of it.
. /lab/lib.sh

each() # SIGNAL
{
	agent_signal "$1" airgapd && agent_signal "$1" airgap-monitord
}

freeze()
{
	echo 2 >/sys/module/suspend/parameters/pm_test_delay
	echo freezer >/sys/power/pm_test && echo mem >/sys/power/state
	echo none >/sys/power/pm_test
}

require "two adapters" net_adapters 2
require "a signed policy" net_up 'allow lan: interface in [ eth0 ]' \
	'allow addr: address in [ 10.20.0.0/24 ]' 'allow gw: gateway in [ 10.20.0.1 ]' \
	'allow office: egress to [ 10.20.0.5 ], protocol in [ tcp ], port in [ 8443 ]'
check "the link opens" link_is eth0 open
check "an unknown one is refused" violation iface_unknown '.link.name == "eth1"'
ip link set eth0 up

begun=$(clock_cs)
check "the kernel freezes all processes and thaws them" freeze
check "they stood still" test $(($(clock_cs) - begun)) -ge 100
check "the agent goes on" agent_running airgapd
ip link set eth1 up
check "and refuses as before" wait_until 10 is_down eth1
check "the permitted link is up" is_up eth0

check "core and monitor are stopped" each STOP
ip link set eth1 up
ip address add 10.99.0.7/24 dev eth0
ip route add default via 10.20.0.9 dev eth0 onlink
sysctl -qw net.ipv4.ip_forward=1
ip link add stray type dummy
ip link set stray up
nft delete table netdev airgap_base
check "what stands is closed: alice does not get out" lab_not as alice \
	bash -c 'exec 3<>/dev/tcp/203.0.113.9/443'
check "they go on" each CONT
check "the unknown link is down again" wait_until 10 is_down eth1
check "a link that came meanwhile, too" wait_until 10 is_down stray
check "the address is gone" gone has_address eth0 10.99.0.7/24
check "the route is gone" gone has_route '10.20.0.9'
check "forwarding is off" wait_until 10 sh -c '[ "$(cat /proc/sys/net/ipv4/ip_forward)" = 0 ]'
check "the rules are whole" wait_until 10 sh -c \
	'nft list table netdev airgap_base | grep -q "hook egress device .eth0"'
check "the permitted link is up" is_up eth0
check "all of it is written down" violation forwarding_enabled '.remedy == "setting-restored"'
check "the agent runs" agent_running airgapd
