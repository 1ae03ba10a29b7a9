#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: cmdline="usbcore.authorized_default=0"
# The kernel starts with everything denied: a stick that is there at boot is never open.
. /lab/lib.sh

record_start
plug stranger 1234:5678 serial=X9 storage
plug stick 0951:1666 serial=A1 storage
check_not "nothing is authorised before the agent" is_authorized stranger
require "the unit's files are there" make_unit
policy=$(make_policy 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
)
check "the agent starts" agent_start
check "a policy is installed" install_policy "$policy"
check "the registered one becomes a disk" wait_disk stick
check "the stranger is refused" wait_refused stranger
check "and never was a disk" never_disk stranger
check "nor had a driver" never_bound stranger
