// SPDX-License-Identifier: GPL-2.0-or-later
/* An officer's approval of a staged batch: verified, compared, recorded, and then used up. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/core/govern/hours.h"
#include "agent/core/transfer/transfers_private.h"
#include "agent/lib/file.h"

#define FILE_LIMIT (4096 + SIGNED_ARMOUR_MAX)

static int say_reason(struct msg_transfer_approved *answer, enum approval_reason reason, int error)
{
	answer->error = error;
	answer->reason = reason;
	snprintf(answer->text, sizeof(answer->text), "%s: %s", approval_reason_text(reason),
		 approval_reason_help(reason));
	return error;
}

static int read_file(int fd, uint8_t **bytes, size_t *length, struct msg_transfer_approved *answer)
{
	struct stat st;

	answer->error = fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ? -EINVAL : 0;
	if (answer->error == 0 && lseek(fd, 0, SEEK_SET) < 0)
		answer->error = -errno;
	if (answer->error == 0)
		answer->error = file_read_fd(fd, FILE_LIMIT, bytes, length);
	if (answer->error < 0)
		snprintf(answer->text, sizeof(answer->text),
			 "the approval cannot be read as a regular file: %s",
			 strerror(-answer->error));
	return answer->error;
}

/* One person's signature, of whichever of both duties: the text is not looked at before. */
static int verify(const struct trust *trust, const uint8_t *bytes, size_t length,
		  struct trust_account *account)
{
	struct trust_need security = { .duty[TRUST_DUTY_SECURITY] = 1 };
	struct trust_need approval = { .duty[TRUST_DUTY_APPROVAL] = 1 };
	int r;

	r = trust_verify(bytes, length, trust, SIGN_NAMESPACE_APPROVAL, &security, account);
	if (r == -EKEYREJECTED && account->cause == TRUST_CAUSE_THRESHOLD)
		r = trust_verify(bytes, length, trust, SIGN_NAMESPACE_APPROVAL, &approval, account);
	return r;
}

static int take_signer(const struct trust_account *account, struct approval_taken *taken,
		       struct msg_transfer_approved *answer)
{
	const struct trust_signer *signer = &account->signers[0];

	if (account->signer_count != 1) {
		snprintf(answer->text, sizeof(answer->text),
			 "an approval has one signature, and this one has %u: each officer signs "
			 "a text of his own",
			 account->signer_count);
		return answer->error = -EKEYREJECTED;
	}
	taken->duty =
		signer->duty == TRUST_DUTY_SECURITY ? POLICY_DUTY_SECURITY : POLICY_DUTY_APPROVAL;
	snprintf(taken->key, sizeof(taken->key), "%s", signer->id);
	snprintf(taken->person, sizeof(taken->person), "%s", signer->person);
	answer->duty = taken->duty;
	snprintf(answer->key, sizeof(answer->key), "%s", taken->key);
	snprintf(answer->person, sizeof(answer->person), "%s", taken->person);
	return 0;
}

static int open_text(const struct transfers *transfers, const uint8_t *bytes, size_t length,
		     struct approval_taken *taken, struct msg_transfer_approved *answer)
{
	const struct trust *trust = transfers->govern->trust;
	struct diag_list diags = DIAG_LIST_INIT;
	struct trust_account account;

	if (!trust) {
		snprintf(answer->text, sizeof(answer->text),
			 "nobody's signature can be verified: %.900s", transfers->govern->missing);
		return answer->error = -ENOKEY;
	}
	answer->error = verify(trust, bytes, length, &account);
	if (answer->error < 0) {
		snprintf(answer->text, sizeof(answer->text), "%s", account.reason);
		return answer->error;
	}
	if (take_signer(&account, taken, answer) < 0)
		return answer->error;
	answer->error = approval_parse((const char *)account.text, account.text_length, &diags,
				       &taken->approval);
	if (answer->error < 0)
		diag_format_first(&diags, "approval", answer->text, sizeof(answer->text));
	diag_list_free(&diags);
	return answer->error;
}

/* By his key, or by the name that the policy gives to the requester's account. */
static bool is_own(const struct govern *govern, const struct approval_taken *taken,
		   const char *requester)
{
	const struct policy_person *people;
	size_t count = 0;

	people = govern->policy ? policy_people(govern->policy, &count) : NULL;
	for (size_t i = 0; i < count; i++) {
		if (!people[i].login || strcmp(people[i].login, requester) != 0)
			continue;
		if ((people[i].key && strcmp(people[i].key, taken->key) == 0) ||
		    trust_same_person(people[i].name, taken->person))
			return true;
	}
	return false;
}

static bool same_person(const struct approval_taken *a, const struct approval_taken *b)
{
	return strcmp(a->key, b->key) == 0 || trust_same_person(a->person, b->person);
}

/* Also of one whose entry is still on its way. */
static bool is_used(const struct transfers *transfers, const struct approval_taken *taken)
{
	if (approvals_used(&transfers->approvals, taken->approval.nonce))
		return true;
	for (const struct transfers_waiting *it = transfers->waiting; it; it = it->next)
		if (it->answer == MSG_TRANSFER_APPROVED &&
		    memcmp(it->taken.approval.nonce, taken->approval.nonce, TRANSFER_ID_SIZE) == 0)
			return true;
	return false;
}

static bool has_approved(const struct transfers *transfers, const struct approval_taken *taken,
			 const struct approval_case *approval_case)
{
	const struct trust *trust = transfers->govern->trust;
	const struct approval_taken *other = NULL;

	while ((other = approvals_next(&transfers->approvals, approval_case, trust, other)))
		if (same_person(other, taken))
			return true;
	for (const struct transfers_waiting *it = transfers->waiting; it; it = it->next)
		if (it->answer == MSG_TRANSFER_APPROVED && same_person(&it->taken, taken) &&
		    memcmp(it->taken.approval.batch, taken->approval.batch, TRANSFER_ID_SIZE) == 0)
			return true;
	return false;
}

