#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Odd files and people without rights: none of them opens anything, holds anyone up, or is believed.
. /lab/lib.sh
require "a policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
check_has "a device is no policy" 'regular' airgapctl install /dev/zero
check_has "nor a folder" 'regular|folder|directory' airgapctl install /etc
mkfifo /tmp/pipe
check_has "nor a pipe, and nobody waits for it" 'regular' timeout 5 airgapctl install /tmp/pipe
check_not "alice cannot reach the core's sockets" as alice sh -c 'echo x | /usr/bin/busybox nc -U /run/airgap/core-door.socket'
check_not "alice cannot read the state" as alice cat /var/lib/airgap/state/state
check_not "alice cannot read the log" as alice cat /var/lib/airgap/journal/log
check_not "alice gets no status" as alice airgapctl status
check "carol, of the group, does" as carol airgapctl status
check_not "carol installs nothing" as carol airgapctl install "$(make_policy 43 <<< '')"
plug stick 0951:1666 serial=A1 storage
check "the stick is a disk" wait_disk stick

# The state full of rubbish, and a link in the policy's place.
check "the agent stops" agent_stop airgapd
head -c 1000000 /dev/urandom >/var/lib/airgap/state/state
check "starts on a state of rubbish" agent_start airgapd
check "and says so" wait_log '.event.name == "state-damaged"'
check "the agent stops" agent_stop airgapd
ln -sf /etc/shadow /var/lib/airgap/policy/active
check "starts on a symbolic link" agent_start airgapd
check_has "and follows it nowhere" 'Lockdown|Locked' airgapctl status
check "the stick is gone" wait_until 10 sh -c '! [ -e /sys/block/sda ]'
