#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A stick is enrolled at the office, issued by a signed table, admitted at the terminal; a copy of it on
# another stick is refused.
# lab: memory=512
# lab: timeout=400
. /lab/lib.sh

# The office's machine and the terminal are the same one here; at the office no agent runs.
stick=/tmp/lab/stick.img
other=/tmp/lab/other.img
truncate -s 32M "$stick" "$other"
cd /tmp || exit 1

no_disk()
{
	! disk_of "$1"
}

# verdict DEVICE [OPTION]... - the reason that airgapctl names first
verdict()
{
	airgapctl --json media verify "$@" | jq -r .verdict
}

# everything DEVICE - all reasons
everything()
{
	airgapctl --json media verify "$@" | jq -r '[.reasons[].reason] | sort | join(" ")'
}

require "a unit with two security officers" eval 'unit_key so-8b && make_unit \
	"key so-8b duty security person \"L. Kranjc\" public \"$(unit_public so-8b)\""'

# --- at the office ---
plug stick 0951:1666 serial=S1 manufacturer=Acme product=Stick storage="$stick"
require "the stick is a disk at the office" wait_disk stick
disk=/dev/$(disk_of stick)
check_has "without its number nothing is overwritten" 'nobody to ask' \
	airgapctl media prepare "$disk" /tmp/S1.record </dev/null
check_has "it is prepared" 'is prepared: vfat' \
	airgapctl media prepare "$disk" /tmp/S1.record --yes --filesystem vfat
partition=/dev/$(disk_of stick)2
check "the kernel shows its data partition" test -b "$partition"
check_has "which is in use while it is mounted" 'it is mounted at /tmp/lab/mounted' eval \
	'mkdir -p /tmp/lab/mounted && mount -t vfat "$partition" /tmp/lab/mounted &&
	airgapctl media prepare "$disk" /tmp/again --yes --filesystem vfat; umount /tmp/lab/mounted'
check_has "a partition is not the whole of it" 'is a partition|whole disk' \
	airgapctl media prepare "$partition" /tmp/again --yes --filesystem vfat
check_has "nor is the machine's own disk a medium" 'no USB disk|mounted at' \
	airgapctl media prepare /dev/vda /tmp/again --yes --filesystem vfat
check_has "a record that nobody signed is not written" 'no signature' \
	airgapctl media enroll "$disk" /tmp/S1.record --level mimi
check "two officers sign the record, with ssh-keygen" \
	sign_file airgap-media@v1 /tmp/S1.record so-7a ap-2c
check_has "it is enrolled, and its row is in a draft" 'edition 1 of table media' \
	airgapctl media enroll "$disk" /tmp/S1.record --level mimi --unit 7.2.14 \
	--custodian "A. Novak" --until 2099-01-01
check_is "before the table is installed, the terminal would not know it" no-table verdict "$disk"
check "two officers sign the table" sign_file airgap-table@v1 /tmp/media-next.agp so-7a so-8b
check_is "by that table it is good" good verdict "$disk" --table /tmp/media-next.agp
check_is "sysfs tells ids and serial number" '0951:1666 S1' eval \
	'airgapctl --json media verify "$disk" | jq -r "\"\(.device.usb_id) \(.device.serial)\""'
check_has "it belongs to no machine's user" 'Permission denied|only root' as alice airgapctl media verify "$disk"
unplug stick

# --- other kinds ---
for kind in exfat ext4; do
	truncate -s 32M "/tmp/lab/$kind.img"
	plug "$kind" 0951:1666 serial="$kind" storage="/tmp/lab/$kind.img"
	wait_disk "$kind"
	check_has "$kind is made, too" "is prepared: $kind" airgapctl media prepare \
		"/dev/$(disk_of "$kind")" "/tmp/$kind.record" --yes --filesystem "$kind"
	sign_file airgap-media@v1 "/tmp/$kind.record" so-7a ap-2c
	check_has "and enrolled" 'is enrolled' airgapctl media enroll "/dev/$(disk_of "$kind")" \
		"/tmp/$kind.record" --level mimi --draft "/tmp/$kind.agp"
	unplug "$kind"
done
plug reader 0951:1666 serial=R1 storage=/tmp/lab/exfat.img storage=/tmp/lab/ext4.img
wait_disk reader
check_has "a device with several disks is refused" 'several disks' airgapctl media prepare \
	"/dev/$(disk_of reader)" /tmp/again --yes --filesystem vfat
unplug reader
plug nameless 0951:1666 storage="$other"
wait_disk nameless
check_has "so is one without a serial number" 'no serial number' airgapctl media prepare \
	"/dev/$(disk_of nameless)" /tmp/again --yes --filesystem vfat
unplug nameless

# --- a copy ---
check "the whole stick is copied" dd if="$stick" of="$other" bs=1M conv=fsync
plug copy 0951:1666 serial=S2 at=1 storage="$other"
wait_disk copy
check_is "a copy on another stick is refused for that" other-hardware verdict \
	"/dev/$(disk_of copy)" --table /tmp/media-next.agp
check_is "and for nothing else" other-hardware everything \
	"/dev/$(disk_of copy)" --table /tmp/media-next.agp
unplug copy
truncate -s 33M "$other"
plug larger 0951:1666 serial=S1 storage="$other"
wait_disk larger
check_is "a copy on a larger stick of the same number" other-capacity everything \
	"/dev/$(disk_of larger)" --table /tmp/media-next.agp
unplug larger

# --- at the terminal ---
require "the recorder" record_start
require "the agent starts" agent_start
policy=$(make_policy 42 <<'USB'
allow  storage:  device in @media, interfaces within [ 08:06:50 ], at-most 1
--
table media  signed [ security 2 ]  withdraw [ security 1 ]
USB
)
check "a policy that names the table" install_policy "$policy"
check "the table that was prepared is installed" airgapctl install /tmp/media-next.agp
plug stick 0951:1666 serial=S1 storage="$stick"
check "the stick is admitted" wait_disk stick
check_is "by the rule for media" storage verdict_of stick permit .rule
check_is "the installed table knows it" good verdict "/dev/$(disk_of stick)"
check_has "airgapctl media list shows it" 'A. Novak +2099-01-01 +active' airgapctl media list
unplug stick
plug copy 0951:1666 serial=S2 at=1 storage="$other"
check "the copy is not" wait_refused copy
check "it never was a disk" never_disk copy
unplug copy

# --- lost ---
check_has "it is reported lost, with what the journal knows" 'permitted.*S1|S1.*permitted' \
	airgapctl media lost S1 --draft /tmp/lost.agp
check "one officer withdraws it" eval \
	'sign_file airgap-table@v1 /tmp/lost.agp so-7a && airgapctl install /tmp/lost.agp'
plug stick 0951:1666 serial=S1 storage="$stick"
check "it is refused" wait_refused stick
check "and no disk" holds 1 no_disk stick
usb_state
