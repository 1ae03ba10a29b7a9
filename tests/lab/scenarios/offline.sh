#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A terminal without a network: registration, what it recorded, receipts and a policy go by files alone.
. /lab/lib.sh

number=T-00417
carry=/tmp/carried
fingerprint() { airgap-office register list | sed -n 's/^    //p' | tail -n 1; }
identifier() { airgap-office register list | awk 'NR == 1 { print $1 }'; }
approved() { airgap-office register approve "$(identifier)" "$(fingerprint)"; }
same_fingerprint() { airgapctl report status | grep -qF "$(fingerprint)"; }
receipt_of() { [ "$(sed -n 2p /var/lib/airgap/journal/receipt 2>/dev/null || echo 0)" -ge "$1" ]; }
# there and back: a bundle to the office, its answer here
carried() { rm -f $carry/*; airgapctl report export $carry/bundle && airgap-office import $carry/bundle $carry/answer && airgapctl report import $carry/answer; }

mkdir -p $carry && chmod 1777 $carry
require "a signed policy is in force" agent_up 42 <<'USB'
allow  stick: id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
USB
require "an office is made, and does not serve" eval \
	'airgap-office init --name office.lab --level mimi >/tmp/office.made 2>/lab/log/airgap-office.stderr'

# --- registration ---
check "the office writes who it is" eval 'airgap-office register identity >$carry/identity'
require "airgap-reportd runs" agent_start airgap-reportd
check "the terminal writes its registration" airgapctl report request $carry/identity "$(office_key)" $carry/request
check "the office takes the registration" airgap-office register import $carry/request
check "both screens show one fingerprint" same_fingerprint
require "the officer approves" approved

# --- what was recorded ---
plug stranger 1234:5678 serial=X9 product="Found in the car park" storage
check "a stick is refused" wait_refused stranger
seq=$(entries_of stranger refuse | tail -n 1 | jq .seq)
check "a bundle goes there, an answer comes back" carried
check "the terminal holds the office's receipt" wait_until 20 receipt_of $((seq + 1))
check "which is an entry of the journal" wait_log '.kind == "receipt-anchor"'
check_has "the office has the stick as an event" "to-verify .*X9" airgap-office incidents list
check "its copy verifies" airgap-office verify $number
check "nothing of the log is wrong" airgapctl log verify

# --- the way back ---
policy=$(make_policy 43 <<'USB'
allow  other: id in [ 1234:5678 ], serial "X9", interfaces within [ 08:06:50 ]
USB
)
published() { airgap-office publish /etc/airgap/trust && airgap-office publish /tmp/policy-43; }
cp "$policy" /tmp/policy-43 && chmod 644 /tmp/policy-43 /etc/airgap/trust
check "a policy waits at the office" published
check "the next answer brings it" carried
check "it is in force" wait_log '.event.name == "document-installed"'
check "the stick that it permits is let in" wait_permitted stranger
check "the office hears of that with the next bundle" carried
check "all of it is proved there" airgap-office verify $number

# --- no packet did any of this ---
check_is "nothing but loopback is there" "lo" ls /sys/class/net
check_not "and nobody listens for the office" office_listens
