#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A perfect copy of a stick, hardware included, is noticed by a terminal that saw the other branch, and by no other.
# lab: memory=512
# lab: timeout=400
. /lab/lib.sh

require "a unit" media_unit
require "a stick is enrolled" medium_make stick S1
require "the table is issued" media_issue
require "the agent, a policy, the table" media_up 42 \
	'allow  write:  medium in @media, level is terminal, to [ read write ]'
cp /tmp/lab/stick.img /tmp/lab/fresh.img

# use NAME IMAGE - plugged in, used, and out again; both sticks have one serial number
use()
{
	plug "$1" 0951:1666 serial=S1 storage="/tmp/lab/$2.img" && wait_usable "$1" write && unplug "$1"
}

# What a terminal remembers is all that tells two of them apart: these two take turns in one machine.
memory=/var/lib/airgap/media
elsewhere()
{
	mv "$memory" "$memory.here" && mkdir -m 700 "$memory" && cp -a "$memory.there/." "$memory/" 2>/dev/null
	true
}

here()
{
	rm -rf "$memory.there" && mv "$memory" "$memory.there" && mv "$memory.here" "$memory"
}

# The folder that airgapd is fenced in by is the very one that it found.
restarted()
{
	agent_stop airgapd && "$1" && agent_start airgapd && wait_until 10 media_connected
}

check "it is used here" use stick stick
check_is "for the second time since it was made" 2 eval 'journal_lines | grep -F "\"type\":\"media\"" |
	jq -r .event.medium.sequence | tail -n 1'
check "somebody makes a copy" cp /tmp/lab/stick.img /tmp/lab/copy.img
check "the stick itself is used again" use stick stick

plug copy 0951:1666 serial=S1 storage=/tmp/lab/copy.img
check "the copy, plugged in here, is refused" wait_medium copy refused
check_is "as an older image" older medium_log copy refused .event.verdict.rule
unplug copy

check "at another terminal, which saw neither" restarted elsewhere
check "nobody can know, and it is used" use copy copy
check "back here" restarted here
plug copy 0951:1666 serial=S1 at=1 storage=/tmp/lab/copy.img
check "where the other branch was seen, it is refused" wait_medium copy refused
check_is "as one of two that parted" branch medium_log copy refused .event.verdict.rule
check_is "a serious breach" V2 medium_log copy refused .grade
unplug copy
check "there, in turn" restarted elsewhere
plug stick 0951:1666 serial=S1 at=2 storage=/tmp/lab/stick.img
check "the original is the one that is noticed" wait_medium stick refused
check_is "in the same way" branch medium_log stick refused .event.verdict.rule
unplug stick
check "here" restarted here
check "the original still goes on" use stick stick
plug fresh 0951:1666 serial=S1 at=1 storage=/tmp/lab/fresh.img
check "an image from before its first use is refused" wait_medium fresh refused
check_is "as older" older medium_log fresh refused .event.verdict.rule
unplug fresh
usb_state
