#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files leave terminal A by a registered stick and arrive at terminal B: asked for, looked at, approved, written,
# read back, brought in, and recorded on both sides.
# lab: memory=640
# lab: timeout=900
. /lab/lib.sh

require "a unit" media_unit
require "a stick is enrolled" medium_make stick S1 vfat
require "the table is issued" media_issue
record_start
require "two terminals with one policy" transfer_up 42 \
	'allow  in-docs:   direction in, types in [ txt ], size at-most 1M' \
	'allow  out-docs:  direction out, types in [ txt ], size at-most 1M, approvals [ security 1 ], wait at-most 8h'

# --- asked for ---
mkdir -p /tmp/alice/minutes
echo "what was said in July" >/tmp/alice/minutes/july.txt
echo "七月会议纪要" >"/tmp/alice/minutes/七月.txt"
chown -R alice /tmp/alice
batch=$(request alice /tmp/alice/minutes)
check "a user asks for a folder of two files" test -n "$batch"
check_is "it waits" waiting batch "$batch" .state
check_is "the journal has it" 'alice 2' transfer_log "$batch" requested '"\(.event.login) \(.event.files)"'
check_not "somebody else does not see it" as nobody airgapctl transfer show "$batch"
check "the officer who is to approve sees it" as carol airgapctl transfer show "$batch"
check_not "it is not exported before" as alice airgapctl transfer export "$batch"

# --- approved ---
check_is "the officer looks at the copy" "what was said in July" as carol sh -c "airgapctl transfer open $batch 0 | cat"
check "that he looked is recorded" transfer_log "$batch" opened
check "he approves" approve "$batch" so-7a
check_not "the same approval is refused a second time" airgapctl transfer approve "$batch" --signed /tmp/approval
check_is "it is ready" ready batch "$batch" .state

# --- written ---
plug stick 0951:1666 serial=S1 storage=/tmp/lab/stick.img
check "the stick may be written" wait_usable stick write
check_has "the user exports it" 'read back' as alice airgapctl transfer export "$batch"
check_is "it is done" done batch "$batch" .state
check "the journal has it" wait_transfer "$batch" exported
slip=$(transfer_log "$batch" exported .event.slip)
note "slip $slip"
check_not "a second export is refused" as alice airgapctl transfer export "$batch"
check_has "nothing of the staged copy is left" '^0$' eval "ls /var/lib/airgap/transfer/staging | wc -l"
unplug stick
check "the stick is given up" wait_until 20 eval '! medium_now stick .right'

# --- what a finder sees ---
for word in july minutes 'said in' 七月 7.2.14 mimi T-00417 alice airgap-slip; do
	check_not "'$word' is not on the stick" grep -qaF -- "$word" /tmp/lab/stick.img
done

# --- read ---
require "at the other terminal" terminal_is B
check "which has the policy in force" wait_until 20 eval 'airgapctl --json status | jq -e ".status.policy.serial == 42"'
plug stick 0951:1666 serial=S1 storage=/tmp/lab/stick.img
check "the stick may be read" wait_usable stick write
check_has "it says what there is" "$batch" as carol airgapctl transfer import
mkdir -p /tmp/carol
chown carol /tmp/carol
check_has "a user brings it in" 'taken by carol' as carol airgapctl transfer import --into /tmp/carol
check "the file is the one that left" cmp /tmp/alice/minutes/july.txt /tmp/carol/minutes/july.txt
check "and so is the other" cmp "/tmp/alice/minutes/七月.txt" "/tmp/carol/minutes/七月.txt"
check_is "they are hers" carol stat -c %U /tmp/carol/minutes/july.txt
check "the journal has it" wait_transfer "$batch" imported
check_is "with the same slip" "$slip" transfer_log "$batch" imported .event.slip
check_is "from that terminal" T-00417 transfer_log "$batch" imported .event.peer
check_not "it does not come in a second time" as carol airgapctl transfer import "$batch" --into /tmp/carol
unplug stick
usb_state
