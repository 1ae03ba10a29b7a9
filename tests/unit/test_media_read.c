// SPDX-License-Identifier: GPL-2.0-or-later
/* Media in files: what is made is read again, and what is changed is refused for the right reason. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/media/media_label.h"
#include "tests/unit/media_fixture.h"
#include "tests/unit/unit.h"

#define RAW_AT MEDIA_ALIGN

static void get(const char *path, uint64_t at, void *bytes, size_t length)
{
	int fd = open(path, O_RDONLY);

	ck_assert_int_eq(pread(fd, bytes, length, (off_t)at), (ssize_t)length);
	close(fd);
}

static void put(const char *path, uint64_t at, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY);

	ck_assert_int_eq(pwrite(fd, bytes, length, (off_t)at), (ssize_t)length);
	close(fd);
}

static void flip(const char *path, uint64_t at)
{
	uint8_t byte;

	get(path, at, &byte, 1);
	byte ^= 0x20;
	put(path, at, &byte, 1);
}

/* The next counter; @slot: where it went. */
static void use(const char *path, struct media_reading *reading, int *slot)
{
	struct medium_counter now, next;
	struct media_image image;

	media_fixture_read(path, reading);
	now = reading->counters.counter;
	medium_counter_next(&now, &next);
	ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_WRITE, &image), 0);
	ck_assert_int_eq(media_write_counter(&image, reading, &next), 0);
	media_image_close(&image);
	ck_assert_uint_eq(reading->counters.counter.sequence, now.sequence + 1);
	*slot = reading->counters.newest + 1;
}

START_TEST(made_and_read)
{
	static const enum medium_filesystem kinds[] = { MEDIUM_FILESYSTEM_VFAT,
							MEDIUM_FILESYSTEM_EXT4 };
	static struct media_reading reading;
	const char *path = media_fixture_blank("image", kinds[_i]);

	media_fixture_read(path, &reading);
	ck_assert(reading.primary && reading.backup);
	ck_assert_uint_eq(reading.raw_at, RAW_AT);
	ck_assert_uint_eq(reading.data_at, 2 * MEDIA_ALIGN);
	ck_assert_uint_eq(reading.facts.filesystem, kinds[_i]);
	ck_assert_uint_eq(strlen(reading.facts.uuid), kinds[_i] == MEDIUM_FILESYSTEM_EXT4 ? 36 : 9);
	ck_assert_uint_eq(reading.facts.sectors, MEDIA_FIXTURE_SIZE / 512);
	ck_assert_uint_eq(reading.facts.record_state, MEDIUM_RECORD_NONE);
	ck_assert_uint_eq(reading.facts.counter.sequence, 0);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_NOT_ENROLLED);
}
END_TEST

START_TEST(enrolled)
{
	struct medium_record record;
	const char *path = media_fixture_enrol("image", &record);
	static struct media_reading reading;

	media_fixture_read(path, &reading);
	ck_assert_mem_eq(&reading.facts.record, &record, sizeof(record));
	ck_assert_uint_eq(reading.facts.counter.sequence, 1);
	ck_assert_int_eq(reading.counters.newest, 0);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_GOOD);
}
END_TEST

START_TEST(every_byte_of_the_record)
{
	struct medium_record record;
	const char *path = media_fixture_enrol("image", &record);
	static struct media_reading reading;
	size_t text, length;

	media_fixture_read(path, &reading);
	length = reading.record_length;
	text = (size_t)((const uint8_t *)memmem(reading.record, length, "-----BEGIN", 10) -
			reading.record);
	for (size_t i = 0; i < length + 64; i++) {
		uint32_t reason;

		flip(path, RAW_AT + i);
		reason = media_fixture_judge(path, NULL);
		/* A changed first armour line leaves less text, and nobody's signature. */
		ck_assert_msg(reason == MEDIUM_DAMAGED_RECORD ||
				      (i >= text && reason == MEDIUM_UNSIGNED_RECORD),
			      "byte %zu of %zu: %s", i, length, medium_reason_name(reason));
		flip(path, RAW_AT + i);
	}
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_GOOD);
	flip(path, RAW_AT + MEDIA_RECORD_SIZE - 1);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_DAMAGED_RECORD);
}
END_TEST

START_TEST(signatures)
{
	static const struct {
		const char *who;
		const char *name;
		enum medium_reason reason;
	} cases[] = {
		{ "sa", "airgap-media@v1", MEDIUM_GOOD },
		{ "ra", "airgap-media@v1", MEDIUM_GOOD },
		{ "s", "airgap-media@v1", MEDIUM_UNSIGNED_RECORD },
		{ "ss", "airgap-media@v1", MEDIUM_UNSIGNED_RECORD },
		{ "sax", "airgap-media@v1", MEDIUM_UNSIGNED_RECORD },
		{ "", "airgap-media@v1", MEDIUM_UNSIGNED_RECORD },
		{ "sa", "airgap-table@v1", MEDIUM_DAMAGED_RECORD },
	};
	static struct media_reading reading;
	struct medium_record record;
	const char *path = media_fixture_enrol("image", &record);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char file[MEDIA_RECORD_SIZE];
		struct medium_counter counter;
		struct media_image image;
		size_t length = media_fixture_sign(&record, cases[i].who, cases[i].name, file);

		media_fixture_read(path, &reading);
		ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_WRITE, &image), 0);
		ck_assert_int_eq(media_write_record(&image, &reading, (uint8_t *)file, length), 0);
		ck_assert_int_eq(media_blank_counters(&image, &reading), 0);
		medium_counter_first(&record, &counter);
		ck_assert_int_eq(media_write_counter(&image, &reading, &counter), 0);
		media_image_close(&image);
		ck_assert_msg(media_fixture_judge(path, NULL) == cases[i].reason, "%s: %s",
			      cases[i].who, medium_reason_name(media_fixture_judge(path, NULL)));
	}
}
END_TEST

