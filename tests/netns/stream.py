#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Both ends of permitted traffic, inside a namespace.

usage: stream.py serve PORT            echoes TCP and UDP on every address
       stream.py sink PORT             counts UDP datagrams and TCP connections; "count" on input asks
       stream.py talk tcp|udp|ping ADDRESS PORT
              for each line "SIZE TIMEOUT" of input one exchange: "echo", "silence" or an error's name
"""

import errno
import select
import socket
import sys


def listen(port):
    tcp = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    for one in (tcp, udp):
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("::", port))
    tcp.listen(64)
    print("ready", flush=True)
    return tcp, udp


def serve(port):
    tcp, udp = listen(port)
    streams = []
    while True:
        for ready in select.select([tcp, udp] + streams, [], [])[0]:
            try:
                if ready is tcp:
                    streams.append(tcp.accept()[0])
                elif ready is udp:
                    data, address = udp.recvfrom(65536)
                    udp.sendto(data, address)
                else:
                    data = ready.recv(65536)
                    if data:
                        ready.sendall(data)
                    else:
                        streams.remove(ready)
            except OSError:
                if ready in streams:
                    streams.remove(ready)


def sink(port):
    tcp, udp = listen(port)
    got = 0
    while True:
        for ready in select.select([tcp, udp, sys.stdin], [], [])[0]:
            if ready is tcp:
                tcp.accept()
                got += 1
            elif ready is udp:
                udp.recvfrom(65536)
                got += 1
            elif sys.stdin.readline():
                print(got, flush=True)
            else:
                return


class Talk:
    def __init__(self, kind, address, port):
        self.kind, self.at = kind, (address, port)
        self.family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = None

    def connect(self, timeout):
        if self.kind == "ping":
            protocol = 58 if self.family == socket.AF_INET6 else socket.IPPROTO_ICMP
            self.socket = socket.socket(self.family, socket.SOCK_DGRAM, protocol)
        elif self.kind == "udp":
            self.socket = socket.socket(self.family, socket.SOCK_DGRAM)
        else:
            self.socket = socket.socket(self.family, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(self.at)

    def exchange(self, size, timeout):
        if not self.socket:
            self.connect(timeout)
        self.socket.settimeout(timeout)
        if self.kind == "ping":
            echo = 128 if self.family == socket.AF_INET6 else 8
            self.socket.send(bytes([echo, 0, 0, 0, 0, 0, 0, 1]) + b"x" * size)
            self.socket.recv(65536)
            return
        self.socket.sendall(b"x" * size)
        got = 0
        while got < size:
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionResetError(errno.ECONNRESET, "closed")
            got += len(data)

    def run(self):
        print("ready", flush=True)
        for line in sys.stdin:
            size, timeout = line.split()
            try:
                self.exchange(int(size), float(timeout))
                print("echo", flush=True)
            except TimeoutError:
                print("silence", flush=True)
            except OSError as error:
                print(errno.errorcode.get(error.errno, "?"), flush=True)


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
elif sys.argv[1] == "sink":
    sink(int(sys.argv[2]))
else:
    Talk(sys.argv[2], sys.argv[3], int(sys.argv[4])).run()
