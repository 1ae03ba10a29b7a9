# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# Two terminals in one machine, which take turns: A is T-00417, B is T-00500. Each has a journal, keys, policy
# and memory of its own; the one that is not running lies in a folder of its name.

TERMINALS=/var/lib/airgap-terminals
TRANSFER_PARTS='journal policy state transfer media report'

# terminal_is NAME - this machine is terminal A or B from now on; nothing of the agent runs meanwhile
terminal_is()
{
	local part now
	now=$(cat "$TERMINALS/now" 2>/dev/null)
	[ "$now" != "$1" ] || return 0
	agent_stop airgap-transferd airgap-mountd && agent_stop || return 1
	mkdir -p "$TERMINALS/A" "$TERMINALS/B" /var/lib/airgap/.A /var/lib/airgap/.B
	for part in $TRANSFER_PARTS; do
		if [ -n "$now" ] && [ -e "/var/lib/airgap/$part" ]; then
			mv "/var/lib/airgap/$part" "/var/lib/airgap/.$now/$part" || return 1
		fi
		if [ -e "/var/lib/airgap/.$1/$part" ]; then
			mv "/var/lib/airgap/.$1/$part" "/var/lib/airgap/$part" || return 1
		fi
	done
	echo "$1" >"$TERMINALS/now"
	case $1 in
	A) write_terminal T-00417 7.2.14 mimi ;;
	B) write_terminal T-00500 7.2.14 mimi ;;
	esac >/etc/airgap/terminal
	media_start
}

# transfer_keys NAME - note the terminal's log key and age recipient
transfer_keys()
{
	wait_until 10 test -s /var/lib/airgap/journal/verifier-key || return 1
	cp /var/lib/airgap/journal/verifier-key "$TERMINALS/$1.key"
	airgapctl transfer recipient >"$TERMINALS/$1.recipient"
}

# transfer_terminals NUMBER - table terminals with both, signed: its path
transfer_terminals()
{
	local file=/tmp/terminals.agp
	cat >"$file" <<-TABLE
	airgap-table 1
	table {
	    name     terminals
	    number   $1
	    columns  [ number level custodian room log-key age-recipient status ]
	}
	"T-00417"  mimi  "A. Novak"  "2.14"  "$(cat "$TERMINALS/A.key")"  "$(cat "$TERMINALS/A.recipient")"  active
	"T-00500"  mimi  "B. Zajc"   "2.15"  "$(cat "$TERMINALS/B.key")"  "$(cat "$TERMINALS/B.recipient")"  ${2:-active}
	TABLE
	sign_file airgap-table@v1 "$file" so-7a && echo "$file"
}

# transfer_policy SERIAL LINE... - a policy for both terminals, with these lines in its block transfer
transfer_policy()
{
	local serial="$1" policy
	shift
	policy=$(POLICY_SCOPE='[ "T-00417" "T-00500" ]' make_policy "$serial" <<-POLICY
	allow  storage:  interfaces within [ 08:06:50 08:02:50 ]
	--
	people {
	    officer  "J. Kovac"    key so-7a  duty security  login "carol"
	    officer  "M. Horvat"   key ap-2c  duty approval
	}
	table media      signed [ security 2 ]  withdraw [ security 1 ]
	table terminals  signed [ security 1 ]
	media {
	    default  none
	    allow  write:  medium in @media, level is terminal, sealed yes, to [ read write ]
	    ${TRANSFER_MEDIA:-}
	}
	transfer {
	    default  refuse
	$(printf '    %s\n' "$@")
	    recipients  unit "7.2.14"  "$(cat "$TERMINALS/B.recipient")"
	    recovery    "$(cat "$TERMINALS/A.recipient")"
	}
	POLICY
	) && install_policy "$policy"
}

# transfer_up SERIAL LINE... - both terminals have the tables and this policy; A runs at the end
transfer_up()
{
	local terminal
	for terminal in A B; do
		terminal_is "$terminal" && transfer_keys "$terminal" || return 1
	done
	transfer_terminals 1 >/dev/null || return 1
	for terminal in B A; do
		terminal_is "$terminal" && transfer_policy "$@" && airgapctl install "$MEDIA_TABLE" &&
			airgapctl install /tmp/terminals.agp || return 1
	done
}

# request USER FILE... - a request of that user: the batch's id
request()
{
	local user="$1"
	shift
	as "$user" airgapctl --json transfer request --to 7.2.14 --level mimi --term "10 years" --basis "item 12" "$@" |
		jq -r 'select(.batch.id) | .batch.id' | grep .
}

# approve BATCH KEY - an officer prints the text, signs it, and hands it in
approve()
{
	airgapctl transfer approve "$1" --print >/tmp/approval.text 2>/dev/null &&
		cp /tmp/approval.text /tmp/approval && sign_file airgap-approval@v1 /tmp/approval "$2" &&
		airgapctl transfer approve "$1" --signed /tmp/approval
}

# batch BATCH JQ - what is known of a batch
batch()
{
	airgapctl --json transfer show "$1" | jq -r "select(.batch) | .batch | $2" | grep .
}

# transfer_log BATCH ACTION [JQ] - the newest entry of what became of it, strings bare
transfer_log()
{
	journal_lines | grep -F '"type":"transfer"' | jq -cr "select(.event.action == \"$2\" and
		.event.batch == \"$1\")${3:+ | $3}" | tail -n 1 | grep .
}

# wait_transfer BATCH ACTION [SECONDS]
wait_transfer()
{
	wait_until "${3:-15}" transfer_log "$1" "$2"
}
