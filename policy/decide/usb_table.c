// SPDX-License-Identifier: GPL-2.0-or-later
/* 'device in @media': what table media says of a device. */
#include <string.h>

#include "policy/decide/context.h"
#include "policy/decide/usb_rules.h"
#include "policy/table/table.h"

/* Terminal at least as high as medium: levels that cannot be compared are not known. */
static enum explain_outcome test_level(const struct usb_case *it, const char *level,
				       const char **note)
{
	const struct policy_levels *levels = &it->context->levels;
	int medium, terminal;

	if (strcmp(level, it->level) == 0)
		return EXPLAIN_TRUE;
	medium = policy_levels_rank(levels, level);
	terminal = policy_levels_rank(levels, it->level);
	if (medium < 0 || terminal < 0) {
		*note = "the signers' list does not order its level and the terminal's";
		return EXPLAIN_MISSING;
	}
	if (medium <= terminal)
		return EXPLAIN_TRUE;
	*note = "its level is above the terminal's";
	return EXPLAIN_FALSE;
}

static enum explain_outcome test_end(const struct usb_case *it, int64_t until, const char **note)
{
	if (until == INT64_MAX)
		return EXPLAIN_TRUE;
	if (it->context->today <= 0) {
		*note = "its row ends, and the day is not known";
		return EXPLAIN_MISSING;
	}
	if (it->context->today <= until)
		return EXPLAIN_TRUE;
	*note = "its row has ended";
	return EXPLAIN_FALSE;
}

static enum explain_outcome test_row(const struct usb_case *it, const struct table_media *row,
				     const char **note)
{
	enum explain_outcome level, end;

	*note = "its row is not active";
	if (row->status != TABLE_STATUS_ACTIVE)
		return EXPLAIN_FALSE;
	*note = "its row is another unit's";
	if (row->unit && strcmp(row->unit, it->unit) != 0)
		return EXPLAIN_FALSE;
	*note = NULL;
	level = test_level(it, row->level, note);
	if (level == EXPLAIN_FALSE)
		return level;
	end = test_end(it, row->until, note);
	return end == EXPLAIN_TRUE ? level : end;
}

enum explain_outcome usb_device_test(const struct usb_case *it, const char **note)
{
	const struct table *table = it->context->media;
	const struct usb_facts *facts = it->facts;
	struct table_media row;

	*note = "no table is in force";
	if (!table)
		return EXPLAIN_MISSING;
	*note = "the device has no serial number";
	if (!facts->serial[0])
		return EXPLAIN_MISSING;
	*note = "the table has no such row";
	if (!table_media_find(table, facts->vendor, facts->product, facts->serial, &row))
		return EXPLAIN_FALSE;
	return test_row(it, &row, note);
}
