// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_stream.h"
#include "agent/transfer/quarantine.h"
#include "tests/unit/age_fixture.h"
#include "tests/unit/export_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct world world;
static char folder[256];

static void setup(void)
{
	static unsigned int number;
	struct export_result result;

	snprintf(folder, sizeof(folder), "%s/import-%u-%d", unit_tmpdir(), number++, getpid());
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	world_new(&world, folder);
	ck_assert_int_eq(world_export(&world, NULL, &result), 0);
}

static void teardown(void)
{
	world_free(&world);
}

static int open_object(enum object_kind kind, uint32_t number, int flags)
{
	char name[OBJECT_STORE_NAME_SIZE], path[OBJECT_STORE_NAME_SIZE + 16];
	const uint8_t *id =
		kind == OBJECT_SLIP ? world.slip.batch : world.slip.files[number].object;
	int fd;

	object_store_name(kind, id, name);
	snprintf(path, sizeof(path), "objects/%s", name);
	fd = openat(world.medium, path, flags);
	ck_assert_int_ge(fd, 0);
	return fd;
}

static uint32_t import_reason(void)
{
	struct import_result result;
	int r = world_import(&world, &result);

	ck_assert((r == 0) == (result.outcome.reason == OUTCOME_DONE));
	import_result_free(&result);
	return result.outcome.reason;
}

START_TEST(test_slips)
{
	struct object_store store;
	struct import_source source;
	struct import_list list;
	struct outcome outcome;

	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_DONE);
	world_source(&world, &store, &source);
	ck_assert_int_eq(import_look(&source, &list, &outcome), 0);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_uint_eq(list.others, 0);
	ck_assert_uint_eq(list.entries[0].verified, 1);
	ck_assert_str_eq(list.entries[0].slip.files[1].file.name, world.slip.files[1].file.name);
	import_list_free(&list);
	source.ring = world.stranger;
	ck_assert_int_eq(import_look(&source, &list, &outcome), 0);
	ck_assert_uint_eq(list.count, 0);
	ck_assert_uint_eq(list.others, 1);
	import_list_free(&list);
	object_store_close(&store);
}
END_TEST

START_TEST(test_whose)
{
	world.table_error = -ENOENT;
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_SLIP_STRANGER);
	world.table_error = -EKEYREVOKED;
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_SLIP_WITHDRAWN);
	world.table_error = 0;
	world.table_key[4] ^= 1;
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_SLIP_FORGED);
	memcpy(world.table_key, world.key, sizeof(world.key));
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_DONE);
}
END_TEST

/* A slip copied to another medium, or found on an image of before. */
START_TEST(test_where)
{
	world.medium_id[0] ^= 1;
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_SLIP_REFUSED);
	world.medium_id[0] ^= 1;
	world.sequence = 11;
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_SLIP_REFUSED);
	world.sequence = 15;
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_DONE);
}
END_TEST

static void remember(uint64_t sequence, int counter, bool same_batch, uint32_t imported)
{
	struct import_memory *memory = &world.memory[world.memory_count++];

	memcpy(memory->medium, world.medium_id, sizeof(memory->medium));
	memory->sequence = sequence;
	memset(memory->counter, counter, sizeof(memory->counter));
	if (same_batch)
		memcpy(memory->batch, world.slip.batch, sizeof(memory->batch));
	memory->imported = imported;
}

START_TEST(test_memory)
{
	remember(12, 12, true, 0);
	remember(11, 99, false, 1);
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_DONE);
	/* Whoever saw the other branch: number 12 was another use. */
	remember(12, 77, false, 0);
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_SLIP_BRANCH);
	/* Of another medium that is nothing. */
	world.memory[2].medium[0] ^= 1;
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_DONE);
	remember(12, 12, true, 1);
	ck_assert_uint_eq(world_slip_check(&world), OUTCOME_SLIP_REFUSED);
}
END_TEST

