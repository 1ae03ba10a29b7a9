# SPDX-License-Identifier: GPL-2.0-or-later
"""What the monitor states of a real kernel's network."""

import os
import re
import signal
import time

from bed import TOOLS, run
from checks import report, same, scenario
from watch_bed import Watch

ROUTE, PACKETS, RULES = 0, 1, 2
FLAPS, LINKS = 10000, 100


def stated(watch, name, pattern, seconds=20):
    report(f"watch: {name}", watch.wait(pattern, seconds) is not None, f"no line like: {pattern}")


@scenario
def watch_links():
    with Watch(ROUTE) as watch:
        watch.pair("v0", "v1")
        at = watch.index("v0")
        stated(watch, "a veth is virtual", r"^link \d+ nsid=-1 v0 kind=virtual flaw=0 up=1")
        watch.ip("link", "add", "b0", "type", "bridge")
        stated(watch, "a bridge", r" b0 kind=bridge flaw=0")
        watch.ip("link", "set", "v1", "master", "b0")
        stated(watch, "a link that became a port", r" v1 .* master=[1-9]")
        watch.ip("link", "set", "v1", "nomaster")
        stated(watch, "and is none any more, but still there", r" v1 .* master=0")
        watch.ip("tuntap", "add", "t0", "mode", "tap")
        stated(watch, "a tap is a tunnel", r" t0 kind=tunnel flaw=0")
        watch.ip("link", "del", "t0")
        stated(watch, "a link that went", r"^gone \d+ nsid=-1")
        # Before 6.2 a link had to be down for that.
        watch.ip("link", "set", "v0", "down")
        watch.ip("link", "set", "v0", "name", "w0")
        watch.ip("link", "set", "w0", "up")
        stated(watch, "a renamed link keeps its number", rf"^link {at} nsid=-1 w0 .* flaw=0")
        watch.ip("link", "set", "w0", "address", "02:00:00:00:00:99")
        stated(watch, "an address of hardware that was set", r" w0 .* marks=0xc .*02:00:00:00:00:99")
        watch.do("tc", "qdisc", "add", "dev", "w0", "clsact")
        stated(watch, "an ingress queue", r" w0 .* marks=0xe")
        watch.do("tc", "qdisc", "del", "dev", "w0", "clsact")
        stated(watch, "and its end", r" w0 .* marks=0xc")
        if watch.do("tc", "qdisc", "replace", "dev", "w0", "root", "handle", "1:", "prio",
                    check=False).returncode:
            print("skip watch: a queue that is none of the kernel's own # this kernel has none")
        else:
            stated(watch, "a queue that is none of the kernel's own", rf"^qdisc {at} .* prio")
        names = [line.split()[3] for line in watch.scan() if line.startswith("link ")]
        same("watch: a scan states every link once", sorted(names), ["b0", "lo", "v1", "w0"])


@scenario
def watch_addresses_and_routes():
    with Watch(ROUTE) as watch:
        watch.pair("v0", "v1")
        at = watch.index("v0")
        watch.ip("addr", "add", "10.9.0.1/24", "dev", "v0")
        stated(watch, "an address", rf"^address \+ 10.9.0.1/24 peer=- on {at} ")
        watch.ip("addr", "add", "10.9.1.1", "peer", "10.9.1.2/32", "dev", "v0")
        stated(watch, "one with a peer", r"^address \+ 10.9.1.1/32 peer=10.9.1.2/32")
        watch.ip("route", "add", "default", "via", "10.9.0.2")
        stated(watch, "a default route", rf"^route \+ 0.0.0.0/0 via 10.9.0.2/32 .* on {at} table=254")
        watch.ip("route", "add", "192.0.2.0/24", "table", "77", "nexthop", "via", "10.9.0.2",
                 "nexthop", "via", "10.9.0.3")
        stated(watch, "each hop of a route", r"^route \+ 192.0.2.0/24 via 10.9.0.3/32 .* table=77")
        watch.ip("route", "add", "198.51.100.0/24", "via", "inet6", "fe80::1", "dev", "v0")
        stated(watch, "a gateway of the other family", r"^route \+ 198.51.100.0/24 via fe80::1/128")
        watch.ip("route", "del", "default")
        stated(watch, "a route that went", r"^route - 0.0.0.0/0 via 10.9.0.2/32")
        watch.ip("-6", "route", "add", "2001:db8::/32", "dev", "v0", "proto", "ra")
        stated(watch, "a router's mark", rf"^router {at} ")
        watch.ip("rule", "add", "fwmark", "5", "table", "100")
        stated(watch, "a rule", r"^rule .* number=32765 .*to table 100")
        watch.ip("rule", "del", "pref", "32766")
        stated(watch, "one of the kernel's that went", r"^rule .* number=32766 .*removed")
        watch.ip("addr", "del", "10.9.0.1/24", "dev", "v0")
        stated(watch, "an address that went", r"^address - 10.9.0.1/24")


