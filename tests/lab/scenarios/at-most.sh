#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# at-most: who was let in first keeps the place, over rescans, new policies and restarts.
. /lab/lib.sh

rules='allow  stick:  id in [ 0951:1666 ], interfaces within [ 08:06:50 ], at-most 1'
require "a signed policy is in force" agent_up 42 <<USB
$rules
USB

# The later one sits on a lower bus: an order by names would prefer it.
plug first 0951:1666 serial=A1 storage at=3
check "the first becomes a disk" wait_disk first
plug second 0951:1666 serial=A2 storage at=0
check "the second is refused" wait_refused second
check_is "because of the limit" limit verdict_of second refuse .cause
disk=$(disk_of first)
mount -t tmpfs none /mnt
exec 7<"/dev/$disk"

# kept TEXT - the first has its disk as before, the second has none
kept()
{
	check_is "$1: the first keeps its disk" "$disk" disk_of first
	check "$1: which still answers" dd if="/dev/$disk" of=/dev/null bs=4k count=1
	check_not "$1: the second has nothing" is_authorized second
}

check "the monitor is killed" agent_kill airgap-monitord
check "and starts" agent_start airgap-monitord
check "it has read all devices" wait_until 10 airgapctl status
kept "after a rescan"
check "the core is stopped and started" agent_stop airgapd
check "it starts" agent_start airgapd
check "it has read all devices" wait_log '.event.outcome.verdict.result == "refuse" and .event.outcome.plug > 2'
kept "after a restart"
check "the core is killed" agent_kill airgapd
check "it starts" agent_start airgapd
check "all is well" wait_until 10 airgapctl status
kept "after a crash"
check "the next policy says the same" install_policy "$(echo "$rules" | make_policy 43)"
kept "under the next policy"
check "one permits both" install_policy "$(echo "$rules" | sed 's/at-most 1/at-most 2/' | make_policy 44)"
check "the second is a disk" wait_disk second
check_is "the first has not moved" "$disk" disk_of first
check "one permits one again" install_policy "$(echo "$rules" | make_policy 45)"
check "who is one too many goes" wait_until 10 sh -c '[ "$(ls -d /sys/block/sd* | wc -l)" -eq 1 ]'
check_is "the first stays" "$disk" disk_of first
check_not "the second goes" is_authorized second

exec 7<&-
check "the first is pulled out" unplug first
plug third 0951:1666 serial=A3 storage at=2
check "its place is free for the next" wait_disk third

# The place changes hands while nobody listens.
agent_signal STOP airgap-monitord
gadget fourth 0951:1666 serial=A4 storage at=1
unplug third
gadget_plug fourth
check "one more is plugged while the monitor is stopped" wait_device fourth
agent_signal CONT airgap-monitord
check "then it has the place" wait_disk fourth
check_not "alone" is_authorized second

# And while the core is away altogether.
check "the core is killed" agent_kill airgapd
gadget fifth 0951:1666 serial=A5 storage at=2
unplug fourth
gadget_plug fifth
check "one more is plugged" wait_device fifth
check "the core starts" agent_start airgapd
one_disk()
{
	[ "$(ls -d /sys/block/sd* | wc -l)" -eq 1 ]
}
check "one of those that wait has the place" wait_until 10 one_disk
check "and only one" holds 1 one_disk
usb_state
