// SPDX-License-Identifier: GPL-2.0-or-later
/* The two texts on a medium: one spelling each, and a counter that is whole or none. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/medium_fixture.h"
#include "tests/unit/unit.h"

START_TEST(record_round_trip)
{
	char text[MEDIUM_RECORD_TEXT_MAX], again[MEDIUM_RECORD_TEXT_MAX];
	struct medium_record record, other;
	long length;

	medium_record_of(&record);
	memset(record.serial, '\\', USB_STRING_SIZE - 1);
	record.serial[0] = '"';
	strcpy(record.uuid, "0f0e0d0c-0b0a-0908-0706-050403020100");
	record.filesystem = MEDIUM_FILESYSTEM_EXT4;
	record.sectors = MEDIUM_SECTORS_MAX;
	length = medium_record_print(&record, text);
	ck_assert_int_gt(length, 0);
	ck_assert_int_eq(medium_record_parse(text, (size_t)length, NULL, &other), 0);
	memcpy(record.digest, other.digest, sizeof(record.digest));
	ck_assert_mem_eq(&record, &other, sizeof(record));
	ck_assert_int_eq(medium_record_print(&other, again), length);
	ck_assert_str_eq(text, again);
}
END_TEST

/* Whatever is changed, the result is another record or none, and never the same one. */
START_TEST(record_every_byte)
{
	char text[MEDIUM_RECORD_TEXT_MAX];
	struct medium_record record, other;
	long length;

	medium_record_of(&record);
	length = medium_record_print(&record, text);
	for (long i = 0; i < length; i++)
		for (int bit = 0; bit < 8; bit++) {
			text[i] = (char)(text[i] ^ 1 << bit);
			if (medium_record_parse(text, (size_t)length, NULL, &other) == 0)
				ck_assert_mem_ne(record.digest, other.digest, 32);
			else
				ck_assert_uint_eq(other.sectors, 0);
			text[i] = (char)(text[i] ^ 1 << bit);
		}
}
END_TEST

START_TEST(record_unprintable)
{
	char text[MEDIUM_RECORD_TEXT_MAX];
	struct medium_record record, other;
	long length;

	medium_record_of(&record);
	strcpy(record.serial, "S\n    level  mimi");
	length = medium_record_print(&record, text);
	ck_assert_int_eq(medium_record_parse(text, (size_t)length, NULL, &other), -EINVAL);
	strcpy(record.serial, "\xff");
	length = medium_record_print(&record, text);
	ck_assert_int_eq(medium_record_parse(text, (size_t)length, NULL, &other), -EINVAL);
}
END_TEST

START_TEST(filesystems)
{
	for (uint32_t i = 0; i < MEDIUM_FILESYSTEM_COUNT; i++)
		ck_assert_uint_eq(medium_filesystem(medium_filesystem_name(i)), i);
	ck_assert_uint_eq(medium_filesystem("ntfs"), MEDIUM_FILESYSTEM_COUNT);
	ck_assert_str_eq(medium_filesystem_name(MEDIUM_FILESYSTEM_COUNT), "none");
}
END_TEST

START_TEST(counter_chain)
{
	char text[MEDIUM_COUNTER_TEXT_MAX];
	struct medium_counter first, next, twin, again;
	struct medium_record record;
	size_t length;

	medium_record_of(&record);
	medium_counter_first(&record, &first);
	ck_assert_uint_eq(first.sequence, 1);
	ck_assert_mem_eq(first.medium, record.id, sizeof(record.id));
	ck_assert_mem_eq(first.previous, record.digest, sizeof(record.digest));
	medium_counter_next(&first, &next);
	ck_assert_uint_eq(next.sequence, 2);
	ck_assert_mem_eq(next.previous, first.digest, sizeof(first.digest));
	length = medium_counter_print(&next, text);
	ck_assert_int_eq(medium_counter_parse(text, length, &again), 0);
	ck_assert_mem_eq(&next, &again, sizeof(next));
	/* Two copies that are used apart differ from then on. */
	medium_counter_next(&first, &twin);
	ck_assert_mem_ne(twin.digest, next.digest, sizeof(twin.digest));
}
END_TEST

START_TEST(counter_every_byte)
{
	char text[MEDIUM_COUNTER_TEXT_MAX];
	struct medium_counter counter, other;
	struct medium_record record;
	size_t length;

	medium_record_of(&record);
	medium_counter_first(&record, &counter);
	counter.sequence = MEDIUM_SEQUENCE_MAX;
	length = medium_counter_print(&counter, text);
	ck_assert_int_eq(medium_counter_parse(text, length, &other), 0);
	for (size_t i = 0; i < length; i++) {
		ck_assert_int_eq(medium_counter_parse(text, i, &other), -EBADMSG);
		for (int bit = 0; bit < 8; bit++) {
			text[i] = (char)(text[i] ^ 1 << bit);
			ck_assert_int_eq(medium_counter_parse(text, length, &other), -EBADMSG);
			ck_assert_uint_eq(other.sequence, 0);
			text[i] = (char)(text[i] ^ 1 << bit);
		}
	}
	text[length] = '\n';
	ck_assert_int_eq(medium_counter_parse(text, length + 1, &other), -EBADMSG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("medium");
	TCase *tc = tcase_create("medium");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, record_round_trip);
	tcase_add_test(tc, record_every_byte);
	tcase_add_test(tc, record_unprintable);
	tcase_add_test(tc, filesystems);
	tcase_add_test(tc, counter_chain);
	tcase_add_test(tc, counter_every_byte);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
