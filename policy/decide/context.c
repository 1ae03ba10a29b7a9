// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/decide/context.h"

#include <string.h>

int policy_levels_rank(const struct policy_levels *levels, const char *name)
{
	for (uint32_t i = 0; i < levels->count && i < POLICY_LEVELS_MAX; i++)
		if (strcmp(levels->names[i], name) == 0)
			return (int)i;
	return -1;
}
