#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Mode monitor: what the policy would refuse is let in and recorded, for a bounded time.
. /lab/lib.sh

no_disk()
{
	! disk_of stranger
}

require "a unit" make_unit
require "the recorder" record_start
require "the agent starts" agent_start
POLICY_MORE='mode monitor at-most 72h'
policy=$(make_policy 42 <<'USB'
allow  stick:      id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
forbid bad-combo:  interfaces has-all [ 08:*:* 03:*:* ], because "storage that also types"
USB
)
check "a policy in mode monitor is installed" install_policy "$policy"
check_has "status says so" '[Mm]onitor' airgapctl status

plug stranger 1234:5678 serial=X9 storage
check "a stranger becomes a disk" wait_disk stranger
check "and is on record" wait_permitted stranger
check_is "as what it would have been refused for" monitor verdict_of stranger permit .cause
check_has "in words" 'would be refused' verdict_of stranger permit .because
check_has "with the grade of a violation" '"grade":"V1"' entries_of stranger permit
plug combo 0951:1666 serial=A1 storage keyboard
check "so does what a rule forbids" wait_disk combo
check_is "the rule is named" bad-combo verdict_of combo permit .rule

# Nearly three days pass: the agent stops in good order, and the state says how long it ran.
check "the agent stops" agent_stop airgapd
jq -c '.policy_powered_s = 72 * 3600 - 4' /var/lib/airgap/state/state >/tmp/state
cp /tmp/state /var/lib/airgap/state/state
check "and starts" agent_start airgapd
check "a second stranger still gets in" wait_disk stranger
check "the time runs out while it runs" wait_log '.event.name == "enforcing"' 30
check "the stranger loses its disk" wait_until 10 no_disk
check "and is refused from now on" wait_refused stranger
check_has "status says that the policy decides" 'Enforcing' airgapctl status