@scenario
def watch_sights():
    with Watch(ROUTE, RULES) as watch:
        watch.pair("v0", "v1")
        watch.ip("addr", "add", "10.9.0.1/24", "dev", "v0")
        watch.do("sysctl", "-qw", "net.ipv4.ip_forward=1")
        stated(watch, "forwarding", r"^forwarding 0 family=1 number=1")
        watch.ip("neigh", "add", "10.9.0.2", "lladdr", "02:00:00:00:00:02", "dev", "v0", "nud",
                 "reachable")
        stated(watch, "a neighbour", r"^neighbour \d+ .* 10.9.0.2/32 mac=02:00:00:00:00:02")
        watch.do("nft", "add", "table", "inet", "x")
        stated(watch, "a change of the packet filter, and whose", r"^ruleset .* number=[1-9].* nft\[\d+\]")
        watch.quiet()
        before = len(watch.lines)
        os.kill(watch.pid(), signal.SIGSTOP)
        watch.do("nft", "add", "table", "inet", "y")
        watch.do("nft", "delete", "table", "inet", "y")
        os.kill(watch.pid(), signal.SIGCONT)
        watch.quiet()
        same("watch: whoever changed rules in one burst is named",
             len(set(re.findall(r"nft\[\d+\]", "\n".join(watch.lines[before:])))), 2)
        watch.write("etc/resolv.conf", "# none\nnameserver 9.9.9.9\nnameserver fe80::1%v0\n")
        stated(watch, "a name server", r"^dns .* 9.9.9.9/32")
        stated(watch, "another", r"^dns .* fe80::1/128")
        os.makedirs(f"{watch.folder}/run/stub")
        watch.write("run/stub/new", "nameserver 1.1.1.1\n")
        os.symlink("../run/stub/new", f"{watch.folder}/etc/resolv.new")
        os.rename(f"{watch.folder}/etc/resolv.new", f"{watch.folder}/etc/resolv.conf")
        stated(watch, "name servers behind a link", r"^dns .* 1.1.1.1/32")
        watch.write("run/stub/new", "nameserver 8.8.8.8\n")
        stated(watch, "and when the file behind it changes", r"^dns .* 8.8.8.8/32")
        watch.write("run/netns/blue", "")
        stated(watch, "a namespace by its name", r"^namespace .* blue$")


@scenario
def watch_radios():
    with Watch(ROUTE, radios=True) as watch:
        os.makedirs(f"{watch.folder}/sys/class/rfkill/rfkill3")
        for file, value in (("soft", "0"), ("hard", "0"), ("type", "wlan")):
            watch.write(f"sys/class/rfkill/rfkill3/{file}", value + "\n")
        report("watch: a radio that is not blocked",
               any(re.match(r"radio .* number=3 .* wlan", line) for line in watch.scan()))
        watch.write("sys/class/rfkill/rfkill3/soft", "1\n")
        report("watch: and none that is",
               not any(line.startswith("radio") for line in watch.scan()))


@scenario
def watch_other_namespaces():
    with Watch(ROUTE) as watch:
        run("ip", "netns", "add", watch.other)
        watch.ip("link", "add", "v0", "type", "veth", "peer", "name", "far", "netns", watch.other)
        stated(watch, "a namespace that got a number", r"^namespace .* number=0 ")
        run("ip", "-n", watch.other, "link", "add", "d0", "type", "veth", "peer", "name", "d1")
        stated(watch, "a link elsewhere, and its kind", r"^link \d+ nsid=0 d0 kind=virtual")
        run("ip", "-n", watch.other, "link", "del", "d0")
        stated(watch, "and that it went", r"^gone \d+ nsid=0")
        watch.ip("link", "add", "m0", "type", "veth", "peer", "name", "m1")
        stated(watch, "a link here", r"^link \d+ nsid=-1 m0 ")
        watch.ip("link", "set", "m0", "netns", watch.other)
        stated(watch, "that left", r"^gone \d+ nsid=-1")
        stated(watch, "for elsewhere", r"^link \d+ nsid=0 m0 ")
        report("watch: a scan keeps what is known of links elsewhere",
               any(re.match(r"link \d+ nsid=0 m0 ", line) for line in watch.scan()))


def storm(watch, flaps):
    lines = []
    for i in range(flaps):
        lines += [f"link set a{i % LINKS} down", f"link set a{i % LINKS} up"]
    # Every third ends up down.
    lines += [f"link set a{i} down" for i in range(0, LINKS, 3)]
    watch.ip("-batch", "-", feed="\n".join(lines) + "\n")


def make_links(watch):
    lines = []
    for i in range(LINKS):
        lines += [f"link add a{i} type veth peer name b{i}", f"link set b{i} up", f"link set a{i} up"]
    watch.ip("-batch", "-", feed="\n".join(lines) + "\n")


def last_states(watch):
    states = {}
    for line in watch.lines:
        found = re.match(r"link \d+ nsid=-1 (a\d+) .* up=(\d) marks=(\S+)", line)
        if found:
            states[found[1]] = (found[2], int(found[3], 16) & 8)
    return states


