#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every way out of a terminal, on Debian's own kernel with all of its modules, counted at the peer.
# lab: timeout=600
. /lab/lib.sh
. /lab/top/tests/lab/guest/lib-netns.sh

netns ways/
