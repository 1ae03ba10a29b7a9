# SPDX-License-Identifier: GPL-2.0-or-later
"""What is permitted passes, what is not fails at once, and every refusal is told and counted."""

import bed as beds
from bed import OFFICE, Bed
from checks import report, same, scenario

NOW = "10 2"       # ten bytes; two seconds are enough for whatever comes
NEVER = "10 0.3"   # what never comes is not awaited for long
ESTALE = "failed 116"


@scenario
def programs_fail_at_once():
    with Bed() as bed:
        bed.core(OFFICE)
        for method, error in (("udp4", "EPERM"), ("udp6", "EPERM"), ("tcp4", "ECONNREFUSED"),
                              ("tcp6", "ECONNREFUSED"), ("icmp4", "EPERM"),
                              ("packet-raw", "ENOBUFS")):
            who = [] if method == "packet-raw" else ["--uid", beds.NOBODY]
            same(f"{method} is refused by {error}", bed.send(method, *who), (0, error))
        # It may find the answer of the rule, which waits at its socket, before that of the send.
        sent, error = bed.send("uring", "--uid", beds.NOBODY)
        report("uring is refused by EPERM or EHOSTUNREACH",
               sent == 0 and error in ("EPERM", "EHOSTUNREACH"), f"got {sent}, {error}")


@scenario
def permitted_traffic():
    with Bed() as bed:
        for port in ("8443", "53", "8444"):
            bed.talker(bed.peer, "serve", port)
        bed.core(OFFICE)
        # Neighbours have to be found: nothing but ARP and neighbour discovery does that.
        beds.run("ip", "-n", bed.terminal, "neigh", "flush", "dev", "v0")
        for office in ("10.20.0.5", "fd12:7::5"):
            same(f"TCP to {office}", bed.talk("tcp", office, 8443).ask("100000 2"), ["echo"])
            same(f"UDP to {office}", bed.talk("udp", office, 53).ask(NOW), ["echo"])
            same(f"UDP in fragments to {office}", bed.talk("udp", office, 53).ask("5000 2"), ["echo"])
            same(f"ping {office}", bed.talk("ping", office).ask(NOW), ["echo"])
            same(f"another port at {office}", bed.talk("tcp", office, 8444).ask(NEVER),
                 ["ECONNREFUSED"])
            same(f"another protocol at {office}", bed.talk("udp", office, 8443).ask(NEVER), ["EPERM"])
        same("another host", bed.talk("tcp", "10.20.0.1", 8443).ask(NEVER), ["ECONNREFUSED"])
        same("a host that a forbid names", bed.talk("udp", "10.20.0.9", 53).ask(NEVER), ["EPERM"])
        same("loopback", bed.send("udp4", "--to", "127.0.0.1"), (20, "-"))


@scenario
def foreign_source_addresses():
    """An address that the policy does not know sends nothing, wherever to."""
    with Bed() as bed:
        bed.talker(bed.peer, "serve", "53")
        beds.run("ip", "-n", bed.terminal, "addr", "add", "192.168.7.7/24", "dev", "v0")
        beds.run("ip", "-n", bed.terminal, "route", "add", "10.20.0.5", "dev", "v0", "src", "192.168.7.7")
        bed.core(OFFICE)
        same("sent from an address out of policy", bed.talk("udp", "10.20.0.5", 53).ask(NEVER), ["EPERM"])
        beds.run("ip", "-n", bed.terminal, "route", "del", "10.20.0.5")
        same("sent from its own", bed.talk("udp", "10.20.0.5", 53).ask(NOW), ["echo"])


@scenario
def nothing_comes_in_unasked():
    with Bed() as bed:
        sink = bed.talker(bed.terminal, "sink", "8443")
        tcp = bed.talk("tcp", "10.20.0.7", 8443, namespace=bed.peer)
        udp = bed.talk("udp", "10.20.0.7", 8443, namespace=bed.peer)
        tcp.ask(NEVER)
        udp.ask(NEVER)
        same("both come in without rules", sink.ask("count"), ["2"])
        bed.core(OFFICE)
        for address in ("10.20.0.7", "fd12:7::7"):
            same(f"TCP to {address}", bed.talk("tcp", address, 8443, namespace=bed.peer).ask(NEVER),
                 ["silence"])
            same(f"UDP to {address}", bed.talk("udp", address, 8443, namespace=bed.peer).ask(NEVER),
                 ["silence"])
            same(f"ping {address}", bed.talk("ping", address, namespace=bed.peer).ask(NEVER), ["silence"])
        same("the terminal got none of it", sink.ask("count"), ["2"])


@scenario
def streams_and_policy_changes():
    """A stream lives as long as rules let it, not as long as it is."""
    other = OFFICE.replace("[ 8443 ]", "[ 8443 9000 ]")
    tighter = OFFICE.replace("[ 8443 ]", "[ 9000 ]")
    with Bed() as bed:
        bed.talker(bed.peer, "serve", "8443")
        core = bed.core(OFFICE)
        stream = bed.talk("tcp", "10.20.0.5", 8443)
        same("a stream begins", stream.ask(NOW), ["echo"])
        for round_ in range(10):
            core.apply(other if round_ % 2 == 0 else OFFICE)
            if stream.ask(NOW) != ["echo"]:
                report("it lives through policies that allow it", False, f"round {round_}")
                return
        report("it lives through policies that allow it", True)
        same("a policy that does not is applied", core.apply(tighter), "ok")
        report("it dies under a policy that does not", stream.ask("10 1") != ["echo"])
        same("a new one is refused", bed.talk("tcp", "10.20.0.5", 8443).ask(NEVER), ["ECONNREFUSED"])
        core.apply(None)
        same("nothing passes without a policy, as before", core.apply(), "ok")


