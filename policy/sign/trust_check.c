// SPDX-License-Identifier: GPL-2.0-or-later
/* Counting signatures against thresholds. Allocates nothing and parses nothing. */
#include "policy/sign/trust.h"
#include "policy/sign/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A list and what to count under it. */
struct tally {
	const struct trust *trust;
	const struct trust_need *need;
	/* When one list follows another: the list in force, and the one to come. Else NULL. */
	const struct trust *before;
	const struct trust *after;
};

const char *trust_duty_name(uint32_t duty)
{
	static const char *const names[TRUST_DUTY_COUNT] = {
		[TRUST_DUTY_ROOT] = "root",
		[TRUST_DUTY_SECURITY] = "security",
		[TRUST_DUTY_APPROVAL] = "approval",
		[TRUST_DUTY_AUDIT] = "audit",
	};

	return duty < TRUST_DUTY_COUNT ? names[duty] : "none";
}

const char *trust_mark_text(uint32_t mark)
{
	static const char *const texts[TRUST_MARK_COUNT] = {
		[TRUST_MARK_COUNTED] = "counts",
		[TRUST_MARK_AGAIN] = "does not count: the same person signed already",
		[TRUST_MARK_RETIRED] = "does not count: the key is retired",
		[TRUST_MARK_UNASKED] = "does not count: this duty is not asked for here",
		[TRUST_MARK_OTHER] = "counts under the other list only",
		[TRUST_MARK_UNKNOWN] = "refused: the key is not on the signers' list",
		[TRUST_MARK_REVOKED] = "refused: the key is revoked",
	};

	return mark < TRUST_MARK_COUNT ? texts[mark] : "unknown";
}

static const char *skip_spaces(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool trust_same_person(const char *a, const char *b)
{
	for (a = skip_spaces(a), b = skip_spaces(b); *a && fold(*a) == fold(*b);) {
		a = skip_spaces(a + 1);
		b = skip_spaces(b + 1);
	}
	return *a == *b;
}

const struct trust_key *trust_find(const struct trust *trust, const struct sshkey *key)
{
	uint32_t i;

	for (i = 0; i < trust->key_count; i++)
		if (sshkey_same(&trust->keys[i].key, key))
			return &trust->keys[i];
	return NULL;
}

int trust_level(const struct trust *trust, const char *name)
{
	uint32_t i;

	for (i = 0; i < trust->level_count; i++)
		if (strcmp(trust->levels[i].name, name) == 0)
			return (int)i;
	return -1;
}

static bool same_person_counted(const struct trust_account *account, const struct trust_key *key)
{
	uint32_t i;

	for (i = 0; i < account->signer_count; i++)
		if (account->signers[i].mark == TRUST_MARK_COUNTED &&
		    trust_same_person(account->signers[i].person, key->person))
			return true;
	return false;
}

static enum trust_mark mark_of(const struct tally *tally, const struct trust_key *key,
			       const struct trust_account *account)
{
	if (!key)
		return TRUST_MARK_UNKNOWN;
	if (key->standing == TRUST_STANDING_REVOKED)
		return TRUST_MARK_REVOKED;
	if (key->standing == TRUST_STANDING_RETIRED)
		return TRUST_MARK_RETIRED;
	if (key->duty >= TRUST_DUTY_COUNT || tally->need->duty[key->duty] == 0)
		return TRUST_MARK_UNASKED;
	return same_person_counted(account, key) ? TRUST_MARK_AGAIN : TRUST_MARK_COUNTED;
}

/*
 * When one list follows another, who is new or has left stands on one of them alone, and a key that
 * the new list revokes has had its say under the old one. Returns the entry to name, or NULL.
 */
static const struct trust_key *excuse(const struct tally *tally, const struct signed_block *block,
				      enum trust_mark mark)
{
	const struct trust_key *key = NULL;

	if (tally->before)
		key = trust_find(tally->before, &block->sig.key);
	else if (tally->after && mark == TRUST_MARK_UNKNOWN)
		key = trust_find(tally->after, &block->sig.key);
	return key && key->standing == TRUST_STANDING_ACTIVE ? key : NULL;
}

static void enter_signer(const struct tally *tally, const struct signed_block *block,
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

static int refuse(struct trust_account *account, enum trust_cause cause)
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
			return refuse(account, TRUST_CAUSE_UNKNOWN);
		}
		if (signer->mark == TRUST_MARK_REVOKED) {
			text_put(
				account->reason, SIGNED_REASON_SIZE,
				"the signature in line %u is by key '%s', which signers' list %llu "
				"has revoked: nothing it signed counts. Remove the signature and "
				"have somebody else sign.",
				signer->line, signer->id, (unsigned long long)number);
			return refuse(account, TRUST_CAUSE_REVOKED);
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
	return refuse(account, TRUST_CAUSE_THRESHOLD);
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
		return refuse(account, TRUST_CAUSE_BAD);
	}
	return 0;
}

static int count(const struct tally *tally, const struct signed_file *file,
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

int trust_check(const struct trust *trust, const struct trust_need *need,
		const struct signed_file *file, struct trust_account *account)
{
	struct tally tally = { .trust = trust, .need = need ? need : &trust->policy };

	return count(&tally, file, account);
}

static int fail_file(struct trust_account *account, int error)
{
	static const struct {
		int error;
		enum trust_cause cause;
	} causes[] = {
		{ -EKEYREJECTED, TRUST_CAUSE_SIGNATURE },
		{ -ENOKEY, TRUST_CAUSE_UNSIGNED },
	};
	size_t i;

	account->cause = TRUST_CAUSE_MALFORMED;
	for (i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (causes[i].error == error)
			account->cause = causes[i].cause;
	return error;
}

int trust_verify(const uint8_t *bytes, size_t length, const struct trust *trust,
		 enum sign_namespace ns, const struct trust_need *need,
		 struct trust_account *account)
{
	static const struct trust_need nothing;
	struct signed_file file;
	int error;

	memset(account, 0, sizeof(*account));
	if (!need)
		need = ns == SIGN_NAMESPACE_POLICY  ? &trust->policy
		       : ns == SIGN_NAMESPACE_TRUST ? &trust->root
						    : &nothing;
	error = signed_split(&file, bytes, length, ns, account->reason);
	memcpy(account->digest, file.digest, sizeof(account->digest));
	if (!error)
		error = signed_verify(&file, ns, account->reason);
	if (error)
		return fail_file(account, error);
	return trust_check(trust, need, &file, account);
}

int trust_self_check(const struct trust *trust, const struct signed_file *file,
		     struct trust_account *account)
{
	return trust_check(trust, &trust->root, file, account);
}

int trust_succeeds(const struct trust *now, const struct trust *next,
		   const struct signed_file *file, struct trust_account *account)
{
	struct tally under_now = { .trust = now, .need = &now->root, .after = next };
	struct tally under_next = { .trust = next, .need = &next->root, .before = now };
	struct trust_account second;
	int error;

	error = count(&under_now, file, account);
	if (error)
		return error;
	if (next->number != now->number + 1) {
		text_put(account->reason, SIGNED_REASON_SIZE,
			 "signers' list %llu cannot follow list %llu: the next one is %llu.",
			 (unsigned long long)next->number, (unsigned long long)now->number,
			 (unsigned long long)now->number + 1);
		return refuse(account, TRUST_CAUSE_NUMBER);
	}
	error = count(&under_next, file, &second);
	if (error)
		*account = second;
	return error;
}
