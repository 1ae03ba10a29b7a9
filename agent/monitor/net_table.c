// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/net_table.h"

#include <stdlib.h>
#include <string.h>

struct net_entry *net_table_find(const struct net_table *table, uint32_t index, int32_t nsid)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->entries[i].now.index == index && table->entries[i].now.nsid == nsid)
			return &table->entries[i];
	return NULL;
}

struct net_entry *net_table_add(struct net_table *table, uint32_t index, int32_t nsid)
{
	struct net_entry *entry;

	if (table->count == table->size) {
		size_t size = table->size ? table->size * 2 : 16;
		struct net_entry *larger;

		if (size > NET_TABLE_MAX)
			return NULL;
		larger = reallocarray(table->entries, size, sizeof(*larger));
		if (!larger)
			return NULL;
		table->entries = larger;
		table->size = size;
	}
	entry = &table->entries[table->count++];
	memset(entry, 0, sizeof(*entry));
	entry->now.index = index;
	entry->now.nsid = nsid;
	return entry;
}

void net_table_remove(struct net_table *table, struct net_entry *entry)
{
	*entry = table->entries[--table->count];
}

void net_table_done(struct net_table *table)
{
	free(table->entries);
	*table = (struct net_table){ 0 };
}
