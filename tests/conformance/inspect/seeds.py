# SPDX-License-Identifier: GPL-2.0-or-later
"""Violations, each put into an orderly terminal as real systems show it, and the finding that must follow.

A seed is (check, result, part of the finding's place, how it is made). What a seed makes and what its
finding says are written from the list of checks, not from the checks' source.
"""
import gzip
import io
import struct
import zipfile
import zlib

from terminal import (DAY, HOME, NOW, PLACES, SOCKETS, TODAY, URLS, database, efi_entry, journal_lines, link, place,
                      socket_line, url_row, usb_lines)

EFI = "-8be4df61-93ca-11d2-aa0d-00e098032b8c"
SEEDS = []


def seed(check, part, result="fail"):
    def keep(make):
        SEEDS.append((check, result, part, make))
        return make
    return keep


def text(check, part, path, added, result="fail"):
    SEEDS.append((check, result, part, lambda f: f.add(path, added)))


def file(check, part, path, data="", result="fail", **more):
    SEEDS.append((check, result, part, lambda f: f.put(path, data, **more)))


def values(check, part, path, result="fail", **more):
    SEEDS.append((check, result, part, lambda f: f.attributes(path, **more)))


def also(check, part, result="fail"):
    """What the same thing is for a further check."""
    SEEDS.append((check, result, part, lambda f: None))


# --- network ---
text("public-route", "eth0", "proc/net/route", "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n")
text("public-route", "eth0 0.0.0.0/1", "proc/net/route", "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000080\t0\t0\t0\n")
text("public-connections", "tcp 110.242.68.66:443", "proc/net/tcp", socket_line(2, "1100140A:B2C6", "4244F26E:01BB", "01", 1000))
text("listening", "tcp 0.0.0.0:22", "proc/net/tcp", socket_line(3, "00000000:0016", "00000000:0000", "0A"))
text("listening", "udp [::]:5353", "proc/net/udp6", socket_line(4, "0" * 32 + ":14E9", "0" * 32 + ":0000", "07", 105))
text("names-proxies", "/etc/resolv.conf 114.114.114.114", "etc/resolv.conf", "nameserver 114.114.114.114\n")
text("names-proxies", "/etc/systemd/resolved.conf 8.8.8.8", "etc/systemd/resolved.conf", "DNS=8.8.8.8#dns.google\n")
text("names-proxies", "/etc/environment", "etc/environment", "http_proxy=http://proxy.example.com:8080/\n")
text("names-proxies", "/etc/profile.d/p.sh", "etc/profile.d/p.sh", "export https_proxy=proxy.example.com:8080\n")
file("names-proxies", "/run/systemd/resolve/resolv.conf 223.5.5.5", "run/systemd/resolve/resolv.conf", "nameserver 223.5.5.5\n")
text("names-proxies", "/etc/NetworkManager/system-connections/lan.nmconnection 1.1.1.1",
     "etc/NetworkManager/system-connections/lan.nmconnection", "[ipv4]\ndns=1.1.1.1;10.20.0.1;\n")
text("names-proxies", f"/{HOME}/.bashrc", f"{HOME}/.bashrc", "export ALL_PROXY=socks5://127.0.0.1:1080 http_proxy=http://1.2.3.4:80\n")
file("dhcp-history", "dhclient.eth0.leases", "var/lib/dhcp/dhclient.eth0.leases",
     'lease {\n  interface "eth0";\n  fixed-address 183.6.1.20;\n  option domain-name-servers 223.5.5.5,8.8.8.8;\n}\n')
file("dhcp-history", "internal-2-eth0.lease", "var/lib/NetworkManager/internal-2-eth0.lease",
     "ADDRESS=192.168.1.23\nSERVER_ADDRESS=192.168.1.1\nROUTER=192.168.1.1\nDNS=192.168.1.1\n")
text("time-servers", "/etc/systemd/timesyncd.conf ntp.aliyun.com", "etc/systemd/timesyncd.conf", "NTP=ntp.aliyun.com\n")
text("time-servers", "/etc/chrony/chrony.conf 2.debian.pool.ntp.org", "etc/chrony/chrony.conf", "pool 2.debian.pool.ntp.org iburst\n")
text("forwarding", "ip_forward", "proc/sys/net/ipv4/ip_forward", "", "fail")
SEEDS[-1] = ("forwarding", "fail", "ip_forward", lambda f: f.put("proc/sys/net/ipv4/ip_forward", "1\n"))


