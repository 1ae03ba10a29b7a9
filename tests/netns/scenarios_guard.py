# SPDX-License-Identifier: GPL-2.0-or-later
"""The real agent's packet filter: streams, flushes, a kill, and what a storm lets out."""

import os
import time

import bed as beds
from agent import Agent
from bed import OFFICE, Bed, run
from checks import report, same, scenario
from scenarios_tamper import FLUSHES, blast

NOW, NEVER = "10 3", "10 0.3"
LAN = """    allow  lan:       interface in [ v0 ]
    allow  lan-addr:  address in [ 10.20.0.0/16 fd12:7::/48 ]
"""
FLAPS, LINKS = 2000, 100


def tables(bed):
    return bed.t("nft", "list", "tables").stdout


def echoes(bed):
    """Permitted traffic passes, on a new socket."""
    return bed.talk("udp", "10.20.0.5", 53).ask(NOW) == ["echo"]


@scenario
def streams_under_the_agent():
    with Bed() as bed, Agent(bed, LAN + OFFICE) as agent:
        bed.talker(bed.peer, "serve", "53")
        bed.talker(bed.peer, "serve", "8443")
        report("permitted traffic passes", agent.wait(lambda: echoes(bed)))
        stream = bed.talk("tcp", "10.20.0.5", 8443)
        same("a stream begins", stream.ask(NOW), ["echo"])
        agent.install(LAN + OFFICE + "    allow  more: egress to [ 10.20.0.6 ], protocol tcp\n")
        same("it lives through a policy that allows it", stream.ask(NOW), ["echo"])
        agent.install(LAN + OFFICE.replace("[ 8443 ]", "[ 9000 ]"))
        report("it dies under a policy that does not", agent.wait(lambda: stream.ask(NEVER) != ["echo"]))


def opened(agent):
    return sum(entry["event"].get("type") == "link" and entry["event"]["outcome"]["state"] == "open" and
               entry["event"]["outcome"]["link"]["name"] == "v0" for entry in agent.events())


def busy(agent, stream, condition, seconds=15):
    """Exchanges without a pause until the condition holds; the first answer that is no echo, or None."""
    end = time.monotonic() + seconds
    while not condition():
        for _ in range(20):
            answer = stream.ask(NOW)
            if answer != ["echo"]:
                return answer
        if time.monotonic() > end:
            return ["in vain"]
    return None


def wait_closed(bed, agent):
    return agent.wait(lambda: "airgap_own" in tables(bed) and "goto ag_out_" not in bed.t(
        "nft", "list", "table", "inet", "airgap_base").stdout)


@scenario
def streams_through_a_restart():
    with Bed() as bed, Agent(bed, LAN + OFFICE) as agent:
        bed.talker(bed.peer, "serve", "53")
        bed.talker(bed.peer, "serve", "8443")
        report("permitted traffic passes", agent.wait(lambda: echoes(bed)))
        stream = bed.talk("tcp", "10.20.0.5", 8443)
        same("a stream begins", stream.ask(NOW), ["echo"])
        for how, end in (("killed", agent.kill), ("stopped", agent.stop)):
            before = opened(agent)
            end("airgapd")
            same(f"{how}: it goes on", stream.ask(NOW), ["echo"])
            bed.wire(f"w{before}", f"u{before}")
            bed.t("ip", "link", "set", f"w{before}", "up")
            agent.launch("airgapd")
            same(f"{how} and back: it never pauses", busy(agent, stream, lambda: opened(agent) > before),
                 None)
            report(f"{how}: a link that came meanwhile is down",
                   agent.wait(lambda: not agent.is_up(f"w{before}")))
        # Without a monitor nothing is ever read to the end: what stands now is what was kept.
        for program in ("airgapd", "airgap-monitord"):
            agent.kill(program)
        agent.launch("airgapd")
        agent.wait(lambda: "airgap_own" in tables(bed))
        same("what was kept lets it pass", stream.ask(NOW), ["echo"])
        agent.kill("airgapd")
        bed.rules("delete chain inet airgap_base ag_forward\n")
        agent.launch("airgapd")
        report("rules that are not whole are not kept", wait_closed(bed, agent))
        report("and nothing passes", stream.ask(NEVER) != ["echo"])
        before = opened(agent)
        agent.launch("airgap-monitord")
        report("until everything has been read", agent.wait(lambda: opened(agent) > before))
        stream = bed.talk("tcp", "10.20.0.5", 8443)
        same("a new one begins", stream.ask(NOW), ["echo"])
        # With another policy in force than the one that opened it.
        rules = bed.t("nft", "list", "table", "inet", "airgap_base").stdout
        frames = bed.t("nft", "list", "table", "netdev", "airgap_base").stdout
        agent.install(LAN + OFFICE.replace("[ 8443 ]", "[ 9000 ]"))
        report("a policy that does not name it ends it", agent.wait(lambda: stream.ask(NEVER) != ["echo"]))
        agent.kill("airgapd")
        bed.rules("delete table inet airgap_base\ndelete table netdev airgap_base\n" + rules + frames)
        forged = bed.talk("tcp", "10.20.0.5", 8443)
        same("killed, rules of the old policy put back: a stream begins", forged.ask(NOW), ["echo"])
        agent.launch("airgapd")
        report("started again it has the rules of its own policy", agent.wait(
            lambda: "airgap_own" in tables(bed) and forged.ask(NEVER) != ["echo"]))
        same("at no time after that it passes",
             [bed.talk("tcp", "10.20.0.5", 8443).ask(NEVER) for _ in range(3)].count(["echo"]), 0)
        report("what both permit passes", agent.wait(lambda: echoes(bed)))
        stream = bed.talk("udp", "10.20.0.5", 53)
        agent.kill("airgapd")
        os.unlink(f"{agent.root}/var/lib/airgap/policy/active")
        same("killed, without a policy: the last rules stand", stream.ask(NOW), ["echo"])
        agent.kill("airgap-monitord")
        agent.launch("airgapd")
        report("back it closes before anything is read", wait_closed(bed, agent))
        report("and nothing passes", stream.ask(NEVER) != ["echo"])