/* Of a write that was cut at any byte, the counter before it is left; the whole one counts. */
START_TEST(counter_torn_at_every_byte)
{
	struct medium_record record;
	const char *path = media_fixture_enrol("image", &record);
	uint8_t old[MEDIA_COUNTER_SIZE], new[MEDIA_COUNTER_SIZE], torn[MEDIA_COUNTER_SIZE];
	static struct media_reading reading;
	size_t last = 0;
	uint64_t at;
	int slot;

	use(path, &reading, &slot);
	ck_assert_int_eq(slot, 2);
	at = RAW_AT + MEDIA_SLOT_STRIDE;
	get(path, at, old, sizeof(old));
	use(path, &reading, &slot);
	ck_assert_int_eq(slot, 1);
	get(path, at, new, sizeof(new));
	for (size_t i = 0; i < sizeof(new); i++)
		if (old[i] != new[i])
			last = i;
	ck_assert_uint_gt(last, 100);
	for (size_t cut = 0; cut <= last + 2; cut++) {
		memcpy(torn, old, sizeof(torn));
		memcpy(torn, new, cut);
		put(path, at, torn, sizeof(torn));
		media_fixture_read(path, &reading);
		ck_assert_msg(reading.counters.counter.sequence == (cut <= last ? 2 : 3),
			      "cut at %zu of %zu: %lu", cut, last,
			      (unsigned long)reading.counters.counter.sequence);
		ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_GOOD);
	}
	/* Erased before it was written, as flash does. */
	memset(torn, 0xff, sizeof(torn));
	for (size_t cut = 0; cut < last; cut++) {
		memset(torn + cut, 0xff, sizeof(torn) - cut);
		memcpy(torn, new, cut);
		put(path, at, torn, sizeof(torn));
		media_fixture_read(path, &reading);
		ck_assert_uint_eq(reading.counters.counter.sequence, 2);
	}
}
END_TEST

START_TEST(memory)
{
	struct medium_memory seen = { .known = true };
	static struct media_reading reading;
	struct medium_record record;
	const char *path = media_fixture_enrol("image", &record);
	static uint8_t image[MEDIA_RAW_SIZE];
	int slot;

	get(path, RAW_AT, image, sizeof(image));
	for (int i = 0; i < 5; i++) {
		use(path, &reading, &slot);
		ck_assert_int_eq(slot, 2 - i % 2);
		seen.sequence = reading.counters.counter.sequence;
		memcpy(seen.digest, reading.counters.counter.digest, sizeof(seen.digest));
		ck_assert_uint_eq(media_fixture_judge(path, &seen), MEDIUM_GOOD);
	}
	/* An image from before, put back; then used as often as the other. */
	put(path, RAW_AT, image, sizeof(image));
	ck_assert_uint_eq(media_fixture_judge(path, &seen), MEDIUM_OLDER);
	for (int i = 0; i < 5; i++)
		use(path, &reading, &slot);
	ck_assert_uint_eq(media_fixture_judge(path, &seen), MEDIUM_BRANCH);
	use(path, &reading, &slot);
	ck_assert_uint_eq(media_fixture_judge(path, &seen), MEDIUM_BRANCH);
}
END_TEST

START_TEST(counters_lost)
{
	static struct media_reading reading;
	struct medium_record record;
	const char *path = media_fixture_enrol("image", &record);
	uint8_t slot[MEDIA_COUNTER_SIZE];

	/* Two different counters that claim one sequence belong to nobody. */
	get(path, RAW_AT + MEDIA_SLOT_STRIDE, slot, sizeof(slot));
	put(path, RAW_AT + 2 * MEDIA_SLOT_STRIDE, slot, sizeof(slot));
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_GOOD);
	flip(path, RAW_AT + MEDIA_SLOT_STRIDE);
	media_fixture_read(path, &reading);
	ck_assert_uint_eq(reading.counters.state[0], MEDIA_COUNTER_DAMAGED);
	ck_assert_uint_eq(reading.counters.state[1], MEDIA_COUNTER_GOOD);
	ck_assert_int_eq(reading.counters.newest, 1);
	flip(path, RAW_AT + 2 * MEDIA_SLOT_STRIDE);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_NO_COUNTER);
}
END_TEST

