// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/signed.h"
#include "policy/sign/text.h"
#include "tests/unit/signer.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME	  "airgap-policy@v1"
#define FILE_SIZE 65536

static const char text[] = "airgap-policy 1\n# two\n\nthree\n";
static struct signer signers[SIGNED_BLOCKS_MAX + 1];
static char file[FILE_SIZE];
static char reason[SIGNED_REASON_SIZE];

static void setup(void)
{
	uint8_t i;

	ck_assert_int_ge(sodium_init(), 0);
	for (i = 0; i < SIGNED_BLOCKS_MAX + 1; i++)
		signer_make(&signers[i], (uint8_t)(i + 1), i == 1);
}

/* 0 when the file is well-formed and every signature holds. The bytes end where the heap ends. */
static int judge(const char *bytes, size_t length, struct signed_file *split)
{
	uint8_t *exact = malloc(length ? length : 1);
	int error;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, bytes, length);
	reason[0] = '\0';
	error = signed_split(split, exact, length, SIGN_NAMESPACE_POLICY, reason);
	if (!error)
		error = signed_verify(split, SIGN_NAMESPACE_POLICY, reason);
	if (error)
		ck_assert_str_ne(reason, "");
	free(exact);
	return error;
}

static int judge_text(const char *bytes)
{
	struct signed_file split;

	return judge(bytes, strlen(bytes), &split);
}

START_TEST(test_sound)
{
	struct signed_file split;
	uint8_t digest[32];
	size_t count, length;

	crypto_hash_sha256(digest, (const uint8_t *)text, strlen(text));
	for (count = 1; count <= SIGNED_BLOCKS_MAX; count++) {
		length = signer_file(signers, count, NAME, text, file, sizeof(file));
		ck_assert_int_eq(judge(file, length, &split), 0);
		ck_assert_uint_eq(split.count, count);
		ck_assert_uint_eq(split.text_length, strlen(text));
		ck_assert_mem_eq(split.digest, digest, sizeof(digest));
		ck_assert_uint_eq(split.blocks[0].line, 5);
		ck_assert_mem_eq(split.blocks[count - 1].sig.key.point, signers[count - 1].public,
				 32);
	}
	length = signer_file(signers, SIGNED_BLOCKS_MAX + 1, NAME, text, file, sizeof(file));
	ck_assert_int_eq(judge(file, length, &split), -EFBIG);
}
END_TEST

/* Any flipped bit and any missing end of text, key, signature or armour. */
START_TEST(test_every_bit)
{
	size_t length = signer_file(signers, 2, NAME, text, file, sizeof(file)), at;
	struct signed_file split;
	int bit;

	ck_assert_int_eq(judge(file, length, &split), 0);
	for (at = 0; at < length; at++)
		for (bit = 0; bit < 8; bit++) {
			file[at] = (char)(file[at] ^ 1 << bit);
			ck_assert_msg(judge(file, length, &split) != 0, "byte %zu bit %d", at, bit);
			file[at] = (char)(file[at] ^ 1 << bit);
		}
}
END_TEST

START_TEST(test_every_beginning)
{
	size_t one = signer_file(signers, 1, NAME, text, file, sizeof(file));
	size_t length = signer_file(signers, 2, NAME, text, file, sizeof(file)), n;
	struct signed_file split;

	for (n = 0; n < length; n++)
		if (n != one) /* the first signature alone is a sound file */
			ck_assert_msg(judge(file, n, &split) != 0, "%zu bytes", n);
	ck_assert_int_eq(judge(file, one, &split), 0);
	ck_assert_uint_eq(split.count, 1);
}
END_TEST

/* A byte put in anywhere. */
START_TEST(test_every_insertion)
{
	static const char bytes[] = { '\n', ' ', '-', 'A', '=', '\r', '\0' };
	size_t length = signer_file(signers, 2, NAME, text, file, sizeof(file)), at, i;
	struct signed_file split;
	char *changed = malloc(length + 1);

	ck_assert_ptr_nonnull(changed);
	for (at = 0; at <= length; at++)
		for (i = 0; i < sizeof(bytes); i++) {
			memcpy(changed, file, at);
			changed[at] = bytes[i];
			memcpy(changed + at + 1, file + at, length - at);
			ck_assert_msg(judge(changed, length + 1, &split) != 0, "byte %zu, %d", at,
				      bytes[i]);
		}
	free(changed);
}
END_TEST

