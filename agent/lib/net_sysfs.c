// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/net_sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netdevice.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/net_classify.h"
#include "agent/lib/path.h"

#define PATH_NET_CLASS "/sys/class/net"
#define DEVTYPE_SIZE   32

/* A name is a part of a path here: the kernel allows anything but '/' and space (dev_valid_name). */
static bool is_name(const char *name)
{
	return name[0] && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static int link_path(const char *root, const char *name, char path[static PATH_MAX])
{
	char folder[sizeof(PATH_NET_CLASS) + NET_NAME_SIZE + 1];

	snprintf(folder, sizeof(folder), "%s/%s", PATH_NET_CLASS, name);
	return path_join(path, root, folder);
}

static int open_link(const char *root, const char *name)
{
	char path[PATH_MAX];
	int fd, r;

	r = is_name(name) ? link_path(root, name, path) : -EINVAL;
	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static long number_at(int folder, const char *attribute)
{
	char text[32], *end;
	ssize_t length = file_attribute_at(folder, attribute, text, sizeof(text));
	long value;

	if (length <= 0)
		return -1;
	errno = 0;
	value = strtol(text, &end, 10);
	return *end || errno || value < 0 ? -1 : value;
}

/* Last part of where a link leads: a subsystem's name, a driver's. False when it is not there. */
static bool link_base(int folder, const char *name, char *base, size_t size)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(folder, name, target, sizeof(target) - 1);
	const char *slash;

	memset(base, 0, size);
	if (length <= 0)
		return false;
	target[length] = 0;
	slash = strrchr(target, '/');
	if (strlen(slash ? slash + 1 : target) >= size)
		return false;
	memcpy(base, slash ? slash + 1 : target, strlen(slash ? slash + 1 : target));
	return true;
}

static void read_devtype(int folder, char devtype[static DEVTYPE_SIZE])
{
	char text[1024];
	const char *at;
	size_t length;

	devtype[0] = 0;
	if (file_attribute_at(folder, "uevent", text, sizeof(text)) < 0)
		return;
	at = strncmp(text, "DEVTYPE=", 8) == 0 ? text : strstr(text, "\nDEVTYPE=");
	if (!at)
		return;
	at = strchr(at, '=') + 1;
	length = strcspn(at, "\n");
	if (length >= DEVTYPE_SIZE)
		length = DEVTYPE_SIZE - 1;
	memcpy(devtype, at, length);
	devtype[length] = 0;
}

/* "SUBSYSTEM-NAME-" before what is there already. */
static int prepend(char path[static NET_PATH_SIZE], const char *bus, const char *name)
{
	char longer[NET_PATH_SIZE];
	int n = snprintf(longer, sizeof(longer), "%s-%s%s%s", bus, name, path[0] ? "-" : "", path);

	if (n < 0 || (size_t)n >= sizeof(longer))
		return -EOVERFLOW;
	memset(path, 0, NET_PATH_SIZE);
	memcpy(path, longer, (size_t)n);
	return 0;
}

/*
 * One step of udev's path_id: of a chain of devices on one bus the lowest counts; of an USB device the
 * port without the bus's changing number; virtio hides behind what carries it.
 */
static int add_level(char path[static NET_PATH_SIZE], const char *bus, const char *name)
{
	static const char *const told[] = {
		"pci", "platform", "acpi", "vmbus", "xen", "ccw", "bcma"
	};
	char port[NAME_MAX + 1];
	const char *dash = strchr(name, '-');

	if (strcmp(bus, "usb") == 0 && dash) {
		snprintf(port, sizeof(port), "0:%s", dash + 1);
		return prepend(path, "usb", port);
	}
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (strcmp(bus, told[i]) == 0)
			return prepend(path, bus, name);
	return 0;
}

/* Only a port that leads outside says "removable" (drivers/pci/probe.c, set_pcie_untrusted). */
static bool is_removable(int folder, const char *bus)
{
	char text[16];

	return strcmp(bus, "pci") == 0 &&
	       file_attribute_at(folder, "removable", text, sizeof(text)) > 0 &&
	       strcmp(text, "removable") == 0;
}

int net_sysfs_path(const char *sysfs, const char *device, uint32_t *buses,
		   char path[static NET_PATH_SIZE])
{
	char at[PATH_MAX], bus[NAME_MAX + 1], last[NAME_MAX + 1] = "";
	size_t stop = strlen(sysfs) + strlen("/devices");
	int folder, r = 0;

	*buses = 0;
	memset(path, 0, NET_PATH_SIZE);
	if (snprintf(at, sizeof(at), "%s", device) >= (int)sizeof(at))
		return -EOVERFLOW;
	while (r == 0 && strlen(at) > stop) {
		char *slash = strrchr(at, '/');

		folder = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (folder < 0)
			return -errno;
		if (link_base(folder, "subsystem", bus, sizeof(bus))) {
			*buses |= net_classify_bus(bus);
			*buses |= is_removable(folder, bus) ? NET_BUS_REMOVABLE : 0;
			if (strcmp(bus, last) != 0)
				r = add_level(path, bus, slash + 1);
			memcpy(last, bus, sizeof(last));
		}
		close(folder);
		*slash = 0;
	}
	return r;
}

/* 0 also for a link without a device. */
static int read_device(const char *root, int folder, struct net_link *link, uint32_t *buses)
{
	char class_path[PATH_MAX], name[PATH_MAX + 8], device[PATH_MAX], sysfs[PATH_MAX],
		real[PATH_MAX];

	*buses = 0;
	if (faccessat(folder, "device", F_OK, 0) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (link_path(root, link->name, class_path) < 0 || path_join(sysfs, root, "/sys") < 0)
		return -ENAMETOOLONG;
	snprintf(name, sizeof(name), "%s/device", class_path);
	if (!realpath(name, device) || !realpath(sysfs, real))
		return -errno;
	if (strncmp(device, real, strlen(real)) != 0)
		return -EIO;
	link_base(folder, "device/driver", link->driver, sizeof(link->driver));
	return net_sysfs_path(real, device, buses, link->path);
}

static int read_traits(const char *root, int folder, struct net_link *link)
{
	char devtype[DEVTYPE_SIZE];
	struct net_traits traits = {
		.arphrd = link->arphrd,
		.flags = link->flags,
		.phy80211 = faccessat(folder, "phy80211", F_OK, 0) == 0,
		.info_kind = link->info_kind,
		.devtype = devtype,
		.driver = link->driver,
	};
	int r;

	read_devtype(folder, devtype);
	r = read_device(root, folder, link, &traits.buses);
	if (r < 0)
		return r;
	if (number_at(folder, "addr_assign_type") == NET_ADDR_SET)
		link->marks |= NET_LINK_MAC_SET;
	link->kind = net_classify(&traits);
	return 0;
}

/* The name may have gone to another link between two readings by name. */
static bool is_still(const char *root, const struct net_link *link)
{
	int folder = open_link(root, link->name);
	long index = folder < 0 ? -1 : number_at(folder, "ifindex");

	if (folder >= 0)
		close(folder);
	return index == (long)link->index;
}

int net_sysfs_read(const char *root, struct net_link *link)
{
	int folder, r;

	link->kind = NET_KIND_UNKNOWN;
	link->flaw = NET_FLAW_UNREADABLE;
	link->marks &= ~(NET_LINK_MAC_SET | NET_LINK_FALLBACK);
	memset(link->driver, 0, sizeof(link->driver));
	memset(link->path, 0, sizeof(link->path));
	if (net_classify_is_fallback(link))
		link->marks |= NET_LINK_FALLBACK;
	folder = open_link(root, link->name);
	if (folder < 0)
		return -ENODEV;
	if (number_at(folder, "ifindex") != (long)link->index ||
	    number_at(folder, "type") != (long)link->arphrd) {
		link->flaw = NET_FLAW_MISMATCH;
		close(folder);
		return 0;
	}
	r = read_traits(root, folder, link);
	close(folder);
	if (r == 0 && is_still(root, link)) {
		link->flaw = NET_SOUND;
	} else {
		link->kind = NET_KIND_UNKNOWN;
		link->flaw = r == 0 ? NET_FLAW_MISMATCH : NET_FLAW_UNREADABLE;
	}
	return 0;
}
