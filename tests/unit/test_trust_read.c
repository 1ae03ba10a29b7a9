// SPDX-License-Identifier: GPL-2.0-or-later
/* The signers' list from its text: what it holds, and every error with its line. */
#include "policy/lang/diag.h"
#include "policy/sign/trust.h"
#include "tests/unit/signer.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char public[6][256];

static void setup(void)
{
	struct signer signer;
	uint8_t i;

	ck_assert_int_ge(sodium_init(), 0);
	for (i = 0; i < 6; i++) {
		signer_make(&signer, (uint8_t)(i + 1), i == 3);
		signer_public(&signer, public[i]);
	}
}

/* The list of the tests, with two texts put into its blocks. */
static char *list(const char *head, const char *keys)
{
	char *text = NULL;

	ck_assert_int_gt(asprintf(&text,
				  "airgap-trust 1\n"
				  "trust {\n"
				  "%s"
				  "}\n"
				  "keys {\n"
				  "    key so duty security person \"J. Kovac\" public \"%s\"\n"
				  "    key ap duty approval person \"M. Horvat\" public \"%s\"\n"
				  "%s"
				  "}\n",
				  head, public[2], public[3], keys),
			 0);
	return text;
}

#define LEVELS                                                                                     \
	"    levels [ neibu \"\345\206\205\351\203\250\" mimi \"\347\247\230\345\257\206\" ]\n"
#define HEAD "    number 3\n" LEVELS "    root at-least 2\n    policy security 1 approval 1\n"

/* Two keys of duty root, by two people. */
static char *roots(const char *more)
{
	char *text = NULL;

	ck_assert_int_gt(asprintf(&text,
				  "    key r1 duty root person \"A. Novak\" public \"%s\"\n"
				  "    key r2 duty root person \"B. Zajc\" public \"%s\"\n%s",
				  public[0], public[1], more),
			 0);
	return text;
}

static int parse(const char *head, const char *more, struct diag_list *diags, struct trust **trust)
{
	char *keys = roots(more), *text = list(head, keys);
	int error = trust_parse(text, strlen(text), diags, trust);

	free(text);
	free(keys);
	return error;
}

START_TEST(test_sound)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct trust *trust = NULL;
	char more[1024];

	snprintf(more, sizeof(more),
		 "    retired so-old public \"%s\"\n    revoked so-lost person \"C\" public "
		 "\"%s\"\n",
		 public[4], public[5]);
	ck_assert_int_eq(parse(HEAD
			       "    minimum-serial 40\n"
			       "    bad \"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a"
			       "9cb410ff61f20015ad\"\n",
			       more, &diags, &trust),
			 0);
	ck_assert_uint_eq(diags.count, 0);
	ck_assert_uint_eq(trust->number, 3);
	ck_assert_uint_eq(trust->minimum_serial, 40);
	ck_assert_uint_eq(trust->root.duty[TRUST_DUTY_ROOT], 2);
	ck_assert_uint_eq(trust->policy.duty[TRUST_DUTY_SECURITY], 1);
	ck_assert_uint_eq(trust->policy.duty[TRUST_DUTY_APPROVAL], 1);
	ck_assert_uint_eq(trust->policy.duty[TRUST_DUTY_ROOT], 0);
	ck_assert_uint_eq(trust->level_count, 2);
	ck_assert_int_eq(trust_level(trust, "mimi"), 1);
	ck_assert_int_eq(trust_level(trust, "juemi"), -1);
	ck_assert_str_eq(trust->levels[0].label, "\345\206\205\351\203\250");
	ck_assert_uint_eq(trust->key_count, 6);
	ck_assert_str_eq(trust->keys[0].id, "so");
	ck_assert_str_eq(trust->keys[0].person, "J. Kovac");
	ck_assert_uint_eq(trust->keys[1].key.type, SSHKEY_TYPE_SK_ED25519);
	ck_assert_uint_eq(trust->keys[4].standing, TRUST_STANDING_RETIRED);
	ck_assert_uint_eq(trust->keys[4].duty, TRUST_DUTY_COUNT);
	ck_assert_uint_eq(trust->keys[5].standing, TRUST_STANDING_REVOKED);
	ck_assert_str_eq(trust->keys[5].person, "C");
	ck_assert_uint_eq(trust->bad_count, 1);
	ck_assert_uint_eq(trust->bad[0][0], 0xba);
	trust_free(trust);
	diag_list_free(&diags);
}
END_TEST

