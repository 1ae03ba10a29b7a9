// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/transfer_fixture.h"
#include "tests/unit/unit.h"

static const char golden[] = "airgap-manifest 1\n"
			     "manifest {\n"
			     "    batch      4b0d0000000000000000000000000000\n"
			     "    terminal   \"T-00417\"\n"
			     "    direction  out\n"
			     "    unit       \"7.2.15\"\n"
			     "    level      mimi\n"
			     "    term       \"10 years\"\n"
			     "    basis      \"list of 2024, item 12\"\n"
			     "    requester  \"novak\"\n"
			     "    created    2026-12-01T09:30:00Z\n"
			     "    file       \"minutes/july.odt\"  type odt  size 48211  digest "
			     "5353535353535353535353535353535353535353535353535353535353535353\n"
			     "    file       \"会议纪要 \\\"7\\\".pdf\"  type pdf  size 7  digest "
			     "0707070707070707070707070707070707070707070707070707070707070707\n"
			     "}\n";

START_TEST(both_ways)
{
	struct manifest manifest, again;
	uint8_t digest[TRANSFER_DIGEST];
	size_t length;
	char *text;

	transfer_manifest(&manifest);
	ck_assert_int_eq(manifest_print(&manifest, &text, &length), 0);
	ck_assert_str_eq(text, golden);
	ck_assert_uint_eq(length, strlen(golden));
	ck_assert_int_eq(manifest_parse(text, length, NULL, &again), 0);
	ck_assert_uint_eq(again.file_count, 2);
	ck_assert_str_eq(again.files[1].name, "会议纪要 \"7\".pdf");
	ck_assert_mem_eq(again.files[0].digest, manifest.files[0].digest, TRANSFER_DIGEST);
	ck_assert_int_eq(again.created, manifest.created);
	transfer_digest(golden, strlen(golden), digest);
	ck_assert_mem_eq(again.digest, digest, sizeof(digest));
	ck_assert_mem_eq(manifest.digest, digest, sizeof(digest));
	free(text);
	manifest_free(&manifest);
	manifest_free(&again);
}
END_TEST

/* Every byte counts: changed, it is another manifest, or none. */
START_TEST(every_byte)
{
	char text[sizeof(golden)];
	struct manifest good, other;

	ck_assert_int_eq(manifest_parse(golden, strlen(golden), NULL, &good), 0);
	for (size_t i = 0; i < strlen(golden); i++) {
		memcpy(text, golden, sizeof(golden));
		text[i] ^= 1;
		if (manifest_parse(text, strlen(text), NULL, &other) == 0)
			ck_assert_mem_ne(other.digest, good.digest, sizeof(good.digest));
		manifest_free(&other);
	}
	manifest_free(&good);
}
END_TEST

static void expect_error(const char *was, const char *becomes, const char *message)
{
	struct diag_list diags = DIAG_LIST_INIT;
	const char *at = strstr(golden, was);
	struct manifest manifest;
	char text[4096];

	ck_assert_ptr_nonnull(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - golden), golden, becomes,
		 at + strlen(was));
	ck_assert_int_eq(manifest_parse(text, strlen(text), &diags, &manifest), -EINVAL);
	ck_assert_msg(strstr(diags.items[0].message, message), "%s: %s", becomes,
		      diags.items[0].message);
	ck_assert_ptr_null(manifest.files);
	diag_list_free(&diags);
}

START_TEST(refused)
{
	expect_error("minutes/july", "../july", "plain path");
	expect_error("minutes/july", "/july", "plain path");
	expect_error("minutes/july", "a//b", "plain path");
	expect_error("minutes/july", "a/./b", "plain path");
	expect_error("type odt", "type abcdefghijklmnop", "not a type of file");
	expect_error("    created", "     created", "one spelling");
	expect_error("    batch", "    # for you\n    batch", "one spelling");
	expect_error("    unit       \"7.2.15\"\n", "", "needs its 'unit'");
	expect_error("    basis      \"list of 2024, item 12\"\n", "", "needs its 'basis'");
	expect_error("    level      mimi\n", "", "lacks 'level'");
	expect_error("09:30:00Z", "09:60:00Z", "not a time");
	expect_error("T09:30:00Z", "", "not a time");
	expect_error("5353", "535", "not a digest");
	expect_error("会议纪要 \\\"7\\\".pdf", "minutes/july.odt", "stands twice");
	expect_error("size 7", "size 281474976710657", "out of range");
	expect_error("size 7", "size 07", "not a number");
}
END_TEST

