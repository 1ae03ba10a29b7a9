# SPDX-License-Identifier: GPL-2.0-or-later
"""One scenario: its header, its machine, its verdict."""

import os
import re
import shlex
import shutil
import tempfile
import time

from host.boot import copy_image, wait_ready
from host.machine import MEMORY_MIB, Machine, MachineError
from host.relay import Relay, parse_size

HEADER = re.compile(r"#\s*lab:\s*(.+)")
# What a header may say, and what holds when it does not.
DEFAULTS = {"boot": "snapshot", "cmdline": "", "memory": str(MEMORY_MIB), "cpus": "1", "disk": "",
            "nic": "0", "nicmodel": "virtio-net-pci", "timeout": "480", "kernel": "quiet",
            "clock": "host"}
# These change the machine, so the snapshot of the common one cannot serve.
FRESH = ("cmdline", "memory", "cpus", "disk", "nic", "nicmodel", "clock")
COMPLAINT = re.compile(r"\b(WARNING|BUG|Oops|UBSAN|KASAN|general protection fault|Kernel panic|"
                       r"Unable to handle|kernel BUG|INFO: task \S+ blocked)\b")


class ScenarioError(Exception):
    """The file is not a scenario that can run."""


class Scenario:
    """A scenario file and what its header asks for."""

    def __init__(self, path, name=None):
        self.path = os.path.realpath(path)
        self.name = name or re.sub(r"\.(sh|bash)$", "", os.path.basename(path))
        self.options = dict(DEFAULTS)
        try:
            with open(self.path, encoding="utf-8") as stream:
                text = stream.read()
        except (OSError, UnicodeDecodeError) as error:
            raise ScenarioError(f"{path}: {error}") from None
        for line in text.splitlines():
            found = HEADER.match(line)
            if found:
                self._read_header(found[1])
        if self.options["boot"] not in ("snapshot", "fresh"):
            raise ScenarioError(f"{path}: boot is snapshot or fresh")
        if self.options["kernel"] not in ("quiet", "may-complain"):
            raise ScenarioError(f"{path}: kernel is quiet or may-complain")
        if self.options["clock"] not in ("host", "counted"):
            raise ScenarioError(f"{path}: clock is host or counted")
        try:
            for key in ("memory", "cpus", "nic", "timeout"):
                int(self.options[key])
        except ValueError:
            raise ScenarioError(f"{path}: {key} is a number") from None

    def _read_header(self, text):
        for word in shlex.split(text):
            key, equals, value = word.partition("=")
            if not equals or key not in DEFAULTS:
                known = " ".join(f"{name}=" for name in DEFAULTS)
                raise ScenarioError(f"{self.path}: '{word}' is not a setting; known: {known}")
            self.options[key] = value

    @property
    def fresh(self):
        return (self.options["boot"] == "fresh"
                or any(self.options[key] != DEFAULTS[key] for key in FRESH))


class Places:
    """Where things are: the checkout, its build folder, the laboratory's own folder."""

    def __init__(self, top, build, lab):
        self.top, self.build, self.lab = top, build, lab
        self.logs = os.path.join(lab, "logs")


