// SPDX-License-Identifier: GPL-2.0-or-later
/* May this be transferred? */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/core/govern/hours.h"
#include "agent/core/transfer/transfers_private.h"
#include "policy/sign/text.h"

/* Seconds since Monday 00:00, local time; -1: not known. */
static int64_t local_week(void)
{
	time_t now = time(NULL);
	struct tm tm;

	if (!localtime_r(&now, &tm))
		return -1;
	return (int64_t)(tm.tm_wday + 6) % 7 * 86400 + (int64_t)tm.tm_hour * 3600 +
	       (int64_t)tm.tm_min * 60 + (tm.tm_sec < 60 ? tm.tm_sec : 59);
}

/* Rights of the medium, for the step that is asked about. */
static const char *medium_refusal(const struct msg_transfer_ask *ask,
				  const struct msg_medium *medium)
{
	if (!medium)
		return ask->step == TRANSFER_STEP_REQUEST && !ask->medium
			       ? NULL
			       : "the medium is not there any more; plug it in again";
	if (medium->right == MEDIA_RIGHT_NONE)
		return medium->text[0] ? medium->text : "the medium may not be used here";
	if (ask->facts.direction == TRANSFER_OUT && medium->right != MEDIA_RIGHT_WRITE)
		return "the medium may only be read on this terminal";
	return NULL;
}

bool transfers_facts(const struct transfers *transfers, const struct msg_transfer_ask *ask,
		     struct transfer_facts *facts, const char **because)
{
	const struct msg_medium *medium = transfers_find_medium(transfers, ask->medium);

	*facts = ask->facts;
	facts->local_s = local_week();
	transfers_login(transfers, ask->uid, facts->login);
	memset(facts->medium_level, 0, sizeof(facts->medium_level));
	*because = medium_refusal(ask, medium);
	if (*because)
		return false;
	if (!medium) {
		/* That it will be foreign makes the rules stricter, so it may be believed. */
		if (facts->medium != TRANSFER_MEDIUM_FOREIGN)
			facts->medium = TRANSFER_MEDIUM_ANY;
		return true;
	}
	facts->medium = medium->kind == MEDIA_KIND_REGISTERED ? TRANSFER_MEDIUM_REGISTERED
							      : TRANSFER_MEDIUM_FOREIGN;
	if (strlen(medium->level) < sizeof(facts->medium_level))
		strcpy(facts->medium_level, medium->level);
	return true;
}

static void refuse(struct policy_verdict *verdict, enum policy_cause cause, const char *because)
{
	*verdict = (struct policy_verdict){ .result = POLICY_RESULT_REFUSE, .cause = cause };
	text_put(verdict->because, sizeof(verdict->because), "%s", because);
}

/*
 * The mode comes before the policy. Mode monitor changes nothing here: what left on a medium cannot be
 * taken back, and what is recorded afterwards is a leak on record.
 */
static bool refused_by_mode(const struct transfers *transfers, struct policy_verdict *verdict)
{
	const struct govern *govern = transfers->govern;

	if (govern->mode == AGENT_MODE_LOCKDOWN || govern->mode == AGENT_MODE_STARTING ||
	    !govern->policy)
		refuse(verdict, POLICY_CAUSE_LOCKDOWN,
		       govern->reason[0] ? govern->reason : "the terminal is locked down");
	else if (govern->mode == AGENT_MODE_RESTRICTED)
		refuse(verdict, POLICY_CAUSE_RESTRICT, govern->reason);
	else if (!recorder_ready(transfers->recorder))
		refuse(verdict, POLICY_CAUSE_UNREADY,
		       "the journal cannot be written, and nothing is transferred without it");
	else if (transfers->handler->too_full(transfers->data))
		refuse(verdict, POLICY_CAUSE_UNREADY,
		       "the journal is too full for transfers until the office has confirmed what "
		       "waits: let the terminal report, or carry a bundle");
	else
		return false;
	return true;
}

