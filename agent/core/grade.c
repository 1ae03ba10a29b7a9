// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/grade.h"

#include <string.h>

#include "policy/lang/document.h"

/* Where the policy does not say. */
static const enum record_grade by_cause[POLICY_CAUSE_COUNT] = {
	[POLICY_CAUSE_DEFAULT] = RECORD_GRADE_V1,
	[POLICY_CAUSE_FORBID] = RECORD_GRADE_V1,
	[POLICY_CAUSE_LIMIT] = RECORD_GRADE_V1,
	[POLICY_CAUSE_FLAW] =
		RECORD_GRADE_V2, /* it lies about what it is: an attempt to get round */
	[POLICY_CAUSE_LOCKDOWN] = RECORD_GRADE_V1,
	[POLICY_CAUSE_RESTRICT] = RECORD_GRADE_V1,
	[POLICY_CAUSE_UNREADY] = RECORD_GRADE_NONE,
};

enum record_grade grade_named(const struct policy *policy, const char *name,
			      enum record_grade otherwise)
{
	const struct block *block =
		policy ? document_block(policy_document(policy), "incidents") : NULL;
	const struct statement *it = NULL;

	while ((it = document_statement(block, "grade", it)))
		if (strcmp(statement_text(it, "event"), name) == 0)
			return RECORD_GRADE_V1 +
			       (enum record_grade)statement_value(it, "grade")->number;
	return otherwise;
}

enum record_grade grade_usb(const struct policy *policy, enum record_kind kind,
			    const struct usb_outcome *outcome)
{
	uint32_t cause = outcome->decided.verdict.cause;

	switch (kind) {
	case RECORD_KIND_VIOLATION:
		/* Nothing was decided yet: that is nobody's violation, whatever a policy says. */
		if (by_cause[cause] == RECORD_GRADE_NONE)
			return RECORD_GRADE_NONE;
		return grade_named(policy,
				   cause == POLICY_CAUSE_FLAW ? "usb.flawed" : "usb.blocked",
				   by_cause[cause]);
	case RECORD_KIND_PERMIT:
		return cause == POLICY_CAUSE_MONITOR
			       ? grade_named(policy, "usb.monitored", RECORD_GRADE_V1)
			       : RECORD_GRADE_NONE;
	case RECORD_KIND_ALARM:
		return grade_named(policy, "usb.alarm", RECORD_GRADE_V2);
	default:
		return RECORD_GRADE_NONE;
	}
}
