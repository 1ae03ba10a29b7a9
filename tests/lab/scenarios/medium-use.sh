#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A registered stick is read, judged, counted, recorded and only then mounted, for airgap-transferd alone.
# lab: memory=512
# lab: timeout=300
. /lab/lib.sh

require "a unit" media_unit
require "a stick is enrolled" medium_make stick S1 vfat
require "and one of ext4" medium_make other S2 ext4
require "the table is issued" media_issue
require "the agent, a policy, the table" media_up 42 \
	'allow  read:   medium in @media, level at-most terminal, to [ read ]' \
	'allow  write:  medium in @media, level is terminal, sealed yes, to [ read write ]'

plug stick 0951:1666 serial=S1 storage=/tmp/lab/stick.img
check "it may be written" wait_usable stick write
check_is "by the rule" write medium_log stick admitted .event.verdict.rule
check_is "the entry is of kind media, and no violation" 'media null' \
	medium_log stick admitted '"\(.kind) \(.grade)"' 
usb_state
