#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: timeout=4
# Must be reported: a scenario that never ends.
. /lab/lib.sh
check "before" true
echo "about to hang"
while :; do sleep 1; done
