// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/net_kernel_read.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>

/* A text of at most @size - 1 bytes; a longer one is no name of the kernel's. */
static int take_text(const struct nlattr *attribute, char *out, size_t size)
{
	size_t length = strnlen(mnl_attr_get_str(attribute), mnl_attr_get_payload_len(attribute));

	if (length >= size)
		return -EBADMSG;
	memcpy(out, mnl_attr_get_str(attribute), length);
	out[length] = 0;
	return 0;
}

static int take_lladdr(const struct nlattr *attribute, uint8_t *out, uint8_t *length)
{
	if (mnl_attr_get_payload_len(attribute) > NET_LLADDR_MAX)
		return -EBADMSG;
	*length = (uint8_t)mnl_attr_get_payload_len(attribute);
	memcpy(out, mnl_attr_get_payload(attribute), *length);
	return 0;
}

static int take_number(const struct nlattr *attribute, uint32_t *out)
{
	if (mnl_attr_validate(attribute, MNL_TYPE_U32) < 0)
		return -EBADMSG;
	*out = mnl_attr_get_u32(attribute);
	return 0;
}

static int visit_info(const struct nlattr *attribute, void *data)
{
	struct net_link *link = data;

	if (mnl_attr_get_type(attribute) != IFLA_INFO_KIND)
		return MNL_CB_OK;
	return take_text(attribute, link->info_kind, sizeof(link->info_kind)) < 0 ? MNL_CB_ERROR
										  : MNL_CB_OK;
}

static int visit_xdp(const struct nlattr *attribute, void *data)
{
	struct net_link *link = data;

	if (mnl_attr_get_type(attribute) == IFLA_XDP_ATTACHED &&
	    mnl_attr_get_payload_len(attribute) >= 1 &&
	    mnl_attr_get_u8(attribute) != XDP_ATTACHED_NONE)
		link->marks |= NET_LINK_XDP;
	return MNL_CB_OK;
}

static int take_nested(const struct nlattr *nest, mnl_attr_cb_t visit, struct net_link *link)
{
	return mnl_attr_parse_nested(nest, visit, link) == MNL_CB_ERROR ? -EBADMSG : 0;
}

static int take_attribute(const struct nlattr *attribute, struct net_link *link)
{
	switch (mnl_attr_get_type(attribute)) {
	case IFLA_IFNAME:
		return take_text(attribute, link->name, sizeof(link->name));
	case IFLA_ADDRESS:
		return take_lladdr(attribute, link->mac, &link->mac_length);
	case IFLA_PERM_ADDRESS:
		return take_lladdr(attribute, link->permanent, &link->permanent_length);
	case IFLA_MTU:
		return take_number(attribute, &link->mtu);
	case IFLA_LINK:
		return take_number(attribute, &link->parent);
	case IFLA_MASTER:
		return take_number(attribute, &link->master);
	case IFLA_LINKINFO:
		return take_nested(attribute, visit_info, link);
	case IFLA_XDP:
		return take_nested(attribute, visit_xdp, link);
	default:
		return 0;
	}
}

struct reading {
	struct net_link *link;
	bool abroad; /* what lies below it is in another namespace */
};

static int visit_attribute(const struct nlattr *attribute, void *data)
{
	struct reading *reading = data;

	reading->abroad |= mnl_attr_get_type(attribute) == IFLA_LINK_NETNSID;
	return take_attribute(attribute, reading->link) < 0 ? MNL_CB_ERROR : MNL_CB_OK;
}

int net_kernel_read_link(const struct nlmsghdr *head, struct net_link *link)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(head);
	struct reading reading = { .link = link };

	*link = (struct net_link){ .nsid = -1 };
	if (mnl_nlmsg_get_payload_len(head) < sizeof(*info) || info->ifi_index <= 0)
		return -EBADMSG;
	link->index = (uint32_t)info->ifi_index;
	link->flags = info->ifi_flags;
	link->arphrd = info->ifi_type;
	if (info->ifi_flags & IFF_LOWER_UP)
		link->marks |= NET_LINK_CARRIER;
	if (info->ifi_flags & IFF_PROMISC)
		link->marks |= NET_LINK_PROMISC;
	if (mnl_attr_parse(head, sizeof(*info), visit_attribute, &reading) == MNL_CB_ERROR)
		return -EBADMSG;
	if (reading.abroad || link->parent == link->index)
		link->parent = 0;
	return 0;
}
