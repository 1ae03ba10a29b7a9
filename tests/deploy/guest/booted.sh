#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The same system booted anew: order, deaths, an upgrade under traffic, removal.
. /deploy/guest/lib.sh

before() # UNIT UNIT - the first was there before the second began
{
	local first second
	first=$(systemctl show -p ActiveEnterTimestampMonotonic --value "$1")
	second=$(systemctl show -p "$3" --value "$2")
	echo "$1 $first, $2 $second"
	[ "$first" -gt 0 ] && { [ "$second" -eq 0 ] || [ "$first" -le "$second" ]; }
}

# shellcheck disable=SC2086 # a list
check 'every program is active after the boot' wait_until 20 active $services airgap-deny
check 'nothing failed' wait_until 30 says '^running$' systemctl is-system-running
systemctl --failed --no-legend | sed 's/^/#   /'
check 'the network is closed before its target' before airgap-deny.service network-pre.target ActiveEnterTimestampMonotonic
check 'the core is ready before that' before airgapd.service network-pre.target ActiveEnterTimestampMonotonic
check 'and before any login' before airgapd.service sysinit.target ActiveEnterTimestampMonotonic
check 'journald has its turn' says 'SCHED_RR' chrt -p "$(pid_of airgap-journald)"
check 'its priority is 2' says 'priority: 2' chrt -p "$(pid_of airgap-journald)"
check 'the core has its turn' says 'priority: 1' chrt -p "$(pid_of airgapd)"
check 'nothing was refused by the sandboxes' not says 'Operation not permitted|SIGSYS|status=31' \
	sh -c "journalctl --no-pager -b -u 'airgap*' | grep -v Landlock"

# What each unit permits, tried by a stranger in the program's place. The programs' own filters come on top.
# fenced UNIT [NAME]... - NAMEs are what it is meant to permit
fenced()
{
	local unit=$1 folder=/run/systemd/system/tried.service
	shift
	sed "s/^Type=.*/Type=oneshot/; s/^Restart=.*/Restart=no/; /^WatchdogSec=/d; /^RuntimeDirectory/d
		s|^ExecStart=.*|ExecStart=/usr/bin/airgap-tried $*\nStandardOutput=truncate:/run/tried|" \
		"/lib/systemd/system/$unit.service" >$folder
	systemctl daemon-reload
	systemctl start tried
	local status=$?
	grep PERMITTED /run/tried
	[ "$(grep -c refused /run/tried)" -gt 15 ] && [ $status -eq 0 ]
}
cp $share/try-forbidden /usr/bin/airgap-tried
for service in airgapd airgap-monitord airgap-journald airgap-doord airgap-noticed airgap-attribution airgap-transferd airgap-deny; do
	check "no forbidden call from within $service" fenced $service
done
check 'nor from airgap-reportd, but to connect' fenced airgap-reportd inet inet6
check 'nor from airgap-mountd, but to mount' fenced airgap-mountd mount-namespace mount
printf '[Service]\nType=oneshot\nExecStart=/usr/bin/airgap-tried\n' >/run/systemd/system/bare.service
systemctl daemon-reload
check 'without a fence there is much' not systemctl start bare
systemctl reset-failed bare 2>/dev/null
rm -f /usr/bin/airgap-tried /etc/airgap-intruder /usr/bin/airgap-intruder /boot/airgap-intruder
umount /mnt 2>/dev/null

# A policy, a neighbour, and somebody who never stops sending.
# shellcheck disable=SC1091
. /deploy/lib-sign.sh
wire_make
check 'a unit is made' make_unit
systemctl restart airgapd
wait_until 10 answers
policy=$(make_policy 42 <<'POLICY'
allow  nothing:  id in [ 0000:0001 ]
--
network {
    default  down
    allow  lan:     interface in [ out ]
    allow  own:     address in [ 10.99.0.1 ]
    allow  office:  egress to [ 10.99.0.2 ], protocol udp, port 9
}
POLICY
)
check 'a signed policy is installed' airgapctl policy install "$policy"
sender_start
check 'what it permits flows' flows
check 'nothing else does' nothing_else

for service in $services; do
	check "$service comes back after a kill" comes_back "$service"
done
check 'all answer' wait_until 15 answers
check 'what is permitted flows again' flows
check 'nothing else reached the neighbour meanwhile' nothing_else

check 'airgapd restarts' systemctl restart airgapd
check 'what is permitted flows' flows
old=$(pid_of airgapd)
check 'an upgrade' dpkg -i $share/airgapd-next.deb $share/airgap-policy-next.deb
check 'the new core runs' wait_until 15 other_than airgapd "$old"
check 'of the new version' says '^Version: 0.1\+next$' dpkg -s airgapd
# shellcheck disable=SC2086 # a list
check 'every program is active' wait_until 20 active $services airgap-deny
check 'the policy is in force' wait_until 15 says '[Ee]nforcing' airgapctl status
check 'what is permitted flows' flows
check 'nothing else reached the neighbour during the upgrade' nothing_else

check 'an inspection by its unit' systemctl start airgap-inspect
check 'is in the journal' says 'inspected' airgapctl log --kind inspection
check 'its timer waits' says 'airgap-inspect.timer' systemctl list-timers --no-pager
check 'the journal is whole' airgapctl log verify
entries=$(wc -l </var/lib/airgap/journal/log)
check 'removal' dpkg -r airgapd
cp "$said" "$share/removed"
check 'it says what stays until the next boot' grep -q 'until the next boot' "$share/removed"
check 'no program runs' not pgrep -f /usr/lib/airgap/
check 'the kernel still refuses' closed
check 'nothing else reached the neighbour' nothing_else
check 'purge' dpkg -P airgapd
cp "$said" "$share/purged"
whole_journal() { [ "$(wc -l </var/lib/airgap/journal/log)" -ge "$entries" ]; }
check 'it says what is left' grep -q 'journal is left in /var/lib/airgap/journal' "$share/purged"
check 'that is the journal, whole' whole_journal
check 'and nothing else' test "$(ls /var/lib/airgap)" = journal
check 'no other file of ours' not says . find / -xdev -path /proc -prune -o -path /deploy -prune -o -name '*airgap*' \
	! -path '/var/lib/airgap*' ! -path '/usr/share/doc/*' ! -path '*airgap-office*' ! -path '*airgap-policy*' \
	! -path '/run/*' ! -path '/tmp/*' ! -path '/var/lib/dpkg/*' -print

# The test can fail: without the kernel's rules the same sender gets through.
some_else() { [ "$(counted other)" -gt 0 ]; }
nft flush ruleset
check 'without the rules it would reach it' wait_until 10 some_else
kill "$sender"
