# SPDX-License-Identifier: GPL-2.0-or-later
"""One virtual machine: qemu, its control connection (QMP) and the line to the guest."""

import json
import os
import select
import socket
import subprocess
import time

QEMU = "qemu-system-x86_64"
MEMORY_MIB = 320
# Slots that can take a PCI device while the machine runs.
ROOT_PORTS = 6
# No timer check and no mitigations: emulated time is not the real one, and speed is all we want.
# The watchdogs measure the load of the host, not the kernel. Programs always at the same addresses
# start three times as fast, since the emulator keeps what it translated. A stick becomes a disk at once rather
# than after a second: that makes "never a disk" a stronger statement in less time.
COMMAND_LINE = ("console=ttyS0 loglevel=5 panic=-1 mitigations=off no_timer_check nowatchdog "
                "rcupdate.rcu_cpu_stall_suppress=1 norandmaps usb_storage.delay_use=0")


class MachineError(Exception):
    """qemu refused a command, ended, or did not answer in time."""


class Line:
    """Lines of text over a socket, with a deadline."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""

    def read(self, deadline):
        """The next line without its end; TimeoutError, or EOFError when the other side is gone."""
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                raise TimeoutError
            data = self.sock.recv(65536)
            if not data:
                raise EOFError
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode("utf-8", "replace")

    def write(self, text):
        self.sock.sendall(text.encode() + b"\n")


class Machine:
    """qemu with the devices that every scenario has, and those that it asks for."""

    def __init__(self, kernel, initramfs, folder, *, log=None, command_line="",
                 snapshot=None, memory=MEMORY_MIB, cpus=1, disks=(), nics=0, nic_model="virtio-net-pci",
                 serial=None, counted=False):
        self.guest_socket, guest_end = socket.socketpair()
        self.qmp_socket, qmp_end = socket.socketpair()
        self.guest, self._qmp = Line(self.guest_socket), Line(self.qmp_socket)
        log = log or folder
        words = [
            QEMU, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-machine", "q35", "-accel", "tcg", "-cpu", "max", "-smp", str(cpus), "-m", str(memory),
            "-kernel", kernel.image, "-initrd", initramfs,
            "-append", f"{COMMAND_LINE} {command_line}".strip(),
            "-serial", serial or f"file:{os.path.join(log, 'console')}",
            "-chardev", f"socket,id=qmp,fd={qmp_end.fileno()}", "-mon", "chardev=qmp,mode=control",
            "-chardev", f"socket,id=lab,fd={guest_end.fileno()}",
            "-device", "virtio-serial-pci", "-device", "virtserialport,chardev=lab,name=lab",
            "-drive", f"if=none,id=state,format=raw,file={os.path.join(folder, 'state.img')}",
            "-device", "virtio-blk-pci,drive=state,serial=state",
            *_shared_folder("host", "/", readonly=True), *_shared_folder("log", log),
            "-device", "qemu-xhci,id=xhci0,p2=8,p3=8",
        ]
        for number in range(1, ROOT_PORTS + 1):
            words += ["-device", f"pcie-root-port,id=rp{number},chassis={number},slot={number}"]
        for number, path in enumerate(disks):
            words += ["-drive", f"if=none,id=disk{number},format=raw,file={path}",
                      "-device", f"virtio-blk-pci,drive=disk{number},serial=disk{number}"]
        for number in range(nics):
            words += ["-netdev", f"hubport,id=nic{number},hubid=0",
                      "-device", f"{nic_model},netdev=nic{number},mac=52:54:00:a1:9a:{number:02x}",
                      "-object", f"filter-dump,id=dump{number},netdev=nic{number},"
                                 f"file={os.path.join(log, f'nic{number}.pcap')}"]
        if nics == 1:
            # A wire takes frames only while somebody at its other end does: qemu's own network, which passes
            # nothing on, and answers nobody outside of its own addresses (RFC 5737).
            words += ["-netdev", "user,id=sink,restrict=on,ipv6=off,net=192.0.2.0/24",
                      "-netdev", "hubport,id=sinkport,hubid=0,netdev=sink"]
        if counted:
            # The guest's clock goes by instructions, 4 ns each, so the host's load is not measured;
            # while the guest waits for a disk it goes by the host's.
            words += ["-icount", "shift=2,sleep=on"]
        if snapshot:
            words += ["-incoming", f"exec:cat '{snapshot}'"]
        with open(os.path.join(log, "qemu"), "ab") as stderr:
            # The emulator must not outlive its driver, however that ends.
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *words], stdin=None if serial else subprocess.DEVNULL,
                stderr=stderr, stdout=None if serial else stderr,
                pass_fds=(guest_end.fileno(), qmp_end.fileno()))
        guest_end.close()
        qmp_end.close()
        self.log = log
        self._greet()
        if snapshot:
            self._wait_restored()

    def _greet(self):
        deadline = time.monotonic() + 30
        try:
            self._qmp.read(deadline)
            self.qmp("qmp_capabilities")
        except (EOFError, TimeoutError, MachineError) as error:
            self.stop()
            raise MachineError(f"qemu did not start: {self.complaint()}") from error

    def _wait_restored(self):
        deadline = time.monotonic() + 60
        while self.qmp("query-status")["status"] == "inmigrate":
            if time.monotonic() > deadline:
                raise MachineError("the snapshot could not be restored")
            time.sleep(0.01)
        self.qmp("cont")

    def complaint(self):
        """What qemu wrote on its standard error, last lines."""
        try:
            with open(os.path.join(self.log, "qemu"), encoding="utf-8", errors="replace") as stream:
                return " / ".join(stream.read().strip().splitlines()[-3:]) or "no message"
        except OSError:
            return "no message"

    def qmp(self, command, timeout=30, **arguments):
        """Run a QMP command; its result. Events are not used."""
        message = {"execute": command}
        if arguments:
            message["arguments"] = {key.replace("_", "-"): value for key, value in arguments.items()}
        try:
            self._qmp.write(json.dumps(message))
            deadline = time.monotonic() + timeout
            while True:
                answer = json.loads(self._qmp.read(deadline))
                if "error" in answer:
                    raise MachineError(answer["error"]["desc"])
                if "return" in answer:
                    return answer["return"]
        except TimeoutError:
            raise MachineError(f"qemu did not answer {command} in {timeout} s") from None
        except (EOFError, OSError):
            raise MachineError(f"qemu is gone: {self.complaint()}") from None

    def save(self, path):
        """Write the state of the machine to `path`, which appears when complete."""
        self.qmp("stop")
        self.qmp("migrate-set-parameters", max_bandwidth=1 << 40)
        self.qmp("migrate", uri=f"exec:cat >'{path}.part'")
        while True:
            state = self.qmp("query-migrate")
            if state.get("status") == "completed":
                break
            if state.get("status") in ("failed", "cancelled"):
                raise MachineError(f"no snapshot: {state.get('error-desc', 'migration failed')}")
            time.sleep(0.02)
        os.rename(path + ".part", path)

    def stop(self):
        """End qemu, however it feels."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.guest_socket.close()
        self.qmp_socket.close()


def _shared_folder(tag, path, readonly=False):
    """A folder of the host that the guest can mount by 9p under `tag`."""
    option = f"local,id={tag},path={path},security_model=none,multidevs=remap"
    return ["-fsdev", option + (",readonly=on" if readonly else ""),
            "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]


def qemu_version():
    """First line of qemu's --version, part of a snapshot's key."""
    try:
        return subprocess.run([QEMU, "--version"], stdout=subprocess.PIPE, text=True,
                              check=True).stdout.splitlines()[0]
    except (OSError, subprocess.CalledProcessError) as error:
        raise MachineError(f"no emulator: {error}; install package qemu-system-x86") from None
