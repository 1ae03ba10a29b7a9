// SPDX-License-Identifier: GPL-2.0-or-later
/* Signers' lists: what is accepted can be met, names nobody twice, and survives being printed. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/sign/trust.h"

static bool exclusive(uint32_t duty)
{
	return duty == TRUST_DUTY_SECURITY || duty == TRUST_DUTY_APPROVAL ||
	       duty == TRUST_DUTY_AUDIT;
}

static void key_holds(const struct trust *trust, uint32_t i)
{
	const struct trust_key *key = &trust->keys[i];
	bool active = key->standing == TRUST_STANDING_ACTIVE;

	MUST(ENDED(key->id) && key->id[0] && ENDED(key->person));
	MUST(key->standing <= TRUST_STANDING_REVOKED && key->duty <= TRUST_DUTY_COUNT);
	MUST(!active || (key->duty < TRUST_DUTY_COUNT && key->person[0]));
	MUST(trust_find(trust, &key->key) == key);
	for (uint32_t j = 0; j < i; j++) {
		const struct trust_key *other = &trust->keys[j];

		MUST(strcmp(key->id, other->id) != 0 && !sshkey_same(&key->key, &other->key));
		if (active && other->standing == TRUST_STANDING_ACTIVE &&
		    key->duty != other->duty && exclusive(key->duty) && exclusive(other->duty))
			MUST(!trust_same_person(key->person, other->person));
	}
}

/* Upper bound that ignores that people may hold several keys; the exact count is the parser's. */
static void need_can_be_met(const struct trust *trust, const struct trust_need *need)
{
	uint32_t total = 0;

	for (uint32_t duty = 0; duty < TRUST_DUTY_COUNT; duty++) {
		uint32_t keys = 0;

		for (uint32_t i = 0; i < trust->key_count; i++)
			keys += trust->keys[i].standing == TRUST_STANDING_ACTIVE &&
				trust->keys[i].duty == duty;
		MUST(need->duty[duty] <= keys && need->duty[duty] <= SIGNED_BLOCKS_MAX);
		total += need->duty[duty];
	}
	MUST(total > 0);
}

static void trust_holds(const struct trust *trust)
{
	MUST(trust->number > 0);
	MUST(trust->key_count <= TRUST_KEYS_MAX && trust->bad_count <= TRUST_BAD_MAX);
	MUST(trust->level_count > 0 && trust->level_count <= TRUST_LEVELS_MAX);
	for (uint32_t i = 0; i < trust->level_count; i++) {
		MUST(ENDED(trust->levels[i].name) && ENDED(trust->levels[i].label));
		MUST(trust_level(trust, trust->levels[i].name) == (int)i);
	}
	for (uint32_t i = 0; i < trust->key_count; i++)
		key_holds(trust, i);
	need_can_be_met(trust, &trust->root);
	need_can_be_met(trust, &trust->policy);
}

/* Both mean the same save for the digest of the text and the lines in it. */
static void same_lists(struct trust *a, struct trust *b)
{
	memset(a->digest, 0, sizeof(a->digest));
	memset(b->digest, 0, sizeof(b->digest));
	for (uint32_t i = 0; i < TRUST_KEYS_MAX; i++)
		a->keys[i].line = b->keys[i].line = 0;
	MUST(memcmp(a, b, sizeof(*a)) == 0);
}

static struct trust *parse(const char *text, size_t length)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct trust *trust = NULL;
	int result = trust_parse(text, length, &diags, &trust);

	fuzz_diags_hold(&diags, text, document_text_length(text, length), result);
	MUST((result == 0) == (trust != NULL));
	diag_list_free(&diags);
	return trust;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct trust *trust = parse(text, size), *again;
	size_t printed;
	char *once;

	if (!trust)
		return 0;
	trust_holds(trust);
	once = fuzz_document_prints("airgap-trust", text, document_text_length(text, size),
				    &printed);
	if (once) {
		again = parse(once, printed);
		MUST(again);
		same_lists(trust, again);
		trust_free(again);
	}
	trust_free(trust);
	free(once);
	return 0;
}
