#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Must be reported: checks that fail, in every way that a check can.
. /lab/lib.sh
check "good" true
check "bad" false
check "no such command" no-such-command
check_not "bad check_not" true
check_not "check_not of no such command" no-such-command
check_is "bad check_is" 1 echo 2
check_has "bad check_has" '^x$' echo 2
note "after the failures"
