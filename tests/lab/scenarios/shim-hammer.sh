#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=2 timeout=900 cpus=2
# Random requests from root, floods, and every limit of the module: refused with an error, and the kernel lives.
. /lab/lib.sh

require "two adapters" net_adapters 2
require "the module loads" shim_load
modprobe dummy

shim_start
shim_arm 30000
i=0
# All but lo, eth0 and eth1; the limit is 1024.
seq 1 1030 | sed 's/.*/link add d& type dummy/' | ip -batch -
for link in /sys/class/net/d*; do
	shim link "$(cat "$link/ifindex")" >/tmp/link || break
	i=$((i + 1))
done
check_is "as many links as the limit says" 1024 echo "$i"
check_has "and one more is refused" ENOSPC cat /tmp/link
check_has "which the status tells" 'links=1024/1024' shim status
seq 1 1030 | sed 's/.*/link del d&/' | ip -batch -
check_has "they go with their links" 'links=0/1024' shim status

shim records >/tmp/records
shim done 999999
# Two links in turn, so that no record merges with the one before.
j=0
while [ $j -lt 1000 ]; do
	echo "link set eth0 up"
	echo "link set eth1 up"
	j=$((j + 1))
done | ip -force -batch - >/dev/null 2>&1
check_has "a flood of records ends at their limit" 'records=7[0-9][0-9]/1024 lost=[1-9]' shim status
shim lock
check_has "what counts has room all the same" 'locked' shim records
shim done 999999
shim_kill

check "a descriptor that is not allowed to be opened by a user" sh -c '! as alice sh -c "exec 5<>/dev/airgap"'
before=$(grep -E '^Slab' /proc/meminfo | tr -dc 0-9)
for seed in 1 2 3; do
	lab-shim-hammer 15 $seed >/tmp/hammer 2>&1
	check_has "hammered, seed $seed" '^requests [0-9]{4}' cat /tmp/hammer
	note "$(grep -h requests /tmp/hammer | tr '\n' ';')"
done
sleep 1
after=$(grep -E '^Slab' /proc/meminfo | tr -dc 0-9)
note "slab before $before kB, after $after kB"
check "memory was given back" test $((after - before)) -lt 4096
shim_start
check "and serves the next one" shim_arm 10000
check "which can permit" shim link "$(index_of eth0)"
check "a link" ip link set eth0 up
