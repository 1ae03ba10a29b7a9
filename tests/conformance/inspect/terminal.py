# SPDX-License-Identifier: GPL-2.0-or-later
"""A terminal as a folder, in order: what airgapctl inspect must find nothing in.

It holds on purpose what looks like a violation and is none: comments, hosts inside, the board's own
controllers, markings at the terminal's level, what packages brought to /opt.
"""
import contextlib
import hashlib
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
NOW = int(time.time())
DAY = 86400
TODAY = NOW // DAY
HOME = "home/alice"


class Folder:
    def __init__(self, root):
        self.root = pathlib.Path(root)

    def at(self, path):
        whole = self.root / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        return whole

    def put(self, path, data="", mode=0o644, age_days=0):
        whole = self.at(path)
        whole.write_bytes(data if isinstance(data, bytes) else data.encode())
        whole.chmod(mode)
        os.utime(whole, (NOW - age_days * DAY,) * 2)

    def add(self, path, text):
        whole = self.at(path)
        before = whole.read_text() if whole.exists() else ""
        self.put(path, before + text)

    def swap(self, path, old, new):
        text = (self.root / path).read_text()
        assert old in text, (path, old)
        self.put(path, text.replace(old, new))

    def drop(self, path):
        whole = self.root / path
        shutil.rmtree(whole) if whole.is_dir() and not whole.is_symlink() else whole.unlink()

    def link(self, path, target):
        self.at(path).symlink_to(target)

    def folder(self, path):
        (self.root / path).mkdir(parents=True, exist_ok=True)

    def attributes(self, path, **values):
        for name, value in values.items():
            self.put(f"{path}/{name}", f"{value}\n")


def database(folder, path, statements, copy_wal=False, secure=False, later=()):
    """Made by SQLite itself. With copy_wal the last rows are in the log alone, as while a browser runs."""
    scratch = folder.root.parent / "scratch.sqlite"
    for end in ("", "-wal", "-shm"):
        pathlib.Path(f"{scratch}{end}").unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(scratch, isolation_level=None)) as db:
        db.execute(f"PRAGMA secure_delete = {int(secure)}")
        for statement in statements:
            db.execute(*statement) if isinstance(statement, tuple) else db.execute(statement)
        if copy_wal:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA wal_autocheckpoint = 0")
        for statement in later:
            db.execute(*statement) if isinstance(statement, tuple) else db.execute(statement)
        for end in ("", "-wal", "-shm") if copy_wal else ("",):
            folder.put(path + end, pathlib.Path(f"{scratch}{end}").read_bytes())
    for end in ("", "-wal", "-shm"):
        pathlib.Path(f"{scratch}{end}").unlink(missing_ok=True)


PLACES = "CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT, title TEXT, visit_count INTEGER, last_visit_date INTEGER)"
URLS = "CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT, title TEXT, visit_count INTEGER, last_visit_time INTEGER)"


def place(url, visits=1):
    return ("INSERT INTO moz_places (url, title, visit_count, last_visit_date) VALUES (?, 'x', ?, ?)",
            (url, visits, (NOW - 5 * DAY) * 1000000))


def url_row(url):
    return ("INSERT INTO urls (url, title, visit_count, last_visit_time) VALUES (?, 'x', 1, ?)",
            (url, (NOW - 5 * DAY + 11644473600) * 1000000))


def efi_entry(name):
    return b"\7\0\0\0" + struct.pack("<IH", 1, 4) + name.encode("utf-16le") + b"\0\0" + b"\x7f\xff\4\0"


def journal_lines(first, days_ago):
    """Lines as tests/conformance/ctl/journal.py makes them, one for each of days_ago (in days)."""
    names = [f"n{i}" for i in range(len(days_ago))]
    text = subprocess.run([sys.executable, HERE.parent / "ctl/journal.py", str(first), "boot", "-", *names],
                          check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = []
    for line, ago in zip(text.splitlines(), days_ago):
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(NOW - int(ago * DAY)))
        lines.append(re.sub(r'"time":"[^".]*', f'"time":"{when}', line))
    return "".join(line + "\n" for line in lines)


SOCKETS = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def socket_line(number, here, there, state, uid=0):
    return (f"   {number}: {here} {there} {state} 00000000:00000000 00:00000000 00000000  {uid:4d}        0 "
            f"{20000 + number} 1 0000000000000000 100 0 0 10 0\n")


