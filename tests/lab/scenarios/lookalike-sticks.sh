#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What looks like the registered stick but is not: other serial number, none, another interface.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB

refused()
{
	local name="$1"
	shift
	plug "$name" "$@" at=1
	check "$name: refused" wait_refused "$name"
	check_not "$name: not authorised" is_authorized "$name"
	check "$name: no disk" holds 1 test ! -e /sys/block/sda
	check "$name: never a disk" never_disk "$name"
	check "$name: never a driver" never_bound "$name"
	check "$name: pulled out" unplug "$name"
}

refused other-serial 0951:1666 serial=A2 storage
refused longer-serial 0951:1666 serial=A11 storage
refused no-serial 0951:1666 storage
refused with-keyboard 0951:1666 serial=A1 storage keyboard
refused keyboard-first 0951:1666 serial=A1 keyboard storage
refused with-network 0951:1666 serial=A1 storage ecm
refused keyboard-only 0951:1666 serial=A1 keyboard
refused other-product 0951:1667 serial=A1 storage

plug genuine 0951:1666 serial=A1 storage at=1
check "the genuine one still becomes a disk" wait_disk genuine