/* Every byte of the slip, and of a small object: never taken, and for a right reason. */
START_TEST(test_every_byte)
{
	enum object_kind kind = _i == 0 ? OBJECT_SLIP : OBJECT_FILE;
	int fd = open_object(kind, 0, O_RDWR);
	struct stat st;
	uint8_t byte;
	uint32_t reason;

	ck_assert_int_eq(fstat(fd, &st), 0);
	for (off_t at = 0; at < st.st_size; at++) {
		ck_assert_int_eq(pread(fd, &byte, 1, at), 1);
		byte ^= 0x01;
		ck_assert_int_eq(pwrite(fd, &byte, 1, at), 1);
		reason = import_reason();
		/* The stanza of the other recipient is not ours to check before the header's tag. */
		if (kind == OBJECT_SLIP)
			ck_assert_msg(reason == OUTCOME_SLIP_DAMAGED ||
					      reason == OUTCOME_SLIP_OTHERS,
				      "byte %ld: %s", (long)at, outcome_name(reason));
		else
			ck_assert_msg(reason == OUTCOME_OBJECT_CHANGED, "byte %ld: %s", (long)at,
				      outcome_name(reason));
		byte ^= 0x01;
		ck_assert_int_eq(pwrite(fd, &byte, 1, at), 1);
	}
	close(fd);
	ck_assert_uint_eq(import_reason(), OUTCOME_DONE);
}
END_TEST

START_TEST(test_objects)
{
	char name[OBJECT_STORE_NAME_SIZE], path[OBJECT_STORE_NAME_SIZE + 16];
	int fd = open_object(OBJECT_FILE, 1, O_RDWR);
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(ftruncate(fd, st.st_size - 1), 0);
	ck_assert_uint_eq(import_reason(), OUTCOME_OBJECT_SIZE);
	ck_assert_int_eq(ftruncate(fd, st.st_size), 0);
	ck_assert_uint_eq(import_reason(), OUTCOME_OBJECT_CHANGED);
	close(fd);
	object_store_name(OBJECT_FILE, world.slip.files[1].object, name);
	snprintf(path, sizeof(path), "objects/%s", name);
	ck_assert_int_eq(unlinkat(world.medium, path, 0), 0);
	ck_assert_uint_eq(import_reason(), OUTCOME_OBJECT_MISSING);
}
END_TEST

/* Somebody who has the public key makes an object that decrypts: it is not the one of the slip. */
START_TEST(test_substituted)
{
	const struct age_recipient to[] = { world.receiver->identities[0].recipient,
					    world.office->identities[0].recipient };
	int fd = open_object(OBJECT_FILE, 0, O_RDWR);
	uint8_t *sealed;
	size_t length;

	ck_assert_int_eq(age_encrypt_buffer("A REPORT\n", 9, to, 2, &sealed, &length), 0);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(pwrite(fd, sealed, length, 0), (ssize_t)length);
	free(sealed);
	ck_assert_uint_eq(import_reason(), OUTCOME_OBJECT_CHANGED);
	close(fd);
}
END_TEST

/* A terminal that signs one content and sends another. */
START_TEST(test_lying_terminal)
{
	struct export_result result;
	struct manifest_file files[1] = { world.slip.files[0].file };
	struct object_store store;
	struct import_source source;
	struct import_entry entry;
	struct import_result got;
	struct import_job job = { .source = &source,
				  .slip = &entry.slip,
				  .staging = world.landing };

	world_slip(&world, files, 1);
	ck_assert_int_eq(world_export(&world, NULL, &result), 0);
	world_source(&world, &store, &source);
	ck_assert_int_eq(import_slip(&source, world.slip.batch, &entry), 0);
	entry.slip.files[0].file.digest[0] ^= 1;
	ck_assert_int_lt(import_run(&job, &got), 0);
	ck_assert_uint_eq(got.outcome.reason, OUTCOME_CONTENT_CHANGED);
	import_result_free(&got);
	entry.slip.files[0].file.digest[0] ^= 1;
	ck_assert_int_eq(import_run(&job, &got), 0);
	import_result_free(&got);
	slip_free(&entry.slip);
	object_store_close(&store);
}
END_TEST

