#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The public test vectors of age (C2SP/CCTV) against age-file: the same class of result, and the same
content, in every way that there is to open a file.

usage: vectors.py AGE-FILE
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
CLASSES = {0: "success", 10: "header failure", 11: "no match", 12: "HMAC failure", 13: "payload failure"}
KNOWN = {"expect", "payload", "file key", "identity", "passphrase", "armored", "compressed", "comment"}
NOTHING = hashlib.sha256(b"").hexdigest()


def load(path):
    head, data = path.read_bytes().split(b"\n\n", 1)
    fields = {}
    for line in head.decode().split("\n"):
        key, value = line.split(": ", 1)
        fields.setdefault(key, []).append(value)
    if fields.get("compressed") == ["zlib"]:
        data = zlib.decompress(data)
    return fields, data


def run(tool, work, fields, options, out):
    """Class of the result, and the hash of all that was written."""
    identities = [i for i in fields.get("identity", []) if i.startswith("AGE-SECRET-KEY-1")]
    command = [tool, *options]
    if identities:
        (work / "identities").write_text("\n".join(identities) + "\n")
        command += ["-i", work / "identities"]
    command += ["decrypt", work / "file", "-" if out is None else out]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    content = done.stdout if out is None else out.read_bytes()
    return CLASSES.get(done.returncode, f"exit {done.returncode}"), hashlib.sha256(content).hexdigest()


def flaws(tool, work, path):
    fields, data = load(path)
    if not set(fields) <= KNOWN or "armored" in fields:
        yield f"unknown kind of vector: {sorted(fields)}"
        return
    expect, released = fields["expect"][0], fields.get("payload", [NOTHING])[0]
    (work / "file").write_bytes(data)
    whole = released if expect == "success" else NOTHING
    for way, out, content in ((["-s"], None, released),
                              (["-t", "1"], work / "out", whole),
                              (["-t", "3", "-c", "libcrypto"], work / "out", whole)):
        got, digest = run(tool, work, fields, way, out)
        if got != expect:
            yield f"{' '.join(way)}: {got}, wanted {expect}"
        elif digest != content:
            yield f"{' '.join(way)}: gave out other bytes than it should"


def main():
    tool = sys.argv[1]
    failed = False
    paths = [path for path in sorted((HERE / "testdata").iterdir()) if path.name != "README"]
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            found = list(flaws(tool, pathlib.Path(folder), path))
            for flaw in found:
                print(f"# {flaw}")
            print(f"{'not ok' if found else 'ok'} age: vector {path.name}")
            failed |= bool(found)
    absent = {}
    for line in (HERE / "not-applicable").read_text().splitlines():
        if not line.startswith("#"):
            name, reason = line.split(" ", 1)
            absent.setdefault(reason, []).append(name)
    for reason, names in absent.items():
        print(f"skip age: {len(names)} vectors # {reason} (tests/conformance/age/not-applicable)")
    total = len(paths) + sum(map(len, absent.values()))
    print(f"# {len(paths)} vectors apply, {total - len(paths)} do not, of {total}")
    print(f"{'ok' if total == 143 else 'not ok'} age: all 143 vectors are accounted for")
    return failed or total != 143


sys.exit(main())