@seed("registered-links", "/sys/class/net/tun0")
def tunnel(f):
    link(f, "sys/devices/virtual/net/tun0", "", 7, 0x10d1, 65534)
    f.attributes("sys/class/net/tun0", tun_flags="0x1001")


also("forwarding", "/sys/class/net/tun0")

# --- radio ---
values("wifi", "/sys/class/ieee80211/phy0", "sys/class/ieee80211/phy0", index=0)
values("wifi", "/sys/bus/pci/devices/0000:02:00.0", "sys/bus/pci/devices/0000:02:00.0", **{"class": "0x028000"})
values("bluetooth", "/sys/class/bluetooth/hci0", "sys/class/bluetooth/hci0", x=1)
values("bluetooth", "/sys/bus/usb/devices/1-7:1.0", "sys/bus/usb/devices/1-7:1.0", bInterfaceClass="e0",
       bInterfaceSubClass="01", bInterfaceProtocol="01")
values("cellular", "/sys/class/wwan/wwan0", "sys/class/wwan/wwan0", x=1)
values("cellular", "/sys/class/tty/ttyACM0", "sys/class/tty/ttyACM0", dev="166:0")
file("wifi-history", "Cafe.nmconnection", "etc/NetworkManager/system-connections/Cafe.nmconnection",
     "[connection]\nid=Cafe\ntype=wifi\n\n[wifi]\nssid=Cafe\n", mode=0o600)
file("wifi-history", "seen-bssids", "var/lib/NetworkManager/seen-bssids", "[seen-bssids]\n11-22=02:00:00:AA:BB:CC,\n")
file("wifi-history", "CoffeeShop.psk", "var/lib/iwd/CoffeeShop.psk", "[Security]\nPreSharedKey=00\n", mode=0o600)
file("wifi-history", "wpa_supplicant.conf", "etc/wpa_supplicant/wpa_supplicant.conf", 'network={\n\tssid="Home"\n}\n')
text("wifi-history", "/etc/network/interfaces", "etc/network/interfaces", "iface wlan0 inet dhcp\n    wpa-ssid Home\n")

# --- browsers, downloads ---
WORK = f"{HOME}/.mozilla/firefox/b.work/places.sqlite"
GONE = f"{HOME}/.mozilla/firefox/c.gone/places.sqlite"
CELL = f"{HOME}/.mozilla/firefox/d.cell/places.sqlite"
LOGGED = f"{HOME}/.config/google-chrome/Default/History"


@seed("browsing", f"/{WORK} news.sina.com.cn")
def firefox_wal(f):
    database(f, WORK, [PLACES], copy_wal=True, secure=True, later=[place("https://news.sina.com.cn/c/1.html")])


@seed("browsing", "/.config/chromium/Default/History www.baidu.com")
def chromium(f):
    database(f, f"{HOME}/.config/chromium/Default/History", [URLS, url_row("https://www.baidu.com/s?wd=x"), url_row("http://wiki/")])


@seed("deleted-browsing", f"/{GONE} mail.163.com")
def whole_pages(f):
    database(f, GONE, [PLACES, *[place(f"https://mail.163.com/js6/main.jsp?sid={i:0200}") for i in range(60)],
             "DELETE FROM moz_places"])


@seed("deleted-browsing", f"/{CELL} pan.baidu.com")
def one_row(f):
    database(f, CELL, [PLACES, place("http://wiki.unit.internal/"), place("https://pan.baidu.com/disk"), place("http://10.20.0.5/"),
             "DELETE FROM moz_places WHERE url LIKE '%pan.baidu%'"])


@seed("deleted-browsing", f"/{LOGGED} github.com")
def only_in_the_log(f):
    database(f, LOGGED, [URLS], copy_wal=True, secure=True,
             later=[url_row("https://github.com/x"), url_row("http://wiki/"), "DELETE FROM urls WHERE url LIKE '%github%'"])


FORMER = HOME.replace("alice", "former") + "/.mozilla/firefox/x.default/places.sqlite"


@seed("browsing", f"/{FORMER} www.zhihu.com")
def account_is_gone(f):
    database(f, FORMER, [PLACES, place("https://www.zhihu.com/")])