START_TEST(capacity)
{
	struct medium_record record;
	const char *path = media_fixture_enrol("image", &record);

	ck_assert_int_eq(truncate(path, 2 * MEDIA_FIXTURE_SIZE), 0);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_OTHER_CAPACITY);
	ck_assert_int_eq(truncate(path, MEDIA_FIXTURE_SIZE - 4096), 0);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_OTHER_CAPACITY);
	ck_assert_int_eq(truncate(path, MEDIA_SIZE_MIN), 0);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_OTHER_CAPACITY);
	ck_assert_int_eq(truncate(path, 1024), 0);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_NOT_ENROLLED);
	ck_assert_int_eq(truncate(path, 0), 0);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_NOT_ENROLLED);
}
END_TEST

START_TEST(file_system)
{
	struct medium_record record;
	const char *path = media_fixture_enrol("image", &record);

	/* FAT16's serial number, the mark at the end of its first sector. */
	flip(path, 2 * MEDIA_ALIGN + 39);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_OTHER_FILESYSTEM);
	flip(path, 2 * MEDIA_ALIGN + 39);
	flip(path, 2 * MEDIA_ALIGN + 510);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_OTHER_FILESYSTEM);
	flip(path, 2 * MEDIA_ALIGN + 510);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_GOOD);
}
END_TEST

/* Each byte of the header, and of the entries in use: another layout, or a damaged one. */
START_TEST(partition_table)
{
	struct medium_record record;
	const char *path = media_fixture_enrol("image", &record);
	static struct media_reading reading;
	struct media_image image;

	for (uint64_t at = 512; at < 1024 + 256; at++) {
		uint32_t reason;

		if (at >= 512 + 92 && at < 1024)
			continue;
		flip(path, at);
		reason = media_fixture_judge(path, NULL);
		ck_assert_msg(reason == MEDIUM_DAMAGED_LAYOUT, "byte %lu: %s", (unsigned long)at,
			      medium_reason_name(reason));
		flip(path, at);
	}
	flip(path, 446 + 16 + 4);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_FOREIGN_LAYOUT);
	flip(path, 446 + 16 + 4);

	/* Damaged at either end, it can be written anew from the other. */
	for (int end = 0; end < 2; end++) {
		flip(path, end ? MEDIA_FIXTURE_SIZE - 500 : 600);
		media_fixture_read(path, &reading);
		ck_assert(reading.primary == (end == 1) && reading.backup == (end == 0));
		ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_WRITE, &image), 0);
		ck_assert_int_eq(media_label_repair(&image, path), 0);
		media_image_close(&image);
		media_fixture_read(path, &reading);
		ck_assert(reading.primary && reading.backup);
		ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_GOOD);
	}
	flip(path, 600);
	flip(path, MEDIA_FIXTURE_SIZE - 500);
	ck_assert_uint_eq(media_fixture_judge(path, NULL), MEDIUM_NOT_ENROLLED);
	ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_WRITE, &image), 0);
	ck_assert_int_eq(media_label_repair(&image, path), -EBADMSG);
	media_image_close(&image);
}
END_TEST

START_TEST(opening)
{
	struct media_image image;
	uint8_t byte[1];
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/pipe", unit_tmpdir());
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_READ, &image), -ENOTBLK);
	ck_assert_int_eq(media_image_open("/dev/null", MEDIA_OPEN_READ, &image), -ENOTBLK);
	ck_assert_int_eq(media_image_open(unit_tmpdir(), MEDIA_OPEN_READ, &image), -ENOTBLK);
	ck_assert_int_eq(media_image_open("/nowhere", MEDIA_OPEN_READ, &image), -ENOENT);
	snprintf(path, sizeof(path), "%s/file", unit_tmpdir());
	fd = open(path, O_RDWR | O_CREAT, 0600);
	ck_assert_int_eq(ftruncate(fd, 8192), 0);
	close(fd);
	ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_WRITE, &image), 0);
	ck_assert_int_eq(media_image_read(&image, 8192, byte, 1), -ERANGE);
	ck_assert_int_eq(media_image_read(&image, UINT64_MAX, byte, 1), -ERANGE);
	ck_assert_int_eq(media_image_write(&image, 8192, path, 4096), -ERANGE);
	ck_assert_int_eq(media_image_write(&image, 1, path, 4096), -EINVAL);
	ck_assert_int_eq(media_image_write(&image, 4096, path, 4096), 0);
	ck_assert_int_eq(media_label_create(&image, path, MEDIUM_FILESYSTEM_VFAT), -ENOSPC);
	media_image_close(&image);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("media_read");
	TCase *tc = tcase_create("media_read");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, made_and_read, 0, 2);
	tcase_add_test(tc, enrolled);
	tcase_add_test(tc, every_byte_of_the_record);
	tcase_add_test(tc, signatures);
	tcase_add_test(tc, counter_torn_at_every_byte);
	tcase_add_test(tc, memory);
	tcase_add_test(tc, counters_lost);
	tcase_add_test(tc, capacity);
	tcase_add_test(tc, file_system);
	tcase_add_test(tc, partition_table);
	tcase_add_test(tc, opening);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
