# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole agent: what it opens, refuses, undoes and writes down, and that a storm leaves it right."""

import os

import bed as beds
from agent import Agent
from bed import Bed, Skip
from checks import report, same, scenario

RULES = """    allow lan:    interface in [ v0 ]
    allow addr:   address in [ 10.20.0.0/16 fd12:7::/48 ]
    allow gate:   gateway in [ 10.20.0.1 fd12:7::1 ]
    allow office: egress to [ 10.20.0.5 fd12:7::5 ], protocol tcp, port in [ 8443 ]
"""
FLAPS = int(os.environ.get("NETNS_FLAPS", "10000"))
LINKS = 100


def send(bed, method, link="v0", count=20):
    bed.t(f"{beds.TOOLS}/send-any", "--uid", beds.NOBODY, method, link, str(count), check=False)


@scenario
def agent_opens_and_refuses():
    with Bed() as bed:
        bed.wire("v1", "p1")
        bed.t("ip", "link", "set", "v1", "up")
        with Agent(bed, RULES) as agent:
            report("the link of the policy opens", agent.wait(lambda: agent.is_open("v0")))
            report("and is up as before", agent.wait(lambda: agent.is_up("v0")))
            report("another is refused", agent.wait(lambda: agent.found("iface_unknown", link="v1")))
            report("and down", not agent.is_up("v1"))
            bed.t("ip", "link", "set", "v1", "up", check=False)
            report("again when it is put up", agent.wait(lambda: not agent.is_up("v1")))
            # They went with the link while no policy was in force.
            bed.t("ip", "route", "replace", "default", "via", "10.20.0.1")
            counter = bed.counter()
            counter.take()
            for method in ("udp4", "tcp4"):
                send(bed, method)
            same("of what is sent elsewhere nothing arrives", counter.take()[0], 0)
            report("and the journal has the user", agent.wait(
                lambda: agent.found("egress_blocked", uid=65534)))


@scenario
def agent_refuses_odd_names():
    """A link that no rule can name has no chain at its egress: it stays down whatever permits it."""
    with Bed() as bed:
        bed.wire("v1", "p1")
        bed.t("ip", "link", "set", "v1", "up")
        with Agent(bed, RULES + "    allow soft:   kind in [ virtual ]\n") as agent:
            report("a link of a kind that is permitted opens", agent.wait(lambda: agent.is_open("v1")))
            bed.t("ip", "link", "set", "v1", "down")
            bed.t("ip", "link", "set", "v1", "name", 'q"q')
            bed.t("ip", "link", "set", 'q"q', "up", check=False)
            report("with a name that no rule can hold it is put down",
                   agent.wait(lambda: not agent.is_up('q"q')))
            report("and its refusal written down", agent.wait(
                lambda: agent.found("iface_unknown", link='q"q')))


@scenario
def agent_names_the_program():
    with Bed() as bed, Agent(bed, RULES) as agent:
        agent.wait(lambda: agent.is_open("v0"))
        bed.t("ip", "route", "replace", "default", "via", "10.20.0.1")
        # A socket that stays open while its process is looked for.
        bed.start(bed.terminal, "python3", "-c", """
import os, socket, time
os.setgid(65534)
os.setuid(65534)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(20):
    # For each destination it is looked for once; a busy machine may look too late.
    for port in (53, 1000 + i):
        try:
            s.sendto(b"hello", ("203.0.113.77", port))
        except OSError:
            pass
    time.sleep(0.2)
""")
        def named():
            return [event for event in agent.found("egress_blocked", to="203.0.113.77", uid=65534)
                    if event["actor"]["confidence"] == "sockdiag"]
        report("the process is found by its open socket", agent.wait(named))
        report("and it is the right one", any(
            "python3" in (event["actor"]["program"] or "") for event in named()),
               [event["actor"] for event in agent.found("egress_blocked")])
        first = [event for event in agent.found("egress_blocked", to="203.0.113.77")
                 if event["flow"]["port"] == 53]
        report("one entry for the first packets", len(first) == 1, len(first))


@scenario
def agent_undoes():
    with Bed() as bed, Agent(bed, RULES) as agent:
        agent.wait(lambda: agent.is_open("v0"))
        agent.wait(lambda: agent.is_up("v0"))
        bed.t("ip", "address", "add", "10.99.0.7/24", "dev", "v0")
        report("an address that no rule names is removed", agent.wait(
            lambda: "10.99.0.7" not in bed.t("ip", "address", "show", "v0").stdout))
        report("and written down", agent.wait(
            lambda: agent.found("addr_illegal", address="10.99.0.7/24", remedy="address-removed")))
        bed.t("ip", "route", "add", "198.51.100.0/24", "via", "10.20.0.9", "proto", "dhcp")
        report("a route as by option 121 is removed", agent.wait(
            lambda: "198.51.100" not in bed.t("ip", "route").stdout))
        report("and strong evidence", agent.wait(
            lambda: agent.found("route_illegal", to="198.51.100.0/24", evidence="strong")))
        bed.t("sysctl", "-qw", "net.ipv4.ip_forward=1")
        report("forwarding is switched off", agent.wait(
            lambda: bed.t("sysctl", "-n", "net.ipv4.ip_forward").stdout.strip() == "0"))
        bed.flush()
        report("flushed rules come back", agent.wait(
            lambda: "airgap_base" in bed.t("nft", "list", "tables").stdout))
        report("and it is written down", agent.wait(
            lambda: agent.found("ruleset_tampered", remedy="ruleset-restored")))


