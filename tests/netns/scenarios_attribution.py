# SPDX-License-Identifier: GPL-2.0-or-later
"""Which process sent a refused packet: found, unknown, wrong; wrong must be none."""

import os
import re

from bed import TOOLS
from checks import report, same, scenario
from scenarios_watch import PACKETS, ROUTE, refuse
from watch_bed import Watch

# (method, user, whether one that is old enough and whose socket lives long enough has to be found)
METHODS = [
    ("udp", 65001, True),
    ("udp-port", 65001, False),
    ("udp-shared", 65001, False),
    ("udp-child", 65001, False),
    ("udp-heir", 65001, False),
    ("tcp", 65001, False),
    ("uring", 65001, True),
    ("uring-fixed", 65001, False),
    ("raw", 0, False),
    ("packet", 0, False),
]
# (processes, milliseconds that the socket stays open, age of the process when it sends)
TIMES = [(25, 0, 0), (10, 100, 0), (20, 100, 300)]


def send(watch, method, user, times, port):
    """{port: pid} of what was sent; None when the machine cannot."""
    number, life, age = map(str, times)
    done = watch.do(f"{TOOLS}/net-send", method, str(user), number, life, str(port), "v0", age,
                    check=False)
    sent = dict(reversed(line.split()[2:]) for line in done.stdout.splitlines())
    return None if done.returncode else {int(port): int(pid) for port, pid in sent.items()}


def count(watch, sent):
    found, wrong, answered = 0, 0, set()
    while len(answered) < len(sent):
        # For a machine that has much else to do; no check is about how long it takes.
        line = watch.wait("^actor port=", 60)
        if line is None:
            break
        port, pid = map(int, re.match(r"actor port=(\d+) pid=(\d+) ", line).groups())
        if port not in sent or port in answered:
            continue
        answered.add(port)
        found += pid == sent[port]
        wrong += pid not in (0, sent[port])
    return found, wrong, len(answered)


def measure(watch, times, methods, port, when):
    for method, user, must in methods:
        port += 100
        sent = send(watch, method, user, times, port)
        if sent is None:
            print(f"skip attribution of {method} # this kernel cannot send so")
            continue
        found, wrong, answered = count(watch, sent)
        print(f"# {method:12} {times[1]:4} ms {times[2]:4} ms {found:8} {answered - found - wrong:7} "
              f"{wrong:5}")
        name = f"attribution: {method}, open {times[1]} ms, {times[2]} ms old{when}"
        same(f"{name}: the user is always known", answered, len(sent))
        same(f"{name}: no process is named wrongly", wrong, 0)
        if must and times[2]:
            report(f"{name}: some are found", found > 0)


def head(when):
    print(f"# {'method':12} {'open':>7} {'age':>7} {'found':>8} unknown wrong{when}")


@scenario
def attribution():
    with Watch(ROUTE, PACKETS, attribution=True) as watch:
        refuse(watch)
        head("")
        for i, times in enumerate(TIMES):
            measure(watch, times, METHODS, 10000 + 2000 * i, "")


@scenario
def attribution_under_load():
    """Everyone is late: the packet is read, and its socket looked for, when much has happened."""
    with Watch(ROUTE, PACKETS, attribution=True) as watch:
        refuse(watch)
        for _ in range(os.cpu_count()):
            watch.start("sh", "-c", "while :; do :; done")
        head(", under load")
        for i, times in enumerate((TIMES[0], TIMES[2])):
            methods = [(method, user, False) for method, user, _ in METHODS]
            measure(watch, times, methods, 10000 + 2000 * i, ", under load")
