#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=2 timeout=600
# Maintenance: by a signed order what the policy does not name stays for a while, and is written down;
# nothing leaves for it. It outlives airgapd, counts powered-on time, and at its end all is undone.
# shellcheck disable=SC3043
. /lab/lib.sh

foreign=10.99.0.7/24

# left KIND CONDITION - the journal has one of that kind, left standing by the order
left()
{
	violation "$1" ".remedy == \"left\" and .maintenance and ($2)"
}

# note NAME CONDITION - the journal has this entry about a maintenance
noted()
{
	wait_log ".event.type == \"note\" and .event.name == \"$1\" and (.event | $2)" 15
}

# frames ADDRESS COMMAND... - how many frames left eth0 with that address in them while COMMAND ran
frames()
{
	local address="$1" sniffer
	shift
	rm -f /tmp/frames.ready
	python3 - "$address" >/tmp/frames <<-'PY' &
	import pathlib, signal, socket, sys
	address, count, over = socket.inet_aton(sys.argv[1]), 0, False
	def stop(*_):
	    global over
	    over = True
	signal.signal(signal.SIGTERM, stop)
	s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
	s.bind(("eth0", 0))
	s.settimeout(0.1)
	pathlib.Path("/tmp/frames.ready").touch()
	while not over:
	    try:
	        frame, whence = s.recvfrom(2048)
	    except TimeoutError:
	        continue
	    count += whence[2] == 4 and address in frame  # PACKET_OUTGOING
	print(count)
	PY
	sniffer=$!
	wait_until 10 test -e /tmp/frames.ready
	"$@" >/dev/null 2>&1
	sleep 1
	kill "$sniffer"
	wait "$sniffer"
	cat /tmp/frames
}

restored()
{
	gone has_address eth0 $foreign && gone has_route '10.20.0.9' &&
		wait_until 10 grep -qx 0 /proc/sys/net/ipv4/ip_forward
}

mkdir -p /dev/pts && { mountpoint -q /dev/pts || mount -t devpts devpts /dev/pts; }
/lab/build/tests/tools/tty-session alice 1000 620 /tmp/alice.tty >/tmp/alice.name 2>&1 &
require "alice sits at a terminal" wait_until 10 test -s /tmp/alice.name
require "two adapters" net_adapters 2
require "a signed policy" net_up 'allow lan: interface in [ eth0 ]' \
	'allow addr: address in [ 10.20.0.0/24 ]' 'allow gw: gateway in [ 10.20.0.1 ]' \
	'allow office: egress to [ 10.20.0.5 ], protocol in [ tcp ], port in [ 8443 ]'
check "the link opens" link_is eth0 open
ip link set eth0 up
ip address add 10.20.0.7/24 dev eth0

ip address add $foreign dev eth0
check "without an order an address is undone" gone has_address eth0 $foreign
check_has "an order with one signature is refused" 'approval' \
	airgapctl install "$(make_order weak T-00417 'maintenance for 15m' so-7a)"
check_has "there is nothing to end" 'no maintenance' \
	airgapctl install "$(make_order early T-00417 'end maintenance')"

check "an order of two is accepted" airgapctl install "$(make_order work T-00417 'maintenance for 15m')"
check "it begins once it is written down" noted maintenance-begins '.subject == "work"'
check_has "status says so, and for how long" 'maintenance' airgapctl status
check_has "and how long and why" 'order "work" for another 0 h 15 min.*for the lab' airgapctl status
check_not "which is no state to rest in" airgapctl status
check_has "network says it as well" 'order "work" for another 0 h 15 min' airgapctl network
check_is "the state has its name" maintenance sh -c 'airgapctl status --json | jq -r .status.network.state'
check "alice is told" wait_until 10 grep -q 'Maintenance of this terminal has begun, for at most 15 minutes' /tmp/alice.tty

ip address add $foreign dev eth0
ip route add default via 10.20.0.9
ip rule add from 10.99.0.7 table 77
sysctl -qw net.ipv4.ip_forward=1
check "an address is written down" left addr_illegal '.address.address == "10.99.0.7/24"'
check "a route" left route_illegal '.route.gateway == "10.20.0.9"'
check "a routing rule" left route_illegal '.text | test("routing rule")'
check "forwarding" left forwarding_enabled true
check "the address stays" holds 3 has_address eth0 $foreign
check "the route as well" has_route '10.20.0.9'
check "the rule" sh -c 'ip rule | grep -q "lookup 77"'
check "and forwarding" grep -qx 1 /proc/sys/net/ipv4/ip_forward

check "what is permitted is asked for on the wire" test "$(frames 10.20.0.5 as alice timeout 2 bash -c 'exec 3<>/dev/tcp/10.20.0.5/8443')" -gt 0
for to in 10.99.0.9 203.0.113.9; do
	check_is "no frame leaves for $to, which the policy does not name" 0 \
		frames $to as alice timeout 2 bash -c "exec 3<>/dev/tcp/$to/443"
	check "that is written down" violation egress_blocked ".flow.to == \"$to\" and .maintenance and .remedy == \"dropped\""
