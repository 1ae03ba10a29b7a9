#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=1
# The rules: restored when somebody flushes them; who sends where it may not is named.
. /lab/lib.sh

require "an adapter" net_adapters 1
require "a signed policy" net_up 'allow lan: interface in [ eth0 ]' \
	'allow addr: address in [ 10.20.0.0/24 ]' 'allow gw: gateway in [ 10.20.0.1 ]' \
	'allow office: egress to [ 10.20.0.5 ], protocol in [ tcp ], port in [ 8443 ]'
check "the link opens" link_is eth0 open
ip link set eth0 up
ip address add 10.20.0.7/24 dev eth0
ip route add default via 10.20.0.1
ip neighbour replace 10.20.0.1 lladdr 02:00:00:00:00:01 dev eth0

whole()
{
	nft list table inet airgap_base | grep -q 'goto ag_out_' &&
		nft list table netdev airgap_base | grep -q 'hook egress'
}
check "the rules are there" wait_until 10 whole
nft flush ruleset
check "flushed they come back" wait_until 10 whole
check "and it is written down" violation ruleset_tampered '.remedy == "ruleset-restored"'
nft delete table netdev airgap_base
check "deleted as well" wait_until 10 whole
check_not "the owned ones cannot be deleted" nft delete table inet airgap_own

check_not "alice does not reach a public address" as alice bash -c 'exec 3<>/dev/tcp/203.0.113.9/443'
check "that is written down with her name" violation egress_blocked '.flow.to == "203.0.113.9" and
	.flow.port == 443 and .actor.login == "alice" and .evidence == "confirmed"'
as alice python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in range(53, 73):
    try:
        s.sendto(b"hello", ("203.0.113.77", port))
    except OSError:
        pass
    time.sleep(0.1)
'
check "a program whose socket stays open is named" violation egress_blocked \
	'.flow.to == "203.0.113.77" and .actor.confidence == "sockdiag" and
	(.actor.program | test("python3"))'
for i in $(seq 1 30); do
	as alice bash -c 'exec 3<>/dev/tcp/203.0.113.9/443' 2>/dev/null
done
entries()
{
	journal 'select(.event.violation == "egress_blocked" and .event.flow.to == "203.0.113.9")' | wc -l
}
check "thirty more are counted, not written down each" test "$(entries)" -le 2
as carol bash -c 'echo hello >/dev/udp/203.0.113.9/443' 2>/dev/null
check "another user's single packet is an entry of its own" violation egress_blocked \
	'.actor.login == "carol" and .flow.protocol == "udp" and .count == 1'
check_has "airgapctl shows it" '203.0.113.9' airgapctl network

# told - how many notices about refused packets there were
told()
{
	grep -c '^.*egress-refused: told' /lab/log/airgap-noticed.stderr
}
# Alice was told twice already, carol once.
before=$(told)
as alice python3 -c '
import socket, time
for port in range(1000, 1030):
    s = socket.socket()
    try:
        s.connect(("203.0.113.8", port))
    except OSError:
        pass
    s.close()
    time.sleep(0.15)  # of what comes faster, the kernel tells only the number
'
scanned()
{
	[ "$(journal 'select(.event.violation == "egress_blocked" and .event.flow.to == "203.0.113.8" and
		.event.actor.login == "alice")' | wc -l)" -eq 30 ]
}
check "thirty ports are thirty entries" wait_until 20 scanned
check "but no more than six notices, with the two before" test "$(told)" -le $((before + 4))
now=$(told)
as carol bash -c 'echo hello >/dev/udp/203.0.113.8/53' 2>/dev/null
told_more()
{
	[ "$(told)" -gt "$1" ]
}
check "another user is told all the same" wait_until 10 told_more "$now"

check "the log of a lockdown" agent_stop airgapd
rm /var/lib/airgap/policy/active
check "without a policy it starts" agent_start airgapd
check "and closes the link" wait_until 10 is_down eth0
check_not "the rules know no way out" sh -c 'nft list table inet airgap_base | grep -q "goto ag_out_"'
