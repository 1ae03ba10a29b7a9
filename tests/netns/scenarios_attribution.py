# SPDX-License-Identifier: GPL-2.0-or-later
"""Which process sent a refused packet: found, unknown, wrong; wrong must be none."""

import re

from bed import TOOLS
from checks import report, scenario
from scenarios_watch import PACKETS, ROUTE, refuse
from watch_bed import Watch

COUNT = 25
# (method, user, whether a socket that lives long enough has to be found)
METHODS = [
    ("udp", 65001, True),
    ("udp-shared", 65001, False),
    ("tcp", 65001, False),
    ("uring", 65001, True),
    ("uring-fixed", 65001, False),
    ("raw", 0, True),
    ("packet", 0, True),
]


def send(watch, method, user, life, port):
    """{port: pid} of what was sent; None when the machine cannot."""
    done = watch.do(f"{TOOLS}/net-send", method, str(user), str(COUNT), str(life), str(port), "v0",
                    check=False)
    sent = dict(reversed(line.split()[2:]) for line in done.stdout.splitlines())
    return None if done.returncode else {int(port): int(pid) for port, pid in sent.items()}


def count(watch, sent):
    found, wrong, answered = 0, 0, set()
    while len(answered) < len(sent):
        line = watch.wait("^actor port=", 10)
        if line is None:
            break
        port, pid = map(int, re.match(r"actor port=(\d+) pid=(\d+) ", line).groups())
        if port not in sent or port in answered:
            continue
        answered.add(port)
        found += pid == sent[port]
        wrong += pid not in (0, sent[port])
    return found, wrong, len(answered)


@scenario
def attribution():
    with Watch(ROUTE, PACKETS, attribution=True) as watch:
        refuse(watch)
        port = 10000
        print(f"# {COUNT} processes each   socket open    found unknown wrong")
        for life in (0, 100):
            for method, user, must in METHODS:
                port += 100
                sent = send(watch, method, user, life, port)
                if sent is None:
                    print(f"skip attribution of {method} # this kernel cannot send so")
                    continue
                found, wrong, answered = count(watch, sent)
                print(f"# {method:18} {life:9} ms {found:8} {answered - found - wrong:7} {wrong:5}")
                report(f"attribution: {method}, {life} ms: the user is always known, no process wrongly",
                       wrong == 0 and answered == len(sent), f"{answered} answers, {wrong} wrong")
                if must and life:
                    report(f"attribution: {method}: a socket that stays open is found", found > 0)
