# SPDX-License-Identifier: GPL-2.0-or-later
"""airgap-monitord in a namespace, with a core that prints what it states (tests/tools/net-listener)."""

import os
import queue
import re
import shutil
import subprocess
import threading
import time

from bed import BIN, TOOLS, run

USERS = "root:x:0:0::/root:/bin/sh\nalice:x:65001:65001::/:/bin/sh\n"


class Watch:
    def __init__(self, *sockets, attribution=False, radios=False):
        self.name = f"airgapw{os.getpid()}"
        self.other = self.name + "o"
        self.folder = f"/tmp/{self.name}"
        self.sockets = [str(socket) for socket in sockets]
        self.attribution = attribution
        self.radios = radios
        self.lines = []
        self.fresh = queue.Queue()
        self.processes = []

    def __enter__(self):
        for folder in ("run/airgap", "run/netns", "etc"):
            os.makedirs(f"{self.folder}/{folder}")
        # The kernel's own, unless the test makes radios; then the fence hides what is the kernel's.
        if self.radios:
            os.makedirs(f"{self.folder}/sys/class/rfkill")
        else:
            os.symlink("/sys", f"{self.folder}/sys")
        os.symlink("/proc", f"{self.folder}/proc")
        self.write("etc/passwd", USERS)
        try:
            run("ip", "netns", "add", self.name)
            run("ip", "-n", self.name, "link", "set", "lo", "up")
            self.launch()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        for namespace in (self.name, self.other):
            run("ip", "netns", "del", namespace, check=False)
        shutil.rmtree(self.folder)

    def start(self, *command, **rest):
        process = subprocess.Popen(["ip", "netns", "exec", self.name, *command], text=True, **rest)
        self.processes.append(process)
        return process

    def launch(self):
        self.listener = self.start(f"{TOOLS}/net-listener", self.folder, "0", *self.sockets,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        threading.Thread(target=self.read, daemon=True).start()
        if self.attribution:
            self.start(f"{BIN}/airgap-attribution", "--root", self.folder)
            self.wait("attribution sandbox=")
        self.monitor = self.start(f"{BIN}/airgap-monitord", "--root", self.folder,
                                  stderr=subprocess.DEVNULL)
        self.wait("^end start")

    def read(self):
        for line in self.listener.stdout:
            self.fresh.put(line.rstrip("\n"))

    def write(self, path, text):
        with open(f"{self.folder}/{path}", "w", encoding="utf-8") as file:
            file.write(text)

    def ip(self, *words, **rest):
        return run("ip", "-n", self.name, *words, **rest)

    def do(self, *words, **rest):
        return run("ip", "netns", "exec", self.name, *words, **rest)

    def pair(self, near, far):
        self.ip("link", "add", near, "type", "veth", "peer", "name", far)
        self.ip("link", "set", near, "up")
        self.ip("link", "set", far, "up")

    def index(self, link):
        return int(self.do("cat", f"/sys/class/net/{link}/ifindex").stdout)

    def wait(self, pattern, seconds=20):
        """The next line that matches, or None."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                line = self.fresh.get(timeout=0.2)
            except queue.Empty:
                continue
            self.lines.append(line)
            if re.search(pattern, line):
                return line
        return None

    def quiet(self, seconds=1.0):
        """Take what comes until nothing has come for so long."""
        while True:
            try:
                self.lines.append(self.fresh.get(timeout=seconds))
            except queue.Empty:
                return

    def tell(self, line):
        self.listener.stdin.write(line + "\n")
        self.listener.stdin.flush()

    def scan(self):
        """All that a scan states."""
        self.quiet(0.3)
        start = len(self.lines)
        self.tell("scan")
        if not self.wait("^end request"):
            return []
        return self.lines[start:]

    def pid(self):
        """Of the monitor itself: ip replaces itself by what it starts."""
        return self.monitor.pid
