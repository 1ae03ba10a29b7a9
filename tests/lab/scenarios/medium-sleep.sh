#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Before the machine sleeps media are unmounted and storage is shut off, and logind waits for that; then all begins
# anew.
# lab: memory=512
# lab: timeout=300
. /lab/lib.sh

require "a bus daemon is at hand" command -v dbus-daemon
require "a unit" media_unit
require "a stick is enrolled" medium_make stick S1
require "the table is issued" media_issue
mkdir -p /run/dbus
cat >/tmp/bus.conf <<'BUS'
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/>
    <allow send_destination="*" eavesdrop="false"/> <allow receive_sender="*"/>
  </policy>
</busconfig>
BUS
dbus-daemon --config-file=/tmp/bus.conf --nofork >/lab/log/dbus.stderr 2>&1 &
require "the bus" wait_until 10 test -S /run/dbus/system_bus_socket
/lab/build/tests/tools/lab-logind >/tmp/logind 2>/lab/log/logind.stderr &
logind=$!
require "one who says when sleep begins" wait_until 10 busctl --system status org.freedesktop.login1
require "the agent, a policy, the table" media_up 42 \
	'allow  write:  medium in @media, level is terminal, to [ read write ]'
check "the monitor has sleep wait for it" wait_until 40 grep -q inhibited /tmp/logind

plug stick 0951:1666 serial=S1 storage=/tmp/lab/stick.img
require "a medium is in use" wait_usable stick write
kill -USR1 "$logind"
check "sleep begins once nobody has anything left to do" wait_until 6 grep -q asleep /tmp/logind
check_not "by then nothing is mounted" medium_mount
check_not "and the stick is shut off" is_authorized stick
check_is "it was released in order" 'the machine is going to sleep' medium_log stick released .event.medium.text
check "it stays so" holds 2 eval '! is_authorized stick'
kill -USR2 "$logind"
check "awake, it is read anew and usable" wait_usable stick write
check_is "as a new use" 3 medium_log stick admitted .event.medium.sequence
check "the next sleep would be waited for, too" wait_until 10 eval '[ "$(grep -c inhibited /tmp/logind)" = 2 ]'
usb_state
