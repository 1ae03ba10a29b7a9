// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the texts of all rows lie, one after the other; what many rows say, once. */
#include <stdlib.h>
#include <string.h>

#include "policy/table/table_model.h"

uint32_t pool_add(struct cell_reader *reader, const void *bytes, size_t length)
{
	struct table *table = reader->table;
	size_t place = table->pool_used, size = table->pool_size;
	uint8_t *pool = table->pool;

	while (size < place + length)
		size += size / 2 + 64;
	if (size > UINT32_MAX)
		goto no_memory;
	if (size > table->pool_size) {
		pool = realloc(pool, size);
		if (!pool)
			goto no_memory;
		table->pool = pool;
		table->pool_size = size;
	}
	if (length > 0)
		memcpy(pool + place, bytes, length);
	table->pool_used += length;
	return (uint32_t)place;
no_memory:
	reader->no_memory = true;
	return 0;
}

static uint64_t text_hash(const struct cell_reader *reader, const char *text)
{
	const struct table_key key = { .bytes = text, .length = strlen(text) };

	return table_hash(reader->table, &key);
}

static uint32_t *shared_slot(const struct cell_reader *reader, const char *text)
{
	const struct table_index *index = &reader->shared;
	uint32_t i = (uint32_t)text_hash(reader, text) & (index->slot_count - 1);

	for (; index->slots[i]; i = (i + 1) & (index->slot_count - 1))
		if (strcmp((const char *)reader->table->pool + index->slots[i], text) == 0)
			break;
	return &index->slots[i];
}

static bool shared_reserve(struct cell_reader *reader)
{
	struct table_index *index = &reader->shared, old = *index;

	if (3 * (index->used + 1) <= 2 * index->slot_count)
		return true;
	index->slot_count = old.slot_count ? 2 * old.slot_count : 64;
	index->slots = calloc(index->slot_count, sizeof(*index->slots));
	if (!index->slots) {
		*index = old;
		reader->no_memory = true;
		return false;
	}
	for (uint32_t i = 0; i < old.slot_count; i++)
		if (old.slots[i])
			*shared_slot(reader, (const char *)reader->table->pool + old.slots[i]) =
				old.slots[i];
	free(old.slots);
	return true;
}

uint32_t pool_add_text(struct cell_reader *reader, const char *text)
{
	return pool_add(reader, text, strlen(text) + 1);
}

uint32_t pool_add_shared(struct cell_reader *reader, const char *text)
{
	uint32_t *slot;

	if (!shared_reserve(reader))
		return 0;
	slot = shared_slot(reader, text);
	if (*slot == 0) {
		*slot = pool_add_text(reader, text);
		reader->shared.used += *slot != 0;
	}
	return *slot;
}
