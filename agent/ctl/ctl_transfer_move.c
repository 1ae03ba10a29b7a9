// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl transfer export, import */
#include <stdio.h>
#include <string.h>

#include "agent/ctl/ctl_table.h"
#include "agent/ctl/ctl_transfer.h"

/* Long work: progress, then what became of it. */
static int work(struct ctl *ctl, struct ctl_desk *desk, json_t *request, json_t **answer)
{
	struct ctl_progress progress = { .ctl = ctl };
	int code = ctl_desk_ask(desk, request, -1, ctl_progress_part, &progress, answer, NULL);

	ctl_progress_end(&progress);
	return code;
}

int ctl_transfer_export(struct ctl *ctl)
{
	const char *medium = ctl_option(ctl, "medium");
	struct ctl_desk desk;
	json_t *answer = NULL;
	int code = ctl_transfer_open(ctl, &desk);

	if (code == CTL_GOOD)
		code = work(ctl, &desk,
			    json_pack("{s:s, s:s, s:s*}", "verb", "export", "batch",
				      ctl->operands[0], "medium", medium),
			    &answer);
	if (answer)
		code = ctl_transfer_say(ctl, answer);
	json_decref(answer);
	ctl_desk_close(&desk);
	return code;
}

/* Into the inbox; then, with --into, out of it. */
static int take(struct ctl *ctl, struct ctl_desk *desk, json_t *request)
{
	const char *folder = ctl_option(ctl, "into");
	json_t *answer = NULL;
	int code = work(ctl, desk, request, &answer);
	const json_t *batch = json_object_get(answer, "batch");

	if (code == CTL_GOOD && folder && strcmp(ctl_text(batch, "state"), "inbox") == 0)
		code = ctl_transfer_fetch(ctl, desk, ctl_text(batch, "id"), folder);
	else if (answer)
		code = ctl_transfer_say(ctl, answer);
	/* What waits for approvals has not come yet. */
	if (code == CTL_GOOD && strcmp(ctl_text(batch, "state"), "waiting") == 0)
		code = CTL_BAD;
	json_decref(answer);
	return code;
}

static json_t *import_request(const struct ctl *ctl, const char *id)
{
	return json_pack("{s:s, s:s*, s:s*}", "verb", "import", "batch", id, "medium",
			 ctl_option(ctl, "medium"));
}

static void keep_part(void *data, const json_t *part)
{
	json_array_append(data, json_object_get(part, "entry") ? json_object_get(part, "entry")
							       : json_object_get(part, "found"));
}

/* What lies on the medium. */
static int look(struct ctl *ctl, struct ctl_desk *desk, json_t *list)
{
	json_t *answer = NULL;
	int code = ctl_desk_ask(
		desk, json_pack("{s:s, s:s*}", "verb", "look", "medium", ctl_option(ctl, "medium")),
		-1, keep_part, list, &answer, NULL);

	if (code != CTL_GOOD && answer)
		ctl_desk_complain(ctl, answer);
	json_decref(answer);
	return code;
}

static void print_entry(struct ctl_table *table, const json_t *entry)
{
	char size[32], count[32];

	ctl_size(size, sizeof(size), (uint64_t)ctl_number(entry, "size"));
	snprintf(count, sizeof(count), "%lld", (long long)ctl_number(entry, "files"));
	ctl_table_row(table);
	if (json_object_get(entry, "name")) {
		ctl_table_cell(table, CTL_PLAIN, size);
		ctl_table_cell(table, CTL_PLAIN, ctl_text(entry, "name"));
		return;
	}
	ctl_table_cell(table, CTL_STRONG, ctl_text(entry, "batch"));
	ctl_table_cell(table, CTL_PLAIN, ctl_text(entry, "unit"));
	ctl_table_cell(table, CTL_PLAIN, ctl_text(entry, "terminal"));
	ctl_table_cell(table, CTL_PLAIN, ctl_text(entry, "level"));
	ctl_table_cell(table, CTL_PLAIN, count);
	ctl_table_cell(table, CTL_PLAIN, size);
	ctl_table_cell(table, CTL_ALARM, ctl_text(entry, "text"));
}

