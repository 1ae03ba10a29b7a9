#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The main job, told as a story. `make demo` shows it; every claim in it is also a check.
# lab: timeout=560 nic=2 memory=640
. /lab/lib.sh

chapter()
{
	note "== $1"
}

# A command as a person at this terminal would type it, and what it prints.
show()
{
	note "\$ $*"
	"$@" 2>&1 | while IFS= read -r line; do
		note "| $line"
	done
}

# Milliseconds between two events of the kernel in the record.
plug_to_disk_ms()
{
	events_of "$1" | awk '$3 == "add" && $5 == "usb_device" { plug = $1 }
		$3 == "add" && $5 == "disk" { print int(($1 - plug) / 1000); exit }'
}

# Milliseconds from the kernel's event to the refusal that is durable in the journal.
refusal_ms()
{
	plugged=$(events_of "$1" | awk '$3 == "add" && $5 == "usb_device" { last = $1 } END { print last }')
	refused=$(entries_of "$1" refuse | tail -n 1 | jq .boottime_us)
	echo $(((refused - plugged) / 1000))
}

# The office agrees: both sides of the transfer are there, and name the same slip.
office_agrees()
{
	python3 -c '
import sqlite3
rows = sqlite3.connect("/var/lib/airgap-office/store").execute("SELECT side, match FROM transfer ORDER BY side").fetchall()
raise SystemExit(rows != [(0, 2), (1, 2)])'
}

# No word of what was written stands anywhere on the stick.
no_word()
{
	for word in july minutes 'said in' 7.2.14 mimi T-00417 alice airgap-slip; do
		! grep -qaF -- "$word" /tmp/lab/carrier.img || return 1
	done
}

# What its finder gets to see: everything on it that is text.
finder()
{
	grep -aoE '[[:print:]]{20,}' /tmp/lab/carrier.img | sort -u | cut -c 1-90 | head -n 14
}

chapter "The office registers a stick: two officers sign what is written on it"
require "keys, the signers' list and the terminal's number are made" media_unit
require "the stick is prepared, signed and entered in the office's table" medium_make carrier S7
require "two security officers sign the table" media_issue
record_start

chapter "A classified terminal starts, and nobody has signed a policy for it yet"
require "the agent is up, and closed" agent_start
plug early 0951:1666 serial=60A44C413FAE product="Office stick 7" storage
check "without a policy even the office's own stick is refused" wait_refused early
show airgapctl status
unplug early

chapter "Two officers sign a policy; one signature would not be enough"
write_policy 42 <<'USB' >/tmp/standard.agp
allow  office-stick: id in [ 0951:1666 ], serial "60A44C413FAE", interfaces within [ 08:06:50 ], at-most 1
forbid bad-combo:    interfaces has-all [ 08:*:* 03:*:* ], because "storage that also types"
USB
cp /tmp/standard.agp /tmp/one.agp
sign_policy /tmp/one.agp so-7a
note "\$ airgapctl policy install one.agp      (signed by the security officer alone)"
airgapctl policy install /tmp/one.agp >/tmp/answer 2>&1
check_is "a policy with one signature is refused" 1 echo $?
while IFS= read -r line; do note "| $line"; done </tmp/answer
sign_policy /tmp/standard.agp so-7a ap-2c
note "\$ airgapctl policy install standard.agp (signed by the officer and the approver)"
check "with both it is in force" airgapctl policy install /tmp/standard.agp
airgapctl status 2>&1 | head -n 3 | while IFS= read -r line; do note "| $line"; done

chapter "Someone plugs in a stick that was found in the car park"
plug stranger 1234:5678 serial=X9 product="Found in the car park" storage
check "it is refused" wait_refused stranger
check "the kernel never made a disk of it" never_disk stranger
check "no driver ever touched it" never_bound stranger
note "from the plug to the refusal on record: $(refusal_ms stranger) ms"
show airgapctl why "$(port_of stranger)"

