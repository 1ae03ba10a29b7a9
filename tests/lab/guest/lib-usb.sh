# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# USB devices: gadgets on dummy_hcd, qemu's own devices, and what sysfs says of them.

lab_gadgets=/sys/kernel/config/usb_gadget
lab_usb=/sys/bus/usb/devices

# port_of NAME - name in /sys/bus/usb/devices of what was plugged as NAME; a port stays itself
port_of()
{
	if [ -e "$LAB/port/$1" ]; then
		cat "$LAB/port/$1"
	else
		echo "$1"
	fi
}

# bus_of CONTROLLER - bus number of gadget controller N (0, 1, ...)
bus_of()
{
	local root
	for root in /sys/devices/platform/dummy_hcd."$1"/usb*; do
		[ -e "$root" ] && echo "${root##*/usb}" && return 0
	done
	return 1
}

# Bytes written as \ooo octal escapes: report descriptors of a boot keyboard and of a mouse.
lab_keyboard='\005\001\011\006\241\001\005\007\031\340\051\347\025\000\045\001\165\001\225\010'\
'\201\002\225\001\165\010\201\003\225\005\165\001\005\010\031\001\051\005\221\002\225\001\165\003'\
'\221\003\225\006\165\010\025\000\045\145\005\007\031\000\051\145\201\000\300'
lab_mouse='\005\001\011\002\241\001\011\001\241\000\005\011\031\001\051\003\025\000\045\001\225\003'\
'\165\001\201\002\225\001\165\005\201\003\005\001\011\060\011\061\025\201\045\177\165\010\225\002'\
'\201\006\300\300'

# lab_function GADGET NUMBER FUNCTION[=VALUE] - add one function to a gadget
lab_function()
{
	local dir="$1" kind="${3%%=*}" value="" path
	[ "$kind" = "$3" ] || value="${3#*=}"
	case $kind in
	storage | card | cdrom) path="$dir/functions/mass_storage.$2" ;;
	keyboard | mouse) path="$dir/functions/hid.$2" ;;
	*) path="$dir/functions/$kind.$2" ;;
	esac
	mkdir "$path" || return 1
	case $kind in
	storage | card | cdrom)
		if [ -z "$value" ]; then
			value="/tmp/lab/${dir##*/}-$2.img"
			[ -e "$value" ] || truncate -s 8M "$value"
		fi
		[ "$kind" != card ] || echo 1 >"$path/lun.0/removable"
		[ "$kind" != cdrom ] || echo 1 >"$path/lun.0/cdrom"
		echo "$value" >"$path/lun.0/file"
		;;
	keyboard)
		echo 1 >"$path/protocol" && echo 1 >"$path/subclass" && echo 8 >"$path/report_length"
		# shellcheck disable=SC2059 # the escapes are meant
		printf "$lab_keyboard" >"$path/report_desc"
		;;
	mouse)
		echo 2 >"$path/protocol" && echo 1 >"$path/subclass" && echo 3 >"$path/report_length"
		# shellcheck disable=SC2059
		printf "$lab_mouse" >"$path/report_desc"
		;;
	esac
	ln -s "$path" "$dir/configs/c.1/"
}

# gadget NAME VENDOR:PRODUCT [SETTING=VALUE]... FUNCTION... - prepare a gadget, not plugged yet
# settings: at=CONTROLLER serial= manufacturer= product= release= class= subclass= protocol= speed=
# functions: storage[=IMAGE] card[=IMAGE] cdrom=IMAGE keyboard mouse rndis ecm ncm eem acm ...
gadget()
{
	local dir="$lab_gadgets/$1" number=0 word at=""
	if ! mkdir "$dir"; then
		echo "gadget $1: exists already, or no configfs" >&2
		return 1
	fi
	echo "0x${2%:*}" >"$dir/idVendor"
	echo "0x${2#*:}" >"$dir/idProduct"
	mkdir "$dir/strings/0x409" "$dir/configs/c.1"
	lab_name=$1
	shift 2
	for word in "$@"; do
		case $word in
		at=*) at=${word#at=} ;;
		serial=*) printf '%s' "${word#*=}" >"$dir/strings/0x409/serialnumber" ;;
		manufacturer=*) printf '%s' "${word#*=}" >"$dir/strings/0x409/manufacturer" ;;
		product=*) printf '%s' "${word#*=}" >"$dir/strings/0x409/product" ;;
		release=*) echo "0x${word#*=}" >"$dir/bcdDevice" ;;
		class=*) echo "0x${word#*=}" >"$dir/bDeviceClass" ;;
		subclass=*) echo "0x${word#*=}" >"$dir/bDeviceSubClass" ;;
		protocol=*) echo "0x${word#*=}" >"$dir/bDeviceProtocol" ;;
		speed=*) echo "${word#*=}" >"$dir/max_speed" ;;
		*)
			lab_function "$dir" "$number" "$word" || {
				echo "gadget $lab_name: cannot make function $word" >&2
				return 1
			}
			number=$((number + 1))
			;;
		esac
	done
	echo "$at" >"$LAB/port/.$lab_name.at"
}

