// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose signatures suffice: counting, whole files, and one list after another. */
#include "policy/sign/trust.h"
#include "tests/unit/signer.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The people of these tests, by the number of their key. */
enum {
	ROOT_1,
	ROOT_2,
	ROOT_3,
	SECURITY_1,
	SECURITY_2,
	SECURITY_1_SPARE, /* the same person as SECURITY_1, another key */
	APPROVAL_1,
	AUDIT_1,
	RETIRED,
	REVOKED,
	STRANGER,
	KEYS,
};

static struct signer signers[KEYS];
static struct trust trust;
static struct trust_account account;
static char file[65536];

static const char text[] = "airgap-policy 1\n";

static void enter(int number, const char *id, const char *person, enum trust_duty duty,
		  enum trust_standing standing)
{
	struct trust_key *key = &trust.keys[trust.key_count++];

	snprintf(key->id, sizeof(key->id), "%s", id);
	snprintf(key->person, sizeof(key->person), "%s", person);
	key->duty = duty;
	key->standing = standing;
	key->key.type = signers[number].hardware ? SSHKEY_TYPE_SK_ED25519 : SSHKEY_TYPE_ED25519;
	memcpy(key->key.point, signers[number].public, 32);
}

static void setup(void)
{
	int i;

	ck_assert_int_ge(sodium_init(), 0);
	for (i = 0; i < KEYS; i++)
		signer_make(&signers[i], (uint8_t)(i + 1), i == APPROVAL_1);
	memset(&trust, 0, sizeof(trust));
	trust.number = 3;
	enter(ROOT_1, "r1", "R One", TRUST_DUTY_ROOT, TRUST_STANDING_ACTIVE);
	enter(ROOT_2, "r2", "R Two", TRUST_DUTY_ROOT, TRUST_STANDING_ACTIVE);
	enter(SECURITY_1, "s1", "S One", TRUST_DUTY_SECURITY, TRUST_STANDING_ACTIVE);
	enter(SECURITY_2, "s2", "S Two", TRUST_DUTY_SECURITY, TRUST_STANDING_ACTIVE);
	enter(SECURITY_1_SPARE, "s1b", "s  one", TRUST_DUTY_SECURITY, TRUST_STANDING_ACTIVE);
	enter(APPROVAL_1, "a1", "A One", TRUST_DUTY_APPROVAL, TRUST_STANDING_ACTIVE);
	enter(AUDIT_1, "au1", "Au One", TRUST_DUTY_AUDIT, TRUST_STANDING_ACTIVE);
	enter(RETIRED, "old", "Old", TRUST_DUTY_SECURITY, TRUST_STANDING_RETIRED);
	enter(REVOKED, "lost", "", TRUST_DUTY_COUNT, TRUST_STANDING_REVOKED);
	trust.root.duty[TRUST_DUTY_ROOT] = 2;
	trust.policy.duty[TRUST_DUTY_SECURITY] = 1;
	trust.policy.duty[TRUST_DUTY_APPROVAL] = 1;
}

/* Verifies a file of those signers; ended by -1. */
static int verify(enum sign_namespace ns, const struct trust_need *need, ...)
{
	struct signer who[SIGNED_BLOCKS_MAX];
	size_t count = 0, length;
	va_list args;
	int number;

	va_start(args, need);
	while ((number = va_arg(args, int)) >= 0)
		who[count++] = signers[number];
	va_end(args);
	length = signer_file(who, count, namespace_name(ns), text, file, sizeof(file));
	return trust_verify((const uint8_t *)file, length, &trust, ns, need, &account);
}

#define POLICY(...) verify(SIGN_NAMESPACE_POLICY, NULL, __VA_ARGS__, -1)

static void refused(int error, int wanted, enum trust_cause cause, const char *word)
{
	ck_assert_msg(error == wanted, "%d: %s", error, account.reason);
	ck_assert_uint_eq(account.cause, cause);
	ck_assert_ptr_null(account.text);
	ck_assert_msg(strstr(account.reason, word) != NULL, "%s", account.reason);
}

