// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_context.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/ctl/ctl_files.h"
#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "policy/lang/document.h"
#include "policy/table/table.h"

#define TERMINAL_LIMIT 4096

/* The number in "table-NAME-NUMBER", 0 when the name is another. */
static uint64_t edition_of(const char *file, const char *prefix)
{
	size_t length = strlen(prefix);
	unsigned long long number;
	char *end;

	if (strncmp(file, prefix, length) != 0 || file[length] < '1' || file[length] > '9')
		return 0;
	number = strtoull(file + length, &end, 10);
	return *end ? 0 : number;
}

static uint64_t newest(const char *folder, const char *prefix)
{
	DIR *list = opendir(folder);
	const struct dirent *entry;
	uint64_t best = 0;

	while (list && (entry = readdir(list))) {
		uint64_t number = edition_of(entry->d_name, prefix);

		if (number > best)
			best = number;
	}
	if (list)
		closedir(list);
	return best;
}

/* The terminal's own number, for its own row; kept in the document. */
static struct document *load_terminal(const struct ctl *ctl)
{
	struct document *document = NULL;
	char path[PATH_MAX];
	uint8_t *bytes = NULL;
	size_t length = 0;

	if (path_join(path, ctl->root, PATH_TERMINAL) == 0 &&
	    file_read(path, TERMINAL_LIMIT, &bytes, &length) == 0)
		document_parse("airgap-terminal", (const char *)bytes, length, NULL, &document);
	free(bytes);
	return document;
}

int ctl_table_read(const struct ctl *ctl, const char *name, uint8_t **bytes, size_t *length,
		   char path[static PATH_MAX])
{
	char folder[PATH_MAX], prefix[64];
	uint64_t number;
	int r = path_join(folder, ctl->root, PATH_POLICY_DIR);

	if (r < 0)
		return r;
	snprintf(prefix, sizeof(prefix), "table-%s-", name);
	number = newest(folder, prefix);
	if (number == 0)
		return -ENOENT;
	if (snprintf(path, PATH_MAX, "%s/%s%" PRIu64, folder, prefix, number) >= PATH_MAX)
		return -ENAMETOOLONG;
	return file_read(path, TABLE_TEXT_MAX + SIGNED_ARMOUR_MAX, bytes, length);
}

static struct table *load(const struct ctl *ctl, const char *name)
{
	char path[PATH_MAX];
	struct table *table = NULL;
	uint8_t *bytes = NULL;
	size_t length = 0;

	if (ctl_table_read(ctl, name, &bytes, &length, path) == 0 &&
	    table_parse((const char *)bytes, length, NULL, &table) < 0)
		table = NULL;
	free(bytes);
	return table;
}

void ctl_context_load(const struct ctl *ctl, struct ctl_context *context)
{
	char reason[CTL_REASON_SIZE];

	*context = (struct ctl_context){ .context.today = time(NULL) };
	if (sodium_init() < 0)
		return;
	context->trust = ctl_trust_load(ctl, reason);
	if (context->trust)
		trust_levels(context->trust, &context->context.levels);
	context->tables[0] = load(ctl, table_kind_name(TABLE_KIND_MEDIA));
	context->tables[1] = load(ctl, table_kind_name(TABLE_KIND_TERMINALS));
	context->context.media = context->tables[0];
	context->context.terminals = context->tables[1];
	context->terminal = load_terminal(ctl);
	if (context->terminal)
		context->context.terminal =
			document_text(context->terminal, "terminal", "number", "number");
}

void ctl_context_done(struct ctl_context *context)
{
	table_free(context->tables[0]);
	table_free(context->tables[1]);
	trust_free(context->trust);
	document_free(context->terminal);
}
