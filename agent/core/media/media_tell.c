// SPDX-License-Identifier: GPL-2.0-or-later
/* What is told of a medium: in the journal, to airgap-transferd, to people. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/media/media_item.h"

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%.*s", (int)size - 1, text ? text : "");
}

#define COPY(array, text) copy(array, sizeof(array), text)

static void tell_row(const struct govern *govern, struct msg_medium *said)
{
	struct table_media row;

	if (!govern->context.media || !table_media_find_id(govern->context.media, said->id, &row))
		return;
	COPY(said->level, row.level);
	COPY(said->unit, row.unit);
	COPY(said->custodian, row.custodian);
}

/* What happened, why, what to do. */
static void tell_refusal(const struct medium *medium, struct msg_medium *said)
{
	const struct medium_finding *finding = &medium->finding;
	const struct policy_verdict *verdict = &finding->decided.verdict;

	if (finding->judged.reason != MEDIUM_GOOD && finding->kind == MEDIA_KIND_REGISTERED)
		snprintf(said->text, sizeof(said->text), "This medium was refused: %s. Now %s.",
			 medium_reason_text(finding->judged.reason),
			 medium_reason_help(finding->judged.reason));
	else if (finding->kind == MEDIA_KIND_FOREIGN)
		snprintf(said->text, sizeof(said->text),
			 "This medium was refused: it is not registered, and %s. Use a registered "
			 "one, or have the office bring its files in.",
			 verdict->because);
	else
		snprintf(
			said->text, sizeof(said->text),
			"This medium was refused: %s. Use one that this terminal's policy permits, "
			"or ask the security officer.",
			verdict->because);
}

void media_tell_said(struct media *media, struct medium *medium)
{
	const struct medium_finding *finding = &medium->finding;
	struct msg_medium *said = &medium->said;
	bool may = media_finding_may(finding);

	*said = (struct msg_medium){
		.cookie = medium->cookie,
		.kind = finding->kind,
		.right = may ? finding->decided.right : MEDIA_RIGHT_NONE,
		.reason = finding->judged.reason,
		.filesystem = finding->filesystem,
		.sequence = finding->facts.counter.sequence,
	};
	memcpy(said->port, medium->block.port, sizeof(said->port));
	memcpy(said->name, medium->block.name, sizeof(said->name));
	if (finding->kind == MEDIA_KIND_REGISTERED &&
	    finding->facts.record_state == MEDIUM_RECORD_GOOD) {
		memcpy(said->id, finding->facts.record.id, sizeof(said->id));
		tell_row(media->config.govern, said);
	}
	if (!may)
		tell_refusal(medium, said);
}

static enum record_grade grade_of(const struct media *media, const struct medium *medium,
				  enum media_event event)
{
	const struct policy *policy = media->config.govern->policy;

	if (event == MEDIA_EVENT_REFUSED)
		return media_finding_grade(&medium->finding, policy);
	if (event == MEDIA_EVENT_ADMITTED &&
	    medium->finding.decided.verdict.cause == POLICY_CAUSE_MONITOR)
		return RECORD_GRADE_V1;
	return RECORD_GRADE_NONE;
}

int media_tell_record(struct media *media, const struct medium *medium, enum media_event event,
		      int error, uint64_t tag)
{
	struct msg_record_medium message = {
		.event = event,
		.error = error,
		.medium = medium->said,
		.verdict = medium->finding.decided,
		.reasons = medium->finding.judged.all,
		.facts = medium->finding.facts,
	};

	message.medium.cookie = 0;
	memcpy(message.counter, medium->finding.facts.counter.digest, sizeof(message.counter));
	return recorder_medium(media->config.recorder, grade_of(media, medium, event), &message,
			       tag);
}
