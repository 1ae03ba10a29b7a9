# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way out, under every state: the table of README as checks."""

import bed as beds
from bed import Skip
from checks import report, same, scenario
from ways import COUNT, STATES, groups, measure


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


def check_group(ways):
    """In one bed, state after state."""
    with beds.Bed() as bed:
        for way in ways:
            if way.setup:
                way.setup(bed)
        counter = bed.counter()
        lacking = set()
        for state in STATES:
            for way, marked, every in measure(bed, counter, ways, state):
                if way in lacking:
                    continue
                if every is None:
                    lacking.add(way)
                    print(f"skip {way.name} # {marked}")
                else:
                    check(way, state, marked, every)


@scenario
def ways_of_sockets():
    check_group(next(groups()))


@scenario
def ways_through_other_links():
    for ways in list(groups())[1:]:
        try:
            check_group(ways)
        except Skip as why:
            print(f"skip {ways[0].name} # {why}")


@scenario
def af_xdp_needs_a_link_that_is_up():
    """Why links that are not permitted stay down."""
    with beds.Bed() as bed:
        counter = bed.counter()
        beds.run("ip", "-n", bed.terminal, "link", "set", "v0", "down")
        sent, error = bed.send("xdp")
        report("AF_XDP on a link that is down sends nothing", counter.take()[0] == 0,
               f"{sent} sent, {error}")
