// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/media_fixture.h"

#include <check.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/media/media_label.h"
#include "agent/lib/media/media_system.h"
#include "tests/unit/signer.h"
#include "tests/unit/table_fixture.h"
#include "tests/unit/unit.h"

static const char letters[] = "sarx";
static struct signer signers[4];

static void enter(struct trust *trust, int number, const char *person, enum trust_duty duty,
		  enum trust_standing standing)
{
	struct trust_key *key = &trust->keys[trust->key_count++];

	snprintf(key->id, sizeof(key->id), "k%d", number);
	snprintf(key->person, sizeof(key->person), "%s", person);
	key->duty = duty;
	key->standing = standing;
	key->key.type = SSHKEY_TYPE_ED25519;
	memcpy(key->key.point, signers[number].public, 32);
}

const struct trust *media_fixture_trust(void)
{
	static struct trust trust;

	if (trust.key_count)
		return &trust;
	ck_assert_int_ge(sodium_init(), 0);
	for (uint8_t i = 0; i < 4; i++)
		signer_make(&signers[i], (uint8_t)(i + 1), false);
	trust.number = 1;
	enter(&trust, 0, "S One", TRUST_DUTY_SECURITY, TRUST_STANDING_ACTIVE);
	enter(&trust, 1, "A One", TRUST_DUTY_APPROVAL, TRUST_STANDING_ACTIVE);
	enter(&trust, 2, "R One", TRUST_DUTY_SECURITY, TRUST_STANDING_RETIRED);
	trust.policy.duty[TRUST_DUTY_SECURITY] = 1;
	trust.policy.duty[TRUST_DUTY_APPROVAL] = 1;
	return &trust;
}

const char *media_fixture_blank(const char *name, enum medium_filesystem filesystem)
{
	static char path[4096];
	char reason[MEDIA_SYSTEM_REASON];
	struct media_reading *reading = calloc(1, sizeof(*reading));
	struct media_image image;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", unit_tmpdir(), name);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, MEDIA_FIXTURE_SIZE), 0);
	close(fd);
	ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_WRITE, &image), 0);
	ck_assert_int_eq(media_label_create(&image, path, filesystem), 0);
	ck_assert_int_eq(media_read(&image, reading), 0);
	ck_assert_uint_eq(reading->facts.layout, MEDIUM_LAYOUT_SOUND);
	ck_assert_msg(media_system_make(path, 0, filesystem, reading->data_at, reading->data_size,
					reason) == 0,
		      "%s", reason);
	media_image_close(&image);
	free(reading);
	return path;
}

size_t media_fixture_sign(const struct medium_record *record, const char *who, const char *name,
			  char *out)
{
	char text[MEDIUM_RECORD_TEXT_MAX];
	struct signer signing[8];
	size_t count = 0;

	media_fixture_trust();
	ck_assert_int_gt(medium_record_print(record, text), 0);
	for (; *who; who++)
		signing[count++] = signers[strchr(letters, *who) - letters];
	return signer_file(signing, count, name, text, out, MEDIA_RECORD_SIZE);
}

static void describe(const struct media_reading *reading, struct medium_record *record)
{
	memset(record, 0, sizeof(*record));
	memset(record->id, 0x9f, sizeof(record->id));
	record->vendor = 0x0951;
	record->product = 0x1666;
	strcpy(record->serial, "S1");
	record->sectors = reading->facts.sectors;
	record->filesystem = reading->facts.filesystem;
	memcpy(record->uuid, reading->facts.uuid, sizeof(record->uuid));
	record->enrolled = 1795564800;
}

const char *media_fixture_enrol(const char *name, struct medium_record *record)
{
	const char *path = media_fixture_blank(name, MEDIUM_FILESYSTEM_VFAT);
	struct media_reading *reading = calloc(1, sizeof(*reading));
	struct medium_counter counter;
	struct media_image image;
	char file[MEDIA_RECORD_SIZE];
	size_t length;

	ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_WRITE, &image), 0);
	ck_assert_int_eq(media_read(&image, reading), 0);
	describe(reading, record);
	length = media_fixture_sign(record, "sa", "airgap-media@v1", file);
	ck_assert_int_eq(medium_record_parse(file, length, NULL, record), 0);
	ck_assert_int_eq(media_write_record(&image, reading, (uint8_t *)file, length), 0);
	medium_counter_first(record, &counter);
	ck_assert_int_eq(media_write_counter(&image, reading, &counter), 0);
	media_image_close(&image);
	free(reading);
	return path;
}

void media_fixture_read(const char *path, struct media_reading *reading)
{
	struct trust_account account;
	struct media_image image;

	ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_READ, &image), 0);
	ck_assert_int_eq(media_read(&image, reading), 0);
	media_image_close(&image);
	ck_assert_int_eq(media_read_verify(reading, media_fixture_trust(), &account, NULL), 0);
	reading->facts.vendor = 0x0951;
	reading->facts.product = 0x1666;
	strcpy(reading->facts.serial, "S1");
}

uint32_t media_fixture_judge(const char *path, const struct medium_memory *memory)
{
	static struct table *table;
	struct media_reading *reading = calloc(1, sizeof(*reading));
	struct medium_verdict verdict;

	if (!table)
		table = media_of("9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f  0951:1666  \"S1\"  mimi  -  -  "
				 "-  active\n");
	media_fixture_read(path, reading);
	medium_judge(&reading->facts, table, 1795564800, memory, &verdict);
	free(reading);
	return verdict.reason;
}
