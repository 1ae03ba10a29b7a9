#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sticks that were there before the agent: it takes away what it does not permit.
. /lab/lib.sh

record_start
plug stranger 1234:5678 serial=X9 storage
plug stick 0951:1666 serial=A1 storage
check "with nobody on guard the stranger is a disk" wait_disk stranger
check "so is the registered one" wait_disk stick

require "the unit's files are there" make_unit
policy=$(make_policy 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
)
check "the agent starts" agent_start
check "without a policy the stranger loses its disk" wait_until 10 test ! -e "/sys/block/sda"
check "and the registered one, too" wait_until 10 test ! -e "/sys/block/sdb"
check "a policy is installed" install_policy "$policy"
check "the registered one is a disk again" wait_disk stick
check "the stranger stays refused" wait_refused stranger
check_not "not authorised" is_authorized stranger
check_not "no disk" disk_of stranger

check "the agent stops" agent_stop
check_not "the stranger gains nothing by that" disk_of stranger
plug late 1234:5678 serial=X8 storage
check "a stick plugged now has no disk" holds 2 sh -c '! ls -d /sys/block/sd[b-z] 2>/dev/null'
check "and never had one" never_disk late
check "the agent starts again" agent_start
check "it refuses that one" wait_refused late
check "the registered one is a disk" wait_disk stick
usb_state