@scenario
def agent_finds_what_was_there():
    """No event tells of what was so before anybody listened: only the reading of everything does."""
    with Bed() as bed:
        bed.t("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        bed.t("ip", "rule", "add", "from", "10.20.0.7", "table", "77")
        with Agent(bed, RULES) as agent:
            for name in ("ipv4.ip_forward", "ipv6.conf.all.forwarding"):
                report(f"net.{name} is switched off", agent.wait(
                    lambda: bed.t("sysctl", "-n", f"net.{name}").stdout.strip() == "0"))
            report("and written down", agent.wait(
                lambda: agent.found("forwarding_enabled", remedy="setting-restored")))
            report("a routing rule is taken away", agent.wait(
                lambda: "lookup 77" not in bed.t("ip", "rule").stdout))


@scenario
def agent_sees_a_live_rename():
    """An open link gets another name while it is up, as kernels from 6.2 on allow."""
    with Bed() as bed, Agent(bed, RULES) as agent:
        report("the link of the policy opens", agent.wait(lambda: agent.is_open("v0")))
        agent.wait(lambda: agent.is_up("v0"))
        if bed.t("ip", "link", "set", "v0", "name", "x0", check=False).returncode:
            raise Skip("this kernel renames no link that is up")
        report("under another name the permit does not hold", agent.wait(lambda: not agent.is_up("x0")))
        report("the rename is written down", agent.wait(lambda: agent.found("iface_renamed", link="x0")))
        report("the rules no longer let it send", agent.wait(
            lambda: "goto ag_out_" not in bed.t("nft", "list", "table", "inet", "airgap_base").stdout))
        before = len(agent.events())
        bed.t("ip", "link", "set", "x0", "name", "v0")
        report("under its own it opens again", agent.wait(lambda: any(
            entry["event"].get("type") == "link" and entry["event"]["outcome"]["state"] == "open"
            for entry in agent.events()[before:])))
        report("and is up", agent.wait(lambda: agent.is_up("v0")))


@scenario
def agent_survives_a_storm():
    """Links that flap: in the end each is as the policy has it, whatever was missed on the way."""
    with Bed() as bed:
        names = [f"s{i}" for i in range(LINKS // 2)]
        for name in names:
            bed.t("ip", "link", "add", name, "type", "veth", "peer", "name", f"{name}e")
        ends = names + [f"{name}e" for name in names]
        with Agent(bed, RULES) as agent:
            report("the link of the policy opens", agent.wait(lambda: agent.is_open("v0")))
            before = agent.usage("airgapd")
            batch = "\n".join(f"link set {ends[i % LINKS]} {'up' if (i // LINKS) % 2 == 0 else 'down'}"
                              for i in range(FLAPS - FLAPS % (2 * LINKS) + LINKS))
            bed.t("ip", "-force", "-batch", "-", feed=batch + "\n", check=False)
            report("all of them are down in the end", agent.wait(
                lambda: not any(agent.is_up(name) for name in ends[::7]), 60))
            same("each single one", [name for name in ends if agent.is_up(name)], [])
            report("the permitted one is up", agent.wait(lambda: agent.is_up("v0")))
            after = agent.usage("airgapd")
            print(f"# {FLAPS} flaps on {LINKS} links: airgapd {after[1] - before[1]:.1f} s of the "
                  f"processor, {before[0]} kB before, {after[0]} kB after")
            report("in bounded memory", after[0] < before[0] + 16384, f"{before[0]} to {after[0]} kB")
            report("and few entries", len(agent.events()) < 12 * LINKS, len(agent.events()))


@scenario
def agent_killed_and_back():
    with Bed() as bed, Agent(bed, RULES) as agent:
        agent.wait(lambda: agent.is_open("v0"))
        bed.t("ip", "route", "replace", "default", "via", "10.20.0.1")
        counter = bed.counter()
        counter.take()
        agent.kill("airgapd")
        send(bed, "udp4")
        same("without the core nothing passes", counter.take()[0], 0)
        before = len(agent.events())
        agent.launch("airgapd")
        report("it starts again and opens the link", agent.wait(
            lambda: any(entry["event"].get("type") == "link" and
                        entry["event"]["outcome"]["state"] == "open"
                        for entry in agent.events()[before:])))
        report("which was up all the time", agent.is_up("v0"))
        send(bed, "udp4")
        same("and nothing else passes", counter.take()[0], 0)


@scenario
def agent_without_its_monitor():
    """Who sees a new link when airgap-monitord is dead? The core, which looks for itself then."""
    with Bed() as bed, Agent(bed, RULES) as agent:
        agent.wait(lambda: agent.is_open("v0"))
        agent.kill("airgap-monitord")
        bed.wire("v2", "p2")
        bed.t("ip", "link", "set", "v2", "up")
        report("a new link is put down", agent.wait(lambda: not agent.is_up("v2")))
        report("and written down", agent.wait(lambda: agent.found("iface_unknown", link="v2")))
        report("the permitted one stays", agent.is_up("v0"))
        agent.launch("airgap-monitord")
        bed.t("ip", "address", "add", "10.99.0.7/24", "dev", "v0")
        report("back again, it states what it sees", agent.wait(
            lambda: agent.found("addr_illegal", address="10.99.0.7/24")))
