# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel of the laboratory: what Debian's linux-image-amd64 depends on today.

Kernel packages change their name every few weeks, and old ones leave the archive. So the name is
asked from apt each time, and what was unpacked is kept in a folder named after package and version.
"""

import gzip
import lzma
import os
import re
import shutil
import struct
import subprocess
import time

META = "linux-image-amd64"
TRIES = 4


class KernelError(Exception):
    """No kernel could be had; the text tells why."""


class Kernel:
    """An unpacked kernel package: an image that qemu boots and a tree of modules."""

    def __init__(self, folder):
        self.folder = folder
        self.name = os.path.basename(folder)
        self.release = os.listdir(os.path.join(folder, "lib/modules"))[0]
        self.image = os.path.join(folder, "vmlinux")
        if not os.path.exists(self.image):
            self.image = os.path.join(folder, "boot", f"vmlinuz-{self.release}")
        self.modules = os.path.join(folder, "lib/modules", self.release)


class Apt:
    """apt, on the system's package lists or on lists of our own that need no root to refresh."""

    def __init__(self, folder, own_lists=False):
        self.folder = folder
        self.options = []
        if own_lists:
            state, cache = os.path.join(folder, "state"), os.path.join(folder, "cache")
            os.makedirs(os.path.join(state, "lists/partial"), exist_ok=True)
            os.makedirs(os.path.join(cache, "archives/partial"), exist_ok=True)
            self.options = ["-o", f"Dir::State={state}", "-o", f"Dir::Cache={cache}",
                            "-o", "APT::Sandbox::User=" + _user_name(),
                            "-o", "Dir::State::status=/var/lib/dpkg/status"]

    def _run(self, tool, *words):
        return subprocess.run([tool, *self.options, *words], cwd=self.folder, text=True,
                              env={**os.environ, "LC_ALL": "C"}, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def update(self):
        return self._run("apt-get", "update", "-qq")

    def candidate(self):
        """The kernel package that the meta package wants, and its version; None if unknown."""
        found = re.search(r"Depends: (linux-image-\d\S*-amd64)$",
                          self._run("apt-cache", "depends", META).stdout, re.M)
        if not found:
            return None
        version = re.search(r"Candidate: (\d\S*)",
                            self._run("apt-cache", "policy", found[1]).stdout)
        return (found[1], version[1]) if version else None

    def download(self, package, version):
        """Fetch PACKAGE=VERSION into the folder; the path of the file, or None and apt's words."""
        result = self._run("apt-get", "download", "-qq", f"{package}={version}")
        quoted = version.replace(":", "%3a")
        path = os.path.join(self.folder, f"{package}_{quoted}_amd64.deb")
        return (path, "") if os.path.exists(path) else (None, result.stdout.strip())


def _user_name():
    """apt fetches as this user; any other may be unable to write below our folder."""
    import pwd
    return pwd.getpwuid(os.getuid()).pw_name


def _folder_name(package, version):
    return f"{package}_{version.replace(':', '.')}"


def _unpack_image(vmlinuz):
    """The ELF image inside a bzImage (Documentation/x86/boot.rst), or None if packed otherwise.

    qemu boots the ELF by its PVH entry, which saves the guest from unpacking it slowly itself.
    """
    with open(vmlinuz, "rb") as stream:
        data = stream.read()
    if data[0x202:0x206] != b"HdrS":
        return None
    setup = (data[0x1f1] or 4) + 1
    offset, length = struct.unpack_from("<II", data, 0x248)
    payload = data[setup * 512 + offset:setup * 512 + offset + length]
    if payload[:6] == b"\xfd7zXZ\0":
        elf = lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(payload)
    elif payload[:2] == b"\x1f\x8b":
        elf = gzip.decompress(payload[:-4])
    elif payload[:4] == b"\x28\xb5\x2f\xfd" and shutil.which("zstd"):
        elf = subprocess.run(["zstd", "-dc"], input=payload[:-4], stdout=subprocess.PIPE,
                             check=True).stdout
    else:
        return None
    return elf if elf[:4] == b"\x7fELF" else None


def _unpack(package_file, target):
    """Unpack the package, index its modules, extract the image; `target` appears when complete."""
    part = target + ".part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part)
    subprocess.run(["dpkg-deb", "-x", package_file, part], check=True)
    if not os.path.isdir(os.path.join(part, "lib/modules")):
        os.makedirs(os.path.join(part, "lib"), exist_ok=True)
        os.rename(os.path.join(part, "usr/lib/modules"), os.path.join(part, "lib/modules"))
    kernel = Kernel(part)
    subprocess.run([_sbin("depmod"), "-b", part, kernel.release], check=True)
    elf = _unpack_image(os.path.join(part, "boot", f"vmlinuz-{kernel.release}"))
    if elf:
        with open(os.path.join(part, "vmlinux"), "wb") as stream:
            stream.write(elf)
    shutil.rmtree(target, ignore_errors=True)
    os.rename(part, target)


def _sbin(name):
    """Tools of the administrator are not in everybody's PATH."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") or name


def _kept(folder):
    """The newest kernel unpacked earlier, or None."""
    kept = [entry.path for entry in os.scandir(folder)
            if entry.name.startswith("linux-image-") and not entry.name.endswith(".part")]
    return Kernel(max(kept, key=os.path.getmtime)) if kept else None


def _fetch(folder, say):
    """Download and unpack today's kernel unless it is there; drop older ones."""
    words = "apt does not know " + META
    for attempt in range(TRIES):
        apt = Apt(folder, own_lists=attempt > 0)
        if attempt > 0:
            if attempt > 1:
                time.sleep(5 * (attempt - 1))
            words = apt.update().stdout.strip() or words
        today = apt.candidate()
        if not today:
            continue
        target = os.path.join(folder, _folder_name(*today))
        if not os.path.isdir(target):
            say(f"fetching {today[0]} {today[1]}")
            path, words = apt.download(*today)
            if not path:
                continue
            _unpack(path, target)
            os.unlink(path)
        return Kernel(target)
    raise KernelError(words)


def get_kernel(folder, say):
    """Today's kernel, unpacked below `folder`.

    apt is asked again only when its lists changed. Without a network the kernel of an earlier run
    serves, and that is said.
    """
    folder = os.path.abspath(folder)
    os.makedirs(folder, exist_ok=True)
    stamp = os.path.join(folder, "asked")
    kept = _kept(folder)
    if kept and os.path.exists(stamp):
        lists = "/var/lib/apt/lists"
        changed = os.path.getmtime(lists) if os.path.isdir(lists) else 0
        if os.path.getmtime(stamp) > changed:
            return kept
    try:
        kernel = _fetch(folder, say)
    except KernelError as error:
        if not kept:
            raise KernelError(f"no kernel package could be fetched: {error}") from None
        say(f"apt gave no kernel ({error}); going on with {kept.name}")
        return kept
    if kept and kept.folder != kernel.folder:
        shutil.rmtree(kept.folder)
    with open(stamp, "w", encoding="utf-8") as stream:
        stream.write(kernel.name + "\n")
    return kernel
