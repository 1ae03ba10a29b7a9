#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Must be reported: a kernel that dies under a scenario.
. /lab/lib.sh
check "before" true
echo c >/proc/sysrq-trigger
check "after" true
