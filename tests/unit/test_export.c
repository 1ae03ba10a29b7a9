// SPDX-License-Identifier: GPL-2.0-or-later
/* Export and import together: what is written is read, and what fails leaves nothing. */
#include "agent/transfer/witness.h"
#include "tests/unit/age_fixture.h"
#include "tests/unit/export_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct world world;

static void setup(void)
{
	static unsigned int number;
	char folder[512];

	snprintf(folder, sizeof(folder), "%s/%u-%d", unit_tmpdir(), number++, getpid());
	ck_assert_int_eq(mkdirat(AT_FDCWD, folder, 0700), 0);
	world_new(&world, folder);
}

static void teardown(void)
{
	world_free(&world);
}

START_TEST(test_both_ways)
{
	struct export_result result;
	struct import_result got;

	ck_assert_int_eq(world_export(&world, NULL, &result), 0);
	ck_assert_uint_eq(result.outcome.reason, OUTCOME_DONE);
	ck_assert(result.committed && !result.unsure);
	ck_assert_int_eq(result.witness_error, 0);
	ck_assert_uint_eq(world_count(&world, "objects"), WORLD_FILES + 1);
	ck_assert_uint_eq(world_count(&world, "witness"), 1);
	ck_assert_int_eq(world_import(&world, &got), 0);
	world_landed(&world, &got);
	import_result_free(&got);
	/* Once. */
	ck_assert_int_eq(world_export(&world, NULL, &result), -EEXIST);
	ck_assert_uint_eq(result.outcome.reason, OUTCOME_ALREADY_THERE);
	ck_assert_uint_eq(world_count(&world, "objects"), WORLD_FILES + 1);
}
END_TEST

static void see_note(void *context, const char *note, size_t length)
{
	ck_assert_uint_gt(length, 20);
	ck_assert(memcmp(note, "airgapd/T-00417/1\n", 18) == 0);
	++*(unsigned int *)context;
}

START_TEST(test_witness)
{
	struct export_result result;
	struct object_store store;
	unsigned int notes = 0;

	ck_assert_int_eq(world_export(&world, NULL, &result), 0);
	ck_assert_int_eq(object_store_open(&store, world.medium, world.filesystem, false, NULL), 0);
	ck_assert_int_eq(witness_each(&store, world.office, see_note, &notes), 0);
	ck_assert_uint_eq(notes, 1);
	ck_assert_int_eq(witness_each(&store, world.stranger, see_note, &notes), 0);
	ck_assert_uint_eq(notes, 1);
	object_store_close(&store);
}
END_TEST

START_TEST(test_not_signed)
{
	struct export_result result;

	world.sign_error = -EACCES;
	ck_assert_int_eq(world_export(&world, NULL, &result), -EACCES);
	ck_assert_uint_eq(result.outcome.reason, OUTCOME_NOT_SIGNED);
	world_empty(&world);
}
END_TEST

/* The staged copy is not what was approved. */
START_TEST(test_staged_changed)
{
	struct export_result result;

	world.slip.files[1].file.digest[3] ^= 1;
	ck_assert_int_lt(world_export(&world, NULL, &result), 0);
	ck_assert_uint_eq(result.outcome.reason, OUTCOME_STAGED_CHANGED);
	ck_assert_str_eq(result.outcome.about, world.slip.files[1].file.name);
	ck_assert_uint_eq(world.signs, 0);
	world_empty(&world);
}
END_TEST

START_TEST(test_no_recipient)
{
	struct export_result result;

	world.slip.recipients[1][10] ^= 2;
	ck_assert_int_eq(world_export(&world, NULL, &result), -EINVAL);
	ck_assert_uint_eq(result.outcome.reason, OUTCOME_RECIPIENT);
	world_empty(&world);
}
END_TEST

START_TEST(test_too_large)
{
	struct export_result result;

	world.slip.files[1].file.size = UINT64_C(4293918559) + 1000000;
	world.filesystem = MEDIUM_FILESYSTEM_VFAT;
	ck_assert_int_eq(world_export(&world, NULL, &result), -EFBIG);
	ck_assert_uint_eq(result.outcome.reason, OUTCOME_FAT_LIMIT);
	world.filesystem = MEDIUM_FILESYSTEM_EXFAT;
	world.slip.files[1].file.size = UINT64_C(1) << 60;
	ck_assert_int_eq(world_export(&world, NULL, &result), -ENOSPC);
	ck_assert_uint_eq(result.outcome.reason, OUTCOME_MEDIUM_FULL);
	ck_assert_uint_gt(result.outcome.wanted, UINT64_C(1) << 60);
	world_empty(&world);
}
END_TEST

static ssize_t lying_pwrite(int fd, const void *data, size_t length, off_t offset)
{
	uint8_t *other = malloc(length);
	ssize_t done;

	memcpy(other, data, length);
	if (length > 1000)
		other[length / 2] ^= 4;
	done = pwrite(fd, other, length, offset);
	free(other);
	return done;
}

