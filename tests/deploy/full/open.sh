#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A boot under that policy: nothing of it takes effect before the core.
. /deploy/guest/lib.sh

has_disk() { [ -e /sys/block/sda ]; }
# shellcheck disable=SC2086 # a list
check 'every program is active' wait_until 60 active $services airgap-deny
check 'the policy is in force' wait_until 30 says '[Ee]nforcing' airgapctl status
check 'the stick is a disk' wait_until 30 has_disk
after() # when the disk came, against when the core was started, in microseconds since the boot
{
	local disk core
	disk=$(journalctl -k -b --no-pager -o short-monotonic | sed -n 's/^\[ *\([0-9.]*\)\].*sd .*Attached SCSI.*/\1/p' | head -n 1 | tr -d .)
	core=$(systemctl show -p ExecMainStartTimestampMonotonic --value airgapd.service)
	echo "disk $disk, core $core"
	[ -n "$disk" ] && [ "$disk" -gt "$core" ]
}
check 'not before the core' after
check 'the journal is whole' airgapctl log verify
check 'a stop of the core leaves the network closed' systemctl stop airgapd
check 'the rules are there' closed
