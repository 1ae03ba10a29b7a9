// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/usb_sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "agent/lib/printable.h"
#include "agent/lib/usb_descriptor.h"

#define TIERS_MAX 7

static bool is_number(const char **text)
{
	const char *start = *text;

	while (**text >= '0' && **text <= '9')
		(*text)++;
	return *text > start && *text - start <= 3;
}

bool usb_sysfs_port_valid(const char *port)
{
	int tiers = 1;

	if (strncmp(port, "usb", 3) == 0) {
		port += 3;
		return is_number(&port) && *port == 0;
	}
	if (!is_number(&port) || *port++ != '-' || !is_number(&port))
		return false;
	while (*port == '.' && tiers++ < TIERS_MAX) {
		port++;
		if (!is_number(&port))
			return false;
	}
	return *port == 0;
}

int usb_sysfs_open(const char *root, const char *port)
{
	char path[PATH_MAX], folder[NAME_MAX + sizeof(PATH_USB_DEVICES)];
	int fd, r;

	if (!usb_sysfs_port_valid(port))
		return -EINVAL;
	snprintf(folder, sizeof(folder), "%s/%s", PATH_USB_DEVICES, port);
	r = path_join(path, root, folder);
	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int usb_sysfs_number(int folder, const char *attribute, int base)
{
	char text[32], *end;
	ssize_t length;
	unsigned long value;

	length = file_attribute_at(folder, attribute, text, sizeof(text));
	if (length < 0)
		return (int)length;
	errno = 0;
	value = strtoul(text, &end, base);
	if (length == 0 || *end || errno || value > INT_MAX || text[0] == '-' || text[0] == '+')
		return -EINVAL;
	return (int)value;
}

int usb_sysfs_set(int folder, const char *attribute, const char *value)
{
	char now[16];
	ssize_t length;
	int r;

	r = file_write_at(folder, attribute, value);
	if (r < 0)
		return r;
	length = file_attribute_at(folder, attribute, now, sizeof(now));
	if (length < 0)
		return (int)length;
	return strcmp(now, value) == 0 ? 0 : -EIO;
}

/* The kernel converts string descriptors to UTF-8 but lets control characters through. */
static void read_string(int folder, const char *attribute, char *text, struct usb_facts *facts)
{
	ssize_t length = file_attribute_at(folder, attribute, text, USB_STRING_SIZE);

	if (length == -ENOENT) {
		length = 0; /* the device has no such string */
	} else if (length < 0 || strlen(text) != (size_t)length || !printable_is_text(text)) {
		facts->flaw = USB_FLAW_STRING;
		length = 0;
	}
	memset(text + length, 0, USB_STRING_SIZE - (size_t)length);
}

static const char *const connect_names[USB_CONNECT_COUNT] = {
	[USB_CONNECT_UNKNOWN] = "unknown",
	[USB_CONNECT_HOTPLUG] = "hotplug",
	[USB_CONNECT_HARDWIRED] = "hardwired",
	[USB_CONNECT_NOT_USED] = "not used",
};

/*
 * The port belongs to the hub and is there before the device; the device's own `port` link appears
 * only some time after its event.
 */
static uint8_t read_connect(const char *root, const char *port)
{
	char path[PATH_MAX], name[3 * USB_PORT_SIZE + sizeof(PATH_USB_DEVICES) + 32], text[32];
	const char *last = strrchr(port, '.');
	const char *dash = strchr(port, '-');
	ssize_t length;
	int folder;

	if (last)
		snprintf(name, sizeof(name), "%s/%.*s:1.0/%.*s-port%s", PATH_USB_DEVICES,
			 (int)(last - port), port, (int)(last - port), port, last + 1);
	else if (dash)
		snprintf(name, sizeof(name), "%s/%.*s-0:1.0/usb%.*s-port%s", PATH_USB_DEVICES,
			 (int)(dash - port), port, (int)(dash - port), port, dash + 1);
	else
		return USB_CONNECT_UNKNOWN;
	if (path_join(path, root, name) < 0)
		return USB_CONNECT_UNKNOWN;
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return USB_CONNECT_UNKNOWN;
	length = file_attribute_at(folder, "connect_type", text, sizeof(text));
	close(folder);
	for (uint8_t i = 0; length > 0 && i < USB_CONNECT_COUNT; i++)
		if (strcmp(text, connect_names[i]) == 0)
			return i;
	return USB_CONNECT_UNKNOWN;
}

static int read_descriptors(int folder, struct usb_facts *facts)
{
	uint8_t *data = NULL;
	size_t length = 0;
	int fd, r;

	fd = openat(folder, "descriptors", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = file_read_fd(fd, USB_DESCRIPTORS_MAX, &data, &length);
	close(fd);
	if (r < 0)
		return r;
	/* A flaw of the strings that was found before stands unless the bytes are worse. */
	uint8_t earlier = facts->flaw;

	if (usb_descriptor_parse(data, length, facts) == USB_SOUND)
		facts->flaw = earlier;
	usb_descriptor_hash(data, length, facts, facts->hash);
	free(data);
	return 0;
}

/* Attributes and descriptors come from one reading by the kernel; if they differ, trust neither. */
static void compare_ids(int folder, struct usb_facts *facts)
{
	if (usb_sysfs_number(folder, "idVendor", 16) != facts->vendor ||
	    usb_sysfs_number(folder, "idProduct", 16) != facts->product)
		facts->flaw = USB_FLAW_MISMATCH;
}

static int read_identity(int folder, struct usb_facts *facts)
{
	int bus = usb_sysfs_number(folder, "busnum", 10);
	int device = usb_sysfs_number(folder, "devnum", 10);
	int r;

	if (bus < 0 || device < 0)
		return -ENODEV;
	facts->bus = (uint32_t)bus;
	facts->device = (uint32_t)device;
	read_string(folder, "product", facts->name, facts);
	read_string(folder, "manufacturer", facts->manufacturer, facts);
	read_string(folder, "serial", facts->serial, facts);
	r = read_descriptors(folder, facts);
	if (r < 0)
		facts->flaw = USB_FLAW_UNREADABLE;
	else
		compare_ids(folder, facts);
	return 0;
}

/* A root hub's parent is no USB device: what counts is where its controller sits. */
static void hash_controller(const char *root, const char *port, uint8_t *hash)
{
	char path[PATH_MAX], real[PATH_MAX], prefix[PATH_MAX], name[sizeof(PATH_USB_DEVICES) + 80];
	const char *tail = real;
	char *slash;

	snprintf(name, sizeof(name), "%s/%s", PATH_USB_DEVICES, port);
	if (path_join(path, root, name) < 0 || path_join(prefix, root, "/sys") < 0 ||
	    !realpath(path, real))
		return;
	if (strncmp(real, prefix, strlen(prefix)) == 0)
		tail = real + strlen(prefix);
	slash = strrchr(real, '/');
	if (slash)
		*slash = 0;
	crypto_hash_sha256(hash, (const uint8_t *)tail, strlen(tail));
}

/*
 * Hubs stay while what hangs on them comes and goes, so their hashes are kept. The folder is held
 * open: once the hub is gone it cannot be read any more, whatever has its name by then.
 */
static struct {
	char port[USB_PORT_SIZE];
	int folder; /* and 1, so that 0 means none */
	uint8_t hash[USB_HASH_SIZE];
} hubs[8];

static bool recall_hub(const char *port, uint8_t *hash)
{
	for (size_t i = 0; i < sizeof(hubs) / sizeof(hubs[0]); i++) {
		if (!hubs[i].folder || strcmp(hubs[i].port, port) != 0)
			continue;
		if (usb_sysfs_number(hubs[i].folder - 1, "devnum", 10) > 0) {
			memcpy(hash, hubs[i].hash, USB_HASH_SIZE);
			return true;
		}
		close(hubs[i].folder - 1);
		hubs[i].folder = 0;
	}
	return false;
}

/* Takes @folder over. */
static void keep_hub(const char *port, int folder, const uint8_t *hash)
{
	static size_t next;
	size_t i = next++ % (sizeof(hubs) / sizeof(hubs[0]));

	if (hubs[i].folder)
		close(hubs[i].folder - 1);
	snprintf(hubs[i].port, sizeof(hubs[i].port), "%s", port);
	hubs[i].folder = folder + 1;
	memcpy(hubs[i].hash, hash, USB_HASH_SIZE);
}

static void read_parent(const char *root, const char *port, struct usb_facts *facts)
{
	char parent[USB_PORT_SIZE];
	struct usb_facts above = { 0 };
	const char *last = strrchr(port, '.');
	int folder;

	if (strncmp(port, "usb", 3) == 0) {
		hash_controller(root, port, facts->parent_hash);
		return;
	}
	if (last)
		snprintf(parent, sizeof(parent), "%.*s", (int)(last - port), port);
	else
		snprintf(parent, sizeof(parent), "usb%.*s", (int)strcspn(port, "-"), port);
	if (recall_hub(parent, facts->parent_hash))
		return;
	folder = usb_sysfs_open(root, parent);
	if (folder < 0)
		return;
	if (read_identity(folder, &above) < 0) {
		close(folder);
		return;
	}
	memcpy(facts->parent_hash, above.hash, USB_HASH_SIZE);
	keep_hub(parent, folder, above.hash);
}

int usb_sysfs_read(const char *root, int folder, const char *port, struct usb_facts *facts)
{
	int r;

	*facts = (struct usb_facts){ 0 };
	snprintf(facts->port, sizeof(facts->port), "%s", port);
	r = read_identity(folder, facts);
	if (r < 0)
		return r;
	facts->connect = read_connect(root, port);
	read_parent(root, port, facts);
	/* Still the same plug-in? Reads of a device that is gone fail. */
	if (usb_sysfs_number(folder, "devnum", 10) != (int)facts->device)
		return -ENODEV;
	return 0;
}

static int keep_device(const struct dirent *entry)
{
	return usb_sysfs_port_valid(entry->d_name);
}

/* Root hubs, then fewer tiers before more. */
static int compare_depth(const struct dirent **a, const struct dirent **b)
{
	const char *x = (*a)->d_name, *y = (*b)->d_name;
	int dx = x[0] == 'u' ? -1 : 0, dy = y[0] == 'u' ? -1 : 0;

	for (; *x; x++)
		dx += *x == '.';
	for (; *y; y++)
		dy += *y == '.';
	return dx != dy ? dx - dy : strverscmp((*a)->d_name, (*b)->d_name);
}

int usb_sysfs_each(const char *root, int (*visit)(const char *port, void *data), void *data)
{
	char path[PATH_MAX];
	struct dirent **entries;
	int count, r;

	r = path_join(path, root, PATH_USB_DEVICES);
	if (r < 0)
		return r;
	count = scandir(path, &entries, keep_device, compare_depth);
	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		if (r == 0)
			r = visit(entries[i]->d_name, data);
		free(entries[i]);
	}
	free(entries);
	return r;
}
