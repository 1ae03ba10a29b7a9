// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/ruleset/ruleset_held.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/ruleset/nft_client.h"
#include "agent/lib/ruleset/ruleset_text.h"

static int list_table(struct nft_client *client, const char *family, const char *table, FILE *out)
{
	char command[64];
	const char *text;
	int r;

	snprintf(command, sizeof(command), "list table %s %s", family, table);
	r = nft_client_list(client, command, &text);
	if (r == 0)
		fputs(text, out);
	return r == -ENOENT ? 0 : r;
}

int ruleset_held(struct nft_client *client, bool own, char **held)
{
	size_t length;
	FILE *out = open_memstream(held, &length);
	int r = 0;

	if (!out)
		return -ENOMEM;
	for (unsigned i = 0; r == 0 && i < RULESET_FAMILIES; i++)
		r = list_table(client, ruleset_families[i], RULESET_BASE, out);
	for (unsigned i = 0; own && r == 0 && i < RULESET_FAMILIES; i++)
		r = list_table(client, ruleset_families[i], RULESET_OWN, out);
	if (fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	if (r < 0) {
		free(*held);
		*held = NULL;
	}
	return r;
}

int ruleset_held_check(const char *meant, const char *held, char *problem, size_t size)
{
	const struct ruleset_tally want = ruleset_tally(meant), have = ruleset_tally(held);

	if (memcmp(&want, &have, sizeof(want)) == 0)
		return 0;
	snprintf(problem, size,
		 "the kernel holds %u tables (%u flags), %u chains (%u closed), %u rules, %u sets, "
		 "%u "
		 "elements where %u (%u), %u (%u), %u, %u, %u were written",
		 have.tables, have.flags, have.chains, have.hooks, have.rules, have.sets,
		 have.elements, want.tables, want.flags, want.chains, want.hooks, want.rules,
		 want.sets, want.elements);
	return -EIO;
}
