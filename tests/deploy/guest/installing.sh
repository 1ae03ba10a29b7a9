#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Packages meet a system that runs: what they start, what they say, and what a first boot will find.
. /deploy/guest/lib.sh

check 'the system is up' wait_until 20 says 'running|degraded|starting' systemctl is-system-running
check 'packages install' dpkg -i $share/airgapd.deb $share/airgap-policy.deb $share/airgap-office.deb
cp "$said" "$share/installed"
check 'it is said what the next boot does' grep -q 'From the next boot on' "$share/installed"
check 'nothing was started' none_active
check 'no rule is in the kernel' not closed
check 'the journal has its folder, and its group' says '^2750 airgap-journal airgap$' stat -c '%a %U %G' /var/lib/airgap/journal
check 'systemctl start airgapd starts all' systemctl start airgapd
# shellcheck disable=SC2086 # a list
check 'every program is active' wait_until 20 active $services airgap-deny
check 'the network is closed' closed
check 'that is lockdown, for want of a policy' says '[Ll]ockdown' airgapctl status
check 'the catalogue explains' says 'lockdown' journalctl --no-pager --catalog -b -t airgap-noticed
