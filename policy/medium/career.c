// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/medium/career.h"

#include <stddef.h>

#define BIT(status) (1u << TABLE_STATUS_##status)
#define AT_HAND	    (BIT(ACTIVE) | BIT(RETURNED) | BIT(REPAIR) | BIT(WITHDRAWN))

static const struct {
	unsigned int from;
	enum table_status to;
} steps[MEDIUM_STEP_COUNT] = {
	[MEDIUM_STEP_ISSUE] = { AT_HAND, TABLE_STATUS_ACTIVE },
	[MEDIUM_STEP_RETURN] = { BIT(ACTIVE) | BIT(REPAIR) | BIT(WITHDRAWN),
				 TABLE_STATUS_RETURNED },
	[MEDIUM_STEP_REPAIR] = { BIT(ACTIVE) | BIT(RETURNED) | BIT(WITHDRAWN),
				 TABLE_STATUS_REPAIR },
	[MEDIUM_STEP_RECALL] = { BIT(ACTIVE) | BIT(REPAIR), TABLE_STATUS_WITHDRAWN },
	[MEDIUM_STEP_LOST] = { AT_HAND | BIT(RETIRED), TABLE_STATUS_LOST },
	[MEDIUM_STEP_FOUND] = { BIT(LOST), TABLE_STATUS_RETURNED },
	[MEDIUM_STEP_DESTROY] = { AT_HAND | BIT(RETIRED), TABLE_STATUS_DESTROYED },
};

enum table_status medium_career(enum table_status from, enum medium_step step, const char **why)
{
	*why = "";
	if (from < TABLE_STATUS_COUNT && step < MEDIUM_STEP_COUNT && steps[step].from >> from & 1)
		return steps[step].to;
	if (step < MEDIUM_STEP_COUNT && steps[step].to == from)
		*why = "that is its status already";
	else if (from == TABLE_STATUS_LOST)
		*why = "it is reported lost: first say with 'found' that it is back";
	else if (from == TABLE_STATUS_DESTROYED)
		*why = "it is destroyed, and that is the end of it: enrol another";
	else if (step == MEDIUM_STEP_FOUND)
		*why = "nobody reported it lost";
	else if (from == TABLE_STATUS_RETIRED)
		*why = "it is out of use: only 'lost' or 'destroy' are left";
	else
		*why = "it was handed back, and nobody has it";
	return TABLE_STATUS_COUNT;
}
