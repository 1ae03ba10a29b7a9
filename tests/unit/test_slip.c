// SPDX-License-Identifier: GPL-2.0-or-later
/* Slips, their signatures, cards and approvals. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/transfer_fixture.h"
#include "tests/unit/unit.h"

static char *signed_slip(size_t *length, uint8_t key[static 32])
{
	size_t text_length;
	struct slip slip;
	char *text, *file;

	transfer_slip(&slip);
	ck_assert_int_eq(slip_print(&slip, &text, &text_length), 0);
	file = transfer_seal(text, text_length, 1, length, key);
	free(text);
	slip_free(&slip);
	return file;
}

START_TEST(both_ways)
{
	char reason[SIGNED_REASON_SIZE], terminal[TRANSFER_TERMINAL_SIZE];
	struct manifest manifest;
	struct slip slip;
	uint8_t key[32];
	size_t length;
	char *file = signed_slip(&length, key), *text;

	ck_assert_int_eq(slip_terminal((uint8_t *)file, length, terminal, reason), 0);
	ck_assert_str_eq(terminal, "T-00417");
	ck_assert_int_eq(slip_verify((uint8_t *)file, length, key, &slip, reason), 0);
	ck_assert_str_eq(slip.from, "7.2.14");
	ck_assert_str_eq(slip.unit, "7.2.15");
	ck_assert_uint_eq(slip.sequence, 12);
	ck_assert_uint_eq(slip.entry, 4711);
	ck_assert_uint_eq(slip.recipient_count, 2);
	ck_assert_str_eq(slip.approvals[0].person, "J. Kovac");
	ck_assert_uint_eq(slip.file_count, 2);
	ck_assert_uint_eq(slip.files[1].sealed_size, 439);
	ck_assert_uint_eq(slip.files[1].object[3], 0x51);
	transfer_manifest(&manifest);
	ck_assert_int_eq(manifest_print(&manifest, &text, &length), 0);
	ck_assert_int_eq(slip_agrees(&slip, &manifest), 0);
	manifest.files[1].size++;
	ck_assert_int_eq(slip_agrees(&slip, &manifest), -EBADMSG);
	free(text);
	free(file);
	manifest_free(&manifest);
	slip_free(&slip);
}
END_TEST

/* Whatever byte of a signed slip is another one, it is refused, before its text is parsed. */
START_TEST(every_byte)
{
	char reason[SIGNED_REASON_SIZE];
	struct slip slip;
	uint8_t key[32];
	size_t length;
	char *file = signed_slip(&length, key);

	for (size_t i = 0; i < length; i++) {
		int r;

		file[i] ^= 1;
		r = slip_verify((uint8_t *)file, length, key, &slip, reason);
		ck_assert_msg(r == -EKEYREJECTED || r == -EBADMSG || r == -ENOKEY, "byte %zu: %d",
			      i, r);
		ck_assert_msg(reason[0], "byte %zu", i);
		ck_assert_ptr_null(slip.files);
		file[i] ^= 1;
	}
	for (size_t i = 0; i < length; i++)
		ck_assert_int_ne(slip_verify((uint8_t *)file, i, key, &slip, reason), 0);
	free(file);
}
END_TEST

START_TEST(other_keys)
{
	char reason[SIGNED_REASON_SIZE];
	uint8_t key[32], other[32], signature[64] = { 0 };
	size_t length, twice_length;
	char *file = signed_slip(&length, key), *again, *twice;
	struct slip slip;

	again = transfer_seal("airgap-slip 1\n", 14, 2, &twice_length, other);
	ck_assert_int_eq(slip_verify((uint8_t *)file, length, other, &slip, reason), -EKEYREJECTED);
	ck_assert_ptr_nonnull(strstr(reason, "another key"));
	/* Authentic, and no slip. */
	ck_assert_int_eq(slip_verify((uint8_t *)again, twice_length, other, &slip, reason),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(reason, "signed well"));
	free(again);
	ck_assert_int_eq(slip_attach("x\n", 2, key, signature, &again, &twice_length),
			 -EKEYREJECTED);
	/* One signature, not two. */
	twice = malloc(2 * length);
	memcpy(twice, file, length);
	again = strstr(file, "-----BEGIN");
	memcpy(twice + length, again, length - (size_t)(again - file));
	twice_length = 2 * length - (size_t)(again - file);
	ck_assert_int_eq(slip_verify((uint8_t *)twice, twice_length, key, &slip, reason), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(reason, "one signature"));
	/* And not none. */
	ck_assert_int_eq(slip_verify((uint8_t *)file, (size_t)(again - file), key, &slip, reason),
			 -ENOKEY);
	free(twice);
	free(file);
}
END_TEST