# A controller with nothing plugged in.
lab_free_udc()
{
	local udc
	for udc in /sys/class/udc/dummy_udc.*; do
		[ -z "$(cat "$udc/function")" ] && echo "${udc##*.}" && return 0
	done
	return 1
}

# gadget_plug NAME - put the cable in; does not wait for the device
gadget_plug()
{
	local at
	at=$(cat "$LAB/port/.$1.at")
	if [ -z "$at" ] && ! at=$(lab_free_udc); then
		echo "gadget $1: no free controller" >&2
		return 1
	fi
	echo "$(bus_of "$at")-1" >"$LAB/port/$1"
	echo "dummy_udc.$at" >"$lab_gadgets/$1/UDC"
}

# gadget_unplug NAME - pull the cable; the gadget can be plugged again
gadget_unplug()
{
	echo "" >"$lab_gadgets/$1/UDC"
}

# gadget_remove NAME - take the unplugged gadget to pieces
gadget_remove()
{
	local dir="$lab_gadgets/$1"
	find "$dir/configs/c.1" -maxdepth 1 -type l -exec rm {} +
	rmdir "$dir"/functions/* "$dir/configs/c.1" "$dir/strings/0x409" "$dir"
	rm -f "$LAB/port/$1" "$LAB/port/.$1.at"
}

# plug NAME VENDOR:PRODUCT [SETTING=VALUE]... FUNCTION... - make a gadget, put it in, and wait until
# the kernel shows the device (not: until it is permitted, has a driver or a disk)
plug()
{
	gadget "$@" && gadget_plug "$1" && wait_device "$1"
}

# unplug NAME - pull it out, wait until the kernel has noticed, forget it
unplug()
{
	local port
	port=$(port_of "$1")
	gadget_unplug "$1"
	wait_until 10 test ! -e "$lab_usb/$port" || return 1
	gadget_remove "$1"
}

# type_key NAME CODE [FUNCTION] - press and release a key on keyboard gadget NAME (usage code, octal)
type_key()
{
	local dev
	dev=$(cat "$lab_gadgets/$1/functions/hid.${3:-0}/dev")
	# shellcheck disable=SC2059
	printf "\\000\\000\\$2\\000\\000\\000\\000\\000" >"$(lab_node "$dev" /dev/hidg*)" &&
		printf '\000\000\000\000\000\000\000\000' >"$(lab_node "$dev" /dev/hidg*)"
}

# The node among the given ones that has device number MAJOR:MINOR.
lab_node()
{
	local wanted="$1" node
	shift
	for node in "$@"; do
		[ "$(printf '%d:%d' "0x$(stat -c %t "$node")" "0x$(stat -c %T "$node")")" = "$wanted" ] &&
			echo "$node" && return 0
	done
	return 1
}

# controllers N - reload dummy_hcd with N gadget controllers; nothing may be plugged
controllers()
{
	modprobe -r dummy_hcd && modprobe dummy_hcd num="$1"
}

lab_usb_names()
{
	local path
	for path in "$lab_usb"/*; do
		case ${path##*/} in *:* | '*') ;; *) echo "${path##*/}" ;; esac
	done
}

# The first USB device or bus that is not in the file of names.
lab_new_usb()
{
	lab_usb_names | grep -vxF -f "$1" | head -n 1 | grep .
}

# hotplug NAME DRIVER [PROPERTY=VALUE]... - plug one of qemu's own USB devices in and wait for it.
# DRIVER: usb-storage usb-uas usb-kbd usb-mouse usb-tablet usb-hub usb-net usb-mtp usb-ccid ...;
# storage takes size= or image=; bus=CONTROLLER.0 plugs into a controller added before
hotplug()
{
	lab_usb_names >"$LAB/port/.before.$1"
	case " $* " in
	*" serial="*) lab_host plug "$@" ;;
	*) lab_host plug "$@" serial="$1" ;;
	esac || return 1
	wait_until 15 lab_new_usb "$LAB/port/.before.$1" || return 1
	lab_new_usb "$LAB/port/.before.$1" >"$LAB/port/$1"
}

