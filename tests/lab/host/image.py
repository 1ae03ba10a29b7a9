# SPDX-License-Identifier: GPL-2.0-or-later
"""The boot image: busybox, a few modules, the guest's /etc and init, as a gzipped cpio."""

import gzip
import hashlib
import os
import shutil
import subprocess

# Folders of the root; the ones that init mounts over are empty.
FOLDERS = ("dev", "proc", "sys", "run", "tmp", "root", "home/alice", "home/carol", "etc/airgap",
           "host", "mnt", "lab/bin", "lab/fast", "lab/log", "lab/top", "lab/build", "lib", "usr/sbin",
           "var/lib/airgap", "var/log")
LINKS = {"bin": "usr/bin", "sbin": "usr/sbin", "lib64": "usr/lib64", "var/run": "/run",
         "etc/mtab": "/proc/mounts", "lab/lib.sh": "/lab/top/tests/lab/guest/lib.sh",
         "usr/sbin/modprobe": "/lab/bin/busybox"}
# Of the host's /usr/lib, under the name /lib; the guest's own modules stand beside them.
LIBRARIES = ("x86_64-linux-gnu", "systemd", "udev", "firmware", "terminfo")
APPLETS = ("sh", "mount", "umount", "mkdir", "ln", "sed", "cat", "cp", "date", "sleep", "sync",
           "modprobe", "insmod", "rmmod", "ip", "hostname", "basename", "uname", "sysctl", "flock",
           "setsid", "head", "ps", "kill", "grep", "awk", "ls", "vi", "less", "dmesg", "nc", "xxd")
# Programs that scenarios call all the time and that behave like the host's: busybox starts in a
# third of the time.
FAST = ("cat", "sleep", "true", "false", "basename", "dirname", "readlink", "mkdir", "rm", "rmdir",
        "ln", "touch", "wc", "tr", "head", "tail", "cut")


def _closure(kernel, wanted):
    """The modules and all that they depend on, by modules.dep, as paths below the tree."""
    needs = {}
    with open(os.path.join(kernel.modules, "modules.dep"), encoding="utf-8") as stream:
        for line in stream:
            path, _, rest = line.strip().partition(":")
            name = os.path.basename(path).split(".ko")[0].replace("-", "_")
            needs[name] = [path, *rest.split()]
    with open(os.path.join(kernel.modules, "modules.builtin"), encoding="utf-8") as stream:
        builtin = {os.path.basename(line.strip())[:-3].replace("-", "_") for line in stream}
    paths = set()
    for name in wanted:
        if name in needs:
            paths.update(needs[name])
        elif name not in builtin:
            raise KeyError(f"kernel {kernel.release} has no module {name}")
    return sorted(paths)


def _stage(kernel, guest, root):
    """Lay out the root folder."""
    for folder in FOLDERS:
        os.makedirs(os.path.join(root, folder), exist_ok=True)
    shutil.copytree(os.path.join(guest, "etc"), os.path.join(root, "etc"), dirs_exist_ok=True)
    shutil.copy(os.path.join(guest, "init"), os.path.join(root, "init"))
    shutil.copy(os.path.join(guest, "modules"), os.path.join(root, "lab/modules"))
    busybox = shutil.which("busybox", path="/bin:/usr/bin")
    shutil.copy(busybox, os.path.join(root, "lab/bin/busybox"))
    for applet in APPLETS:
        os.symlink("busybox", os.path.join(root, "lab/bin", applet))
    for applet in FAST:
        os.symlink("/lab/bin/busybox", os.path.join(root, "lab/fast", applet))
    for name, target in LINKS.items():
        os.symlink(target, os.path.join(root, name))
    for name in LIBRARIES:
        os.symlink(f"/usr/lib/{name}", os.path.join(root, "lib", name))

    with open(os.path.join(guest, "modules"), encoding="utf-8") as stream:
        wanted = [line.split()[0] for line in stream if line.strip() and line[0] != "#"]
    tree = os.path.join(root, "lib/modules", kernel.release)
    for path in [*_closure(kernel, wanted), "modules.order", "modules.builtin",
                 "modules.builtin.modinfo"]:
        os.makedirs(os.path.dirname(os.path.join(tree, path)), exist_ok=True)
        shutil.copy(os.path.join(kernel.modules, path), os.path.join(tree, path))
    depmod = shutil.which("depmod", path="/usr/sbin:/sbin:/usr/bin:/bin")
    subprocess.run([depmod, "-b", root, kernel.release], check=True)


def _pack(root):
    """The folder as cpio (newc), owned by root, the same bytes for the same content."""
    names = []
    for folder, folders, files in os.walk(root):
        for name in [*folders, *files]:
            path = os.path.join(folder, name)
            os.utime(path, (0, 0), follow_symlinks=False)
            names.append(os.path.relpath(path, root))
    listing = "\0".join(sorted(names)) + "\0"
    return subprocess.run(["cpio", "-o", "-0", "-H", "newc", "-R", "0:0", "--reproducible",
                           "--quiet"], cwd=root, input=listing.encode(), check=True,
                          stdout=subprocess.PIPE).stdout


def build_image(kernel, guest, folder):
    """Make folder/initramfs.gz; the digest of its content."""
    root = os.path.join(folder, "root")
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root)
    os.chmod(root, 0o755)
    try:
        _stage(kernel, guest, root)
        archive = _pack(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    digest = hashlib.sha256(archive).hexdigest()
    path = os.path.join(folder, "initramfs.gz")
    with open(path + ".part", "wb") as stream:
        stream.write(gzip.compress(archive, 1, mtime=0))
    os.rename(path + ".part", path)
    return digest
