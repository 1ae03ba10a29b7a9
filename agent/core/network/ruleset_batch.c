// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/ruleset_batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/ruleset/ruleset_text.h"

struct chain {
	char table[64];	 /* "netdev airgap_base" */
	char name[64];	 /* "ag_egress_2" */
	char device[32]; /* of a chain at egress, else "" */
};

struct chains {
	struct chain *items;
	size_t count;
	size_t room;
	char table[64]; /* the one being read */
};

static struct chain *chains_add(struct chains *chains)
{
	if (chains->count == chains->room) {
		size_t room = chains->room ? 2 * chains->room : 64;
		struct chain *items = reallocarray(chains->items, room, sizeof(*items));

		if (!items)
			return NULL;
		chains->items = items;
		chains->room = room;
	}
	return memset(&chains->items[chains->count++], 0, sizeof(struct chain));
}

/* "netdev airgap_base" of a table's first line, in which a comment may follow the brace. */
static bool read_table(const char *line, char table[static 64])
{
	char family[24], name[24];

	if (sscanf(line, "table %23s %23s {", family, name) != 2)
		return false;
	snprintf(table, 64, "%s %s", family, name);
	return true;
}

/* One line of either text; both have a table's and a chain's name on its first line. */
static int read_line(struct chains *chains, const char *line)
{
	char name[64], device[32];
	struct chain *chain;

	if (read_table(line, chains->table))
		return 0;
	if (sscanf(line, " chain %63s {", name) == 1) {
		chain = chains_add(chains);
		if (!chain)
			return -ENOMEM;
		snprintf(chain->table, sizeof(chain->table), "%s", chains->table);
		snprintf(chain->name, sizeof(chain->name), "%s", name);
	} else if (chains->count > 0 &&
		   sscanf(line, " type filter hook egress device \"%31[^\"]\"", device) == 1) {
		snprintf(chains->items[chains->count - 1].device, sizeof(device), "%s", device);
	}
	return 0;
}

static int chains_read(struct chains *chains, const char *text)
{
	int r = 0;

	*chains = (struct chains){ 0 };
	while (r == 0 && *text) {
		size_t length = strcspn(text, "\n");
		char line[512];

		/* Long lines are rules, which are not asked about. */
		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		r = read_line(chains, line);
		text += length + (text[length] == '\n');
	}
	return r;
}

static bool chains_have(const struct chains *chains, const struct chain *wanted)
{
	for (size_t i = 0; i < chains->count; i++)
		if (strcmp(chains->items[i].name, wanted->name) == 0 &&
		    strcmp(chains->items[i].table, wanted->table) == 0)
			return strcmp(chains->items[i].device, wanted->device) == 0;
	return false;
}

static void flush_tables(FILE *out, const char *held)
{
	const char *line = held;

	while (line) {
		char table[64];

		if (read_table(line, table))
			fprintf(out, "flush table %s\n", table);
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
}

int ruleset_batch(const char *held, const char *meant, char **batch)
{
	struct chains old, new = { 0 };
	size_t length;
	FILE *out = NULL;
	int r;

	*batch = NULL;
	r = chains_read(&old, held);
	if (r == 0)
		r = chains_read(&new, meant);
	if (r == 0)
		out = open_memstream(batch, &length);
	if (out) {
		/* The rules first: a chain that one of them jumps to cannot be deleted. */
		flush_tables(out, held);
		for (size_t i = 0; i < old.count; i++)
			if (!chains_have(&new, &old.items[i]))
				fprintf(out, "delete chain %s %s\n", old.items[i].table,
					old.items[i].name);
		fputs(meant, out);
		r = fclose(out) == 0 ? 0 : -ENOMEM;
	} else if (r == 0) {
		r = -ENOMEM;
	}
	free(old.items);
	free(new.items);
	return r;
}
