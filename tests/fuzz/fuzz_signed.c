// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signed files. The first byte of the input chooses the namespace, the rest is the file. The corpus
 * holds files signed by the keys below, all over one text a namespace: whatever verifies must be
 * that text, in that namespace, and nothing at all verifies under a list of other keys.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/sign/trust.h"
#include "tests/unit/signer.h"

struct holder {
	uint8_t number; /* of the key, see signer_make() */
	bool hardware;
	const char *person;
	enum trust_duty duty;
	enum trust_standing standing;
};

static const struct holder holders[] = {
	{ 1, false, "A. Novak", TRUST_DUTY_ROOT, TRUST_STANDING_ACTIVE },
	{ 2, false, "B. Zajc", TRUST_DUTY_ROOT, TRUST_STANDING_ACTIVE },
	{ 3, false, "J. Kovac", TRUST_DUTY_SECURITY, TRUST_STANDING_ACTIVE },
	{ 4, true, "M. Horvat", TRUST_DUTY_APPROVAL, TRUST_STANDING_ACTIVE },
	{ 5, false, "L. Kranjc", TRUST_DUTY_SECURITY, TRUST_STANDING_RETIRED },
	{ 6, false, "T. Bizjak", TRUST_DUTY_APPROVAL, TRUST_STANDING_REVOKED },
};
#define HOLDERS ((uint32_t)(sizeof(holders) / sizeof(holders[0])))

static struct trust trust, strangers;

/* A list of the holders whose keys have numbers @more higher. */
static void make_list(struct trust *list, uint8_t more)
{
	*list = (struct trust){ .number = 3, .key_count = HOLDERS };
	list->root.duty[TRUST_DUTY_ROOT] = 2;
	list->policy.duty[TRUST_DUTY_SECURITY] = 1;
	list->policy.duty[TRUST_DUTY_APPROVAL] = 1;
	for (uint32_t i = 0; i < HOLDERS; i++) {
		struct trust_key *key = &list->keys[i];
		struct signer signer;

		signer_make(&signer, (uint8_t)(holders[i].number + more), holders[i].hardware);
		memcpy(key->key.point, signer.public, sizeof(key->key.point));
		key->key.type = holders[i].hardware ? SSHKEY_TYPE_SK_ED25519 : SSHKEY_TYPE_ED25519;
		key->duty = holders[i].duty;
		key->standing = holders[i].standing;
		key->line = i + 1;
		snprintf(key->id, sizeof(key->id), "k%u", holders[i].number + more);
		snprintf(key->person, sizeof(key->person), "%s", holders[i].person);
	}
}

/* The text that the corpus has signatures over. */
static bool is_known(const struct signed_file *file, enum sign_namespace ns)
{
	char text[64];
	size_t length = (size_t)snprintf(text, sizeof(text), "%s 1\n", namespace_word(ns));

	return file->text_length == length && memcmp(file->text, text, length) == 0;
}

static void account_holds(const struct trust_account *account, int result)
{
	MUST(account->signer_count <= SIGNED_BLOCKS_MAX && ENDED(account->reason));
	MUST(fuzz_shown(account->reason));
	MUST((result == 0) == (account->reason[0] == 0));
	MUST((result == 0) == (account->cause == TRUST_CAUSE_GOOD));
	MUST((result == 0) == (account->text != NULL));
	for (uint32_t i = 0; i < account->signer_count; i++) {
		MUST(ENDED(account->signers[i].id) && ENDED(account->signers[i].person));
		MUST(ENDED(account->signers[i].fingerprint));
		MUST(account->signers[i].mark < TRUST_MARK_COUNT);
		if (account->signers[i].mark == TRUST_MARK_UNKNOWN ||
		    account->signers[i].mark == TRUST_MARK_REVOKED)
			MUST(result != 0);
	}
	for (uint32_t duty = 0; result == 0 && duty < TRUST_DUTY_COUNT; duty++)
		MUST(account->have.duty[duty] >= account->need.duty[duty]);
}

static void verify(const uint8_t *bytes, size_t length, enum sign_namespace ns)
{
	static struct trust_account account;
	int result = trust_verify(bytes, length, &trust, ns, NULL, &account);

	MUST(result == 0 || result == -EBADMSG || result == -EFBIG || result == -ENOKEY ||
	     result == -EKEYREJECTED);
	account_holds(&account, result);
	if (result == 0)
		MUST(account.text == bytes && account.signer_count >= 2);
	result = trust_verify(bytes, length, &strangers, ns, NULL, &account);
	MUST(result != 0);
	account_holds(&account, result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct signed_file file;
	char reason[SIGNED_REASON_SIZE];
	enum sign_namespace ns;
	int result;

	if (trust.key_count == 0) {
		make_list(&trust, 0);
		make_list(&strangers, 100);
	}
	if (size == 0)
		return 0;
	ns = data[0] % SIGN_NAMESPACE_COUNT;
	data++;
	size--;
	result = signed_split(&file, data, size, ns, reason);
	MUST(result == 0 || (ENDED(reason) && reason[0] && fuzz_shown(reason)));
	if (result == 0) {
		MUST(file.text == data && file.text_length > 0 && file.text_length < size);
		MUST(file.text[file.text_length - 1] == '\n');
		MUST(file.count > 0 && file.count <= SIGNED_BLOCKS_MAX);
		for (uint32_t i = 1; i < file.count; i++)
			MUST(file.blocks[i].line > file.blocks[i - 1].line);
		if (signed_verify(&file, ns, reason) == 0)
			MUST(is_known(&file, ns));
	}
	verify(data, size, ns);
	return 0;
}
