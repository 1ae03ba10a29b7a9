#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: disk=16M,1M nic=2
# Power is cut and the machine boots again with the same disks; extra disks and network adapters.
. /lab/lib.sh
check "bash runs it" test -n "$BASH_VERSION"
if [ "$LAB_BOOT" = 1 ]; then
	modprobe virtio_net
	check "two adapters" test -e /sys/class/net/eth0 -a -e /sys/class/net/eth1
	check_is "a disk of 16 MiB" 32768 cat /sys/block/vdb/size
	check_is "a disk of 1 MiB" 2048 cat /sys/block/vdc/size
	echo kept >/var/lib/airgap/kept
	echo kept >/dev/vdb
	sync
	echo lost >/var/lib/airgap/lost
	lab_reboot
fi
check_is "what was synced is there" kept cat /var/lib/airgap/kept
check_is "also on the other disk" kept head -n 1 /dev/vdb
check_not "what was not synced is lost" grep lost /var/lib/airgap/lost