START_TEST(test_good)
{
	uint8_t digest[32];

	ck_assert_int_eq(POLICY(SECURITY_1, APPROVAL_1), 0);
	ck_assert_uint_eq(account.cause, TRUST_CAUSE_GOOD);
	ck_assert_str_eq(account.reason, "");
	ck_assert_ptr_eq(account.text, file);
	ck_assert_uint_eq(account.text_length, strlen(text));
	crypto_hash_sha256(digest, (const uint8_t *)text, strlen(text));
	ck_assert_mem_eq(account.digest, digest, 32);
	ck_assert_uint_eq(account.signer_count, 2);
	ck_assert_str_eq(account.signers[0].id, "s1");
	ck_assert_str_eq(account.signers[1].person, "A One");
	ck_assert_uint_eq(account.signers[1].duty, TRUST_DUTY_APPROVAL);
	ck_assert_uint_eq(account.signers[1].mark, TRUST_MARK_COUNTED);
	ck_assert_uint_eq(account.signers[0].line, 2);
	ck_assert_uint_eq(account.have.duty[TRUST_DUTY_SECURITY], 1);
	/* order has no meaning, and more is no harm */
	ck_assert_int_eq(POLICY(APPROVAL_1, SECURITY_2, SECURITY_1), 0);
}
END_TEST

START_TEST(test_thresholds)
{
	refused(POLICY(SECURITY_1), -EKEYREJECTED, TRUST_CAUSE_THRESHOLD,
		"needs 1 signature of duty approval, has 0 (signers' list 3).");
	refused(POLICY(APPROVAL_1), -EKEYREJECTED, TRUST_CAUSE_THRESHOLD,
		"needs 1 signature of duty security, has 0");
	refused(POLICY(AUDIT_1), -EKEYREJECTED, TRUST_CAUSE_THRESHOLD,
		"needs 1 signature of duty security, has 0; needs 1 signature of duty approval, "
		"has 0 (signers' list 3). Key 'au1' (Au One) does not count");
	refused(POLICY(ROOT_1, ROOT_2), -EKEYREJECTED, TRUST_CAUSE_THRESHOLD, "has 0");
	ck_assert_uint_eq(account.signers[0].mark, TRUST_MARK_UNASKED);
	ck_assert_int_eq(POLICY(SECURITY_1, APPROVAL_1, AUDIT_1), 0);
}
END_TEST

START_TEST(test_distinct)
{
	static const struct trust_need two = { .duty = { [TRUST_DUTY_SECURITY] = 2 } };
	static const char said[] =
		"needs 2 signatures of duty security from different people, has 1";

	refused(verify(SIGN_NAMESPACE_TABLE, &two, SECURITY_1, SECURITY_1, -1), -EKEYREJECTED,
		TRUST_CAUSE_THRESHOLD, said);
	ck_assert_uint_eq(account.signers[1].mark, TRUST_MARK_AGAIN);
	refused(verify(SIGN_NAMESPACE_TABLE, &two, SECURITY_1, SECURITY_1_SPARE, -1), -EKEYREJECTED,
		TRUST_CAUSE_THRESHOLD, said);
	ck_assert_ptr_nonnull(strstr(account.reason, "the same person signed already"));
	ck_assert_int_eq(
		verify(SIGN_NAMESPACE_TABLE, &two, SECURITY_1, SECURITY_1_SPARE, SECURITY_2, -1),
		0);
}
END_TEST

START_TEST(test_standing)
{
	refused(POLICY(RETIRED, APPROVAL_1), -EKEYREJECTED, TRUST_CAUSE_THRESHOLD,
		"Key 'old' (Old) does not count: the key is retired");
	ck_assert_int_eq(POLICY(RETIRED, APPROVAL_1, SECURITY_1), 0);
	ck_assert_uint_eq(account.signers[0].mark, TRUST_MARK_RETIRED);
	refused(POLICY(REVOKED, APPROVAL_1, SECURITY_1), -EKEYREJECTED, TRUST_CAUSE_REVOKED,
		"the signature in line 2 is by key 'lost', which signers' list 3 has revoked");
	refused(POLICY(SECURITY_1, APPROVAL_1, STRANGER), -EKEYREJECTED, TRUST_CAUSE_UNKNOWN,
		"is by a key that is not on signers' list 3: SHA256:");
	ck_assert_str_eq(account.signers[2].id, "");
}
END_TEST

