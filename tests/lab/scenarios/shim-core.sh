#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=1 timeout=900
# The agent with the kernel module: what is permitted opens, a killed core leaves everything shut, and the next
# one opens it again once it has read everything anew. The blaster's frames are counted on the wire.
. /lab/lib.sh

frames()
{
	grep -ao airgap-probe /lab/log/nic0.pcap | wc -l
}

require "an adapter" net_adapters 1
ip address add 10.20.0.7/24 dev eth0
require "the module loads" shim_load
NET_USB='allow stick: id in [ 0951:1666 ], serial in [ "A1" "A2" ], interfaces within [ 08:06:50 ]'
plug early 0951:1666 serial=A1 storage
check_not "before the agent nothing opens" wait_disk early 1
check "an agent with a policy" net_up 'allow lan: interface in [ eth0 ]' \
	'allow addr: address in [ 10.20.0.0/24 ]' \
	'allow probe: egress to [ 10.20.0.5 ], protocol in [ udp ], port in [ 4747 ]'
check "it unlocks once it has read everything" wait_until 20 shim_is armed
check_has "status names the layers" '^Layers +kernel module, USB defaults of the kernel, packet filter' airgapctl status
check_is "and as JSON" armed sh -c 'airgapctl status --json | jq -r .status.layers.state'
check "the registered stick becomes a disk" wait_disk early
check "the link opens" link_is eth0 open
check "and may be let up" ip link set eth0 up
wait_until 10 grep -q up /sys/class/net/eth0/operstate
ip neighbour replace 10.20.0.5 lladdr 02:00:00:00:00:99 dev eth0
plug stick 0951:1666 serial=A2 storage
check "one plugged later becomes a disk, too" wait_disk stick
plug stranger 1234:5678 serial=X9 storage
check "a stranger is refused" wait_refused stranger
check "and never is a disk" never_disk stranger

/lab/build/tests/tools/send-any --to 10.20.0.5 udp4 eth0 100000000 >/tmp/blast 2>&1 &
blaster=$!
start=$(frames)
check "a blaster sends to where it may" wait_until 20 sh -c \
	"[ \$(grep -ao airgap-probe /lab/log/nic0.pcap | wc -l) -gt $((start + 50)) ]"
begin=$(clock_us)
agent_kill airgapd
wait_until 5 shim_is locked
note "airgapd killed: locked after at most $((($(clock_us) - begin) / 1000)) ms"
sleep 0.1
at=$(frames)
check "the core is gone, the module locked" shim_is locked
add_controller hot
for bus in /sys/bus/usb/devices/usb*; do
	echo 1 >"$bus/authorized_default"
	echo 1 >"$bus/interface_authorized_default"
done
hotplug hotstick usb-storage bus=hot.0 size=1M serial=A2
path=/sys/bus/usb/devices/$(port_of hotstick)
echo 1 >"$path/authorized"
for flag in "$path:"*/authorized; do
	echo 1 >"$flag"
done
echo "${path##*/}:1.0" >/sys/bus/usb/drivers_probe 2>/dev/null
check "a stick in a controller that is added now has no driver, also when root opens it" holds 2 sh -c '! ls -d /sys/block/sd[c-z] 2>/dev/null'
check "the link is down" is_down eth0
check_has "who lets it up is told why" 'airgap: links stay down while airgapd' ip link set eth0 up
check "the stick of before keeps its disk" disk_of early
check "the blaster runs on" kill -0 $blaster
check_is "0 frames since" 0 echo $(($(frames) - at))

check "the core starts again" agent_start airgapd
check "and unlocks" wait_until 20 shim_is armed
check "the link comes up again" wait_until 10 is_up eth0
wait_until 10 grep -q up /sys/class/net/eth0/operstate
ip neighbour replace 10.20.0.5 lladdr 02:00:00:00:00:99 dev eth0
check "and sends" wait_until 15 sh -c "[ \$(grep -ao airgap-probe /lab/log/nic0.pcap | wc -l) -gt $((at + 10)) ]"
kill $blaster
check "the hot-plugged one is refused" wait_refused hotstick
check "and never was a disk" never_disk hotstick
check "that the module locked is written down" wait_log '.event.name == "module-locked" and .grade == "V2"'
check "and what was plugged meanwhile" wait_log '.event.name == "plugged-while-away"'
check "and what was opened by force" wait_log '.event.name == "usb-forced"'
check "sticks are there" disk_of stick

# The loop that beats is the one that works: whoever stops it, or those it needs, locks.
agent_signal STOP airgapd
check "stopped, it locks" wait_until 20 shim_is locked
agent_signal CONT airgapd
check "and unlocks when it goes on" wait_until 30 shim_is armed
check "with its link" wait_until 10 is_up eth0
agent_signal STOP airgap-journald
check "so it does when the journal does not answer" wait_until 30 shim_is locked
agent_signal CONT airgap-journald
check "until it answers" wait_until 30 shim_is armed
check "a clean stop leaves it armed for a successor" agent_stop airgapd
check_is "armed" armed shim_state
check "who comes" agent_start airgapd
check "and is unlocked" wait_until 20 sh -c 'airgapctl status --json | jq -e .status.layers.module'
check "the link was up all the time" is_up eth0
check "all is well" wait_until 10 airgapctl status