/* Type and marking are looked at, and nothing is delivered that is not what the slip says. */
START_TEST(test_content)
{
	static const char *const texts[] = { "a report\n", "秘密★5年\n", "机密\n", "#!/bin/sh\n" };
	static const uint32_t reasons[] = { OUTCOME_DONE, OUTCOME_DONE, OUTCOME_MARKED_HIGHER,
					    OUTCOME_OTHER_TYPE };
	const struct filetype_settings looks = { .labels = &world.levels };
	struct export_result exported;
	struct manifest_file file;
	struct object_store store;
	struct import_source source;
	struct import_entry entry;
	struct import_result got;
	struct filetype *filetype;
	struct import_job job = { .source = &source,
				  .slip = &entry.slip,
				  .staging = world.landing };

	ck_assert_int_eq(filetype_open(&looks, &filetype), 0);
	job.filetype = filetype;
	world_stage(&world, 0, "file.txt", "txt", texts[_i], strlen(texts[_i]), &file);
	world_slip(&world, &file, 1);
	ck_assert_int_eq(world_export(&world, NULL, &exported), 0);
	world_source(&world, &store, &source);
	ck_assert_int_eq(import_slip(&source, world.slip.batch, &entry), 0);
	import_run(&job, &got);
	ck_assert_uint_eq(got.outcome.reason, reasons[_i]);
	/* The copy is there, for quarantine. */
	ck_assert_uint_eq(got.file_count, 1);
	if (_i == 1 || _i == 2)
		ck_assert_int_eq(got.level, _i);
	import_result_free(&got);
	slip_free(&entry.slip);
	object_store_close(&store);
	filetype_close(filetype);
}
END_TEST

