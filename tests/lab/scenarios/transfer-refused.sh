#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is not transferred: above the medium's level, with an approval that has ended or another batch's, of another
# type; a file from a foreign stick only by the one way, and never one that the scanner knows.
# lab: memory=1024
# lab: timeout=900
. /lab/lib.sh

require "a unit" media_unit
require "a stick is enrolled" medium_make stick S1 ext4
require "and one of a lower level" medium_make low S2 vfat neibu
require "the table is issued" media_issue
truncate -s 16M /tmp/lab/foreign.img
mkfs.vfat /tmp/lab/foreign.img >/dev/null
eicar=$(printf '%s%s%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}' '$EICAR-STANDARD-ANTIVIRUS' '-TEST-FILE!$H+H*')
fill()
{
	plug foreign 1234:5678 serial=F1 storage=/tmp/lab/foreign.img && wait_disk foreign && mkdir -p /tmp/foreign &&
		mount -t vfat "/dev/$(disk_of foreign)" /tmp/foreign || return 1
	printf '%s' "$eicar" >/tmp/foreign/eicar.txt
	echo "from outside" >/tmp/foreign/outside.txt
	cp /tmp/foreign/outside.txt /tmp/outside.txt
	umount /tmp/foreign && unplug foreign
}
require "a foreign stick has two files" fill
record_start
TRANSFER_MEDIA='allow  lower:  medium in @media, level at-most terminal, sealed yes, to [ read write ]'
require "two terminals with one policy" transfer_up 42 \
	'allow  in-docs:   direction in, medium foreign, types in [ txt ], size at-most 1M, scan required' \
	'allow  out-docs:  direction out, types in [ txt ], size at-most 1M, approvals [ security 1 ], wait at-most 8h'

mkdir -p /tmp/alice /tmp/carol
echo "what was said in July" >/tmp/alice/july.txt
head -c 2000 /bin/true >/tmp/alice/program
chown -R alice /tmp/alice
chown carol /tmp/carol

# --- approvals ---
check_not "a type that no rule names is refused" as alice airgapctl transfer request --to 7.2.14 --level mimi \
	--term x --basis y /tmp/alice/program
check_not "so is a level above the terminal's" as alice airgapctl transfer request --to 7.2.14 --level juemi \
	--term x --basis y /tmp/alice/july.txt
batch=$(request alice /tmp/alice/july.txt)
airgapctl transfer approve "$batch" --print 2>/dev/null | sed 's/until .*/until      2020-01-01T00:00:00Z/' >/tmp/expired
sign_file airgap-approval@v1 /tmp/expired so-7a
check_has "an approval that has ended is refused" 'ended|expired|over' airgapctl transfer approve "$batch" --signed /tmp/expired
other=$(request alice /tmp/alice/july.txt)
airgapctl transfer approve "$other" --print 2>/dev/null >/tmp/other
sign_file airgap-approval@v1 /tmp/other so-7a
check_has "another batch's is refused" 'another batch' airgapctl transfer approve "$batch" --signed /tmp/other
check "its own is taken" approve "$batch" so-7a
check_not "and not a second time" airgapctl transfer approve "$batch" --signed /tmp/approval

# --- write down ---
plug low 0951:1666 serial=S2 storage=/tmp/lab/low.img
check "the lower medium may be written" wait_usable low write
check_has "what is above its level is refused" 'level' as alice airgapctl transfer export "$batch"
check_is "the batch is kept" ready batch "$batch" .state
unplug low

# --- one way, and the scanner ---
plug foreign 1234:5678 serial=F1 storage=/tmp/lab/foreign.img
check "a foreign stick may be read" wait_usable foreign read
check_not "by nobody else" grep -q airgap-mount /proc/mounts
check_has "its files are listed" 'outside.txt' as carol airgapctl transfer import --foreign
import() { as carol airgapctl transfer import --foreign "$1" --level neibu --into /tmp/carol; }
check_has "without a scanner nothing comes in" 'no scanner' import outside.txt

mkdir -p /tmp/clam /run/clamav
printf 'Lab.Eicar:0:*:%s\n' "$(printf '%s' "$eicar" | od -An -tx1 | tr -d ' \n')" >/tmp/clam/lab.ndb
cat >/tmp/clamd.conf <<-CONF
LocalSocket /run/clamav/clamd.ctl
LocalSocketMode 666
DatabaseDirectory /tmp/clam
Foreground yes
AlertExceedsMax yes
MaxThreads 2
User root
CONF
clamd -c /tmp/clamd.conf >/lab/log/clamd.stdout 2>&1 &
require "a scanner" wait_until 60 test -S /run/clamav/clamd.ctl
check_has "then it does" 'taken by carol' import outside.txt
check "as it is" cmp /tmp/outside.txt /tmp/carol/outside.txt
check_has "EICAR does not" 'Lab.Eicar' import eicar.txt
check_not "not even its name" test -e /tmp/carol/eicar.txt
check "that is recorded" wait_until 15 eval 'journal_lines | grep -F "\"type\":\"transfer\"" | grep -q quarantined'
check_has "and it is kept for the office" '\.age$' ls /var/lib/airgap/transfer/quarantine
check_not "nothing can be written there" as alice airgapctl transfer export "$batch"
unplug foreign
usb_state
