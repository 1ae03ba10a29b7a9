/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may become of a medium: issued, handed back, lost, found, destroyed (领用, 归还, 维修, 清退, 挂失,
 * 找回, 销毁).
 */
#ifndef AIRGAP_POLICY_MEDIUM_CAREER_H
#define AIRGAP_POLICY_MEDIUM_CAREER_H

#include "policy/table/table.h"

enum medium_step {
	MEDIUM_STEP_ISSUE,
	MEDIUM_STEP_RETURN,
	MEDIUM_STEP_REPAIR, /* handed back to be repaired elsewhere */
	MEDIUM_STEP_RECALL,
	MEDIUM_STEP_LOST,
	MEDIUM_STEP_FOUND,
	MEDIUM_STEP_DESTROY,
	MEDIUM_STEP_COUNT,
};

/**
 * medium_career - the status after a step
 * @why: when it is not possible, why not, as a sentence without its full stop; static
 *
 * Returns the status, or TABLE_STATUS_COUNT.
 */
enum table_status medium_career(enum table_status from, enum medium_step step, const char **why);

#endif