static int print_list(struct ctl *ctl, const json_t *list)
{
	static const char *const batches[] = { "BATCH", "FROM", "TERMINAL", "LEVEL",
					       "FILES", "SIZE", "",	    NULL };
	static const char *const files[] = { "SIZE", "FILE", NULL };
	bool foreign = json_object_get(json_array_get(list, 0), "name") != NULL;
	struct ctl_table *table;
	int r;

	if (ctl->json) {
		for (size_t i = 0; i < json_array_size(list); i++)
			ctl_transfer_line(json_array_get(list, i));
		return CTL_GOOD;
	}
	if (json_array_size(list) == 0) {
		printf("There is nothing for this terminal on the medium.\n");
		return CTL_GOOD;
	}
	table = ctl_table_new(ctl, foreign ? files : batches);
	for (size_t i = 0; table && i < json_array_size(list); i++)
		print_entry(table, json_array_get(list, i));
	r = table ? ctl_table_print(table) : -1;
	ctl_table_free(table);
	return r < 0 ? CTL_UNREACHABLE : CTL_GOOD;
}

/* Every batch on the medium that is for this terminal and good; those that are not are named. */
static int import_all(struct ctl *ctl, struct ctl_desk *desk)
{
	json_t *list = json_array();
	unsigned int taken = 0;
	int code = look(ctl, desk, list), one;

	if (code == CTL_GOOD && !ctl_option(ctl, "into")) {
		code = print_list(ctl, list);
		json_decref(list);
		return code;
	}
	for (size_t i = 0; code != CTL_UNREACHABLE && i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);

		if (!json_object_get(entry, "batch"))
			continue;
		if (*ctl_text(entry, "reason")) {
			ctl_error("%.8s: %s", ctl_text(entry, "batch"), ctl_text(entry, "text"));
			code = CTL_BAD;
			continue;
		}
		one = take(ctl, desk, import_request(ctl, ctl_text(entry, "batch")));
		taken += one == CTL_GOOD;
		if (one > code)
			code = one;
	}
	if (code == CTL_GOOD && taken == 0 && !ctl->json)
		printf("There is nothing for this terminal on the medium.\n");
	json_decref(list);
	return code;
}

static int import_foreign(struct ctl *ctl, struct ctl_desk *desk)
{
	json_t *answer = NULL;
	int code = ctl_desk_ask(
		desk,
		json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "verb", "foreign", "level",
			  ctl_option(ctl, "level"), "term", ctl_option(ctl, "term"), "basis",
			  ctl_option(ctl, "basis"), "medium", ctl_option(ctl, "medium")),
		-1, NULL, NULL, &answer, NULL);

	for (int i = 0; code == CTL_GOOD && i < ctl->count; i++) {
		json_decref(answer);
		code = ctl_desk_ask(
			desk, json_pack("{s:s, s:s}", "verb", "add", "name", ctl->operands[i]), -1,
			NULL, NULL, &answer, NULL);
	}
	if (code == CTL_GOOD)
		code = take(ctl, desk, ctl_transfer_request("seal", NULL));
	else if (answer)
		ctl_desk_complain(ctl, answer);
	json_decref(answer);
	return code;
}

int ctl_transfer_import(struct ctl *ctl)
{
	bool foreign = ctl_option(ctl, "foreign") != NULL;
	struct ctl_desk desk;
	int code;

	if (foreign && ctl->count && !ctl_option(ctl, "level"))
		return ctl_usage(
			ctl,
			"'transfer import --foreign' needs --level: whoever brings files in states "
			"their level");
	if (!foreign && ctl->count > 1)
		return ctl_usage(ctl, "'transfer import' takes one batch, or --foreign and files");
	code = ctl_transfer_open(ctl, &desk);
	if (code != CTL_GOOD)
		;
	else if (foreign && ctl->count)
		code = import_foreign(ctl, &desk);
	else if (ctl->count)
		code = take(ctl, &desk, import_request(ctl, ctl->operands[0]));
	else
		code = import_all(ctl, &desk);
	ctl_desk_close(&desk);
	return code;
}
