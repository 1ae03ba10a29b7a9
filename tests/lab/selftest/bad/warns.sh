#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Must be reported: a kernel that warns while every check is good.
. /lab/lib.sh
# The kernel prints a line with WARNING about this old mount option.
check "mounted with an option that makes the kernel warn" mount -t tmpfs -o mand tmpfs /mnt
