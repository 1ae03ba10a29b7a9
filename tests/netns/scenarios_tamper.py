# SPDX-License-Identifier: GPL-2.0-or-later
"""Whoever touches the rules, and what escapes meanwhile."""

import os
import time

import bed as beds
from bed import OFFICE, Bed
from checks import report, same, scenario

ESTALE = "failed 116"
# With the real agent; what plays its part here gets a fifth of them.
FLUSHES = int(os.environ.get("NETNS_FLUSHES", "500"))


def blast(bed, method):
    """Sends as fast as it can until it is killed."""
    who = [] if method == "packet-raw" else ["--uid", beds.NOBODY]
    return bed.start(bed.terminal, f"{beds.TOOLS}/send-any", *who, method, "v0", "2000000000")


@scenario
def flushes_under_a_blaster():
    with Bed() as bed:
        counter = bed.counter()
        core = bed.core(OFFICE)
        counter.take()
        changed = restored = 0
        for method in ("udp4", "packet-raw"):
            sender = blast(bed, method)
            for _ in range(FLUSHES // 10):
                bed.flush()
                changed += core.ask("verify")[-1].startswith(ESTALE)
                restored += core.ask("restore")[-1] == "ok"
            report(f"{method} was sent to the end", sender.poll() is None)
            same("frames that escaped", counter.take()[0], 0)
            if method == "udp4":
                sender.kill()
        same("every one of the flushes was noticed", changed, FLUSHES // 10 * 2)
        same("and repaired", restored, FLUSHES // 10 * 2)
        bed.flush()
        core.kill()
        time.sleep(0.2)
        report("without the core, it would have reached the peer", counter.take()[0] > 100)


@scenario
def killed_then_flushed():
    """What the module is to close: with the owner dead, nothing stops root from flushing."""
    with Bed() as bed:
        counter = bed.counter()
        core = bed.core(OFFICE)
        counter.take()
        blast(bed, "udp4")
        blast(bed, "packet-raw")
        core.kill()
        time.sleep(0.3)
        same("killed: the base stands, frames that escaped", counter.take()[0], 0)
        begun = time.monotonic()
        bed.flush()
        again = bed.core(OFFICE)
        window = time.monotonic() - begun
        escaped = counter.take()[0]
        same("started again: frames that escape", counter.take(0.3)[0], 0)
        same("and all is as meant", again.ask("verify"), ["ok"])
        print(f"# killed, then flushed: open for {window * 1000:.0f} ms until another core was there, "
              f"{escaped} frames escaped")


@scenario
def changes_by_others():
    with Bed() as bed:
        core = bed.core(OFFICE)
        for name, command in (
                ("a rule added", "insert rule inet airgap_base ag_output accept"),
                ("a policy turned", "chain inet airgap_base ag_output { policy accept; }"),
                ("a chain flushed", "flush chain netdev airgap_base ag_refuse"),
                ("a table deleted", "delete table netdev airgap_base"),
                ("a table put to sleep", "table inet airgap_base { flags dormant; }"),
                ("a chain of one's own", "add chain inet airgap_base other { type filter hook output "
                                         "priority 0; policy accept; }")):
            bed.t("nft", command)
            report(f"{name}: noticed", core.ask("verify")[-1].startswith(ESTALE))
            same(f"{name}: restored", core.ask("restore"), ["ok"])
            same(f"{name}: verified", core.ask("verify"), ["ok"])
        for command in ("flush table inet airgap_own", "delete table inet airgap_own",
                        "insert rule inet airgap_own ag_output accept"):
            report(f"refused to others: {command}", bed.t("nft", command, check=False).returncode != 0)
        bed.rules("table inet theirs { chain out { type filter hook output priority -400; policy accept; "
                  "accept; }; }")
        counter = bed.counter()
        bed.send("udp4", "--uid", beds.NOBODY)
        same("an accept in another table opens nothing", counter.take()[0], 0)
        same("and is none of our rules", core.ask("verify"), ["ok"])
        bed.rules("table ip theirs { chain out { type nat hook output priority -100; ip daddr 10.20.0.5 "
                  "dnat to 203.0.113.77; }; }")
        counter.take()
        bed.send("udp4", "--to", "10.20.0.5", "--port", "53")
        same("an address translated on its way is judged at the egress", counter.take()[0], 0)


@scenario
def what_is_left_of_another_core():
    """A core that starts takes over what it finds, whatever state it is in."""
    with Bed() as bed:
        counter = bed.counter()
        for name, command in (("whole", None), ("asleep", "table inet airgap_base { flags dormant; }"),
                              ("open", "chain inet airgap_base ag_output { policy accept; }"),
                              ("with a set of another kind", "delete table inet airgap_base; table inet "
                               "airgap_base { set ag_known { type ipv4_addr; }; }")):
            bed.core(OFFICE).close()
            if command:
                bed.t("nft", command)
            core = bed.core(OFFICE)
            same(f"{name}: taken over", core.ask("verify"), ["ok"])
            counter.take()
            bed.send("udp4")
            same(f"{name}: nothing escapes", counter.take()[0], 0)
            core.close()
            counter.take()
            bed.send("udp4")
            same(f"{name}: nor does it when that one has ended", counter.take()[0], 0)
