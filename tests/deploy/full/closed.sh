#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The first boot with the packages and without a policy; then a policy for the boot after it.
. /deploy/guest/lib.sh

confined() { not says 'no Landlock|no seccomp' airgapctl status; }
reached() { systemctl show -p ActiveEnterTimestampMonotonic --value "$1"; }
no_later() { echo "$1 $(reached "$1"), $2 $(reached "$2")"; [ "$(reached "$1")" -le "$(reached "$2")" ]; }
closed_bus() { ! grep -vx 0 /sys/bus/usb/devices/usb*/authorized_default; }
keyboard() { grep -rl . /sys/bus/usb/drivers/usbhid/*/bInterfaceProtocol; }

# shellcheck disable=SC2086 # a list
check 'every program is active' wait_until 60 active $services airgap-deny
check 'nothing failed' wait_until 60 says '^running$' systemctl is-system-running
systemctl --failed --no-legend | sed 's/^/#   /'
check 'all of them are confined, Landlock included' confined
check 'the core is there before the network' no_later airgapd.service network-pre.target
check 'and before the system is' no_later airgapd.service sysinit.target
check 'the OOM killer spares the core' says '^-1000$' cat "/proc/$(pid_of airgapd)/oom_score_adj"
check 'the initramfs let the keyboard in' says 'works: lockdown' cat /run/airgapd-initramfs.log
check 'the keyboard works' keyboard
check 'which is a rescue' grep -q '"cause":"rescue"' /var/lib/airgap/journal/log
check 'every bus is closed' closed_bus
check 'the stick never was a disk' not says 'usb-storage [0-9]|Attached SCSI' journalctl -k -b --no-pager
check 'it is refused' says 'blocked' airgapctl devices
check 'links are down' not says 'open' sh -c 'airgapctl network | grep -E "^(eth|en)"'
check 'that is lockdown' says '[Ll]ockdown' airgapctl status
check 'no call was refused' not says 'SIGSYS|status=31|Operation not permitted' journalctl -b --no-pager -u 'airgap*'

# shellcheck disable=SC1091
. /deploy/lib-sign.sh
check 'a unit is made' make_unit
systemctl restart airgapd
wait_until 20 answers
policy=$(make_policy 42 <<'POLICY'
allow  keys:   id in [ 0627:0001 ], interfaces within [ 03:01:* ]
allow  stick:  id in [ 46f4:0001 ], serial "A1", interfaces within [ 08:06:50 ]
POLICY
)
check 'a policy for keyboard and stick is installed' airgapctl policy install "$policy"
has_disk() { [ -e /sys/block/sda ]; }
check 'the stick is a disk now' wait_until 30 has_disk
nobody_else() { [ "$(stat -c '%U %a' /dev/sda)" = 'root 600' ]; }
check 'which is for root alone' nobody_else