def wanted_states():
    return {f"a{i}": ("0", 0) if i % 3 == 0 else ("1", 8) for i in range(LINKS)}


def used(pid):
    """(processor seconds, peak of memory in KiB)"""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        peak = int(re.search(r"VmHWM:\s+(\d+)", file.read())[1])
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), peak


@scenario
def watch_storm():
    with Watch(ROUTE) as watch:
        make_links(watch)
        watch.quiet()
        before, start = used(watch.pid())[0], len(watch.lines)
        storm(watch, FLAPS)
        watch.quiet(2)
        seconds, peak = used(watch.pid())
        print(f"# {FLAPS} flaps on {LINKS} links: {len(watch.lines) - start} statements, monitor "
              f"{seconds - before:.2f} s of processor, {peak} KiB at most")
        same("watch: after a storm the last word on every link is right", last_states(watch),
             wanted_states())
        report("watch: its memory stays bounded", peak < 24 * 1024, f"{peak} KiB")
        report("watch: nothing was lost", not any(line.startswith("loss") for line in watch.lines))


@scenario
def watch_overrun():
    """The monitor stands still while more happens than its socket holds."""
    with Watch(ROUTE) as watch:
        make_links(watch)
        watch.quiet()
        os.kill(watch.pid(), signal.SIGSTOP)
        storm(watch, FLAPS)
        os.kill(watch.pid(), signal.SIGCONT)
        stated(watch, "that events were lost", r"^loss overrun")
        stated(watch, "and everything anew", r"^end overrun")
        watch.quiet(2)
        same("watch: after a loss the last word on every link is right", last_states(watch),
             wanted_states())


@scenario
def watch_slow_core():
    """The core takes nothing for a while: what waits stays in the kernel, and nothing is lost."""
    with Watch(ROUTE) as watch:
        make_links(watch)
        watch.quiet()
        watch.tell("sleep 3000")
        storm(watch, 2000)
        watch.wait("^nothing", 4)
        watch.quiet(2)
        same("watch: after a slow core the last word on every link is right", last_states(watch),
             wanted_states())
        report("watch: nothing was lost on the way",
               not any(re.match("loss|begin (overrun|congested)", line) for line in watch.lines))


@scenario
def watch_settles():
    with Watch(ROUTE) as watch:
        watch.pair("v0", "v1")
        start = time.monotonic()
        stated(watch, "everything is read again some time after events", "^begin settled", 90)
        print(f"# {time.monotonic() - start:.0f} s after the links were made")
        stated(watch, "to its end", "^end settled")


RULESET = """table inet t {
    chain o { type filter hook output priority -310; policy accept;
        ip daddr 203.0.113.9 log prefix "airgap-output" group 4747 queue-threshold 1
        ip daddr 203.0.113.9 meta l4proto tcp reject with tcp reset
        ip daddr 203.0.113.9 reject
    }
}
table netdev d {
    chain e { type filter hook egress device "v0" priority 0; policy drop;
        log prefix "airgap-egress v0" group 4747 queue-threshold 1
    }
}
"""


def refuse(watch):
    watch.pair("v0", "v1")
    watch.ip("addr", "add", "10.9.0.1/24", "dev", "v0")
    watch.ip("neigh", "add", "10.9.0.2", "lladdr", "02:00:00:00:00:02", "dev", "v0")
    watch.ip("route", "add", "default", "via", "10.9.0.2")
    watch.do("nft", "-f", "-", feed=RULESET)
    watch.quiet()


FLOOD = """
import socket, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
end = time.monotonic() + 2
while time.monotonic() < end:
    for port in range(1, 65000, 7):
        try:
            out.sendto(b"x", ("203.0.113.9", port))
        except OSError:
            pass
"""


@scenario
def watch_refused_packets():
    """No meter in these rules: the monitor's own fairness is what shows."""
    with Watch(ROUTE, PACKETS) as watch:
        refuse(watch)
        flood = watch.start("setpriv", "--reuid", "65002", "--clear-groups", "/usr/bin/python3", "-c",
                            FLOOD)
        time.sleep(1)
        watch.do(f"{TOOLS}/net-send", "udp", "65001", "1", "0", "4444", "v0")
        stated(watch, "one user's flood does not hide another's single attempt",
               r"^packet output uid=65001 to=203.0.113.9/32 port=4444 protocol=udp/17 .* on [1-9]")
        flood.wait()
        watch.quiet(0.5)
        told = lost = 0
        for line in watch.lines:
            found = re.match(r"packet .* uid=65002 .* count=(\d+) lost=(\d+)", line)
            told += int(found[1]) if found else 0
            lost += int(found[2]) if found else 0
        print(f"# of the flood {told} packets were told, {lost} counted as lost")
        report("watch: the flood is told, and what was not is counted", told > 0 and lost > 0)
        watch.do(f"{TOOLS}/net-send", "packet", "0", "1", "0", "5555", "v0")
        stated(watch, "a frame below IP is read, too",
               r"^packet egress uid=0 to=203.0.113.9/32 port=5555 .*from=198.51.100.1/32")
