#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=1 clock=counted timeout=400
# What a datagram costs on its way out, in instructions: without anything, with a small rule of nftables, and
# with the kernel module, whose table has four networks or 63. By a dummy link, where nothing but sending is
# counted, and by an adapter.
. /lab/lib.sh
. /lab/top/tests/bench/lab/peers.sh

NS_AN_INSTRUCTION=4

# cost WHO - of one datagram
cost()
{
	local each link
	for link in dummy eth; do
		case $link in
		dummy) each=$(/lab/build/tests/tools/egress-cost 10.20.0.5 4747) ;;
		eth) each=$(/lab/build/tests/tools/egress-cost 10.21.0.5 4747) ;;
		esac
		figure "egress-$link" "$1" $((each / NS_AN_INSTRUCTION))
		note "$1, $link: $((each / NS_AN_INSTRUCTION)) instructions a datagram"
	done
}

ready()
{
	ip link set dummy0 up
	ip link set eth0 up
	wait_until 10 grep -q up /sys/class/net/eth0/operstate
	ip neighbour replace 10.20.0.5 lladdr 02:00:00:00:00:99 dev dummy0
	ip neighbour replace 10.21.0.5 lladdr 02:00:00:00:00:99 dev eth0
}

prefixes() # N
{
	seq 1 "$1" | sed 's|.*|10.99.&.0/24|'
}

require "an adapter" net_adapters 1
modprobe dummy numdummies=1
ip address add 10.20.0.7/24 dev dummy0
ip address add 10.21.0.7/24 dev eth0
ready
cost none
nft -f - <<'RULES'
table inet small {
	chain out {
		type filter hook output priority 0; policy drop;
		oifname "lo" accept
		ip daddr { 10.20.0.0/24, 10.21.0.0/24 } udp dport 4747 accept
	}
}
RULES
cost nft-rule
nft flush ruleset
require "the module loads" shim_load
shim_start
require "it is armed" shim_arm 60000
shim link "$(index_of dummy0)" >/dev/null
shim link "$(index_of eth0)" >/dev/null
shim cidr 10.20.0.0/24 10.21.0.0/24 fe80::/10 ff02::/16
ready
cost module
# shellcheck disable=SC2046 # words
shim cidr 10.20.0.0/24 10.21.0.0/24 fe80::/10 ff02::/16 $(prefixes 59)
cost module-63
check "it sent" test "$(cat /sys/class/net/eth0/statistics/tx_packets)" -gt 100000
