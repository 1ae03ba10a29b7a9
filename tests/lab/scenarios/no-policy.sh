#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Without any policy the terminal is in lockdown; the agent is up and says why.
. /lab/lib.sh

record_start
check "the agent starts with no file at all" agent_start
check_not "status: not well" airgapctl status
check_has "it says lockdown" '[Ll]ockdown' airgapctl status
check_has "and why: no signers' list" "signers' list|/etc/airgap/trust" airgapctl status
plug stick 0951:1666 serial=A1 storage
plug keyboard 046d:c31c keyboard
check "a stick is refused" wait_refused stick
check_is "because of lockdown" lockdown verdict_of stick refuse .cause
check "a keyboard is refused, too" wait_refused keyboard
check "no disk ever" never_disk stick
check "no driver ever" never_bound keyboard
check "the journal has the lack of a policy" journal_has '.kind == "policy" and .event.action == "missing"'

require "list and terminal arrive" make_unit
check "the agent is restarted" agent_stop
check "and starts" agent_start
check_has "still lockdown, and it says that the policy is missing" 'policy' airgapctl status
check "a policy is installed" install_policy "$(make_policy 42 <<'USB'
allow  stick:     id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
allow  keyboard:  id in [ 046d:c31c ], interfaces within [ 03:01:* ]
USB
)"
check "that ends the lockdown" wait_until 10 airgapctl status
check "the stick becomes a disk" wait_disk stick
check "the keyboard types" wait_until 10 has_driver keyboard usbhid

# The active copy is lost: lockdown again, but the keyboard that was good stays. (An altered copy is
# another matter: see orders.sh.)
check "the agent stops" agent_stop
rm /var/lib/airgap/policy/active
check "it starts without its policy" agent_start
check_not "status: not well" airgapctl status
check_has "lockdown" '[Ll]ockdown' airgapctl status
check "the stick loses its disk" wait_until 10 test ! -e /sys/block/sda
check "the keyboard still types" holds 2 has_driver keyboard usbhid
check "a good policy ends it" install_policy "$(make_policy 43 <<'USB'
allow  stick:     id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
)"
check "the stick is a disk again" wait_disk stick
usb_state
