#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An inspection of a terminal whose agent runs: what it finds is true, and it is in the journal.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ], at-most 1
USB

airgapctl inspect --json --exit-zero --no-pager >/tmp/inspection
check "the inspection ends" test -s /tmp/inspection
result() { jq -r --arg check "$1" '.checks[] | select(.check == $check) | .result' /tmp/inspection; }
evidence() { jq -r --arg check "$1" '.checks[] | select(.check == $check) | .findings[].value' /tmp/inspection; }
check_is "USB refuses by default: a pass" pass result usb-default
check_has "the clock is looked at through the journal" 'never went back' evidence clock
check_not "no check died" grep -q 'died of signal\|took too long' /tmp/inspection
check "its record is in the journal" \
	sh -c 'airgapctl log --kind inspection --json | grep -q "\"inspected\""'
check "with the digest of what it came to" \
	sh -c 'airgapctl log --kind inspection --json | grep -q "sha256 [0-9a-f]\{64\}"'

plug stranger 1234:5678 serial=B1 storage
check "a stranger's stick is refused" wait_refused stranger
airgapctl inspect --line --only media-now,usb-default >/tmp/line
check_has "and an inspection finds nothing open" '^OK: .*2 pass' cat /tmp/line
