#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=1 timeout=600
# The module locks when its owner dies, falls silent, or says so, and only an unlocked session opens again.
. /lab/lib.sh

arm() # MILLISECONDS
{
	shim_start
	shim_arm "$1" && shim link "$(index_of eth0)" && shim cidr 10.20.0.0/24 && ip link set eth0 up
}

cause() # of the last lock, for who opens next
{
	shim status | grep -o 'cause=[a-z]*'
}

require "an adapter" net_adapters 1
ip address add 10.20.0.1/24 dev eth0
require "the module loads" shim_load

arm 5000
check_is "armed" armed shim_state
check "eth0 is up" is_up eth0
check "beats keep it" holds 4 shim_is armed

begin=$(clock_us)
kill -KILL "$shim_pid"
wait_until 5 shim_is locked
locked=$(clock_us)
wait_until 5 is_down eth0
note "kill -9: locked seen after $(((locked - begin) / 1000)) ms, link down after $((($(clock_us) - begin) / 1000)) ms"
exec 7>&- 8<&-
check_is "killed: locked" locked shim_state
check "the link is down" is_down eth0
check_has "and stays so" 'airgap: links stay down while airgapd does not answer' ip link set eth0 up

shim_start
check "a new one opens" shim open
check_is "it is told why" "cause=closed" cause
check_has "and what happened meanwhile" 'net-veto .* eth0' shim records
check "a session begins" shim hello 3000
shim beat on
check_is "that alone opens nothing" locked shim_state
check "the link of before is confirmed" shim link "$(index_of eth0)"
check_has "down it stays" 'airgap: links' ip link set eth0 up
check "it is unlocked" shim unlock
check_has "that it was up is told, for it to be let up again" 'closed' shim link "$(index_of eth0)"
check "it comes up" ip link set eth0 up
kill -STOP "$shim_pid"
check "stopped, it locks at its timeout" wait_until 20 shim_is locked
check "the link goes down" wait_until 5 is_down eth0
kill -CONT "$shim_pid"
check_has "its beats are stale" ESTALE shim beat
check_has "and all else" ESTALE shim link "$(index_of eth0)"
check "it may begin anew" shim hello 3000
shim beat off
shim beat on
check "with the link" shim link "$(index_of eth0)"
check "and unlock" shim unlock
check "it says goodbye" shim goodbye 0
check_is "which opens nothing" locked shim_state
check_is "and is no alarm" "cause=goodbye" cause

check "again" shim hello 10000
shim beat on
shim link "$(index_of eth0)"
shim cidr 10.20.0.0/24
check "unlocked" shim unlock
ip link set eth0 up
check "goodbye, for a successor" shim goodbye 20000
check_is "what is open stays so" armed shim_state
check "the link, too" is_up eth0
check "he dies" shim_kill
check_is "and it is armed still" armed shim_state
shim_start
shim open
check "the successor begins" shim hello 10000
shim beat on
shim link "$(index_of eth0)"
shim cidr 10.20.0.0/24
check "until it unlocks" shim unlock
check "the link was up all the time" is_up eth0
check "a second goodbye" shim goodbye 1000
check "without a successor it locks" wait_until 20 shim_is locked
check_is "that is told" "cause=grace" cause

shim hello 5000
shim beat on
shim unlock
check_has "a permit that was not confirmed is gone" 'airgap: the policy' ip link set eth0 up

# A child that the descriptor leaked into does not keep the session, nor the device.
leaked=$(shim leak | head -n 1)
check "the owner dies, a child has the descriptor" shim_kill
check_is "it locks all the same" locked shim_state
check "the child lives" kill -0 "$leaked"
shim_start
check "the next one can open" shim open
shim_kill
kill -KILL "$leaked"

check_not "rmmod is refused" rmmod airgap
check_is "it is still there" locked shim_state
shim_start
shim_arm 5000
shim link "$(index_of eth0)"
shim cidr 10.20.0.0/24
ip link set eth0 up
check "eth0 is up once more" is_up eth0
setsid rmmod -f airgap &
check "forced out it parks" wait_until 5 shim_is parked
check "and closes" wait_until 5 is_down eth0
check_has "nobody opens it again" ESHUTDOWN shim hello 1000
check_has "links stay down" 'airgap: links' ip link set eth0 up
plug stick 0951:1666 serial=A1 storage
echo 1 >"/sys/bus/usb/devices/$(port_of stick)/authorized"
echo "$(port_of stick):1.0" >/sys/bus/usb/drivers_probe
check_not "no disk comes" wait_disk stick 2
check_not "a new session is refused by a device that is gone" sh -c 'exec 5<>/dev/airgap'
