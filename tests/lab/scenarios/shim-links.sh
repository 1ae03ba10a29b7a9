#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=2 timeout=900
# The module's link gate: nothing but lo comes up, in any namespace, whoever asks, and he is told why.
. /lab/lib.sh

in_space()
{
	ip netns exec space "$@"
}

require "two adapters" net_adapters 2
ip link set eth0 up
ip address add 10.20.0.1/24 dev eth0
require "the module loads" shim_load
check_is "it begins shut" boot shim_state
check "what was up is down before loading is over" is_down eth0
check_has "who lets it up is told why" 'airgap: links stay down until airgapd' ip link set eth0 up
check "it is down" is_down eth0
check "lo is not touched" is_up lo

ip netns add space
check "lo of another namespace comes up" in_space ip link set lo up
ip link set eth1 netns space
check_has "an adapter in another namespace does not" 'airgap: links' in_space ip link set eth1 up
ip link add veth0 type veth peer name veth1 netns space
check_has "nor a veth" 'airgap: links' ip link set veth0 up
check_has "nor its other end" 'airgap: links' in_space ip link set veth1 up
modprobe dummy && modprobe tun
for kind in dummy bridge; do
	ip link add "x$kind" type $kind
	check_has "nor a $kind" 'airgap: links' ip link set "x$kind" up
done
ip tuntap add xtun mode tun
check_has "nor a tun" 'airgap: links' ip link set xtun up
ip link add link eth0 name xvlan type vlan id 7
check_has "nor a VLAN" 'airgap:|Network is down' ip link set xvlan up
sysctl -qw kernel.unprivileged_userns_clone=1 2>/dev/null
check_has "nor what a user makes in a namespace of his own" 'airgap: links' \
	as alice unshare -Urn sh -c 'ip link add mine type dummy; ip link set lo up && ip link set mine up'
ip link set eth0 down
ip link set eth0 name renamed
check_has "a new name changes nothing" 'airgap: links' ip link set renamed up
ip link set renamed name eth0

shim_start
require "a session that is unlocked" shim_arm 20000
check_has "armed, another reason is told" 'airgap: the policy does not permit' ip link set eth0 up
check "eth0 is permitted" shim link "$(index_of eth0)"
check "and comes up" ip link set eth0 up
check "it is up" is_up eth0
check_has "no other does" 'airgap: the policy' ip link set veth0 up
index=$(in_space cat /sys/class/net/eth1/ifindex 2>/dev/null || in_space ip -o link show eth1 | cut -d: -f1)
check "one in another namespace is permitted" shim link "$index" /run/netns/space
check "and comes up" in_space ip link set eth1 up
ip netns exec space ip link set eth1 netns 1
check "a move ends the permit" is_down eth1
check_has "it does not come up" 'airgap: the policy' ip link set eth1 up
check_has "an index that is nobody's" ENODEV shim link 999
check_has "lo is not for permitting" EINVAL shim link 1
check_has "a number that never was" ESTALE shim relink 4711

number=$(shim link "$(index_of eth0)" | sed -n '1{s/ .*//;p;}')
check "a permit by number" shim relink "$number"
check "it is taken back" shim unlink "$(index_of eth0)"
check "and the link goes down" is_down eth0
check_has "its number is stale" ESTALE shim relink "$number"
check_has "what happened is on record: closed" 'net-close .* eth0' shim records
check_has "users cause no entries" 'links=0/1024' shim status

# A USB adapter without permit has no link at all; here its driver is kept from it first.
plug adapter 0525:a4a2 ecm
modprobe cdc_ether
echo 1 >"/sys/bus/usb/devices/$(port_of adapter)/authorized"
check "a USB adapter has no driver, and so no link" holds 1 sh -c '! readlink /sys/class/net/*/device/driver | grep cdc_'
