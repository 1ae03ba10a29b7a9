#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Batches on real file systems: written, unmounted, read back from a read-only mount; a full one, a small one,
# a read-only one, and one whose disk fails in the middle of an export.
# lab: memory=512
# lab: timeout=400
. /lab/lib.sh

engine=/lab/build/tests/tools/transfer-engine
cd /tmp || exit 1
require "the file systems of media" eval 'modprobe loop; modprobe vfat && modprobe exfat && modprobe nls_utf8'
require "a disk that can fail" modprobe dm-mod
age-keygen -o key 2>/dev/null
recipient=$(age-keygen -y key)
head -c 32 /dev/urandom >seed
head -c 3000000 /dev/urandom >'会议纪要 (七月).bin'
printf 'The minutes.\n' >minutes.txt
mkdir -p mnt received

# disk NAME SIZE: a file with a file system of this kind, mounted at mnt
disk()
{
	umount mnt 2>/dev/null
	rm -f image
	truncate -s "$2" image
	case $1 in
	vfat) mkfs.vfat image ;;
	exfat) mkfs.exfat image ;;
	ext4) mkfs.ext4 -q image ;;
	esac >/dev/null 2>&1
	mount -t "$1" -o loop image mnt
}

export_both()
{
	"$engine" export mnt seed "$recipient" '会议纪要 (七月).bin' minutes.txt >made 2>why
}

# reason - that was given
reason()
{
	sed -n 's/^\([a-z-]*\): .*/\1/p' why | head -n 1
}

objects()
{
	find mnt/objects mnt/witness -type f 2>/dev/null | wc -l
}

import_both()
{
	read -r batch public <made
	rm -rf received/*
	"$engine" import mnt "$batch" key "$public" received >/dev/null &&
		cmp received/0000 '会议纪要 (七月).bin' && cmp received/0001 minutes.txt
}

for kind in vfat exfat ext4; do
	require "$kind: made and mounted" disk "$kind" 40M
	check "$kind: a batch is exported" export_both
	umount mnt
	check "$kind: mounted again, read-only" mount -t "$kind" -o loop,ro,nosuid,nodev,noexec image mnt
	check "$kind: it is imported from there, and what it was" import_both
	check_not "$kind: nothing is exported to a read-only one" export_both
	check_is "$kind: and that is why" medium-read-only reason
	check_not "$kind: no names are seen" grep -qaE 'minutes|会议' image
	umount mnt
	disk "$kind" 40M
	dd if=/dev/zero of=mnt/full bs=64k 2>/dev/null
	check_not "$kind: nothing is exported to a full one" export_both
	check_is "$kind: and that is why" medium-full reason
	check_is "$kind: nothing is left on it" 0 objects
	umount mnt
done

# Media that die in the middle: from some sector on every access fails.
# failing SECTOR
failing()
{
	umount mnt 2>/dev/null
	dmsetup --noudevsync --noudevrules remove dying 2>/dev/null
	losetup -d /dev/loop7 2>/dev/null
	rm -f image
	truncate -s 40M image
	mkfs.vfat image >/dev/null 2>&1
	losetup /dev/loop7 image
	dmsetup --noudevsync --noudevrules create dying <<-END
	0 $1 linear /dev/loop7 0
	$1 $((81920 - $1)) error
	END
	dmsetup mknodes dying
	mount -t vfat /dev/mapper/dying mnt
}

named()
{
	find mnt/objects -name '*.age' 2>/dev/null | wc -l
}

mkdir -p /dev/mapper
for sector in 1000 3000 5000; do
	require "a disk that fails from sector $sector on" failing "$sector"
	check_not "nothing is exported to it" export_both
	check_is "and that is why" medium-failed reason
	check_is "no object has its name" 0 named
done
