# SPDX-License-Identifier: GPL-2.0-or-later
"""A terminal and its peer in two network namespaces, joined by one wire, and a counter at its end."""

import os
import shutil
import subprocess
import time

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
TOOLS = os.path.join(BUILD, "tests/tools")
BIN = os.path.join(BUILD, "bin")
STREAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stream.py")
NOBODY = "65534"

# What frames were never meant to reach is in tests/tools/marks.h; this is what they may reach.
POLICY = """airgap-policy 1
policy {{
    id      "netns"
    serial  1
    valid   2026-01-01 .. 2036-01-01
}}
scope {{
    unit       "1"
    terminals  [ "T-1" ]
    level      mimi
}}
network {{
    default down
    allow  lan:       interface in [ v0 ]
    allow  lan-addr:  address in [ 10.20.0.0/16 fd12:7::/48 ]
{rules}
}}
"""
OFFICE = """    allow  office:  egress to [ 10.20.0.5 fd12:7::5 ], protocol tcp, port in [ 8443 ]
    allow  names:   egress to [ 10.20.0.0/24 fd12:7::/64 ], protocol udp, port in [ 53 ]
    allow  server:  egress to [ 10.20.0.5 fd12:7::5 ], protocol udp, port in [ 53 ]
    allow  echo:    egress to [ 10.20.0.0/24 fd12:7::/64 ], protocol icmp
    forbid lost:    egress to [ 10.20.0.9 ], because "it was withdrawn"
"""

INET_ONLY = """table inet only {
    chain away { type filter hook output priority 0; policy drop; oifname "lo" accept; }
    chain through { type filter hook forward priority 0; policy drop; }
}
"""


class Skip(Exception):
    """The machine lacks something."""


class Failed(Exception):
    """The bed itself does not stand."""


def run(*command, check=True, feed=None):
    done = subprocess.run(command, input=feed, text=True, capture_output=True, timeout=120)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done


class Talker:
    """A tool that answers a line of input with lines of output."""

    def __init__(self, command, last):
        self.last = last
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, bufsize=1)
        self.first = self.answer()

    def answer(self):
        lines = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            if self.last(lines[-1]):
                return lines
        raise Failed(f"{self.process.args}: ended with {self.process.wait()}")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        return self.answer()

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(timeout=10)
        self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()


class Counter(Talker):
    """Frames at one link."""

    def __init__(self, namespace, link):
        super().__init__(["ip", "netns", "exec", namespace, f"{TOOLS}/frame-count", link],
                         lambda line: True)

    def take(self, wait=0.03):
        """(marked, all) since the last time."""
        time.sleep(wait)
        marked, every, lost = map(int, self.ask("count")[0].split())
        if lost:
            raise Failed(f"the counter missed {lost} frames")
        return marked, every

    def show(self):
        return self.ask("show")[0]


class Core(Talker):
    """Plays airgapd's part with the packet filter."""

    def __init__(self, bed, rules):
        super().__init__(["ip", "netns", "exec", bed.terminal, f"{TOOLS}/ruleset-apply",
                          bed.policy(rules), "v0=10.20.0.0/16", "v0=fd12:7::/48"],
                         lambda line: line == "ok" or line.startswith("failed"))
        self.bed = bed
        if self.first[-1] != "ok":
            raise Failed(f"ruleset-apply: {self.first[-1]}")

    def apply(self, rules=None):
        line = "apply" if rules is None else f"apply {self.bed.policy(rules)}"
        return self.ask(line)[-1]


def first(_):
    return True


class Log(Talker):
    """What the packet filter's log tells: {(prefix, uid): packets}."""

    def __init__(self, bed):
        super().__init__(["ip", "netns", "exec", bed.terminal, f"{TOOLS}/nflog-count", "4747"],
                         lambda line: line in ("ready", "end"))

    def take(self):
        time.sleep(0.1)
        lines = [line.split() for line in self.ask("count")[:-1]]
        return {(prefix, int(uid)): int(packets) for prefix, uid, packets in lines}


