# SPDX-License-Identifier: GPL-2.0-or-later
"""Boot files and the snapshot after boot, made once and kept under a key of all they depend on."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time

from host.image import build_image
from host.kernel import get_kernel
from host.machine import COMMAND_LINE, MEMORY_MIB, Machine, MachineError, qemu_version

BOOT_LIMIT = 180
STATE_MIB = 64
KEPT = 2


class Boot:
    """Kernel, initramfs, snapshot and an empty state disk, ready for use."""

    def __init__(self, kernel, folder):
        self.kernel = kernel
        self.initramfs = os.path.join(folder, "initramfs.gz")
        self.snapshot = os.path.join(folder, "snapshot")
        self.state = os.path.join(folder, "state.img")


def _key(kernel, guest):
    """Digest of everything that the snapshot depends on."""
    here = os.path.dirname(os.path.abspath(__file__))
    files = [os.path.join(here, name) for name in ("image.py", "machine.py", "boot.py")]
    files += [os.path.join(guest, "init"), os.path.join(guest, "modules"),
              shutil.which("busybox", path="/bin:/usr/bin")]
    files += sorted(entry.path for entry in os.scandir(os.path.join(guest, "etc")))
    digest = hashlib.sha256(f"{kernel.name} {qemu_version()} {MEMORY_MIB} {COMMAND_LINE}".encode())
    for path in files:
        with open(path, "rb") as stream:
            digest.update(stream.read())
    return digest.hexdigest()[:20]


def copy_image(source, target):
    """Copy a disk image, holes staying holes."""
    subprocess.run(["cp", "--sparse=always", source, target], check=True)


def make_state_disk(path):
    """An empty ext4 file system, the guest's /var/lib/airgap."""
    mkfs = shutil.which("mkfs.ext4", path="/usr/sbin:/sbin:/usr/bin:/bin")
    subprocess.run([mkfs, "-q", "-F", "-L", "airgap", "-E", "root_owner=0:0", path,
                    f"{STATE_MIB}M"], check=True, stdout=subprocess.DEVNULL)


def _take_snapshot(boot, say):
    """Boot once up to where the guest says "ready", and keep that."""
    with tempfile.TemporaryDirectory(prefix="airgap-lab-") as folder:
        copy_image(boot.state, os.path.join(folder, "state.img"))
        start = time.monotonic()
        machine = Machine(boot.kernel, boot.initramfs, folder)
        try:
            wait_ready(machine)
            booted = time.monotonic() - start
            machine.save(boot.snapshot)
        except MachineError as error:
            shutil.copy(os.path.join(folder, "console"), os.path.dirname(boot.snapshot))
            raise MachineError(f"{error}; see {os.path.dirname(boot.snapshot)}/console") from None
        finally:
            machine.stop()
    say(f"booted in {booted:.1f} s, snapshot of {os.path.getsize(boot.snapshot) >> 20} MiB "
        f"in {time.monotonic() - start - booted:.1f} s")


def wait_ready(machine):
    """Until init has loaded its modules and asks what to do."""
    try:
        line = machine.guest.read(time.monotonic() + BOOT_LIMIT)
    except TimeoutError:
        raise MachineError(f"the guest did not come up in {BOOT_LIMIT} s") from None
    except EOFError:
        raise MachineError(f"the guest ended while booting: {machine.complaint()}") from None
    if line != "ready":
        raise MachineError(f"the guest said {line!r} instead of ready")


def prepare(folder, guest, say):
    """Everything to start machines from; builds what is missing. Safe to call from several runs."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kernel = get_kernel(os.path.join(folder, "kernel"), say)
        target = os.path.join(folder, "boot", _key(kernel, guest))
        boot = Boot(kernel, target)
        if not os.path.exists(boot.snapshot):
            os.makedirs(target, exist_ok=True)
            build_image(kernel, guest, target)
            make_state_disk(boot.state)
            _take_snapshot(boot, say)
        os.utime(target)
        _drop_old(os.path.join(folder, "boot"))
    return boot


def _drop_old(folder):
    """Keep the newest few; an older one may still be in use by another run."""
    entries = sorted(os.scandir(folder), key=lambda entry: entry.stat().st_mtime, reverse=True)
    for entry in entries[KEPT:]:
        shutil.rmtree(entry.path)
