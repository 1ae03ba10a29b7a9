# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC3043
# Launcher: starts the agent's programs without systemd, each with the user, groups and capabilities
# of file `programs`. Nothing restarts by itself. Their standard error is build/lab/logs/...

# A scenario may set these before it starts a program.
AGENT_BIN=${AGENT_BIN:-/lab/build/bin}
AGENT_WATCHDOG=${AGENT_WATCHDOG:-0} # seconds; 0: none
lab_programs=/lab/top/tests/lab/guest/programs

# agent_programs - names, in the order of starting
agent_programs()
{
	# For scenarios that have an office, or media: agent_start airgap-reportd, airgap-transferd
	sed -n '/^airgap-\(reportd\|transferd\|mountd\) /d; s/^\([a-z][^ ]*\) .*/\1/p' "$lab_programs"
}

# agent_dirs - the folders that tmpfiles and the packages make
agent_dirs()
{
	mkdir -p /run/airgap /run/airgap-journal /run/airgap-door /run/airgap-monitor /run/airgap-notice /etc/airgap
	chmod 0755 /run/airgap /run/airgap-journal /run/airgap-door /run/airgap-monitor /run/airgap-notice
	chown airgap-journal:airgap-journal /run/airgap-journal
	chown airgap-door:airgap-door /run/airgap-door
	chown airgap-monitor:airgap-monitor /run/airgap-monitor
	chown airgap-notice:airgap-notice /run/airgap-notice
	mkdir -p /var/lib/airgap/policy /var/lib/airgap/state /var/lib/airgap/journal
	chmod 0755 /var/lib/airgap/policy /var/lib/airgap/state
	chown airgap-journal:airgap /var/lib/airgap/journal
	chmod 2750 /var/lib/airgap/journal
	mkdir -p /var/lib/airgap/report
	chown airgap-report:airgap /var/lib/airgap/report
	chmod 2750 /var/lib/airgap/report
	mkdir -p /run/airgap-transfer /run/airgap-mount
	chmod 0700 /run/airgap-mount
	chown airgap-transfer:airgap-transfer /run/airgap-transfer
	chmod 0755 /run/airgap-transfer
	(umask 077 && cd /var/lib/airgap && mkdir -p transfer/keys transfer/staging transfer/batches transfer/inbox transfer/quarantine)
	chown -R airgap-transfer:airgap-transfer /var/lib/airgap/transfer
}

# agent_launch PROGRAM [ARGUMENT]... - start it; does not wait
agent_launch()
{
	local program="$1" user groups caps turn
	shift
	# shellcheck disable=SC2046 # words of one line
	set -- $(sed -n "s/^$program  *//p" "$lab_programs") -- "$@"
	if [ "$1" = -- ]; then
		echo "agent_launch: $program is not in $lab_programs" >&2
		return 1
	fi
	user=$1 groups="--groups=$2" caps="--bounding-set=-all,+$3" turn=""
	[ "$4" = - ] || turn="chrt -r $4"
	# Who is not root holds its capabilities by ambience, as a unit's AmbientCapabilities gives them.
	local held="-all"
	[ "$2" != - ] || groups=--clear-groups
	[ "$3" != - ] || caps=--bounding-set=-all
	[ "$3" = - ] || [ "$user" = root ] || held="-all,+$3"
	shift 5
	agent_dirs
	# What an earlier run of the program left must not be taken for news.
	rm -f "$LAB/agent/$program.record" "$LAB/agent/$program.pid"
	# shellcheck disable=SC2086 # words, or none
	(
		cd / && umask 022 && exec setsid env -i PATH=/usr/sbin:/usr/bin LANG=C.UTF-8 \
			/lab/build/tests/tools/lab-supervise "$LAB/notify/$program" \
			"$LAB/agent/$program.record" "$LAB/agent/$program.pid" "$AGENT_WATCHDOG" \
			$turn setpriv --reuid "$user" --regid "$user" "$groups" "$caps" \
			--inh-caps="$held" --ambient-caps="$held" --no-new-privs -- "$AGENT_BIN/$program" "$@"
	) </dev/null >>"/lab/log/$program.stdout" 2>>"/lab/log/$program.stderr" &
}

# agent_ready PROGRAM - it said READY=1 and runs
agent_ready()
{
	grep -q ' notify READY=1$' "$LAB/agent/$1.record" && agent_running "$1"
}

agent_running()
{
	[ -e "$LAB/agent/$1.record" ] && ! agent_ended "$1"
}

agent_ended()
{
	grep -Eq '^[0-9]+ (exit|signal) ' "$LAB/agent/$1.record"
}

