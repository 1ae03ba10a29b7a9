// SPDX-License-Identifier: GPL-2.0-or-later
/* What is permitted, and what no longer is, as the kernel module is told. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/shim/shim_private.h"
#include "agent/core/usb/usb_interfaces.h"
#include "agent/lib/usb_sysfs.h"

int shim_usb_permit(struct shim *shim, int folder, const struct usb_verdict *verdict)
{
	const struct usb_facts *facts = &verdict->facts;
	uint64_t interfaces[4] = { 0 };
	uint32_t bus = 0, number = 0;
	struct airgap_usb found;
	int r;

	if (!shim_is_held(shim))
		return 0;
	if (!shim_has_session(shim))
		return -EAGAIN;
	r = shim_device_usb_find(&shim->device, facts->bus, facts->device, &found);
	/* While the folder is there, its numbers are nobody else's: what was found is this plug-in. */
	if (r == 0)
		r = usb_sysfs_numbers(folder, &bus, &number);
	if (r < 0)
		return shim_told(shim, r);
	if (bus != facts->bus || number != facts->device)
		return -ENODEV;
	for (uint32_t i = 0; i < facts->interface_count; i++)
		if (usb_interfaces_granted(verdict, i))
			interfaces[facts->interfaces[i].number / 64] |=
				UINT64_C(1) << facts->interfaces[i].number % 64;
	return shim_told(shim, shim_device_usb_allow(&shim->device, found.plug, interfaces));
}

void shim_usb_refuse(struct shim *shim, int folder)
{
	struct airgap_usb found;
	uint32_t bus, number;

	if (!shim_has_session(shim) || usb_sysfs_numbers(folder, &bus, &number) < 0 ||
	    shim_device_usb_find(&shim->device, bus, number, &found) < 0 ||
	    !(found.flags & AIRGAP_USB_PERMITTED))
		return;
	shim_told(shim, shim_device_usb_deny(&shim->device, found.plug));
}

int shim_link_permit(struct shim *shim, uint32_t index, bool eapol, bool *closed)
{
	uint32_t flags = eapol ? AIRGAP_NET_EAPOL : 0;
	uint64_t link = 0;
	int r;

	*closed = false;
	if (!shim_is_held(shim))
		return 0;
	if (!shim_has_session(shim))
		return -EAGAIN;
	r = shim_told(shim, shim_device_net_allow(&shim->device, -1, index, &link, &flags));
	*closed = r == 0 && flags & AIRGAP_NET_CLOSED;
	return r;
}

void shim_link_refuse(struct shim *shim, uint32_t index)
{
	if (shim_has_session(shim))
		shim_told(shim, shim_device_net_deny(&shim->device, -1, index, 0));
}

static int remember(struct shim *shim, const struct airgap_cidr *cidrs, size_t count, bool all)
{
	struct airgap_cidr *copy = calloc(count + 1, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	memcpy(copy, cidrs, count * sizeof(*copy));
	free(shim->cidrs);
	shim->cidrs = copy;
	shim->count = count;
	shim->all = all;
	return 0;
}

int shim_table(struct shim *shim, const struct airgap_cidr *cidrs, size_t count, bool all)
{
	int r;

	if (!shim_has_session(shim))
		return shim_is_held(shim) ? -EAGAIN : 0;
	if (shim->has_table && shim->count == count && shim->all == all &&
	    memcmp(shim->cidrs, cidrs, count * sizeof(*cidrs)) == 0)
		return 0;
	shim->has_table = false;
	r = remember(shim, cidrs, count, all);
	if (r == 0)
		r = shim_told(shim, shim_device_cidrs(&shim->device, cidrs, count, all));
	shim->has_table = r == 0;
	return r;
}
