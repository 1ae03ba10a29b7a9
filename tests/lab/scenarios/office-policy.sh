#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A signed policy says where the office is and how grave what is: it beats what root wrote.
. /lab/lib.sh

# SERIAL ADDRESS: a policy with an office
names_office()
{
	install_policy "$(make_policy "$1" <<-POLICY
	allow  stick: id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
	--
	report {
	    office  "$2"  key "$(office_key)"  level mimi
	    heartbeat  every 10m  late-after 25m
	}
	incidents {
	    grade  usb.blocked V3
	    deadline  V3 20h  inside 5h
	}
	POLICY
	)"
}
named_by() { airgapctl report status | grep -q "^named by *$1"; }
problem() { airgapctl report status | grep -q "$1"; }

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick: id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
require "the office's server is up" office_start
require "the terminal is registered" office_register T-00417
check "root's file names the office" named_by /etc/airgap/office
check "a policy that names it comes into force" names_office 43 "127.0.0.1:$OFFICE_PORT"
check "it counts now" wait_until 20 named_by "policy 43"

plug stranger 1234:5678 serial=X9 product="Found in the car park" storage
check "a stick is refused" wait_refused stranger
check "graded as the policy says" eval '[ "$(entries_of stranger refuse | tail -n 1 | jq -r .grade)" = V3 ]'
seq=$(entries_of stranger refuse | tail -n 1 | jq .seq)
check "the promise is the policy's" eval '[ "$(entries_of stranger refuse | tail -n 1 | jq .next_by_s)" = 600 ]'
check "the office has it" wait_until 60 office_confirmed $((seq + 1))
check_has "as an event of that grade" "V3  to-verify" airgap-office incidents list

check "a policy with an office that cannot be" names_office 44 "office.lan:8443"
check "is no way back to root's file" wait_until 20 problem "is no number and port"
