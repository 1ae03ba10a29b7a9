// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole files against a signers' list, and one list after another. */
#include "policy/sign/text.h"
#include "policy/sign/trust_count.h"

#include <errno.h>
#include <string.h>

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

int trust_check(const struct trust *trust, const struct trust_need *need,
		const struct signed_file *file, struct trust_account *account)
{
	struct trust_tally tally = { .trust = trust, .need = need ? need : &trust->policy };

	return trust_count(&tally, file, account);
}

/* Splits and verifies; the account then holds the reason, or the digest. */
static int open_file(struct signed_file *file, const uint8_t *bytes, size_t length,
		     enum sign_namespace ns, struct trust_account *account)
{
	int error;

	memset(account, 0, sizeof(*account));
	error = signed_split(file, bytes, length, ns, account->reason);
	memcpy(account->digest, file->digest, sizeof(account->digest));
	if (!error)
		error = signed_verify(file, ns, account->reason);
	return error ? fail_file(account, error) : 0;
}

int trust_verify(const uint8_t *bytes, size_t length, const struct trust *trust,
		 enum sign_namespace ns, const struct trust_need *need,
		 struct trust_account *account)
{
	static const struct trust_need nothing;
	struct signed_file file;
	int error;

	struct trust_tally tally = { .trust = trust, .need = need };

	if (!need)
		tally.need = ns == SIGN_NAMESPACE_POLICY || ns == SIGN_NAMESPACE_ORDER ||
					     ns == SIGN_NAMESPACE_MEDIA
				     ? &trust->policy
			     : ns == SIGN_NAMESPACE_TRUST ? &trust->root
							  : &nothing;
	/* A record stays on its medium when the officer has left; the table says whether it is good. */
	tally.retired_count = ns == SIGN_NAMESPACE_MEDIA;
	error = open_file(&file, bytes, length, ns, account);
	return error ? error : trust_count(&tally, &file, account);
}

int trust_self_check(const struct trust *trust, const struct signed_file *file,
		     struct trust_account *account)
{
	return trust_check(trust, &trust->root, file, account);
}

int trust_succeeds(const struct trust *now, const struct trust *next,
		   const struct signed_file *file, struct trust_account *account)
{
	struct trust_tally under_now = { .trust = now, .need = &now->root, .after = next };
	struct trust_tally under_next = { .trust = next, .need = &next->root, .before = now };
	struct trust_account second;
	int error;

	error = trust_count(&under_now, file, account);
	if (error)
		return error;
	if (next->number != now->number + 1) {
		text_put(account->reason, SIGNED_REASON_SIZE,
			 "signers' list %llu cannot follow list %llu: the next one is %llu.",
			 (unsigned long long)next->number, (unsigned long long)now->number,
			 (unsigned long long)now->number + 1);
		return trust_refuse(account, TRUST_CAUSE_NUMBER);
	}
	error = trust_count(&under_next, file, &second);
	if (error)
		*account = second;
	return error;
}

/* Parses a list whose signatures have been verified. */
static int parse_list(const struct signed_file *file, struct diag_list *diags, struct trust **list,
		      struct trust_account *account)
{
	int error = trust_parse((const char *)file->text, file->text_length, diags, list);

	if (!error)
		return 0;
	account->cause = TRUST_CAUSE_TEXT;
	text_put(account->reason, SIGNED_REASON_SIZE, "%s",
		 error == -ENOMEM ? "there is not enough memory to read the signers' list."
				  : "the text of the signers' list is wrong; 'airgap-policy check' "
				    "shows where.");
	return error;
}

/* Hands the list over, or frees it. */
static int hand_over(struct trust *list, int error, struct trust **out)
{
	if (error)
		trust_free(list);
	else
		*out = list;
	return error;
}

int trust_open(const uint8_t *bytes, size_t length, const uint8_t *digest, struct diag_list *diags,
	       struct trust **trust, struct trust_account *account)
{
	struct trust *list = NULL;
	struct signed_file file;
	int error;

	*trust = NULL;
	error = open_file(&file, bytes, length, SIGN_NAMESPACE_TRUST, account);
	if (error)
		return error;
	if (digest && memcmp(digest, file.digest, SIGNED_DIGEST_SIZE) != 0) {
		text_put(account->reason, SIGNED_REASON_SIZE,
			 "this is not the signers' list whose digest is known. Get the right list, "
			 "or compare the digest with the office's again.");
		return trust_refuse(account, TRUST_CAUSE_DIGEST);
	}
	error = parse_list(&file, diags, &list, account);
	if (!error)
		error = trust_self_check(list, &file, account);
	return hand_over(list, error, trust);
}

int trust_follow(const struct trust *now, const uint8_t *bytes, size_t length,
		 struct diag_list *diags, struct trust **next, struct trust_account *account)
{
	struct trust *list = NULL;
	struct signed_file file;
	int error;

	*next = NULL;
	error = open_file(&file, bytes, length, SIGN_NAMESPACE_TRUST, account);
	if (!error)
		error = parse_list(&file, diags, &list, account);
	if (!error)
		error = trust_succeeds(now, list, &file, account);
	return hand_over(list, error, next);
}
