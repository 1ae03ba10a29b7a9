# SPDX-License-Identifier: GPL-2.0-or-later
"""More links at once than anybody has, while the programs that would see them are dead."""

import time

from agent import Agent
from bed import Bed, run
from checks import report, same, scenario
from scenarios_agent import RULES

LINKS = 1500
# What the core needs for a look of its own at so many is a matter of the machine; that it ends is not.
PATIENCE = 300


def up(bed):
    """Links of the storm that are up."""
    told = bed.t("ip", "-o", "link", "show", "up").stdout
    return sum(line.split()[1].startswith(("d", "e")) for line in told.splitlines())


def chains(bed):
    return bed.t("nft", "list", "table", "netdev", "airgap_base").stdout.count('device "')


def make(bed, first, count):
    # Each comes up as soon as it is there, so that many are up before anybody has looked once.
    batch = "\n".join(f"link add d{i} type veth peer name e{i}\nlink set d{i} up\nlink set e{i} up"
                      for i in range(first, first + count // 2))
    run("ip", "-n", bed.terminal, "-force", "-batch", "-", feed=batch + "\n")


def rest(condition):
    """As Agent.wait(), but listing so many is work, of which this is not about."""
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(1)
    return condition()


@scenario
def storm_of_new_links():
    with Bed() as bed, Agent(bed, RULES) as agent:
        report("the link of the policy opens", agent.wait(lambda: agent.is_open("v0")))
        for program in ("airgap-monitord", "airgap-doord"):
            agent.kill(program)
        before = agent.usage("airgapd")
        make(bed, 0, LINKS)
        begun = time.monotonic()
        at_first = up(bed)
        report("their rules are there", rest(lambda: chains(bed) >= LINKS))
        closed = time.monotonic() - begun
        report(f"{LINKS} links, without a monitor and a door: all are down in the end",
               rest(lambda: up(bed) == 0), f"{up(bed)} are up")
        after = agent.usage("airgapd")
        print(f"# {at_first} were up when the last had come; their rules {closed:.1f} s later, all "
              f"down {time.monotonic() - begun:.1f} s later; "
              f"airgapd {after[1] - before[1]:.1f} s of the processor, {after[0]} kB")
        report("the permitted one is up", agent.is_up("v0"))
        for program in ("airgap-monitord", "airgap-doord"):
            agent.launch(program)
        make(bed, LINKS, LINKS // 5)
        report("with both of them back: those that come then, too",
               rest(lambda: up(bed) == 0), f"{up(bed)} are up")
        report("and each is in the rules", rest(
            lambda: chains(bed) >= LINKS + LINKS // 5))
        report("the permitted one is up still", agent.wait(lambda: agent.is_up("v0")))
        same("none came up again", up(bed), 0)
