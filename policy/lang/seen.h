/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a name or value stood first: finds what stands twice, in constant time each. */
#ifndef AIRGAP_POLICY_SEEN_H
#define AIRGAP_POLICY_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/lang/diag.h"

struct arena;

struct seen_entry {
	const void *key;
	size_t length;
	struct span at;
	const void *source; /* these two are the caller's */
	void *data;
};

struct seen {
	struct arena *arena; /* keeps keys and table; the caller's */
	struct seen_entry **slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

/**
 * seen_add - remember a key, copied into the arena
 *
 * Returns the entry of this key, with @fresh telling whether it is new; NULL when memory is short.
 */
struct seen_entry *seen_add(struct seen *seen, const void *key, size_t length, struct span at,
			    bool *fresh);

/** seen_find - the entry of a key, or NULL */
struct seen_entry *seen_find(const struct seen *seen, const void *key, size_t length);

/** hash_bytes - a 32-bit hash for tables of signed, that is trusted, content */
uint32_t hash_bytes(const void *bytes, size_t length);

#endif
