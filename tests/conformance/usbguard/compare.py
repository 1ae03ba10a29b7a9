#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our import of USBGuard's rules beside the installed usbguard: what it accepts, and what it decides.

usage: compare.py TOOL ORACLE FOLDER
"""
import collections
import json
import os
import random
import re
import subprocess
import sys

import generate

SEED = int(os.environ.get("SEED", "41"))
RULES = int(os.environ.get("RULES", "2500"))
SETS = int(os.environ.get("SETS", "500"))
DEVICES = 20

TOOL, ORACLE, FOLDER = sys.argv[1:4]
failed = False


def report(good, name):
    global failed
    failed |= not good
    print(("ok " if good else "not ok ") + name)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)


def imported(lines):
    path = os.path.join(FOLDER, "rules.conf")
    with open(path, "w", encoding="utf-8") as out:
        out.write("".join(line + "\n" for line in lines))
    result = run(TOOL, "import", "usbguard", "--json", path)
    if result.returncode not in (0, 1):
        raise SystemExit("not ok import of %r: exit %d\n%s" % (lines, result.returncode, result.stderr))
    return json.loads(result.stdout)


def accepted(rules):
    """Those of the rules that their parser takes. It ends at the first that it does not."""
    taken = []
    while rules:
        path = os.path.join(FOLDER, "parse.conf")
        with open(path, "w", encoding="utf-8") as out:
            out.write("".join(rule + "\n" for rule in rules))
        result = run("usbguard-rule-parser", "-f", path)
        count = sum(line.startswith("OUTPUT: ") and "EXCEPTION" not in line
                    for line in result.stdout.splitlines())
        taken += rules[:count]
        if count < len(rules) and not re.search("ERROR|EXCEPTION", result.stdout + result.stderr):
            raise SystemExit("not ok usbguard-rule-parser ended early: %r" % result.stdout[-200:])
        rules = rules[count + 1:]
    return taken


def rules_one_by_one(rng):
    """Every rule that their parser accepts is imported, or refused with a reason that is not its syntax."""
    counts = collections.Counter()
    bad = []
    rules = []
    for i in range(RULES * 9 // 8):
        rules.append(generate.rule(rng, queries=True))
        if i % 5 == 0:
            rules[-1] = generate.damage(rng, rules[-1])
    taken = accepted(rules)
    counts["accepted"], counts["not accepted"] = len(taken), len(rules) - len(taken)
    for rule in taken:
        result = imported([rule])
        names = {it["name"] for it in result["findings"]}
        if "syntax" in names or "policy" in names or (not result["policy"] and not names):
            bad.append((rule, result["findings"]))
        elif any(it["severity"] == "error" for it in result["findings"]):
            counts["refused: " + " ".join(sorted(names))] += 1
        elif names:
            counts["imported with a warning"] += 1
        else:
            counts["imported as they are"] += 1
    for name, count in sorted(counts.items()):
        print("    %6d %s" % (count, name))
    for rule, findings in bad[:10]:
        print("    %s\n        %s" % (rule, findings))
    report(not bad and counts["imported as they are"] > 0 and len(taken) >= RULES,
           "%d rules that usbguard-rule-parser accepts: imported, or refused with a reason" % counts["accepted"])


def their_decisions(sets):
    text = []
    for rules, devices in sets:
        text += ["rules", *rules, "devices", *[device.rule() for device in devices], "end"]
    result = run(ORACLE, "decide", input="\n".join(text) + "\n")
    if result.returncode:
        raise SystemExit("not ok the oracle: " + result.stderr)
    answers = [line.split() for line in result.stdout.splitlines()]
    return [(int(line), target) for line, target in answers]


def our_decisions(rules, devices):
    result = imported(rules)
    if not result["policy"]:
        raise SystemExit("not ok no policy from %r: %r" % (rules, result["findings"]))
    policy, inventory = os.path.join(FOLDER, "policy"), os.path.join(FOLDER, "inventory.json")
    with open(policy, "w", encoding="utf-8") as out:
        out.write(result["policy"])
    with open(inventory, "w", encoding="utf-8") as out:
        json.dump([{"facts": device.facts()} for device in devices], out)
    test = run(TOOL, "test", "--json", policy, inventory)
    if test.returncode:
        raise SystemExit("not ok test: " + test.stderr)
    return result["findings"], json.loads(test.stdout)["results"]


def divergence(findings, line, ours):
    """The class of a refusal that is ours alone: what import said of the rules that made it."""
    of = collections.defaultdict(set)
    for finding in findings:
        of[finding["line"]].add(finding["name"])
    if of[line]:
        return "allow: " + " ".join(sorted(of[line]))
    blocker = re.match(r"line-(\d+)", ours["rule"] or "")
    if ours["cause"] == "forbid":
        return "block: " + " ".join(sorted(of[int(blocker.group(1))])) if of[int(blocker.group(1))] else None
    # Taken away from the allow itself, by a block before it that refuses more than it says.
    names = set().union(*[of[i] for i in range(1, line)]) if line > 1 else set()
    return "block: " + " ".join(sorted(names)) if names else None


def pairs(rng):
    sets = []
    for _ in range(SETS):
        rules = accepted([generate.rule(rng) for _ in range(rng.choice([1, 2, 3, 4, 6, 8]))]) or ["block"]
        sets.append((rules, [generate.Device(rng) for _ in range(DEVICES)]))
    theirs = their_decisions(sets)
    counts, classes = collections.Counter(), collections.Counter()
    wrong = []
    for i, (rules, devices) in enumerate(sets):
        findings, results = our_decisions(rules, devices)
        for k, ours in enumerate(results):
            line, target = theirs[i * DEVICES + k]
            counts["pairs"] += 1
            permitted = target == "allow"
            if permitted == (ours["result"] == "permit"):
                counts["equal, permitted" if permitted else "equal, refused"] += 1
            elif not permitted:
                counts["MORE PERMISSIVE"] += 1
                wrong.append((rules, devices[k].rule(), target, ours["rule"]))
            else:
                name = divergence(findings, line, ours)
                classes[name] += 1
                if not name:
                    wrong.append((rules, devices[k].rule(), "line %d allows" % line, ours))
    for name, count in sorted(counts.items()):
        print("    %6d %s" % (count, name))
    print("    stricter here, and import said so:")
    for name, count in sorted(classes.items(), key=lambda it: -it[1]):
        print("    %6d %s" % (count, name))
    for rules, device, what, ours in wrong[:5]:
        print("    --- %s; here %s\n    %s\n    on %s" % (what, ours, "\n    ".join(rules), device))
    report(counts["MORE PERMISSIVE"] == 0, "%d pairs: nowhere more permissive than libusbguard" % counts["pairs"])
    report(None not in classes, "%d pairs: every stricter decision was told at import" % counts["pairs"])
    report(counts["equal, permitted"] > counts["pairs"] / 10 and counts["equal, refused"] > counts["pairs"] / 10,
           "%d pairs: both results occur often" % counts["pairs"])


print("    seed %d" % SEED)
rules_one_by_one(random.Random(SEED))
pairs(random.Random(SEED + 1))
sys.exit(failed)