START_TEST(test_warnings)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct trust *trust = NULL;

	ck_assert_int_eq(parse("    number 3\n" LEVELS
			       "    root at-least 1\n    policy security 1\n",
			       "", &diags, &trust),
			 0);
	ck_assert_uint_eq(diags.errors, 0);
	ck_assert_uint_eq(diags.count, 2);
	trust_free(trust);
	diag_list_free(&diags);
}
END_TEST

/* With HEAD, key so stands in line 9, ap in 10, the roots in 11 and 12, and @more begins in 13. */
static const struct {
	const char *head;
	const char *more; /* with %s for an unused public key */
	uint32_t line;
	const char *message;
} errors[] = {
	{ "    number 0\n" LEVELS "    root at-least 2\n    policy security 1 approval 1\n", "", 3,
	  "" },
	{ LEVELS "    root at-least 2\n    policy security 1 approval 1\n", "", 0, "number" },
	{ "    number 3\n    root at-least 2\n    policy security 1 approval 1\n", "", 0,
	  "levels" },
	{ "    number 3\n" LEVELS "    policy security 1 approval 1\n", "", 0, "root" },
	{ "    number 3\n" LEVELS "    root at-least 2\n", "", 0, "policy" },
	{ "    number 3\n" LEVELS "    root at-least 3\n    policy security 1 approval 1\n", "", 5,
	  "asks for 3 people of duty root, and block keys has 2" },
	{ "    number 3\n" LEVELS "    root at-least 2\n    policy security 2 approval 1\n", "", 6,
	  "asks for 2 people of duty security, and block keys has 1" },
	{ "    number 3\n" LEVELS "    root at-least 2\n    policy audit 1\n", "", 6,
	  "asks for 1 person of duty audit, and block keys has 0" },
	{ "    number 3\n" LEVELS "    root at-least 2\n    policy security 0 approval 1\n", "", 6,
	  "" },
	{ "    number 3\n" LEVELS "    root at-least 2\n    policy security 1 security 1\n", "", 6,
	  "'security' stands twice" },
	{ "    number 3\n    levels [ a \"A\" a \"B\" ]\n    root at-least 2\n"
	  "    policy security 1 approval 1\n",
	  "", 4, "'a' stands twice" },
	{ HEAD "    bad \"sha256:00\"\n", "", 7, "not a digest" },
	{ HEAD, "    key so duty security person \"X\" public \"%s\"\n", 13,
	  "key id 'so' stands in line 9 already" },
	{ HEAD, "    revoked ap public \"%s\"\n", 13, "key id 'ap' stands in line 10 already" },
	{ HEAD, "    key x duty approval person \"J. Kovac\" public \"%s\"\n", 13,
	  "'J. Kovac' has duty approval here and duty security in line 9" },
	{ HEAD, "    key x duty audit person \"m.HORVAT\" public \"%s\"\n", 13,
	  "'m.HORVAT' has duty audit here and duty approval in line 10" },
	{ HEAD, "    key x duty audit person \"  \" public \"%s\"\n", 13,
	  "a person without a name" },
	{ HEAD, "    key x duty audit person \"X\" public \"%s comment\"\n", 13,
	  "the public key is not a type, one space and base64" },
	{ HEAD, "    key x duty audit person \"X\" public \"ssh-rsa AAAA\"\n", 13,
	  "the public key is not of type" },
	{ HEAD, "    key x duty king person \"X\" public \"%s\"\n", 13, "" },
	{ HEAD, "    key x duty audit public \"%s\"\n", 13, "person" },
	{ HEAD, "    key x duty audit person \"X\"\n", 13, "public" },
};