static struct approval_case case_of(const struct transfers *transfers,
				    const struct msg_transfer_ask *ask,
				    const struct transfer_facts *facts,
				    const struct msg_medium *medium)
{
	return (struct approval_case){
		.batch = ask->batch,
		.manifest = ask->manifest,
		.medium = medium && medium->kind == MEDIA_KIND_REGISTERED ? medium->id : NULL,
		.direction = facts->direction,
		.level = facts->level,
		.unit = facts->unit,
		.requester = facts->login,
		.now = hours_now(transfers->govern),
	};
}

static void check_approvals(const struct transfer_verdict *needs, const struct policy_need *given,
			    struct policy_verdict *verdict)
{
	static const char *const duties[POLICY_DUTY_COUNT] = {
		[POLICY_DUTY_SECURITY] = "security",
		[POLICY_DUTY_APPROVAL] = "approval",
	};

	for (size_t i = 0; i < POLICY_DUTY_COUNT; i++) {
		uint32_t need = needs->approvals.duty[i];

		if (given->duty[i] >= need)
			continue;
		verdict->result = POLICY_RESULT_REFUSE;
		snprintf(verdict->because, sizeof(verdict->because),
			 "of duty %s it needs %u approvals, and %u are there", duties[i], need,
			 given->duty[i]);
		return;
	}
}

/* Everything that is asked before and again after the entry is durable. */
static void decide(const struct transfers *transfers, const struct msg_transfer_ask *ask,
		   struct transfer_facts *facts, struct msg_transfer_verdict *answer)
{
	const struct govern *govern = transfers->govern;
	struct transfer_verdict *verdict = &answer->verdict;
	struct approval_case approvals;
	const char *because;

	*answer = (struct msg_transfer_verdict){ .cookie = ask->cookie };
	*facts = ask->facts;
	if (refused_by_mode(transfers, &verdict->verdict))
		return;
	if (!transfers_facts(transfers, ask, facts, &because)) {
		refuse(&verdict->verdict, POLICY_CAUSE_BUILTIN, because);
		return;
	}
	policy_decide_transfer(govern->policy, &govern->context, facts, verdict);
	approvals = case_of(transfers, ask, facts, transfers_find_medium(transfers, ask->medium));
	answer->given = approvals_count(&transfers->approvals, &approvals, govern->trust);
	if (verdict->wait_s)
		answer->wait_until = approvals.now + (int64_t)verdict->wait_clock_s;
	if (verdict->verdict.result == POLICY_RESULT_PERMIT && ask->step != TRANSFER_STEP_REQUEST)
		check_approvals(verdict, &answer->given, &verdict->verdict);
}

/* "pdf, odt" */
static void list_types(const struct transfer_facts *facts, char *out, size_t size)
{
	size_t used = 0;

	for (uint32_t i = 0; i < facts->type_count && i < TRANSFER_TYPES_MAX && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "",
					 facts->types[i]);
}

static void make_record(const struct transfers *transfers, const struct msg_transfer_ask *ask,
			const struct transfer_facts *facts, const struct policy_verdict *verdict,
			struct msg_record_transfer *record)
{
	const struct msg_medium *medium = transfers_find_medium(transfers, ask->medium);

