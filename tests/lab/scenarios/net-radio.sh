#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Radios: a simulated one is refused as a link and blocked by rfkill, again when somebody unblocks it.
. /lab/lib.sh

require "a policy without radios" net_up 'forbid wireless: kind in [ wifi bluetooth wwan ], because "no radio at this level"'
check "a radio appears" modprobe mac80211_hwsim radios=1
check "its link is refused" violation iface_unknown '.link.kind == "wifi"'
blocked()
{
	[ "$(cat /sys/class/rfkill/rfkill*/soft)" = 1 ]
}
check "the radio is blocked" wait_until 15 blocked
check "and that is written down" violation rfkill_unblocked '.remedy == "radio-blocked"'
before=$(journal 'select(.event.violation == "rfkill_unblocked")' | wc -l)
unblock()
{
	local soft
	for soft in /sys/class/rfkill/rfkill*/soft; do
		echo 0 >"$soft"
	done
}
check "somebody unblocks it" unblock
check "it is blocked again" wait_until 15 blocked
more()
{
	[ "$(journal 'select(.event.violation == "rfkill_unblocked")' | wc -l)" -gt "$before" ]
}
check "and written down again" wait_until 15 more
ip link set wlan0 up
check "the link stays down" wait_until 10 is_down wlan0
