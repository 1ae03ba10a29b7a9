# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios by name, and how a check is reported."""

import importlib
import os

SCENARIOS = []
failed = 0


def scenario(function):
    file = function.__module__.removeprefix("scenarios_")
    SCENARIOS.append((f"{file}/{function.__name__.replace('_', '-')}", function))
    return function


def report(name, good, detail=""):
    global failed
    if good:
        print(f"ok {name}", flush=True)
    else:
        failed += 1
        if detail != "":
            print(f"# {detail}")
        print(f"not ok {name}", flush=True)


def same(name, got, wanted):
    report(name, got == wanted, f"got {got}, wanted {wanted}")


def load():
    folder = os.path.dirname(os.path.abspath(__file__))
    for file in sorted(os.listdir(folder)):
        if file.startswith("scenarios_") and file.endswith(".py"):
            importlib.import_module(file[:-3])
