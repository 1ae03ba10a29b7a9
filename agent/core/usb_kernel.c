// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/usb_kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/lib/usb_sysfs.h"

#define INTERFACE_NAME_SIZE (USB_PORT_SIZE + 16)

/* The interface numbers of one configuration, each once. */
static bool is_first_of_number(const struct usb_facts *facts, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (facts->interfaces[k].config == facts->interfaces[i].config &&
		    facts->interfaces[k].number == facts->interfaces[i].number)
			return false;
	return true;
}

/* An interface is granted when all its alternate settings are: a driver may switch between them. */
static bool is_granted(const struct usb_verdict *verdict, uint32_t i)
{
	const struct usb_facts *facts = &verdict->facts;

	if (verdict->verdict.result != POLICY_RESULT_PERMIT)
		return false;
	for (uint32_t k = 0; k < facts->interface_count; k++)
		if (facts->interfaces[k].config == facts->interfaces[i].config &&
		    facts->interfaces[k].number == facts->interfaces[i].number &&
		    !policy_verdict_has(&verdict->verdict, k))
			return false;
	return true;
}

/* "1-2:1.0"; of a root hub, "1-0:1.0". */
static void interface_name(const struct usb_facts *facts, uint32_t i, char *name)
{
	const struct usb_interface *interface = &facts->interfaces[i];

	if (strncmp(facts->port, "usb", 3) == 0)
		snprintf(name, INTERFACE_NAME_SIZE, "%u-0:%u.%u", facts->bus, interface->config,
			 interface->number);
	else
		snprintf(name, INTERFACE_NAME_SIZE, "%s:%u.%u", facts->port, interface->config,
			 interface->number);
}

static int open_interface(int folder, const struct usb_facts *facts, uint32_t i)
{
	char name[INTERFACE_NAME_SIZE];
	int fd;

	interface_name(facts, i, name);
	fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Two hexadecimal digits after their label, both at @at. */
static bool take_field(const char *at, const char *label, uint8_t *value)
{
	size_t length = strlen(label);

	return strncmp(at, label, length) == 0 &&
	       sodium_hex2bin(value, 1, at + length, 2, NULL, NULL, NULL) == 0;
}

/*
 * The setting that is in use, in the device's own words. `modalias` has all but the setting's number
 * at once, each thing at its place: usb:v0951p1666d0110dc00dsc00dp00ic08isc06ip50in00
 * (drivers/usb/core/sysfs.c).
 */
static int read_setting(int interface, struct usb_interface *setting)
{
	char text[64];
	ssize_t length = file_attribute_at(interface, "modalias", text, sizeof(text));
	int alternate = usb_sysfs_number(interface, "bAlternateSetting", 10);

	if (length < 0)
		return (int)length;
	if (alternate < 0)
		return alternate;
	setting->alternate = (uint8_t)alternate;
	return length == 49 && take_field(text + 32, "ic", &setting->class) &&
			       take_field(text + 36, "isc", &setting->subclass) &&
			       take_field(text + 41, "ip", &setting->protocol) &&
			       take_field(text + 45, "in", &setting->number)
		       ? 0
		       : -EINVAL;
}

static bool is_fact(const struct usb_facts *facts, int config, int interface)
{
	struct usb_interface now = { 0 };

	if (read_setting(interface, &now) < 0)
		return false;
	for (uint32_t i = 0; i < facts->interface_count; i++) {
		const struct usb_interface *known = &facts->interfaces[i];

		if (known->config == config && known->number == now.number &&
		    known->alternate == now.alternate)
			return known->class == now.class && known->subclass == now.subclass &&
			       known->protocol == now.protocol;
	}
	return false;
}

/* Interface folders below the device: their names hold a colon. */
static int count_folders(int folder)
{
	const struct dirent *entry;
	int count = 0, fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);

	if (!list) {
		if (fd >= 0)
			close(fd);
		return -errno;
	}
	/* Things below a device that are no interface have no colon; ep_00, power, the port link. */
	while ((entry = readdir(list)))
		count += strchr(entry->d_name, ':') != NULL;
	closedir(list);
	return count;
}

static int compare_interfaces(int folder, const struct usb_facts *facts, int config)
{
	int expected = 0, found;

	for (uint32_t i = 0; i < facts->interface_count; i++) {
		int interface;
		bool good;

		if (facts->interfaces[i].config != config || !is_first_of_number(facts, i))
			continue;
		expected++;
		interface = open_interface(folder, facts, i);
		if (interface < 0)
			return interface == -ENOENT ? -ESTALE : interface;
		good = is_fact(facts, config, interface);
		close(interface);
		if (!good)
			return -ESTALE;
	}
	found = count_folders(folder);
	if (found < 0)
		return found;
	return found == expected && expected > 0 ? 0 : -ESTALE;
}

int usb_kernel_compare(int folder, const struct usb_facts *facts)
{
	char serial[USB_STRING_SIZE];
	ssize_t length;
	int config;

	if (usb_sysfs_number(folder, "devnum", 10) != (int)facts->device ||
	    usb_sysfs_number(folder, "busnum", 10) != (int)facts->bus)
		return -ENODEV;
	if (usb_sysfs_number(folder, "idVendor", 16) != facts->vendor ||
	    usb_sysfs_number(folder, "idProduct", 16) != facts->product)
		return -ESTALE;
	length = file_attribute_at(folder, "serial", serial, sizeof(serial));
	if (length == -ENOENT)
		serial[0] = 0;
	else if (length < 0)
		return (int)length;
	if (strcmp(serial, facts->serial) != 0)
		return -ESTALE;
	/* Empty while the device has no configuration: nothing more to compare. */
	config = usb_sysfs_number(folder, "bConfigurationValue", 10);
	return config > 0 ? compare_interfaces(folder, facts, config) : 0;
}

