/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold of facts about the network, whichever parser made them. */
#ifndef AIRGAP_TESTS_FUZZ_NET_HOLD_H
#define AIRGAP_TESTS_FUZZ_NET_HOLD_H

#include <stdlib.h>
#include <string.h>

#include "agent/lib/msg.h"
#include "agent/lib/msg_fields.h"
#include "tests/fuzz/fuzz.h"

/* The core's own check of a message is what a parser promises to pass. */
static inline void message_holds(enum msg_type type, const void *body)
{
	MUST(msg_fields_hold(type, body));
}

static inline void prefix_holds(const struct net_prefix *prefix)
{
	static const uint8_t zero[16];

	if (prefix->family == NET_FAMILY_NONE)
		MUST(prefix->bits == 0 && memcmp(prefix->bytes, zero, 16) == 0);
	if (prefix->family == NET_FAMILY_IPV4)
		MUST(prefix->bits <= 32 && memcmp(prefix->bytes + 4, zero, 12) == 0);
	MUST(prefix->reserved[0] == 0 && prefix->reserved[1] == 0);
}

/* A copy of just the size, aligned as a netlink packet is, so that a read beyond it is seen. */
static inline void *exact_copy(const uint8_t *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	MUST(copy);
	memcpy(copy, data, size);
	return copy;
}

#endif
