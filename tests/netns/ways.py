# SPDX-License-Identifier: GPL-2.0-or-later
"""Ways out of a terminal: how each is gone, who can go it, and under which rules."""

import time

import bed as beds
from bed import NOBODY, Skip, run

COUNT = 20


class Way:
    """One way. `user`: no privileges are needed; `beyond`: no packet filter holds it."""

    def __init__(self, name, method, user=False, beyond=False, setup=None, send=None):
        self.name, self.method, self.user, self.beyond = name, method, user, beyond
        self.setup = setup
        self.sender = send

    def send(self, bed):
        if self.sender:
            self.sender(bed)
        else:
            bed.send(self.method, *(["--uid", NOBODY] if self.user else []))


def needs(bed, *command):
    done = bed.t(*command, check=False)
    if done.returncode != 0:
        raise Skip(f"{' '.join(command[:4])}: {done.stderr.strip().splitlines()[-1]}")


def box(bed, address=True):
    """A container: a namespace with a link to the terminal."""
    run("ip", "-n", bed.terminal, "link", "add", "c0", "type", "veth", "peer", "name", "b0", "netns",
        bed.box)
    run("ip", "-n", bed.terminal, "link", "set", "c0", "up")
    run("ip", "-n", bed.box, "link", "set", "b0", "up")
    if address:
        run("ip", "-n", bed.terminal, "addr", "add", "10.99.0.1/24", "dev", "c0")
        run("ip", "-n", bed.box, "addr", "add", "10.99.0.2/24", "dev", "b0")
        run("ip", "-n", bed.box, "route", "add", "default", "via", "10.99.0.1")
        # No ARP is needed, so that what is refused is the packet itself.
        mac = bed.t("cat", "/sys/class/net/c0/address").stdout.strip()
        run("ip", "-n", bed.box, "neigh", "add", "10.99.0.1", "lladdr", mac, "dev", "b0")


def forwarding(bed):
    box(bed)
    bed.t("sysctl", "-qw", "net.ipv4.ip_forward=1")


def bridge(bed):
    box(bed, address=False)
    needs(bed, "ip", "link", "add", "br0", "type", "bridge")
    for link in ("v0", "c0"):
        run("ip", "-n", bed.terminal, "link", "set", link, "master", "br0")
    run("ip", "-n", bed.terminal, "link", "set", "br0", "up")
    run("ip", "-n", bed.box, "addr", "add", "10.20.0.8/16", "dev", "b0")
    run("ip", "-n", bed.box, "route", "add", "default", "via", "10.20.0.1")
    mac = bed.p("cat", "/sys/class/net/p0/address").stdout.strip()
    run("ip", "-n", bed.box, "neigh", "add", "10.20.0.1", "lladdr", mac, "dev", "b0")


def macvlan(bed):
    needs(bed, "ip", "link", "add", "b0", "link", "v0", "type", "macvlan", "mode", "bridge")
    run("ip", "-n", bed.terminal, "link", "set", "b0", "netns", bed.box)
    run("ip", "-n", bed.box, "link", "set", "b0", "up")
    run("ip", "-n", bed.box, "addr", "add", "10.20.0.8/16", "dev", "b0")
    run("ip", "-n", bed.box, "route", "add", "default", "via", "10.20.0.1")
    mac = bed.p("cat", "/sys/class/net/p0/address").stdout.strip()
    run("ip", "-n", bed.box, "neigh", "add", "10.20.0.1", "lladdr", mac, "dev", "b0")


def vlan(bed):
    needs(bed, "ip", "link", "add", "v0.5", "link", "v0", "type", "vlan", "id", "5")
    run("ip", "-n", bed.terminal, "link", "set", "v0.5", "up")


def from_box(bed):
    bed.send("udp4", link="b0", namespace=bed.box)


def mirred(bed):
    needs(bed, "tc", "qdisc", "add", "dev", "lo", "clsact")
    needs(bed, "tc", "filter", "add", "dev", "lo", "egress", "protocol", "all", "u32", "match", "u32",
          "0", "0", "action", "mirred", "egress", "redirect", "dev", "v0")


