// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl transfer list, show, media, recipient, cancel */
#include "agent/ctl/ctl_transfer.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/ctl/ctl_table.h"
#include "agent/lib/path.h"

#define SHORT_ID 8

json_t *ctl_transfer_request(const char *verb, const char *id)
{
	return id ? json_pack("{s:s, s:s}", "verb", verb, "batch", id)
		  : json_pack("{s:s}", "verb", verb);
}

void ctl_transfer_line(const json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
}

int ctl_transfer_open(const struct ctl *ctl, struct ctl_desk *desk)
{
	if (ctl_desk_open(ctl, desk) == 0)
		return CTL_GOOD;
	ctl_error("%s", desk->reason);
	return CTL_UNREACHABLE;
}

int ctl_transfer_say(const struct ctl *ctl, const json_t *answer)
{
	const char *text = ctl_text(answer, "text");

	if (!json_is_null(json_object_get(answer, "error")))
		return ctl_desk_complain(ctl, answer);
	if (ctl->json) {
		ctl_transfer_line(answer);
	} else if (*text) {
		printf("%s", ctl_on(ctl, CTL_FINE));
		ctl_print_clean(text);
		printf("%s\n", ctl_off(ctl, CTL_FINE));
	}
	return CTL_GOOD;
}

/* One request with one object as its answer. */
static int simple(struct ctl *ctl, const char *verb)
{
	struct ctl_desk desk;
	json_t *answer = NULL;
	int code = ctl_transfer_open(ctl, &desk);

	if (code == CTL_GOOD)
		code = ctl_desk_ask(
			&desk, ctl_transfer_request(verb, ctl->count ? ctl->operands[0] : NULL), -1,
			NULL, NULL, &answer, NULL);
	if (answer)
		code = ctl_transfer_say(ctl, answer);
	json_decref(answer);
	ctl_desk_close(&desk);
	return code;
}

int ctl_transfer_cancel(struct ctl *ctl)
{
	return simple(ctl, "cancel");
}

static void when(char out[static 20], json_int_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm tm;

	out[0] = 0;
	if (seconds && localtime_r(&time, &tm))
		strftime(out, 20, "%Y-%m-%d %H:%M", &tm);
}

static enum ctl_style style_of(const char *state)
{
	if (strcmp(state, "done") == 0 || strcmp(state, "inbox") == 0 ||
	    strcmp(state, "ready") == 0)
		return CTL_FINE;
	if (strcmp(state, "refused") == 0 || strcmp(state, "quarantined") == 0)
		return CTL_ALARM;
	return CTL_WARN;
}

static void list_row(void *data, const json_t *part)
{
	const json_t *batch = json_object_get(part, "batch");
	struct ctl_table *table = data;
	const char *state = ctl_text(batch, "state");
	char id[SHORT_ID + 1], size[32], count[32], day[20];

	if (!batch)
		return;
	snprintf(id, sizeof(id), "%s", ctl_text(batch, "id"));
	ctl_size(size, sizeof(size), (uint64_t)ctl_number(batch, "size"));
	snprintf(count, sizeof(count), "%lld", (long long)ctl_number(batch, "files"));
	when(day, ctl_number(batch, "created"));
	ctl_table_row(table);
	ctl_table_cell(table, CTL_STRONG, id);
	ctl_table_cell(table, style_of(state), state);
	ctl_table_cell(table, CTL_PLAIN, ctl_number(batch, "direction") ? "out" : "in");
	ctl_table_cell(table, CTL_PLAIN,
		       json_is_true(json_object_get(batch, "foreign")) ? "foreign medium"
								       : ctl_text(batch, "unit"));
	ctl_table_cell(table, CTL_PLAIN, ctl_text(batch, "level"));
	ctl_table_cell(table, CTL_PLAIN, count);
	ctl_table_cell(table, CTL_PLAIN, size);
	ctl_table_cell(table, CTL_PLAIN, ctl_text(batch, "login"));
	ctl_table_cell(table, CTL_PLAIN, day);
}

static void line_part(void *data, const json_t *part)
{
	(void)data;
	ctl_transfer_line(part);
}

/* A request whose parts are rows of a table. */
static int listed(struct ctl *ctl, const char *verb, const char *const *headings,
		  ctl_desk_part *row)
{
	struct ctl_table *table = ctl->json ? NULL : ctl_table_new(ctl, headings);
	struct ctl_desk desk;
	json_t *answer = NULL;
	int code = ctl_transfer_open(ctl, &desk);

	if (code == CTL_GOOD)
		code = ctl_desk_ask(&desk, ctl_transfer_request(verb, NULL), -1,
				    ctl->json ? line_part : row, table, &answer, NULL);
	if (code == CTL_GOOD && table)
		code = ctl_table_print(table) < 0 ? CTL_UNREACHABLE : CTL_GOOD;
	else if (answer)
		code = ctl_transfer_say(ctl, answer);
	ctl_table_free(table);
	json_decref(answer);
	ctl_desk_close(&desk);
	return code;
}

int ctl_transfer_list(struct ctl *ctl)
{
	static const char *const headings[] = { "BATCH", "STATE", "WAY",  "UNIT",  "LEVEL",
						"FILES", "SIZE",  "USER", "SINCE", NULL };

	return listed(ctl, "list", headings, list_row);
}

