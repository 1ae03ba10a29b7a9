#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Time: a policy that ends, hours that run out, a clock that is turned back.
. /lab/lib.sh

set_clock() # DATE-OF-date(1)
{
	date -u -s "$1" >/dev/null
}

today=$(date -u +%F)
POLICY_VALID="$(date -u -d '-30 days' +%F) .. $(date -u -d '+5 days' +%F)"
require "a policy that ends in five days" agent_up 42 <<'USB'
allow  stick:     id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
allow  keyboard:  id in [ 046d:c31c ], interfaces within [ 03:01:01 ]
--
failure {
    expired        restrict
    clock-suspect  lockdown
}
USB
check "its end is announced" wait_log '.event.name == "policy-expires" and .event.count == 7'
check "and told to people at the terminal" wait_until 10 grep -q "policy-ends: told" /lab/log/airgap-noticed.stderr

plug stick 0951:1666 serial=A1 storage
check "it governs" wait_disk stick
plug keys 046d:c31c keyboard
check "a keyboard works" wait_permitted keys

set_clock "$(date -u -d '+6 days' '+%F %T')"
check "at its end it restricts" wait_log '.event.name == "restricted"'
# What may still be done with media, medium-use.sh shows; the device is not what is restricted.
check "the stick is let in still" is_authorized stick
check "the keyboard works on" is_authorized keys
check_has "status tells what to do" 'expired' airgapctl status

set_clock "$today 00:00:00"
check "a clock turned back is noticed" wait_log '.event.name == "lockdown"'
check_has "status names the clock" '[Cc]lock' airgapctl status
check "the keyboard is a rescue keyboard" wait_until 10 is_authorized keys

set_clock "$(date -u -d '+7 days' '+%F %T')"
POLICY_VALID="$(date -u -d '-1 day' +%F) .. $(date -u -d '+300 days' +%F)"
POLICY_MORE='runtime at-most 100h'
policy=$(make_policy 43 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
)
check "the next policy ends all that" install_policy "$policy"
check "the stick is a disk again" wait_disk stick
check_not "the keyboard is in it no more" is_authorized keys

check "the agent stops" agent_stop airgapd
jq -c '.policy_powered_s = 100 * 3600 - 3' /var/lib/airgap/state/state >/tmp/state
cp /tmp/state /var/lib/airgap/state/state
check "and starts" agent_start airgapd
check "its powered-on hours run out" wait_log '.event.text // "" | test("powered-on hours")' 30
check "lockdown, as it says nothing else" wait_until 10 sh -c '! [ -e /sys/block/sda ]'

# The power is cut, not the agent stopped: that costs time, so that it cannot be gained.
before=$(jq .powered_s /var/lib/airgap/state/state)
agent_kill airgapd
check "the agent starts after a kill" agent_start airgapd
after=$(jq .powered_s /var/lib/airgap/state/state)
check "a stop in disorder is charged" test "$after" -ge $((before + 600))
