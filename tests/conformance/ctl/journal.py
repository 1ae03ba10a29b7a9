#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes journal lines in the form that agent/lib/journal_file.h describes.

usage: journal.py FIRST KIND GRADE NAME... ; one line each, numbered from FIRST, a minute apart.
"""
import json
import sys


def line(seq, kind, grade, event):
    head = (
        '{"v":1,"seq":%d,"time":"2026-12-01T08:%02d:00.000000Z","boottime_us":%d,'
        '"boot_id":"96ae4f80-662c-4617-9427-24600a84038d","epoch":0,"next_by_s":null,"lost":0,'
        '"policy":{"serial":42,"digest":"%s"},"kind":"%s","grade":%s,"event":%s,"mac":"%s"}'
    )
    return head % (
        seq, seq % 60, seq, "ab" * 32, kind, json.dumps(grade if grade != "-" else None),
        json.dumps(event, separators=(",", ":")), "cd" * 32,
    )


def usb(name):
    return {
        "type": "usb",
        "occurred_us": 5,
        "outcome": {
            "facts": {
                "port": "1-2", "bus": 1, "device": 5, "id": "0951:1666", "release": "0110",
                "class": "00:00:00", "manufacturer": "Acme", "name": name, "serial": "A1",
                "connect": "hotplug", "flaw": None, "configurations": 1, "interfaces": [],
                "hash": "00" * 32, "parent_hash": "00" * 32,
            },
            "verdict": {
                "result": "refuse", "cause": "forbid", "rule": "bad-combo",
                "because": "storage that also types", "line": 27, "column": 5, "interfaces": [],
            },
            "state": "blocked", "error": None, "plug": 1, "seen_us": 1, "settled_us": 2,
        },
        "actor": None,
    }


def event(kind, name):
    if kind == "violation":
        return usb(name.encode().decode("unicode_escape"))
    if kind == "policy":
        return {
            "type": "policy", "occurred_us": 5, "action": "refused", "error": "EKEYREJECTED",
            "serial": 43, "digest": None, "id": name, "signers": "so-1 security",
            "reason": "one signature of two",
        }
    return {"type": "note", "occurred_us": 5, "name": name, "subject": "", "count": 0, "text": "x"}


first, kind, grade = int(sys.argv[1]), sys.argv[2], sys.argv[3]
for i, name in enumerate(sys.argv[4:]):
    print(line(first + i, kind, grade, event(kind, name)))
