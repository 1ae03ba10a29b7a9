#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The journal's program is dead: what is denied stays denied, and nothing new is permitted.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB

check "journald is killed" agent_kill airgap-journald
plug stranger 1234:5678 serial=X9 storage
plug stick 0951:1666 serial=A1 storage
check "no stick becomes a disk" holds 3 test ! -e /sys/block/sda
check_not "not even the registered one is authorised" is_authorized stick
check_not "airgapctl says that something is wrong" airgapctl status
check_has "and names the journal" '[Jj]ournal' airgapctl status
check "journald starts again" agent_start airgap-journald
check "the registered one becomes a disk" wait_disk stick
check "the stranger's refusal is recorded late" wait_refused stranger
check "it never was a disk" never_disk stranger

check "the monitor is killed" agent_kill airgap-monitord
plug later 1234:5678 serial=X8 storage
check "a stick plugged then has no disk" holds 2 sh -c '! ls -d /sys/block/sd[b-z] 2>/dev/null'
check "the monitor starts again" agent_start airgap-monitord
check "the stick is refused" wait_refused later
check "it never was a disk" never_disk later
