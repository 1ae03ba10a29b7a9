// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Table media for the verbs that change it. The edition in force is never touched: what is changed is
 * a draft of the next one, unsigned, and several changes may gather there before it is signed.
 */
#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ctl/ctl_context.h"
#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_media.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/file.h"
#include "policy/lang/document.h"

#define TABLE_LIMIT  (TABLE_TEXT_MAX + SIGNED_ARMOUR_MAX)
#define PREFIX_LEAST 4

static int parse(const char *path, const uint8_t *bytes, size_t length, struct table **table)
{
	struct diag_list diags = DIAG_LIST_INIT;
	char first[CTL_REASON_SIZE];
	int r = table_parse((const char *)bytes, length, &diags, table);

	if (r == 0 && table_kind(*table) != TABLE_KIND_MEDIA) {
		ctl_error("%s is table %s, not media", path, table_name(*table));
		r = -EINVAL;
	} else if (r < 0) {
		diag_format_first(&diags, path, first, sizeof(first));
		ctl_error("%s", r == -ENOMEM ? strerror(ENOMEM) : first);
	}
	diag_list_free(&diags);
	return r < 0 ? CTL_BAD : 0;
}

static int load_base(const struct ctl *ctl, bool needed, struct ctl_media_table *tables)
{
	const char *given = ctl_option(ctl, "table");
	int r;

	if (given) {
		snprintf(tables->path, sizeof(tables->path), "%s", given);
		r = file_read(given, TABLE_LIMIT, &tables->bytes, &tables->length);
	} else {
		r = ctl_table_read(ctl, "media", &tables->bytes, &tables->length, tables->path);
	}
	if (r == -ENOENT && !given && !needed)
		return 0;
	if (r == -ENOENT && !given) {
		ctl_error("no table of media is installed here: name one with --table");
		return CTL_UNREACHABLE;
	}
	if (r < 0) {
		ctl_error("cannot read %s: %s", given ? given : "the table of media", strerror(-r));
		return CTL_UNREACHABLE;
	}
	return parse(tables->path, tables->bytes, tables->length, &tables->table);
}

static int load_draft(const struct ctl *ctl, struct ctl_media_table *tables)
{
	const char *given = ctl_option(ctl, "draft");
	int r;

	tables->draft_path = given ? given : CTL_MEDIA_DRAFT;
	r = file_read(tables->draft_path, TABLE_LIMIT, &tables->draft_bytes, &tables->draft_length);
	if (r == -ENOENT)
		return 0;
	if (r < 0) {
		ctl_error("cannot read %s: %s", tables->draft_path, strerror(-r));
		return CTL_UNREACHABLE;
	}
	r = parse(tables->draft_path, tables->draft_bytes, tables->draft_length, &tables->draft);
	if (r != 0)
		return r;
	if (document_text_length((const char *)tables->draft_bytes, tables->draft_length) !=
	    tables->draft_length) {
		ctl_error("%s is signed already: have it installed, or name another with --draft",
			  tables->draft_path);
		return CTL_BAD;
	}
	if (tables->table && table_number(tables->draft) <= table_number(tables->table)) {
		ctl_error("%s is a draft of number %" PRIu64 ", and %" PRIu64
			  " is in force: remove it, or name another with --draft",
			  tables->draft_path, table_number(tables->draft),
			  table_number(tables->table));
		return CTL_BAD;
	}
	return 0;
}

int ctl_media_table_load(const struct ctl *ctl, bool needed, struct ctl_media_table *tables)
{
	int r;

	memset(tables, 0, sizeof(*tables));
	r = load_base(ctl, needed, tables);
	/* Verbs that change nothing know no draft. */
	for (const struct ctl_option *o = ctl->verb->options; r == 0 && o->name; o++)
		if (strcmp(o->name, "draft") == 0)
			return load_draft(ctl, tables);
	return r;
}

void ctl_media_table_done(struct ctl_media_table *tables)
{
	table_free(tables->table);
	table_free(tables->draft);
	free(tables->bytes);
	free(tables->draft_bytes);
	memset(tables, 0, sizeof(*tables));
}

const struct table *ctl_media_current(const struct ctl_media_table *tables)
{
	return tables->draft ? tables->draft : tables->table;
}

static bool names(const char *word, const struct table_media *row)
{
	char id[MEDIUM_ID_TEXT];
	size_t length = strlen(word);

	medium_id_format(row->id, id);
	return (length >= PREFIX_LEAST && length < sizeof(id) && strncmp(id, word, length) == 0) ||
	       (row->serial && strcmp(row->serial, word) == 0);
}

