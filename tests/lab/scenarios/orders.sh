#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Signed orders: a one-time permit, its end, its use on another terminal, a released lockdown.
. /lab/lib.sh

no_disk()
{
	! disk_of guest
}

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB

plug guest 1234:5678 serial=G1 storage
check "a guest's stick is refused" wait_refused guest
once=$(make_order once T-00417 'permit id 1234:5678 serial "G1"')
check_has "an order with one signature is refused" 'approval' \
	airgapctl install "$(make_order weak T-00417 'permit id 1234:5678 serial "G1"' so-7a)"
check_has "an order for another terminal is refused" 'T-00999' \
	airgapctl install "$(make_order other T-00999 'permit id 1234:5678 serial "G1"')"
check_not "neither let it in" disk_of guest
check "the order for this one is accepted" airgapctl install "$once"
check "the stick becomes a disk" wait_disk guest
check_is "by the order's name" once verdict_of guest permit .rule
check_is "and cause" order verdict_of guest permit .cause
check_has "the same order again is refused" 'once' airgapctl install "$once"
check "it is pulled out" unplug guest
plug guest 1234:5678 serial=G1 storage
check "a second plug-in is refused" wait_refused guest
check "it has no disk" no_disk
check "it is pulled out again" unplug guest

check "an order waits over a restart" airgapctl install \
	"$(make_order later T-00417 'permit id 1234:5678 serial "G1" for 2h')"
agent_kill airgapd
check "the agent starts" agent_start airgapd
plug other 1234:5678 serial=G2 storage
check "another stick does not use it up" wait_refused other
plug guest 1234:5678 serial=G1 storage
check "the one it names does" wait_disk guest
check "and it stays" holds 1 disk_of guest
date -u -s "$(date -u -d '+3 days' '+%F %T')" >/dev/null
check "until its days are over" wait_until 10 no_disk
check_not "then it is closed" is_authorized guest
unplug guest

# A kept list that was altered is tampering: lockdown until an order releases it.
check "the agent stops" agent_stop airgapd
echo '# altered' >>/var/lib/airgap/policy/active
check "the agent starts on an altered policy" agent_start airgapd
check "that is a lockdown" wait_log '.event.name == "lockdown"'
check_has "which an order has to end" 'order' airgapctl status
policy=$(make_policy 43 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
)
check "a new policy is installed" install_policy "$policy"
check_has "and does not end it alone" 'order' airgapctl status
check "the order does" airgapctl install "$(make_order release T-00417 'release lockdown')"
check_has "the policy governs" 'Enforcing' airgapctl status
plug stick 0951:1666 serial=A1 storage
check "the registered stick is a disk" wait_disk stick
check_has "a release without a lockdown is refused" 'no lockdown' \
	airgapctl install "$(make_order again T-00417 'release lockdown')"
