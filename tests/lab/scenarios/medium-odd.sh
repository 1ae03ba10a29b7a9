#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Cards that change in their reader, several disks in one device, discs, partition tables that surprise, foreign
# media for bringing files in, cameras.
# lab: memory=512
# lab: timeout=400
. /lab/lib.sh

modprobe sr_mod
require "a unit" media_unit
require "a card is enrolled in its reader" medium_make card R1
require "the table is issued" media_issue
MEDIA_USB='allow  storage:  interfaces within [ 08:06:50 ]
allow  camera:  interfaces within [ 06:*:* ]'
MEDIA_MORE='transfer {
    default  refuse
    allow  in-docs:  direction in, medium foreign, types in [ txt pdf ], size at-most 50M
}'
require "the agent, a policy, the table" media_up 42 \
	'allow  write:  medium in @media, level is terminal, to [ read write ]'

# --- a reader ---
slot=$lab_gadgets/reader/functions/mass_storage.0/lun.0
change()
{
	echo "" >"$slot/file" 2>/dev/null || echo 1 >"$slot/forced_eject" || return 1
	[ -z "$1" ] || echo "/tmp/lab/$1.img" >"$slot/file"
}
for plain in plain second; do
	truncate -s 32M "/tmp/lab/$plain.img" && mkfs.vfat "/tmp/lab/$plain.img" >/dev/null
done
plug reader 0951:1666 serial=R1 card=/tmp/lab/card.img
check "the card may be written" wait_usable reader write
check "it is taken out" change ""
check "that is noticed" wait_medium reader pulled
check "and nothing is mounted" wait_until 10 eval '! medium_mount'
check "another card is put in" change plain
check "it is one for bringing files in" wait_usable reader read
check_is "and of no kind of ours" foreign medium_now reader .kind
check "it is changed for a third one" change second
check "which is read as another" wait_until 20 eval \
	'[ "$(journal_lines | grep -c "\"action\":\"admitted\".*\"kind\":\"foreign\"")" -ge 2 ]'
check "the first is put back" change card
check "and may be written" wait_usable reader write
unplug reader

# --- two disks in one device ---
plug both 0951:1666 serial=R1 storage=/tmp/lab/card.img storage=/tmp/lab/plain.img
check "of two disks in one device each is decided alone" wait_until 20 eval \
	'[ "$(medium_now both .right | sort | tr "\n" " ")" = "read write " ]'
check_is "both are mounted" 2 eval 'medium_mount | wc -l'
unplug both
check "both are gone" wait_until 10 eval '! medium_mount'

# --- foreign media ---
# parted IMAGE TYPE - a partition table with one FAT partition at 1 MiB
parted()
{
	truncate -s 32M "/tmp/lab/$1.img"
	printf 'label: %s\nstart=2048, type=%s\n' "$2" "$3" | sfdisk -q "/tmp/lab/$1.img" &&
		mkfs.vfat --offset 2048 "/tmp/lab/$1.img" 30000 >/dev/null
}
require "an MBR is made" parted mbr dos c
require "a GPT is made" parted gpt gpt EBD0A0A2-B9E5-4433-87C0-68B6B72699C7
# The gadget takes no disc of less than 300 sectors.
mkdir -p /tmp/disc && echo text >/tmp/disc/note.txt && truncate -s 1M /tmp/disc/rest
require "a disc is made" xorriso -as mkisofs -quiet -J -R -o /tmp/lab/disc.iso /tmp/disc
for kind in mbr gpt; do
	plug "$kind" 0951:1666 serial=F1 storage="/tmp/lab/$kind.img"
	check "foreign, with a partition table ($kind): for reading" wait_usable "$kind" read
	check_has "$kind: mounted read-only" ' vfat ro.*nosuid,nodev,noexec' medium_mount
	check "$kind: its disk is read-only" is_read_only "/dev/$(disk_of "$kind")"
	check_is "$kind: what was recorded has no grade" null medium_log "$kind" admitted .grade
	unplug "$kind"
done
slot=$lab_gadgets/drive/functions/mass_storage.0/lun.0
gadget drive 0951:1666 serial=D1 cdrom=/tmp/lab/disc.iso
echo "" >"$slot/file"
gadget_plug drive
check "a drive without a disc" wait_permitted drive
check "is nothing to be told of" holds 3 eval '! medium_now drive .right'
echo /tmp/lab/disc.iso >"$slot/file"
check "a disc: for reading" wait_usable drive read
check_has "mounted as such" ' iso9660 ro' medium_mount
check_has "with what is on it" note.txt ls "$(medium_root)/"
unplug drive

# --- surprises ---
truncate -s 32M /tmp/lab/ext.img && mkfs.ext4 -q /tmp/lab/ext.img
# An MBR that points beyond the end, and one whose partition the kernel cannot have where it says.
cp /tmp/lab/mbr.img /tmp/lab/beyond.img
printf '\377\377\377\177' | dd of=/tmp/lab/beyond.img bs=1 seek=458 conv=notrunc 2>/dev/null
# A GPT of ours with a second face: its MBR names a partition of its own.
cp /tmp/lab/card.img /tmp/lab/faces.img
dd if=/tmp/lab/mbr.img of=/tmp/lab/faces.img bs=1 skip=446 seek=462 count=16 conv=notrunc 2>/dev/null
dd if=/dev/urandom of=/tmp/lab/noise.img bs=1M count=32 2>/dev/null
for image in ext:filesystem beyond:filesystem noise:filesystem faces:foreign-layout; do
	name=${image%:*}
	plug "$name" 0951:1666 serial=R1 storage="/tmp/lab/$name.img"
	check "$name is refused" wait_medium "$name" refused
	check_is "$name: as such" "${image#*:}" medium_log "$name" refused .event.verdict.rule
	check_not "$name: nothing is mounted" medium_mount
	unplug "$name"
done

# --- cameras and phones ---
check "a camera is plugged in" hotplug camera usb-mtp
check "though a rule would let it in, it is refused" wait_refused camera
check_is "as a camera" camera verdict_of camera refuse .rule
check "nothing ever talked to it" never_bound camera
forge phone <<FORGED
device $(descriptor_device 18d1:4ee1)
string 3 P1
config $(descriptor_config 1 1 "$(descriptor_interface 0 0 ff:ff:00)")
FORGED
check "a phone that hides MTP behind a class of its maker's" wait_device phone
check "is refused" wait_refused phone
check_is "by default" default verdict_of phone refuse .cause
usb_state
