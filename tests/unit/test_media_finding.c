// SPDX-License-Identifier: GPL-2.0-or-later
/* From what was read of a medium to a right: nothing that the reader says is believed. */
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/media/media_finding.h"
#include "agent/transfer/medium_read.h"
#include "tests/unit/media_fixture.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/table_fixture.h"
#include "tests/unit/unit.h"

#define POLICY                                                                                     \
	POLICY_HEAD                                                                                \
	"table media  signed [ security 2 ]\n"                                                     \
	"media {\n    default  none\n    allow  w:  medium in @media, to [ write ]\n}\n"

static struct msg_medium_reading reading;
static struct medium_record record;
static struct media_disk disk;
static struct govern govern;
static struct medium_memory memory;

static void begin(const char *policy)
{
	const char *path = media_fixture_enrol("image", &record);
	struct media_image image;
	char row[512], id[MEDIUM_ID_TEXT];

	memset(&reading, 0, sizeof(reading));
	ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_READ, &image), 0);
	medium_read_all(&image, &reading);
	media_image_close(&image);
	ck_assert_int_eq(reading.error, 0);
	disk = (struct media_disk){ .sectors = record.sectors,
				    .vendor = record.vendor,
				    .product = record.product };
	memcpy(disk.serial, record.serial, sizeof(disk.serial));
	medium_id_format(record.id, id);
	snprintf(row, sizeof(row), "%s  %04x:%04x  \"%s\"  mimi  \"7.2.14\"  -  -  active\n", id,
		 record.vendor, record.product, record.serial);
	memset(&govern, 0, sizeof(govern));
	govern.policy = policy_of(policy);
	govern.mode = AGENT_MODE_ENFORCING;
	govern.context.media = media_of(row);
	govern.context.today = 1796000000;
	memory = (struct medium_memory){ .known = false };
}

static struct medium_finding find(void)
{
	struct medium_finding finding;

	media_finding_take(&finding, &reading, &disk, media_fixture_trust());
	media_finding_decide(&finding, &govern, &memory);
	return finding;
}

START_TEST(a_good_one)
{
	struct medium_finding finding;

	begin(POLICY);
	finding = find();
	ck_assert_uint_eq(finding.kind, MEDIA_KIND_REGISTERED);
	ck_assert_uint_eq(finding.judged.reason, MEDIUM_GOOD);
	ck_assert(media_finding_may(&finding));
	ck_assert_uint_eq(finding.decided.right, MEDIA_RIGHT_WRITE);
	ck_assert_uint_eq(finding.raw_partition, 1);
	ck_assert_uint_eq(finding.data_partition, 2);
	ck_assert_uint_eq(finding.raw_first, 2048);
	ck_assert_uint_eq(finding.data_first, 4096);
	ck_assert_str_ne(finding.signers, "");
}
END_TEST

/* What makes it another medium, or none: each is refused, and for that. */
static void other_device(void)
{
	disk.product++;
}
static void other_serial(void)
{
	disk.serial[0] ^= 1;
}
static void larger(void)
{
	disk.sectors++;
}
static void no_signers(void)
{
	reading.record_length -= 40;
}
static void no_record(void)
{
	reading.record_length = 0;
}
static void changed(void)
{
	reading.record[30] ^= 1;
}
static void claims_good(void)
{
	reading.facts.record_state = MEDIUM_RECORD_GOOD;
	reading.facts.record = record;
	reading.record_length = 0;
}
static void other_filesystem(void)
{
	reading.facts.filesystem = MEDIUM_FILESYSTEM_EXT4;
}
static void older(void)
{
	memory = (struct medium_memory){ .known = true, .sequence = 9 };
}
static void parted(void)
{
	memory = (struct medium_memory){ .known = true, .sequence = 1 };
}
static void no_table(void)
{
	table_free((struct table *)(uintptr_t)govern.context.media);
	govern.context.media = NULL;
}

