#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A plain Debian with a keyboard and a stick. What the package's script asks of the machine is asked here; the rest of
# the installation is done outside, where it takes seconds and not minutes (tests/deploy/run installs in a live one).
. /deploy/guest/lib.sh
share=/deploy

has_disk() { [ -e /sys/block/sda ]; }
check 'the stick is a disk' wait_until 20 has_disk
# /run is noexec.
dpkg-deb -x $share/airgapd.deb /opt/unpacked
mkdir -p /var/lib/airgap/state
check 'keyboards are noted' /opt/unpacked/usr/lib/airgap/airgapd --learn-keyboards
check 'that is one' says '^1 ' wc -l /var/lib/airgap/state/rescue
rm -r /opt/unpacked