/* Adds what one interface shows to the picture. */
static int interface_state(int folder, const struct usb_verdict *verdict, uint32_t i, bool *less,
			   bool *more)
{
	int interface = open_interface(folder, &verdict->facts, i);
	int authorised;

	if (interface < 0)
		return interface;
	authorised = usb_sysfs_number(interface, "authorized", 10);
	close(interface);
	if (authorised < 0)
		return authorised;
	if (authorised && !is_granted(verdict, i))
		*more = true;
	if (!authorised && is_granted(verdict, i))
		*less = true;
	return 0;
}

int usb_kernel_state(int folder, const struct usb_verdict *verdict)
{
	const struct usb_facts *facts = &verdict->facts;
	int authorised = usb_sysfs_number(folder, "authorized", 10);
	int config = usb_sysfs_number(folder, "bConfigurationValue", 10);
	bool less = false, more = false;
	int r;

	if (authorised < 0)
		return authorised;
	if (!authorised && config <= 0)
		return USB_KERNEL_CLOSED;
	if (verdict->verdict.result != POLICY_RESULT_PERMIT)
		return USB_KERNEL_MORE;
	for (uint32_t i = 0; i < facts->interface_count; i++) {
		if (facts->interfaces[i].config != config || !is_first_of_number(facts, i))
			continue;
		r = interface_state(folder, verdict, i, &less, &more);
		if (r < 0)
			return r;
	}
	if (more)
		return USB_KERNEL_MORE;
	return less || config <= 0 ? USB_KERNEL_LESS : USB_KERNEL_EQUAL;
}

/* No interface of the device may open by itself once it has a configuration. */
static int check_bus(const char *root, const struct usb_facts *facts)
{
	char hub[16];
	int folder, r;

	snprintf(hub, sizeof(hub), "usb%u", facts->bus);
	folder = usb_sysfs_open(root, hub);
	if (folder < 0)
		return folder;
	r = usb_sysfs_number(folder, "interface_authorized_default", 10);
	close(folder);
	if (r < 0)
		return r;
	return r == 0 ? 0 : usb_kernel_close_bus(root, hub);
}

static int probe(const char *root, const char *name)
{
	char path[PATH_MAX];
	int folder, r;

	r = path_join(path, root, "/sys/bus/usb");
	if (r < 0)
		return r;
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	r = file_write_at(folder, "drivers_probe", name);
	close(folder);
	/* EINVAL: no driver wanted it. That is not for us to mind. */
	return r == -EINVAL ? 0 : r;
}

static int set_interface(int folder, const struct usb_verdict *verdict, uint32_t i)
{
	int interface = open_interface(folder, &verdict->facts, i);
	const char *wanted = is_granted(verdict, i) ? "1" : "0";
	int r;

	if (interface < 0)
		return interface;
	r = usb_sysfs_number(interface, "authorized", 10);
	if (r >= 0)
		r = r == wanted[0] - '0' ? 0 : usb_sysfs_set(interface, "authorized", wanted);
	close(interface);
	return r;
}

/* All flags first, then the probing: a driver may claim several interfaces at once. */
static int set_interfaces(const char *root, int folder, const struct usb_verdict *verdict)
{
	const struct usb_facts *facts = &verdict->facts;
	int config = usb_sysfs_number(folder, "bConfigurationValue", 10);
	char name[INTERFACE_NAME_SIZE];
	int r = config > 0 ? 0 : -EIO;

	for (uint32_t i = 0; r == 0 && i < facts->interface_count; i++)
		if (facts->interfaces[i].config == config && is_first_of_number(facts, i))
			r = set_interface(folder, verdict, i);
	for (uint32_t i = 0; r == 0 && i < facts->interface_count; i++) {
		if (facts->interfaces[i].config != config || !is_first_of_number(facts, i) ||
		    !is_granted(verdict, i))
			continue;
		interface_name(facts, i, name);
		r = probe(root, name);
	}
	return r;
}

int usb_kernel_authorise(const char *root, int folder, const struct usb_verdict *verdict)
{
	int r;

	r = check_bus(root, &verdict->facts);
	if (r == 0 && usb_sysfs_number(folder, "authorized", 10) != 1)
		r = usb_sysfs_set(folder, "authorized", "1");
	if (r == 0)
		r = usb_kernel_compare(folder, &verdict->facts);
	if (r == 0)
		r = set_interfaces(root, folder, verdict);
	if (r == 0 && usb_kernel_state(folder, verdict) != USB_KERNEL_EQUAL)
		r = -EIO;
	if (r < 0)
		usb_kernel_block(folder);
	return r;
}

int usb_kernel_open_hub(const char *root, int folder, const struct usb_verdict *verdict)
{
	int r = usb_kernel_state(folder, verdict);

	if (r == USB_KERNEL_LESS && usb_sysfs_number(folder, "bConfigurationValue", 10) > 0)
		r = set_interfaces(root, folder, verdict);
	/* Not there yet, or not any more: an event follows either way. */
	return r == -ENOENT || r == -ENODEV || r > 0 ? 0 : r;
}

static bool is_gone(int error)
{
	return error == -ENODEV || error == -ENOENT;
}

int usb_kernel_block(int folder)
{
	int r = usb_sysfs_number(folder, "authorized", 10);

	if (r != 0)
		r = usb_sysfs_set(folder, "authorized", "0");
	return is_gone(r) ? 0 : r;
}
