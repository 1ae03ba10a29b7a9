#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# People at the terminal are told what was refused, why, and whom to call; each thing once.
. /lab/lib.sh

tools=/lab/build/tests/tools

# sit USER UID MODE - a person at a terminal; what reaches it is in /tmp/USER.tty
sit()
{
	"$tools/tty-session" "$1" "$2" "$3" "/tmp/$1.tty" >"/tmp/$1.name" 2>&1 &
	wait_until 10 test -s "/tmp/$1.name"
}

mkdir -p /dev/pts && { mountpoint -q /dev/pts || mount -t devpts devpts /dev/pts; }
require "alice sits at a terminal" sit alice 1000 620
require "carol sits at one that takes no messages" sit carol 1001 600

require "the agent is up" agent_start
make_unit
write_policy 7 <<'USB' >/tmp/p.agp
forbid bad-combo: interfaces has-all [ 08:*:* 03:*:* ], because "storage that also types"
USB
cat <<'PEOPLE' >>/tmp/p.agp
people {
    officer  "J. Kovac, ext. 417"  key so-7a  duty security
}
PEOPLE
sign_policy /tmp/p.agp so-7a ap-2c
require "a policy is in force" airgapctl install /tmp/p.agp

check "alice hears that lockdown has ended" wait_until 10 grep -q "works normally again" /tmp/alice.tty

plug combo 0951:1666 serial=A1 product="Nice stick" storage keyboard
check "a stick that also types is refused" wait_refused combo
check "alice reads what was refused" wait_until 10 grep -q "USB device was refused:.*Nice stick (0951:1666)" /tmp/alice.tty
check "and why" grep -q "Reason: storage that also types (rule bad-combo)" /tmp/alice.tty
check "and what to do" grep -q "Unplug it" /tmp/alice.tty
check "and whom to call" grep -q "Questions: call J. Kovac, ext. 417, security officer" /tmp/alice.tty
check_not "never a grade" grep -Eq "V[1-4]" /tmp/alice.tty
check_is "a terminal that takes no messages gets none" 0 stat -c %s /tmp/carol.tty

unplug combo
plug again 0951:1666 serial=A1 product="Nice stick" storage keyboard
check "it is plugged in again, and refused again" wait_refused again
check "but told once" holds 1 test "$(grep -c 'Nice stick' /tmp/alice.tty)" -eq 1

plug phone 05c6:9024 serial=P1 product="My phone" rndis
check "a phone is refused" wait_refused phone
check "and called a phone" wait_until 10 grep -q "phone or network device was refused" /tmp/alice.tty

plug 'nasty' 1234:0001 product='%s%n!' storage
check "a device with a name like a format is refused" wait_refused nasty
check "and shown as it is" wait_until 10 grep -qF '%s%n! (1234:0001)' /tmp/alice.tty

unplug again
unplug phone
check "the helper for notices can be killed" agent_kill airgap-noticed
plug dark 1234:0002 storage
check "devices are refused all the same" wait_refused dark
check_has "and status says that people are told nothing" "airgap-noticed" airgapctl status
check "it comes back" agent_start airgap-noticed
plug light 1234:0003 storage
check "and people are told again" wait_until 10 grep -q "(1234:0003)" /tmp/alice.tty
