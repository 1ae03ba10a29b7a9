#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Must be reported: a scenario that reaches no check.
. /lab/lib.sh
exit 0
check "never" true
