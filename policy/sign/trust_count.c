// SPDX-License-Identifier: GPL-2.0-or-later
/* Counting signatures against thresholds. Allocates nothing and parses nothing. */
#include "policy/sign/trust_count.h"
#include "policy/sign/text.h"

#include <errno.h>
#include <string.h>

static bool same_person_counted(const struct trust_account *account, const struct trust_key *key)
{
	uint32_t i;

	for (i = 0; i < account->signer_count; i++)
		if (account->signers[i].mark == TRUST_MARK_COUNTED &&
		    trust_same_person(account->signers[i].person, key->person))
			return true;
	return false;
}

static enum trust_mark mark_of(const struct trust_tally *tally, const struct trust_key *key,
			       const struct trust_account *account)
{
	if (!key)
		return TRUST_MARK_UNKNOWN;
	if (key->standing == TRUST_STANDING_REVOKED)
		return TRUST_MARK_REVOKED;
	if (key->standing == TRUST_STANDING_RETIRED &&
	    (!tally->retired_count || key->duty >= TRUST_DUTY_COUNT))
		return TRUST_MARK_RETIRED;
	if (key->duty >= TRUST_DUTY_COUNT || tally->need->duty[key->duty] == 0)
		return TRUST_MARK_UNASKED;
	return same_person_counted(account, key) ? TRUST_MARK_AGAIN : TRUST_MARK_COUNTED;
}

/*
 * When one list follows another, who is new or has left stands on one of them alone, and a key that
 * the new list revokes has had its say under the old one. Returns the entry to name, or NULL.
 */
static const struct trust_key *excuse(const struct trust_tally *tally,
				      const struct signed_block *block, enum trust_mark mark)
{
	const struct trust_key *key = NULL;

	if (tally->before)
		key = trust_find(tally->before, &block->sig.key);
	else if (tally->after && mark == TRUST_MARK_UNKNOWN)
		key = trust_find(tally->after, &block->sig.key);
	return key && key->standing == TRUST_STANDING_ACTIVE ? key : NULL;
}

static void enter_signer(const struct trust_tally *tally, const struct signed_block *block,
			 struct trust_account *account)
{
	struct trust_signer *signer = &account->signers[account->signer_count];
	const struct trust_key *key = trust_find(tally->trust, &block->sig.key);
	const struct trust_key *other = NULL;

	memset(signer, 0, sizeof(*signer));
	signer->mark = mark_of(tally, key, account);
	if (signer->mark == TRUST_MARK_UNKNOWN || signer->mark == TRUST_MARK_REVOKED)
		other = excuse(tally, block, signer->mark);
	if (other) {
		signer->mark = TRUST_MARK_OTHER;
		key = other;
	}
	signer->line = block->line;
	signer->duty = TRUST_DUTY_COUNT;
	sshkey_fingerprint(&block->sig.key, signer->fingerprint);
	if (key) {
		signer->duty = key->duty;
		memcpy(signer->id, key->id, sizeof(signer->id));
		memcpy(signer->person, key->person, sizeof(signer->person));
	}
	if (signer->mark == TRUST_MARK_COUNTED)
		account->have.duty[signer->duty]++;
	account->signer_count++;
}

int trust_refuse(struct trust_account *account, enum trust_cause cause)
{
	account->cause = cause;
	account->text = NULL;
	account->text_length = 0;
	return -EKEYREJECTED;
}

/* A signature that nobody may overlook, whatever else the file has. */
static int refuse_marks(struct trust_account *account, uint64_t number)
{
	const struct trust_signer *signer;
	uint32_t i;

	for (i = 0; i < account->signer_count; i++) {
		signer = &account->signers[i];
		if (signer->mark == TRUST_MARK_UNKNOWN) {
			text_put(
				account->reason, SIGNED_REASON_SIZE,
				"the signature in line %u is by a key that is not on signers' list "
				"%llu: %s. Use the list that names this key, or remove the "
				"signature.",
				signer->line, (unsigned long long)number, signer->fingerprint);
			return trust_refuse(account, TRUST_CAUSE_UNKNOWN);
		}
		if (signer->mark == TRUST_MARK_REVOKED) {
			text_put(
				account->reason, SIGNED_REASON_SIZE,
				"the signature in line %u is by key '%s', which signers' list %llu "
				"has revoked: nothing it signed counts. Remove the signature and "
				"have somebody else sign.",
				signer->line, signer->id, (unsigned long long)number);
			return trust_refuse(account, TRUST_CAUSE_REVOKED);
		}
	}
	return 0;
}

static void name_uncounted(struct trust_account *account)
{
	const struct trust_signer *signer;
	uint32_t i;

	for (i = 0; i < account->signer_count; i++) {
		signer = &account->signers[i];
		if (signer->mark != TRUST_MARK_COUNTED)
			text_add(account->reason, SIGNED_REASON_SIZE, " Key '%s'%s%s%s %s.",
				 signer->id, signer->person[0] ? " (" : "", signer->person,
				 signer->person[0] ? ")" : "", trust_mark_text(signer->mark));
	}
}

/* "needs 2 signatures of duty security from different people, has 1" for each that lacks. */
static int compare_need(struct trust_account *account, uint64_t number)
{
	bool asked = false, lacks = false;
	uint32_t duty, need, have;

	text_put(account->reason, SIGNED_REASON_SIZE, "%s", "");
	for (duty = 0; duty < TRUST_DUTY_COUNT; duty++) {
		need = account->need.duty[duty];
		have = account->have.duty[duty];
		asked |= need > 0;
		if (have >= need)
			continue;
		text_add(account->reason, SIGNED_REASON_SIZE,
			 "%s%u signature%s of duty %s%s, has %u", lacks ? "; needs " : "needs ",
			 need, need == 1 ? "" : "s", trust_duty_name(duty),
			 need == 1 ? "" : " from different people", have);
		lacks = true;
	}
	if (!asked)
		text_put(account->reason, SIGNED_REASON_SIZE,
			 "nobody has said whose signatures it needs");
	if (asked && !lacks)
		return 0;
	text_add(account->reason, SIGNED_REASON_SIZE, " (signers' list %llu).",
		 (unsigned long long)number);
	name_uncounted(account);
	return trust_refuse(account, TRUST_CAUSE_THRESHOLD);
}

static int refuse_bad(const struct trust *trust, struct trust_account *account)
{
	char digest[SIGNED_DIGEST_TEXT];
	uint32_t i;

	for (i = 0; i < trust->bad_count; i++) {
		if (memcmp(trust->bad[i], account->digest, SIGNED_DIGEST_SIZE) != 0)
			continue;
		signed_digest_format(account->digest, digest);
		text_put(account->reason, SIGNED_REASON_SIZE,
			 "signers' list %llu names this text as bad: %s. Use another one.",
			 (unsigned long long)trust->number, digest);
		return trust_refuse(account, TRUST_CAUSE_BAD);
	}
	return 0;
}

int trust_count(const struct trust_tally *tally, const struct signed_file *file,
		struct trust_account *account)
{
	uint32_t i;
	int error;

	memset(account, 0, sizeof(*account));
	account->text = file->text;
	account->text_length = file->text_length;
	account->need = *tally->need;
	memcpy(account->digest, file->digest, sizeof(account->digest));
	for (i = 0; i < file->count; i++)
		enter_signer(tally, &file->blocks[i], account);
	error = refuse_bad(tally->trust, account);
	if (!error)
		error = refuse_marks(account, tally->trust->number);
	return error ? error : compare_need(account, tally->trust->number);
}
