#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a command at a terminal of its own, and answer each question for a passphrase.

usage: terminal-passphrase.py PASSPHRASE[,PASSPHRASE...] OUT COMMAND...    what it prints goes to OUT

age asks at /dev/tty, so a pipe will not do. Each passphrase serves the questions of one program run:
to a new one it is asked twice. The exit code is the command's.
"""
import os
import pty
import re
import sys

answers = sys.argv[1].split(",")
out = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
child, terminal = pty.fork()
if child == 0:
    os.dup2(out, 1)
    os.execvp(sys.argv[3], sys.argv[3:])
said = b""
while True:
    try:
        got = os.read(terminal, 4096)
    except OSError:
        break
    if not got:
        break
    said += got
    asked = list(re.finditer(rb"(Enter|Confirm) passphrase[^:]*: ", said))
    if asked:
        # A confirmation repeats the answer before it.
        answer = last if asked[-1].group(1) == b"Confirm" else answers.pop(0) if answers else ""
        last = answer
        said = said[asked[-1].end():]
        os.write(terminal, answer.encode() + b"\n")
_, status = os.waitpid(child, 0)
sys.stderr.buffer.write(said.replace(b"\r", b""))
sys.exit(os.waitstatus_to_exitcode(status))
