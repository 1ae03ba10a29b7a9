// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/decide/keyset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/seen.h"

/* Lengths above this are all looked up; those below only if a key has them. */
#define LENGTH_BITS 31

struct keyset {
	uint8_t bytes[256 / 8]; /* keys of one byte */
	uint32_t lengths;	/* bit n: there is a key of n bytes */
	size_t count;
	uint8_t *pool; /* two bytes of length, then the key, one after the other */
	size_t pool_used;
	size_t pool_size;
	uint32_t *slots;   /* place in the pool plus one; 0: free */
	size_t slot_count; /* a power of two */
	size_t slots_used;
};

static uint32_t length_bit(size_t length)
{
	return UINT32_C(1) << (length < LENGTH_BITS ? length : LENGTH_BITS);
}

struct keyset *keyset_new(size_t expected)
{
	struct keyset *set = calloc(1, sizeof(*set));

	if (!set)
		return NULL;
	set->slot_count = 8;
	while (set->slot_count < 2 * expected)
		set->slot_count *= 2;
	set->slots = calloc(set->slot_count, sizeof(*set->slots));
	if (!set->slots) {
		free(set);
		return NULL;
	}
	return set;
}

void keyset_free(struct keyset *set)
{
	if (!set)
		return;
	free(set->pool);
	free(set->slots);
	free(set);
}

static size_t pool_length(const struct keyset *set, size_t place)
{
	return (size_t)set->pool[place] << 8 | set->pool[place + 1];
}

static uint32_t *find_slot(const struct keyset *set, const void *key, size_t length)
{
	size_t i = hash_bytes(key, length) & (set->slot_count - 1);

	for (; set->slots[i]; i = (i + 1) & (set->slot_count - 1)) {
		size_t place = set->slots[i] - 1;

		if (pool_length(set, place) == length &&
		    memcmp(set->pool + place + 2, key, length) == 0)
			break;
	}
	return &set->slots[i];
}

static int grow_slots(struct keyset *set)
{
	size_t count = 2 * set->slot_count, place = 0;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	free(set->slots);
	set->slots = slots;
	set->slot_count = count;
	while (place < set->pool_used) {
		size_t length = pool_length(set, place);

		if (length != 1)
			*find_slot(set, set->pool + place + 2, length) = (uint32_t)place + 1;
		place += 2 + length;
	}
	return 0;
}

static int grow_pool(struct keyset *set, size_t need)
{
	size_t size = set->pool_size ? set->pool_size : 64;
	uint8_t *pool;

	while (size < set->pool_used + need)
		size += size / 2;
	if (size > UINT32_MAX - 1)
		return -ENOMEM;
	if (size == set->pool_size)
		return 0;
	pool = realloc(set->pool, size);
	if (!pool)
		return -ENOMEM;
	set->pool = pool;
	set->pool_size = size;
	return 0;
}

int keyset_add(struct keyset *set, const void *key, size_t length)
{
	uint8_t *entry;

	if (length > UINT16_MAX)
		return -EINVAL;
	if (keyset_has(set, key, length))
		return 0;
	if (2 * (set->slots_used + 1) > set->slot_count && grow_slots(set))
		return -ENOMEM;
	if (grow_pool(set, length + 2))
		return -ENOMEM;
	if (length == 1) {
		set->bytes[*(const uint8_t *)key / 8] |= (uint8_t)(1U << *(const uint8_t *)key % 8);
	} else {
		*find_slot(set, key, length) = (uint32_t)set->pool_used + 1;
		set->slots_used++;
	}
	entry = set->pool + set->pool_used;
	entry[0] = (uint8_t)(length >> 8);
	entry[1] = (uint8_t)length;
	if (length > 0)
		memcpy(entry + 2, key, length);
	set->pool_used += length + 2;
	set->lengths |= length_bit(length);
	set->count++;
	return 0;
}

bool keyset_has(const struct keyset *set, const void *key, size_t length)
{
	if (!(set->lengths & length_bit(length)))
		return false;
	if (length == 1) {
		uint8_t byte = *(const uint8_t *)key;

		return set->bytes[byte / 8] >> (byte % 8) & 1;
	}
	return *find_slot(set, key, length) != 0;
}

bool keyset_covers(const struct keyset *set, const void *key, size_t length)
{
	for (size_t n = 0; n <= length; n++)
		if (keyset_has(set, key, n))
			return true;
	return false;
}

size_t keyset_count(const struct keyset *set)
{
	return set->count;
}

const uint8_t *keyset_key(const struct keyset *set, size_t *cursor, size_t *length)
{
	size_t place = *cursor;

	if (place >= set->pool_used)
		return NULL;
	*length = pool_length(set, place);
	*cursor = place + 2 + *length;
	return set->pool + place + 2;
}