START_TEST(claims)
{
	static const char *const bad[] = {
		"",
		"airgap-slip 1\nslip {\n    terminal   \"",
		"airgap-slip 1\nslip {\n    terminal   \"\"\n",
		"airgap-slip 1\nslip {\n    terminal  \"T\"\n",
		"airgap-slip 1\nslip {\n    terminal   \"T\n",
		"airgap-slip 1\nslip {\n    terminal   \"T\x01\"\n",
		"airgap-slip 1\nslip {\n    terminal   \"12345678901234567890123456789012345678901"
		"234567890123456789012345\"\n",
	};
	char reason[SIGNED_REASON_SIZE], terminal[TRANSFER_TERMINAL_SIZE];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(
			slip_terminal((const uint8_t *)bad[i], strlen(bad[i]), terminal, reason),
			-EBADMSG);
		ck_assert(reason[0]);
	}
}
END_TEST

static void expect_error(struct slip *slip)
{
	size_t length;
	char *text;

	ck_assert_int_eq(slip_print(slip, &text, &length), -EINVAL);
	slip_free(slip);
}

START_TEST(refused)
{
	struct slip slip;

	transfer_slip(&slip);
	strcpy(slip.files[1].file.name, slip.files[0].file.name);
	expect_error(&slip);
	transfer_slip(&slip);
	memcpy(slip.files[1].object, slip.files[0].object, sizeof(slip.files[0].object));
	expect_error(&slip);
	transfer_slip(&slip);
	strcpy(slip.recipients[1], "age1xyz");
	expect_error(&slip);
	transfer_slip(&slip);
	strcpy(slip.recipients[1], slip.recipients[0]);
	expect_error(&slip);
	transfer_slip(&slip);
	slip.recipient_count = 0;
	expect_error(&slip);
	transfer_slip(&slip);
	slip.file_count = 0;
	expect_error(&slip);
	transfer_slip(&slip);
	slip.sequence = 0;
	expect_error(&slip);
	transfer_slip(&slip);
	slip.term[0] = '\0';
	expect_error(&slip);
}
END_TEST

START_TEST(judged)
{
	static const uint8_t other[MEDIUM_ID_SIZE] = { 1 };
	struct slip_case it = {
		.sequence = 12, .terminal = "T-00417", .unit = "7.2.15", .level = 1, .slip_level = 1
	};
	struct slip slip;

	transfer_slip(&slip);
	it.medium = slip.medium;
	ck_assert_int_eq(slip_judge(&slip, &it), SLIP_GOOD);
	it.sequence = 13;
	ck_assert_int_eq(slip_judge(&slip, &it), SLIP_GOOD);
	it.sequence = 11;
	ck_assert_int_eq(slip_judge(&slip, &it), SLIP_LATER_SEQUENCE);
	it.sequence = 12;
	it.medium = other;
	ck_assert_int_eq(slip_judge(&slip, &it), SLIP_OTHER_MEDIUM);
	it.medium = slip.medium;
	it.terminal = "T-00418";
	ck_assert_int_eq(slip_judge(&slip, &it), SLIP_OTHER_TERMINAL);
	it.terminal = "T-00417";
	it.unit = "7.2.16";
	ck_assert_int_eq(slip_judge(&slip, &it), SLIP_OTHER_UNIT);
	it.unit = "7.2.15";
	it.slip_level = 2;
	ck_assert_int_eq(slip_judge(&slip, &it), SLIP_LEVEL_ABOVE);
	it.slip_level = -1;
	ck_assert_int_eq(slip_judge(&slip, &it), SLIP_LEVEL_UNKNOWN);
	for (uint32_t i = 0; i <= SLIP_REASON_COUNT; i++)
		ck_assert(slip_reason_name(i)[0] && slip_reason_text(i)[0] &&
			  slip_reason_help(i)[0]);
	slip_free(&slip);
}
END_TEST

START_TEST(cards)
{
	struct card card, again;
	char text[CARD_TEXT_MAX], fingerprint[CARD_FINGERPRINT_SIZE];
	long length;

	transfer_card(&card);
	length = card_print(&card, text);
	ck_assert_int_gt(length, 0);
	ck_assert_int_eq(card_parse(text, (size_t)length, NULL, &again), 0);
	ck_assert_mem_eq(&card, &again, sizeof(card));
	card_fingerprint(&card, fingerprint);
	ck_assert_uint_eq(strlen(fingerprint), 39);
	ck_assert_int_eq(fingerprint[4], 0x2d);
	for (long i = 0; i < length; i++) {
		text[i] ^= 1;
		if (card_parse(text, (size_t)length, NULL, &again) == 0)
			ck_assert_mem_ne(card.digest, again.digest, sizeof(card.digest));
		text[i] ^= 1;
	}
	card.recipients[1].epoch = 0;
	ck_assert_int_eq(card_print(&card, text), -EINVAL);
	card.recipients[1].epoch = 1;
	card.until = card.from - 1;
	ck_assert_int_eq(card_print(&card, text), -EINVAL);
}
END_TEST

