// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/usb/usb_interfaces.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/usb_sysfs.h"

/* Of the interface numbers of one configuration, each once. */
static bool is_first_of_number(const struct usb_facts *facts, uint32_t fact)
{
	for (uint32_t k = 0; k < fact; k++)
		if (facts->interfaces[k].config == facts->interfaces[fact].config &&
		    facts->interfaces[k].number == facts->interfaces[fact].number)
			return false;
	return true;
}

/* An interface is granted when all its alternate settings are: a driver may switch between them. */
bool usb_interfaces_granted(const struct usb_verdict *verdict, uint32_t fact)
{
	const struct usb_facts *facts = &verdict->facts;

	if (verdict->verdict.result != POLICY_RESULT_PERMIT)
		return false;
	for (uint32_t k = 0; k < facts->interface_count; k++)
		if (facts->interfaces[k].config == facts->interfaces[fact].config &&
		    facts->interfaces[k].number == facts->interfaces[fact].number &&
		    !policy_verdict_has(&verdict->verdict, k))
			return false;
	return true;
}

void usb_interfaces_name(const struct usb_facts *facts, uint32_t fact,
			 char name[static USB_INTERFACE_NAME_SIZE])
{
	const struct usb_interface *interface = &facts->interfaces[fact];

	if (strncmp(facts->port, "usb", 3) == 0)
		snprintf(name, USB_INTERFACE_NAME_SIZE, "%u-0:%u.%u", facts->bus, interface->config,
			 interface->number);
	else
		snprintf(name, USB_INTERFACE_NAME_SIZE, "%s:%u.%u", facts->port, interface->config,
			 interface->number);
}

static int hold(struct usb_interfaces *interfaces, int folder, const struct usb_facts *facts,
		uint32_t fact)
{
	char name[USB_INTERFACE_NAME_SIZE];
	int fd;

	if (interfaces->count == USB_INTERFACES_HELD)
		return -E2BIG;
	usb_interfaces_name(facts, fact, name);
	fd = openat(folder, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	interfaces->held[interfaces->count++] =
		(struct usb_interface_held){ .fact = fact, .folder = fd };
	return 0;
}

int usb_interfaces_open(struct usb_interfaces *interfaces, int folder,
			const struct usb_facts *facts, int config)
{
	int r = 0;

	interfaces->count = 0;
	for (uint32_t i = 0; r == 0 && i < facts->interface_count; i++)
		if (facts->interfaces[i].config == config && is_first_of_number(facts, i))
			r = hold(interfaces, folder, facts, i);
	if (r < 0)
		usb_interfaces_close(interfaces);
	return r;
}

void usb_interfaces_close(struct usb_interfaces *interfaces)
{
	for (uint32_t i = 0; i < interfaces->count; i++)
		close(interfaces->held[i].folder);
	interfaces->count = 0;
}

/*
 * Ids of the device, classes of the setting in use, and the interface's number, in the kernel's own
 * words (drivers/usb/core/sysfs.c), each thing at its place:
 * usb:v0951p1666d0110dc00dsc00dp00ic08isc06ip50in00
 */
static void name_modalias(const struct usb_facts *facts, const struct usb_interface *interface,
			  char name[static 64])
{
	snprintf(name, 64, "usb:v%04Xp%04Xd%04Xdc%02Xdsc%02Xdp%02Xic%02Xisc%02Xip%02Xin%02X",
		 facts->vendor, facts->product, facts->release, facts->class, facts->subclass,
		 facts->protocol, interface->class, interface->subclass, interface->protocol,
		 interface->number);
}

/*
 * The setting of that interface which is in use, among the facts; NULL: none is. Where there is only
 * one the kernel need not be asked for its number: it has to be of the same class.
 */
static const struct usb_interface *find_setting(const struct usb_interface_held *held,
						const struct usb_facts *facts)
{
	const struct usb_interface *first = &facts->interfaces[held->fact];
	uint32_t settings = 0;
	int alternate;

	for (uint32_t i = 0; i < facts->interface_count; i++)
		settings += facts->interfaces[i].config == first->config &&
			    facts->interfaces[i].number == first->number;
	if (settings == 1)
		return first;
	alternate = usb_sysfs_number(held->folder, "bAlternateSetting", 10);
	for (uint32_t i = 0; i < facts->interface_count; i++) {
		const struct usb_interface *known = &facts->interfaces[i];

		if (known->config == first->config && known->number == first->number &&
		    known->alternate == alternate)
			return known;
	}
	return NULL;
}

static int compare_one(const struct usb_interface_held *held, const struct usb_facts *facts)
{
	const struct usb_interface *setting = find_setting(held, facts);
	char stated[64], shown[64];
	ssize_t length;

	if (!setting)
		return -ESTALE;
	name_modalias(facts, setting, stated);
	length = file_attribute_at(held->folder, "modalias", shown, sizeof(shown));
	if (length < 0)
		return (int)length;
	return strcmp(stated, shown) == 0 ? 0 : -ESTALE;
}

int usb_interfaces_compare(const struct usb_interfaces *interfaces, int folder,
			   const struct usb_facts *facts)
{
	int count = usb_sysfs_number(folder, "bNumInterfaces", 10);
	int r = 0;

	if (count < 0)
		return count;
	if (count == 0 || (uint32_t)count != interfaces->count)
		return -ESTALE;
	for (uint32_t i = 0; r == 0 && i < interfaces->count; i++)
		r = compare_one(&interfaces->held[i], facts);
	return r;
}
