# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# An office in the guest: its server on loopback, and this terminal registered there.

OFFICE_PORT=8443

# office_start - make an office, serve
office_start()
{
	mkdir -p /var/lib && airgap-office init --name office.lab --level mimi --host 127.0.0.1 \
		--listen "127.0.0.1:$OFFICE_PORT" >/tmp/office.made 2>/lab/log/airgap-office.stderr ||
		return 1
	airgap-office serve </dev/null >/dev/null 2>>/lab/log/airgap-office.stderr &
	wait_until 20 office_listens
}

# office_key - its verifier key
office_key()
{
	sed -n 's/^key *//p' /tmp/office.made
}

office_listens()
{
	ss -Hltn "sport = :$OFFICE_PORT" | grep -q .
}

# office_register NUMBER - the terminal asks with a one-time code; an officer compares fingerprints
office_register()
{
	local code fingerprint
	code=$(airgap-office register code "$1") || return 1
	airgapctl report enrol "127.0.0.1:$OFFICE_PORT" "$(office_key)" "$code" >/dev/null || return 1
	agent_start airgap-reportd && wait_until 20 office_hears "$1" || return 1
	fingerprint=$(airgap-office register list | sed -n 's/^    //p')
	airgapctl report status | grep -qF "$fingerprint" || return 1
	airgap-office register approve "$(airgap-office register list | awk 'NR == 1 { print $1 }')" \
		"$fingerprint" >/dev/null
}

office_hears()
{
	airgap-office register list | grep -q "$1"
}

# office_confirmed N - the terminal holds the office's receipt for at least N entries
office_confirmed()
{
	[ "$(sed -n 2p /var/lib/airgap/journal/receipt 2>/dev/null || echo 0)" -ge "$1" ]
}