def fwd(bed):
    if bed.t("nft", "-f", "-", check=False, feed="""table netdev across {
        chain turn { type filter hook ingress device "lo" priority 0; fwd to "v0"; }
    }""").returncode:
        raise Skip("this kernel's nftables has no fwd")


def rewrite(bed):
    if bed.t("nft", "-f", "-", check=False, feed="""table netdev turned {
        chain turn {
            type filter hook egress device "v0" priority 100;
            ip daddr 10.20.0.5 ip daddr set 203.0.113.77
        }
    }""").returncode:
        raise Skip("this kernel's nftables has no egress")


def to_lo(bed):
    bed.send("udp4", "--to", "127.0.0.1")


def localnet(bed):
    """Addresses of the loopback network that leave by a link."""
    bed.t("sysctl", "-qw", "net.ipv4.conf.v0.route_localnet=1", "net.ipv4.conf.all.route_localnet=1")
    for words in (["rule", "add", "pref", "5", "to", "127.9.9.9", "lookup", "77"],
                  ["rule", "add", "pref", "10", "lookup", "local"], ["rule", "del", "pref", "0"],
                  ["route", "add", "127.9.9.9", "via", "10.20.0.1", "dev", "v0", "src", "10.20.0.7",
                   "table", "77"]):
        run("ip", "-n", bed.terminal, *words)


REDIRECT = """
import socket, struct
def total(data):
    value = sum(struct.unpack(f"!{len(data) // 2}H", data))
    value = (value & 0xffff) + (value >> 16)
    return ~(value + (value >> 16)) & 0xffff
# About an answer to an echo: of UDP or TCP a socket would have to be open.
old = struct.pack("!BBHHHBBH4s4sHHHH", 0x45, 0, 28, 0, 0, 64, 1, 0, socket.inet_aton("10.20.0.7"),
                  socket.inet_aton("203.0.113.77"), 0, 0, 0, 0)
told = struct.pack("!BBH4s", 5, 1, 0, socket.inet_aton("10.20.0.6")) + old
told = told[:2] + struct.pack("!H", total(told)) + told[4:]
out = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
out.bind(("10.20.0.1", 0))
out.sendto(told, ("10.20.0.7", 0))
"""


def redirect(bed):
    """A router that says: by my neighbour it is shorter."""
    bed.t("sysctl", "-qw", "net.ipv4.conf.v0.accept_redirects=1", "net.ipv4.conf.all.accept_redirects=1",
          "net.ipv4.conf.v0.secure_redirects=0", "net.ipv4.conf.all.secure_redirects=0")
    run("ip", "-n", bed.peer, "addr", "add", "10.20.0.1/32", "dev", "p0")
    mac = bed.p("cat", "/sys/class/net/p0/address").stdout.strip()
    run("ip", "-n", bed.terminal, "neigh", "add", "10.20.0.6", "lladdr", mac, "dev", "v0")
    bed.send("udp4", count=1)
    bed.p("python3", "-c", REDIRECT)
    told = bed.t("ip", "route", "get", "203.0.113.77").stdout
    if "10.20.0.6" not in told:
        raise Skip(f"this kernel follows no redirect: {told.split(chr(10))[0]}")


def proxy(bed):
    """A neighbour that answers for every address, and a route that asks for them there."""
    bed.p("sysctl", "-qw", "net.ipv4.conf.p0.proxy_arp=1", "net.ipv4.ip_forward=1",
          "net.ipv4.neigh.p0.proxy_delay=0")
    run("ip", "-n", bed.peer, "link", "add", "q0", "type", "veth", "peer", "name", "q1")
    run("ip", "-n", bed.peer, "link", "set", "q0", "up")
    run("ip", "-n", bed.peer, "link", "set", "q1", "up")
    run("ip", "-n", bed.peer, "route", "add", "203.0.113.0/24", "dev", "q0")
    run("ip", "-n", bed.terminal, "route", "replace", "203.0.113.0/24", "dev", "v0")
    bed.send("udp4", count=1)
    for _ in range(100):
        if "lladdr" in bed.t("ip", "neigh", "show", "203.0.113.77").stdout:
            return
        time.sleep(0.05)
    raise Skip("this kernel's peer does not answer for others")


