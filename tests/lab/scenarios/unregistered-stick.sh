#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A stick that no rule allows never becomes a disk, and the journal says why.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:      id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
forbid bad-combo:  interfaces has-all [ 08:*:* 03:*:* ], because "storage that also types"
USB

plug stranger 1234:5678 serial=X9 product="Found in the car park" storage
check "the journal has the refusal" wait_refused stranger
check_is "no rule applied" default verdict_of stranger refuse .cause
check_is "and no rule is named" null verdict_of stranger refuse .rule
check_has "it says so in words" . verdict_of stranger refuse .because
check_has "it has a grade" '"grade":"V[1-4]"' entries_of stranger refuse
check_not "the kernel has not authorised it" is_authorized stranger
check "it has no disk" holds 2 test ! -e /sys/block/sda
check "it never had one" never_disk stranger
check "no driver was ever bound" never_bound stranger

plug combo 0951:1666 serial=A1 storage keyboard
check "a stick that also types is refused" wait_refused combo
check_is "by the rule for that" bad-combo verdict_of combo refuse .rule
check_is "with its reason" "storage that also types" verdict_of combo refuse .because
check "it never had a disk" never_disk combo
check "nor a driver" never_bound combo

check_has "airgapctl shows the stranger as blocked" '1234:5678.*blocked' airgapctl devices
check_has "airgapctl tells why" 'bad-combo' airgapctl why "$(port_of combo)"
usb_state
