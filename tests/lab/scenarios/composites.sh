#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Composite devices: only the interfaces that the policy names work, and the others stay without driver.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow   keys:     id in [ 1d50:6001 ], interfaces has-any [ 03:01:01 ]
allow   desk:     id in [ 1d50:6002 ], interfaces within [ 03:*:* 08:06:50 ff:*:* 02:02:01 0a:00:00 ]
allow   net:      id in [ 1d50:6003 ], interfaces has-any [ 02:*:* 0a:*:* ]
forbid  modem:    interfaces has-all [ 02:*:* 03:*:* 08:*:* ], because "keyboard, disk and modem in one"
USB

plug both 1d50:6001 at=0 keyboard storage
check "keyboard and storage: permitted" wait_permitted both
check "the keyboard has its driver" wait_until 10 has_driver both usbhid
check_is "the storage has none" "00 03:01:01 1 usbhid
01 08:06:50 0 -" drivers_of both
check "it is an input device" wait_until 5 sh -c \
	"ls -d $lab_usb/$(port_of both):1.0/0003:*/input/input*"
check "there is no disk" holds 1 test ! -e /sys/block/sda
check_has "airgapctl shows which" 'allow|keys' airgapctl devices
check_is "the verdict names the rule" keys verdict_of both permit .rule

plug reversed 1d50:6001 at=1 storage keyboard mouse
check "storage first: permitted" wait_permitted reversed
check "the keyboard has its driver" wait_until 10 has_driver reversed usbhid
check_is "storage and mouse have none" "00 08:06:50 0 -
01 03:01:01 1 usbhid
02 03:01:02 0 -" drivers_of reversed

# A program with rights may ask for the unbound one, and gets it for no longer than it is noticed.
port=$(port_of reversed)
echo "$port:1.0" >/sys/bus/usb/drivers_probe
check_not "probing does not bind it" has_driver reversed usb-storage
echo "$port:1.0" >/sys/bus/usb/drivers/usb-storage/bind 2>/dev/null
check_not "binding by name does not, either" has_driver reversed usb-storage
check "neither was ever a disk" never_disk both
check "nor the other" never_disk reversed
check "pulled out" unplug reversed
check "pulled out, too" unplug both

modprobe usb_f_acm
plug wide 1d50:6002 at=2 keyboard mouse storage acm
check "five interfaces that end in a forbidden combination: refused" wait_refused wide
check_is "by the rule" modem verdict_of wide refuse .rule
check "never a disk" never_disk wide
check "never a driver" never_bound wide
check "pulled out" unplug wide
plug desk 1d50:6002 at=0 keyboard storage mouse
check "three permitted interfaces: permitted" wait_permitted desk
check "a disk" wait_disk desk
bound()
{
	[ "$(drivers_of "$1" | grep -c ' 1 [a-z]')" -eq "$2" ]
}
check "all three have a driver" wait_until 10 bound desk 3
check "pulled out" unplug desk

# Real alternate settings, and a driver that claims two interfaces at once: the network's data
# interface has an empty setting and one that transfers.
modprobe usb_f_ecm && modprobe cdc_ether
plug net 1d50:6003 at=3 ecm storage
check "network and storage: permitted" wait_permitted net
net_only()
{
	[ "$(drivers_of net | grep -c ' 1 cdc_ether$')" -eq 2 ] &&
		[ "$(drivers_of net | grep -c '08:06:50 0 -$')" -eq 1 ]
}
check "both interfaces of the network have the driver, and the storage has none" \
	wait_until 10 net_only
# The driver has switched to the setting that transfers: the kernel shows another one than at first.
alternate()
{
	grep -qx ' 1' "$lab_usb/$(port_of net)":1.1/bAlternateSetting
}
ip link set usb0 up 2>/dev/null || ip link set eth0 up
check "the driver switches the setting" wait_until 5 alternate
echo "$(port_of net):1.2" >/sys/bus/usb/drivers_probe
check "which changes nothing" holds 1 net_only
check "never a disk" never_disk net
check "pulled out" unplug net
usb_state
