// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/grade.h"

/* Defaults; a policy's block `incidents` is to replace them. */
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

enum record_grade grade_usb(enum record_kind kind, const struct usb_outcome *outcome)
{
	switch (kind) {
	case RECORD_KIND_VIOLATION:
		return by_cause[outcome->decided.verdict.cause];
	case RECORD_KIND_PERMIT:
		return outcome->decided.verdict.cause == POLICY_CAUSE_MONITOR ? RECORD_GRADE_V1
									      : RECORD_GRADE_NONE;
	case RECORD_KIND_ALARM:
		return RECORD_GRADE_V2;
	default:
		return RECORD_GRADE_NONE;
	}
}
