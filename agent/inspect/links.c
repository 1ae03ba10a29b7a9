// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/links.h"

#include <errno.h>
#include <limits.h>
#include <linux/netdevice.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/inspect_read.h"
#include "agent/lib/net_sysfs.h"

static unsigned long number(const struct inspect *inspect, const char *name, const char *attribute)
{
	char path[PATH_MAX], text[32];

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", name, attribute);
	if (inspect_attribute(inspect, path, text, sizeof(text)) < 0)
		return 0;
	return strtoul(text, NULL, 0);
}

static uint8_t read_mac(const struct inspect *inspect, const char *name, uint8_t *mac)
{
	char path[PATH_MAX], text[3 * NET_LLADDR_MAX + 1], *at = text, *end;
	uint8_t length = 0;

	snprintf(path, sizeof(path), "/sys/class/net/%s/address", name);
	if (inspect_attribute(inspect, path, text, sizeof(text)) < 0)
		return 0;
	while (length < NET_LLADDR_MAX) {
		unsigned long byte = strtoul(at, &end, 16);

		if (end != at + 2 || byte > 0xff)
			break;
		mac[length++] = (uint8_t)byte;
		if (*end != ':')
			break;
		at = end + 1;
	}
	return length;
}

int links_read(const struct inspect *inspect, const char *name, struct net_link *link)
{
	*link = (struct net_link){ .nsid = -1 };
	if (strlen(name) >= sizeof(link->name))
		return -EINVAL;
	memcpy(link->name, name, strlen(name) + 1);
	link->index = (uint32_t)number(inspect, name, "ifindex");
	link->arphrd = (uint16_t)number(inspect, name, "type");
	link->flags = (uint32_t)number(inspect, name, "flags");
	link->mac_length = read_mac(inspect, name, link->mac);
	if (number(inspect, name, "addr_assign_type") == NET_ADDR_PERM) {
		link->permanent_length = link->mac_length;
		memcpy(link->permanent, link->mac, sizeof(link->mac));
	}
	if (number(inspect, name, "carrier"))
		link->marks |= NET_LINK_CARRIER;
	return net_sysfs_read(inspect->subject.root, link);
}