# agent_end PROGRAM - how it ended: "exit STATUS" or "signal NUMBER"; 1 while it runs
agent_end()
{
	sed -n 's/^[0-9]* \(\(exit\|signal\) [0-9]*\)$/\1/p' "$LAB/agent/$1.record" | grep .
}

# agent_start [PROGRAM]... - start these (default: all), wait until each is ready and until airgapctl
# gets an answer
agent_start()
{
	local program
	# shellcheck disable=SC2046 # a list of names
	[ $# -gt 0 ] || set -- $(agent_programs)
	for program in "$@"; do
		agent_launch "$program" || return 1
	done
	for program in "$@"; do
		wait_until 30 lab_ready_or_ended "$program"
		if ! agent_ready "$program"; then
			echo "$program did not become ready: $(agent_end "$program" || echo runs on)"
			tail -n 5 "/lab/log/$program.stderr"
			return 1
		fi
	done
	# Each is ready before it has met the others; who asks at once is told that airgapd is absent.
	! agent_running airgapd || ! agent_running airgap-doord || [ "$AGENT_BIN" != /lab/build/bin ] ||
		wait_until 10 lab_answers
}

lab_answers()
{
	airgapctl status >/dev/null 2>&1
	[ $? -ne 3 ]
}

lab_ready_or_ended()
{
	agent_ready "$1" || agent_ended "$1"
}

# agent_pid PROGRAM
agent_pid()
{
	cat "$LAB/agent/$1.pid"
}

# agent_signal SIGNAL PROGRAM - send a signal; does not wait
agent_signal()
{
	kill -"$1" "$(agent_pid "$2")"
}

# agent_kill PROGRAM - kill -9 and wait until it is gone
agent_kill()
{
	agent_signal KILL "$1"
	wait_until 5 agent_ended "$1"
}

# agent_stop [PROGRAM]... - SIGTERM to these (default: all, last started first), wait for their end
agent_stop()
{
	local program
	# shellcheck disable=SC2046
	[ $# -gt 0 ] || set -- $(agent_programs | sed '1!G;h;$!d')
	for program in "$@"; do
		agent_running "$program" || continue
		agent_signal TERM "$program"
		wait_until 10 agent_ended "$program" || return 1
	done
}

# journal_lines - the journal, one JSON entry a line
journal_lines()
{
	tr -d '\t' </var/lib/airgap/journal/log
}

# journal [JQ-ARGUMENT]... - the journal through jq
journal()
{
	journal_lines | jq -c "$@"
}

# journal_has JQ-CONDITION - some entry makes the condition true; prints the first such entry.
# A last line without its newline is an entry that is being written, and left out
journal_has()
{
	journal_lines | sed '$!b;/}$/!d' | jq -c "select($1)" | head -n 1 | grep .
}

# wait_log JQ-CONDITION [SECONDS] - until some journal entry does
wait_log()
{
	local end size="" now
	end=$(($(clock_cs) + ${2:-10} * 100))
	while :; do
		# jq takes long to start: ask it only when there is news.
		now=$(wc -l </var/lib/airgap/journal/log 2>/dev/null)
		if [ "$now" != "$size" ]; then
			size=$now
			journal_has "$1" >/dev/null 2>&1 && return 0
		fi
		[ "$(clock_cs)" -lt "$end" ] || return 1
		sleep 0.02
	done
}

# entries_of NAME RESULT - journal entries about the plugged device, by port and device number, whose
# verdict is RESULT (permit, refuse). Members stand in a fixed order without blanks: grep will do
entries_of()
{
	grep -E "\"facts\":\{\"port\":\"$(port_of "$1")\",\"bus\":[0-9]+,\"device\":$(
		attribute "$1" devnum),.*\"verdict\":\{\"result\":\"$2\"" /var/lib/airgap/journal/log
}

# wait_refused NAME [SECONDS] - until the journal has its refusal
wait_refused()
{
	wait_until "${2:-10}" entries_of "$1" refuse
}

# wait_permitted NAME [SECONDS] - until the journal has its permit
wait_permitted()
{
	wait_until "${2:-10}" entries_of "$1" permit
}

# verdict_of NAME RESULT FILTER - jq FILTER over the first such verdict, strings bare
verdict_of()
{
	entries_of "$1" "$2" | head -n 1 | jq -r ".event.outcome.verdict | $3"
}

# wait_stderr PROGRAM PATTERN [SECONDS] - until its standard error has a matching line
wait_stderr()
{
	wait_until "${3:-10}" grep -Eq "$2" "/lab/log/$1.stderr"
}
