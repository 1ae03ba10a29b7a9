#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A plain Debian with a keyboard and a stick gets the packages.
. /deploy/guest/lib.sh
share=/deploy

has_disk() { [ -e /sys/block/sda ]; }
check 'the stick is a disk' wait_until 20 has_disk
check 'packages install' dpkg -i $share/airgapd.deb $share/airgap-policy.deb
cp "$said" $share/installed
check 'nothing was started' none_active
check 'the stick still is one' has_disk
check 'one keyboard is noted' says '^1 ' wc -l /var/lib/airgap/state/rescue
check 'the initramfs was made anew' says 'update-initramfs: Generating' cat $share/installed
lsinitramfs /boot/initrd.img-* >$share/list
for file in usr/lib/airgap/airgapd usr/sbin/airgap-deny var/lib/airgap/state/rescue modprobe.d/airgapd.conf nf_tables.ko; do
	check "$file is in it" grep -q "$file" $share/list
done