file("downloads", "/etc/apt/sources.list.d/debian.sources deb.debian.org", "etc/apt/sources.list.d/debian.sources",
     "Types: deb\nURIs: http://deb.debian.org/debian\nSuites: bookworm\n")
text("downloads", f"/{HOME}/.ssh/known_hosts [gitlab.com]:2222", f"{HOME}/.ssh/known_hosts", "[gitlab.com]:2222 ssh-ed25519 AAAA\n")
text("downloads", f"/{HOME}/.ssh/known_hosts github.com", f"{HOME}/.ssh/known_hosts", "github.com,140.82.121.4 ssh-ed25519 AAAA\n")
also("downloads", f"/{HOME}/.ssh/known_hosts 140.82.121.4")
text("downloads", f"/{HOME}/.bash_history mirrors.aliyun.com", f"{HOME}/.bash_history", "wget https://mirrors.aliyun.com/a.deb\n")
text("downloads", f"/{HOME}/.bash_history github.com", f"{HOME}/.bash_history", "git clone git@github.com:x/y.git\n")
text("downloads", f"/{HOME}/.bash_history 39.156.66.10", f"{HOME}/.bash_history", "scp plan.odt root@39.156.66.10:/tmp\n")
file("downloads", f"/{HOME}/.wget-hsts github.com", f"{HOME}/.wget-hsts", "# HSTS 1.0\ngithub.com\t0\t1\t1700000000\t31536000\n")

# --- USB and media ---
text("usb-history", "usb 0781:5567 4C530001", "var/log/kern.log", usb_lines("1-4", "0781", "5567", "4C530001"))
text("usb-history", "usb 174c:55aa 0123", "var/log/kern.log", usb_lines("2-1", "174c", "55aa", "0123", storage="uas"))
file("usb-history", "usb 13fe:4200 (no serial number)", "var/log/kern.log.2.gz",
     gzip.compress(usb_lines("1-1.4", "13fe", "4200", "").encode()))
file("usb-history", "usb 090c:1000 AA00", "var/log/kern.log-20261001", usb_lines("1-6", "090c", "1000", "AA00"))
text("usb-adapters", "kernel log: rndis_host", "var/log/kern.log",
     "Nov 20 11:00:00 t1 kernel: [ 99.1] rndis_host 1-5:1.0 usb0: register 'rndis_host' at usb-0000:00:14.0-5, RNDIS device, 02:00\n")
text("usb-adapters", "kernel log: ipheth", "var/log/kern.log",
     "Nov 20 11:00:01 t1 kernel: [ 99.2] ipheth 1-6:4.2: Apple iPhone USB Ethernet device attached\n")
text("usb-adapters", "kernel log: r8152", "var/log/kern.log", "Nov 20 11:00:02 t1 kernel: [ 99.3] r8152 2-1:1.0 eth1: v1.12.13\n")
values("usb-adapters", "/sys/bus/usb/devices/1-8:1.0", "sys/bus/usb/devices/1-8:1.0", bInterfaceClass="06",
       bInterfaceSubClass="01", bInterfaceProtocol="01")
values("usb-default", "/sys/bus/usb/devices/usb2/authorized_default", "sys/bus/usb/devices/usb2", authorized_default=1)
values("other-buses", "/sys/bus/thunderbolt/devices/0-1", "sys/bus/thunderbolt/devices/0-1", authorized=1)
values("other-buses", "/sys/bus/firewire/devices/fw1", "sys/bus/firewire/devices/fw1", is_local=0)
values("other-buses", "/sys/bus/mmc/devices/mmc1:aaaa", "sys/bus/mmc/devices/mmc1:aaaa", type="SD")


@seed("media-now", "usb 0781:5567 4C530001")
def plugged_in(f):
    device = "sys/devices/pci0000:00/0000:00:14.0/usb1/1-2"
    f.attributes(device, idVendor="0781", idProduct="5567", serial="4C530001")
    for name in ("sdb", "sdb/sdb1"):
        disk = f"{device}/1-2:1.0/host3/target3:0:0/3:0:0:0/block/{name}"
        f.folder(disk)
        f.link(f"sys/class/block/{name.rsplit('/', 1)[-1]}", "../../../" + disk)


