// SPDX-License-Identifier: GPL-2.0-or-later
/* The facts of one device, and what the hub that it hangs on says. */
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
#include "agent/lib/usb_sysfs.h"

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

/* A page at a time: one that is not full is the last (fs/kernfs/file.c of Linux). */
static ssize_t read_pages(int fd, uint8_t *data, size_t size)
{
	const size_t page = 4096;
	size_t used = 0;
	ssize_t n;

	do {
		n = read(fd, data + used, size - used < page ? size - used : page);
		if (n < 0)
			return -errno;
		used += (size_t)n;
	} while ((size_t)n == page && used < size);
	return (ssize_t)used;
}

static ssize_t read_descriptors(int folder, uint8_t *data, size_t size)
{
	ssize_t length;
	int fd = openat(folder, "descriptors", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	length = read_pages(fd, data, size);
	close(fd);
	return length > USB_DESCRIPTORS_MAX ? -EFBIG : length;
}

/* Where the device descriptor says which strings there are; the kernel shows no others. */
enum { DESCRIPTOR_MANUFACTURER = 14, DESCRIPTOR_PRODUCT = 15, DESCRIPTOR_SERIAL = 16 };

/* What the device tells of itself. Flaws of strings stand unless the descriptors are worse. */
static void read_identity(int folder, struct usb_facts *facts)
{
	static uint8_t data[USB_DESCRIPTORS_MAX + 1];
	ssize_t length = read_descriptors(folder, data, sizeof(data));
	bool all = length <= DESCRIPTOR_SERIAL;
	uint8_t earlier;

	if (all || data[DESCRIPTOR_PRODUCT])
		read_string(folder, "product", facts->name, facts);
	if (all || data[DESCRIPTOR_MANUFACTURER])
		read_string(folder, "manufacturer", facts->manufacturer, facts);
	if (all || data[DESCRIPTOR_SERIAL])
		read_string(folder, "serial", facts->serial, facts);
	earlier = facts->flaw;
	if (length < 0) {
		facts->flaw = USB_FLAW_UNREADABLE;
		return;
	}
	if (usb_descriptor_parse(data, (size_t)length, facts) == USB_SOUND)
		facts->flaw = earlier;
	usb_descriptor_hash(data, (size_t)length, facts, facts->hash);
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
 * Hubs stay while what hangs on them comes and goes, so their folders are held open and their hashes
 * kept. Once a hub is gone, nothing in its folder can be opened any more, whatever has its name then.
 */
struct hub {
	char port[USB_PORT_SIZE]; /* "": none */
	int folder;
	uint8_t hash[USB_HASH_SIZE];
	uint8_t connect
		[16]; /* of its first ports, enum usb_connect; and 1, so that 0 means not read */
};

static struct hub hubs[8];

static struct hub *recall_hub(const char *port)
{
	for (size_t i = 0; i < sizeof(hubs) / sizeof(hubs[0]); i++)
		if (strcmp(hubs[i].port, port) == 0)
			return &hubs[i];
	return NULL;
}

static void forget_hub(struct hub *hub)
{
	if (hub->port[0])
		close(hub->folder);
	*hub = (struct hub){ 0 };
}

static struct hub *read_hub(const char *root, const char *port)
{
	static size_t next;
	struct usb_facts facts = { 0 };
	struct hub *hub;
	int folder = usb_sysfs_open_below(root, -1, port);

	if (folder < 0)
		return NULL;
	read_identity(folder, &facts);
	hub = &hubs[next++ % (sizeof(hubs) / sizeof(hubs[0]))];
	forget_hub(hub);
	snprintf(hub->port, sizeof(hub->port), "%s", port);
	hub->folder = folder;
	memcpy(hub->hash, facts.hash, USB_HASH_SIZE);
	return hub;
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
static uint8_t read_connect(const struct hub *hub, const char *number)
{
	char name[3 * USB_PORT_SIZE], text[32];
	bool root = strncmp(hub->port, "usb", 3) == 0;
	ssize_t length;

	snprintf(name, sizeof(name), "%s%s:1.0/%s-port%s/connect_type", hub->port + (root ? 3 : 0),
		 root ? "-0" : "", hub->port, number);
	length = file_attribute_at(hub->folder, name, text, sizeof(text));
	for (uint8_t i = 0; length > 0 && i < USB_CONNECT_COUNT; i++)
		if (strcmp(text, connect_names[i]) == 0)
			return i;
	return USB_CONNECT_UNKNOWN;
}

/* A port stays what it is as long as its hub is there. */
static uint8_t connect_of(struct hub *hub, const char *port)
{
	const char *last = strrchr(port, '.');
	const char *number = last ? last + 1 : strchr(port, '-') + 1;
	size_t index = (size_t)strtoul(number, NULL, 10);

	if (index >= sizeof(hub->connect))
		return read_connect(hub, number);
	if (!hub->connect[index])
		hub->connect[index] = (uint8_t)(read_connect(hub, number) + 1);
	return (uint8_t)(hub->connect[index] - 1);
}

/* What is above it says: kind of port, and its own hash. */
static void read_above(const char *root, const char *port, struct usb_facts *facts)
{
	char above[USB_PORT_SIZE];
	struct hub *hub;

	if (!usb_sysfs_hub_of(port, above)) {
		hash_controller(root, port, facts->parent_hash);
		return;
	}
	hub = recall_hub(above);
	if (!hub)
		hub = read_hub(root, above);
	if (!hub)
		return;
	facts->connect = connect_of(hub, port);
	memcpy(facts->parent_hash, hub->hash, USB_HASH_SIZE);
}

int usb_sysfs_open(const char *root, const char *port)
{
	char above[USB_PORT_SIZE];
	struct hub *hub;
	int fd;

	if (!usb_sysfs_port_valid(port))
		return -EINVAL;
	hub = usb_sysfs_hub_of(port, above) ? recall_hub(above) : NULL;
	if (hub) {
		fd = openat(hub->folder, port, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		/* Gone, and another may be in its place. */
		forget_hub(hub);
	}
	return usb_sysfs_open_below(root, -1, port);
}

int usb_sysfs_read(const char *root, int folder, const char *port, struct usb_facts *facts)
{
	const uint32_t bus = facts->bus, device = facts->device;
	int r = 0;

	*facts = (struct usb_facts){ .bus = bus, .device = device };
	snprintf(facts->port, sizeof(facts->port), "%s", port);
	read_above(root, port, facts);
	read_identity(folder, facts);
	/* Last: that they can be read shows that this plug-in said all of it. */
	if (device == 0)
		r = usb_sysfs_numbers(folder, &facts->bus, &facts->device);
	return r < 0 ? -ENODEV : 0;
}
