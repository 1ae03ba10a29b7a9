# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# What the measurements in the laboratory share: Debian's usbguard, started as its unit does, and
# figures, lines "WHAT WHO VALUE" of /lab/log/figures.

figure()
{
	echo "$*" >>/lab/log/figures
}

# usbguard_start - with a rule for each hub and for the stick, and nothing permitted besides. It
# writes its audit file as Debian has it, and no log besides: what the laboratory does with one would be
# counted against it
usbguard_start()
{
	mkdir -p /tmp/usbguard
	cat >/tmp/usbguard/rules.conf <<-'RULES'
	allow id 1d6b:*
	allow id 0951:1666 serial "A1" with-interface 08:06:50
	RULES
	mkdir -p /tmp/usbguard/ipc
	cat >/tmp/usbguard/daemon.conf <<-'CONF'
	RuleFile=/tmp/usbguard/rules.conf
	ImplicitPolicyTarget=block
	PresentDevicePolicy=apply-policy
	PresentControllerPolicy=keep
	InsertedDevicePolicy=apply-policy
	AuthorizedDefault=none
	RestoreControllerDeviceState=false
	DeviceManagerBackend=uevent
	IPCAllowedUsers=root
	IPCAccessControlFiles=/tmp/usbguard/ipc/
	DeviceRulesWithPort=false
	AuditBackend=FileAudit
	AuditFilePath=/tmp/usbguard/audit.log
	CONF
	chmod 0600 /tmp/usbguard/*.conf
	PATH=$PATH:/lab/build/peers/usbguard/usr/bin:/lab/build/peers/usbguard/usr/sbin
	usbguard-daemon -K -c /tmp/usbguard/daemon.conf >/lab/log/usbguard 2>&1 &
	# Here, not in a check: those run in a shell of their own.
	usbguard=$!
}

# usbguard_ready - it answers, so it has seen all that is there and listens
usbguard_ready()
{
	wait_until 20 usbguard list-devices
}

# pss_of PID - proportional share of memory in KiB
pss_of()
{
	awk '/^Pss:/ { print $2 }' "/proc/$1/smaps_rollup"
}

# switches_of PID - how often its threads went to sleep, which is how often they were woken
switches_of()
{
	cat "/proc/$1/task/"*/status | awk '/^voluntary_ctxt/ { sum += $2 } END { print sum }'
}
