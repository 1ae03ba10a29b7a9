#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=2
# The journal's disk is full while links come: none opens without its entry, and what is refused stays so.
. /lab/lib.sh

available()
{
	echo $(($(stat -f -c '%a * %S' /var/lib/airgap)))
}
# fill - until nothing goes in any more
fill()
{
	dd if=/dev/zero of=/var/lib/airgap/filler bs=4k 2>/dev/null
	sync
	dd if=/dev/zero of=/var/lib/airgap/filler bs=4k oflag=append conv=notrunc 2>/dev/null
	[ "$(stat -f -c %a /var/lib/airgap)" -eq 0 ]
}
# strangers COUNT - links that no policy names come and go; each is an entry
strangers()
{
	local turn=0
	while [ "$turn" -lt "$1" ]; do
		ip link add "d$turn" type dummy && ip link set "d$turn" up
		turn=$((turn + 1))
	done
	sleep 1
	while [ "$turn" -gt 0 ]; do
		turn=$((turn - 1))
		ip link del "d$turn"
	done
}
no_room()
{
	airgapctl status | grep -Eq 'ENOSPC|[Mm]ake room|No space' && return
	strangers 30
	return 1
}
# replug LINK - its driver leaves it and takes it again, as when a card is pulled and put in
replug()
{
	local device
	device=$(basename "$(readlink -f "/sys/class/net/$1/device")")
	echo "$device" >/sys/bus/virtio/drivers/virtio_net/unbind &&
		echo "$device" >/sys/bus/virtio/drivers/virtio_net/bind &&
		wait_until 10 test -e "/sys/class/net/$1" && ip link set "$1" up
}
# state_is STATE - of eth0, as airgapctl tells it
state_is()
{
	airgapctl network --no-legend | grep -Eq "^eth0 .* $1 "
}
# Frames that left by eth0 are recorded outside, by the emulator.
left()
{
	stat -c %s /lab/log/nic0.pcap
}
# sends - does anything leave when a program tries?
sends()
{
	local before turn=0
	before=$(left)
	while [ "$turn" -lt 5 ]; do
		timeout 1 bash -c 'exec 3<>/dev/tcp/10.20.0.5/8443' 2>/dev/null
		timeout 1 bash -c 'echo >/dev/udp/203.0.113.9/53' 2>/dev/null
		turn=$((turn + 1))
	done
	[ "$(left)" -gt "$before" ]
}

require "two adapters" net_adapters 2
modprobe dummy
dd if=/dev/zero of=/var/lib/airgap/ballast bs=4k count=$((($(available) - 1400000) / 4096)) 2>/dev/null
note "$(available) bytes are free"
require "a signed policy with one link" net_up 'allow lan: interface in [ eth0 ], kind in [ ethernet ]' \
	'allow addr: address in [ 10.20.0.0/24 ]' \
	'allow office: egress to [ 10.20.0.5 ], protocol in [ tcp ], port in [ 8443 ]'
check "the link that it names opens" link_is eth0 open
check "the disk is full" fill
check "what room the journal still has is used up" wait_until 90 no_room

check "the permitted link is pulled and put in again" replug eth0
check "it waits for the journal" wait_until 10 state_is pending
ip address add 10.20.0.7/24 dev eth0
ip route add default via 10.20.0.5 dev eth0 2>/dev/null
check_not "and nothing leaves by it" sends
check "it waits on" holds 2 state_is pending
airgapctl network >/lab/log/network
check_has "airgapctl network says why" '^eth0 .*journal cannot record that now .No space' cat /lab/log/network
ip link set eth1 up
check "the other one stays down as well" wait_until 10 is_down eth1
for program in $(agent_programs); do
	check "$program runs" agent_running "$program"
done

rm /var/lib/airgap/filler /var/lib/airgap/ballast
check "with room again the permitted link opens" wait_until 30 state_is open
ip link set eth0 up
ip address replace 10.20.0.7/24 dev eth0
check "and what is permitted leaves" wait_until 10 sends
check_not "the other does not" is_up eth1
check "what was lost is an entry" wait_log '.kind == "loss"'
check "the journal is whole" journal_verify /var/lib/airgap/journal