	*record = (struct msg_record_transfer){
		.event = verdict->result != POLICY_RESULT_PERMIT ? TRANSFER_EVENT_REFUSED
			 : ask->step == TRANSFER_STEP_REQUEST	 ? TRANSFER_EVENT_REQUESTED
								 : TRANSFER_EVENT_PERMITTED,
		.uid = ask->uid,
		.files = facts->files,
		.size = facts->size,
		.peer_position = ask->peer_position,
		.direction = facts->direction,
		.medium_kind = facts->medium,
	};
	memcpy(record->batch, ask->batch, sizeof(record->batch));
	memcpy(record->manifest, ask->manifest, sizeof(record->manifest));
	memcpy(record->slip, ask->slip, sizeof(record->slip));
	if (medium) {
		memcpy(record->medium, medium->id, sizeof(record->medium));
		record->sequence = medium->sequence;
	}
	snprintf(record->level, sizeof(record->level), "%s", facts->level);
	snprintf(record->unit, sizeof(record->unit), "%s", facts->unit);
	snprintf(record->peer, sizeof(record->peer), "%s", ask->peer);
	snprintf(record->login, sizeof(record->login), "%s", facts->login);
	snprintf(record->rule, sizeof(record->rule), "%s", verdict->rule);
	snprintf(record->text, sizeof(record->text), "%s", verdict->because);
	memcpy(record->names, ask->names, sizeof(record->names));
	list_types(facts, record->types, sizeof(record->types));
}

/* What the rules refuse is recorded and graded; what is not ready yet is no offence. */
static enum record_grade grade_of(const struct policy_verdict *verdict)
{
	if (verdict->result == POLICY_RESULT_PERMIT || verdict->cause == POLICY_CAUSE_UNREADY ||
	    verdict->cause == POLICY_CAUSE_ALLOW)
		return RECORD_GRADE_NONE;
	return RECORD_GRADE_V1;
}

void transfers_ask(struct transfers *transfers, const struct msg_transfer_ask *ask)
{
	struct transfers_waiting waiting = { .answer = MSG_TRANSFER_VERDICT, .ask = *ask };
	struct msg_transfer_verdict *answer = &waiting.body.verdict;
	struct policy_verdict *verdict = &answer->verdict.verdict;
	struct msg_record_transfer record;
	struct transfer_facts facts;

	decide(transfers, ask, &facts, answer);
	make_record(transfers, ask, &facts, verdict, &record);
	if (verdict->result == POLICY_RESULT_PERMIT)
		transfers->handler->became(transfers->data, &record, &answer->verdict.approvals);
	if (verdict->result != POLICY_RESULT_PERMIT)
		recorder_transfer(transfers->recorder, grade_of(verdict), &record, 0);
	else if (transfers_wait(transfers, RECORD_GRADE_NONE, &record, &waiting) == 0)
		return;
	else
		refuse(verdict, POLICY_CAUSE_UNREADY, "too much is being asked at once; try again");
	transfers_say(transfers, MSG_TRANSFER_VERDICT, answer);
}

static void add_permit(struct transfers *transfers, const struct msg_transfer_ask *ask)
{
	struct transfers_permit *permit =
		&transfers->permits[transfers->next_permit++ % TRANSFERS_PERMITS_MAX];

	*permit = (struct transfers_permit){
		.medium = ask->medium,
		.is_export = ask->step == TRANSFER_STEP_EXPORT,
	};
	memcpy(permit->batch, ask->batch, sizeof(permit->batch));
}

void transfers_permit_now(struct transfers *transfers, struct transfers_waiting *waiting,
			  uint64_t entry, int error)
{
	struct msg_transfer_verdict *answer = &waiting->body.verdict;
	struct policy_verdict *verdict = &answer->verdict.verdict;
	struct transfer_facts facts;

	if (!waiting->heard)
		return;
	/* Meanwhile the policy, the medium, an approval or the time may have become another. */
	if (error == 0)
		decide(transfers, &waiting->ask, &facts, answer);
	if (error == -EDQUOT)
		refuse(verdict, POLICY_CAUSE_UNREADY,
		       "too many requests in a short time; try again later");
	else if (error < 0)
		refuse(verdict, POLICY_CAUSE_UNREADY,
		       "the journal could not take the entry, and nothing is transferred without "
		       "it");
	answer->entry = verdict->result == POLICY_RESULT_PERMIT ? entry : 0;
	if (answer->entry && waiting->ask.step != TRANSFER_STEP_REQUEST)
		add_permit(transfers, &waiting->ask);
	transfers_say(transfers, MSG_TRANSFER_VERDICT, answer);
}
