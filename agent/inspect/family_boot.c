// SPDX-License-Identifier: GPL-2.0-or-later
/* How the machine starts, what else could be started on it, and what lies on its disk in the clear. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/machines.h"
#include "agent/lib/file.h"

#define EFIVARS	     "/sys/firmware/efi/efivars"
#define VARIABLE_MAX 65536u
#define DEVICE_SIZE  32 /* "259:1048575" */

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

/* As a word of its own: "CD" stands in many a disk's model. */
static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text; (at = strcasestr(at, word)); at++)
		if ((at == text || !isalnum((unsigned char)at[-1])) &&
		    !isalpha((unsigned char)at[length]))
			return true;
	return false;
}

struct options {
	const char *const *words; /* that a description must not have */
	const char *what;	  /* then, with the description */
	unsigned int count;
};

/* Boot0001-8be4df61-… */
static int on_variable(struct inspect *inspect, const char *path, const char *name, void *data)
{
	struct options *options = data;
	char text[128], place[INSPECT_PLACE_SIZE];
	uint8_t *bytes = NULL;
	size_t length = 0;
	int fd;

	if (strncmp(name, "Boot", 4) != 0 || strspn(name + 4, "0123456789ABCDEF") != 4)
		return 0;
	fd = inspect_open(inspect, path);
	if (fd < 0 || file_read_fd(fd, VARIABLE_MAX, &bytes, &length) < 0) {
		inspect_closed(inspect, path, fd < 0 ? fd : -EIO);
		if (fd >= 0)
			close(fd);
		return 0;
	}
	close(fd);
	++options->count;
	description(bytes, length, text, sizeof(text));
	free(bytes);
	for (size_t i = 0; options->words[i]; i++)
		if (has_word(text, options->words[i])) {
			snprintf(place, sizeof(place), "firmware %.8s", name);
			inspect_fail(inspect, place, "%s \"%s\"", options->what, text);
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
	static const char *const words[] = { "usb", "pxe", "network", "ipv4",	   "ipv6",
					     "cd",  "dvd", "http",    "removable", NULL };
	struct options options = { words, "the machine can be started from", 0 };
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
	if (inspect->stated == 0 && options.count == 0 && r == -ENOENT)
		inspect_unknown(inspect, EFIVARS,
				"neither EFI's variables nor GRUB: look at the firmware");
	else if (inspect->stated == 0)
		inspect_pass(inspect, EFIVARS,
			     "%u ways to start, all from the disk; the menu has a password",
			     options.count);
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

/* Folders of other systems' loaders. The machine's own is in os-release(5). */
static int on_loader(struct inspect *inspect, const char *path, const char *name, void *data)
{
	static const char *const others[] = { "Microsoft", "Apple",   "refind", "ubuntu",
					      "fedora",	   "centos",  "redhat", "opensuse",
					      "kali",	   "deepin",  "uos",	"kylin",
					      "arch",	   "Manjaro", "debian", "tails" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcasecmp(name, others[i]) == 0 && strcasecmp(name, data) != 0)
			inspect_fail(inspect, path, "another system's loader");
	return 0;
}

static int on_release(struct inspect *inspect, const char *path, char *line, void *data)
{
	(void)inspect;
	(void)path;
	if (sscanf(line, "ID=%*1[\"]%63[a-z0-9._-]", (char *)data) == 1 ||
	    sscanf(line, "ID=%63[a-z0-9._-]", (char *)data) == 1)
		return 1;
	return 0;
}

void check_other_systems(struct inspect *inspect)
{
	static const char *const words[] = { "windows", "mac os", "ubuntu", "fedora", NULL };
	struct options options = { words, "the firmware can start", 0 };
	char own[64] = "";
	int r = inspect_lines(inspect, "/boot/grub/grub.cfg", on_entry, NULL);

	if (r < 0)
		inspect_closed(inspect, "/boot/grub/grub.cfg", r);
	inspect_folder(inspect, EFIVARS, on_variable, &options);
	inspect_lines(inspect, "/etc/os-release", on_release, own);
	r = inspect_folder(inspect, "/boot/efi/EFI", on_loader, own);
	if (r < 0)
		inspect_closed(inspect, "/boot/efi/EFI", r);
	machines_find(inspect);
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

struct mapped {
	const char *name;
	char *device;
};

static int on_mapped(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const struct mapped *mapped = data;
	char file[PATH_MAX], text[128];

	if (strncmp(name, "dm-", 3) != 0)
		return 0;
	snprintf(file, sizeof(file), "%s/dm/name", path);
	if (inspect_attribute(inspect, file, text, sizeof(text)) < 0 ||
	    strcmp(text, mapped->name) != 0)
		return 0;
	snprintf(file, sizeof(file), "%s/dev", path);
	return inspect_attribute(inspect, file, mapped->device, DEVICE_SIZE) == 0;
}

/*
 * btrfs shows a number of its own, which is no device's: "/dev/sda2" or "/dev/mapper/root" then tells. An
 * empty device has nothing under it that is encrypted. False when it lies on no disk at all.
 */
static bool device_of(struct inspect *inspect, const char *source, char device[static DEVICE_SIZE])
{
	char name[128], file[PATH_MAX];

	if (strncmp(device, "0:", 2) != 0)
		return true;
	if (sscanf(source, " - %*s /dev/%127s", name) != 1)
		return false;
	device[0] = 0;
	if (strncmp(name, "mapper/", 7) == 0) {
		inspect_folder(inspect, "/sys/class/block", on_mapped,
			       &(struct mapped){ name + 7, device });
	} else {
		snprintf(file, sizeof(file), "/sys/class/block/%s/dev", name);
		inspect_attribute(inspect, file, device, DEVICE_SIZE);
	}
	return true;
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext4 /dev/root rw" (proc(5)) */
static int on_mount(struct inspect *inspect, const char *path, char *line, void *data)
{
	char device[DEVICE_SIZE], where[PATH_MAX], place[INSPECT_PLACE_SIZE];
	const char *type = strstr(line, " - ");
	struct under under = { false, 0 };
	unsigned int *disks = data;

	(void)path;
	if (!type || sscanf(line, "%*u %*u %31s %*s %4095s", device, where) != 2 ||
	    !device_of(inspect, type, device))
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
	struct under under = { false, 0 };
	char device[256], file[PATH_MAX], number[32];

	(void)path;
	(void)data;
	if (sscanf(line, "/dev/%255s partition", device) != 1 || strncmp(device, "zram", 4) == 0)
		return 0;
	/* A volume of LVM is a "dm-" as well, on whatever it lies. */
	snprintf(file, sizeof(file), "/sys/class/block/%s/dev", device);
	if (strncmp(device, "dm-", 3) == 0 &&
	    inspect_attribute(inspect, file, number, sizeof(number)) == 0)
		look_under(inspect, number, &under);
	if (!under.found)
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