static void expect(const char *before, const char *after, int error, const char *word)
{
	char armour[SIGNER_ARMOUR_MAX], whole[2 * SIGNER_ARMOUR_MAX];
	struct signer_spec spec = signer_spec(&signers[0], NAME);

	signer_armour(&signers[0], &spec, before, strlen(before), armour);
	snprintf(whole, sizeof(whole), "%s%s%s", before, armour, after);
	ck_assert_msg(judge_text(whole) == error && strstr(reason, word), "'%s': %s", before,
		      reason);
}

START_TEST(test_shapes)
{
	expect("x\n", "\n", -EBADMSG, "follows the last signature");
	expect("x\n", "x", -EBADMSG, "follows the last signature");
	expect("x\n", "# comment\n", -EBADMSG, "follows the last signature");
	expect("", "", -EBADMSG, "no text");
	expect("x\n-----BEGIN SSH SIGNATURE----- \n", "", -EBADMSG, "line 2 begins like");
	expect("x\n-----END SSH SIGNATURE-----\n", "", -EBADMSG, "line 2 begins like");
	expect("-----\n", "", -EBADMSG, "line 1 begins like");
	expect("x\n", "-----BEGIN SSH SIGNATURE-----\n", -EBADMSG, "signature 2 (line 8)");
	expect(" -----BEGIN SSH SIGNATURE-----\n", "", 0, "");
	expect("----\n", "", 0, "");
	expect("x", "", -EBADMSG, "begins like"); /* the END line, after a BEGIN that is none */
	ck_assert_int_eq(judge_text(""), -EBADMSG);
	ck_assert_int_eq(judge_text("x"), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(reason, "does not end with a newline"));
	ck_assert_int_eq(judge_text("x\n"), -ENOKEY);
}
END_TEST

START_TEST(test_one_bad_block)
{
	struct signer_spec spec = signer_spec(&signers[0], "airgap-trust@v1");
	char armour[SIGNER_ARMOUR_MAX];
	size_t length = signer_file(signers, 2, NAME, text, file, sizeof(file));

	/* a sound signature for another purpose, beside one for this */
	signer_armour(&signers[0], &spec, text, strlen(text), armour);
	strcpy(file + length, armour);
	ck_assert_int_eq(judge_text(file), -EKEYREJECTED);
	ck_assert_ptr_nonnull(strstr(reason, "was made for 'airgap-trust@v1'"));
	/* a sound signature over another text */
	spec = signer_spec(&signers[0], NAME);
	signer_armour(&signers[0], &spec, text, strlen(text) - 1, armour);
	strcpy(file + length, armour);
	ck_assert_int_eq(judge_text(file), -EKEYREJECTED);
	ck_assert_ptr_nonnull(strstr(reason, "signature 3"));
	/* of a kind that we do not take */
	spec.version = 2;
	signer_armour(&signers[0], &spec, text, strlen(text), armour);
	strcpy(file + length, armour);
	ck_assert_int_eq(judge_text(file), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(reason, "version other than 1"));
}
END_TEST

START_TEST(test_sizes)
{
	size_t max = namespace_text_max(SIGN_NAMESPACE_POLICY), length, n;
	char *whole = malloc(max + FILE_SIZE), *large = malloc(max + FILE_SIZE);
	struct signed_file split;

	ck_assert(whole && large);
	for (n = max; n <= max + 1; n++) {
		memset(large, 'x', n);
		large[n - 1] = '\n';
		large[n] = '\0';
		length = signer_file(signers, SIGNED_BLOCKS_MAX, NAME, large, whole,
				     max + FILE_SIZE);
		ck_assert_int_eq(judge(whole, length, &split), n == max ? 0 : -EFBIG);
	}
	ck_assert_int_eq(signed_split(&split, (const uint8_t *)large, max + SIGNED_ARMOUR_MAX + 1,
				      SIGN_NAMESPACE_POLICY, reason),
			 -EFBIG);
	ck_assert_int_eq(
		signed_split(&split, (const uint8_t *)large, 1, SIGN_NAMESPACE_COUNT, reason),
		-EBADMSG);
	free(large);
	free(whole);
}
END_TEST

