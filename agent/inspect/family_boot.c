// SPDX-License-Identifier: GPL-2.0-or-later
/* How the machine starts, what else could be started on it, and what lies on its disk in the clear. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"

#define EFIVARS	 "/sys/firmware/efi/efivars"
#define TEXT_MAX (1024u * 1024)

/* Load options are UTF-16: a description, then device paths (UEFI 2.10, 3.1.3). */
static void description(const uint8_t *bytes, size_t length, char *out, size_t size)
{
	size_t used = 0;

	/* Attributes of the variable and of the option, and the length of the paths. */
	for (size_t i = 4 + 4 + 2; i + 1 < length && used + 1 < size; i += 2) {
		if (!bytes[i] && !bytes[i + 1])
			break;
		out[used++] =
			bytes[i + 1] || bytes[i] < 0x20 || bytes[i] > 0x7e ? '?' : (char)bytes[i];
	}
	out[used] = 0;
}

static int on_variable(struct inspect *inspect, const char *path, const char *name, void *data)
{
	static const char *const words[] = { "usb", "pxe", "network", "ipv4",	  "ipv6",
					     "cd",  "dvd", "http",    "removable" };
	unsigned int *options = data;
	char *bytes = NULL, text[128], place[INSPECT_PLACE_SIZE];

	/* Boot0001-8be4df61-… */
	if (strncmp(name, "Boot", 4) != 0 || strspn(name + 4, "0123456789ABCDEF") != 4 ||
	    inspect_text(inspect, path, 65536, &bytes) < 0)
		return 0;
	++*options;
	description((const uint8_t *)bytes, 4096, text, sizeof(text));
	free(bytes);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(text, words[i])) {
			snprintf(place, sizeof(place), "firmware %.8s", name);
			inspect_fail(inspect, place, "the machine can be started from \"%s\"",
				     text);
			break;
		}
	return 0;
}

static int on_grub(struct inspect *inspect, const char *path, char *line, void *data)
{
	bool *protected = data;

	(void)inspect;
	(void)path;
	line += strspn(line, " \t");
	if (strncmp(line, "password_pbkdf2 ", 16) == 0 || strncmp(line, "password ", 9) == 0)
		*protected = true;
	return 0;
}

void check_boot(struct inspect *inspect)
{
	unsigned int options = 0;
	bool protected = false;
	char command[1024];
	int r = inspect_folder(inspect, EFIVARS, on_variable, &options);

	if (r < 0 && r != -ENOENT)
		inspect_closed(inspect, EFIVARS, r);
	r = inspect_lines(inspect, "/boot/grub/grub.cfg", on_grub, &protected);
	if (r < 0 && r != -ENOENT)
		inspect_closed(inspect, "/boot/grub/grub.cfg", r);
	else if (r == 0 && !protected)
		inspect_fail(inspect, "/boot/grub/grub.cfg",
			     "no password protects the boot menu: anybody "
			     "can start a shell as root");
	if (inspect_attribute(inspect, "/proc/cmdline", command, sizeof(command)) == 0 &&
	    (strstr(command, "init=/bin/") || strstr(command, " single") ||
	     strstr(command, "systemd.unit=rescue") || strstr(command, "airgap=off")))
		inspect_fail(inspect, "/proc/cmdline", "was started past its usual way: %.300s",
			     command);
	if (inspect->stated == 0 && options == 0 && r == -ENOENT)
		inspect_unknown(inspect, EFIVARS,
				"neither EFI's variables nor GRUB: look at the firmware");
	else if (inspect->stated == 0)
		inspect_pass(inspect, EFIVARS,
			     "%u ways to start, all from the disk; the menu has a password",
			     options);
}

static int on_entry(struct inspect *inspect, const char *path, char *line, void *data)
{
	(void)data;
	line += strspn(line, " \t");
	if (strncmp(line, "menuentry ", 10) == 0 &&
	    (strcasestr(line, "windows") || strstr(line, "--class osx") ||
	     strstr(line, " (on /dev/")))
		inspect_fail(inspect, path, "another system can be started: %.200s", line);
	return 0;
}

static int on_machine(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const char *end = strrchr(name, '.');

	(void)data;
	if (end &&
	    (strcmp(end, ".xml") == 0 || strcmp(end, ".qcow2") == 0 || strcmp(end, ".vdi") == 0 ||
	     strcmp(end, ".vmdk") == 0 || strcmp(end, ".vbox") == 0))
		inspect_fail(inspect, path, "a virtual machine");
	return 0;
}

