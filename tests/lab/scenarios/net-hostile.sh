#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=2 timeout=600
# Attacks on the network guard: no marked frame reaches the wire's other end, and what root does is recorded.
. /lab/lib.sh

tools=/lab/build/tests/tools
require "two adapters" net_adapters 2
# The second adapter is the wire's other end, in a namespace of its own.
ip netns add away
ip link set eth1 netns away
ip -n away link set lo up
ip -n away address add 10.20.0.5/24 dev eth1
ip -n away address add fd12:7::5/64 dev eth1 nodad
ip -n away link set eth1 up
ip address add 10.20.0.7/24 dev eth0
ip link set eth0 up
require "a signed policy" net_up 'allow lan: interface in [ eth0 ], kind in [ ethernet ]' \
	'allow addr: address in [ 10.20.0.0/24 fd12:7::/64 ]' \
	'allow gw: gateway in [ 10.20.0.1 fd12:7::1 ]' \
	'allow names: egress to [ 10.20.0.0/24 fd12:7::/64 ], protocol in [ udp ], port in [ 53 ]'
require "the link opens" link_is eth0 open
wait_until 10 is_up eth0
peer=$(ip netns exec away cat /sys/class/net/eth1/address)
ip address add fd12:7::7/64 dev eth0 nodad
ip route add default via 10.20.0.1
ip -6 route add default via fd12:7::1 dev eth0
for at in 10.20.0.1 10.20.0.5 fd12:7::1 fd12:7::5; do
	ip neighbour replace "$at" lladdr "$peer" dev eth0
done

coproc COUNT { ip netns exec away "$tools/frame-count" eth1; }
read -r _ <&"${COUNT[0]}"
# How many marked frames arrived since the last time.
arrived() {
	local marked
	sleep 0.2
	echo count >&"${COUNT[1]}"
	read -r marked _ <&"${COUNT[0]}"
	echo "$marked"
}
permitted() {
	"$tools/send-any" --to 10.20.0.5 --port 53 udp4 eth0
}

permitted
check_is "what is permitted arrives" 20 arrived
for way in udp6 bind-to-device tcp4 mdns4 pppoe source-route6; do
	as alice "$tools/send-any" "$way" eth0
done
"$tools/send-any" source-route4 eth0
"$tools/send-any" packet-bypass eth0
check_is "nothing goes elsewhere, nor by way of a permitted hop" 0 arrived

nft -f - <<'RULES'
table inet evil {
	chain away { type nat hook output priority -100; ip daddr 10.20.0.5 dnat ip to 203.0.113.77; }
	chain first { type filter hook output priority -400; accept; }
}
RULES
permitted
nft delete table inet evil
check_is "nor by another's address translation" 0 arrived
nft -f - <<'RULES'
table netdev evil {
	chain first { type filter hook egress device "eth0" priority -400; accept; }
	chain last {
		type filter hook egress device "eth0" priority 100;
		ip daddr 10.20.0.5 ip daddr set 203.0.113.77
	}
}
RULES
permitted
"$tools/send-any" packet-raw eth0
nft delete table netdev evil
check_is "nor rewritten after the rules of others" 0 arrived
check "the change of nftables is written down" violation ruleset_tampered '.text | test("by nft")'

modprobe cls_matchall
modprobe act_pedit
tc qdisc add dev eth0 root handle 1: prio
tc filter add dev eth0 parent 1: protocol ip matchall action pedit ex munge ip dst set 203.0.113.77
check "a filter that rewrites is detached" wait_until 10 sh -c '! tc qdisc show dev eth0 | grep -q prio'
check "which is written down" violation tc_or_xdp_attached '.link.name == "eth0" and .remedy == "detached"'
arrived >/dev/null
permitted
check_is "and nothing is rewritten from then on" 20 arrived
modprobe pktgen
check "a module that passes all filters is written down" violation tc_or_xdp_attached \
	'.text | test("pktgen")'
rmmod pktgen

modprobe dummy
names=("lo2" "12" "a'b" 'a"b' 'st*r' $'\e[31mred' '-x' 'eth0.' '123456789012345' '$(id)')
for _ in $(seq 1 10); do
	for name in "${names[@]}"; do
		printf 'link add name "%s" up type dummy\nlink del dev "%s"\n' \
			"${name//\"/\\\"}" "${name//\"/\\\"}"
	done
done | ip -force -batch - 2>/dev/null
for name in "${names[@]}"; do
	ip link add name "$name" type dummy || check "link $name" false
	ip link set dev "$name" up
done
all_down() {
	for name in "${names[@]}"; do
		[ $(($(cat "/sys/class/net/$name/flags") & 1)) = 0 ] || return 1
	done
}
check "links with odd names, each come and gone ten times, are down" wait_until 15 all_down
check "the permitted one is not" is_up eth0
airgapctl network >/tmp/shown
check_not "no name reaches a screen raw" grep -q "$(printf '\033')" /tmp/shown
check "it is shown for what it is" grep -q '1b}\[31mred' /tmp/shown

ip link set eth0 down
ip link set eth0 name old0
ip link add eth0 type dummy
ip link set eth0 up
check "a link that takes the permitted one's name is put down" wait_until 10 is_down eth0
check "as unknown" violation iface_unknown '.link.name == "eth0" and .link.info_kind == "dummy"'
check "the one that lost it, too" violation iface_unknown '.link.name == "old0"'

as alice python3 -c '
import os, socket
for base, _, files in os.walk("/run"):
    for name in files:
        if "airgap" in base and not base.startswith("/run/lab"):
            for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
                for size in (0, 1, 7, 64, 4096, 60000):
                    try:
                        with socket.socket(socket.AF_UNIX, kind) as link:
                            link.connect(os.path.join(base, name))
                            link.send(os.urandom(size))
                    except OSError:
                        pass
'
for program in airgapd airgap-monitord airgap-journald airgap-doord airgap-noticed \
	airgap-attribution; do
	check "$program runs" agent_running "$program"
done
kill "$COUNT_PID"
