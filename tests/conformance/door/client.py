#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Talks to the doors as no good program would, and as a good one with unusual timing.

usage: client.py DOOR WHAT [ARGUMENT...]; prints what came back or what happened, one line each.
"""
import array
import errno
import json
import os
import socket
import sys
import time


def connect(path):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.connect(path)
    s.settimeout(20)
    return s


def objects(s):
    data = b""
    while True:
        while b"\0" in data:
            one, data = data.split(b"\0", 1)
            yield json.loads(one)
        try:
            more = s.recv(65536)
        except ConnectionResetError:
            return
        if not more:
            return
        data += more


def ask(verb):
    return json.dumps({"v": 1, "verb": verb}).encode() + b"\0"


def send(s, data):
    try:
        s.sendall(data)
    except OSError as e:
        if e.errno not in (errno.EPIPE, errno.ECONNRESET):
            raise


def raw(path, *texts):
    """Send bytes as they are (C escapes), print every object that comes back."""
    s = connect(path)
    for text in texts:
        send(s, text.encode().decode("unicode_escape").encode("latin-1"))
    s.shutdown(socket.SHUT_WR)
    for o in objects(s):
        print(json.dumps(o))
    print("closed")


def slowly(path):
    """A request byte by byte, and two in one piece."""
    s = connect(path)
    for byte in ask("status"):
        s.sendall(bytes([byte]))
    print(next(objects(s))["more"])
    s.sendall(ask("status") + ask("status") + ask("devices"))
    got = objects(s)
    print(next(got)["more"], next(got)["more"])


def flood(path, count):
    """Many connections, each asking and none reading."""
    kept = []
    for _ in range(int(count)):
        s = connect(path)
        s.setblocking(False)
        send(s, ask("devices"))
        kept.append(s)
        if len(kept) > 200:
            kept.pop(0).close()
    print("opened", count)


def half(path, count):
    """Connections that begin a request and leave, or stay silent until the door is closed on them."""
    for i in range(int(count)):
        s = connect(path)
        send(s, b'{"v":1,"ve' if i % 2 else b"")
        s.close()
    print("left")


def huge(path):
    s = connect(path)
    send(s, b"[" * (1 << 20))
    for o in objects(s):
        print(o["error"])
    print("closed")


def descriptors(path, rounds, each):
    """Descriptors with every request, more than one may carry, and with no request at all."""
    fds = array.array("i", [os.open("/dev/null", os.O_RDONLY) for _ in range(int(each))])
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)]
    for i in range(int(rounds)):
        s = connect(path)
        try:
            s.sendmsg([ask("status") if i % 3 else b"{"], rights)
            s.sendmsg([b"x"], rights)
            s.sendmsg([ask("rescan")], rights)
        except OSError as e:
            if e.errno not in (errno.EPIPE, errno.ECONNRESET, errno.ETOOMANYREFS, errno.EAGAIN):
                raise
        s.close()
    print("sent")


def limit(path):
    """How many connections one user may hold."""
    kept, held = [], 0
    for _ in range(20):
        s = connect(path)
        send(s, ask("status"))
        o = next(objects(s))
        held += o["error"] != "busy"
        kept.append(s)
    print("held", held)


def watch(path, changes):
    """Follow, printing one word an object, until so many devices were told after the first rest."""
    left, rested = int(changes), False
    s = connect(path)
    s.sendall(ask("watch"))
    for o in objects(s):
        if "device" in o:
            facts = o["device"]["facts"]
            print("device", facts["port"], o["device"]["state"], flush=True)
            left -= rested
        elif "status" in o:
            print("status", o["status"]["mode"] if o["status"] else None, o["connected"], flush=True)
        else:
            print(*[k for k in o if k not in ("v", "more")], flush=True)
            rested = rested or "settled" in o
        if left == 0:
            return


def sleeper(path, seconds):
    """Follow and never read."""
    s = connect(path)
    s.sendall(ask("watch"))
    print("following", flush=True)
    time.sleep(float(seconds))


def install(path, name):
    """An order whose sender does not wait for the answer."""
    s = connect(path)
    fd = array.array("i", [os.open(name, os.O_RDONLY)])
    s.sendmsg([ask("install")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fd)])
    time.sleep(0.2)
    print("left")


if __name__ == "__main__":
    try:
        globals()[sys.argv[2]](sys.argv[1], *sys.argv[3:])
    except PermissionError as e:
        print("error", e.strerror)
