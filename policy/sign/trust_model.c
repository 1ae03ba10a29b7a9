// SPDX-License-Identifier: GPL-2.0-or-later
/* The list itself: names, and who is on it. */
#include "policy/sign/trust.h"

#include <stdlib.h>
#include <string.h>

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

const char *trust_mark_name(uint32_t mark)
{
	static const char *const names[TRUST_MARK_COUNT] = {
		[TRUST_MARK_COUNTED] = "counted",  [TRUST_MARK_AGAIN] = "again",
		[TRUST_MARK_RETIRED] = "retired",  [TRUST_MARK_UNASKED] = "unasked",
		[TRUST_MARK_OTHER] = "other-list", [TRUST_MARK_UNKNOWN] = "unknown",
		[TRUST_MARK_REVOKED] = "revoked",
	};

	return mark < TRUST_MARK_COUNT ? names[mark] : "unknown";
}

const char *trust_cause_name(uint32_t cause)
{
	static const char *const names[TRUST_CAUSE_COUNT] = {
		[TRUST_CAUSE_GOOD] = "good",	       [TRUST_CAUSE_MALFORMED] = "malformed",
		[TRUST_CAUSE_UNSIGNED] = "unsigned",   [TRUST_CAUSE_SIGNATURE] = "signature",
		[TRUST_CAUSE_UNKNOWN] = "unknown-key", [TRUST_CAUSE_REVOKED] = "revoked-key",
		[TRUST_CAUSE_THRESHOLD] = "threshold", [TRUST_CAUSE_BAD] = "bad-digest",
		[TRUST_CAUSE_NUMBER] = "number",       [TRUST_CAUSE_DIGEST] = "digest",
		[TRUST_CAUSE_TEXT] = "text",
	};

	return cause < TRUST_CAUSE_COUNT ? names[cause] : "unknown";
}

uint32_t trust_duty(const char *name)
{
	uint32_t duty;

	for (duty = 0; duty < TRUST_DUTY_COUNT; duty++)
		if (strcmp(trust_duty_name(duty), name) == 0)
			break;
	return duty;
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

_Static_assert(TRUST_LEVELS_MAX <= POLICY_LEVELS_MAX, "each level has its place");

void trust_levels(const struct trust *trust, struct policy_levels *levels)
{
	uint32_t i;

	memset(levels, 0, sizeof(*levels));
	levels->count = trust->level_count;
	for (i = 0; i < trust->level_count; i++)
		levels->names[i] = trust->levels[i].name;
}

struct trust_need trust_need_of(const struct policy_need *need)
{
	struct trust_need result = { 0 };

	result.duty[TRUST_DUTY_SECURITY] = need->duty[POLICY_DUTY_SECURITY];
	result.duty[TRUST_DUTY_APPROVAL] = need->duty[POLICY_DUTY_APPROVAL];
	return result;
}

void trust_free(struct trust *trust)
{
	free(trust);
}
