# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# Devices that lie: lab-vhci serves descriptors that no gadget of the kernel would send. Everything
# is written as bytes in hexadecimal, so that a scenario may also get it wrong.

# descriptor_device VENDOR:PRODUCT [CONFIGURATIONS [CLASS]] - 18 bytes; name is string 2, serial 3
descriptor_device()
{
	local vendor="${1%:*}" product="${1#*:}"
	echo "12 01 00 02 ${3:-00} 00 00 40 ${vendor#??} ${vendor%??} ${product#??} ${product%??}" \
		"00 01 01 02 03 $(printf %02x "${2:-1}")"
}

# descriptor_interface NUMBER ALTERNATE CLASS:SUBCLASS:PROTOCOL - 9 bytes, without endpoints
descriptor_interface()
{
	local class="$3"
	printf '09 04 %02x %02x 00 %s %s %s 00 ' "$1" "$2" "${class%%:*}" \
		"$(echo "$class" | cut -d : -f 2)" "${class##*:}"
}

# descriptor_config VALUE INTERFACES BYTES... - a configuration of that value that announces so many
# interfaces and is as long as the bytes are; LENGTH= announces another length
descriptor_config()
{
	local value="$1" interfaces="$2" total
	shift 2
	# shellcheck disable=SC2048,SC2086 # count words
	set -- $*
	total=${LENGTH:-$(($# + 9))}
	printf '09 02 %02x %02x %02x %02x 00 80 32 %s\n' $((total % 256)) $((total / 256)) \
		"$interfaces" "$value" "$*"
}

# forge NAME - plug in a device that says what standard input says (see lab-vhci), at a free port of
# vhci_hcd; does not wait
forge()
{
	local hub port=0
	[ -d /sys/devices/platform/vhci_hcd.0 ] || modprobe vhci_hcd || return 1
	while [ -e "$LAB/port/.vhci.$port" ]; do
		port=$((port + 1))
	done
	hub=$(cd /sys/devices/platform/vhci_hcd.0 && grep -lx 480 usb*/speed | head -n 1)
	hub=${hub%/speed}
	# Shown again as it was, or for the first time.
	[ -t 0 ] || cat >"$LAB/$1.forged"
	echo "${hub#usb}-$((port + 1))" >"$LAB/port/$1"
	lab-vhci "$port" 3 "$LAB/$1.forged" 2>"/lab/log/$1.vhci" &
	echo "$!" >"$LAB/port/.vhci.$port"
	echo "$port" >"$LAB/port/.forged.$1"
}

# forge_end NAME - pull it out
forge_end()
{
	local port name
	port=$(cat "$LAB/port/.forged.$1")
	name=$(port_of "$1")
	kill "$(cat "$LAB/port/.vhci.$port")"
	wait_until 10 test ! -e "$lab_usb/$name" || return 1
	# The virtual port is free once its threads have seen the end.
	wait_until 10 grep -Eq "^hs  000$port 004" /sys/devices/platform/vhci_hcd.0/status
	rm "$LAB/port/.vhci.$port" "$LAB/port/.forged.$1" "$LAB/port/$1"
}