text("automount", "/media/alice/KINGSTON", "proc/self/mountinfo", "40 22 8:17 / /media/alice/KINGSTON rw,nosuid,nodev - vfat /dev/sdb1 rw\n")
also("disk-encryption", "/media/alice/KINGSTON")
text("automount", "/mnt", "proc/self/mountinfo", "41 22 8:33 / /mnt rw,relatime - ext4 /dev/sdc1 rw\n")
also("disk-encryption", "/mnt")
text("mount-history", "file:///media/alice/KINGSTON/plan.doc", f"{HOME}/.local/share/recently-used.xbel",
     '<bookmark href="file:///media/alice/KINGSTON/plan.doc" added="2026">\n')
file("mount-history", "gvfs-metadata/uuid-1234-ABCD", f"{HOME}/.local/share/gvfs-metadata/uuid-1234-ABCD")
file("mount-history", "gvfs-metadata/smb-share", f"{HOME}/.local/share/gvfs-metadata/smb-share:server=nas,share=x")
text("mount-history", "/media/bob/BACKUP", "var/log/syslog",
     "Nov 19 09:00:00 t1 udisksd[812]: Mounted /dev/sdc1 at /media/bob/BACKUP on behalf of uid 1001\n")
SEEDS.append(("burners", "fail", "cdrom/info", lambda f: f.swap("proc/sys/dev/cdrom/info", "Can write CD-R:\t\t0", "Can write CD-R:\t\t1")))
text("printers", "/etc/cups/printers.conf", "etc/cups/printers.conf", "<Printer far>\nDeviceURI ipp://10.20.0.9/ipp/print\n</Printer>\n", "warn")
file("printers", "/var/spool/cups/d00012-001", "var/spool/cups/d00012-001", "%PDF", "warn")
values("camera-microphone", "/sys/class/video4linux/video0", "sys/class/video4linux/video0", name="Integrated Camera")
text("camera-microphone", "/proc/asound/pcm", "proc/asound/pcm", "00-01: ALC256 Alt : ALC256 Alt : capture 1\n")
text("wireless-input", "/proc/bus/input/devices", "proc/bus/input/devices",
     '\nI: Bus=0003 Vendor=046d Product=c52b Version=0111\nN: Name="Logitech USB Receiver"\n')

# --- services, accounts ---
SEEDS.append(("remote-control", "fail", "/etc/systemd/system/multi-user.target.wants/ssh.service",
              lambda f: f.link("etc/systemd/system/multi-user.target.wants/ssh.service", "/lib/systemd/system/ssh.service")))
file("remote-control", "process x11vnc", "proc/901/comm", "x11vnc\n")
file("shares", "/etc/samba/smb.conf", "etc/samba/smb.conf", "[global]\n;[old]\n[public]\n   path = /srv/public\n")
file("shares", "/etc/exports", "etc/exports", "# none\n/srv 10.0.0.0/8(rw)\n")
SEEDS.append(("antivirus", "fail", "/var/lib/clamav/daily.cld", lambda f: f.put("var/lib/clamav/daily.cld", "x", age_days=40)))
SEEDS.append(("patches", "fail", "/var/log/dpkg.log", lambda f: f.put("var/log/dpkg.log", "x", age_days=120)))
SEEDS.append(("accounts", "fail", "/etc/shadow empty", lambda f: (f.add("etc/shadow", f"empty::{TODAY}:0:30:7:::\n"),
              f.add("etc/passwd", "empty:x:1001:1001::/srv/empty:/bin/bash\n"))))
text("accounts", "/etc/passwd toor", "etc/passwd", "toor:x:0:0::/root:/bin/bash\n")
text("accounts", "/etc/passwd ghost", "etc/passwd", "ghost:x:00:0::/root:/bin/bash\n")
text("accounts", "/etc/passwd twin", "etc/passwd", "twin:x:1000:1000::/srv/twin:/bin/bash\n")
text("passwords", "/etc/shadow bob", "etc/shadow", f"bob:$y$j9T$abc$def:{TODAY - 45}:0:30:7:::\n")
SEEDS.append(("passwords", "fail", "/etc/pam.d/common-password",
              lambda f: f.swap("etc/pam.d/common-password", "pam_pwquality.so", "pam_permit.so")))
SEEDS.append(("lockout", "fail", "/etc/pam.d/common-auth",
              lambda f: f.swap("etc/pam.d/common-auth", "preauth deny=5", "preauth even_deny_root deny=10")))