START_TEST(test_foreign)
{
	static const char *const names[] = { "folder/letter.txt", "other" };
	const struct filetype_settings looks = { .labels = &world.levels };
	struct import_source source = { .work = &world.work };
	struct import_job job = { .source = &source, .staging = world.landing };
	struct filetype *filetype;
	struct import_result got;
	struct outcome outcome;
	int files[2];

	ck_assert_int_eq(filetype_open(&looks, &filetype), 0);
	job.filetype = filetype;
	ck_assert_int_eq(mkdirat(world.medium, "folder", 0700), 0);
	files[0] = openat(world.medium, names[0], O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq(write(files[0], "机密★\n", 10), 10);
	close(files[0]);
	close(openat(world.medium, "other", O_WRONLY | O_CREAT, 0600));
	ck_assert_int_eq(symlinkat("/etc/passwd", world.medium, "link"), 0);
	ck_assert_int_eq(symlinkat("/etc", world.medium, "folder/way"), 0);
	ck_assert_int_eq(import_open(world.medium, "link", &outcome), -ELOOP);
	ck_assert_uint_eq(outcome.reason, OUTCOME_LINK);
	ck_assert_int_eq(import_open(world.medium, "folder/way/passwd", &outcome), -ELOOP);
	ck_assert_int_eq(import_open(world.medium, "../landing", &outcome), -EINVAL);
	ck_assert_int_eq(import_open(world.medium, "/etc/passwd", &outcome), -EINVAL);
	ck_assert_int_eq(import_open(world.medium, "missing", &outcome), -ENOENT);
	files[0] = import_open(world.medium, names[0], &outcome);
	files[1] = import_open(world.medium, names[1], &outcome);
	ck_assert(files[0] >= 0 && files[1] >= 0);
	ck_assert_int_eq(import_foreign(&job, files, names, 2, &got), 0);
	ck_assert_uint_eq(got.file_count, 2);
	ck_assert_int_eq(got.level, 2);
	ck_assert_str_eq(got.files[0].file.type, "txt");
	ck_assert_str_eq(got.files[0].file.name, names[0]);
	ck_assert_str_eq(got.files[1].file.type, "empty");
	import_result_free(&got);
	close(files[0]);
	close(files[1]);
	filetype_close(filetype);
}
END_TEST

START_TEST(test_deliver)
{
	int top = open(folder, O_RDONLY | O_DIRECTORY), inbox;
	struct import_result got;

	ck_assert_int_eq(world_import(&world, &got), 0);
	import_result_free(&got);
	ck_assert_int_eq(mkdirat(top, "inbox", 0700), 0);
	inbox = openat(top, "inbox", O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(import_deliver(top, inbox, "landing"), 0);
	ck_assert_int_eq(faccessat(inbox, "landing/0001", F_OK, 0), 0);
	ck_assert_int_eq(import_deliver(top, inbox, "landing"), -ENOENT);
	ck_assert_int_eq(mkdirat(top, "landing", 0700), 0);
	ck_assert_int_eq(import_deliver(top, inbox, "landing"), -EEXIST);
	close(inbox);
	close(top);
}
END_TEST

static void keep(int quarantine, const struct quarantine_limits *limits, size_t size, int64_t kept,
		 uint32_t wanted_dropped)
{
	struct quarantine_entry entry = { .kept = kept, .file.size = size };
	uint8_t *bytes = age_fixture_bytes(size);
	int fd = age_fixture_file(bytes, size);
	struct outcome outcome;
	uint32_t dropped;

	strcpy(entry.file.name, "会议 \"x\".exe");
	strcpy(entry.file.type, "exe");
	outcome_set(&outcome, OUTCOME_SCAN_FOUND, -EPERM, "x", "Eicar");
	ck_assert_int_eq(quarantine_keep(quarantine, fd, &world.receiver->identities[0].recipient,
					 limits, &outcome, &entry, &dropped),
			 0);
	ck_assert_uint_eq(dropped, wanted_dropped);
	close(fd);
	free(bytes);
}

START_TEST(test_quarantine)
{
	const struct quarantine_limits limits = { .bytes = 10000, .files = 3 };
	struct quarantine_entry *entries;
	struct quarantine_entry entry = { 0 };
	struct outcome outcome = { 0 };
	size_t count;
	uint32_t dropped;
	int quarantine, fd;

	ck_assert_int_eq(mkdirat(world.landing, "q", 0700), 0);
	quarantine = openat(world.landing, "q", O_RDONLY | O_DIRECTORY);
	keep(quarantine, &limits, 1000, 100, 0);
	keep(quarantine, &limits, 1000, 90, 0);
	keep(quarantine, &limits, 1000, 200, 0);
	keep(quarantine, &limits, 1000, 300, 1);
	keep(quarantine, &limits, 8000, 400, 2);
	ck_assert_int_eq(quarantine_list(quarantine, &entries, &count), 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq(entries[0].kept, 300);
	ck_assert_int_eq(entries[1].kept, 400);
	ck_assert_str_eq(entries[1].reason, "scan-found");
	ck_assert_str_eq(entries[1].detail, "Eicar");
	ck_assert_str_eq(entries[1].file.name, "会议 \"x\".exe");
	ck_assert_uint_eq(entries[1].file.size, 8000);
	ck_assert_int_eq(quarantine_remove(quarantine, entries[0].id), 0);
	ck_assert_int_eq(quarantine_remove(quarantine, entries[0].id), -ENOENT);
	free(entries);
	fd = age_fixture_file((const uint8_t *)folder, sizeof(folder));
	ck_assert_int_eq(ftruncate(fd, 20000), 0);
	ck_assert_int_eq(quarantine_keep(quarantine, fd, &world.receiver->identities[0].recipient,
					 &limits, &outcome, &entry, &dropped),
			 -EFBIG);
	ck_assert_uint_eq(dropped, 0);
	close(fd);
	close(quarantine);
}
END_TEST

START_TEST(test_outcomes)
{
	struct outcome outcome;
	char text[2048];

	for (uint32_t i = 0; i < OUTCOME_REASON_COUNT; i++) {
		ck_assert(outcome_name(i)[0] && outcome_text(i)[0]);
		ck_assert(i == OUTCOME_DONE || outcome_help(i)[0]);
		for (uint32_t j = 0; j < i; j++)
			ck_assert_str_ne(outcome_name(i), outcome_name(j));
		ck_assert((outcome_set(&outcome, i, 0, "a\nb", NULL) == 0) == (i == OUTCOME_DONE));
		ck_assert_str_eq(outcome.about, "a\\u{a}b");
		ck_assert_ptr_nonnull(
			strstr(outcome_describe(&outcome, text, sizeof(text)), outcome_text(i)));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("import");
	TCase *tcase = tcase_create("import");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_slips);
	tcase_add_test(tcase, test_whose);
	tcase_add_test(tcase, test_where);
	tcase_add_test(tcase, test_memory);
	tcase_add_loop_test(tcase, test_every_byte, 0, 2);
	tcase_add_test(tcase, test_objects);
	tcase_add_test(tcase, test_substituted);
	tcase_add_test(tcase, test_lying_terminal);
	tcase_add_loop_test(tcase, test_content, 0, 4);
	tcase_add_test(tcase, test_foreign);
	tcase_add_test(tcase, test_deliver);
	tcase_add_test(tcase, test_quarantine);
	tcase_add_test(tcase, test_outcomes);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
