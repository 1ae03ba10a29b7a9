# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# A unit with its people: keys, signers' list, terminal identity, policies signed with ssh-keygen.

UNIT=/tmp/unit # keys (rt-1, so-7a, ...), and the files that scenarios make

# unit_key NAME - make a key of that name, unless there is one
unit_key()
{
	mkdir -p "$UNIT"
	[ -e "$UNIT/$1" ] || ssh-keygen -q -t ed25519 -N "" -C "$1" -f "$UNIT/$1"
}

# unit_public NAME - the public key as the signers' list writes it
unit_public()
{
	cut -d ' ' -f 1,2 "$UNIT/$1.pub"
}

# sign_file NAMESPACE FILE KEY... - append armoured signatures with ssh-keygen, as an officer does;
# signs the text before any signature that is there already
sign_file()
{
	local namespace="$1" file="$2" key
	shift 2
	sed '/^-----BEGIN SSH SIGNATURE-----$/,$d' "$file" >"$file.text"
	for key in "$@"; do
		unit_key "$key"
		ssh-keygen -q -Y sign -n "$namespace" -f "$UNIT/$key" <"$file.text" >>"$file" || return 1
	done
	rm "$file.text"
}

# sign_policy FILE KEY...
sign_policy()
{
	sign_file airgap-policy@v1 "$@"
}

# write_trust NUMBER [LINE]... - text of a signers' list with the usual people; LINEs go into keys
write_trust()
{
	local number="$1" line
	shift
	cat <<-TRUST
	airgap-trust 1
	trust {
	    number          $number
	    levels          [ neibu "内部"  mimi "秘密"  jimi "机密"  juemi "绝密" ]
	    root            at-least 2
	    policy          security 1  approval 1
	    minimum-serial  ${MINIMUM_SERIAL:-1}
	}
	keys {
	    key  rt-1   duty root      person "A. Novak"   public "$(unit_public rt-1)"
	    key  rt-2   duty root      person "B. Zajc"    public "$(unit_public rt-2)"
	    key  so-7a  duty security  person "J. Kovac"   public "$(unit_public so-7a)"
	    key  ap-2c  duty approval  person "M. Horvat"  public "$(unit_public ap-2c)"
	TRUST
	for line in "$@"; do
		echo "    $line"
	done
	echo "}"
}

# make_unit [LINE]... - keys of two roots, a security officer and an approver; list number 1 signed
# by the roots at /etc/airgap/trust; this terminal is T-00417 of unit 7.2.14, level mimi
make_unit()
{
	local key
	for key in rt-1 rt-2 so-7a ap-2c; do
		unit_key "$key" || return 1
	done
	mkdir -p /etc/airgap
	write_trust 1 "$@" >"$UNIT/trust"
	sign_file airgap-trust@v1 "$UNIT/trust" rt-1 rt-2 || return 1
	cp "$UNIT/trust" /etc/airgap/trust
	write_terminal T-00417 7.2.14 mimi >/etc/airgap/terminal
}

# write_terminal NUMBER UNIT LEVEL - text of /etc/airgap/terminal
write_terminal()
{
	cat <<-TERMINAL
	airgap-terminal 1
	terminal {
	    number  "$1"
	    unit    "$2"
	    level   $3
	}
	TERMINAL
}

# write_policy SERIAL - text of a policy in force today, for this terminal. Standard input: the
# lines of its usb block, and after a line "--" further blocks. POLICY_SCOPE and POLICY_VALID
# replace the terminals and the days; POLICY_MORE is a further statement of block policy
write_policy()
{
	local scope="${POLICY_SCOPE:-[ \"T-00417\" ]}" valid line
	valid=${POLICY_VALID:-$(date -u -d '-30 days' +%F) .. $(date -u -d '+300 days' +%F)}
	cat <<-POLICY
	airgap-policy 1
	policy {
	    id      "7.2/mimi/lab"
	    serial  $1
	    valid   $valid
	    ${POLICY_MORE:-}
	}
	scope {
	    unit       "${POLICY_UNIT:-7.2.14}"
	    terminals  $scope
	    level      ${POLICY_LEVEL:-mimi}
	}
	usb {
	    default  block
	POLICY
	while IFS= read -r line && [ "$line" != -- ]; do
		echo "    $line"
	done
	echo "}"
	cat
}

# make_policy SERIAL [KEY]... - the same, signed (by security officer and approver unless KEYs are
# given; none for KEY "-"), as $UNIT/policy-SERIAL; prints that path
make_policy()
{
	local serial="$1" file="$UNIT/policy-$1"
	shift
	[ $# -gt 0 ] || set -- so-7a ap-2c
	write_policy "$serial" >"$file"
	[ "$1" = - ] || sign_policy "$file" "$@" || return 1
	echo "$file"
}

# install_policy FILE - hand it to airgapd by airgapctl
install_policy()
{
	airgapctl policy install "$1"
}

# agent_up SERIAL - all that most scenarios begin with: the recorder, a unit, the agent, and a policy
# in force whose usb block comes on standard input
agent_up()
{
	local policy
	record_start && make_unit && agent_start && policy=$(make_policy "$1") &&
		install_policy "$policy"
}

# make_order ID TERMINAL STATEMENT [KEY]... - the path of a signed order for today and tomorrow; without
# KEYs the two that an order needs
make_order()
{
	local file
	file=/tmp/order-$(echo "$1" | tr -c 'a-z0-9\n' -)
	cat >"$file" <<-ORDER
	airgap-order 1
	order {
	    id        "$1"
	    terminal  "$2"
	    valid     $(date -u +%F) .. $(date -u -d '+1 day' +%F)
	    $3
	    reason    "for the lab"
	}
	ORDER
	shift 3
	[ $# -gt 0 ] || set -- so-7a ap-2c
	sign_file airgap-order@v1 "$file" "$@" >/dev/null && echo "$file"
}