START_TEST(test_errors)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct trust *trust = NULL;
	const struct diag *first = NULL;
	char more[512];
	size_t i;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(more, sizeof(more), errors[_i].more, public[4]);
#pragma GCC diagnostic pop
	ck_assert_int_eq(parse(errors[_i].head, more, &diags, &trust), -EINVAL);
	ck_assert_ptr_null(trust);
	ck_assert_uint_ge(diags.errors, 1);
	for (i = 0; i < diags.count && !first; i++)
		if (strstr(diags.items[i].message, errors[_i].message))
			first = &diags.items[i];
	ck_assert_msg(first != NULL, "'%s', got '%s'", errors[_i].message, diags.items[0].message);
	if (errors[_i].line)
		ck_assert_msg(first->at.line == errors[_i].line, "%s: line %u, not %u",
			      first->message, first->at.line, errors[_i].line);
	diag_list_free(&diags);
	/* and without a list of findings */
	ck_assert_int_eq(parse(errors[_i].head, more, NULL, &trust), -EINVAL);
}
END_TEST

START_TEST(test_same_public)
{
	static const char *const standings[] = {
		"    key x duty audit person \"X\" public \"%s\"\n",
		"    retired x public \"%s\"\n",
		"    revoked x public \"%s\"\n",
	};
	struct diag_list diags = DIAG_LIST_INIT;
	struct trust *trust = NULL;
	char more[512];
	size_t i;

	for (i = 0; i < 3; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(more, sizeof(more), standings[i], public[2]);
#pragma GCC diagnostic pop
		ck_assert_int_eq(parse(HEAD, more, &diags, &trust), -EINVAL);
		ck_assert_str_eq(diags.items[0].message,
				 "this is the public key of 'so' in line 9");
		ck_assert_uint_eq(diags.items[0].at.line, 13);
		diag_list_free(&diags);
	}
}
END_TEST

/* One point under two types is one secret. */
START_TEST(test_same_point)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct trust *trust = NULL;
	char more[512], text[256];
	struct signer signer;

	signer_make(&signer, 3, true);
	signer_public(&signer, text);
	snprintf(more, sizeof(more), "    key x duty audit person \"X\" public \"%s\"\n", text);
	ck_assert_int_eq(parse(HEAD, more, &diags, &trust), -EINVAL);
	ck_assert_ptr_nonnull(strstr(diags.items[0].message, "this is the public key of 'so'"));
	diag_list_free(&diags);
}
END_TEST

START_TEST(test_many_keys)
{
	char *more = NULL, public_text[256], *keys = NULL;
	struct diag_list diags = DIAG_LIST_INIT;
	struct trust *trust = NULL;
	struct signer signer;
	unsigned int n;
	size_t size;
	FILE *out = open_memstream(&more, &size);

	ck_assert_ptr_nonnull(out);
	/* with so, ap, r1 and r2: _i more than fit */
	for (n = 0; n < TRUST_KEYS_MAX - 4U + (unsigned int)_i; n++) {
		signer.hardware = false;
		crypto_sign_keypair(signer.public, signer.secret);
		signer_public(&signer, public_text);
		fprintf(out, "    retired k%u public \"%s\"\n", n, public_text);
	}
	fclose(out);
	keys = roots(more);
	free(more);
	more = list(HEAD, keys);
	ck_assert_int_eq(trust_parse(more, strlen(more), &diags, &trust), _i ? -EINVAL : 0);
	if (_i)
		ck_assert_str_eq(diags.items[0].message, "more than 256 keys");
	else
		ck_assert_uint_eq(trust->key_count, TRUST_KEYS_MAX);
	trust_free(trust);
	diag_list_free(&diags);
	free(keys);
	free(more);
}
END_TEST

