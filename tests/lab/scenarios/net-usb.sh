#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: nic=1
# USB network adapters and tethered phones: refused as devices; where the policy lets the device in,
# refused as links; one that clones the permitted hardware address is told by where it hangs.
. /lab/lib.sh

require "an adapter" net_adapters 1
modprobe usbnet && modprobe cdc_ether && modprobe rndis_host && modprobe cdc_ncm
require "a policy that lets no such device in" net_up 'allow lan: interface in [ eth0 ], kind in [ ethernet ]'
check "the adapter opens" link_is eth0 open

# tethers - names of links that the host's drivers made; the gadget's own end is here as well
tethers()
{
	local driver
	for driver in /sys/class/net/*/device/driver; do
		case $(readlink "$driver") in
		*/rndis_host | */cdc_*) echo "$driver" | cut -d / -f 5 ;;
		esac
	done | grep .
}

tethers_down()
{
	local link
	for link in $(tethers); do
		is_down "$link" || return 1
	done
}

for kind in rndis ecm ncm; do
	plug "$kind" 18d1:4ee3 serial="P-$kind" "$kind"
	check "$kind: refused as a device" wait_refused "$kind"
	check_not "$kind: no link" tethers
	unplug "$kind"
done

# A bare rndis interface hides behind class e0 or ef; the policy names the device.
NET_USB='allow phone: id in [ 18d1:4ee3 ]'
check "a policy that lets them in as devices" net_policy 43 \
	'allow lan: interface in [ eth0 usb0 usb1 eth1 ], kind in [ ethernet ]'
for kind in rndis ecm ncm; do
	gadget "$kind" 18d1:4ee3 serial="Q-$kind" "$kind"
	gadget_plug "$kind"
	check "$kind: let in as a device" wait_permitted "$kind"
	check "$kind: it makes a link" wait_until 10 tethers
	for link in $(tethers); do
		ip link set "$link" up
	done
	check "$kind: which is refused" violation iface_unknown \
		'.link.kind == "usb" and .evidence == "strong" and (.link.driver | test("rndis_host|cdc_"))'
	check "$kind: and down" wait_until 10 tethers_down
	unplug "$kind"
done

# It says that it is the adapter on the board.
mac=$(cat /sys/class/net/eth0/address)
gadget clone 18d1:4ee3 serial=C1
clone=/sys/kernel/config/usb_gadget/clone
mkdir "$clone/functions/ecm.0"
echo "$mac" >"$clone/functions/ecm.0/host_addr"
ln -s "$clone/functions/ecm.0" "$clone/configs/c.1/"
gadget_plug clone
check "a clone of the permitted address is let in as a device" wait_permitted clone
check "and found out as a link" violation iface_identity_mismatch ".link.mac == \"$mac\" and
	.link.kind == \"usb\""
check "which is down" wait_until 10 tethers_down
true_one()
{
	ip -o link show eth0 | grep -q "$mac"
	airgapctl network | grep -Eq '^eth0 .*open'
}
check "the true one stays open" true_one