START_TEST(test_unsigned_text)
{
	size_t length = 0;

	signer_file(signers, 1, NAME, text, file, sizeof(file));
	ck_assert_int_eq(signed_text((const uint8_t *)file, strlen(file), &length, reason), 0);
	ck_assert_uint_eq(length, strlen(text));
	ck_assert_int_eq(signed_text((const uint8_t *)text, strlen(text), &length, reason), 0);
	ck_assert_uint_eq(length, strlen(text));
	ck_assert_int_eq(signed_text((const uint8_t *)"x", 1, &length, reason), -EBADMSG);
	ck_assert_int_eq(signed_text((const uint8_t *)"", 0, &length, reason), -EBADMSG);
}
END_TEST

START_TEST(test_nothing_to_verify)
{
	static struct signed_file none;

	ck_assert_int_eq(signed_verify(&none, SIGN_NAMESPACE_POLICY, reason), -EKEYREJECTED);
}
END_TEST

START_TEST(test_digest)
{
	uint8_t digest[SIGNED_DIGEST_SIZE], again[SIGNED_DIGEST_SIZE];
	char shown[SIGNED_DIGEST_TEXT], changed[SIGNED_DIGEST_TEXT + 2];

	crypto_hash_sha256(digest, (const uint8_t *)"abc", 3);
	signed_digest_format(digest, shown);
	/* FIPS 180-2, appendix B.1 */
	ck_assert_str_eq(shown, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f2"
				"0015ad");
	ck_assert(signed_digest_parse(again, shown));
	ck_assert_mem_eq(digest, again, sizeof(digest));
	ck_assert(!signed_digest_parse(again, ""));
	ck_assert(!signed_digest_parse(again, shown + 1));
	snprintf(changed, sizeof(changed), "%s0", shown);
	ck_assert(!signed_digest_parse(again, changed));
	snprintf(changed, sizeof(changed), "%s", shown);
	changed[7] = 'B';
	ck_assert(!signed_digest_parse(again, changed));
	changed[7] = 'g';
	ck_assert(!signed_digest_parse(again, changed));
	changed[7] = 'b';
	changed[0] = 'S';
	ck_assert(!signed_digest_parse(again, changed));
}
END_TEST

START_TEST(test_cut_texts)
{
	char buffer[8] = "";

	text_put(buffer, 5, "a\xe4\xb8\xad%s", "\xe4\xb8\xad");
	ck_assert_str_eq(buffer, "a\xe4\xb8\xad");
	text_put(buffer, 4, "ab\xe4\xb8\xad");
	ck_assert_str_eq(buffer, "ab");
	text_put(buffer, 4, "ab\xc3\xa9z");
	ck_assert_str_eq(buffer, "ab");
	text_put(buffer, 5, "ab\xc3\xa9z");
	ck_assert_str_eq(buffer, "ab\xc3\xa9");
	text_put(buffer, 4, "abcdef");
	ck_assert_str_eq(buffer, "abc");
	text_add(buffer, 8, "\xf0\x9f\x98\x80%d", 5);
	ck_assert_str_eq(buffer, "abc\xf0\x9f\x98\x80");
	text_add(buffer, 8, "more");
	ck_assert_str_eq(buffer, "abc\xf0\x9f\x98\x80");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("signed");
	TCase *tc = tcase_create("signed");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, test_sound);
	tcase_add_test(tc, test_every_bit);
	tcase_add_test(tc, test_every_beginning);
	tcase_add_test(tc, test_every_insertion);
	tcase_add_test(tc, test_shapes);
	tcase_add_test(tc, test_one_bad_block);
	tcase_add_test(tc, test_sizes);
	tcase_add_test(tc, test_unsigned_text);
	tcase_add_test(tc, test_nothing_to_verify);
	tcase_add_test(tc, test_digest);
	tcase_add_test(tc, test_cut_texts);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