/* A head with so many levels and bad texts, and a label of so many bytes. */
static int parse_bounds(unsigned int levels, unsigned int bad, size_t label, char message[256])
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct trust *trust = NULL;
	char *head = NULL;
	unsigned int i;
	size_t size;
	FILE *out = open_memstream(&head, &size);
	int error;

	ck_assert_ptr_nonnull(out);
	fputs("    number 3\n    root at-least 2\n    policy security 1 approval 1\n    levels [",
	      out);
	for (i = 0; i < levels; i++)
		fprintf(out, " l%u \"%0*d\"", i, (int)label, 0);
	fputs(" ]\n", out);
	for (i = 0; i < bad; i++)
		fprintf(out, "    bad \"sha256:%064x\"\n", i);
	fclose(out);
	error = parse(head, "", &diags, &trust);
	snprintf(message, 256, "%s", diags.count ? diags.items[0].message : "");
	if (trust)
		ck_assert(trust->level_count == levels && trust->bad_count == bad);
	trust_free(trust);
	diag_list_free(&diags);
	free(head);
	return error;
}

START_TEST(test_bounds)
{
	char message[256];

	ck_assert_int_eq(parse_bounds(TRUST_LEVELS_MAX, TRUST_BAD_MAX, 64, message), 0);
	ck_assert_str_eq(message, "");
	ck_assert_int_eq(parse_bounds(TRUST_LEVELS_MAX + 1, 0, 1, message), -EINVAL);
	ck_assert_str_eq(message, "more than 16 levels");
	ck_assert_int_eq(parse_bounds(1, TRUST_BAD_MAX + 1, 1, message), -EINVAL);
	ck_assert_str_eq(message, "more than 256 bad texts");
	ck_assert_int_eq(parse_bounds(1, 0, 65, message), -EINVAL);
	ck_assert_str_eq(message, "longer than 64 bytes");
}
END_TEST

START_TEST(test_people)
{
	ck_assert(trust_same_person("A. Novak", "a.novak "));
	ck_assert(trust_same_person("", "  "));
	ck_assert(!trust_same_person("A. Novak", "A. Nova"));
	ck_assert(!trust_same_person("A. Nova", "A. Novak"));
	ck_assert(trust_same_person("\345\274\240\344\270\211", "\345\274\240 \344\270\211"));
	ck_assert(!trust_same_person("\345\274\240", "\345\274\241"));
}
END_TEST

START_TEST(test_other_texts)
{
	struct trust *trust = (struct trust *)1;

	ck_assert_int_eq(trust_parse("", 0, NULL, &trust), -EINVAL);
	ck_assert_ptr_null(trust);
	ck_assert_int_eq(trust_parse("airgap-policy 1\n", 16, NULL, &trust), -EINVAL);
	ck_assert_int_eq(trust_parse("airgap-trust 2\n", 15, NULL, &trust), -EINVAL);
	trust_free(NULL);
}
END_TEST

START_TEST(test_names)
{
	uint32_t i;

	for (i = 0; i < TRUST_DUTY_COUNT; i++)
		ck_assert_uint_eq(trust_duty(trust_duty_name(i)), i);
	ck_assert_uint_eq(trust_duty("none"), TRUST_DUTY_COUNT);
	for (i = 0; i < TRUST_MARK_COUNT; i++)
		ck_assert(trust_mark_name(i) && trust_mark_text(i));
	for (i = 0; i < TRUST_CAUSE_COUNT; i++)
		ck_assert_ptr_nonnull(trust_cause_name(i));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("trust_read");
	TCase *tc = tcase_create("trust_read");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, test_sound);
	tcase_add_test(tc, test_warnings);
	tcase_add_loop_test(tc, test_errors, 0, sizeof(errors) / sizeof(errors[0]));
	tcase_add_test(tc, test_same_public);
	tcase_add_test(tc, test_same_point);
	tcase_add_loop_test(tc, test_many_keys, 0, 2);
	tcase_add_test(tc, test_bounds);
	tcase_add_test(tc, test_people);
	tcase_add_test(tc, test_other_texts);
	tcase_add_test(tc, test_names);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
