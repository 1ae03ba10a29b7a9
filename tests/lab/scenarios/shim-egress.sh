#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=1 timeout=900
# What the module lets leave, counted on the wire from outside: nothing but to the table, and nothing at all
# once whoever held the device is killed.
. /lab/lib.sh

tools=/lab/build/tests/tools

# frames - marked ones on the wire so far, by the machine's own record of it
frames()
{
	grep -ao airgap-probe /lab/log/nic0.pcap | wc -l
}

# sends COMMAND... - it runs, and as many marked frames reach the wire as are printed
sends()
{
	local before
	before=$(frames)
	"$@" >/tmp/sent 2>&1
	sleep 0.2
	echo $(($(frames) - before))
}

arm()
{
	shim_start
	shim_arm 10000 && shim link "$(index_of eth0)" >/dev/null && shim cidr "$@" && ip link set eth0 up &&
		wait_until 10 grep -q up /sys/class/net/eth0/operstate &&
		ip neighbour replace 10.20.0.5 lladdr 02:00:00:00:00:99 dev eth0 &&
		ip neighbour replace 10.20.0.1 lladdr 02:00:00:00:00:98 dev eth0 &&
		ip route replace default via 10.20.0.1
}

require "an adapter" net_adapters 1
ip address add 10.20.0.7/24 dev eth0
require "the module loads" shim_load
arm 10.20.0.0/24 fe80::/10 ff02::/16
check_is "armed" armed shim_state
check_is "to the table's addresses it sends" 20 sends "$tools/send-any" --to 10.20.0.5 udp4 eth0
check_is "elsewhere nothing leaves" 0 sends "$tools/send-any" udp4 eth0
check_has "and who sends is told at once" 'sent 0 errno ECONNREFUSED' cat /tmp/sent
begin=$(clock_us)
"$tools/send-any" tcp4 eth0 1
check "no connection waits" test $(($(clock_us) - begin)) -lt 2000000
for way in raw4 packet-raw packet-dgram packet-bypass packet-claims-arp packet-claims-ip packet-vlan \
	mdns4 broadcast source-route4 udp6 raw6 pppoe; do
	check_is "nor by $way" 0 sends "$tools/send-any" "$way" eth0
done
nft -f - <<'RULES'
table inet evil {
	chain away { type nat hook output priority -100; ip daddr 10.20.0.5 dnat ip to 203.0.113.77; }
	chain first { type filter hook output priority -400; accept; }
}
RULES
check_is "nor by address translation" 0 sends "$tools/send-any" --to 10.20.0.5 udp4 eth0
nft flush ruleset
check_is "nor without any rule" 0 sends "$tools/send-any" packet-bypass eth0
check_not "pktgen is not loaded" modprobe pktgen
check_has "which is on record" 'module-veto .* pktgen' shim records
check "what else is not to be loaded, the core says" shim modules act_mirred sch_ingress
check_not "and it is not" modprobe act_mirred
check "unless it says otherwise" shim modules
check_has "a table of nothing" 'ok|^$' shim cidr
check_is "lets nothing leave" 0 sends "$tools/send-any" --to 10.20.0.5 udp4 eth0
check_has "addresses with bits beyond their length are none" EINVAL shim cidr 10.20.0.5/24

# A frame that traffic control sends on by another link is not shown to netfilter's egress (nf_hook_egress()).
modprobe sch_ingress && modprobe act_mirred && modprobe cls_matchall
tc qdisc add dev lo clsact
tc filter add dev lo egress matchall action mirred egress redirect dev eth0
armed=$(sends "$tools/send-any" --to 127.0.0.1 udp4 lo)
note "armed, traffic control on lo sends on to eth0: $armed of 20 frames; such modules are for banning"

# Killed while it blasts: by the stack, past it, and by that redirection.
shim_kill
wait_until 5 is_down eth0
for way in "--to 10.20.0.5 udp4 eth0" "packet-raw eth0" "packet-bypass eth0" "--to 127.0.0.1 udp4 lo"; do
	arm all
	# shellcheck disable=SC2086 # words
	"$tools/send-any" $way 100000000 >/tmp/blast 2>&1 &
	blaster=$!
	start=$(frames)
	wait_until 10 sh -c "[ \$(grep -ao airgap-probe /lab/log/nic0.pcap | wc -l) -gt $((start + 100)) ]"
	shim_kill
	# Whoever waits for it is told once its files are closed. What the adapter had already is on its way.
	sleep 0.1
	at=$(frames)
	check "it blasted: $way" test "$at" -gt $((start + 100))
	sleep 2
	check "the blaster runs on" kill -0 $blaster
	check_is "0 frames after kill -9: $way" 0 echo $(($(frames) - at))
	check_is "locked" locked shim_state
	kill $blaster
	wait $blaster 2>/dev/null
done
tc qdisc del dev lo clsact

# While others hold rtnl, links cannot be closed: the queues are frozen all the same.
arm all
"$tools/send-ring" xdp eth0 1 >/tmp/xdp 2>&1
note "AF_XDP, armed: $(cat /tmp/xdp)"
shim_kill
check_is "AF_XDP sends nothing once locked" 0 sends "$tools/send-ring" xdp eth0 20