WAYS = [
    Way("UDP", "udp4", user=True),
    Way("UDP over IPv6", "udp6", user=True),
    Way("UDP bound to the device", "bind-to-device", user=True),
    Way("TCP", "tcp4", user=True),
    Way("TCP over IPv6", "tcp6", user=True),
    Way("ICMP socket", "icmp4", user=True),
    Way("ICMPv6 socket", "icmp6", user=True),
    Way("multicast DNS", "mdns4", user=True),
    Way("multicast DNS over IPv6", "mdns6", user=True),
    Way("UDP by io_uring", "uring", user=True),
    Way("PPPoE socket", "pppoe", user=True),
    Way("segment routing by a permitted hop, IPv6", "source-route6", user=True),
    Way("source route by a permitted hop", "source-route4"),
    Way("broadcast from port 68 to 67", "broadcast"),
    Way("raw IPv4, forged source", "raw4"),
    Way("raw IPv6", "raw6"),
    Way("AF_PACKET, raw", "packet-raw"),
    Way("AF_PACKET, datagram", "packet-dgram"),
    Way("AF_PACKET, queue bypassed", "packet-bypass"),
    Way("AF_PACKET, IP that claims to be ARP", "packet-claims-arp"),
    Way("AF_PACKET, VLAN that claims to be IP", "packet-claims-ip"),
    Way("AF_PACKET, VLAN tag by hand", "packet-vlan"),
    Way("AF_PACKET, local experimental type", "packet-lan"),
    Way("DHCP client over AF_PACKET", "packet-dhcp"),
    Way("forwarded from a container", None, setup=forwarding, send=from_box),
    Way("macvlan in another namespace", None, setup=macvlan, send=from_box),
    Way("bridge, container at layer 2", None, setup=bridge, send=from_box),
    Way("VLAN child", None, setup=vlan, send=lambda bed: bed.send("packet-raw", link="v0.5")),
    Way("address of the loopback network, routed out", None, setup=localnet,
        send=lambda bed: bed.send("udp4", "--to", "127.9.9.9")),
    Way("after an ICMP redirect", None, setup=redirect, send=lambda bed: bed.send("udp4")),
    Way("neighbour that answers ARP for all", None, setup=proxy, send=lambda bed: bed.send("udp4")),
    Way("nft fwd from another link", None, setup=fwd, send=to_lo),
    Way("permitted, and rewritten by nft afterwards", None, setup=rewrite,
        send=lambda bed: bed.send("udp4", "--to", "10.20.0.5", "--port", "53")),
    Way("tc mirred redirect", None, beyond=True, setup=mirred, send=to_lo),
    Way("AF_XDP transmit", "xdp", beyond=True),
]

# Under "ours": the link not permitted, and permitted to reach other places.
STATES = ("none", "inet", "closed", "permitted")


def enter(bed, state):
    """Put the rules of a state in place; returns what has to be closed to leave it."""
    bed.open()
    if state == "inet":
        bed.rules(beds.INET_ONLY)
    elif state != "none":
        return bed.core(None if state == "closed" else beds.OFFICE)
    return None


def measure(bed, counter, ways, state):
    """Yields (way, marked frames at the peer, all of them); Skip for what the kernel has not."""
    core = enter(bed, state)
    counter.take()
    for way in ways:
        try:
            way.send(bed)
            yield (way, *counter.take())
        except Skip as why:
            yield way, why, None
    if core:
        core.close()


def groups():
    """Ways that can share a bed: all that need nothing prepared, and each other one alone."""
    yield [way for way in WAYS if not way.setup]
    for way in WAYS:
        if way.setup:
            yield [way]