static void media_row(void *data, const json_t *part)
{
	const json_t *medium = json_object_get(part, "medium");
	struct ctl_table *table = data;

	if (!medium)
		return;
	ctl_table_row(table);
	ctl_table_cell(table, CTL_STRONG, *ctl_text(medium, "id") ? ctl_text(medium, "id") : "-");
	ctl_table_cell(table, CTL_PLAIN, ctl_text(medium, "kind"));
	ctl_table_cell(table, CTL_PLAIN, ctl_text(medium, "right"));
	ctl_table_cell(table, CTL_PLAIN, ctl_text(medium, "level"));
	ctl_table_cell(table, CTL_PLAIN, ctl_text(medium, "custodian"));
	ctl_table_cell(table, CTL_PLAIN, ctl_text(medium, "port"));
	ctl_table_cell(table, CTL_ALARM, ctl_text(medium, "text"));
}

int ctl_transfer_media(struct ctl *ctl)
{
	static const char *const headings[] = { "MEDIUM",    "KIND", "RIGHT", "LEVEL",
						"CUSTODIAN", "PORT", "",      NULL };

	return listed(ctl, "media", headings, media_row);
}

static void print_people(const struct ctl *ctl, const json_t *batch)
{
	const json_t *list = json_object_get(batch, "approvals"),
		     *need = json_object_get(batch, "need");
	char until[20];

	printf("%-10s security %lld, approval %lld\n", "Needs",
	       (long long)ctl_number(need, "security"), (long long)ctl_number(need, "approval"));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		when(until, ctl_number(one, "until"));
		printf("%-10s %s", "Approved", ctl_on(ctl, CTL_FINE));
		ctl_print_clean(ctl_text(one, "person"));
		printf("%s, key %s, until %s\n", ctl_off(ctl, CTL_FINE), ctl_text(one, "key"),
		       until);
	}
}

static void print_text(const char *label, const char *text)
{
	if (!*text)
		return;
	printf("%-10s ", label);
	ctl_print_clean(text);
	putchar('\n');
}

void ctl_transfer_print(const struct ctl *ctl, const json_t *batch)
{
	const char *state = ctl_text(batch, "state");
	bool out = ctl_number(batch, "direction") != 0;
	char size[32], day[20];

	ctl_size(size, sizeof(size), (uint64_t)ctl_number(batch, "size"));
	when(day, ctl_number(batch, "created"));
	printf("%-10s %s\n", "Batch", ctl_text(batch, "id"));
	printf("%-10s %s%s%s\n", "State", ctl_on(ctl, style_of(state)), state,
	       ctl_off(ctl, style_of(state)));
	print_text("", ctl_text(batch, "text"));
	print_text(out ? "To" : "From", ctl_text(batch, "unit"));
	print_text("Terminal", ctl_text(batch, "peer"));
	print_text("Level", ctl_text(batch, "level"));
	print_text("Term", ctl_text(batch, "term"));
	print_text("Basis", ctl_text(batch, "basis"));
	printf("%-10s ", "Requester");
	ctl_print_clean(ctl_text(batch, "login"));
	printf(", %s\n", day);
	printf("%-10s %lld, %s\n", "Files", (long long)ctl_number(batch, "files"), size);
	print_people(ctl, batch);
	when(day, ctl_number(batch, "wait_until"));
	if (strcmp(state, "waiting") == 0)
		print_text("Waits till", day);
	print_text("Digest", ctl_text(batch, "manifest"));
}

static void show_part(void *data, const json_t *part)
{
	const json_t *batch = json_object_get(part, "batch"), *file = json_object_get(part, "file"),
		     *progress = json_object_get(part, "progress");
	struct ctl *ctl = data;
	char size[32];

	if (ctl->json) {
		ctl_transfer_line(part);
	} else if (batch) {
		ctl_transfer_print(ctl, batch);
		putchar('\n');
	} else if (progress) {
		printf("%s: %lld of %lld bytes\n\n", ctl_text(progress, "phase"),
		       (long long)ctl_number(progress, "done"),
		       (long long)ctl_number(progress, "total"));
	} else if (file) {
		ctl_size(size, sizeof(size), (uint64_t)ctl_number(file, "size"));
		printf("%4lld  %-8s %10s  ", (long long)ctl_number(file, "index"),
		       ctl_text(file, "type"), size);
		ctl_print_clean(ctl_text(file, "name"));
		putchar('\n');
	}
}

int ctl_transfer_show(struct ctl *ctl)
{
	struct ctl_desk desk;
	json_t *answer = NULL;
	int code = ctl_transfer_open(ctl, &desk);

	if (code == CTL_GOOD)
		code = ctl_desk_ask(&desk, ctl_transfer_request("show", ctl->operands[0]), -1,
				    show_part, ctl, &answer, NULL);
	if (answer)
		code = ctl_transfer_say(ctl, answer);
	json_decref(answer);
	ctl_desk_close(&desk);
	return code;
}

int ctl_transfer_recipient(struct ctl *ctl)
{
	struct ctl_desk desk;
	json_t *answer = NULL;
	int code = ctl_transfer_open(ctl, &desk);

	if (code == CTL_GOOD)
		code = ctl_desk_ask(&desk, ctl_transfer_request("recipient", NULL), -1, NULL, NULL,
				    &answer, NULL);
	if (answer && (ctl->json || code != CTL_GOOD))
		code = ctl_transfer_say(ctl, answer);
	else if (answer)
		printf("%s\n", ctl_text(answer, "recipient"));
	json_decref(answer);
	ctl_desk_close(&desk);
	return code;
}
