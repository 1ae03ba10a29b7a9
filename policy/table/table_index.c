// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows by key. The hash is keyed: whoever writes the rows cannot choose which of them collide. */
#include "policy/table/table_model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The longest key is a serial number with its ids. */
#define KEY_MAX (LEX_STRING_MAX + 4)

uint64_t table_hash(const struct table *table, const struct table_key *key)
{
	uint8_t bytes[KEY_MAX], hash[crypto_shorthash_BYTES];
	size_t length = key->length < LEX_STRING_MAX ? key->length : LEX_STRING_MAX;
	uint64_t result;

	memcpy(bytes, &key->number, 4);
	memcpy(bytes + 4, key->bytes, length);
	crypto_shorthash(hash, bytes, length + 4, table->key);
	memcpy(&result, hash, sizeof(result));
	return result;
}

bool table_key_of(const struct table *table, unsigned int which, uint32_t row,
		  struct table_key *key)
{
	const char *text;

	if (table->kind == TABLE_KIND_MEDIA && which == TABLE_INDEX_MAIN) {
		*key = (struct table_key){
			.bytes = table->pool + table_cell(table, row, MEDIA_COLUMN_ID, 0),
			.length = TABLE_MEDIA_ID,
		};
		return true;
	}
	if (table->kind == TABLE_KIND_TERMINALS && which == TABLE_INDEX_DEVICE)
		return false;
	text = table_cell_text(table, row,
			       table->kind == TABLE_KIND_MEDIA ? (unsigned int)MEDIA_COLUMN_SERIAL
							       : TERMINAL_COLUMN_NUMBER);
	if (!text)
		return false;
	*key = (struct table_key){ .bytes = text, .length = strlen(text) };
	if (which == TABLE_INDEX_DEVICE)
		key->number = table_cell(table, row, MEDIA_COLUMN_USB_ID, 0);
	return true;
}

static bool same_key(const struct table_key *a, const struct table_key *b)
{
	return a->number == b->number && a->length == b->length &&
	       memcmp(a->bytes, b->bytes, a->length) == 0;
}

uint32_t *table_index_find(const struct table *table, unsigned int which,
			   const struct table_key *key)
{
	const struct table_index *index = &table->indexes[which];
	struct table_key other;
	uint32_t i;

	if (index->slot_count == 0)
		return NULL;
	i = (uint32_t)table_hash(table, key) & (index->slot_count - 1);
	for (; index->slots[i]; i = (i + 1) & (index->slot_count - 1))
		if (table_key_of(table, which, index->slots[i] - 1, &other) &&
		    same_key(key, &other))
			break;
	return &index->slots[i];
}

int table_index_reserve(struct table *table, unsigned int which)
{
	struct table_index *index = &table->indexes[which], old = *index;
	struct table_key key;

	if (3 * (index->used + 1) <= 2 * index->slot_count)
		return 0;
	index->slot_count = old.slot_count ? 2 * old.slot_count : 64;
	index->slots = calloc(index->slot_count, sizeof(*index->slots));
	if (!index->slots) {
		*index = old;
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < old.slot_count; i++)
		if (old.slots[i] && table_key_of(table, which, old.slots[i] - 1, &key))
			*table_index_find(table, which, &key) = old.slots[i];
	free(old.slots);
	return 0;
}