def usb_lines(port, vendor, product, serial, storage="usb-storage", day="Nov 20 10:00:0"):
    """What the kernel says when a stick or an enclosure is plugged in (Linux 6.1)."""
    said = [f"usb {port}: new high-speed USB device number 5 using xhci_hcd",
            f"usb {port}: New USB device found, idVendor={vendor}, idProduct={product}, bcdDevice= 1.10",
            f"usb {port}: New USB device strings: Mfr=1, Product=2, SerialNumber=3",
            f"usb {port}: Product: DataTraveler 3.0", f"usb {port}: Manufacturer: Kingston"]
    if serial:
        said.append(f"usb {port}: SerialNumber: {serial}")
    if storage == "usb-storage":
        said += [f"usb-storage {port}:1.0: USB Mass Storage device detected",
                 f"scsi host6: usb-storage {port}:1.0"]
    elif storage == "uas":
        said.append("scsi host6: uas")
    return "".join(f"{day}{i % 10} t1 kernel: [ 1234.56789{i % 10}] {text}\n" for i, text in enumerate(said))


def people(f):
    f.put("etc/passwd", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
          "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nalice:x:1000:1000:Alice,,,:/"
          f"{HOME}:/bin/bash\n")
    f.put("etc/shadow", f"root:*:{TODAY - 400}:0:99999:7:::\ndaemon:*:{TODAY - 400}:0:99999:7:::\n"
          f"alice:$y$j9T$abc$def:{TODAY - 3}:0:30:7:::\n", 0o600)
    f.put("etc/pam.d/common-auth", "# deny = 9 is a comment\nauth required pam_faillock.so preauth deny=5\n"
          "auth requisite pam_deny.so\n")
    f.put("etc/pam.d/common-password", "password requisite pam_pwquality.so retry=3\n"
          "password [success=1 default=ignore] pam_unix.so obscure yescrypt\n")
    f.put("etc/security/pwquality.conf", "# minlen = 8\nminlen = 12\n")
    f.folder("root")


def network(f):
    f.put("proc/net/route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
          "eth0\t0000140A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n")
    f.put("proc/net/ipv6_route", "0" * 32 + " 00 " + "0" * 32 + " 00 " + "0" * 32
          + " ffffffff 00000001 00000000 00200200       lo\n")
    f.put("proc/net/tcp", SOCKETS + socket_line(0, "0100007F:0277", "00000000:0000", "0A")
          + socket_line(1, "1100140A:B2C4", "0500140A:20FB", "01", 998))
    for name in ("tcp6", "udp", "udp6"):
        f.put(f"proc/net/{name}", SOCKETS)
    for name in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        f.put(f"proc/sys/net/{name}", "0\n")
    f.folder("sys/bus/pci")
    f.folder("sys/bus/pci/drivers/e1000e")
    f.link("sys/devices/pci0000:00/0000:00:19.0/driver", "../../../bus/pci/drivers/e1000e")
    f.link("sys/devices/pci0000:00/0000:00:19.0/subsystem", "../../../bus/pci")
    link(f, "sys/devices/pci0000:00/0000:00:19.0/net/eth0", "00:1b:21:3c:4d:5e", 2, 0x1003)
    f.link("sys/devices/pci0000:00/0000:00:19.0/net/eth0/device", "../../../0000:00:19.0")
    link(f, "sys/devices/virtual/net/lo", "00:00:00:00:00:00", 1, 9, 772)
    f.put("etc/resolv.conf", "# nameserver 8.8.8.8\nnameserver 10.20.0.1\nsearch unit.internal\n")
    f.put("etc/systemd/resolved.conf", "[Resolve]\n#DNS=1.1.1.1\n#FallbackDNS=8.8.8.8\n")
    f.put("etc/apt/apt.conf.d/20proxy", '// Acquire::http::Proxy "http://proxy.example.org:3128/";\n'
          'Acquire::http::Proxy "http://10.20.0.2:3128";\n')
    f.put("etc/systemd/timesyncd.conf", "[Time]\nNTP=10.20.0.1\n#FallbackNTP=0.debian.pool.ntp.org\n")
    f.link("etc/systemd/system/dbus-org.freedesktop.timesync1.service", "/lib/systemd/system/systemd-timesyncd.service")
    f.put("lib/systemd/system/systemd-timesyncd.service")
    f.put("etc/NetworkManager/system-connections/lan.nmconnection",
          "[connection]\nid=lan\ntype=ethernet\n\n[ipv4]\nmethod=manual\naddress1=10.20.0.17/24\ndns=10.20.0.1;\n", 0o600)
    f.put("etc/network/interfaces", "# wpa-ssid example\nauto lo\niface lo inet loopback\n")
    f.put("var/lib/NetworkManager/internal-1-eth0.lease", "ADDRESS=10.20.0.17\nSERVER_ADDRESS=10.20.0.1\nDNS=10.20.0.1\n")


