#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A registered stick is read, judged, counted, recorded and only then mounted, for airgap-transferd alone; it is
# given up when anything changes of that.
# lab: memory=512
# lab: timeout=400
. /lab/lib.sh

require "a unit" media_unit
require "a stick is enrolled" medium_make stick S1 vfat
require "and one of ext4" medium_make other S2 ext4
require "the table is issued" media_issue
read_rule='allow  read:   medium in @media, level at-most terminal, to [ read ]'
write_rule='allow  write:  medium in @media, level is terminal, sealed yes, to [ read write ]'
require "the agent, a policy, the table" media_up 42 "$read_rule" "$write_rule"

# --- written ---
plug stick 0951:1666 serial=S1 storage=/tmp/lab/stick.img
check "it may be written" wait_usable stick write
check_is "by the rule" write medium_log stick admitted .event.verdict.rule
check_is "the entry is of kind media, and no violation" 'media null' \
	medium_log stick admitted '"\(.kind) \(.grade)"'
check_is "what was counted is recorded" 2 medium_log stick admitted .event.medium.sequence
check_has "airgapctl status shows it" 'vfat, A. Novak, level mimi' airgapctl status
options=$(medium_mount)
note "$options"
for option in rw nodev nosuid noexec errors=remount-ro uid=945; do
	check_has "mounted $option" "[ ,]$option[ ,]" echo "$options "
done
check_not "nobody else sees it" grep -q airgap-mount /proc/mounts
disk=/dev/$(disk_of stick)
check_is "the node is root's alone" '600 root:root' stat -c '%a %U:%G' "$disk"
check_not "a user cannot read it" as alice head -c 1 "$disk"
check "the raw partition is read-only again" is_read_only "${disk}1"
check_not "the data partition is not" is_read_only "${disk}2"
ratio=$(cat "/sys/class/bdi/$(cat "/sys/block/$(disk_of stick)/dev")/max_ratio")
check_is "little waits unwritten for it" 1 echo "$ratio"
root=$(medium_root)
check "airgap-transferd has its root" test -d "$root"

# --- and no longer ---
check "a policy that lets read only" media_policy 43 "$read_rule"
check "takes it back and gives it anew" wait_usable stick read
check_has "mounted read-only" '[ ,]ro[ ,]' medium_mount
check "and the disk is read-only" is_read_only "${disk}2"
check_is "released in order" 'other rights hold from now on' medium_log stick released .event.medium.text
check_is "each use is counted" 3 medium_log stick admitted .event.medium.sequence
check "a policy without a rule for it" media_policy 44
check "refuses it" wait_medium stick refused
check_is "by default" default medium_log stick refused .event.verdict.cause
check_not "nothing is mounted" medium_mount
check "the disk is there still, read-only" is_read_only "$disk"
check "with the rules again" media_policy 45 "$read_rule" "$write_rule"
check "it is usable at once" wait_usable stick write

# --- pulled ---
unplug stick
check "that it was pulled is recorded" wait_log '.event.type == "media" and .event.action == "pulled"'
check_not "and it is not shown" medium_now stick .right
check_not "nothing is mounted then" medium_mount
plug stick 0951:1666 serial=S1 storage=/tmp/lab/stick.img
check "plugged in again it is usable" wait_usable stick write

# --- programs that die ---
agent_kill airgap-mountd
check "without the mount helper it is taken back" wait_until 10 eval '! medium_now stick .right'
agent_start airgap-mountd
check "and given when that is back" wait_usable stick write
agent_kill airgap-transferd
check "so it is without airgap-transferd" wait_until 10 eval '! medium_mount'
agent_start airgap-transferd
check "and back with it" wait_usable stick write
agent_kill airgapd
check "without the core nothing stays mounted" wait_until 10 eval '! medium_mount'
check "and the disk is read-only" wait_until 5 is_read_only "${disk}2"
agent_start airgapd
check "the next one begins anew" wait_usable stick write
unplug stick

# --- ext4 ---
plug other 0951:1666 serial=S2 storage=/tmp/lab/other.img
check "one of ext4" wait_usable other write
check_has "mounted as such" ' ext4 rw.*errors=remount-ro' medium_mount
check_is "every terminal's program may write there" 777 stat -L -c %a "$(medium_root)/"

# --- restricted ---
MEDIA_MORE='failure {
    expired  restrict
}'
POLICY_VALID="$(date -u -d '-30 days' +%F) .. $(date -u -d '+5 days' +%F)"
check "a policy that restricts at its end" media_policy 46 "$read_rule" "$write_rule"
check "lets write until then" wait_usable other write
date -u -s "$(date -u -d '+6 days' '+%F %T')" >/dev/null
check "and read from then on" wait_usable other read
check_is "for that reason" restrict medium_log other admitted .event.verdict.cause
date -u -s "$(date -u -d '-6 days' '+%F %T')" >/dev/null
check "a clock turned back is not believed: nothing may be used" wait_until 20 eval '! medium_mount'
unplug other
unset POLICY_VALID MEDIA_MORE
check "until the clock is right" eval 'date -u -s "$(date -u -d "+6 days" "+%F %T")" >/dev/null
	media_policy 47 "$read_rule" "$write_rule"'
plug other 0951:1666 serial=S2 storage=/tmp/lab/other.img
check "the next policy lets write" wait_usable other write

# --- withdrawn while it is used ---
check "one officer withdraws it" eval 'airgapctl media lost S2 --draft /tmp/lost.agp >/dev/null &&
	sign_file airgap-table@v1 /tmp/lost.agp so-7a && airgapctl install /tmp/lost.agp'
check "it is refused as lost" wait_medium other refused
check_is "a serious breach" V2 medium_log other refused .grade
check_not "its mount is gone" medium_mount
usb_state
