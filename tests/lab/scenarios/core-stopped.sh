#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The core is stopped (SIGSTOP): nothing opens, and it catches up when it goes on.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB

agent_signal STOP airgapd
plug stranger 1234:5678 serial=X9 storage
plug stick 0951:1666 serial=A1 storage
check "no stick becomes a disk meanwhile" holds 3 test ! -e /sys/block/sda
check_not "not even the registered one is authorised" is_authorized stick
agent_signal CONT airgapd
check "then the registered one becomes a disk" wait_disk stick
check "the stranger is refused" wait_refused stranger
check "and never was a disk" never_disk stranger

# The same with a watchdog, as the units have it: a core that is silent is ended.
check "the core is restarted with a watchdog" agent_stop airgapd
AGENT_WATCHDOG=3
check "it starts" agent_start airgapd
check "it keeps the watchdog fed" holds 6 agent_running airgapd
agent_signal STOP airgapd
# A stopped program takes SIGABRT only when it goes on; the watchdog's word is in the record.
check "stopped, the watchdog notices" wait_until 10 grep -q ' watchdog silent' \
	"$LAB/agent/airgapd.record"
agent_signal CONT airgapd
check "and ends it" wait_until 5 agent_ended airgapd
check_is "by SIGABRT" "signal 6" agent_end airgapd
check_not "a stranger gains nothing" disk_of stranger
