# SPDX-License-Identifier: GPL-2.0-or-later
"""What the guest may ask of the host while a scenario runs: checks to count, devices to plug.

A request is one line, words separated by tabs; the answer is "ok" or "err", a tab, and a text whose
lines are separated by the unit separator, 0x1f.
"""

import functools
import os
import time

from host.machine import ROOT_PORTS, MachineError

# Drivers that need something behind them before they can be plugged.
STORAGE = ("usb-storage", "usb-uas", "usb-bot", "virtio-blk-pci")
UNPLUG_LIMIT = 10


class Relay:
    """Answers the requests of one guest. `report` takes (good, name, detail) of each check."""

    def __init__(self, machine, folder, report, note):
        self.machine = machine
        self.folder = folder
        self.report = report
        self.note = note
        self.free_ports = [f"rp{number}" for number in range(1, ROOT_PORTS + 1)]
        self.plugged = {}
        self.verbs = {"check": self._check, "note": self._note, "plug": self._plug,
                      "unplug": self._unplug, "qmp": self._monitor}

    def answer(self, line):
        """The answer to one request line."""
        verb, *words = line.split("\t")
        if verb not in self.verbs:
            return f"err\tno such request: {verb}"
        try:
            return "ok\t" + (self.verbs[verb](*words) or "").replace("\n", "\x1f")
        except (MachineError, OSError, TypeError, ValueError) as error:
            return "err\t" + str(error).replace("\n", " ")

    def _check(self, result, name, detail=""):
        self.report(result == "ok", name, detail)

    def _note(self, text):
        self.note(text)

    def _monitor(self, text):
        return self.machine.qmp("human-monitor-command", command_line=text).strip().replace("\r", "")

    def _plug(self, name, driver, *settings):
        """Plug `driver` in as `name`; settings are qemu's PROPERTY=VALUE, and size= or image=."""
        if name in self.plugged:
            raise ValueError(f"{name} is plugged already")
        options = dict(word.split("=", 1) for word in settings)
        device = {"driver": driver, "id": name}
        undo = []
        if driver in STORAGE:
            self._add_image(name, options, undo)
            if driver not in ("usb-uas", "usb-bot"):
                device["drive"] = f"{name}-image"
        if driver == "usb-net":
            self.machine.qmp("netdev_add", type="hubport", id=f"{name}-net", hubid=99)
            undo.append(("netdev_del", {"id": f"{name}-net"}))
            device["netdev"] = f"{name}-net"
        if driver == "usb-mtp":
            options.setdefault("rootdir", self._folder(name))
        if driver.endswith("xhci") or driver.startswith(("virtio", "e1000")):
            device["bus"] = self._root_port(options)
        elif "bus" not in options:
            device["bus"] = "xhci0.0"
        device.update(options)
        self.plugged[name] = (device.get("bus"), undo)
        try:
            self.machine.qmp("device_add", **device)
            if driver in ("usb-uas", "usb-bot"):
                self._attach_disk(name)
        except MachineError:
            self._forget(name)
            raise

    def _add_image(self, name, options, undo):
        """An image file as a block node, from image= (used as it is) or new with size=."""
        path = options.pop("image", None)
        size = options.pop("size", "16M")
        read_only = options.pop("readonly", "off") == "on"
        if path is None:
            path = os.path.join(self.folder, f"{name}.img")
            if not os.path.exists(path):
                with open(path, "wb") as stream:
                    stream.truncate(parse_size(size))
        elif not os.path.isabs(path):
            path = os.path.join(self.folder, path)
        self.machine.qmp("blockdev-add", driver="raw", node_name=f"{name}-image",
                         read_only=read_only, file={"driver": "file", "filename": path})
        undo.append(("blockdev-del", {"node_name": f"{name}-image"}))

    def _attach_disk(self, name):
        """A UAS or BOT device shows itself only once its disk hangs on its SCSI bus."""
        self.machine.qmp("device_add", driver="scsi-hd", id=f"{name}-disk", bus=f"{name}.0",
                         drive=f"{name}-image")
        self.machine.qmp("qom-set", path=f"/machine/peripheral/{name}", property="attached",
                         value=True)

    def _folder(self, name):
        path = os.path.join(self.folder, f"{name}.dir")
        os.makedirs(path, exist_ok=True)
        return path

    def _root_port(self, options):
        if "bus" in options:
            return options["bus"]
        if not self.free_ports:
            raise MachineError("all root ports are taken")
        return self.free_ports.pop(0)

    def _unplug(self, name):
        if name not in self.plugged:
            raise ValueError(f"{name} is not plugged")
        self.machine.qmp("device_del", id=name)
        # Not every unplugging ends with an event, so look.
        _until(lambda: name not in (item["name"] for item in self.machine.qmp(
            "qom-list", path="/machine/peripheral")), f"{name} did not let itself be unplugged")
        self._forget(name)

    def _forget(self, name):
        """Take down what stood behind a device that is gone."""
        bus, undo = self.plugged.pop(name)
        if bus and bus.startswith("rp"):
            self.free_ports.append(bus)
        for step in reversed(undo):
            _until(functools.partial(self._tried, *step), f"{step[0]} of {name} failed")

    def _tried(self, command, arguments):
        """True when the command went well; qemu lets go of a device's parts only after a while."""
        try:
            self.machine.qmp(command, **arguments)
        except MachineError:
            return False
        return True


def _until(condition, complaint):
    """Look until the condition holds."""
    deadline = time.monotonic() + UNPLUG_LIMIT
    while not condition():
        if time.monotonic() > deadline:
            raise MachineError(complaint)
        time.sleep(0.01)


def parse_size(text):
    """Bytes of a size like 64M."""
    units = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    if text[-1:] in units:
        return int(text[:-1]) * units[text[-1]]
    return int(text)
