#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Links that come, go and are renamed, on a kernel whose chains follow or die with them.
# lab: timeout=600
. /lab/lib.sh
. /lab/top/tests/lab/guest/lib-netns.sh

netns links/
