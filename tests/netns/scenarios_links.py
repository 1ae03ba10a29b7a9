# SPDX-License-Identifier: GPL-2.0-or-later
"""Links that come, go, are renamed and wander."""

import time

import bed as beds
from bed import OFFICE, Bed, run
from checks import report, same, scenario


def up(bed, near, far):
    run("ip", "-n", bed.terminal, "link", "set", near, "up")
    run("ip", "-n", bed.peer, "link", "set", far, "up")


def chatter(bed, near, far):
    """What the kernel says of itself when a link comes up: discovery, listeners, routers."""
    run("ip", "-n", bed.peer, "link", "set", far, "addrgenmode", "none", "up")
    counter = beds.Counter(bed.peer, far)
    bed.talkers.append(counter)
    run("ip", "-n", bed.terminal, "link", "set", near, "up")
    time.sleep(1.5)
    return counter.take()[1]


@scenario
def chatter_of_a_link_that_comes_up():
    with Bed() as bed:
        core = bed.core(OFFICE)
        bed.wire("v1", "p1", quiet=False)
        core.apply()
        same("a link that is not permitted says nothing", chatter(bed, "v1", "p1"), 0)
        bed.flush()
        core.close()
        bed.wire("v2", "p2", quiet=False)
        report("it would, without rules", chatter(bed, "v2", "p2") > 0)


@scenario
def neighbours_of_a_link():
    """ARP to an unknown host: on a permitted link it goes out, on another not."""
    with Bed() as bed:
        counter = bed.counter()
        core = bed.core(OFFICE)
        counter.take()
        bed.send("udp4", "--to", "10.20.0.77", "--port", "53", count=1)
        report("a neighbour is asked for on a permitted link", counter.take()[1] > 0)
        core.apply(None)
        core.ask(f"apply {bed.policy(None)}")
        counter.take(0.2)
        bed.send("udp4", "--to", "10.20.0.78", "--port", "53", count=1)
        same("and not on another", counter.take()[1], 0)


@scenario
def renamed_links():
    with Bed() as bed:
        bed.talker(bed.peer, "serve", "53")
        core = bed.core(OFFICE)
        counter = bed.counter()
        live = run("ip", "-n", bed.terminal, "link", "set", "v0", "name", "x0", check=False)
        if live.returncode:
            for words in (["v0", "down"], ["v0", "name", "x0"], ["x0", "up"]):
                run("ip", "-n", bed.terminal, "link", "set", *words)
        print(f"# renamed {'while it was up' if live.returncode == 0 else 'while it was down'}")
        counter.take(0.2)
        bed.send("udp4", link="x0")
        bed.send("udp4", "--to", "10.20.0.5", "--port", "53", link="x0")
        same("a renamed link sends no packet, not even to permitted places", counter.take()[0], 0)
        bed.send("packet-raw", link="x0")
        print(f"# frames below IP before the rules are renewed: {counter.take()[0]} of 20")
        report("the core learns that links changed", core.ask("verify")[-1].startswith("failed 11 "))
        same("rules for the new name", core.apply(), "ok")
        bed.send("packet-raw", link="x0")
        bed.send("udp4", link="x0")
        same("nothing goes out by it", counter.take()[0], 0)
        bed.wire("v0", "p9")
        up(bed, "v0", "p9")
        other = bed.counter("p9")
        run("ip", "-n", bed.terminal, "addr", "add", "10.20.9.7/16", "dev", "v0")
        bed.send("bind-to-device", "--to", "10.20.0.5", "--port", "53", link="v0")
        same("another link by the permitted name inherits nothing", other.take(), (0, 0))


