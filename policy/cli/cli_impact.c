// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgap-policy impact --trust LIST NEW [FILE...]: what would stop counting under the next list.
 *
 * NEW may be a draft without signatures: officers ask before they sign.
 */
#include "policy/cli/cli.h"
#include "policy/lang/diag.h"
#include "policy/sign/trust.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPTION_TRUST,
};

struct list {
	const char *path;
	char *bytes;
	size_t length;
	struct trust *trust;
};

static const char *const standing_names[] = {
	[TRUST_STANDING_ACTIVE] = "active",
	[TRUST_STANDING_RETIRED] = "retired",
	[TRUST_STANDING_REVOKED] = "revoked",
};

static int load_list(const char *path, struct list *list)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int r;

	*list = (struct list){ .path = path };
	if (cli_read(path, &list->bytes, &list->length) != 0)
		return CLI_FINDINGS;
	r = trust_parse(list->bytes, list->length, &diags, &list->trust);
	if (r != 0)
		diag_print(stdout, path, list->bytes, list->length, &diags);
	diag_list_free(&diags);
	return r == 0 ? CLI_GOOD : CLI_FINDINGS;
}

static void free_list(struct list *list)
{
	trust_free(list->trust);
	free(list->bytes);
}

static const char *duty_of(const struct trust_key *key)
{
	return key->duty < TRUST_DUTY_COUNT ? trust_duty_name(key->duty) : "no duty";
}

/* One key of the list in force, as the next list has it. Returns whether it loses anything. */
static bool compare_key(const struct trust_key *was, const struct trust *next)
{
	const struct trust_key *is = trust_find(next, &was->key);

	if (was->standing != TRUST_STANDING_ACTIVE)
		return false;
	if (!is) {
		printf("  %-12s %s, %s: is not on the list any more; its signatures refuse a file\n",
		       was->id, was->person, duty_of(was));
		return true;
	}
	if (is->standing != TRUST_STANDING_ACTIVE) {
		printf("  %-12s %s, %s: %s; %s\n", was->id, was->person, duty_of(was),
		       standing_names[is->standing],
		       is->standing == TRUST_STANDING_REVOKED ?
			       "its signatures refuse a file, also an old one" :
			       "its signatures count for nothing new");
		return true;
	}
	if (is->duty != was->duty || !trust_same_person(is->person, was->person)) {
		printf("  %-12s %s, %s: becomes %s, %s\n", was->id, was->person, duty_of(was),
		       is->person, duty_of(is));
		return true;
	}
	return false;
}

static bool compare_keys(const struct trust *now, const struct trust *next)
{
	bool loses = false;

	printf("Keys\n");
	for (uint32_t i = 0; i < now->key_count; i++)
		loses |= compare_key(&now->keys[i], next);
	for (uint32_t i = 0; i < next->key_count; i++)
		if (next->keys[i].standing == TRUST_STANDING_ACTIVE &&
		    !trust_find(now, &next->keys[i].key))
			printf("  %-12s %s, %s: new\n", next->keys[i].id, next->keys[i].person,
			       duty_of(&next->keys[i]));
	return loses;
}

static bool compare_need(const char *what, const struct trust_need *now,
			 const struct trust_need *next)
{
	bool more = false;

	for (uint32_t i = 0; i < TRUST_DUTY_COUNT; i++) {
		if (now->duty[i] == next->duty[i])
			continue;
		printf("  %s: %s %" PRIu32 " instead of %" PRIu32 "\n", what, trust_duty_name(i),
		       next->duty[i], now->duty[i]);
		more |= next->duty[i] > now->duty[i];
	}
	return more;
}

