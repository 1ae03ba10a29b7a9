// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl media issue, return, recall, lost, found, destroy: the medium's row in the next table. */
#include <stdio.h>
#include <string.h>

#include "agent/ctl/ctl_media.h"

/* "Medium ID ... PERSON ..." */
static const struct {
	const char *before;
	const char *after;
} said[MEDIUM_STEP_COUNT] = {
	[MEDIUM_STEP_ISSUE] = { "is issued to", "" },
	[MEDIUM_STEP_RETURN] = { "is handed back by", "" },
	[MEDIUM_STEP_REPAIR] = { "is handed back by", ", and goes away for repair" },
	[MEDIUM_STEP_RECALL] = { "is called in from", "" },
	[MEDIUM_STEP_LOST] = { "is reported lost by", "" },
	[MEDIUM_STEP_FOUND] = { "is back, which was lost by",
				"; look at it with 'airgapctl media verify' before it is issued "
				"again" },
	[MEDIUM_STEP_DESTROY] = { "is destroyed, which was last issued to", "" },
};

static int change(struct ctl *ctl, enum medium_step step, struct ctl_media_table *tables,
		  const struct table_media *row, json_t *journal)
{
	struct table_edit edit = { .id = row->id };
	const char *custodian = row->custodian, *why;
	enum table_status status = medium_career(row->status, step, &why);
	char id[MEDIUM_ID_TEXT], text[512];

	medium_id_format(row->id, id);
	if (status == TABLE_STATUS_COUNT) {
		ctl_error("medium %s: %s", id, why);
		json_decref(journal);
		return CTL_BAD;
	}
	edit.cells[MEDIA_COLUMN_STATUS] = table_status_name(status);
	if (step == MEDIUM_STEP_ISSUE) {
		if (ctl_option(ctl, "custodian"))
			custodian = ctl_option(ctl, "custodian");
		if (!custodian)
			return ctl_usage(ctl, "say with --custodian who answers for it");
		edit.cells[MEDIA_COLUMN_CUSTODIAN] = custodian;
		edit.cells[MEDIA_COLUMN_UNIT] = ctl_option(ctl, "unit");
		edit.cells[MEDIA_COLUMN_LEVEL] = ctl_option(ctl, "level");
		edit.cells[MEDIA_COLUMN_UNTIL] = ctl_option(ctl, "until");
	}
	snprintf(text, sizeof(text), "Medium %s %s %s%s.", id, said[step].before,
		 custodian ? custodian : "nobody", said[step].after);
	/* The verb's name without "media ". */
	return ctl_media_change(ctl, tables, &edit, strchr(ctl->verb->name, ' ') + 1, text,
				journal);
}

static int step(struct ctl *ctl, enum medium_step step)
{
	struct ctl_media_table tables;
	json_t *journal = NULL;
	struct table_media row;
	int r = ctl_media_table_load(ctl, true, &tables);

	if (r == 0)
		r = ctl_media_find(&tables, ctl->operands[0], &row);
	if (r == 0 && step == MEDIUM_STEP_LOST)
		journal = ctl_media_log(ctl, &row);
	if (r == 0)
		r = change(ctl, step, &tables, &row, journal);
	ctl_media_table_done(&tables);
	return r;
}

int ctl_media_issue(struct ctl *ctl)
{
	return step(ctl, MEDIUM_STEP_ISSUE);
}

int ctl_media_return(struct ctl *ctl)
{
	return step(ctl, ctl_option(ctl, "for-repair") ? MEDIUM_STEP_REPAIR : MEDIUM_STEP_RETURN);
}

int ctl_media_recall(struct ctl *ctl)
{
	return step(ctl, MEDIUM_STEP_RECALL);
}

int ctl_media_lost(struct ctl *ctl)
{
	return step(ctl, MEDIUM_STEP_LOST);
}

int ctl_media_found(struct ctl *ctl)
{
	return step(ctl, MEDIUM_STEP_FOUND);
}

int ctl_media_destroy(struct ctl *ctl)
{
	return step(ctl, MEDIUM_STEP_DESTROY);
}
