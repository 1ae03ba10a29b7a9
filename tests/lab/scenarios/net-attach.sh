#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=2
# XDP and traffic control, which pass by the rules: taken off a permitted link, and written down.
. /lab/lib.sh

# By what it would do: frames of eth0 go to eth1 without being asked. The qdisc may be gone before its filter.
redirect() # QDISC [PARENT]
{
	printf '%s\n' "qdisc add dev eth0 $1" "filter add dev eth0 ${2:-parent ffff:} matchall \
action mirred egress redirect dev eth1" | tc -force -batch - 2>/tmp/tc || grep -q "doesn't exist" /tmp/tc
}

has_qdisc()
{
	tc qdisc show dev eth0 | grep -Eq 'clsact|ingress'
}

has_xdp()
{
	ip link show eth0 | grep -q xdp
}

# entries TEXT - how many of them the journal has that were taken off; more: than before
entries()
{
	journal "select(.event.violation == \"tc_or_xdp_attached\" and .event.remedy == \"detached\" and
		.event.link.name == \"eth0\" and (.event.text | test(\"$1\"))) | .event.text" | wc -l
}

more()
{
	[ "$(entries "$1")" -gt "$before" ]
}

require "two adapters" net_adapters 2
require "a signed policy" net_up 'allow lan: interface in [ eth0 ]' \
	'allow addr: address in [ 10.20.0.0/24 ]' \
	'allow office: egress to [ 10.20.0.5 ], protocol in [ tcp ], port in [ 8443 ]'
check "the link opens" link_is eth0 open
ip link set eth0 up

before=$(entries XDP)
check "an XDP program is put on it" /lab/build/tests/tools/xdp-attach eth0
check "it is taken off" gone has_xdp
check "and written down" wait_until 10 more XDP
modprobe sch_ingress && modprobe act_mirred && modprobe cls_matchall
before=$(entries "traffic control")
check "what comes in is sent on by clsact" redirect clsact 'ingress'
check "that is taken off" gone has_qdisc
check "and written down" wait_until 10 more "traffic control"
before=$(entries "traffic control")
check "the same by the ingress qdisc" redirect ingress
check "that is taken off" gone has_qdisc
check "and written down" wait_until 10 more "traffic control"
check "the permitted link is up and open all the time" is_up eth0
before=$(entries "traffic control")
check "what goes out is sent on by clsact" redirect clsact egress
check "that is taken off" gone has_qdisc
check "and written down" wait_until 10 more "traffic control"

# What was there before anybody looked.
check "the agent stops" agent_stop airgapd airgap-monitord
check "an XDP program is put on" /lab/build/tests/tools/xdp-attach eth0
check "a redirection, too" redirect clsact egress
check_has "it is whole" 'mirred' tc filter show dev eth0 egress
check "the agent starts" agent_start airgapd airgap-monitord
check "both are taken off" gone sh -c 'ip link show eth0 | grep -q xdp || tc qdisc show dev eth0 | grep -q clsact'
check "and written down" violation tc_or_xdp_attached '.link.name == "eth0" and .remedy == "detached"'

# Held by a process: rtnetlink cannot take it off, nor does it tell of it. The next full reading shows it.
mkfifo /tmp/hold
/lab/build/tests/tools/xdp-attach --held eth0 </tmp/hold >/tmp/held &
exec 9>/tmp/hold
check "one that a process holds" wait_until 5 grep -q ready /tmp/held
check "cannot be taken off, and that is said" wait_log '.event.violation == "tc_or_xdp_attached" and
	.event.link.name == "eth0" and .event.remedy == "failed" and (.event.text | test("XDP"))' 60
check "it is on until then" has_xdp
exec 9>&-
check "it ends with its process" gone has_xdp
