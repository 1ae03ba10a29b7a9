#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The core is killed: nothing opens while it is gone, and it catches up when it is back.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial in [ "A1" "A2" ], interfaces within [ 08:06:50 ]
USB

plug before 0951:1666 serial=A1 storage
check "a registered stick becomes a disk" wait_disk before
check "the core is killed" agent_kill airgapd
plug stranger 1234:5678 serial=X9 storage
plug stick 0951:1666 serial=A2 storage
check "a stranger plugged now has no disk" holds 2 sh -c '! ls -d /sys/block/sd[b-z] 2>/dev/null'
check_not "not even the registered one is authorised" is_authorized stick
check "the one from before keeps its disk" disk_of before
check "the other programs run on" agent_running airgap-monitord
check_not "airgapctl says that something is missing" airgapctl status

check "the core starts again" agent_start airgapd
check "the registered one becomes a disk" wait_disk stick
check "the stranger is refused" wait_refused stranger
check "and never was a disk" never_disk stranger
check "nor had a driver" never_bound stranger
check "the one from before has its disk" disk_of before
check "all is well again" wait_until 10 airgapctl status
check "the journal tells of both starts" wait_log '.kind == "boot" or .kind == "alarm"'
usb_state