static int on_home(struct inspect *inspect, const char *login, const char *home, void *data)
{
	static const char *const folders[] = { "VirtualBox VMs", ".local/share/libvirt/images",
					       ".local/share/gnome-boxes/images", "vmware",
					       ".wine" };
	char path[PATH_MAX];

	(void)login;
	(void)data;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", home, folders[i]);
		if (inspect_exists(inspect, path))
			inspect_fail(inspect, path, "a folder of another system");
	}
	return 0;
}

void check_other_systems(struct inspect *inspect)
{
	static const char *const folders[] = { "/etc/libvirt/qemu", "/var/lib/libvirt/images",
					       "/var/lib/machines" };
	int r = inspect_lines(inspect, "/boot/grub/grub.cfg", on_entry, NULL);

	if (r < 0)
		inspect_closed(inspect, "/boot/grub/grub.cfg", r);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		r = inspect_folder(inspect, folders[i], on_machine, NULL);
		if (r < 0)
			inspect_closed(inspect, folders[i], r);
	}
	inspect_homes(inspect, on_home, NULL);
	if (inspect->stated == 0)
		inspect_pass(inspect, "/boot", "no other system and no virtual machine");
}

/* Up the tree of device-mapper: is any device below it of type crypt? */
static bool is_encrypted(struct inspect *inspect, const char *device)
{
	char path[PATH_MAX], text[256];

	snprintf(path, sizeof(path), "/sys/dev/block/%s/dm/uuid", device);
	return inspect_attribute(inspect, path, text, sizeof(text)) == 0 &&
	       strncmp(text, "CRYPT-", 6) == 0;
}

struct under {
	bool found;
	int depth;
};

static int on_slave(struct inspect *inspect, const char *path, const char *name, void *data);

static void look_under(struct inspect *inspect, const char *device, struct under *under)
{
	char path[PATH_MAX];

	if (is_encrypted(inspect, device)) {
		under->found = true;
		return;
	}
	if (++under->depth < 8) {
		snprintf(path, sizeof(path), "/sys/dev/block/%s/slaves", device);
		inspect_folder(inspect, path, on_slave, under);
	}
	under->depth--;
}

static int on_slave(struct inspect *inspect, const char *path, const char *name, void *data)
{
	char file[PATH_MAX], device[32];

	(void)name;
	snprintf(file, sizeof(file), "%s/dev", path);
	if (inspect_attribute(inspect, file, device, sizeof(device)) == 0)
		look_under(inspect, device, data);
	return 0;
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext4 /dev/root rw" (proc(5)) */
static int on_mount(struct inspect *inspect, const char *path, char *line, void *data)
{
	char device[32], where[PATH_MAX], place[INSPECT_PLACE_SIZE];
	const char *type = strstr(line, " - ");
	struct under under = { false, 0 };
	unsigned int *disks = data;

	(void)path;
	if (!type || sscanf(line, "%*u %*u %31s %*s %4095s", device, where) != 2 ||
	    strncmp(device, "0:", 2) == 0)
		return 0;
	/* What must be read before a password can be asked. */
	if (strcmp(where, "/boot") == 0 || strcmp(where, "/boot/efi") == 0)
		return 0;
	++*disks;
	look_under(inspect, device, &under);
	if (under.found)
		return 0;
	snprintf(place, sizeof(place), "%.250s", where);
	inspect_fail(inspect, place, "lies on a disk that is not encrypted");
	return 0;
}

static int on_swap(struct inspect *inspect, const char *path, char *line, void *data)
{
	char device[256];

	(void)path;
	(void)data;
	if (sscanf(line, "/dev/%255s partition", device) == 1 && strncmp(device, "dm-", 3) != 0 &&
	    strncmp(device, "zram", 4) != 0 && strncmp(device, "mapper/", 7) != 0)
		inspect_fail(inspect, "/proc/swaps", "swap on /dev/%.200s is not encrypted",
			     device);
	return 0;
}

void check_disk_encryption(struct inspect *inspect)
{
	unsigned int disks = 0;
	int r = inspect_lines(inspect, "/proc/self/mountinfo", on_mount, &disks);

	if (r < 0) {
		inspect_unknown(inspect, "/proc/self/mountinfo", "could not be read: %s",
				strerror(-r));
		return;
	}
	inspect_lines(inspect, "/proc/swaps", on_swap, NULL);
	if (inspect->stated == 0 && disks == 0)
		inspect_unknown(inspect, "/proc/self/mountinfo",
				"no file system on a disk is shown");
	else if (inspect->stated == 0)
		inspect_pass(inspect, "/proc/self/mountinfo", "%u file systems, all encrypted",
			     disks);
}
