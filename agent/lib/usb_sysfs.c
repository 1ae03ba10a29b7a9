// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/usb_sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"

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

static int open_by_path(const char *root, const char *port)
{
	char path[PATH_MAX], folder[NAME_MAX + sizeof(PATH_USB_DEVICES)];
	int fd, r;

	snprintf(folder, sizeof(folder), "%s/%s", PATH_USB_DEVICES, port);
	r = path_join(path, root, folder);
	if (r < 0)
		return r;
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int usb_sysfs_open_below(const char *root, int hub, const char *port)
{
	int fd = -1;

	if (!usb_sysfs_port_valid(port))
		return -EINVAL;
	if (hub >= 0)
		fd = openat(hub, port, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? open_by_path(root, port) : fd;
}

bool usb_sysfs_hub_of(const char *port, char hub[static USB_PORT_SIZE])
{
	const char *last = strrchr(port, '.');

	if (strncmp(port, "usb", 3) == 0)
		return false;
	if (last)
		snprintf(hub, USB_PORT_SIZE, "%.*s", (int)(last - port), port);
	else
		snprintf(hub, USB_PORT_SIZE, "usb%.*s", (int)strcspn(port, "-"), port);
	return true;
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
	size_t length = strlen(value);
	char now[16] = "";
	ssize_t n;
	int fd, r;

	fd = openat(folder, attribute, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = write(fd, value, length);
	r = n < 0 ? -errno : (size_t)n == length ? 0 : -EIO;
	if (r == 0) {
		/* From its beginning the kernel composes the text anew. */
		n = pread(fd, now, sizeof(now) - 1, 0);
		r = n < 0 ? -errno : 0;
	}
	close(fd);
	if (r < 0)
		return r;
	now[strcspn(now, "\n")] = 0;
	return strcmp(now, value) == 0 ? 0 : -EIO;
}

int usb_sysfs_numbers(int folder, uint32_t *bus, uint32_t *device)
{
	unsigned int major, minor;
	char text[32], end;
	ssize_t length = file_attribute_at(folder, "dev", text, sizeof(text));

	if (length < 0)
		return (int)length;
	/* NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers, of twenty bits */
	if (sscanf(text, "%3u:%7u%c", &major, &minor, &end) != 2)
		return -EINVAL;
	*bus = minor / 128 + 1;
	*device = minor % 128 + 1;
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
