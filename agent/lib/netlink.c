// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <limits.h>
#include <string.h>

/* mnl_nlmsg_ok() of libmnl 1.0.4 takes a length of 2^31 or more for a small one. */
static bool is_whole(const struct nlmsghdr *message, int left)
{
	return left >= (int)sizeof(*message) && message->nlmsg_len >= sizeof(*message) &&
	       message->nlmsg_len <= (uint32_t)left;
}

int netlink_each(const void *packet, size_t length,
		 int (*visit)(const struct nlmsghdr *message, void *data), void *data)
{
	const struct nlmsghdr *message = packet;
	int left, r = 0;

	if (length > INT_MAX)
		return -EBADMSG;
	for (left = (int)length; r == 0 && is_whole(message, left);
	     message = mnl_nlmsg_next(message, &left))
		r = visit(message, data);
	/* The last message's padding may be missing, which makes what is left negative. */
	return r != 0 ? r : left > 0 ? -EBADMSG : 0;
}

const void *netlink_header(const struct nlmsghdr *message, size_t size)
{
	if (mnl_nlmsg_get_payload_len(message) < size)
		return NULL;
	return mnl_nlmsg_get_payload(message);
}

static int collect(const uint8_t *data, size_t length, struct netlink_attributes *attributes)
{
	const struct nlattr *attribute = (const void *)data;
	int left = (int)length;

	memset(attributes, 0, sizeof(*attributes));
	for (; mnl_attr_ok(attribute, left); attribute = mnl_attr_next(attribute)) {
		uint16_t type = mnl_attr_get_type(attribute);

		if (type < NETLINK_ATTRIBUTES && !attributes->of[type])
			attributes->of[type] = attribute;
		left -= (int)MNL_ALIGN(attribute->nla_len);
	}
	return left > 0 ? -EBADMSG : 0;
}

int netlink_attributes(const struct nlmsghdr *message, size_t header,
		       struct netlink_attributes *attributes)
{
	size_t length = mnl_nlmsg_get_payload_len(message), skip = (header + 3) & ~(size_t)3;

	memset(attributes, 0, sizeof(*attributes));
	if (length < header || length > INT_MAX)
		return -EBADMSG;
	if (length <= skip)
		return 0;
	return collect((const uint8_t *)mnl_nlmsg_get_payload(message) + skip, length - skip,
		       attributes);
}

int netlink_nested(const struct nlattr *attribute, struct netlink_attributes *attributes)
{
	memset(attributes, 0, sizeof(*attributes));
	if (!attribute)
		return 0;
	return collect(mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute),
		       attributes);
}

int netlink_walk(const struct nlattr *attribute,
		 int (*visit)(uint16_t type, const void *value, size_t size, void *data),
		 void *data)
{
	const struct nlattr *inner;
	int left, r = 0;

	if (!attribute)
		return 0;
	inner = mnl_attr_get_payload(attribute);
	for (left = mnl_attr_get_payload_len(attribute); r == 0 && mnl_attr_ok(inner, left);
	     inner = mnl_attr_next(inner)) {
		left -= (int)MNL_ALIGN(inner->nla_len);
		r = visit(mnl_attr_get_type(inner), mnl_attr_get_payload(inner),
			  mnl_attr_get_payload_len(inner), data);
	}
	return r != 0 ? r : left > 0 ? -EBADMSG : 0;
}

const void *netlink_value(const struct nlattr *attribute, size_t *size)
{
	*size = attribute ? mnl_attr_get_payload_len(attribute) : 0;
	return attribute ? mnl_attr_get_payload(attribute) : NULL;
}

bool netlink_copy(const struct nlattr *attribute, void *value, size_t size)
{
	size_t length;
	const void *bytes = netlink_value(attribute, &length);

	if (!bytes || length != size)
		return false;
	memcpy(value, bytes, size);
	return true;
}

uint32_t netlink_u32(const struct nlattr *attribute)
{
	uint32_t value = 0;

	netlink_copy(attribute, &value, sizeof(value));
	return value;
}

uint16_t netlink_u16(const struct nlattr *attribute)
{
	uint16_t value = 0;

	netlink_copy(attribute, &value, sizeof(value));
	return value;
}

uint8_t netlink_u8(const struct nlattr *attribute)
{
	uint8_t value = 0;

	netlink_copy(attribute, &value, sizeof(value));
	return value;
}

void netlink_text(const struct nlattr *attribute, char *text, size_t size)
{
	size_t length;
	const char *bytes = netlink_value(attribute, &length);

	memset(text, 0, size);
	if (!bytes)
		return;
	length = strnlen(bytes, length);
	memcpy(text, bytes, length < size ? length : size - 1);
}
