// SPDX-License-Identifier: GPL-2.0-or-later
/* Counting with the raw partition alone at hand: here a file of its size. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/media/media_count.h"
#include "agent/lib/media/media_layout.h"
#include "agent/lib/media/media_slot.h"
#include "tests/unit/medium_fixture.h"
#include "tests/unit/unit.h"

static struct media_image raw;
static struct medium_counter first;

static void put_slot(unsigned int slot, struct medium_counter *counter)
{
	uint8_t bytes[MEDIA_COUNTER_SIZE];
	char text[MEDIUM_COUNTER_TEXT_MAX];

	ck_assert_int_eq(
		media_slot_fill(bytes, sizeof(bytes), text, medium_counter_print(counter, text)),
		0);
	ck_assert_int_eq(pwrite(raw.fd, bytes, sizeof(bytes), (off_t)slot * MEDIA_SLOT_STRIDE),
			 (ssize_t)sizeof(bytes));
}

static void begin(void)
{
	struct medium_record record;
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/raw", unit_tmpdir());
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	ck_assert_int_eq(ftruncate(fd, MEDIA_RAW_SIZE), 0);
	ck_assert_int_eq(media_image_take(fd, MEDIA_OPEN_WRITE, &raw), 0);
	medium_record_of(&record);
	medium_counter_first(&record, &first);
	put_slot(1, &first);
}

START_TEST(goes_up_by_turns)
{
	struct medium_counter now, next;

	begin();
	now = first;
	for (uint64_t i = 2; i < 6; i++) {
		ck_assert_int_eq(media_count(&raw, &now, &next), 0);
		ck_assert_uint_eq(next.sequence, i);
		ck_assert_mem_eq(next.previous, now.digest, sizeof(now.digest));
		now = next;
	}
	media_image_close(&raw);
}
END_TEST

START_TEST(another_counter_is_not_touched)
{
	struct medium_counter other, next;
	uint8_t before[MEDIA_RAW_SIZE], after[MEDIA_RAW_SIZE];

	begin();
	medium_counter_next(&first, &other);
	ck_assert_int_eq(pread(raw.fd, before, sizeof(before), 0), (ssize_t)sizeof(before));
	ck_assert_int_eq(media_count(&raw, &other, &next), -ESTALE);
	ck_assert_int_eq(pread(raw.fd, after, sizeof(after), 0), (ssize_t)sizeof(after));
	ck_assert_mem_eq(before, after, sizeof(before));
	/* Nor one of which nothing can be read. */
	ck_assert_int_eq(pwrite(raw.fd, "x", 1, MEDIA_SLOT_STRIDE + 20), 1);
	ck_assert_int_eq(media_count(&raw, &first, &next), -ESTALE);
	media_image_close(&raw);
}
END_TEST

START_TEST(too_small)
{
	struct medium_counter next;

	begin();
	ck_assert_int_eq(ftruncate(raw.fd, MEDIA_RAW_SIZE / 2), 0);
	raw.size = MEDIA_RAW_SIZE / 2;
	ck_assert_int_eq(media_count(&raw, &first, &next), -ENXIO);
	media_image_close(&raw);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("media_count");
	TCase *tc = tcase_create("media_count");

	if (sodium_init() < 0)
		return 1;
	tcase_add_test(tc, goes_up_by_turns);
	tcase_add_test(tc, another_counter_is_not_touched);
	tcase_add_test(tc, too_small);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