chapter "The registered office stick"
plug stick 0951:1666 serial=60A44C413FAE product="Office stick 7" storage
check "it becomes a disk" wait_disk stick
check "and can be read" dd if="/dev/$(disk_of stick)" of=/dev/null bs=64k count=16
note "from the plug to the disk: $(plug_to_disk_ms stick) ms; its permit was on the disk before that"

chapter "A stick with the same ids and serial number that also pretends to be a keyboard"
unplug stick
plug combo 0951:1666 at=2 serial=60A44C413FAE product="Office stick 7" storage keyboard
check "it is refused" wait_refused combo
check_is "by the rule that was written for it" bad-combo verdict_of combo refuse .rule
check "it never had a disk" never_disk combo
unplug combo

chapter "The office's network, and nothing else"
require "the machine has two network adapters" net_adapters 2
ip link set eth1 up 2>/dev/null
write_policy 43 <<'USB' >/tmp/network.agp
allow  office-stick: id in [ 0951:1666 ], serial "60A44C413FAE", interfaces within [ 08:06:50 ], at-most 1
forbid bad-combo:    interfaces has-all [ 08:*:* 03:*:* ], because "storage that also types"
forbid net-radio:    interfaces has-any [ 02:*:* 0a:*:* e0:*:* ], because "network or radio"
--
network {
    allow  lan:      interface in [ eth0 ], kind ethernet
    allow  own:      address in [ 10.20.0.17 ]
    allow  office:   egress to [ 10.20.0.5 ], protocol tcp, port 8443
    forbid wireless: kind in [ wifi bluetooth wwan ], because "no radio at this level"
}
USB
sign_policy /tmp/network.agp so-7a ap-2c
check "a policy that names one link and one destination is in force" airgapctl install /tmp/network.agp
check "the registered adapter opens" link_is eth0 open
check "the other one is down, although somebody had switched it on" wait_until 10 is_down eth1
ip link set eth0 up
ip address add 10.20.0.17/24 dev eth0

plug tether 05c6:9024 serial=P7 product="Somebody's phone" rndis
check "a phone that offers its internet connection by USB is refused" wait_refused tether
check_is "by the rule for networks and radios" net-radio verdict_of tether refuse .rule
unplug tether

ip neighbour replace 10.20.0.5 lladdr 02:00:00:00:00:05 dev eth0
ip route add 203.0.113.0/24 dev eth0
check "a route to a public network does not stay" gone has_route 203.0.113.0
ip neighbour replace 10.20.0.99 lladdr 02:00:00:00:00:63 dev eth0
check_not "alice's program does not reach an address that the policy does not name" \
	as alice bash -c 'exec 3<>/dev/tcp/10.20.0.99/443'
check "the journal has her name, the destination and the port" violation egress_blocked \
	'.flow.to == "10.20.0.99" and .flow.port == 443 and .actor.login == "alice"'
# Several, since a busy machine may look when a socket is closed again; then no program is named.
as alice python3 -c '
import socket, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in (53, 123, 161, 514, 1900):
    time.sleep(1)
    try:
        out.sendto(b"hello", ("10.20.0.99", port))
    except OSError:
        pass
time.sleep(2)
' &
check "of one that still runs also the program, because that is certain" violation egress_blocked \
	'.flow.protocol == "udp" and (.actor.program | test("python3")) and .actor.confidence == "sockdiag"'

modprobe mac80211_hwsim radios=1
check "a Wi-Fi radio appears and is switched off" violation rfkill_unblocked '.remedy == "radio-blocked"'
check "its link stays down" wait_until 10 is_down wlan0
nft flush ruleset
check "someone flushes the packet filter: it is whole again, and that is on record" \
	violation ruleset_tampered '.remedy == "ruleset-restored"'
show airgapctl network