/* What is signed once and read for years: who has left the job still counts, who was revoked never. */
START_TEST(test_records)
{
	ck_assert_int_eq(verify(SIGN_NAMESPACE_MEDIA, NULL, SECURITY_1, APPROVAL_1, -1), 0);
	ck_assert_int_eq(verify(SIGN_NAMESPACE_MEDIA, NULL, RETIRED, APPROVAL_1, -1), 0);
	ck_assert_uint_eq(account.signers[0].mark, TRUST_MARK_COUNTED);
	refused(verify(SIGN_NAMESPACE_MEDIA, NULL, RETIRED, -1), -EKEYREJECTED,
		TRUST_CAUSE_THRESHOLD, "of duty approval, has 0");
	refused(verify(SIGN_NAMESPACE_MEDIA, NULL, RETIRED, APPROVAL_1, REVOKED, -1), -EKEYREJECTED,
		TRUST_CAUSE_REVOKED, "has revoked");
	/* A list that does not say what a retired key was for cannot count it. */
	trust.keys[7].duty = TRUST_DUTY_COUNT;
	refused(verify(SIGN_NAMESPACE_MEDIA, NULL, RETIRED, APPROVAL_1, -1), -EKEYREJECTED,
		TRUST_CAUSE_THRESHOLD, "the key is retired");
}
END_TEST

START_TEST(test_needs)
{
	static const struct trust_need nothing;

	refused(verify(SIGN_NAMESPACE_POLICY, &nothing, SECURITY_1, APPROVAL_1, -1), -EKEYREJECTED,
		TRUST_CAUSE_THRESHOLD, "nobody has said whose signatures it needs");
	refused(verify(SIGN_NAMESPACE_TABLE, NULL, SECURITY_1, APPROVAL_1, -1), -EKEYREJECTED,
		TRUST_CAUSE_THRESHOLD, "nobody has said");
	/* An order needs what a policy needs. */
	ck_assert_int_eq(verify(SIGN_NAMESPACE_ORDER, NULL, SECURITY_1, APPROVAL_1, -1), 0);
	refused(verify(SIGN_NAMESPACE_ORDER, NULL, SECURITY_1, -1), -EKEYREJECTED,
		TRUST_CAUSE_THRESHOLD, "of duty approval, has 0");
	ck_assert_int_eq(verify(SIGN_NAMESPACE_TRUST, NULL, ROOT_1, ROOT_2, -1), 0);
	refused(verify(SIGN_NAMESPACE_TRUST, NULL, ROOT_1, SECURITY_1, -1), -EKEYREJECTED,
		TRUST_CAUSE_THRESHOLD, "of duty root from different people, has 1");
}
END_TEST

START_TEST(test_bad_digest)
{
	crypto_hash_sha256(trust.bad[1], (const uint8_t *)text, strlen(text));
	trust.bad_count = 1;
	ck_assert_int_eq(POLICY(SECURITY_1, APPROVAL_1), 0);
	trust.bad_count = 2;
	refused(POLICY(SECURITY_1, APPROVAL_1), -EKEYREJECTED, TRUST_CAUSE_BAD,
		"signers' list 3 names this text as bad: sha256:");
}
END_TEST

START_TEST(test_damaged)
{
	size_t length, at;
	int bit;

	ck_assert_int_eq(POLICY(SECURITY_1, APPROVAL_1), 0);
	length = strlen(file);
	for (at = 0; at < length; at++)
		for (bit = 0; bit < 8; bit++) {
			file[at] = (char)(file[at] ^ 1 << bit);
			ck_assert_int_ne(trust_verify((const uint8_t *)file, length, &trust,
						      SIGN_NAMESPACE_POLICY, NULL, &account),
					 0);
			ck_assert_ptr_null(account.text);
			ck_assert_str_ne(account.reason, "");
			ck_assert_uint_ne(account.cause, TRUST_CAUSE_GOOD);
			file[at] = (char)(file[at] ^ 1 << bit);
		}
	refused(trust_verify((const uint8_t *)file, length, &trust, SIGN_NAMESPACE_TABLE,
			     &trust.policy, &account),
		-EKEYREJECTED, TRUST_CAUSE_SIGNATURE, "was made for 'airgap-policy@v1'");
	refused(trust_verify((const uint8_t *)text, strlen(text), &trust, SIGN_NAMESPACE_POLICY,
			     NULL, &account),
		-ENOKEY, TRUST_CAUSE_UNSIGNED, "has no signature");
	refused(trust_verify((const uint8_t *)file, length - 1, &trust, SIGN_NAMESPACE_POLICY, NULL,
			     &account),
		-EBADMSG, TRUST_CAUSE_MALFORMED, "signature 2");
}
END_TEST