static const struct {
	void (*change)(void);
	enum medium_reason reason;
	enum record_grade grade;
} changes[] = {
	{ other_device, MEDIUM_OTHER_HARDWARE, RECORD_GRADE_V2 },
	{ other_serial, MEDIUM_OTHER_HARDWARE, RECORD_GRADE_V2 },
	{ larger, MEDIUM_OTHER_CAPACITY, RECORD_GRADE_V2 },
	{ no_signers, MEDIUM_DAMAGED_RECORD, RECORD_GRADE_V1 },
	{ no_record, MEDIUM_DAMAGED_RECORD, RECORD_GRADE_V1 },
	{ changed, MEDIUM_DAMAGED_RECORD, RECORD_GRADE_V1 },
	{ claims_good, MEDIUM_DAMAGED_RECORD, RECORD_GRADE_V1 },
	{ other_filesystem, MEDIUM_OTHER_FILESYSTEM, RECORD_GRADE_V1 },
	{ older, MEDIUM_OLDER, RECORD_GRADE_V2 },
	{ parted, MEDIUM_BRANCH, RECORD_GRADE_V2 },
	{ no_table, MEDIUM_NO_TABLE, RECORD_GRADE_V1 },
};

START_TEST(each_with_its_reason)
{
	struct medium_finding finding;

	begin(POLICY);
	changes[_i].change();
	finding = find();
	ck_assert(!media_finding_may(&finding));
	ck_assert_uint_eq(finding.decided.right, MEDIA_RIGHT_NONE);
	ck_assert_str_eq(medium_reason_name(finding.judged.reason),
			 medium_reason_name(changes[_i].reason));
	ck_assert_str_eq(finding.decided.verdict.rule, medium_reason_name(changes[_i].reason));
	ck_assert_uint_eq(media_finding_grade(&finding, govern.policy), changes[_i].grade);
}
END_TEST

START_TEST(nobody_is_believed)
{
	struct medium_finding finding;

	begin(POLICY);
	/* Without a list nobody's signature counts; without a memory nothing is good. */
	media_finding_take(&finding, &reading, &disk, NULL);
	media_finding_decide(&finding, &govern, &memory);
	ck_assert_uint_eq(finding.judged.reason, MEDIUM_UNSIGNED_RECORD);
	media_finding_take(&finding, &reading, &disk, media_fixture_trust());
	media_finding_decide(&finding, &govern, NULL);
	ck_assert(!media_finding_may(&finding));
}
END_TEST

START_TEST(foreign_has_no_record)
{
	struct medium_finding finding;

	begin(POLICY);
	reading.facts.layout = MEDIUM_LAYOUT_NONE;
	reading.facts.record_state = MEDIUM_RECORD_GOOD;
	finding = find();
	ck_assert_uint_eq(finding.kind, MEDIA_KIND_FOREIGN);
	ck_assert_uint_eq(finding.facts.record_state, MEDIUM_RECORD_NONE);
	ck_assert_uint_eq(finding.facts.counter.sequence, 0);
	ck_assert(!media_finding_may(&finding));
}
END_TEST

START_TEST(modes)
{
	struct medium_finding finding;

	begin(POLICY);
	govern.mode = AGENT_MODE_RESTRICTED;
	finding = find();
	ck_assert_uint_eq(finding.decided.right, MEDIA_RIGHT_READ);
	ck_assert_uint_eq(finding.decided.verdict.cause, POLICY_CAUSE_RESTRICT);
	govern.mode = AGENT_MODE_LOCKDOWN;
	finding = find();
	ck_assert(!media_finding_may(&finding));
	ck_assert_uint_eq(finding.decided.verdict.cause, POLICY_CAUSE_LOCKDOWN);
	policy_free(govern.policy);
	govern.policy = policy_of(POLICY_HEAD);
	govern.mode = AGENT_MODE_MONITORING;
	finding = find();
	ck_assert_uint_eq(finding.decided.right, MEDIA_RIGHT_READ);
	ck_assert_uint_eq(finding.decided.verdict.cause, POLICY_CAUSE_MONITOR);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("media_finding");
	TCase *tc = tcase_create("media_finding");

	if (sodium_init() < 0)
		return 1;
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_good_one);
	tcase_add_loop_test(tc, each_with_its_reason, 0, sizeof(changes) / sizeof(changes[0]));
	tcase_add_test(tc, nobody_is_believed);
	tcase_add_test(tc, foreign_has_no_record);
	tcase_add_test(tc, modes);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