done
check_is "nor for the foreign gateway" 0 frames 10.20.0.9 timeout 2 bash -c 'echo x >/dev/udp/10.20.0.9/53'
modprobe sch_ingress
tc qdisc add dev eth0 clsact
check "traffic control, which passes the filter, is taken off" gone sh -c 'tc qdisc show dev eth0 | grep -q clsact'
ip link set eth1 up
check "a link that the policy does not name goes down" wait_until 10 is_down eth1
plug guest 1234:5678 serial=G1 storage
check "a stranger's stick is refused" wait_refused guest

agent_kill airgapd
check "the agent starts again" agent_start airgapd
check "it goes on" noted maintenance-continues '.subject == "work"'
check "the address stays" holds 3 has_address eth0 $foreign
check_has "a death costs ten minutes" 'for another 0 h [45] min' airgapctl status
agent_kill airgapd
check "the agent starts once more" agent_start airgapd
check "with no time left it is over" noted maintenance-ends '.subject == "work" and (.text | test("time is over"))'
check "all is undone" restored
check "the rule, too" gone sh -c 'ip rule | grep -q "lookup 77"'
check "and written down" violation addr_illegal '.remedy == "address-removed" and .address.address == "10.99.0.7/24"'
check "alice is told" wait_until 10 grep -q 'Maintenance of this terminal is over' /tmp/alice.tty
check_has "the same order again is refused" 'once' airgapctl install /tmp/order-work

check "a short one is accepted" airgapctl install "$(make_order short T-00417 'maintenance for 1m')"
check "it begins" noted maintenance-begins '.subject == "short"'
for i in $(seq 1 60); do
	ip address add 10.99.1.$i/24 dev eth0
done
ip address add $foreign dev eth0
check "sixty addresses stay" holds 2 has_address eth0 10.99.1.60/24
check "until its minute is over" wait_until 75 lab_not has_address eth0 $foreign
check "which is written down" noted maintenance-ends '.subject == "short"'
check "none of them stays" gone has_address eth0 10.99.1.60/24
check "nor is the link put down for so many" is_up eth0

check "one that is ended early" airgapctl install "$(make_order long T-00417 'maintenance for 8h')"
check "begins" noted maintenance-begins '.subject == "long"'
ip address add $foreign dev eth0
check "its address stays" holds 2 has_address eth0 $foreign
check "another takes its place" airgapctl install "$(make_order longer T-00417 'maintenance for 8h')"
check "without a gap" noted maintenance-ends '.subject == "long" and (.text | test("longer"))'
check "the address stays" holds 2 has_address eth0 $foreign
check "an order ends it" airgapctl install "$(make_order enough T-00417 'end maintenance')"
check "which is written down" noted maintenance-ends '.subject == "longer" and (.text | test("enough"))'
check "the address is undone" gone has_address eth0 $foreign

check_has "with none running there is nothing to end" 'No maintenance' airgapctl maintenance end
check "one that root ends" airgapctl install "$(make_order second T-00417 'maintenance for 1h')"
check "begins" noted maintenance-begins '.subject == "second"'
ip address add $foreign dev eth0
check "its address stays" holds 2 has_address eth0 $foreign
check_has "root ends it" 'order "second" has ended' airgapctl maintenance end
check "which is written down" noted maintenance-ends '.subject == "second" and (.text | test("administrator"))'
check "the address is undone" gone has_address eth0 $foreign

check "one that another policy ends" airgapctl install "$(make_order third T-00417 'maintenance for 1h')"
check "begins" noted maintenance-begins '.subject == "third"'
ip address add $foreign dev eth0
check "its address stays" holds 2 has_address eth0 $foreign
check "a policy comes" net_policy 43 'allow lan: interface in [ eth0 ]' 'allow addr: address in [ 10.20.0.0/24 ]'
check "that is written down" noted maintenance-ends '.subject == "third" and (.text | test("another policy"))'
check "the address is undone" gone has_address eth0 $foreign

check "one that a lockdown ends" airgapctl install "$(make_order fourth T-00417 'maintenance for 1h')"
check "begins" noted maintenance-begins '.subject == "fourth"'
ip address add $foreign dev eth0
check "its address stays" holds 2 has_address eth0 $foreign
fifth=$(make_order fifth T-00417 'maintenance for 1h')
date -u -s "$(date -u -d '-9 days' '+%F %T')" >/dev/null
check "the clock is set back: lockdown" noted maintenance-ends '.subject == "fourth" and (.text | test("lockdown"))'
check_has "under which none begins" 'lockdown' airgapctl install "$fifth"
date -u -s "$(date -u -d '+9 days' '+%F %T')" >/dev/null
check "the clock is right again" wait_until 10 is_up eth0
check "the address is undone" gone has_address eth0 $foreign
check_has "it does not come back" 'enforcing' airgapctl status
