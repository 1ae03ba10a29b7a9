// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/sysfs_tree.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/unit.h"

#define DEVICES "/sys/bus/usb/devices/"

static void make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		ck_assert(mkdir(path, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
}

void sysfs_tree_put(const char *root, const char *path, const void *data, size_t length)
{
	char full[PATH_MAX];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", root, path);
	make_folders(full);
	file = fopen(full, "we");
	ck_assert_msg(file != NULL, "%s: %s", full, strerror(errno));
	ck_assert_uint_eq(fwrite(data, 1, length, file), length);
	ck_assert_int_eq(fclose(file), 0);
}

void sysfs_tree_text(const char *root, const char *path, const char *text)
{
	char line[512];

	snprintf(line, sizeof(line), "%s\n", text);
	sysfs_tree_put(root, path, line, strlen(line));
}

const char *sysfs_tree_get(const char *root, const char *path)
{
	static char line[512];
	char full[PATH_MAX];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", root, path);
	file = fopen(full, "re");
	ck_assert_msg(file != NULL, "%s: %s", full, strerror(errno));
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	line[strcspn(line, "\n")] = 0;
	return line;
}

static void attribute(const char *root, const char *port, const char *name, const char *text)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), DEVICES "%s/%s", port, name);
	sysfs_tree_text(root, path, text);
}

void sysfs_tree_numbers(const char *root, const char *port, unsigned int bus, unsigned int device,
			const char *product)
{
	char text[160];

	snprintf(text, sizeof(text), "%u:%u", 189, (bus - 1) * 128 + device - 1);
	attribute(root, port, "dev", text);
	snprintf(text, sizeof(text),
		 "MAJOR=189\nDEVTYPE=usb_device\nPRODUCT=%s\nBUSNUM=%03u\nDEVNUM=%03u", product,
		 bus, device);
	attribute(root, port, "uevent", text);
}

void sysfs_tree_bus(const char *root, unsigned int bus)
{
	char port[16];

	snprintf(port, sizeof(port), "usb%u", bus);
	sysfs_tree_numbers(root, port, bus, 1, "1d6b/2/601");
	attribute(root, port, "authorized", "1");
	attribute(root, port, "authorized_default", "1");
	attribute(root, port, "interface_authorized_default", "1");
	sysfs_tree_text(root, "/sys/bus/usb/drivers_probe", "");
	sysfs_tree_text(root, "/sys/module/usbcore/parameters/authorized_default", "1");
}

void sysfs_tree_stick(const char *root, const char *port, unsigned int device, const char *serial)
{
	static const uint8_t descriptors[] = {
		18,   1,  0x00, 0x02, 0, 0, 0,	  64,	0x51, 0x09, 0x66, 0x16, 0x10,
		0x01, 1,  2,	3,    1, 9, 2,	  32,	0,    1,    1,	  0,	0x80,
		100,  9,  4,	0,    0, 2, 0x08, 0x06, 0x50, 0,    7,	  5,	0x81,
		2,    64, 0,	0,    7, 5, 0x02, 2,	64,   0,    0,
	};
	char path[PATH_MAX];

	sysfs_tree_numbers(root, port, (unsigned int)atoi(port), device, "951/1666/110");
	attribute(root, port, "driver", "usb");
	attribute(root, port, "product", "DataTraveler");
	attribute(root, port, "manufacturer", "Kingston");
	if (serial)
		attribute(root, port, "serial", serial);
	attribute(root, port, "authorized", "0");
	attribute(root, port, "bConfigurationValue", "");
	snprintf(path, sizeof(path), DEVICES "%s/descriptors", port);
	sysfs_tree_put(root, path, descriptors, sizeof(descriptors));
}

void sysfs_tree_interface(const char *root, const char *port, unsigned int number,
			  const char *class, const char *subclass, const char *protocol)
{
	const struct {
		const char *name;
		const char *text;
	} attributes[] = {
		{ "bInterfaceClass", class },
		{ "bInterfaceSubClass", subclass },
		{ "bInterfaceProtocol", protocol },
		{ "bAlternateSetting", " 0" },
		{ "authorized", "0" },
	};
	char folder[64], path[128], text[64];

	snprintf(folder, sizeof(folder), "%.24s:1.%u", port, number);
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, attributes[i].name);
		attribute(root, port, path, attributes[i].text);
	}
	snprintf(path, sizeof(path), "%s/modalias", folder);
	snprintf(text, sizeof(text), "usb:v0951p1666d0110dc00dsc00dp00ic%.2sisc%.2sip%.2sin%02X",
		 class, subclass, protocol, number);
	attribute(root, port, path, text);
	attribute(root, port, "bConfigurationValue", "1");
	snprintf(text, sizeof(text), "%2u", number + 1);
	attribute(root, port, "bNumInterfaces", text);
}