def link(f, path, mac, index, flags, arphrd=1):
    f.attributes(path, address=mac, ifindex=index, type=arphrd, flags=hex(flags), addr_assign_type=0, carrier=1,
                 uevent=f"INTERFACE={path.rsplit('/', 1)[1]}\nIFINDEX={index}")
    f.link(f"sys/class/net/{path.rsplit('/', 1)[1]}", "../../../" + path)


def hardware(f):
    f.attributes("sys/bus/usb/devices/usb1", authorized_default=0)
    f.attributes("sys/module/usbcore/parameters", authorized_default=0)
    f.folder("sys/module/airgap")
    for name in ("domain0", "0-0", "0-0:1.1"):
        f.folder(f"sys/bus/thunderbolt/devices/{name}")
    f.attributes("sys/bus/firewire/devices/fw0", is_local=1)
    f.attributes("sys/bus/mmc/devices/mmc0:0001", type="MMC")
    f.folder("sys/class/block")
    f.attributes("sys/block/sda", dev="8:0")
    f.put("run/udev/data/b8:0", "E:ID_SERIAL=DISK_S3Z8\nE:ID_SERIAL_SHORT=S3Z8NB0K\n")
    f.put("proc/bus/input/devices", 'I: Bus=0003 Vendor=046d Product=c31c Version=0110\nN: Name="Logitech USB Keyboard"\n\n'
          'I: Bus=0019 Vendor=0000 Product=0001 Version=0000\nN: Name="Power Button"\n')
    f.put("proc/asound/pcm", "00-00: ALC256 Analog : ALC256 Analog : playback 1\n")
    f.put("proc/sys/dev/cdrom/info", "CD-ROM information, Id: cdrom.c 3.20 2003/12/17\n\ndrive name:\t\tsr0\n"
          "Can close tray:\t\t1\nCan write CD-R:\t\t0\nCan write CD-RW:\t0\nCan read DVD:\t\t1\n"
          "Can write DVD-R:\t0\nCan write DVD-RAM:\t0\n")
    f.put("proc/cmdline", "BOOT_IMAGE=/vmlinuz-6.1.0 root=/dev/mapper/root ro quiet\n")
    f.put("sys/firmware/efi/efivars/Boot0000-8be4df61-93ca-11d2-aa0d-00e098032b8c", efi_entry("debian"))
    f.put("sys/firmware/efi/efivars/Boot0002-8be4df61-93ca-11d2-aa0d-00e098032b8c", efi_entry("UEFI HFS SSD ABCD-1"))
    f.put("boot/grub/grub.cfg", "set superusers=\"root\"\npassword_pbkdf2 root grub.pbkdf2.sha512.1.2\n"
          "menuentry 'Debian GNU/Linux' --class debian {\n}\n", 0o600)
    f.folder("boot/efi/EFI/debian")
    f.folder("boot/efi/EFI/BOOT")
    f.put("etc/os-release", "ID=debian\n")
    f.put("proc/self/mountinfo", "22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw\n"
          "23 22 0:21 / /proc rw,nosuid - proc proc rw\n24 22 8:1 / /boot rw - ext4 /dev/sda1 rw\n"
          "25 22 0:31 /@var /var rw - btrfs /dev/mapper/root rw\n")
    f.attributes("sys/class/block/dm-0", dev="253:0", **{"dm/name": "root"})
    f.put("sys/dev/block/253:0/dm/uuid", "CRYPT-LUKS2-0011-root\n")
    f.attributes("sys/class/block/dm-1", dev="253:1")
    f.put("sys/dev/block/253:1/dm/uuid", "LVM-abc\n")
    f.put("sys/dev/block/253:1/slaves/dm-0/dev", "253:0\n")
    f.put("proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/dm-1                               partition\t100\t0\t-2\n")


def guard(f):
    for number, name in enumerate(("airgapd", "airgap-monitord", "airgap-journald")):
        f.put(f"proc/{300 + number}/comm", name[:15] + "\n")
        f.link(f"etc/systemd/system/sysinit.target.wants/{name}.service", f"/lib/systemd/system/{name}.service")
    f.put("var/lib/airgap/journal/log", journal_lines(0, [200, 150, 90, 30, 5, 1]))
    f.folder("var/lib/airgap")