static bool compare_terms(const struct trust *now, const struct trust *next)
{
	bool stricter;

	printf("Terms\n");
	stricter = compare_need("a policy needs", &now->policy, &next->policy);
	compare_need("the list after it needs", &now->root, &next->root);
	if (now->minimum_serial != next->minimum_serial)
		printf("  minimum-serial: %" PRIu64 " instead of %" PRIu64 "\n",
		       next->minimum_serial, now->minimum_serial);
	stricter |= next->minimum_serial > now->minimum_serial;
	for (uint32_t i = 0; i < now->level_count; i++) {
		if (trust_level(next, now->levels[i].name) >= 0)
			continue;
		printf("  level %s is not declared any more\n", now->levels[i].name);
		stricter = true;
	}
	return stricter;
}

/* Does the file suffice under this list? The account says why not. */
static bool suffices(const struct list *list, const char *bytes, size_t length,
		     enum sign_namespace ns, struct trust_account *account)
{
	const struct trust_need *need = ns == SIGN_NAMESPACE_TRUST ? NULL : &list->trust->policy;

	return trust_verify((const uint8_t *)bytes, length, list->trust, ns, need, account) == 0;
}

static bool compare_file(const char *path, const struct list *now, const struct list *next)
{
	struct trust_account before, after;
	enum sign_namespace ns;
	char *bytes = NULL;
	size_t length = 0;
	bool stops, good;

	if (cli_read(path, &bytes, &length) != 0)
		return true;
	ns = namespace_of_text((const uint8_t *)bytes, length);
	if (ns != SIGN_NAMESPACE_POLICY && ns != SIGN_NAMESPACE_ORDER) {
		printf("  %s: no policy and no order; 'verify --need' tells for a table\n", path);
		free(bytes);
		return false;
	}
	good = suffices(now, bytes, length, ns, &before);
	stops = good && !suffices(next, bytes, length, ns, &after);
	if (stops)
		printf("  %s: stops counting: %s\n", path, after.reason);
	else if (good)
		printf("  %s: counts on\n", path);
	else
		printf("  %s: does not count now either: %s\n", path, before.reason);
	free(bytes);
	return stops;
}

/* A draft has no signatures yet; a signed list is held to the rule of succession. */
static bool tell_succession(const struct list *now, const struct list *next)
{
	char reason[SIGNED_REASON_SIZE];
	struct trust_account account;
	struct signed_file file;

	printf("Succession\n");
	if (signed_split(&file, (const uint8_t *)next->bytes, next->length, SIGN_NAMESPACE_TRUST,
			 reason) < 0 ||
	    signed_verify(&file, SIGN_NAMESPACE_TRUST, reason) < 0) {
		printf("  not to be told: %s\n", reason);
		return next->trust->number == now->trust->number + 1;
	}
	if (trust_succeeds(now->trust, next->trust, &file, &account) < 0) {
		printf("  it would be refused: %s\n", account.reason);
		return false;
	}
	printf("  number %" PRIu64 " follows number %" PRIu64 "\n", next->trust->number,
	       now->trust->number);
	return true;
}

static int tell(const struct cli_args *args, const struct list *now, const struct list *next)
{
	bool less = !tell_succession(now, next);

	less |= compare_keys(now->trust, next->trust);
	less |= compare_terms(now->trust, next->trust);
	if (args->count > 1)
		printf("Files\n");
	for (int i = 1; i < args->count; i++)
		less |= compare_file(args->operands[i], now, next);
	printf("A policy in force stays in force until it is replaced, unless the list names it as "
	       "bad.\n");
	return less ? CLI_FINDINGS : CLI_GOOD;
}

int cli_impact(const struct cli_args *args)
{
	struct list now = { 0 }, next = { 0 };
	int r;

	if (!args->options[OPTION_TRUST])
		return cli_usage_error(args, "--trust LIST is needed: the list in force");
	r = load_list(args->options[OPTION_TRUST], &now);
	if (r == CLI_GOOD)
		r = load_list(args->operands[0], &next);
	if (r == CLI_GOOD)
		r = tell(args, &now, &next);
	free_list(&now);
	free_list(&next);
	return r;
}