START_TEST(most_recipients)
{
	char text[CARD_TEXT_MAX];
	struct card card;

	transfer_card(&card);
	memset(card.unit, '"', sizeof(card.unit) - 1);
	card.recipient_count = TRANSFER_RECIPIENTS_MAX;
	for (uint32_t i = 0; i < TRANSFER_RECIPIENTS_MAX; i++) {
		card.recipients[i] = card.recipients[0];
		card.recipients[i].epoch = UINT32_MAX;
		memset(card.recipients[i].level, 'x', sizeof(card.recipients[i].level) - 1);
		card.recipients[i].recipient[60] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"[i / 32];
		card.recipients[i].recipient[61] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"[i % 32];
	}
	ck_assert_int_gt(card_print(&card, text), 0);
}
END_TEST

START_TEST(approvals)
{
	struct approval approval, again;
	char text[APPROVAL_TEXT_MAX];
	long length;

	transfer_approval(&approval);
	length = approval_print(&approval, text);
	ck_assert_int_gt(length, 0);
	ck_assert_ptr_nonnull(strstr(text, "    medium     any\n"));
	ck_assert_ptr_nonnull(strstr(text, "    until      2026-12-01T17:30:00Z\n"));
	ck_assert_int_eq(approval_parse(text, (size_t)length, NULL, &again), 0);
	ck_assert_mem_eq(&approval, &again, sizeof(approval));
	for (long i = 0; i < length; i++) {
		text[i] ^= 1;
		if (approval_parse(text, (size_t)length, NULL, &again) == 0)
			ck_assert_mem_ne(approval.digest, again.digest, sizeof(approval.digest));
		text[i] ^= 1;
	}
	approval.medium[0] = 9;
	ck_assert_int_gt(approval_print(&approval, text), 0);
	ck_assert_ptr_nonnull(strstr(text, "    medium     09000000000000000000000000000000\n"));
	memset(approval.unit, '"', sizeof(approval.unit) - 1);
	memset(approval.requester, '"', sizeof(approval.requester) - 1);
	memset(approval.level, 'x', sizeof(approval.level) - 1);
	ck_assert_int_gt(approval_print(&approval, text), 0);
	approval.unit[0] = '\0';
	ck_assert_int_eq(approval_print(&approval, text), -EINVAL);
}
END_TEST

#define NOW INT64_C(1796140000)

START_TEST(approval_judged)
{
	static const uint8_t medium[MEDIUM_ID_SIZE] = { 7 }, other[MEDIUM_ID_SIZE] = { 8 };
	struct approval good, bad;
	struct approval_case it = { .direction = TRANSFER_OUT,
				    .level = "mimi",
				    .unit = "7.2.15",
				    .requester = "novak",
				    .now = NOW };

	transfer_approval(&good);
	it.batch = good.batch;
	it.manifest = good.manifest;
	ck_assert_int_eq(approval_judge(&good, &it), APPROVAL_GOOD);
#define JUDGE(change, reason)                                                                      \
	do {                                                                                       \
		bad = good;                                                                        \
		change;                                                                            \
		ck_assert_int_eq(approval_judge(&bad, &it), reason);                               \
	} while (0)
	JUDGE(bad.batch[15] ^= 1, APPROVAL_OTHER_BATCH);
	JUDGE(bad.manifest[31] ^= 1, APPROVAL_OTHER_MANIFEST);
	JUDGE(bad.direction = TRANSFER_IN, APPROVAL_OTHER_DIRECTION);
	JUDGE(strcpy(bad.level, "neibu"), APPROVAL_OTHER_LEVEL);
	JUDGE(strcpy(bad.unit, "7.2.1"), APPROVAL_OTHER_UNIT);
	JUDGE(strcpy(bad.requester, "kovac"), APPROVAL_OTHER_REQUESTER);
	JUDGE(bad.until = NOW - 1, APPROVAL_EXPIRED);
	JUDGE(bad.until = NOW, APPROVAL_GOOD);
	JUDGE(bad.until = NOW + APPROVAL_TIME_MAX + 1, APPROVAL_TOO_LONG);
	JUDGE(memcpy(bad.medium, medium, sizeof(medium)), APPROVAL_GOOD);
	it.medium = medium;
	JUDGE(memcpy(bad.medium, medium, sizeof(medium)), APPROVAL_GOOD);
	JUDGE(memcpy(bad.medium, other, sizeof(other)), APPROVAL_OTHER_MEDIUM);
	it.now = 0;
	ck_assert_int_eq(approval_judge(&good, &it), APPROVAL_CLOCK);
	for (uint32_t i = 0; i <= APPROVAL_REASON_COUNT; i++)
		ck_assert(approval_reason_name(i)[0] && approval_reason_text(i)[0] &&
			  approval_reason_help(i)[0]);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { both_ways, every_byte,	  other_keys, claims,
				       refused,	  judged,	  cards,      most_recipients,
				       approvals, approval_judged };
	Suite *suite = suite_create("slip");
	TCase *tcase = tcase_create("slip");

	if (sodium_init() < 0)
		return 1;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