@scenario
def links_named_like_numbers():
    """nft reads a number as an index, unless a link has it for a name."""
    with Bed() as bed:
        index = bed.t("cat", "/sys/class/net/v0/ifindex").stdout.strip()
        bed.wire(index, "p9")
        bed.wire("1", "p8")
        for near, far in ((index, "p9"), ("1", "p8")):
            up(bed, near, far)
        core = bed.core(OFFICE)
        for near, far in ((index, "p9"), ("1", "p8")):
            counter = bed.counter(far)
            bed.send("bind-to-device", "--to", "10.20.0.5", "--port", "53", link=near)
            bed.send("packet-raw", link=near)
            same(f"a link named {near} gets nobody's rights", counter.take()[0], 0)
        same("rules as meant", core.ask("verify"), ["ok"])


@scenario
def links_with_names_that_no_rule_can_hold():
    with Bed() as bed:
        for number, name in enumerate(('a"b', "v*", "a{b", "$x")):
            bed.wire(name, f"q{number}", quiet=False)
        core = bed.core(OFFICE)
        same("rules as meant", core.ask("verify"), ["ok"])
        up(bed, "v*", "q1")
        counter = bed.counter("q1")
        bed.send("bind-to-device", "--to", "10.20.0.5", "--port", "53", link="v*")
        same("a star opens nothing", counter.take()[0], 0)
        done = bed.t(f"{beds.BIN}/airgap-deny")
        same("airgap-deny says which links it cannot hold", done.stderr.count("no rule can hold"), 4)


@scenario
def links_that_wander():
    with Bed() as bed:
        core = bed.core(None)
        for round_ in range(3):
            run("ip", "-n", bed.terminal, "link", "set", "v0", "netns", bed.box)
            if round_ == 1:
                core.apply()
            run("ip", "-n", bed.box, "link", "set", "v0", "netns", bed.terminal)
            same("rules for a link that is back", core.apply(), "ok")
            same("they are as meant", core.ask("verify"), ["ok"])
            run("ip", "-n", bed.terminal, "link", "set", "v0", "up")
            counter = bed.counter()
            bed.send("packet-raw")
            same(f"time {round_ + 1}: a link that was away sends nothing", counter.take(), (0, 0))


@scenario
def links_that_flap_while_rules_are_made():
    with Bed() as bed:
        bed.talker(bed.peer, "serve", "53")
        core = bed.core(OFFICE)
        echo = bed.talk("udp", "10.20.0.5", 53)
        flapping = bed.start(bed.terminal, "sh", "-c", """while :; do for i in 1 2 3 4 5; do
            ip link add f$i type veth peer name g$i; ip link set f$i name h$i; ip link del h$i; done
            sleep 0.05; done""")
        answers, lost = [], 0
        for _ in range(60):
            answers.append(core.apply())
            lost += echo.ask("10 2") != ["echo"]
        flapping.kill()
        flapping.wait()
        time.sleep(0.2)
        odd = [answer for answer in answers if answer != "ok" and not answer.startswith("failed 11 ")]
        same("rules are made, or the caller is told to look again", odd, [])
        print(f"# {answers.count('ok')} of 60 were made at the first go")
        report("some were made in the midst of it", "ok" in answers)
        same("a permitted link never noticed", lost, 0)
        same("at rest", core.apply(), "ok")
        held = bed.t("nft", "list", "table", "netdev", "airgap_base").stdout
        names = bed.t("ls", "/sys/class/net").stdout.split()
        same("a chain for every link", sorted(name for name in names if f'device "{name}"' in held),
             sorted(set(names) - {"lo"}))


@scenario
def a_hundred_links():
    with Bed() as bed:
        batch = "\n".join(f"link add w{i} type veth peer name u{i} netns {bed.peer}" for i in range(100))
        run("ip", "-n", bed.terminal, "-batch", "-", feed=batch)
        core = bed.core(OFFICE)
        begun = time.monotonic()
        run("ip", "-n", bed.terminal, "link", "del", "w5")
        same("rules for a hundred links", core.apply(), "ok")
        middle = time.monotonic()
        core.ask("verify")
        print(f"# applied in {1000 * (middle - begun):.0f} ms, verified in "
              f"{1000 * (time.monotonic() - middle):.0f} ms")
