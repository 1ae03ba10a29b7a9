// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/media/media_finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/govern/candidate.h"
#include "agent/core/grade.h"
#include "agent/lib/media/media_read.h"

/* Sizes of what officers sign allow for more than a message does; only the message's is believed here. */
_Static_assert(MSG_MEDIUM_RECORD_MAX <= MEDIA_RECORD_SIZE,
	       "a told record is no longer than a slot");

static void verify(struct medium_finding *finding, const struct msg_medium_reading *reading,
		   const struct trust *trust)
{
	struct media_reading *whole = calloc(1, sizeof(*whole));
	struct trust_account account;
	uint32_t state = finding->facts.record_state;

	/* Nothing that the other program says of a record makes it a good one. */
	finding->facts.record_state =
		state == MEDIUM_RECORD_NONE ? MEDIUM_RECORD_NONE : MEDIUM_RECORD_DAMAGED;
	if (!whole || reading->record_length == 0 ||
	    reading->record_length > sizeof(reading->record)) {
		free(whole);
		return;
	}
	memcpy(whole->record, reading->record, reading->record_length);
	whole->record_length = reading->record_length;
	whole->facts.record_state = MEDIUM_RECORD_UNSIGNED;
	if (trust && media_read_verify(whole, trust, &account, NULL) == 0) {
		candidate_signers(&account, finding->signers, sizeof(finding->signers));
		finding->facts.record = whole->facts.record;
	}
	finding->facts.record_state = whole->facts.record_state;
	free(whole);
}

void media_finding_take(struct medium_finding *finding, const struct msg_medium_reading *reading,
			const struct media_disk *disk, const struct trust *trust)
{
	struct medium_facts *facts = &finding->facts;

	memset(finding, 0, sizeof(*finding));
	finding->filesystem = reading->filesystem;
	finding->raw_partition = reading->raw_partition;
	finding->data_partition = reading->data_partition;
	finding->raw_first = reading->raw_first;
	finding->raw_sectors = reading->raw_sectors;
	finding->data_first = reading->data_first;
	finding->data_sectors = reading->data_sectors;
	*facts = reading->facts;
	/* Of the device the kernel's word alone. */
	facts->sectors = disk->sectors;
	facts->vendor = disk->vendor;
	facts->product = disk->product;
	memcpy(facts->serial, disk->serial, sizeof(facts->serial));
	memset(&facts->record, 0, sizeof(facts->record));
	finding->kind =
		facts->layout == MEDIUM_LAYOUT_NONE ? MEDIA_KIND_FOREIGN : MEDIA_KIND_REGISTERED;
	if (finding->kind == MEDIA_KIND_REGISTERED) {
		verify(finding, reading, trust);
	} else {
		/* It has none, whatever is said. */
		facts->record_state = MEDIUM_RECORD_NONE;
		memset(&facts->counter, 0, sizeof(facts->counter));
	}
	/* Its file system is named twice: for being judged, and for being mounted. */
	if (finding->kind == MEDIA_KIND_REGISTERED && facts->filesystem != finding->filesystem)
		finding->filesystem = MEDIA_FILESYSTEM_NONE;
}

/* A blank or foreign record, or one that cannot be looked into, gives nothing to ask the policy about. */
static void refuse_judged(struct medium_finding *finding)
{
	struct policy_verdict *verdict = &finding->decided.verdict;

	memset(&finding->decided, 0, sizeof(finding->decided));
	verdict->cause = POLICY_CAUSE_BUILTIN;
	snprintf(verdict->rule, sizeof(verdict->rule), "%s",
		 medium_reason_name(finding->judged.reason));
	snprintf(verdict->because, sizeof(verdict->because), "%s",
		 medium_reason_text(finding->judged.reason));
}

void media_finding_decide(struct medium_finding *finding, const struct govern *govern,
			  const struct medium_memory *memory)
{
	struct media_facts facts = { .kind = finding->kind, .filesystem = finding->filesystem };

	finding->judged = (struct medium_verdict){ .reason = MEDIUM_GOOD };
	if (finding->kind == MEDIA_KIND_REGISTERED) {
		medium_judge(&finding->facts, govern->context.media, govern->context.today, memory,
			     &finding->judged);
		if (finding->judged.reason == MEDIUM_GOOD && !memory)
			finding->judged = (struct medium_verdict){
				.reason = MEDIUM_NO_COUNTER,
				.all = UINT32_C(1) << MEDIUM_NO_COUNTER,
			};
		facts.sealed = 1;
		memcpy(facts.id, finding->facts.record.id, sizeof(facts.id));
	}
	if (finding->judged.reason != MEDIUM_GOOD)
		refuse_judged(finding);
	else
		govern_decide_media(govern, &facts, &finding->decided);
	/* A foreign medium that may not be read is, for people, one that is not registered. */
	if (finding->kind == MEDIA_KIND_FOREIGN && !media_finding_may(finding))
		finding->judged = (struct medium_verdict){
			.reason = MEDIUM_NOT_ENROLLED,
			.all = UINT32_C(1) << MEDIUM_NOT_ENROLLED,
		};
}

bool media_finding_may(const struct medium_finding *finding)
{
	return finding->decided.verdict.result == POLICY_RESULT_PERMIT &&
	       finding->decided.right != MEDIA_RIGHT_NONE;
}

enum record_grade media_finding_grade(const struct medium_finding *finding,
				      const struct policy *policy)
{
	const struct policy_verdict *verdict = &finding->decided.verdict;

	switch (finding->judged.reason) {
	case MEDIUM_OTHER_HARDWARE:
	case MEDIUM_OTHER_CAPACITY:
	case MEDIUM_UNSIGNED_RECORD:
	case MEDIUM_OLDER:
	case MEDIUM_BRANCH:
		return grade_named(policy, "media.copied", RECORD_GRADE_V2);
	case MEDIUM_LOST:
	case MEDIUM_DESTROYED:
		return grade_named(policy, "media.lost", RECORD_GRADE_V2);
	default:
		break;
	}
	if (verdict->cause == POLICY_CAUSE_BUILTIN && strcmp(verdict->rule, MEDIA_RULE_LEVEL) == 0)
		return grade_named(policy, "media.level", RECORD_GRADE_V2);
	return grade_named(policy, "media.refused", RECORD_GRADE_V1);
}
