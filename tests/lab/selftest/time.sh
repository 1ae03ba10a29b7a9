#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The clock is the host's, users are in place, the host's files cannot be written.
. /lab/lib.sh
check "the clock is right" test "$(date +%s)" -ge "$LAB_TIME" -a "$(date +%s)" -lt $((LAB_TIME + 60))
first=$(clock_us)
sleep 0.1
check "the precise clock runs" test $(($(clock_us) - first)) -ge 100000
check_has "users have their groups" 'uid=1001\(carol\) .*940\(airgap\)' as carol id
check_is "and no capability" 0000000000000000 \
	as alice sed -n 's/^CapBnd:\t//p' /proc/self/status
check_not "the host's files cannot be written" touch /usr/lab-was-here
mount -o remount,rw /host
check_not "even when mounted so" touch /host/usr/lab-was-here
check "landlock is there" grep -q landlock /sys/kernel/security/lsm
check "so is bpf" grep -q bpf /sys/kernel/security/lsm
check_is "the journal's disk" ext2/ext3 stat -f -c %T /var/lib/airgap
check "python runs" python3 -c 'import json'
check "ssh-keygen runs" ssh-keygen -q -t ed25519 -N "" -f /tmp/key
check "modprobe finds the kernel's modules" modprobe -n mac80211_hwsim
