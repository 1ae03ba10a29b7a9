// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl media list: who has which medium, and until when. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_media.h"
#include "agent/ctl/ctl_table.h"

#define DAY 86400
/* Announced before it ends. */
#define SOON 30

struct filter {
	int64_t now;
	long within; /* days; -1: all */
	const char *status;
	const struct trust *trust; /* for how levels are shown; NULL: no list is at hand */
};

/* Days to its last one, 0 on that day; negative when it is over. */
static int64_t days_left(const struct table_media *row, int64_t now)
{
	return row->until / DAY - now / DAY;
}

static bool ends_within(const struct table_media *row, const struct filter *filter, int64_t days)
{
	return row->status == TABLE_STATUS_ACTIVE && row->until != INT64_MAX &&
	       days_left(row, filter->now) <= days;
}

static bool wanted(const struct table_media *row, const struct filter *filter)
{
	if (filter->status && strcmp(filter->status, table_status_name(row->status)) != 0)
		return false;
	return filter->within < 0 || ends_within(row, filter, filter->within);
}

static void put_note(struct ctl_table *out, const struct table_media *row,
		     const struct filter *filter)
{
	int64_t days = days_left(row, filter->now);
	char text[48];

	if (!ends_within(row, filter, SOON)) {
		ctl_table_cell(out, CTL_PLAIN, "");
		return;
	}
	if (days < 0)
		snprintf(text, sizeof(text), "over since %" PRId64 " day%s", -days,
			 days == -1 ? "" : "s");
	else
		snprintf(text, sizeof(text), "ends in %" PRId64 " day%s", days,
			 days == 1 ? "" : "s");
	ctl_table_cell(out, days < 0 ? CTL_ALARM : CTL_WARN, text);
}

/* "mimi 秘密": the name alone says little to whoever reads the other language. */
static void put_level(struct ctl_table *out, const char *level, const struct filter *filter)
{
	int place = filter->trust ? trust_level(filter->trust, level) : -1;
	char text[POLICY_NAME_SIZE + TRUST_LABEL_SIZE];

	snprintf(text, sizeof(text), "%s%s%s", level, place < 0 ? "" : " ",
		 place < 0 ? "" : filter->trust->levels[place].label);
	ctl_table_cell(out, CTL_PLAIN, text);
}

static void put_row(struct ctl_table *out, const struct table_media *row,
		    const struct filter *filter)
{
	char id[MEDIUM_ID_TEXT], until[16] = "-";

	medium_id_format(row->id, id);
	if (row->until != INT64_MAX)
		ctl_day(row->until, until);
	ctl_table_row(out);
	ctl_table_cell(out, CTL_STRONG, id);
	ctl_table_cell(out, CTL_PLAIN, row->serial ? row->serial : "-");
	put_level(out, row->level, filter);
	ctl_table_cell(out, CTL_PLAIN, row->unit ? row->unit : "-");
	ctl_table_cell(out, CTL_PLAIN, row->custodian ? row->custodian : "-");
	ctl_table_cell(out, CTL_PLAIN, until);
	ctl_table_cell(out,
		       row->status == TABLE_STATUS_ACTIVE ? CTL_FINE
		       : row->status == TABLE_STATUS_LOST ? CTL_ALARM
							  : CTL_DIM,
		       table_status_name(row->status));
	put_note(out, row, filter);
}

static int show(const struct ctl *ctl, const struct table *table, const struct filter *filter)
{
	static const char *const headings[] = { "MEDIUM", "SERIAL", "LEVEL",  "UNIT", "CUSTODIAN",
						"UNTIL",  "STATUS", "REMARK", NULL };
	struct ctl_table *out = ctl_table_new(ctl, headings);
	struct table_media row;
	size_t shown = 0;
	int r = out ? 0 : -1;

	for (size_t i = 0; r == 0 && table_media_row(table, i, &row); i++)
		if (wanted(&row, filter)) {
			put_row(out, &row, filter);
			shown++;
		}
	if (r == 0)
		r = ctl_table_print(out);
	ctl_table_free(out);
	if (r < 0) {
		ctl_error("not enough memory");
		return CTL_UNREACHABLE;
	}
	if (!ctl->no_legend)
		printf("%s%zu of %zu media, table number %" PRIu64 "\n", shown ? "\n" : "", shown,
		       table_row_count(table), table_number(table));
	return CTL_GOOD;
}

static int show_json(const struct table *table, const struct filter *filter)
{
	json_t *list = json_array();
	struct table_media row;

	for (size_t i = 0; table_media_row(table, i, &row); i++) {
		json_t *json = wanted(&row, filter) ? ctl_media_row_json(&row) : NULL;

		if (json && row.until != INT64_MAX)
			json_object_set_new(json, "days_left",
					    json_integer(days_left(&row, filter->now)));
		if (json)
			json_array_append_new(list, json);
	}
	return ctl_print_json(json_pack("{s:I, s:o}", "number", (json_int_t)table_number(table),
					"media", list)) < 0
		       ? CTL_UNREACHABLE
		       : CTL_GOOD;
}

static bool known_status(const char *status)
{
	for (const char *const *word = table_statuses; *word; word++)
		if (strcmp(*word, status) == 0)
			return true;
	return false;
}

int ctl_media_list(struct ctl *ctl)
{
	const char *within = ctl_option(ctl, "expiring");
	struct filter filter = { time(NULL), -1, ctl_option(ctl, "status"), NULL };
	char reason[CTL_REASON_SIZE];
	struct trust *trust;
	struct ctl_media_table tables;
	char *end;
	int r;

	if (within) {
		filter.within = strtol(within, &end, 10);
		if (*end || end == within || filter.within < 0 || filter.within > 36500)
			return ctl_usage(ctl, "--expiring is a number of days, not '%s'", within);
	}
	if (filter.status && !known_status(filter.status))
		return ctl_usage(ctl,
				 "'%s' is no status: active, returned, repair, lost, withdrawn, "
				 "retired, destroyed",
				 filter.status);
	trust = ctl_trust_load(ctl, reason);
	filter.trust = trust;
	r = ctl_media_table_load(ctl, true, &tables);
	if (r == 0)
		r = ctl->json ? show_json(tables.table, &filter) : show(ctl, tables.table, &filter);
	ctl_media_table_done(&tables);
	trust_free(trust);
	return r;
}