/* A medium that stores something else than it was given. */
START_TEST(test_read_back)
{
	struct object_io io = object_io_system;
	struct export_result result;

	io.pwrite = lying_pwrite;
	ck_assert_int_eq(world_export(&world, &io, &result), -EIO);
	ck_assert_uint_eq(result.outcome.reason, OUTCOME_READ_BACK);
	world_empty(&world);
}
END_TEST

/*
 * One of the calls fails, or is the last: shared with the child that dies there. What was not synced
 * may be lost in a power cut, so files are followed: from their creation, over their rename, to their fsync.
 */
struct followed {
	int fd, folder;
	bool unsynced;
	char name[OBJECT_STORE_NAME_SIZE];
};

struct fault {
	unsigned int calls, at;
	int error; /* 0: the process ends there */
	bool cut;  /* and what is not synced is empty */
	unsigned int count;
	struct followed files[16];
};

static struct fault *fault;

static struct followed *followed(int fd)
{
	for (unsigned int i = fault->count; i > 0; i--)
		if (fault->files[i - 1].fd == fd)
			return &fault->files[i - 1];
	return NULL;
}

/* A file that has its name while its content is only in memory is empty after a cut, as on ext4. */
static void die(void)
{
	for (unsigned int i = 0; fault->cut && i < fault->count; i++)
		if (fault->files[i].unsynced)
			close(openat(fault->files[i].folder, fault->files[i].name,
				     O_WRONLY | O_TRUNC));
	_exit(42);
}

static bool turn(void)
{
	if (++fault->calls != fault->at)
		return false;
	if (fault->error == 0)
		die();
	errno = fault->error;
	return true;
}

static ssize_t fault_pwrite(int fd, const void *data, size_t length, off_t offset)
{
	if (fault->calls + 1 == fault->at && pwrite(fd, data, length / 2, offset) < 0)
		return -1;
	if (followed(fd))
		followed(fd)->unsynced = true;
	return turn() ? -1 : pwrite(fd, data, length, offset);
}

static int fault_fsync(int fd)
{
	if (turn())
		return -1;
	if (followed(fd))
		followed(fd)->unsynced = false;
	return fsync(fd);
}

static int fault_openat(int folder, const char *name, int flags, mode_t mode)
{
	struct followed *file;
	int fd = turn() ? -1 : openat(folder, name, flags, mode);

	if (fd >= 0 && fault->count < 16) {
		file = &fault->files[fault->count++];
		file->fd = fd;
		file->folder = folder;
		snprintf(file->name, sizeof(file->name), "%s", name);
	}
	return fd;
}

static int fault_mkdirat(int folder, const char *name, mode_t mode)
{
	return turn() ? -1 : mkdirat(folder, name, mode);
}

static int fault_renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	if (turn())
		return -1;
	for (unsigned int i = 0; i < fault->count; i++)
		if (strcmp(fault->files[i].name, from) == 0)
			snprintf(fault->files[i].name, sizeof(fault->files[i].name), "%s", to);
	return renameat(from_folder, from, to_folder, to);
}

static int fault_unlinkat(int folder, const char *name, int flags)
{
	return turn() ? -1 : unlinkat(folder, name, flags);
}

static const struct object_io fault_io = {
	.pwrite = fault_pwrite,
	.fsync = fault_fsync,
	.openat = fault_openat,
	.mkdirat = fault_mkdirat,
	.renameat = fault_renameat,
	.unlinkat = fault_unlinkat,
};

/* Next use: what was left is swept, and the batch is there whole, or not at all. */
static bool whole_or_none(void)
{
	uint8_t objects[WORLD_FILES][TRANSFER_ID_SIZE];
	struct object_store store;
	struct object_store_swept swept;
	struct import_result got;
	int there;

	for (uint32_t i = 0; i < WORLD_FILES; i++)
		memcpy(objects[i], world.slip.files[i].object, TRANSFER_ID_SIZE);
	ck_assert_int_eq(object_store_open(&store, world.medium, world.filesystem, true, NULL), 0);
	ck_assert_int_eq(object_store_sweep(&store, world.slip.batch,
					    (const uint8_t(*)[TRANSFER_ID_SIZE])objects,
					    WORLD_FILES, &swept),
			 0);
	there = object_store_has(&store, OBJECT_SLIP, world.slip.batch);
	object_store_close(&store);
	ck_assert_int_ge(there, 0);
	if (!there) {
		world_empty(&world);
		return false;
	}
	ck_assert_uint_eq(world_count(&world, "objects"), WORLD_FILES + 1);
	ck_assert_int_eq(world_import(&world, &got), 0);
	world_landed(&world, &got);
	import_result_free(&got);
	return true;
}

static void wipe(void)
{
	struct object_store store;

	ck_assert_int_eq(object_store_open(&store, world.medium, world.filesystem, true, NULL), 0);
	for (uint32_t i = 0; i < WORLD_FILES; i++)
		object_store_remove(&store, OBJECT_FILE, world.slip.files[i].object);
	object_store_remove(&store, OBJECT_SLIP, world.slip.batch);
	object_store_close(&store);
}

