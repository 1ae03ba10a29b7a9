// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/seen.h"

#include <string.h>

#include "policy/lang/arena.h"

uint32_t hash_bytes(const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	/* FNV-1a, then a mix: its low bits alone are poor for short keys. */
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
	hash ^= hash >> 32;
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

static struct seen_entry **seen_slot(const struct seen *seen, const void *key, size_t length)
{
	size_t i = hash_bytes(key, length) & (seen->capacity - 1);

	while (seen->slots[i] &&
	       (seen->slots[i]->length != length || memcmp(seen->slots[i]->key, key, length) != 0))
		i = (i + 1) & (seen->capacity - 1);
	return &seen->slots[i];
}

static bool seen_grow(struct seen *seen)
{
	struct seen bigger = *seen;

	bigger.capacity = seen->capacity ? 4 * seen->capacity : 64;
	bigger.slots = arena_alloc(seen->arena, bigger.capacity * sizeof(struct seen_entry *));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < seen->capacity; i++)
		if (seen->slots[i])
			*seen_slot(&bigger, seen->slots[i]->key, seen->slots[i]->length) =
				seen->slots[i];
	*seen = bigger;
	return true;
}

struct seen_entry *seen_add(struct seen *seen, const void *key, size_t length, struct span at,
			    bool *fresh)
{
	struct seen_entry **slot, *entry;

	*fresh = false;
	if (2 * seen->count >= seen->capacity && !seen_grow(seen))
		return NULL;
	slot = seen_slot(seen, key, length);
	entry = *slot;
	if (entry)
		return entry;
	entry = arena_alloc(seen->arena, sizeof(*entry));
	if (!entry)
		return NULL;
	*entry = (struct seen_entry){
		.key = arena_text(seen->arena, key, length),
		.length = length,
		.at = at,
	};
	if (!entry->key)
		return NULL;
	*slot = entry;
	seen->count++;
	*fresh = true;
	return entry;
}

struct seen_entry *seen_find(const struct seen *seen, const void *key, size_t length)
{
	return seen->capacity ? *seen_slot(seen, key, length) : NULL;
}
