// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/usb/usb_kernel.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/usb/usb_interfaces.h"
#include "agent/lib/file.h"
#include "agent/lib/usb_sysfs.h"

/* More than the kernel puts into an event (UEVENT_BUFFER_SIZE). */
#define EVENT_SIZE 2304

static bool has_line(const char *text, const char *line)
{
	size_t length = strlen(line);

	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, line, length) == 0 && (at[length] == '\n' || at[length] == 0))
			return true;
	}
	return false;
}

/* `uevent` tells numbers and ids in one reading (usb_uevent() and usb_dev_uevent() of the kernel). */
static int compare_ids(int folder, const struct usb_facts *facts)
{
	char text[EVENT_SIZE], bus[32], device[32], product[32];
	ssize_t length = file_attribute_at(folder, "uevent", text, sizeof(text));

	if (length < 0)
		return (int)length;
	snprintf(bus, sizeof(bus), "BUSNUM=%03u", facts->bus);
	snprintf(device, sizeof(device), "DEVNUM=%03u", facts->device);
	snprintf(product, sizeof(product), "PRODUCT=%x/%x/%x", facts->vendor, facts->product,
		 facts->release);
	if (!has_line(text, bus) || !has_line(text, device))
		return -ENODEV;
	return has_line(text, product) ? 0 : -ESTALE;
}

int usb_kernel_compare_serial(int folder, const struct usb_facts *facts)
{
	char serial[USB_STRING_SIZE];
	ssize_t length = file_attribute_at(folder, "serial", serial, sizeof(serial));

	if (length == -ENOENT)
		serial[0] = 0;
	else if (length < 0)
		return (int)length;
	return strcmp(serial, facts->serial) == 0 ? 0 : -ESTALE;
}

static int compare_interfaces(int folder, const struct usb_facts *facts, int config)
{
	struct usb_interfaces interfaces;
	int r = usb_interfaces_open(&interfaces, folder, facts, config);

	if (r < 0)
		return r == -ENOENT ? -ESTALE : r;
	r = usb_interfaces_compare(&interfaces, folder, facts);
	usb_interfaces_close(&interfaces);
	return r;
}

int usb_kernel_compare_identity(int folder, const struct usb_facts *facts)
{
	int r = compare_ids(folder, facts);

	return r < 0 ? r : usb_kernel_compare_serial(folder, facts);
}

int usb_kernel_compare(int folder, const struct usb_facts *facts)
{
	int config, r;

	r = usb_kernel_compare_identity(folder, facts);
	if (r < 0)
		return r;
	/* Empty while the device has no configuration: nothing more to compare. */
	config = usb_sysfs_number(folder, "bConfigurationValue", 10);
	return config > 0 ? compare_interfaces(folder, facts, config) : 0;
}

/* What its interfaces grant, of an authorised device under a verdict that permits something. */
static int state_of_interfaces(int folder, const struct usb_verdict *verdict, int config)
{
	struct usb_interfaces interfaces;
	bool less = false, more = false;
	int r = usb_interfaces_open(&interfaces, folder, &verdict->facts, config);

	if (r < 0)
		return r;
	for (uint32_t i = 0; r >= 0 && i < interfaces.count; i++) {
		bool granted = usb_interfaces_granted(verdict, interfaces.held[i].fact);

		r = usb_sysfs_number(interfaces.held[i].folder, "authorized", 10);
		more |= r > 0 && !granted;
		less |= r == 0 && granted;
	}
	usb_interfaces_close(&interfaces);
	if (r < 0)
		return r;
	return more ? USB_KERNEL_MORE : less ? USB_KERNEL_LESS : USB_KERNEL_EQUAL;
}

int usb_kernel_state(int folder, const struct usb_verdict *verdict)
{
	int authorised = usb_sysfs_number(folder, "authorized", 10);
	int config;

	if (authorised < 0)
		return authorised;
	/* Such a device has no configuration (usb_set_configuration() of the kernel). */
	if (!authorised)
		return USB_KERNEL_CLOSED;
	if (verdict->verdict.result != POLICY_RESULT_PERMIT)
		return USB_KERNEL_MORE;
	config = usb_sysfs_number(folder, "bConfigurationValue", 10);
	return config > 0 ? state_of_interfaces(folder, verdict, config) : USB_KERNEL_LESS;
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
