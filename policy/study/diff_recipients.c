// SPDX-License-Identifier: GPL-2.0-or-later
/* Recipients of units between two policies: a key comes with a higher epoch, and epochs only go up. */
#include "policy/study/diff.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/recipients.h"
#include "policy/lang/arena.h"

struct rows {
	struct policy_recipient *items;
	size_t count;
};

static int read_rows(const struct policy *policy, struct rows *rows)
{
	rows->count = policy_recipients(policy, NULL, 0);
	rows->items = calloc(rows->count + 1, sizeof(*rows->items));
	if (!rows->items)
		return -ENOMEM;
	policy_recipients(policy, rows->items, rows->count);
	return 0;
}

/* The one of @rows of the same unit and level with the highest epoch, or NULL */
static const struct policy_recipient *newest(const struct rows *rows,
					     const struct policy_recipient *like)
{
	const struct policy_recipient *best = NULL;

	for (size_t i = 0; i < rows->count; i++) {
		const struct policy_recipient *it = &rows->items[i];

		if (strcmp(it->unit, like->unit) == 0 && strcmp(it->level, like->level) == 0 &&
		    (!best || it->epoch > best->epoch))
			best = it;
	}
	return best;
}

static bool has(const struct rows *rows, const struct policy_recipient *like)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct policy_recipient *it = &rows->items[i];

		if (strcmp(it->unit, like->unit) == 0 && strcmp(it->level, like->level) == 0 &&
		    strcmp(it->recipient, like->recipient) == 0 && it->epoch == like->epoch)
			return true;
	}
	return false;
}

/* Of the same unit, level and epoch as @like there was one that is gone: it was replaced, not joined. */
static bool replaces(const struct rows *old, const struct rows *new,
		     const struct policy_recipient *like)
{
	for (size_t i = 0; i < old->count; i++) {
		const struct policy_recipient *it = &old->items[i];

		if (strcmp(it->unit, like->unit) == 0 && strcmp(it->level, like->level) == 0 &&
		    it->epoch == like->epoch && !has(new, it))
			return true;
	}
	return false;
}

/* @before 0: it is another key of the same epoch */
static int remark(struct diff *diff, const struct policy_recipient *row, uint32_t before)
{
	char *text = NULL;
	int length;

	if (before)
		length = asprintf(&text,
				  "recipients of unit '%s', level %s: the epoch goes back from %u "
				  "to %u; it only goes up",
				  row->unit, row->level, before, row->epoch);
	else
		length = asprintf(&text,
				  "recipients of unit '%s', level %s: another key in epoch %u; "
				  "give a new key the next number",
				  row->unit, row->level, row->epoch);
	if (length < 0)
		return -ENOMEM;
	diff->remarks[diff->remark_count] = arena_text(diff->arena, text, (size_t)length);
	free(text);
	return diff->remarks[diff->remark_count++] ? 0 : -ENOMEM;
}

static int compare(struct diff *diff, const struct rows *old, const struct rows *new,
		   const struct policy_recipient *row)
{
	const struct policy_recipient *before = newest(old, row);

	if (!before)
		return 0;
	if (row == newest(new, row) && row->epoch < before->epoch)
		return remark(diff, row, before->epoch);
	if (row->epoch == before->epoch && row->epoch > 0 && !has(old, row) &&
	    replaces(old, new, row))
		return remark(diff, row, 0);
	return 0;
}

int diff_recipients(const struct policy *old, const struct policy *new, struct diff *diff)
{
	struct rows before = { 0 }, after = { 0 };
	int r = read_rows(old, &before);

	if (r == 0)
		r = read_rows(new, &after);
	if (r == 0) {
		diff->remarks = calloc(after.count + 1, sizeof(*diff->remarks));
		r = diff->remarks ? 0 : -ENOMEM;
	}
	for (size_t i = 0; r == 0 && i < after.count; i++)
		r = compare(diff, &before, &after, &after.items[i]);
	free(before.items);
	free(after.items);
	return r;
}