def packages(f):
    owned = {"usr/bin/true": b"\x7fELF-true", "usr/bin/gnome-shell": b"\x7fELF-shell",
             "usr/lib/x86_64-linux-gnu/libc.so.6": b"\x7fELF-libc", "usr/bin/airgapctl": b"\x7fELF-ctl"}
    for path, data in owned.items():
        f.put(path, data, 0o755)
    f.folder("opt/kingsoft")
    f.put("var/lib/dpkg/info/base.list", "".join(f"/{path}\n" for path in owned) + "/opt\n/opt/kingsoft\n")
    f.put("var/lib/dpkg/info/base.md5sums",
          "".join(f"{hashlib.md5(data).hexdigest()}  {path}\n" for path, data in owned.items()))
    f.put("var/lib/dpkg/status", "Package: base\n", age_days=200)
    f.put("var/log/dpkg.log", "x\n", age_days=20)
    f.put("var/lib/clamav/daily.cld", "ClamAV-VDB\n", age_days=2)
    f.put("etc/apt/sources.list", "# deb http://deb.debian.org/debian bookworm main\n"
          "deb [signed-by=/usr/share/keyrings/x.gpg] http://mirror.unit.internal/debian bookworm main\n")
    f.put("etc/dconf/db/local.d/00-lock", "[org/gnome/desktop/session]\nidle-delay=uint32 300\n"
          "[org/gnome/desktop/screensaver]\nlock-enabled=true\nlock-delay=uint32 0\n"
          "[org/gnome/desktop/media-handling]\nautomount=false\n")
    f.put("etc/dconf/db/local.d/locks/00-lock", "/org/gnome/desktop/session/idle-delay\n"
          "/org/gnome/desktop/screensaver/lock-enabled\n/org/gnome/desktop/screensaver/lock-delay\n"
          "/org/gnome/desktop/media-handling/automount\n")
    f.put("etc/cups/printers.conf", "<Printer office>\nDeviceURI usb://HP/LaserJet?serial=1\n</Printer>\n"
          "<Printer second>\nDeviceURI hp:/usb/HP_LaserJet_1020?serial=2\n</Printer>\n", 0o600)


def traces(f):
    # Rotated while the kernel was telling of a stick.
    split = usb_lines("1-9", "0951", "1666", "A1").splitlines(keepends=True)
    f.put("var/log/kern.log.1", "".join(split[:6]))
    f.put("var/log/kern.log", "".join(split[6:]) + usb_lines("1-2", "0951", "1666", "A1")
          + usb_lines("1-3", "046d", "c31c", "", storage=None))
    database(f, f"{HOME}/.mozilla/firefox/a.default/places.sqlite", [PLACES, place("http://wiki.unit.internal/a"),
             place("https://www.mozilla.org/firefox/central/", visits=0)], copy_wal=True,
             later=[place("http://10.20.0.5/x"), place("https://support.mozilla.org/products/firefox", visits=0)])
    database(f, f"{HOME}/.config/chromium/Default/History", [URLS, url_row("http://wiki/"), url_row("chrome://newtab/")])
    f.put(f"{HOME}/.bash_history", "ls\ncurl http://mirror.unit.internal/x.deb\nscp report.pdf bob@10.20.0.9:\n"
          "echo see https://www.w3.org/1999/xhtml >>pipeline.md\nwget http://10.20.0.5/a.tar.gz\n")
    f.put(f"{HOME}/.ssh/known_hosts", "|1|abc=|def= ssh-ed25519 AAAA\n[host.unit.internal]:2222 ssh-ed25519 AAAA\n10.20.0.5 ssh-rsa AAAA\n")
    f.put(f"{HOME}/.local/share/recently-used.xbel",
          '<xbel xmlns:mime="http://www.freedesktop.org/standards/shared-mime-info">\n<bookmark href="file:///' + HOME
          + '/plan.odt">\n</xbel>\n')
    for name in ("home", "home-1a2b.log", "root"):
        f.put(f"{HOME}/.local/share/gvfs-metadata/{name}")
    f.put(f"{HOME}/Documents/own.txt", "秘密★10年\n部门计划\n")
    f.put(f"{HOME}/Documents/about.txt", "关于机密文件管理的若干说明\n")


def clean(root):
    folder = Folder(root)
    for part in (people, network, hardware, guard, packages, traces):
        part(folder)
    return folder


if __name__ == "__main__":
    clean(sys.argv[1])
