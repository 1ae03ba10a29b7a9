#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The launcher gives programs their users and rights, and sees how they end. Stand-ins are used.
. /lab/lib.sh

AGENT_BIN=/tmp/stand-in
mkdir "$AGENT_BIN"
for program in $(agent_programs); do
	cat >"$AGENT_BIN/$program" <<-'STANDIN'
	#!/bin/bash
	grep -E '^(Uid|Gid|Groups|CapPrm|CapEff|CapBnd|NoNewPrivs):' /proc/self/status >&2
	echo "arguments: $*" >&2
	trap 'exit 7' TERM
	python3 -c 'import os, socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(
		b"STATUS=here\nREADY=1", os.environ["NOTIFY_SOCKET"])'
	while :; do sleep 0.1; done
	STANDIN
	chmod 755 "$AGENT_BIN/$program"
done

check "all programs become ready" agent_start
check_has "the core is root" '^Uid:\s0\s0\s0\s0' cat /lab/log/airgapd.stderr
check_has "with CAP_NET_ADMIN and CAP_NET_BROADCAST alone" '^CapEff:\s0000000000001800$' cat /lab/log/airgapd.stderr
check_has "bounded so" '^CapBnd:\s0000000000001800$' cat /lab/log/airgapd.stderr
check_has "and its groups" '^Groups:\s940 941 942 943' cat /lab/log/airgapd.stderr
check_has "no new privileges" '^NoNewPrivs:\s1' cat /lab/log/airgapd.stderr
check_has "the monitor is its user" '^Uid:\s941\s941\s941\s941' cat /lab/log/airgap-monitord.stderr
check_has "without capability" '^CapBnd:\s0000000000000000$' cat /lab/log/airgap-monitord.stderr
check_has "who names programs holds two capabilities without being root" '^CapEff:\s0000000000080004$' \
	cat /lab/log/airgap-attribution.stderr
check_is "its status line" 1 grep -c 'notify STATUS=here' "$LAB/agent/airgap-monitord.record"
check_is "folder of the journal" "airgap-journal airgap 2750" \
	stat -c '%U %G %a' /var/lib/airgap/journal
check "a program is killed" agent_kill airgap-journald
check_is "and that is known" "signal 9" agent_end airgap-journald
check "the others run on" agent_running airgapd
check "it is started again, with arguments" agent_launch airgap-journald --root /
check "and ready" wait_until 20 agent_ready airgap-journald
check_has "the arguments arrived" '^arguments: --root /$' cat /lab/log/airgap-journald.stderr
agent_signal STOP airgapd
check_has "a program is stopped" '^State:\sT' cat "/proc/$(agent_pid airgapd)/status"
agent_signal CONT airgapd
check "all are stopped" agent_stop
check_is "and told their status" "exit 7" agent_end airgapd
AGENT_WATCHDOG=1 agent_launch airgapd
check "a silent program is aborted by the watchdog" wait_until 20 agent_ended airgapd
check_is "with SIGABRT" "signal 6" agent_end airgapd
rm "$AGENT_BIN/airgapd"
check_not "a missing program is not ready" agent_start airgapd