SEEDS.append(("screen-lock", "fail", "/etc/dconf/db", lambda f: f.swap("etc/dconf/db/local.d/00-lock", "uint32 300", "uint32 1800")))
SEEDS.append(("screen-lock", "warn", "/etc/dconf/db", lambda f: f.swap("etc/dconf/db/local.d/locks/00-lock",
              "/org/gnome/desktop/session/idle-delay\n", "")))
SEEDS.append(("automount", "warn", "/etc/dconf/db", lambda f: f.swap("etc/dconf/db/local.d/locks/00-lock",
              "/org/gnome/desktop/media-handling/automount\n", "")))

# --- starting, software ---
SEEDS.append(("boot", "fail", "/boot/grub/grub.cfg", lambda f: f.swap("boot/grub/grub.cfg", "password_pbkdf2", "# password_pbkdf2")))
file("boot", "firmware Boot0003", f"sys/firmware/efi/efivars/Boot0003{EFI}", efi_entry("USB HDD: Kingston"))
SEEDS.append(("boot", "fail", "/proc/cmdline", lambda f: f.put("proc/cmdline", "root=/dev/x init=/bin/bash\n")))
text("other-systems", "/boot/grub/grub.cfg", "boot/grub/grub.cfg", "menuentry 'Windows Boot Manager (on /dev/sda1)' --class windows {\n}\n")
file("other-systems", "firmware Boot0001", f"sys/firmware/efi/efivars/Boot0001{EFI}", efi_entry("Windows Boot Manager"))
file("other-systems", "/var/lib/libvirt/images/win10.qcow2", "var/lib/libvirt/images/win10.qcow2", "QFI")
file("other-systems", f"/{HOME}/Documents/win7.vmdk", f"{HOME}/Documents/win7.vmdk", "KDMV")
SEEDS.append(("other-systems", "fail", "/boot/efi/EFI/Microsoft", lambda f: f.folder("boot/efi/EFI/Microsoft")))
file("software", "/usr/local/bin/miner", "usr/local/bin/miner", b"\x7fELF-miner", mode=0o755)
SEEDS.append(("software", "fail", "/opt/teamviewer", lambda f: f.folder("opt/teamviewer")))
file("integrity", "/usr/bin/true", "usr/bin/true", b"\x7fELF-changed", mode=0o755)
SEEDS.append(("integrity", "fail", "/usr/lib/x86_64-linux-gnu/libc.so.6", lambda f: f.drop("usr/lib/x86_64-linux-gnu/libc.so.6")))
SEEDS.append(("disk-encryption", "fail", "/proc/swaps", lambda f: f.put("sys/dev/block/253:1/slaves/dm-0/dev", "8:3\n")))

# --- marked files ---
MARK = "机密★20年"


def zipped(name, member, xml, first=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr("mimetype", first, zipfile.ZIP_STORED)
        archive.writestr(member, xml)
    return out.getvalue()


def pdf(words):
    """Text by glyph numbers, which only the font's table can turn into characters (ISO 32000-1, 9.10.3)."""
    cmap = "".join(f"<{i + 1:04x}> <{ord(c):04x}>\n" for i, c in enumerate(words))
    cmap = ("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n1 begincodespacerange\n<0000> <ffff>\n"
            f"endcodespacerange\n{len(words)} beginbfchar\n{cmap}endbfchar\nendcmap\nend\nend\n").encode()
    page = f"BT /F1 12 Tf 72 700 Td <{''.join(f'{i + 1:04x}' for i in range(len(words)))}> Tj ET".encode()
    packed = zlib.compress(page)
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
             b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
             b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream",
             b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
             b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
             b"<< /Length %d >>\nstream\n" % len(cmap) + cmap + b"\nendstream"]
    out, places = b"%PDF-1.5\n", []
    for i, part in enumerate(parts):
        places.append(len(out))
        out += b"%d 0 obj\n" % (i + 1) + part + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table)


WORD = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="x"><w:body><w:p><w:r><w:t>{MARK[:1]}</w:t></w:r><w:r><w:t>{MARK[1:]}</w:t></w:r></w:p></w:body></w:document>'
ODF = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="x" xmlns:text="y"><office:body><office:text><text:p>{MARK}</text:p></office:text></office:body></office:document-content>'
for name, data in (("a.txt", MARK + "\n计划\n"), ("b.txt", ("通知\n" + MARK + "\n").encode("gb18030")),
                   ("c.docx", zipped("c", "word/document.xml", WORD)),
                   ("d.odt", zipped("d", "content.xml", ODF, "application/vnd.oasis.opendocument.text")), ("e.pdf", pdf(MARK))):
    file("marks", f"/{HOME}/Documents/{name}", f"{HOME}/Documents/{name}", data)
