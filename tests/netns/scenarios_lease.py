# SPDX-License-Identifier: GPL-2.0-or-later
"""A DHCP server that is a stranger's, and numbers of links that are given out again."""

import os
import shutil

from agent import Agent
from bed import Bed, Skip
from checks import report, same, scenario
from scenarios_agent import RULES

# Who asks for a lease has no address yet.
DHCP = """    allow yet:    address in [ 0.0.0.0/32 ]
    allow lease:  egress to [ 255.255.255.255 ], protocol udp, port in [ 67 ]
"""
# What clients do with a lease; busybox calls it with the options as variables.
SCRIPT = """#!/bin/sh
[ "$1" = bound ] || exit 0
ip address add "$ip/$mask" dev "$interface"
set -- $staticroutes
while [ $# -ge 2 ]; do
	ip route add "$1" via "$2" dev "$interface" proto dhcp
	echo "$1" >>"$0.routes"
	shift 2
done
"""


def serve(bed):
    bed.start(bed.peer, "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0", "--user=root",
              "--interface=p0", "--bind-interfaces", f"--dhcp-leasefile={bed.folder}/leases",
              f"--pid-file={bed.folder}/pid", "--log-dhcp", f"--log-facility={bed.folder}/heard", "--dhcp-range=10.20.0.100,10.20.0.200,255.255.0.0,1h",
              "--dhcp-option=121,198.51.100.0/24,10.20.0.9")


def heard(bed):
    with open(f"{bed.folder}/heard", encoding="utf-8") as file:
        return file.read()


def ask(bed, script):
    return bed.t("busybox", "udhcpc", "-f", "-n", "-q", "-t", "6", "-T", "1", "-A", "1", "-i", "v0", "-O",
                 "staticroutes", "-s", script, check=False).returncode == 0


@scenario
def lease_with_a_route_of_option_121():
    for program in ("dnsmasq", "busybox"):
        if not shutil.which(program):
            raise Skip(f"no {program}")
    with Bed() as bed:
        script = f"{bed.folder}/lease"
        with open(script, "w", encoding="utf-8") as file:
            file.write(SCRIPT)
        os.chmod(script, 0o755)
        serve(bed)
        with Agent(bed, RULES) as agent:
            agent.wait(lambda: agent.is_open("v0") and agent.is_up("v0"))
            report("the server serves", agent.wait(lambda: "started" in heard(bed)))
            report("a client that no rule permits gets no lease", not ask(bed, script))
            report("and the server hears nothing of it", "DHCPDISCOVER" not in heard(bed), heard(bed))
            report("which is written down", agent.wait(lambda: agent.found("l2_egress_blocked")))
            agent.install(RULES + DHCP)
            agent.wait(lambda: "255.255.255.255" in bed.t("nft", "list", "table", "netdev",
                                                          "airgap_base").stdout)
            report("one that is permitted gets a lease", ask(bed, script), heard(bed))
            report("with a route to a foreign network", os.path.exists(f"{script}.routes"))
            report("it does not stay", agent.wait(
                lambda: "198.51.100" not in bed.t("ip", "route").stdout))
            report("and is strong evidence", agent.wait(
                lambda: agent.found("route_illegal", to="198.51.100.0/24", evidence="strong")))
            report("the permitted link stays open", agent.is_up("v0"))
            counter = bed.counter()
            counter.take()
            bed.send("udp4", "--to", "198.51.100.7", count=20)
            same("of what is sent there nothing arrives", counter.take()[0], 0)


@scenario
def numbers_of_links_are_given_out_again():
    """A link is held by its number; whoever gets the number next inherits nothing."""
    with Bed() as bed, Agent(bed, RULES) as agent:
        report("the link of the policy opens", agent.wait(lambda: agent.is_open("v0")))
        number = bed.t("cat", "/sys/class/net/v0/ifindex").stdout.strip()
        for name in ("x0", "x1"):
            bed.t("sh", "-c", f"""ip link del $(ip -o link | sed -n 's/^{number}: \\([^@:]*\\).*/\\1/p') &&
                ip link add {name} index {number} type veth peer name {name}p && ip link set {name} up &&
                ip link set {name}p up""")
            # The peer's end is in the same namespace, so that both are strangers here.
            counter = bed.counter_at(bed.terminal, f"{name}p")
            report(f"{name} with the number of a permitted link is put down",
                   agent.wait(lambda: not agent.is_up(name)))
            report("and its refusal written down", agent.wait(
                lambda: agent.found("iface_unknown", link=name)))
            bed.t("ip", "link", "set", name, "up", check=False)
            bed.send("packet-raw", link=name)
            same("nothing leaves by it", counter.take()[0], 0)
        before = len(agent.events())
        bed.t("sh", "-c", f"ip link del x1 && ip link add v0 index {number} type veth peer name w0 && "
              "ip link set v0 up")
        report("by the permitted name it is judged as a new one, and opens", agent.wait(lambda: any(
            entry["event"].get("type") == "link" and entry["event"]["outcome"]["state"] == "open"
            for entry in agent.events()[before:])))