chapter "The agent is killed, and a stranger's stick is plugged in while it is dead"
agent_kill airgapd
plug dark 4321:8765 at=3 serial=Y1 product="While nobody looks" storage
check "the kernel refuses by itself" holds 2 test ! -e /sys/block/sda
require "the agent starts again" agent_start airgapd
check "and writes down what it finds" wait_refused dark
check "it never had a disk" never_disk dark

chapter "What the journal has, and what every program is confined by"
show airgapctl devices
show airgapctl log --no-pager -n 12
show airgapctl status

chapter "The confidentiality office receives all of it (its server runs on the same machine here)"
require "the office's server is up" office_start
require "the terminal asks to be registered; an officer compares the fingerprint on both screens" \
	office_register T-00417
recorded=$(journal . | wc -l)
check "everything that was recorded is confirmed by the office's signature" \
	wait_until 60 office_confirmed "$recorded"
plug last 1234:9999 serial=L1 product="One more" storage
check "one more stick is refused" wait_refused last
check "and the office has that, too" wait_until 60 office_confirmed $((recorded + 1))
check "the office's copy verifies: every entry, the tree, the signatures" airgap-office verify T-00417
show airgapctl report status

chapter "Files are to leave on the registered stick, for another terminal"
agent_stop airgap-reportd
require "a second terminal takes turns in this machine; both have a policy that permits it" transfer_up 44 \
	'allow  in-docs:   direction in, types in [ txt ], size at-most 1M' \
	'allow  out-docs:  direction out, types in [ txt ], size at-most 1M, approvals [ security 1 ], wait at-most 8h'
mkdir -p /tmp/alice/minutes /tmp/carol
echo "what was said in July" >/tmp/alice/minutes/july.txt
chown -R alice /tmp/alice
chown carol /tmp/carol
batch=$(request alice /tmp/alice/minutes)
check "alice asks, and states level, term and basis; the file is copied" test -n "$batch"
check_not "nothing leaves before it is approved" as alice airgapctl transfer export "$batch"
check_is "the officer reads that very copy" "what was said in July" \
	as carol sh -c "airgapctl transfer open $batch 0 | cat"
check "and signs for it with plain ssh-keygen" approve "$batch" so-7a
plug carrier 0951:1666 serial=S7 storage=/tmp/lab/carrier.img
check "the stick proves that it is the registered one" wait_usable carrier write
note "\$ airgapctl transfer export $batch"
check_has "encrypted, written, and read back" 'read back' as alice airgapctl transfer export "$batch"
check "both are on record before" wait_transfer "$batch" exported
unplug carrier
check "the stick is given up" wait_until 20 eval '! medium_now carrier .right'

chapter "The stick is lost, and somebody finds it"
check "no name, word, unit, level or person is anywhere on it" no_word
note "All of it that is text:"
finder | while IFS= read -r line; do note "| $line"; done

chapter "It is handed in, and reaches the other terminal"
require "the other terminal" terminal_is B
require "registers at the office" office_register T-00500
plug carrier 0951:1666 serial=S7 storage=/tmp/lab/carrier.img
check "the stick is known there" wait_usable carrier write
check_has "carol takes out what is for her" 'taken by carol' as carol airgapctl transfer import --into /tmp/carol
check "it is the file that left" cmp /tmp/alice/minutes/july.txt /tmp/carol/minutes/july.txt
check_not "it does not come in a second time" as carol airgapctl transfer import "$batch" --into /tmp/carol
unplug carrier
recorded=$(journal . | wc -l)
check "the office has all of it" wait_until 60 office_confirmed "$recorded"

chapter "The office brings both sides together"
agent_stop airgap-reportd
require "the first terminal, again" terminal_is A
require "its reports go on" agent_start airgap-reportd
check "export and import name the same slip" wait_until 60 office_agrees
airgap-office backup /var/lib/airgap-office/copy >/dev/null && cp -r /var/lib/airgap-office/copy /var/lib/airgap-office/keys /lab/log/
