#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A stand-in for airgap-noticed: sends each line of a pipe to whoever listens.

usage: noticed.py SOCKET PIPE        the line "close" drops the listener and takes another
"""
import os
import socket
import sys

path, pipe = sys.argv[1:]
server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
server.bind(path)
server.listen(4)
os.mkfifo(pipe)
listener, _ = server.accept()
while True:
    with open(pipe, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() != "close":
                listener.send(line.strip().encode())
                continue
            listener.close()
            listener, _ = server.accept()
            with open(os.path.join(os.path.dirname(pipe), "again"), "w", encoding="utf-8") as file:
                file.write("again")