/* Sixteen signers with the longest names: the reason is cut, at a whole character. */
START_TEST(test_long_reasons)
{
	struct signer who[SIGNED_BLOCKS_MAX];
	size_t length, i;
	char name[TRUST_PERSON_SIZE];

	for (i = 0; i + 3 < sizeof(name); i += 3)
		memcpy(name + i, "\345\274\240", 3);
	name[i] = '\0';
	for (i = 0; i < SIGNED_BLOCKS_MAX; i++) {
		signer_make(&who[i], (uint8_t)(100 + i), false);
		signers[STRANGER] = who[i];
		enter(STRANGER, "retired", name, TRUST_DUTY_SECURITY, TRUST_STANDING_RETIRED);
	}
	length = signer_file(who, SIGNED_BLOCKS_MAX, "airgap-policy@v1", text, file, sizeof(file));
	ck_assert_int_eq(trust_verify((const uint8_t *)file, length, &trust, SIGN_NAMESPACE_POLICY,
				      NULL, &account),
			 -EKEYREJECTED);
	ck_assert_uint_gt(strlen(account.reason), SIGNED_REASON_SIZE - 5);
	ck_assert_ptr_nonnull(strstr(account.reason, "needs 1 signature of duty security"));
}
END_TEST

/*
 * Lists as files
 */

/* A list with three roots; the beginnings of the first and third line of keys are given. */
static char *list_text(unsigned int number, unsigned int least, const char *standing_1,
		       const char *standing_3)
{
	char public[6][256], *out = NULL;
	const int who[6] = { ROOT_1, ROOT_2, ROOT_3, SECURITY_1, APPROVAL_1, AUDIT_1 };
	size_t i;

	for (i = 0; i < 6; i++)
		signer_public(&signers[who[i]], public[i]);
	ck_assert_int_gt(asprintf(&out,
				  "airgap-trust 1\n"
				  "trust {\n    number %u\n    levels [ mimi \"M\" ]\n"
				  "    root at-least %u\n    policy security 1 approval 1\n}\n"
				  "keys {\n"
				  "    %s person \"R One\" public \"%s\"\n"
				  "    key r2 duty root person \"R Two\" public \"%s\"\n"
				  "    %s person \"R Three\" public \"%s\"\n"
				  "    key s1 duty security person \"S One\" public \"%s\"\n"
				  "    key a1 duty approval person \"A One\" public \"%s\"\n"
				  "    key u1 duty audit person \"U One\" public \"%s\"\n"
				  "}\n",
				  number, least, standing_1, public[0], public[1], standing_3,
				  public[2], public[3], public[4], public[5]),
			 0);
	return out;
}

#define ACTIVE_1  "key r1 duty root"
#define ACTIVE_3  "key r3 duty root"
#define RETIRED_1 "retired r1"
#define REVOKED_1 "revoked r1"
#define UNUSED_3  "retired r3"

/* Signs a list by those numbers, ended by -1; frees @what. */
static size_t sign_list(char *what, ...)
{
	struct signer who[SIGNED_BLOCKS_MAX];
	size_t count = 0, length;
	va_list args;
	int number;

	va_start(args, what);
	while ((number = va_arg(args, int)) >= 0)
		who[count++] = signers[number];
	va_end(args);
	length = signer_file(who, count, "airgap-trust@v1", what, file, sizeof(file));
	free(what);
	return length;
}

static struct trust *open_list(size_t length)
{
	struct trust *list = NULL;

