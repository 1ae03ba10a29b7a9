#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=1
# What the policy does not name is undone and written down: addresses, routes, rules, forwarding, tc.
. /lab/lib.sh

require "an adapter" net_adapters 1
require "a signed policy" net_up 'allow lan: interface in [ eth0 ]' \
	'allow addr: address in [ 10.20.0.0/24 ]' 'allow gw: gateway in [ 10.20.0.1 ]' \
	'allow office: egress to [ 10.20.0.5 ], protocol in [ tcp ], port in [ 8443 ]'
check "the link opens" link_is eth0 open
ip link set eth0 up

ip address add 10.20.0.7/24 dev eth0
check "a permitted address stays" holds 1 has_address eth0 10.20.0.7/24
ip address add 10.99.0.7/24 dev eth0
check "another is removed" gone has_address eth0 10.99.0.7/24
check "and written down" violation addr_illegal '.address.address == "10.99.0.7/24" and
	.remedy == "address-removed"'

ip route add default via 10.20.0.1
check "the permitted gateway stays" holds 1 has_route '^default via 10.20.0.1'
ip route add default via 10.20.0.9 metric 50
check "another is removed" gone has_route '10.20.0.9'
check "and written down" violation route_illegal '.route.gateway == "10.20.0.9" and
	.remedy == "route-removed"'
check "the permitted one is still there" has_route '^default via 10.20.0.1'
# What DHCP's option 121 makes a client do.
ip route add 198.51.100.0/24 via 10.20.0.9 proto dhcp
check "a route as by option 121 is removed" gone has_route '198.51.100.0'
check "and is strong evidence" violation route_illegal '.evidence == "strong" and
	(.text | test("option 121"))'
ip route add 203.0.113.0/24 table 77 dev eth0
check "a route in another table, too" gone has_route '203.0.113.0'
ip rule add from 10.20.0.7 table 77
check "a routing rule is removed" gone sh -c 'ip rule | grep -q "lookup 77"'
check "and written down" violation route_illegal '.text | test("routing rule")'

sysctl -qw net.ipv4.ip_forward=1
check "forwarding is switched off again" wait_until 10 sh -c '[ "$(cat /proc/sys/net/ipv4/ip_forward)" = 0 ]'
check "and written down" violation forwarding_enabled '.remedy == "setting-restored"'
sysctl -qw net.ipv6.conf.all.forwarding=1
check "of IPv6, too" wait_until 10 sh -c '[ "$(cat /proc/sys/net/ipv6/conf/all/forwarding)" = 0 ]'

modprobe sch_ingress
tc qdisc add dev eth0 clsact
check "traffic control is taken off" gone sh -c 'tc qdisc show dev eth0 | grep -q clsact'
check "and written down" violation tc_or_xdp_attached '.remedy == "detached"'

# Somebody who does not give up: nothing of it stays, and the journal does not drown.
before=$(journal_lines | wc -l)
for i in $(seq 1 40); do
	ip address add 10.99.1.7/24 dev eth0 2>/dev/null
done
check "forty more times" gone has_address eth0 10.99.1.7/24
check "few entries" test $(($(journal_lines | wc -l) - before)) -lt 20
for i in $(seq 1 200); do
	ip address add 10.99.1.7/24 dev eth0 2>/dev/null || break
done
check "at last the link is put down" wait_until 20 is_down eth0
check "and that is written down" violation iface_unknown '.link.name == "eth0" and (.text | test("put down"))'
check "no such address" gone has_address eth0 10.99.1.7/24
check "another policy opens it again" net_policy 43 'allow lan: interface in [ eth0 ]' \
	'allow addr: address in [ 10.20.0.0/24 ]'
check "it is up" wait_until 10 is_up eth0
