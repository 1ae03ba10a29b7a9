// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verdict over a medium under the mode that is in force.
 *
 * Lockdown leaves nothing; restriction leaves reading. Mode monitor lets read what would be refused, and
 * says so; it never lets write.
 */
#include <stdio.h>
#include <string.h>

#include "agent/core/govern/govern.h"

static void let_in_and_record(struct media_verdict *verdict)
{
	char because[POLICY_BECAUSE_SIZE];

	snprintf(because, sizeof(because), "mode monitor; would be refused: %.200s",
		 verdict->verdict.because);
	memcpy(verdict->verdict.because, because, sizeof(because));
	verdict->verdict.result = POLICY_RESULT_PERMIT;
	verdict->verdict.cause = POLICY_CAUSE_MONITOR;
	verdict->right = MEDIA_RIGHT_READ;
}

void govern_decide_media(const struct govern *govern, const struct media_facts *facts,
			 struct media_verdict *verdict)
{
	if (govern->mode == AGENT_MODE_LOCKDOWN || !govern->policy) {
		*verdict = (struct media_verdict){
			.verdict = { .cause = POLICY_CAUSE_LOCKDOWN,
				     .because = "lockdown: no medium may be used" },
		};
		return;
	}
	policy_decide_media(govern->policy, &govern->context, facts, verdict);
	if (govern->mode == AGENT_MODE_MONITORING && verdict->right == MEDIA_RIGHT_NONE &&
	    facts->filesystem < MEDIA_FILESYSTEM_NONE)
		let_in_and_record(verdict);
	if (govern->mode == AGENT_MODE_RESTRICTED && verdict->right == MEDIA_RIGHT_WRITE) {
		verdict->right = MEDIA_RIGHT_READ;
		verdict->verdict.cause = POLICY_CAUSE_RESTRICT;
		snprintf(verdict->verdict.because, sizeof(verdict->verdict.because),
			 "restricted, so it may be read only: %.200s", govern->reason);
	}
}