	ck_assert_msg(trust_open((const uint8_t *)file, length, NULL, NULL, &list, &account) == 0,
		      "%s", account.reason);
	return list;
}

static int follow(const struct trust *now, size_t length)
{
	struct trust *next = NULL;
	int error = trust_follow(now, (const uint8_t *)file, length, NULL, &next, &account);

	ck_assert((error == 0) == (next != NULL));
	trust_free(next);
	return error;
}

START_TEST(test_open)
{
	size_t length = sign_list(list_text(1, 2, ACTIVE_1, ACTIVE_3), ROOT_1, ROOT_2, -1);
	struct trust *list = open_list(length);
	uint8_t digest[SIGNED_DIGEST_SIZE];

	ck_assert_uint_eq(list->number, 1);
	ck_assert_mem_eq(list->digest, account.digest, SIGNED_DIGEST_SIZE);
	memcpy(digest, list->digest, sizeof(digest));
	trust_free(list);
	ck_assert_int_eq(trust_open((const uint8_t *)file, length, digest, NULL, &list, &account),
			 0);
	trust_free(list);
	digest[0] ^= 1;
	refused(trust_open((const uint8_t *)file, length, digest, NULL, &list, &account),
		-EKEYREJECTED, TRUST_CAUSE_DIGEST, "not the signers' list whose digest is known");
	ck_assert_ptr_null(list);
	length = sign_list(list_text(1, 2, ACTIVE_1, ACTIVE_3), ROOT_1, SECURITY_1, -1);
	refused(trust_open((const uint8_t *)file, length, NULL, NULL, &list, &account),
		-EKEYREJECTED, TRUST_CAUSE_THRESHOLD, "needs 2 signatures of duty root");
	length = sign_list(list_text(1, 9, ACTIVE_1, ACTIVE_3), ROOT_1, -1);
	refused(trust_open((const uint8_t *)file, length, NULL, NULL, &list, &account), -EINVAL,
		TRUST_CAUSE_TEXT, "'airgap-policy check' shows where");
	length = sign_list(list_text(1, 2, ACTIVE_1, ACTIVE_3), -1);
	refused(trust_open((const uint8_t *)file, length, NULL, NULL, &list, &account), -ENOKEY,
		TRUST_CAUSE_UNSIGNED, "no signature");
}
END_TEST

START_TEST(test_follow)
{
	struct trust *now =
		open_list(sign_list(list_text(1, 2, ACTIVE_1, UNUSED_3), ROOT_1, ROOT_2, -1));

	/* the same people */
	ck_assert_int_eq(
		follow(now, sign_list(list_text(2, 2, ACTIVE_1, UNUSED_3), ROOT_1, ROOT_2, -1)), 0);
	/* somebody joins, who is not on list 1; his signature is welcome, and not counted there */
	ck_assert_int_eq(
		follow(now, sign_list(list_text(2, 2, ACTIVE_1, ACTIVE_3), ROOT_1, ROOT_2, -1)), 0);
	refused(follow(now, sign_list(list_text(2, 2, ACTIVE_1, ACTIVE_3), ROOT_1, ROOT_3, -1)),
		-EKEYREJECTED, TRUST_CAUSE_THRESHOLD,
		"needs 2 signatures of duty root from different people, has 1 (signers' list 1)");
	/* the new list asks for three, and only two have signed */
	refused(follow(now, sign_list(list_text(2, 3, ACTIVE_1, ACTIVE_3), ROOT_1, ROOT_2, -1)),
		-EKEYREJECTED, TRUST_CAUSE_THRESHOLD,
		"needs 3 signatures of duty root from different people, has 2 (signers' list 2)");
	trust_free(now);
}
END_TEST

