// SPDX-License-Identifier: GPL-2.0-or-later
/* What an earlier run of this program left in the kernel. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/ruleset_private.h"
#include "agent/lib/ruleset/ruleset_held.h"
#include "agent/lib/ruleset/ruleset_text.h"

static unsigned count_egress(const char *left)
{
	unsigned count = 0;

	for (const char *at = left; (at = strstr(at, " hook egress device ")); at++)
		count++;
	return count;
}

/* Of links there may be more or less than there were; of the rest as much as in rules that close everything. */
static int check_frame(const char *left)
{
	const struct ruleset_plan nothing = { 0 };
	struct ruleset_tally want, have = ruleset_tally(left);
	char *closed;
	int r = ruleset_text(&nothing, false, &closed);

	if (r < 0)
		return r;
	want = ruleset_tally(closed);
	free(closed);
	if (have.tables != want.tables || have.flags != want.flags ||
	    have.hooks != want.hooks + count_egress(left))
		return -ENODATA;
	return 0;
}

int ruleset_left(struct ruleset *ruleset, char **left)
{
	int r = ruleset_held(ruleset->nft, false, left);

	ruleset->stood = r == 0 && strstr(*left, " hook output ");
	if (r == 0)
		r = strstr(*left, " goto ag_out_") ? check_frame(*left) : -ENODATA;
	if (r < 0) {
		free(*left);
		*left = NULL;
	}
	return r;
}

bool ruleset_stood(const struct ruleset *ruleset)
{
	return ruleset->stood;
}

bool ruleset_left_open(const char *left, uint32_t index, const char *name)
{
	char line[64];

	if (!ruleset_nameable(name))
		return false;
	snprintf(line, sizeof(line), "oifname \"%s\" goto ag_out_%u\n", name, index);
	return strstr(left, line) != NULL;
}
