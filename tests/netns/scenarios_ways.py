# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way out, under every state: the table of README as checks."""

import bed as beds
from bed import Skip
from checks import report, same, scenario
from ways import COUNT, STATES, WAYS, measure


def check(way, state, marked, every):
    if state == "none":
        same(f"{way.name}: all of {COUNT} arrive without rules", marked, COUNT)
    elif state == "inet":
        print(f"# {way.name}: {marked} of {COUNT} pass inet rules alone")
    elif way.beyond:
        same(f"{way.name}: beyond a packet filter, passes ({state})", marked, COUNT)
    elif state == "closed":
        same(f"{way.name}: no frame of any kind (closed)", every, 0)
    else:
        same(f"{way.name}: nothing escapes by a link that may reach other places", marked, 0)


@scenario
def ways_of_sockets():
    """Those that need nothing prepared share a bed for each state."""
    lacking = set()
    for state in STATES:
        with beds.Bed() as bed:
            counter = bed.counter()
            if state == "inet":
                bed.rules(beds.INET_ONLY)
            elif state != "none":
                bed.core(None if state == "closed" else beds.OFFICE)
                counter.take()
            for way in WAYS:
                if way.setup or way in lacking:
                    continue
                try:
                    way.send(bed)
                    check(way, state, *counter.take())
                except Skip as why:
                    lacking.add(way)
                    print(f"skip {way.name} # {why}")


@scenario
def ways_through_other_links():
    for way in WAYS:
        if not way.setup:
            continue
        try:
            for state in STATES:
                check(way, state, *measure(way, state))
        except Skip as why:
            print(f"skip {way.name} # {why}")


@scenario
def af_xdp_needs_a_link_that_is_up():
    """Why links that are not permitted stay down."""
    with beds.Bed() as bed:
        counter = bed.counter()
        beds.run("ip", "-n", bed.terminal, "link", "set", "v0", "down")
        sent, error = bed.send("xdp")
        report("AF_XDP on a link that is down sends nothing", counter.take()[0] == 0,
               f"{sent} sent, {error}")
