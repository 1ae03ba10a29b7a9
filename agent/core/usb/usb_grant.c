// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/usb/usb_grant.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/core/usb/usb_kernel.h"
#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "agent/lib/usb_sysfs.h"

/* Looking takes a processor, and there may be only one for the kernel's part as well. */
#define LOOK_EVERY_US 100

bool usb_grant_ready(int folder, unsigned int wait_us)
{
	for (unsigned int waited = 0;; waited += LOOK_EVERY_US) {
		struct stat link;
		bool ready = fstatat(folder, "driver", &link, AT_SYMLINK_NOFOLLOW) == 0;

		if (ready || errno != ENOENT || waited >= wait_us)
			return ready;
		usleep(LOOK_EVERY_US);
	}
}

/* No interface of the device may open by itself once it has a configuration. */
static int check_bus(const char *root, int hub, uint32_t bus)
{
	char port[16];
	int folder = hub, r;

	snprintf(port, sizeof(port), "usb%u", bus);
	if (hub < 0)
		folder = usb_sysfs_open(root, port);
	if (folder < 0)
		return folder;
	r = usb_sysfs_number(folder, "interface_authorized_default", 10);
	if (hub < 0)
		close(folder);
	if (r < 0)
		return r;
	return r == 0 ? 0 : usb_kernel_close_bus(root, port);
}

/* The number of the configuration that the kernel has chosen. */
static int configuration_of(int folder, const struct usb_facts *facts)
{
	/* Its folders bear its number: where there is only one, opening them tells. */
	if (facts->configurations == 1 && facts->interface_count > 0)
		return facts->interfaces[0].config;
	return usb_sysfs_number(folder, "bConfigurationValue", 10);
}

/* Once it is authorised: still what was decided about? Holds its interfaces. */
static int hold_same(struct usb_grant *grant, int folder, const struct usb_facts *facts)
{
	int config, r;

	r = usb_kernel_compare_serial(folder, facts);
	if (r < 0)
		return r;
	config = configuration_of(folder, facts);
	if (config <= 0)
		return config < 0 && config != -EINVAL ? config : -EIO;
	r = usb_interfaces_open(&grant->interfaces, folder, facts, config);
	/* Another configuration than the only one that it told of, or none at all? */
	if (r == -ENOENT)
		return usb_sysfs_number(folder, "bConfigurationValue", 10) > 0 ? -ESTALE : -EIO;
	return r < 0 ? r : usb_interfaces_compare(&grant->interfaces, folder, facts);
}

int usb_grant_prepare(struct usb_grant *grant, const char *root, int hub, int folder,
		      const struct usb_verdict *verdict)
{
	int r;

	usb_grant_release(grant);
	r = check_bus(root, hub, verdict->facts.bus);
	/* That it took effect is seen by the interfaces, which are there only then. */
	if (r == 0)
		r = file_write_at(folder, "authorized", "1");
	if (r == 0)
		r = hold_same(grant, folder, &verdict->facts);
	if (r < 0) {
		usb_grant_release(grant);
		usb_kernel_block(folder);
	}
	grant->prepared = r == 0;
	grant->error = r;
	return r;
}

bool usb_grant_is_shut(const struct usb_grant *grant)
{
	for (uint32_t i = 0; i < grant->interfaces.count; i++)
		if (usb_sysfs_number(grant->interfaces.held[i].folder, "authorized", 10) != 0)
			return false;
	return grant->prepared;
}

static int set_flag(const struct usb_interface_held *held, const struct usb_verdict *verdict)
{
	int shown;

	/* Read back with all the rest, once drivers were asked. */
	if (usb_interfaces_granted(verdict, held->fact))
		return file_write_at(held->folder, "authorized", "1");
	shown = usb_sysfs_number(held->folder, "authorized", 10);
	return shown > 0 ? usb_sysfs_set(held->folder, "authorized", "0") : shown;
}

static int ask_drivers(int probe, const struct usb_facts *facts, uint32_t fact)
{
	char name[USB_INTERFACE_NAME_SIZE];

	usb_interfaces_name(facts, fact, name);
	/* EINVAL: no driver wanted it. That is not for us to mind. */
	return write(probe, name, strlen(name)) < 0 && errno != EINVAL ? -errno : 0;
}

/* All flags first, then the drivers: one may claim several interfaces at once. */
static int set_interfaces(const struct usb_interfaces *interfaces, int probe,
			  const struct usb_verdict *verdict)
{
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < interfaces->count; i++)
		r = set_flag(&interfaces->held[i], verdict);
	for (uint32_t i = 0; r == 0 && i < interfaces->count; i++)
		if (usb_interfaces_granted(verdict, interfaces->held[i].fact))
			r = ask_drivers(probe, &verdict->facts, interfaces->held[i].fact);
	return r;
}

int usb_grant_open(struct usb_grant *grant, int probe, int folder,
		   const struct usb_verdict *verdict)
{
	int r = grant->prepared ? set_interfaces(&grant->interfaces, probe, verdict) : -EINVAL;

	if (r == 0 && usb_kernel_state(folder, verdict) != USB_KERNEL_EQUAL)
		r = -EIO;
	if (r < 0)
		usb_kernel_block(folder);
	usb_grant_release(grant);
	return r;
}

void usb_grant_release(struct usb_grant *grant)
{
	usb_interfaces_close(&grant->interfaces);
	grant->prepared = false;
	grant->error = 0;
}

int usb_grant_probe(const char *root)
{
	char path[PATH_MAX];
	int fd, r;

	r = path_join(path, root, "/sys/bus/usb/drivers_probe");
	if (r < 0)
		return r;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int usb_grant_hub(int probe, int folder, const struct usb_verdict *verdict)
{
	struct usb_interfaces interfaces;
	int config = usb_sysfs_number(folder, "bConfigurationValue", 10);
	int r = usb_kernel_state(folder, verdict);

	if (r == USB_KERNEL_LESS && config > 0) {
		r = usb_interfaces_open(&interfaces, folder, &verdict->facts, config);
		if (r == 0) {
			r = set_interfaces(&interfaces, probe, verdict);
			usb_interfaces_close(&interfaces);
		}
	}
	/* Not there yet, or not any more: an event follows either way. */
	return r == -ENOENT || r == -ENODEV || r > 0 ? 0 : r;
}