@scenario
def flushes_with_the_agent_alive():
    with Bed() as bed, Agent(bed, LAN + OFFICE) as agent:
        bed.talker(bed.peer, "serve", "53")
        report("permitted traffic passes", agent.wait(lambda: echoes(bed)))
        # It went with the link while no policy was in force.
        bed.t("ip", "route", "replace", "default", "dev", "v0")
        counter = bed.counter()
        counter.take()
        for method in ("udp4", "packet-raw"):
            sender = blast(bed, method)
            for _ in range(FLUSHES // 2):
                bed.flush()
            same(f"{FLUSHES // 2} flushes under {method}: frames that escaped", counter.take()[0], 0)
            report(f"{method} was sent to the end", sender.poll() is None)
            sender.kill()
        report("the rules are whole again", agent.wait(lambda: tables(bed).count("airgap_") == 6))
        report("permitted traffic passes still", agent.wait(lambda: echoes(bed)))
        report("it is in the journal", agent.wait(lambda: agent.found("ruleset_tampered")))
        blast(bed, "packet-raw")
        agent.kill("airgapd")
        counter.take()
        time.sleep(0.3)
        same("killed: the base stands, frames that escaped", counter.take()[0], 0)
        agent.launch("airgapd")
        agent.wait(lambda: "airgap_own" in tables(bed))
        same("started again: nothing escaped meanwhile", counter.take()[0], 0)
        agent.kill("airgapd")
        counter.take()
        begun = time.monotonic()
        bed.flush()
        agent.launch("airgapd")
        agent.wait(lambda: "airgap_own" in tables(bed))
        window = time.monotonic() - begun
        escaped = counter.take()[0]
        same("killed, flushed, started again: frames that escape", counter.take(0.3)[0], 0)
        print(f"# killed, then flushed: open for {1000 * window:.0f} ms until the agent was there again, "
              f"{escaped} frames escaped")


@scenario
def a_storm_says_nothing():
    """Links that come up for a moment, faster than anyone reads of it: their chains are there before."""
    with Bed() as bed:
        batch = "\n".join(f"link add w{i} type veth peer name u{i} netns {bed.peer}" for i in range(LINKS))
        run("ip", "-n", bed.terminal, "-batch", "-", feed=batch)
        run("ip", "-n", bed.peer, "-batch", "-",
            feed="\n".join(f"link set u{i} addrgenmode none up" for i in range(LINKS)))
        with Agent(bed, LAN + OFFICE) as agent:
            agent.wait(lambda: 'device "w99"' in bed.t("nft", "list", "table", "netdev",
                                                       "airgap_own").stdout)
            agent.wait(lambda: agent.is_open("v0"))
            counter = beds.Counter(bed.peer, "-")
            bed.talkers.append(counter)
            counter.take(1)
            flaps = [f"link set w{i} {state}" for _ in range(FLAPS // LINKS) for i in range(LINKS)
                     for state in ("up", "down")]
            run("ip", "-n", bed.terminal, "-batch", "-", feed="\n".join(flaps))
            frames = counter.take(0.3)[1]
            # The permitted link may ask for neighbours.
            report("no link of the storm says anything", frames <= 8, f"{frames}: {counter.show()}")
