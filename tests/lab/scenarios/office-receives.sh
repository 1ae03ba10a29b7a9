#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a terminal records is at the office within seconds, confirmed by the office's signature.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick: id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
require "the office's server is up" office_start
require "the terminal is registered, by a code and compared fingerprints" office_register T-00417
recorded=$(journal . | wc -l)
check "what was recorded before is confirmed" wait_until 60 office_confirmed "$recorded"

plug stranger 1234:5678 serial=X9 product="Found in the car park" storage
check "a stick is refused" wait_refused stranger
seq=$(entries_of stranger refuse | head -n 1 | jq .seq)
check "the office has that entry" wait_until 60 office_confirmed $((seq + 1))
check "its copy verifies" airgap-office verify T-00417
check_has "the terminal knows" "registration active" airgapctl report status

agent_kill airgap-reportd
plug dark 1234:0002 storage
check "without the reporter another is refused" wait_refused dark
seq=$(entries_of dark refuse | head -n 1 | jq .seq)
check_not "the office does not have it yet" office_confirmed $((seq + 1))
check "the reporter comes back" agent_start airgap-reportd
check "and the office has it" wait_until 60 office_confirmed $((seq + 1))
check "its copy verifies again" airgap-office verify T-00417
