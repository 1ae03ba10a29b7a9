#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Must be reported: a scenario that ends badly after good checks.
. /lab/lib.sh
check "good" true
require "needed" test -e /nonexistent
check "never reached" true
