#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A stick is pulled out at ten points of an export, and another one is full: a whole batch or nothing, a clear
# message, a record, and a stick that is in order when it comes back.
# lab: memory=640
# lab: timeout=900
. /lab/lib.sh

require "a unit" media_unit
require "a stick is enrolled" medium_make stick S1 vfat
require "the table is issued" media_issue
record_start
require "two terminals with one policy" transfer_up 42 \
	'allow  in-docs:   direction in, types in [ txt ], size at-most 64M' \
	'allow  out-docs:  direction out, types in [ txt ], size at-most 64M'

mkdir -p /tmp/alice
yes 'what was said in July' | head -c 3000000 >/tmp/alice/july.txt
yes 'what was said in August' | head -c 1000000 >/tmp/alice/august.txt
chown -R alice /tmp/alice
written() { as alice airgapctl transfer export "$batch"; }
settled() { [ "$(batch "$batch" .state)" != working ]; }
# What lies on the stick, as airgap-transferd sees it.
objects() { ls "$(medium_root)/objects" 2>/dev/null; }
in_order() { ! objects | grep -q tmp && [ "$(objects | grep -c slip)" = "$done_count" ] && [ "$(objects | grep -vc slip)" = $((done_count * 2)) ]; }
come() { plug stick 0951:1666 serial=S1 storage=/tmp/lab/stick.img && wait_usable stick write; }
leave() { unplug stick && wait_until 20 eval '! medium_now stick .right'; }

# How long an export takes here.
batch=$(request alice /tmp/alice/july.txt /tmp/alice/august.txt)
require "the stick may be written" come
begin=$(clock_cs)
require "an export" written
whole=$(($(clock_cs) - begin))
note "it took $whole hundredths of a second"
done_count=1
check "two objects and a slip lie on it" in_order
leave

interrupted=0 completed=0 said=''
batch=$(request alice /tmp/alice/july.txt /tmp/alice/august.txt)
for point in 1 2 3 4 5 6 7 8 9 10; do
	come || { check "point $point: the stick comes back" false; continue; }
	check "point $point: it is in order" wait_until 20 in_order
	written >/tmp/export.said 2>&1 &
	at=$((whole * point / 11))
	sleep "$((at / 100)).$(printf '%02d' $((at % 100)))"
	leave
	wait_until 20 settled
	case $(batch "$batch" .state) in
	ready)
		interrupted=$((interrupted + 1)) said=$(batch "$batch" .text)
		wait_transfer "$batch" interrupted || check "point $point: that it was interrupted is recorded" false
		;;
	done)
		completed=$((completed + 1)) done_count=$((done_count + 1))
		batch=$(request alice /tmp/alice/july.txt /tmp/alice/august.txt)
		;;
	*) check "point $point: it is ready, or done, not $(batch "$batch" .state)" false ;;
	esac
done
note "$interrupted interrupted, $completed completed"
check "some were interrupted" test "$interrupted" -gt 0
check_has "the message says what to do" 'pulled out|was removed|ready' echo "$said"
require "the stick comes back" come
check "in order" wait_until 20 in_order
check "and is written" written
done_count=$((done_count + 1))
check "whole" in_order

# --- full ---
root=$(medium_root)
check "the stick is filled up" eval 'dd if=/dev/zero of="$root/filler" bs=1M count=40 2>/dev/null; test -s "$root/filler"'
batch=$(request alice /tmp/alice/july.txt /tmp/alice/august.txt)
check_has "a full stick is refused, and it says how much is missing" 'room|free|full' written
check_is "the batch is kept" ready batch "$batch" .state
check "nothing of it lies there" in_order
rm "$root/filler"
check "with room it is written" written
leave
usb_state