static int judge(const struct transfers *transfers, const struct msg_transfer_approval *message,
		 const struct approval_taken *taken, struct msg_transfer_approved *answer)
{
	const struct approval_case approval_case = {
		.batch = message->batch,
		.manifest = message->manifest,
		.direction = message->direction,
		.level = message->level,
		.unit = message->unit,
		.requester = message->requester,
		.now = hours_now(transfers->govern),
	};
	char login[TRANSFER_LOGIN_SIZE];
	enum approval_reason reason;

	transfers_login(transfers, message->requester_uid, login);
	reason = approval_judge(&taken->approval, &approval_case);
	if (reason == APPROVAL_GOOD && (!login[0] || strcmp(login, message->requester) != 0))
		reason = APPROVAL_OTHER_REQUESTER;
	if (reason != APPROVAL_GOOD)
		return say_reason(answer, reason,
				  reason == APPROVAL_EXPIRED ? -EKEYEXPIRED : -EPERM);
	if (transfers->approvals.error) {
		snprintf(answer->text, sizeof(answer->text),
			 "the list of used approvals cannot be read, so none is taken: call the "
			 "office");
		return answer->error = transfers->approvals.error;
	}
	if (is_used(transfers, taken))
		return say_reason(answer, APPROVAL_USED, -EALREADY);
	if (is_own(transfers->govern, taken, login))
		return say_reason(answer, APPROVAL_OWN, -EPERM);
	if (has_approved(transfers, taken, &approval_case))
		return say_reason(answer, APPROVAL_SAME_PERSON, -EPERM);
	return 0;
}

static void make_record(const struct transfers *transfers,
			const struct msg_transfer_approval *message,
			const struct msg_transfer_approved *answer,
			struct msg_record_transfer *record)
{
	*record = (struct msg_record_transfer){
		.event = answer->error ? TRANSFER_EVENT_REFUSED : TRANSFER_EVENT_APPROVED,
		.error = answer->error,
		.uid = message->uid,
		.direction = message->direction,
	};
	memcpy(record->batch, message->batch, sizeof(record->batch));
	memcpy(record->manifest, message->manifest, sizeof(record->manifest));
	memcpy(record->level, message->level, sizeof(record->level));
	memcpy(record->unit, message->unit, sizeof(record->unit));
	transfers_login(transfers, message->uid, record->login);
	if (answer->error)
		snprintf(record->text, sizeof(record->text), "an approval%s%s was refused: %.800s",
			 answer->person[0] ? " by " : "", answer->person, answer->text);
	else
		snprintf(record->text, sizeof(record->text), "approved by %s, key %s, duty %s",
			 answer->person, answer->key,
			 answer->duty == POLICY_DUTY_SECURITY ? "security" : "approval");
}

void transfers_approve(struct transfers *transfers, const struct msg_transfer_approval *message,
		       int fd)
{
	struct transfers_waiting waiting = { .answer = MSG_TRANSFER_APPROVED };
	struct msg_transfer_approved *answer = &waiting.body.approved;
	struct msg_record_transfer record;
	uint8_t *bytes = NULL;
	size_t length = 0;

	answer->cookie = message->cookie;
	if (read_file(fd, &bytes, &length, answer) == 0 &&
	    open_text(transfers, bytes, length, &waiting.taken, answer) == 0)
		judge(transfers, message, &waiting.taken, answer);
	free(bytes);
	answer->until = waiting.taken.approval.until;
	memcpy(answer->nonce, waiting.taken.approval.nonce, sizeof(answer->nonce));
	make_record(transfers, message, answer, &record);
	if (answer->error == 0 && !recorder_ready(transfers->recorder)) {
		answer->error = -EAGAIN;
		snprintf(answer->text, sizeof(answer->text),
			 "the journal cannot be written now; hand the approval in again later");
	} else if (answer->error == 0) {
		answer->error = transfers_wait(transfers, RECORD_GRADE_NONE, &record, &waiting);
		if (answer->error == 0) {
			/* Whoever asked for the transfer hears of it, not who handed the approval in. */
			record.uid = message->requester_uid;
			transfers->handler->became(transfers->data, &record, NULL);
			return;
		}
		snprintf(answer->text, sizeof(answer->text),
			 "too much is being asked at once; try again");
	} else {
		recorder_transfer(transfers->recorder, RECORD_GRADE_V1, &record, 0);
	}
	transfers_say(transfers, MSG_TRANSFER_APPROVED, answer);
}

/* It counts when it is remembered that it is used; before that nobody is told. */
void transfers_approved_now(struct transfers *transfers, struct transfers_waiting *waiting,
			    uint64_t entry, int error)
{
	struct msg_transfer_approved *answer = &waiting->body.approved;

	if (error == 0 && approvals_used(&transfers->approvals, waiting->taken.approval.nonce))
		error = -EALREADY;
	if (error == 0)
		error = approvals_take(transfers->govern->root, &transfers->approvals,
				       &waiting->taken, hours_now(transfers->govern));
	answer->entry = error ? 0 : entry;
	answer->error = error;
	if (error == -ENOSPC)
		say_reason(answer, APPROVAL_FULL, error);
	else if (error)
		snprintf(answer->text, sizeof(answer->text),
			 "the approval could not be recorded (%s); hand it in again later",
			 strerror(-error));
	if (waiting->heard)
		transfers_say(transfers, MSG_TRANSFER_APPROVED, answer);
}