file("marks", "/tmp/f.txt", "tmp/f.txt", "绝密★启用前\n")

# --- the guard ---
SEEDS.append(("audit", "fail", "/var/lib/airgap/journal/log", lambda f: f.put("var/lib/airgap/journal/log",
              journal_lines(0, [200, 150]) + journal_lines(4, [90, 30, 60, 1]))))
also("clock", "journal, entry 6")
SEEDS.append(("enforcement", "fail", "airgap-monitord", lambda f: f.drop("proc/301")))
SEEDS.append(("enforcement", "warn", "/sys/module/airgap", lambda f: f.drop("sys/module/airgap")))
SEEDS.append(("ledger", "fail", "/sys/block", lambda f: f.put("run/udev/data/b8:0", "E:ID_SERIAL_SHORT=OTHERDISK\n")))
for name in ("snap", "flatpak"):
    where = {"snap": "var/lib/snapd/snaps/firefox_1.snap", "flatpak": "var/lib/flatpak/app/org.x"}[name]
    file("software", "/" + where, where, "x")
file("software", "/usr/local/sbin/tunnel.sh", "usr/local/sbin/tunnel.sh", "#!/bin/sh\nssh -R\n", mode=0o755)
text("public-connections", "tcp [2400:3200::1]:443", "proc/net/tcp6",
     socket_line(5, "0" * 32 + ":C000", "00320024000000000000000001000000:01BB", "01", 1000))
text("public-route", "ipv6_route eth0", "proc/net/ipv6_route", "0" * 32 + " 00 " + "0" * 32
     + " 00 fe800000000000000000000000000001 00000400 00000001 00000000 00450003     eth0\n")
file("usb-history", "usb 1f75:0917 77", "var/log/dmesg.0",
     "".join(line.split(" kernel: ", 1)[1] + "\n" for line in usb_lines("3-1", "1f75", "0917", "77").splitlines()))
file("names-proxies", "/etc/apt/apt.conf.d/90p", "etc/apt/apt.conf.d/90p", 'Acquire { http { Proxy "http://proxy.example.net:3128/"; } }\n')
text("downloads", "/root/.bash_history www.python.org", "root/.bash_history", "cd /tmp; curl -O www.python.org/x.tgz\n")
text("downloads", f"/{HOME}/.zsh_history pypi.org", f"{HOME}/.zsh_history", ": 1700000000:0;pip install -i https://pypi.org/simple x\n")
file("automount", "/usr/bin", "usr/bin/usbmount", "x")
file("printers", "/var/spool/cups/d00013-001", "var/spool/cups/d00013-001", "%PDF", "warn")
values("cellular", "/sys/class/tty/ttyUSB0", "sys/class/tty/ttyUSB0", result="warn", dev="188:0")
values("bluetooth", "/sys/class/nfc/nfc0", "sys/class/nfc/nfc0", x=1)
values("cellular", "/sys/class/usbmisc/cdc-wdm0", "sys/class/usbmisc/cdc-wdm0", x=1)
values("usb-adapters", "/sys/bus/usb/devices/2-3:1.0", "sys/bus/usb/devices/2-3:1.0", bInterfaceClass="ef",
       bInterfaceSubClass="04", bInterfaceProtocol="01")
text("shares", "/etc/exports: shares \"/srv/two words", "etc/exports", "\"/srv/two words\" 10.0.0.0/8(ro)\n")
SEEDS.append(("shares", "fail", "avahi-daemon.service", lambda f: f.link(
    "etc/systemd/system/multi-user.target.wants/avahi-daemon.service", "/lib/systemd/system/avahi-daemon.service")))
SEEDS.append(("remote-control", "fail", "telnet.socket", lambda f: f.link(
    "etc/systemd/system/sockets.target.wants/telnet.socket", "/lib/systemd/system/telnet.socket")))
file("marks", f"/{HOME}/Documents/plan", f"{HOME}/Documents/plan", MARK + "\n")
text("disk-encryption", "/srv", "proc/self/mountinfo", "42 22 0:30 /@srv /srv rw,relatime - btrfs /dev/sda4 rw,subvol=/@srv\n")
