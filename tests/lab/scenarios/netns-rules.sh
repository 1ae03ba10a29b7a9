#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is permitted, refused, told and counted, and changes by others, on Debian's own kernel.
# lab: timeout=600
. /lab/lib.sh
. /lab/top/tests/lab/guest/lib-netns.sh

export NETNS_FLUSHES=50
netns rules/
netns tamper/