START_TEST(test_follow_leaving)
{
	struct trust *now =
		open_list(sign_list(list_text(1, 2, ACTIVE_1, ACTIVE_3), ROOT_1, ROOT_2, -1));

	/* one leaves: he signs under list 1, two others under list 2 */
	ck_assert_int_eq(follow(now, sign_list(list_text(2, 2, RETIRED_1, ACTIVE_3), ROOT_1, ROOT_2,
					       ROOT_3, -1)),
			 0);
	refused(follow(now, sign_list(list_text(2, 2, RETIRED_1, ACTIVE_3), ROOT_1, ROOT_2, -1)),
		-EKEYREJECTED, TRUST_CAUSE_THRESHOLD, "has 1 (signers' list 2)");
	/* a key that list 2 revokes still has its say under list 1 */
	ck_assert_int_eq(follow(now, sign_list(list_text(2, 2, REVOKED_1, ACTIVE_3), ROOT_1, ROOT_2,
					       ROOT_3, -1)),
			 0);
	refused(follow(now, sign_list(list_text(2, 2, REVOKED_1, ACTIVE_3), ROOT_1, ROOT_2, -1)),
		-EKEYREJECTED, TRUST_CAUSE_THRESHOLD, "has 1 (signers' list 2)");
	ck_assert_int_eq(
		follow(now, sign_list(list_text(2, 2, REVOKED_1, ACTIVE_3), ROOT_2, ROOT_3, -1)),
		0);
	trust_free(now);
}
END_TEST

START_TEST(test_follow_revived)
{
	struct trust *now =
		open_list(sign_list(list_text(1, 2, REVOKED_1, ACTIVE_3), ROOT_2, ROOT_3, -1));

	/* what list 1 has revoked cannot speak for list 2 */
	refused(follow(now,
		       sign_list(list_text(2, 2, ACTIVE_1, ACTIVE_3), ROOT_1, ROOT_2, ROOT_3, -1)),
		-EKEYREJECTED, TRUST_CAUSE_REVOKED, "which signers' list 1 has revoked");
	/* nor may anybody sign whom neither list knows */
	refused(follow(now, sign_list(list_text(2, 2, REVOKED_1, ACTIVE_3), ROOT_2, ROOT_3,
				      STRANGER, -1)),
		-EKEYREJECTED, TRUST_CAUSE_UNKNOWN, "not on signers' list 1");
	trust_free(now);
}
END_TEST

START_TEST(test_follow_number)
{
	struct trust *now =
		open_list(sign_list(list_text(5, 2, ACTIVE_1, ACTIVE_3), ROOT_1, ROOT_2, -1));
	unsigned int number;

	for (number = 1; number < 9; number++) {
		int error = follow(now, sign_list(list_text(number, 2, ACTIVE_1, ACTIVE_3), ROOT_1,
						  ROOT_2, -1));

		if (number == 6)
			ck_assert_int_eq(error, 0);
		else
			refused(error, -EKEYREJECTED, TRUST_CAUSE_NUMBER,
				"cannot follow list 5: the next one is 6");
	}
	trust_free(now);
}
END_TEST

START_TEST(test_follow_bad)
{
	struct trust *now =
		open_list(sign_list(list_text(1, 2, ACTIVE_1, ACTIVE_3), ROOT_1, ROOT_2, -1));
	size_t length = sign_list(list_text(2, 2, ACTIVE_1, ACTIVE_3), ROOT_1, ROOT_2, -1);

	ck_assert_int_eq(follow(now, length), 0);
	memcpy(now->bad[0], account.digest, SIGNED_DIGEST_SIZE);
	now->bad_count = 1;
	refused(follow(now, length), -EKEYREJECTED, TRUST_CAUSE_BAD, "signers' list 1 names");
	file[0] ^= 1;
	refused(follow(now, length), -EKEYREJECTED, TRUST_CAUSE_SIGNATURE, "does not match");
	trust_free(now);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("trust");
	TCase *tc = tcase_create("trust");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_good);
	tcase_add_test(tc, test_thresholds);
	tcase_add_test(tc, test_distinct);
	tcase_add_test(tc, test_standing);
	tcase_add_test(tc, test_records);
	tcase_add_test(tc, test_needs);
	tcase_add_test(tc, test_bad_digest);
	tcase_add_test(tc, test_damaged);
	tcase_add_test(tc, test_long_reasons);
	tcase_add_test(tc, test_open);
	tcase_add_test(tc, test_follow);
	tcase_add_test(tc, test_follow_leaving);
	tcase_add_test(tc, test_follow_revived);
	tcase_add_test(tc, test_follow_number);
	tcase_add_test(tc, test_follow_bad);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