class Run:
    """One scenario being run. After run(): good, bad, seconds, restore.

    With `held`, all that it prints waits when a check fails, until tell_failures().
    """

    def __init__(self, scenario, boot, places, say, shell=False, held=False, log=None):
        self.scenario, self.boot, self.places, self.print = scenario, boot, places, say
        self.shell, self.held, self.lines = shell, held, []
        self.log = log or os.path.join(places.logs, scenario.name)
        self.good = self.bad = 0
        self.seconds = self.restore = 0.0
        self.boots = 0

    def say(self, text):
        if self.held:
            self.lines.append(text)
        else:
            self.print(text)

    def tell_failures(self, prefix=""):
        """What was held back; with a prefix, only what failed, and none of it counts."""
        for line in self.lines:
            if not prefix or not line.startswith("ok "):
                self.print(prefix + line)
        self.lines = []

    def report(self, good, name, detail=""):
        """Count and print one check."""
        self.say(f"{'ok' if good else 'not ok'} {self.scenario.name}: {name}")
        if good:
            self.good += 1
            return
        self.bad += 1
        for line in detail.split("\x1f"):
            if line.strip():
                self.say(f"#   {line}")

    def run(self):
        """Run it to its end; whatever goes wrong becomes a check that failed."""
        shutil.rmtree(self.log, ignore_errors=True)
        os.makedirs(self.log)
        start = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="airgap-lab-") as folder:
            copy_image(self.boot.state, os.path.join(folder, "state.img"))
            for number, size in enumerate(filter(None, self.scenario.options["disk"].split(","))):
                with open(os.path.join(folder, f"disk{number}.img"), "wb") as stream:
                    stream.truncate(parse_size(size))
            try:
                while self._boot_once(folder):
                    pass
            except MachineError as error:
                self.report(False, "the machine runs to the end", str(error))
            if self.bad:
                copy_image(os.path.join(folder, "state.img"), os.path.join(self.log, "state.img"))
        self._check_kernel()
        if not self.good and not self.bad:
            self.report(False, "checks something", "no check was reached")
        self.seconds = time.monotonic() - start
        if self.bad:
            self.say(f"#   logs of {self.scenario.name}: {self.log}")
        else:
            self.tell_failures()

    def _start_machine(self, folder):
        options = self.scenario.options
        fresh = self.scenario.fresh or self.boots > 1 or self.shell
        disks = sorted(entry.path for entry in os.scandir(folder)
                       if re.fullmatch(r"disk\d+\.img", entry.name))
        start = time.monotonic()
        machine = Machine(
            self.boot.kernel, self.boot.initramfs, folder, log=self.log,
            command_line=options["cmdline"], memory=int(options["memory"]),
            cpus=int(options["cpus"]), disks=disks, nics=int(options["nic"]),
            nic_model=options["nicmodel"], snapshot=None if fresh else self.boot.snapshot,
            serial="stdio" if self.shell else None, counted=options["clock"] == "counted")
        try:
            if fresh:
                wait_ready(machine)
        except MachineError:
            machine.stop()
            raise
        self.restore += time.monotonic() - start
        return machine

    def _boot_once(self, folder):
        """Boot or restore, run the scenario's file, end. True when it asked for another boot."""
        self.boots += 1
        machine = self._start_machine(folder)
        try:
            settings = {"LAB_TIME": f"{time.time():.0f}", "LAB_SCENARIO": self.scenario.path,
                        "LAB_NAME": self.scenario.name, "LAB_TOP": self.places.top,
                        "LAB_BUILD": self.places.build, "LAB_BOOT": str(self.boots),
                        "LAB_MODULES": self.boot.kernel.modules, "LAB_SHELL": str(int(self.shell)),
                        "LAB_NICS": self.scenario.options["nic"]}
            machine.guest.write("\n".join(f"{key}={value}" for key, value in settings.items())
                                + "\n.")
            return self._serve(machine, Relay(machine, folder, self.report, self.say))
        finally:
            machine.stop()

    def _serve(self, machine, relay):
        limit = float(self.scenario.options["timeout"]) if not self.shell else float("inf")
        deadline = time.monotonic() + limit
        while True:
            try:
                line = machine.guest.read(min(deadline, time.monotonic() + 3600))
            except TimeoutError:
                if time.monotonic() < deadline:
                    continue
                self.report(False, f"ends within {limit:.0f} s", self._last_output())
                return False
            except EOFError:
                if not self.shell:
                    self.report(False, "the machine stays up", self._last_console())
                return False
            verb, _, rest = line.partition("\t")
            if verb == "done":
                if rest != "0":
                    self.report(False, f"ends with status 0, not {rest}", self._last_output())
                return False
            if verb == "reboot":
                return True
            machine.guest.write(relay.answer(line))

    def _tail(self, name, lines):
        try:
            with open(os.path.join(self.log, name), encoding="utf-8", errors="replace") as stream:
                return "\x1f".join(stream.read().splitlines()[-lines:])
        except OSError:
            return ""

    def _last_output(self):
        return self._tail("output", 5)

    def _last_console(self):
        return self._tail("console", 12)

    def _check_kernel(self):
        """A warning, an oops or a panic of the guest's kernel fails any scenario."""
        found = [line for line in self._kernel_lines() if COMPLAINT.search(line)]
        if found and self.scenario.options["kernel"] == "quiet":
            self.report(False, "the kernel does not complain", "\x1f".join(found[:5]))

    def _kernel_lines(self):
        """The kernel's own messages: the console, and /dev/kmsg without what programs wrote."""
        for name in ("console", "kmsg"):
            try:
                with open(os.path.join(self.log, name), encoding="utf-8", errors="replace") as text:
                    lines = text.read().splitlines()
            except OSError:
                continue
            for line in lines:
                priority = re.match(r"(\d+),", line)
                if name == "console" or (priority and int(priority[1]) >> 3 == 0):
                    yield line