static int child_export(void)
{
	struct export_result result;
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(world_export(&world, &fault_io, &result) == 0 ? 0 : 1);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Killed at every call; with a cut, what no fsync promised is gone. */
START_TEST(test_crash)
{
	unsigned int points = 0, whole = 0;
	int status = 42;

	fault = mmap(NULL, sizeof(*fault), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	for (unsigned int at = 1; status == 42; at++) {
		memset(fault, 0, sizeof(*fault));
		fault->at = at;
		fault->cut = _i;
		status = child_export();
		points += status == 42;
		whole += whole_or_none();
		wipe();
	}
	ck_assert_int_eq(status, 0);
	ck_assert_uint_gt(points, 25);
	/* The one after the slip's rename, at least, and the undisturbed one. */
	ck_assert_uint_ge(whole, 2);
	ck_assert_uint_lt(whole, points);
	printf("# %u points, %u of them with a whole batch\n", points, whole - 1);
	munmap(fault, sizeof(*fault));
}
END_TEST

static const int errors[] = { EIO, ENOSPC, EROFS, ENODEV };
static const uint32_t error_reasons[] = { OUTCOME_MEDIUM_FAILED, OUTCOME_MEDIUM_FULL,
					  OUTCOME_MEDIUM_READ_ONLY, OUTCOME_MEDIUM_GONE };

/* A call fails: said with its reason, and undone. */
START_TEST(test_errors)
{
	struct export_result result;
	struct fault local;
	unsigned int points = 0;
	int r = -1;

	fault = &local;
	for (unsigned int at = 1; r < 0 || fault->calls >= at; at++) {
		memset(fault, 0, sizeof(*fault));
		fault->at = at;
		fault->error = errors[_i];
		r = world_export(&world, &fault_io, &result);
		if (fault->calls < at)
			break;
		points++;
		if (r == 0) {
			/* Only the witness came to harm. */
			ck_assert(result.committed);
			ck_assert_int_eq(result.witness_error, -errors[_i]);
		} else {
			ck_assert(!result.committed);
			ck_assert_uint_eq(result.outcome.reason, error_reasons[_i]);
			ck_assert_uint_eq(world_count(&world, "objects"), 0);
		}
		wipe();
	}
	ck_assert_uint_gt(points, 25);
}
END_TEST

/* From some call on everything fails, as when the medium is pulled out. */
static bool gone(void)
{
	if (++fault->calls < fault->at)
		return false;
	errno = ENODEV;
	return true;
}

static ssize_t gone_pwrite(int fd, const void *data, size_t length, off_t offset)
{
	return gone() ? -1 : pwrite(fd, data, length, offset);
}

static int gone_fsync(int fd)
{
	return gone() ? -1 : fsync(fd);
}

static int gone_openat(int folder, const char *name, int flags, mode_t mode)
{
	return gone() ? -1 : openat(folder, name, flags, mode);
}

static int gone_renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	return gone() ? -1 : renameat(from_folder, from, to_folder, to);
}

static int gone_unlinkat(int folder, const char *name, int flags)
{
	return gone() ? -1 : unlinkat(folder, name, flags);
}

START_TEST(test_pulled)
{
	const struct object_io io = {
		.pwrite = gone_pwrite,
		.fsync = gone_fsync,
		.openat = gone_openat,
		.mkdirat = mkdirat,
		.renameat = gone_renameat,
		.unlinkat = gone_unlinkat,
	};
	struct export_result result;
	struct fault local;
	unsigned int points = 0, unsure = 0;
	bool there;
	int r;

	fault = &local;
	for (unsigned int at = 1;; at++) {
		memset(fault, 0, sizeof(*fault));
		fault->at = at;
		r = world_export(&world, &io, &result);
		if (fault->calls < at)
			break;
		points++;
		there = whole_or_none();
		if (r < 0) {
			ck_assert_uint_eq(result.outcome.reason, OUTCOME_MEDIUM_GONE);
			ck_assert(!there || result.unsure);
			unsure += result.unsure;
		} else {
			ck_assert(there);
		}
		wipe();
	}
	ck_assert_uint_gt(points, 20);
	ck_assert_uint_ge(unsure, 1);
	/* From the rename of the slip on: the file's entry, the folder, and taking both back. */
	ck_assert_uint_le(unsure, 4);
}
END_TEST

START_TEST(test_cancel)
{
	atomic_bool cancel = true;
	struct export_result result;

	world.work.cancel = &cancel;
	ck_assert_int_eq(world_export(&world, NULL, &result), -ECANCELED);
	ck_assert_uint_eq(result.outcome.reason, OUTCOME_CANCELLED);
	world_empty(&world);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("export");
	TCase *tcase = tcase_create("export");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_both_ways);
	tcase_add_test(tcase, test_witness);
	tcase_add_test(tcase, test_not_signed);
	tcase_add_test(tcase, test_staged_changed);
	tcase_add_test(tcase, test_no_recipient);
	tcase_add_test(tcase, test_too_large);
	tcase_add_test(tcase, test_read_back);
	tcase_add_loop_test(tcase, test_crash, 0, 2);
	tcase_add_loop_test(tcase, test_errors, 0, 4);
	tcase_add_test(tcase, test_pulled);
	tcase_add_test(tcase, test_cancel);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
