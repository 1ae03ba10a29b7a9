/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading netlink messages with bounds, by libmnl. Formats: linux/netlink.h.
 *
 * All of it is pure: bytes in, values out. A buffer must be aligned to four bytes, as any array of
 * the kernel's structs is.
 */
#ifndef AIRGAP_LIB_NETLINK_H
#define AIRGAP_LIB_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlattr;
struct nlmsghdr;

#define NETLINK_ATTRIBUTES 64

/* Attributes by their type; they point into the message. What this program's headers do not know is left out. */
struct netlink_attributes {
	const struct nlattr *of[NETLINK_ATTRIBUTES];
};

/**
 * netlink_each - call @visit for every message in a packet
 *
 * Ends early when @visit returns nonzero, with that value. Returns 0, or -EBADMSG when what is left is
 * no whole message.
 */
int netlink_each(const void *packet, size_t length,
		 int (*visit)(const struct nlmsghdr *message, void *data), void *data);

/**
 * netlink_header - the fixed part of a message's body
 *
 * Returns a pointer to @size bytes, or NULL when the message is shorter.
 */
const void *netlink_header(const struct nlmsghdr *message, size_t size);

/**
 * netlink_attributes - the attributes after a fixed part of @header bytes
 *
 * Of an attribute that comes twice the first counts. Returns 0, or -EBADMSG when lengths do not fit.
 */
int netlink_attributes(const struct nlmsghdr *message, size_t header,
		       struct netlink_attributes *attributes);

/* netlink_nested - the attributes within one; an absent one has none; errors as above */
int netlink_nested(const struct nlattr *attribute, struct netlink_attributes *attributes);

/* netlink_walk - call @visit for each attribute within @attribute, whatever its type; as netlink_each() */
int netlink_walk(const struct nlattr *attribute,
		 int (*visit)(uint16_t type, const void *value, size_t size, void *data),
		 void *data);

/* netlink_value - what an attribute holds; NULL and *size 0 when it is absent */
const void *netlink_value(const struct nlattr *attribute, size_t *size);

/* netlink_copy - exactly @size bytes of an attribute of just that size; false: it is not there or not of it */
bool netlink_copy(const struct nlattr *attribute, void *value, size_t size);

/* netlink_u32, netlink_u16, netlink_u8 - 0 when it is absent or of another size */
uint32_t netlink_u32(const struct nlattr *attribute);
uint16_t netlink_u16(const struct nlattr *attribute);
uint8_t netlink_u8(const struct nlattr *attribute);

/* netlink_text - a text, cut to fit, zero-padded; "" when it is absent */
void netlink_text(const struct nlattr *attribute, char *text, size_t size);

#endif
