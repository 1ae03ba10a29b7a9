# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# Registered media: made at the office, which is this same machine before the agent runs.

MEDIA_TABLE=/tmp/media.agp # edition under way, signed by media_issue

# media_unit [LINE]... - make_unit with the second security officer that table media needs
media_unit()
{
	unit_key so-8b && make_unit \
		"key so-8b duty security person \"L. Kranjc\" public \"$(unit_public so-8b)\"" "$@"
}

# medium_make NAME SERIAL [KIND [LEVEL]] - a stick of 32 MiB, /tmp/lab/NAME.img: prepared, signed by two
# officers, enrolled, and its row in the next edition of the table
medium_make()
{
	local name="$1" disk record="/tmp/$1.record"
	truncate -s 32M "/tmp/lab/$name.img"
	plug "$name" 0951:1666 serial="$2" manufacturer=Acme product=Stick storage="/tmp/lab/$name.img" &&
		wait_disk "$name" || return 1
	disk=/dev/$(disk_of "$name")
	airgapctl media prepare "$disk" "$record" --yes --filesystem "${3:-vfat}" >/dev/null &&
		sign_file airgap-media@v1 "$record" so-7a ap-2c &&
		airgapctl media enroll "$disk" "$record" --level "${4:-mimi}" --unit 7.2.14 \
			--custodian "A. Novak" --draft "$MEDIA_TABLE" >/dev/null || return 1
	unplug "$name"
}

# media_issue - two security officers sign the table as it is
media_issue()
{
	sign_file airgap-table@v1 "$MEDIA_TABLE" so-7a so-8b
}

# media_start - the agent, and the two programs that have to do with media
media_start()
{
	agent_start && agent_start airgap-mountd airgap-transferd && wait_until 10 media_connected
}

media_connected()
{
	airgapctl --json status | jq -e '[.status.programs[] | select(.present) | .name] |
		contains(["airgap-mountd", "airgap-transferd"])' >/dev/null
}

# media_policy SERIAL LINE... - install a policy with these lines in its block media; MEDIA_USB are lines of
# block usb, MEDIA_MORE are further blocks
media_policy()
{
	local serial="$1" policy
	shift
	policy=$(make_policy "$serial" <<-POLICY
	${MEDIA_USB:-allow  storage:  interfaces within [ 08:06:50 08:02:50 ]}
	--
	table media  signed [ security 2 ]  withdraw [ security 1 ]
	media {
	    default  none
	$(printf '    %s\n' "$@")
	}
	${MEDIA_MORE:-}
	POLICY
	) && install_policy "$policy"
}

# media_up SERIAL LINE... - recorder, agent, policy and the table that was issued; a unit is there already
media_up()
{
	record_start && media_start && media_policy "$@" && airgapctl install "$MEDIA_TABLE"
}

# medium_log NAME ACTION [JQ] - the newest entry of what became of the medium in NAME, strings bare
medium_log()
{
	journal_lines | grep -F '"type":"media"' | jq -cr "select(.event.action == \"$2\" and
		.event.medium.port == \"$(port_of "$1")\")${3:+ | $3}" | tail -n 1 | grep .
}

# wait_medium NAME ACTION [SECONDS] - admitted, refused, released, pulled, failed
wait_medium()
{
	wait_log ".event.type == \"media\" and .event.action == \"$2\" and .event.medium.port == \"$(
		port_of "$1")\"" "${3:-15}"
}

# medium_now NAME JQ - what airgapctl shows of it now
medium_now()
{
	airgapctl --json status | jq -r ".status.media[] | select(.port == \"$(port_of "$1")\") | $2" | grep .
}

# medium_is NAME RIGHT - usable now with that right: none, read, write
medium_is()
{
	[ "$(medium_now "$1" .right)" = "$2" ]
}

# wait_usable NAME RIGHT [SECONDS]
wait_usable()
{
	wait_until "${3:-20}" medium_is "$1" "$2"
}

# medium_mount - what airgap-mountd has mounted, a line each: device, point, file system, options
medium_mount()
{
	grep ' /run/airgap-mount/' "/proc/$(agent_pid airgap-mountd)/mounts"
}

# medium_root - the descriptor that airgap-transferd has of a medium's root, as a path
medium_root()
{
	local fd
	for fd in "/proc/$(agent_pid airgap-transferd)/fd/"*; do
		case $(readlink "$fd") in
		/run/airgap-mount/*) echo "$fd" && return 0 ;;
		esac
	done
	return 1
}

# is_read_only NODE - the kernel writes nothing to it
is_read_only()
{
	[ "$(blockdev --getro "$1")" = 1 ]
}
