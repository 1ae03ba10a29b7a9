#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A registered stick becomes a disk, and not before the journal has it.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ], at-most 1
USB

plug stick 0951:1666 serial=A1 storage
check "it becomes a disk" wait_disk stick
check "the disk can be read" dd if="/dev/$(disk_of stick)" of=/dev/null bs=64k count=16
check "the journal has the permit" wait_permitted stick
check_is "the rule is named" stick verdict_of stick permit .rule

permitted=$(entries_of stick permit | head -n 1 | jq .boottime_us)
bound=$(events_of stick | awk '$3 == "bind" && $5 == "usb_interface" { print $1; exit }')
note "entry at $permitted us, driver bound at $bound us"
check "the entry is older than the driver's binding" test "$permitted" -lt "$bound"

plug twin 0951:1666 serial=A1 storage
check "a second one at the same time is refused" wait_refused twin
check_is "because of at-most" limit verdict_of twin refuse .cause
check "it never had a disk" never_disk twin
check "the first keeps its disk" disk_of stick
check_has "airgapctl shows it" '0951:1666.*permitted +stick' airgapctl devices

check "it is pulled out" unplug stick
check "the journal has that, too" wait_log '.event.outcome.state == "gone"'
usb_state
