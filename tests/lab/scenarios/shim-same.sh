#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=2 timeout=900
# The same story without the kernel module and with it: the same verdicts, and status says which layers there are.
. /lab/lib.sh

story()
{
	NET_USB='allow stick: id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ], at-most 1
    allow keys: id in [ 046d:c31c ], interfaces within [ 03:01:* ]
    forbid both: interfaces has-all [ 08:*:* 03:*:* ], because "storage that also types"'
	require "an agent with a policy" net_up 'allow lan: interface in [ eth0 ]' \
		'allow addr: address in [ 10.20.0.0/24 ]' \
		'allow office: egress to [ 10.20.0.5 ], protocol in [ tcp ], port in [ 8443 ]'
	check "eth0 opens" link_is eth0 open
	check_not "eth1 does not" is_up eth1
	ip link set eth0 up
	plug stick 0951:1666 serial=A1 storage
	check "the stick becomes a disk" wait_disk stick
	plug second 0951:1666 serial=A2 storage
	plug keyboard 046d:c31c keyboard
	check "the keyboard is permitted" wait_permitted keyboard
	check "a second stick is refused" wait_refused second
	unplug second
	plug both 046d:c31c storage keyboard
	check "what is both is refused" wait_refused both
	check "the keyboard types" wait_until 5 has_driver keyboard usbhid
	wait_until 10 sh -c '[ "$(airgapctl devices --json | jq -c "select(.device.state == \"pending\")")" = "" ]'
	check "the link is up" is_up eth0
}

# verdicts - what became of each device and link, without what differs from run to run
verdicts()
{
	# Whether a link is seen before the first policy is there is a matter of milliseconds.
	journal -c 'select(.event.outcome.verdict.cause? | . and . != "lockdown") | .event.outcome |
		[ .facts.vendor // .link.name, .facts.serial, .state, .error,
		  (.verdict | [ .result, .rule, .cause, .because ]) ]' | sort -u
}

require "two adapters" net_adapters 2
ip address add 10.20.0.7/24 dev eth0
if [ "$LAB_BOOT" = 1 ]; then
	story
	check_has "status says that there is no module" '^Layers +USB defaults of the kernel, packet filter.*no kernel module' airgapctl status
	check_is "and as JSON" absent sh -c 'airgapctl status --json | jq -r .status.layers.state'
	verdicts >/var/lib/airgap/without
	agent_stop
	rm -rf /var/lib/airgap/policy /var/lib/airgap/state /var/lib/airgap/journal
	sync
	lab_reboot
fi
require "the module loads" shim_load
story
check "the module is armed" shim_is armed
check_has "status says so" '^Layers +kernel module, USB defaults of the kernel, packet filter' airgapctl status
verdicts >/tmp/with
check "there are verdicts to compare" test "$(wc -l </var/lib/airgap/without)" -ge 6
check "they are the same" diff /var/lib/airgap/without /tmp/with
note "$(wc -l </tmp/with) verdicts compared"