int ctl_media_find(const struct ctl_media_table *tables, const char *word, struct table_media *row)
{
	const struct table *table = ctl_media_current(tables);
	struct table_media other;
	size_t found = 0;

	for (size_t i = 0; table_media_row(table, i, &other); i++)
		if (names(word, &other)) {
			*row = other;
			found++;
		}
	if (found == 1)
		return 0;
	if (found)
		ctl_error("'%s' names %zu media: write more of the media id ('airgapctl media "
			  "list')",
			  word, found);
	else
		ctl_error("the table has no medium '%s': write its media id, the beginning of it, "
			  "or its serial number ('airgapctl media list')",
			  word);
	return CTL_BAD;
}

/* Where no table was ever made. */
static const char first_edition[] =
	"airgap-table 1\n"
	"table {\n"
	"    name     media\n"
	"    number   1\n"
	"    columns  [ media-id usb-id serial level unit custodian until status ]\n"
	"}\n";

static int write_draft(const char *path, const char *text, size_t length)
{
	char *folder = strdup(path), *name = strdup(path);
	int r = folder && name ? file_replace(dirname(folder), basename(name), 0644, text, length)
			       : -ENOMEM;

	free(folder);
	free(name);
	return r;
}

static int show_change(const struct ctl *ctl, const struct ctl_media_table *tables,
		       const struct table *next, const struct table_edit *edit, const char *verb,
		       const char *said, json_t *more)
{
	bool withdraws = tables->table && table_only_withdraws(tables->table, next);
	struct table_media row;
	json_t *json;

	table_media_find_id(next, edit->id, &row);
	if (ctl->json) {
		json = json_pack("{s:s, s:o, s:s, s:I, s:b}", "verb", verb, "medium",
				 ctl_media_row_json(&row), "draft", tables->draft_path, "number",
				 (json_int_t)table_number(next), "only_withdraws", withdraws);
		if (json && more)
			json_object_set(json, "journal", more);
		return ctl_print_json(json) < 0 ? CTL_UNREACHABLE : CTL_GOOD;
	}
	ctl_print_clean(said);
	printf("\n\nNothing is in force yet. %s is edition %" PRIu64
	       " of table media; further changes go into it, too.\n"
	       "Have it signed%s:\n"
	       "    airgap-policy sign --key KEY %s\n"
	       "and install it on every terminal with 'airgapctl install', or let the office "
	       "deliver it.\n",
	       tables->draft_path, table_number(next),
	       withdraws ? " (it only takes back: the signatures after 'withdraw' in the policy "
			   "are enough)"
			 : "",
	       tables->draft_path);
	return CTL_GOOD;
}

int ctl_media_change(const struct ctl *ctl, struct ctl_media_table *tables, struct table_edit *edit,
		     const char *verb, const char *said, json_t *more)
{
	const char *from = (const char *)(tables->draft ? tables->draft_bytes : tables->bytes);
	size_t length = tables->draft ? tables->draft_length : tables->length, next_length;
	struct diag_list diags = DIAG_LIST_INIT;
	char first[CTL_REASON_SIZE], *text = NULL;
	struct table *next = NULL;
	int r;

	edit->number = tables->draft ? 0 : tables->table ? table_number(tables->table) + 1 : 1;
	if (!from) {
		from = first_edition;
		length = strlen(first_edition);
	}
	r = table_edit_media(from, length, edit, &diags, &text, &next_length);
	diag_format_first(&diags, tables->draft_path, first, sizeof(first));
	diag_list_free(&diags);
	if (r < 0) {
		ctl_error("the change is not possible: %s",
			  r == -ENODATA	 ? "the table has no column for that"
			  : first[0]	 ? first
			  : r == -EINVAL ? "a level is a bare name, a day is written 2027-01-31"
					 : strerror(-r));
		json_decref(more);
		return CTL_BAD;
	}
	r = table_parse(text, next_length, NULL, &next);
	if (r == 0)
		r = write_draft(tables->draft_path, text, next_length);
	if (r < 0) {
		ctl_error("cannot write %s: %s", tables->draft_path, strerror(-r));
		r = CTL_UNREACHABLE;
	} else {
		r = show_change(ctl, tables, next, edit, verb, said, more);
	}
	json_decref(more);
	table_free(next);
	free(text);
	return r;
}

json_t *ctl_media_row_json(const struct table_media *row)
{
	char id[MEDIUM_ID_TEXT], usb[16], until[16] = "";
	bool ends = row->until != INT64_MAX;

	medium_id_format(row->id, id);
	snprintf(usb, sizeof(usb), "%04x:%04x", row->vendor, row->product);
	if (ends)
		ctl_day(row->until, until);
	return json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:s?, s:s?, s:s}", "media_id", id, "usb_id",
			 usb, "serial", row->serial, "level", row->level, "unit", row->unit,
			 "custodian", row->custodian, "until", ends ? until : NULL, "status",
			 table_status_name(row->status));
}