class Bed:
    def __init__(self):
        self.name = f"airgap{os.getpid()}"
        self.terminal, self.peer, self.box = (self.name + part for part in "tpb")
        self.talkers = []
        self.started = []
        self.folder = f"/tmp/{self.name}"

    def __enter__(self):
        os.makedirs(self.folder)
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for talker in self.talkers:
            talker.kill()
        for process in self.started:
            process.kill()
            process.wait()
        for namespace in (self.terminal, self.peer, self.box):
            run("ip", "netns", "del", namespace, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def build(self):
        for namespace in (self.terminal, self.peer, self.box):
            run("ip", "netns", "add", namespace)
            run("ip", "-n", namespace, "link", "set", "lo", "up")
            self.inside(namespace, "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647")
        self.wire("v0", "p0")
        for link, addresses in (("v0", ("10.20.0.7/16", "fd12:7::7/48")),
                                ("p0", ("10.20.0.5/16", "fd12:7::5/48"))):
            namespace = self.terminal if link == "v0" else self.peer
            run("ip", "-n", namespace, "link", "set", link, "up")
            for address in addresses:
                run("ip", "-n", namespace, "addr", "add", address, "dev", link,
                    *(["nodad"] if ":" in address else []))
        mac = self.p("cat", "/sys/class/net/p0/address").stdout.strip()
        for gateway in ("10.20.0.1", "fd12:7::1"):
            run("ip", "-n", self.terminal, "route", "add", "default", "via", gateway)
            run("ip", "-n", self.terminal, "neigh", "replace", gateway, "lladdr", mac, "dev", "v0",
                "nud", "permanent")

    def wire(self, near, far, quiet=True):
        """A pair of links, one end here and one at the peer; down."""
        run("ip", "-n", self.terminal, "link", "add", near, "type", "veth", "peer", "name", far,
            "netns", self.peer)
        if quiet:
            for namespace, link in ((self.terminal, near), (self.peer, far)):
                self.inside(namespace, "sysctl", "-qw", f"net.ipv6.conf.{link}.accept_dad=0",
                            f"net.ipv6.conf.{link}.router_solicitations=0")

    @staticmethod
    def inside(namespace, *command, check=True, feed=None):
        return run("ip", "netns", "exec", namespace, *command, check=check, feed=feed)

    def t(self, *command, **rest):
        return self.inside(self.terminal, *command, **rest)

    def p(self, *command, **rest):
        return self.inside(self.peer, *command, **rest)

    def counter_at(self, namespace, link):
        """Counts from now on."""
        counter = Counter(namespace, link)
        self.talkers.append(counter)
        return counter

    def counter(self, link="p0"):
        """Counts at the peer, once the links have said what links say when they come up."""
        counter = Counter(self.peer, link)
        self.talkers.append(counter)
        for _ in range(40):
            if counter.take(0.1) == (0, 0):
                break
        return counter

    def core(self, rules=None):
        core = Core(self, rules)
        self.talkers.append(core)
        return core

    def talker(self, namespace, *arguments):
        """One end of tests/netns/stream.py; each question has one line of answer."""
        talker = Talker(["ip", "netns", "exec", namespace, "python3", STREAM, *arguments], first)
        self.talkers.append(talker)
        return talker

    def talk(self, kind, address, port=0, namespace=None):
        return self.talker(namespace or self.terminal, "talk", kind, address, str(port))

    def log(self):
        log = Log(self)
        self.talkers.append(log)
        return log

    def start(self, namespace, *command):
        """Something that runs until the bed is taken away, or killed."""
        process = subprocess.Popen(["ip", "netns", "exec", namespace, *command],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.started.append(process)
        return process

    def policy(self, rules):
        """A file with these lines as rules; "-" when there is to be no policy."""
        if rules is None:
            return "-"
        path = f"{self.folder}/policy"
        with open(path, "w", encoding="utf-8") as file:
            file.write(POLICY.format(rules=rules))
        return path

    def rules(self, text):
        self.t("nft", "-f", "-", feed=text)

    def flush(self):
        self.t("nft", "flush", "ruleset")

    def open(self):
        """Take away what rules() and core() made; what a way out needs of nftables stays."""
        tables = ["inet only"] + [f"{family} airgap_base" for family in ("inet", "netdev", "arp")]
        self.rules("".join(f"add table {table}\ndelete table {table}\n" for table in tables))

    def send(self, method, *options, link="v0", count=20, namespace=None):
        """(how many calls said that they sent, the error's name)"""
        tool = "send-ring" if method in ("uring", "xdp") else "send-any"
        done = self.inside(namespace or self.terminal, f"{TOOLS}/{tool}", *options, method, link,
                           str(count), check=False)
        if done.returncode != 0:
            raise Skip(done.stderr.strip())
        words = done.stdout.split()
        return int(words[1]), words[3]
