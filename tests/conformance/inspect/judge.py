#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the folders and compares what airgapctl inspect --json says of them with what was put there.

usage: judge.py clean FOLDER | seed FOLDER | judge clean|seed JSON...
"""
import json
import os
import sys

import seeds
import terminal

WORSE = ("fail", "warn", "unknown")
# What a user who is not root cannot see is no defect of a check.
CLOSED = "only root can read it"


def findings(path):
    with open(path) as file:
        for check in json.load(file)["checks"]:
            if check["more"]:
                print(f"not ok inspect: {check['check']} states more than can be shown")
            for finding in check["findings"]:
                yield check["check"], finding["result"], finding["place"], finding["value"]


def fits(seed, finding):
    return seed[0] == finding[0] and seed[1] == finding[1] and seed[2] in f"{finding[2]}: {finding[3]}"


def judge(wanted, path):
    found, missed = list(findings(path)), []
    for seed in wanted:
        good = any(fits(seed, finding) for finding in found)
        print(f"{'ok' if good else 'not ok'} inspect: {seed[0]}: {seed[1]} at {seed[2]}")
        if not good:
            missed.append(seed)
            for finding in found:
                if finding[0] == seed[0]:
                    print("#   instead:", *finding)
    false = [finding for finding in found if finding[1] in WORSE and not any(fits(seed, finding) for seed in wanted)]
    for finding in false:
        print("# false:", *finding)
    print(f"{'ok' if not false else 'not ok'} inspect: nothing is found that was not put there ({len(wanted)} seeds)")
    return len(missed), len(false)


def main():
    if sys.argv[1] in ("clean", "seed"):
        folder = terminal.clean(sys.argv[2])
        if sys.argv[1] == "seed":
            for entry in seeds.SEEDS:
                entry[3](folder)
        return 0
    wanted = seeds.SEEDS if sys.argv[2] == "seed" else []
    missed, false = judge(wanted, sys.argv[3])
    print(f"# seeded {len(wanted)}, found {len(wanted) - missed}, missed {missed}, false {false}")
    return 1 if missed or false else 0


sys.exit(main())
