// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/sshkey.h"
#include "tests/unit/signer.h"
#include "tests/unit/unit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct signer signers[2];

static void setup(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	signer_make(&signers[0], 1, false);
	signer_make(&signers[1], 2, true);
}

static enum sshkey_flaw parse(const char *text)
{
	struct sshkey key;

	return sshkey_parse(&key, text, strlen(text));
}

START_TEST(test_sound)
{
	char text[256], again[SSHKEY_TEXT_SIZE];
	struct sshkey key;

	signer_public(&signers[_i], text);
	ck_assert_int_eq(sshkey_parse(&key, text, strlen(text)), SSHKEY_SOUND);
	ck_assert_uint_eq(key.type, (uint32_t)_i);
	ck_assert_mem_eq(key.point, signers[_i].public, 32);
	sshkey_format(&key, again);
	ck_assert_str_eq(again, text);
}
END_TEST

START_TEST(test_text)
{
	char text[256], changed[300];

	signer_public(&signers[_i], text);
	snprintf(changed, sizeof(changed), "%s comment", text);
	ck_assert_int_eq(parse(changed), SSHKEY_FLAW_TEXT);
	snprintf(changed, sizeof(changed), "%s ", text);
	ck_assert_int_eq(parse(changed), SSHKEY_FLAW_TEXT);
	snprintf(changed, sizeof(changed), "%s\n", text);
	ck_assert_int_eq(parse(changed), SSHKEY_FLAW_BASE64);
	snprintf(changed, sizeof(changed), " %s", text);
	ck_assert_int_eq(parse(changed), SSHKEY_FLAW_TYPE);
	snprintf(changed, sizeof(changed), "%s=", text);
	ck_assert_int_eq(parse(changed), SSHKEY_FLAW_BASE64);
	snprintf(changed, sizeof(changed), "%.*sAAAA", (int)strlen(text), text);
	ck_assert_int_ne(parse(changed), SSHKEY_SOUND);
	ck_assert_int_eq(parse(""), SSHKEY_FLAW_TEXT);
	ck_assert_int_eq(parse("ssh-ed25519"), SSHKEY_FLAW_TEXT);
	ck_assert_int_eq(parse("ssh-ed25519 "), SSHKEY_FLAW_BASE64);
	ck_assert_int_eq(parse("ssh-rsa AAAA"), SSHKEY_FLAW_TYPE);
	/* the type in front and the type inside */
	snprintf(changed, sizeof(changed), "%s%s",
		 _i ? "ssh-ed25519" : "sk-ssh-ed25519@openssh.com", strchr(text, ' '));
	ck_assert_int_eq(parse(changed), SSHKEY_FLAW_DISAGREES);
}
END_TEST

START_TEST(test_every_bit_and_beginning)
{
	char text[256];
	struct sshkey key, good;
	size_t at, length;
	int bit;

	signer_public(&signers[_i], text);
	length = strlen(text);
	ck_assert_int_eq(sshkey_parse(&good, text, length), SSHKEY_SOUND);
	for (at = 0; at < length; at++) {
		ck_assert_int_ne(sshkey_parse(&key, text, at), SSHKEY_SOUND);
		for (bit = 0; bit < 8; bit++) {
			text[at] = (char)(text[at] ^ 1 << bit);
			/* A flipped bit of the point may give another point, never the same key. */
			if (sshkey_parse(&key, text, length) == SSHKEY_SOUND)
				ck_assert(!sshkey_same(&key, &good));
			text[at] = (char)(text[at] ^ 1 << bit);
		}
	}
}
END_TEST

static enum sshkey_flaw parse_point(const uint8_t *point)
{
	struct sshkey key = { .type = SSHKEY_TYPE_ED25519 };
	char text[SSHKEY_TEXT_SIZE];

	memcpy(key.point, point, 32);
	sshkey_format(&key, text);
	return parse(text);
}

START_TEST(test_weak_points)
{
	static const uint8_t zero[32], identity[32] = { 1 };
	uint8_t all[32];

	memset(all, 0xff, sizeof(all));
	ck_assert_int_eq(parse_point(zero), SSHKEY_FLAW_POINT);
	ck_assert_int_eq(parse_point(identity), SSHKEY_FLAW_POINT);
	ck_assert_int_eq(parse_point(all), SSHKEY_FLAW_POINT);
}
END_TEST

START_TEST(test_blob)
{
	uint8_t blob[SSHKEY_BLOB_SIZE + 1] = { 0 }, *exact;
	struct sshkey key = { .type = (uint32_t)_i };
	size_t length, n;

	memcpy(key.point, signers[_i].public, 32);
	length = sshkey_blob(&key, blob);
	ck_assert_int_eq(sshkey_parse_blob(&key, blob, length), SSHKEY_SOUND);
	ck_assert_int_eq(sshkey_parse_blob(&key, blob, length + 1), SSHKEY_FLAW_TRAILING);
	for (n = 0; n < length; n++) {
		exact = malloc(n ? n : 1);
		ck_assert_ptr_nonnull(exact);
		memcpy(exact, blob, n);
		ck_assert_int_ne(sshkey_parse_blob(&key, exact, n), SSHKEY_SOUND);
		free(exact);
	}
	if (_i == SSHKEY_TYPE_SK_ED25519) {
		blob[length - 1] = ';';
		ck_assert_int_eq(sshkey_parse_blob(&key, blob, length), SSHKEY_FLAW_APPLICATION);
	}
}
END_TEST

/* The same fingerprint, and the same text, as ssh-keygen's. */
START_TEST(test_openssh)
{
	char command[512], text[512], print[256], ours[SSHKEY_FINGERPRINT_SIZE];
	const char *dir = unit_tmpdir();
	struct sshkey key;
	FILE *pipe;

	snprintf(command, sizeof(command),
		 "cd %s && ssh-keygen -q -t ed25519 -N '' -C '' -f k && cut -d' ' -f1,2 k.pub && "
		 "ssh-keygen -l -f k.pub | cut -d' ' -f2",
		 dir);
	pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), pipe));
	ck_assert_ptr_nonnull(fgets(print, sizeof(print), pipe));
	ck_assert_int_eq(pclose(pipe), 0);
	text[strcspn(text, "\n")] = '\0';
	print[strcspn(print, "\n")] = '\0';
	ck_assert_int_eq(sshkey_parse(&key, text, strlen(text)), SSHKEY_SOUND);
	sshkey_fingerprint(&key, ours);
	ck_assert_str_eq(ours, print);
}
END_TEST

START_TEST(test_words)
{
	int flaw;

	for (flaw = 0; flaw < SSHKEY_FLAW_COUNT; flaw++)
		ck_assert_ptr_nonnull(sshkey_flaw_text((enum sshkey_flaw)flaw));
	ck_assert_str_eq(sshkey_type_name(SSHKEY_TYPE_COUNT), "unknown");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sshkey");
	TCase *tc = tcase_create("sshkey");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, test_sound, 0, 2);
	tcase_add_loop_test(tc, test_text, 0, 2);
	tcase_add_loop_test(tc, test_every_bit_and_beginning, 0, 2);
	tcase_add_test(tc, test_weak_points);
	tcase_add_loop_test(tc, test_blob, 0, 2);
	tcase_add_test(tc, test_openssh);
	tcase_add_test(tc, test_words);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