START_TEST(names)
{
	char name[TRANSFER_NAME_SIZE + 8];

	ck_assert_ptr_null(transfer_name_flaw("a"));
	ck_assert_ptr_null(transfer_name_flaw("a b/...c"));
	ck_assert_ptr_null(transfer_name_flaw(".hidden"));
	ck_assert_ptr_nonnull(transfer_name_flaw(""));
	ck_assert_ptr_nonnull(transfer_name_flaw("a/"));
	ck_assert_ptr_nonnull(transfer_name_flaw(".."));
	ck_assert_ptr_nonnull(transfer_name_flaw("a/.."));
	ck_assert_ptr_nonnull(transfer_name_flaw("a\nb"));
	ck_assert_ptr_nonnull(transfer_name_flaw("a\xff"));
	/* What is read from right to left hides an extension. */
	ck_assert_ptr_nonnull(transfer_name_flaw("a\xe2\x80\xae"
						 "fdp.exe"));
	memset(name, 'x', sizeof(name));
	name[TRANSFER_NAME_SIZE - 1] = '\0';
	ck_assert_ptr_null(transfer_name_flaw(name));
	name[TRANSFER_NAME_SIZE - 1] = 'x';
	name[TRANSFER_NAME_SIZE] = '\0';
	ck_assert_ptr_nonnull(transfer_name_flaw(name));
	memset(name, '"', TRANSFER_NAME_SIZE - 1);
	name[TRANSFER_NAME_SIZE - 1] = '\0';
	ck_assert_ptr_nonnull(transfer_name_flaw(name));
}
END_TEST

START_TEST(as_many_as_may_be)
{
	struct manifest manifest, again;
	struct manifest_file file = { .type = "txt", .size = 1 };
	struct transfer_facts facts;
	size_t length;
	char *text;

	transfer_manifest(&manifest);
	for (int i = 0; manifest.file_count < TRANSFER_FILES_MAX; i++) {
		memset(file.name, 'x', 480);
		snprintf(file.name + 480, 16, "%d", i);
		ck_assert_int_eq(manifest_add(&manifest, &file), 0);
	}
	ck_assert_int_eq(manifest_add(&manifest, &file), -E2BIG);
	ck_assert_int_eq(manifest_print(&manifest, &text, &length), 0);
	ck_assert_uint_lt(length, TRANSFER_TEXT_MAX);
	ck_assert_int_eq(manifest_parse(text, length, NULL, &again), 0);
	ck_assert_uint_eq(again.file_count, TRANSFER_FILES_MAX);
	ck_assert_uint_eq(manifest_size(&again), 48211 + 7 + TRANSFER_FILES_MAX - 2);
	ck_assert_int_eq(manifest_facts(&again, &facts), 0);
	ck_assert_uint_eq(facts.type_count, 3);
	ck_assert_str_eq(facts.types[2], "txt");
	ck_assert_uint_eq(facts.files, TRANSFER_FILES_MAX);
	ck_assert_int_eq(facts.local_s, -1);
	free(text);
	manifest_free(&manifest);
	manifest_free(&again);
}
END_TEST

START_TEST(what_cannot_be_written)
{
	struct manifest manifest;
	size_t length;
	char *text;

	transfer_manifest(&manifest);
	strcpy(manifest.basis, "a\nb");
	ck_assert_int_eq(manifest_print(&manifest, &text, &length), -EINVAL);
	ck_assert_ptr_null(text);
	strcpy(manifest.basis, "b");
	manifest.level[0] = '\0';
	ck_assert_int_eq(manifest_print(&manifest, &text, &length), -EINVAL);
	strcpy(manifest.level, "mimi");
	manifest.created = INT64_MAX;
	ck_assert_int_eq(manifest_print(&manifest, &text, &length), -EINVAL);
	manifest_free(&manifest);
}
END_TEST

START_TEST(from_a_foreign_medium)
{
	struct manifest manifest, again;
	size_t length;
	char *text;

	transfer_manifest(&manifest);
	manifest.direction = TRANSFER_IN;
	manifest.unit[0] = manifest.term[0] = manifest.basis[0] = '\0';
	ck_assert_int_eq(manifest_print(&manifest, &text, &length), 0);
	ck_assert_int_eq(manifest_parse(text, length, NULL, &again), 0);
	ck_assert_str_eq(again.unit, "");
	free(text);
	manifest_free(&manifest);
	manifest_free(&again);
}
END_TEST

START_TEST(too_many_types)
{
	struct manifest manifest;
	struct transfer_facts facts;
	struct manifest_file file = { .size = 1 };

	transfer_manifest(&manifest);
	for (int i = 0; i < TRANSFER_TYPES_MAX; i++) {
		snprintf(file.name, sizeof(file.name), "n%d", i);
		snprintf(file.type, sizeof(file.type), "t%d", i);
		ck_assert_int_eq(manifest_add(&manifest, &file), 0);
	}
	ck_assert_int_eq(manifest_facts(&manifest, &facts), -E2BIG);
	manifest_free(&manifest);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { both_ways,
				       every_byte,
				       refused,
				       names,
				       as_many_as_may_be,
				       what_cannot_be_written,
				       from_a_foreign_medium,
				       too_many_types };
	Suite *suite = suite_create("manifest");
	TCase *tcase = tcase_create("manifest");

	if (sodium_init() < 0)
		return 1;
	/* The largest manifest, under a sanitizer, on a busy machine. */
	tcase_set_timeout(tcase, 60);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
