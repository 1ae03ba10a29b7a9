// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/decide/context.h"

#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/policy.h"

int policy_levels_rank(const struct policy_levels *levels, const char *name)
{
	for (uint32_t i = 0; i < levels->count && i < POLICY_LEVELS_MAX; i++)
		if (strcmp(levels->names[i], name) == 0)
			return (int)i;
	return -1;
}

const char *policy_office_below(const struct policy *policy, const struct policy_levels *levels)
{
	const char *level = document_text(policy_document(policy), "report", "office", "level");
	int office = level ? policy_levels_rank(levels, level) : 0;

	if (!level)
		return NULL;
	return office < 0 || office < policy_levels_rank(levels, policy_level(policy)) ? level
										       : NULL;
}
