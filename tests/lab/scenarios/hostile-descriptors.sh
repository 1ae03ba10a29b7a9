#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Devices that lie in their descriptors: each is refused as what it is, and the agent lives on.
. /lab/lib.sh

require "a signed policy is in force" agent_up 42 <<'USB'
allow  plain:  id in [ 1d50:6000 ], interfaces within [ ff:00:00 ]
allow  keys:   id in [ 1d50:6001 ], interfaces has-any [ 03:01:01 ]
USB
for program in $(agent_programs); do
	agent_pid "$program"
done >"$LAB/pids"

plain=$(descriptor_interface 0 0 ff:00:00)
second=$(descriptor_interface 1 0 ff:00:00)

# device ID [CONFIGURATIONS] - its head, with name and serial number
head_of()
{
	echo "device $(descriptor_device "$@")"
	echo "string 2 forged"
	echo "string 3 F1"
}

# refused NAME CAUSE - what was forged on standard input is refused for that reason, is closed, and
# never had a driver
refused()
{
	forge "$1"
	check "$1: seen" wait_device "$1"
	check "$1: refused" wait_refused "$1"
	check_is "$1: why" "$2" verdict_of "$1" refuse .cause
	check_not "$1: not authorised" is_authorized "$1"
	check "$1: never a driver" never_bound "$1"
	check "$1: pulled out" forge_end "$1"
}

# These prove that what follows is refused for its lie, not for being forged.
forge honest <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 2 "$plain" "$second")
FORGED
check "honest: permitted" wait_permitted honest
check "honest: authorised" wait_until 5 is_authorized honest
check_is "honest: both interfaces, without a driver for them" "00 ff:00:00 1 -
01 ff:00:00 1 -" drivers_of honest
check "honest: pulled out" forge_end honest

many=$(i=0; while [ "$i" -lt 32 ]; do descriptor_interface "$i" 0 ff:00:00; i=$((i + 1)); done)
forge many <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 32 "$many")
FORGED
check "thirty-two interfaces: permitted" wait_permitted many
check "thirty-two interfaces: authorised" wait_until 10 is_authorized many
all_granted()
{
	[ "$(drivers_of many | grep -c ' 1 -$')" -eq 32 ]
}
check "thirty-two interfaces: all of them" wait_until 20 all_granted
check "thirty-two interfaces: pulled out" forge_end many

refused hidden-in-many default <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 32 "$(echo "$many" | sed 's/09 04 1e 00 00 ff 00 00/09 04 1e 00 00 08 06 50/')")
FORGED
refused smuggled-alternate default <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 1 "$plain" "$(descriptor_interface 0 1 08:06:50)")
FORGED
refused smuggled-configuration default <<FORGED
$(head_of 1d50:6000 2)
config $(descriptor_config 1 1 "$plain")
config $(descriptor_config 2 1 "$(descriptor_interface 0 0 08:06:50)")
FORGED
refused odd-triple default <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 1 "$(descriptor_interface 0 0 ff:00:01)")
FORGED
refused hub-that-stores default <<FORGED
device $(descriptor_device 1d50:6000 1 09)
string 3 F1
config $(descriptor_config 1 2 "$(descriptor_interface 0 0 09:00:00)" "$(descriptor_interface 1 0 08:06:50)")
FORGED
refused fewer-announced flaw <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 1 "$plain" "$second")
FORGED
refused more-announced flaw <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 255 "$plain")
FORGED
refused longer-announced flaw <<FORGED
$(head_of 1d50:6000)
config $(LENGTH=65535 descriptor_config 1 1 "$plain")
FORGED
refused shorter-announced flaw <<FORGED
$(head_of 1d50:6000)
config $(LENGTH=13 descriptor_config 1 1 "$plain")
FORGED
refused overlapping flaw <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 1 "$plain 40 24 00 00")
FORGED
refused zero-length flaw <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 2 "$plain 00 04 01 00 00 08 06 50 00 $second")
FORGED
refused cut-interface flaw <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 2 "$plain 07 04 01 00 00 08 06")
FORGED
refused twice-the-same flaw <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 1 "$plain" "$(descriptor_interface 0 0 08:06:50)")
FORGED
refused configuration-inside flaw <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 1 "$plain 09 02 12 00 01 02 00 80 32 $plain")
FORGED
refused two-of-one-value flaw <<FORGED
$(head_of 1d50:6000 2)
config $(descriptor_config 1 1 "$plain")
config $(descriptor_config 1 1 "$(descriptor_interface 0 0 08:06:50)")
FORGED
refused too-many-alternates flaw <<FORGED
$(head_of 1d50:6000)
config $(descriptor_config 1 1 "$(i=0; while [ "$i" -lt 140 ]; do descriptor_interface 0 "$i" ff:00:00; i=$((i + 1)); done)")
FORGED
refused lying-name flaw <<FORGED
device $(descriptor_device 1d50:6000)
string 2 good\nPERMITTED 1-1
string 3 F1
config $(descriptor_config 1 1 "$plain")
FORGED

# Granted for one setting only is not granted: a driver could switch to the other.
refused keyboard-that-switches default <<FORGED
$(head_of 1d50:6001)
config $(descriptor_config 1 1 "$(descriptor_interface 0 0 03:01:01)" "$(descriptor_interface 0 1 08:06:50)")
FORGED

for program in $(agent_programs); do
	agent_pid "$program"
done >"$LAB/pids.now"
check "no program of the agent ended" cmp "$LAB/pids" "$LAB/pids.now"
for program in $(agent_programs); do
	check "$program runs" agent_running "$program"
done
check "all is well" airgapctl status
check "the journal holds no control character" sh -c \
	'! tr -d "\t" </var/lib/airgap/journal/log | grep -q "[[:cntrl:]]"'