@scenario
def who_was_refused():
    """One user's flood hides nobody else's single attempt."""
    with Bed() as bed:
        log = bed.log()
        core = bed.core(OFFICE)
        bed.send("udp4", "--uid", "1001", count=20000)
        bed.send("udp4", "--uid", "1002", count=1)
        bed.send("packet-raw", count=5)
        bed.send("udp4", "--uid", "1001", count=20000)
        bed.send("tcp4", "--uid", "1003", count=1)
        told = log.take()
        same("the second user's one packet is in the log", told.get(("airgap-output", 1002)), 1)
        same("the third user's one connection is in the log", told.get(("airgap-output", 1003)), 1)
        same("frames of root are told apart", told.get(("airgap-egress", 0)), 5)
        report("the flood is held back", 20 <= told.get(("airgap-output", 1001), 0) < 2000,
               str(told))
        counted = [line.split()[1:4] for line in core.ask("counters")[:-1]]
        same("all packets of the flood are counted",
             [line for line in counted if line[:2] == ["output", "1001"]], [["output", "1001", "40000"]])
        same("the single one, too", [line for line in counted if line[1] == "1002"],
             [["output", "1002", "1"]])


@scenario
def a_user_with_many_ids():
    """A range of user ids, as unprivileged containers have, fills no table that others need."""
    with Bed() as bed:
        log = bed.log()
        bed.core(OFFICE)
        for uid in range(100000, 100300):
            bed.send("udp4", "--uid", str(uid), count=1)
        bed.send("udp4", "--uid", "1002", count=1)
        told = log.take()
        same("another user's one packet is in the log", told.get(("airgap-output", 1002)), 1)
        report("some of the range are", any(uid >= 100000 for _, uid in told), str(told))


RANGE = """
import os, socket
for uid in range(100000, 165600):
    os.setresuid(uid, uid, 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        try:
            link.sendto(b"airgap-probe", ("203.0.113.77", 4747))
        except OSError:
            pass
    os.setresuid(0, 0, 0)
"""


@scenario
def a_user_with_a_whole_range():
    """All 65,536 ids that adduser gives somebody, each refused once, and then on."""
    with Bed() as bed:
        log = bed.log()
        core = bed.core(OFFICE)
        bed.t("python3", "-c", RANGE)
        bed.send("udp4", "--uid", "165000", count=2000)
        log.take()
        bed.send("udp4", "--uid", "1002", count=1)
        same("another user's one packet is in the log", log.take().get(("airgap-output", 1002)), 1)
        counted = [line.split() for line in core.ask("counters")[:-1]]
        same("and counted as that user's", [line[3] for line in counted if line[1:3] == ["output", "1002"]],
             ["1"])
        same("nothing of the range goes uncounted", sum(int(line[3]) for line in counted if
             line[1] == "output"), 65600 + 2000 + 1)


@scenario
def forwarded_packets_are_told():
    with Bed() as bed:
        import ways
        ways.forwarding(bed)
        log = bed.log()
        core = bed.core(None)
        ways.from_box(bed)
        report("in the log", log.take().get(("airgap-forward", -1), 0) > 0)
        report("counted", any(line.startswith("count forward -1 20 ") for line in core.ask("counters")))


@scenario
def early_deny():
    with Bed() as bed:
        counter = bed.counter()
        bed.t("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        deny = f"{beds.BIN}/airgap-deny"
        same("airgap-deny closes", bed.t(deny).returncode, 0)
        first = bed.t("nft", "-s", "list", "ruleset").stdout
        same("again", bed.t(deny).returncode, 0)
        same("the same rules stand", bed.t("nft", "-s", "list", "ruleset").stdout, first)
        counter.take()
        for method in ("udp4", "tcp4", "udp6", "packet-raw", "packet-dhcp"):
            bed.send(method)
        same("no frame of any kind", counter.take(), (0, 0))
        same("IPv4 is not forwarded", bed.t("cat", "/proc/sys/net/ipv4/ip_forward").stdout, "0\n")
        same("nor is IPv6", bed.t("cat", "/proc/sys/net/ipv6/conf/all/forwarding").stdout, "0\n")
        bed.wire("v1", "p1")
        beds.run("ip", "-n", bed.terminal, "link", "set", "v1", "up")
        beds.run("ip", "-n", bed.peer, "link", "set", "p1", "up")
        same("run for a later link", bed.t(deny).returncode, 0)
        later = bed.counter("p1")
        bed.send("packet-raw", link="v1")
        same("no frame by it", later.take(), (0, 0))
        core = bed.core(OFFICE)
        echo = bed.talker(bed.peer, "serve", "53") and bed.talk("udp", "10.20.0.5", 53)
        same("the core opens what is permitted", echo.ask(NOW), ["echo"])
        bed.t(deny)
        same("airgap-deny closes that, too", echo.ask(NEVER), ["EPERM"])
        report("the core notices", core.ask("verify")[-1].startswith(ESTALE))
        same("and restores", core.ask("restore"), ["ok"])
        same("what is permitted passes again", bed.talk("udp", "10.20.0.5", 53).ask(NOW), ["echo"])


@scenario
def what_nft_says_of_the_text():
    with Bed() as bed:
        text = bed.t(f"{beds.BIN}/airgap-deny", "--print").stdout
        same("nft -c takes it", bed.t("nft", "-c", "-f", "-", feed=text).returncode, 0)
        same("--print changed nothing", bed.t("nft", "list", "ruleset").stdout, "")