# hotunplug NAME - pull it out again
hotunplug()
{
	local port
	port=$(port_of "$1")
	lab_host unplug "$1" || return 1
	rm -f "$LAB/port/$1"
	wait_until 10 test ! -e "$lab_usb/$port"
}

# add_controller NAME - a new USB host controller (xhci) appears in the running machine; waits until
# both its root hubs are there. port_of NAME is the root hub of its USB 2 half
add_controller()
{
	local before
	before=$(lab_usb_names | grep -c '^usb')
	lab_usb_names >"$LAB/port/.before.$1"
	lab_host plug "$1" qemu-xhci p2=4 p3=4 || return 1
	# shellcheck disable=SC2016
	wait_until 15 sh -c '[ "$(ls -d /sys/bus/usb/devices/usb* | wc -l)" -ge "$1" ]' sh \
		$((before + 2)) || return 1
	lab_new_usb "$LAB/port/.before.$1" >"$LAB/port/$1"
}

# remove_controller NAME - pull the added controller out
remove_controller()
{
	local root
	root=$(port_of "$1")
	lab_host unplug "$1" || return 1
	wait_until 10 test ! -e "$lab_usb/$root" || return 1
	rm -f "$LAB/port/$1"
}

# wait_device NAME [SECONDS] - until the kernel shows the device
wait_device()
{
	wait_until "${2:-10}" test -e "$lab_usb/$(port_of "$1")/descriptors"
}

# disk_of NAME - name of the disk (sda) behind what is plugged as NAME; 1 when there is none
disk_of()
{
	local port path
	port=$(port_of "$1")
	for path in /sys/block/*; do
		case $(readlink -f "$path") in
		*"/$port/"*) echo "${path##*/}" && return 0 ;;
		esac
	done
	return 1
}

# wait_disk NAME [SECONDS] - until it has become a disk with its node in /dev
wait_disk()
{
	wait_until "${2:-10}" lab_disk_node "$1"
}

lab_disk_node()
{
	local disk
	disk=$(disk_of "$1") && [ -b "/dev/$disk" ]
}

# attribute NAME ATTRIBUTE - a sysfs attribute of the device
attribute()
{
	cat "$lab_usb/$(port_of "$1")/$2"
}

# is_authorized NAME - the kernel's flag for the whole device
is_authorized()
{
	[ "$(attribute "$1" authorized)" = 1 ]
}

# drivers_of NAME - one line an interface: number class:subclass:protocol authorized driver|-
drivers_of()
{
	local port path driver
	port=$(port_of "$1")
	for path in "$lab_usb/$port:"*; do
		[ -e "$path" ] || continue
		driver=-
		[ ! -e "$path/driver" ] || driver=$(basename "$(readlink "$path/driver")")
		echo "$(cat "$path/bInterfaceNumber") $(cat "$path/bInterfaceClass"):$(
			cat "$path/bInterfaceSubClass"):$(cat "$path/bInterfaceProtocol") $(
			cat "$path/authorized") $driver"
	done
}

# has_driver NAME DRIVER - some interface of the device is bound to DRIVER
has_driver()
{
	drivers_of "$1" | grep -q " $2\$"
}

# usb_state - everything that sysfs says of authorisation, for reading after a failure
usb_state()
{
	local path name
	for name in $(lab_usb_names); do
		path="$lab_usb/$name"
		printf '%s %s:%s authorized=%s' "$name" "$(cat "$path/idVendor")" \
			"$(cat "$path/idProduct")" "$(cat "$path/authorized")"
		[ ! -e "$path/serial" ] || printf ' serial="%s"' "$(cat "$path/serial")"
		case $name in
		usb*) printf ' default=%s interfaces=%s' "$(cat "$path/authorized_default")" \
			"$(cat "$path/interface_authorized_default")" ;;
		esac
		echo
		drivers_of "$name" | sed 's/^/    /'
	done
	for path in /sys/block/sd* /sys/block/sr*; do
		[ ! -e "$path" ] || echo "disk ${path##*/} $(readlink -f "$path")"
	done
}

# bus_denies BUS - the bus (usb3) authorises neither new devices nor their interfaces
bus_denies()
{
	[ "$(attribute "$1" authorized_default)" = 0 ] &&
		[ "$(attribute "$1" interface_authorized_default)" = 0 ]
}
