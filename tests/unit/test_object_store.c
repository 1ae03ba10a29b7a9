// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/export_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct object_store store;
static int root;

static void setup(void)
{
	static unsigned int number;
	char folder[512];

	snprintf(folder, sizeof(folder), "%s/store-%u-%d", unit_tmpdir(), number++, getpid());
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	root = open(folder, O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(object_store_open(&store, root, MEDIUM_FILESYSTEM_EXT4, true, NULL), 0);
}

static void teardown(void)
{
	object_store_close(&store);
	close(root);
}

static const uint8_t id[TRANSFER_ID_SIZE] = { 0x01, 0xab, 0, 0, 0, 0, 0, 0,
					      0,    0,	  0, 0, 0, 0, 0, 0xff };
#define DIGITS "01ab00000000000000000000000000ff"

static const struct {
	const char *name;
	enum object_kind kind;
	bool temporary, ours;
} names[] = {
	{ DIGITS ".age", OBJECT_FILE, false, true },
	{ DIGITS ".slip.age", OBJECT_SLIP, false, true },
	{ DIGITS ".age.tmp", OBJECT_FILE, true, true },
	{ DIGITS ".slip.age.tmp", OBJECT_SLIP, true, true },
	{ DIGITS, OBJECT_FILE, false, false },
	{ DIGITS ".tmp", OBJECT_FILE, false, false },
	{ DIGITS ".AGE", OBJECT_FILE, false, false },
	{ DIGITS ".age.tmp.tmp", OBJECT_FILE, false, false },
	{ "01AB00000000000000000000000000FF.age", OBJECT_FILE, false, false },
	{ "01ab0000000000000000000000000f.age", OBJECT_FILE, false, false },
	{ DIGITS "0.age", OBJECT_FILE, false, false },
	{ "", OBJECT_FILE, false, false },
	{ ".", OBJECT_FILE, false, false },
	{ "System Volume Information", OBJECT_FILE, false, false },
};

START_TEST(test_names)
{
	uint8_t found[TRANSFER_ID_SIZE] = { 0 };
	char name[OBJECT_STORE_NAME_SIZE];
	enum object_kind kind;
	bool temporary;
	bool ours = object_store_parse(names[_i].name, &kind, found, &temporary);

	ck_assert(ours == names[_i].ours);
	if (!ours)
		return;
	ck_assert_mem_eq(found, id, sizeof(id));
	ck_assert_uint_eq(kind, names[_i].kind);
	ck_assert(temporary == names[_i].temporary);
	object_store_name(kind, id, name);
	ck_assert(strncmp(name, names[_i].name, strlen(name)) == 0);
}
END_TEST

static void put_file(const char *name)
{
	int fd = openat(store.objects, name, O_WRONLY | O_CREAT, 0600);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static bool there(const char *name)
{
	return faccessat(store.objects, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Temporary names go; orphans of a batch that has no slip; and nothing else. */
START_TEST(test_sweep)
{
	struct object_store_swept swept;
	const uint8_t batch[TRANSFER_ID_SIZE] = { 9 };
	const uint8_t objects[2][TRANSFER_ID_SIZE] = { { 1 }, { 2 } };
	char name[OBJECT_STORE_NAME_SIZE];

	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "%032x.age.tmp", i);
		put_file(name);
	}
	put_file("notes.tmp");
	put_file(DIGITS ".age");
	object_store_name(OBJECT_FILE, objects[1], name);
	put_file(name);
	ck_assert_int_eq(object_store_sweep(&store, NULL, NULL, 0, &swept), 0);
	ck_assert_uint_eq(swept.temporaries, 300);
	ck_assert_uint_eq(swept.orphans, 0);
	ck_assert(there(name));
	ck_assert_int_eq(object_store_sweep(&store, batch, objects, 2, &swept), 0);
	ck_assert_uint_eq(swept.orphans, 1);
	ck_assert(!there(name));
	put_file(name);
	put_file("09000000000000000000000000000000.slip.age");
	ck_assert_int_eq(object_store_sweep(&store, batch, objects, 2, &swept), 0);
	ck_assert_uint_eq(swept.orphans, 0);
	ck_assert(there(name));
	ck_assert(there("notes.tmp") && there(DIGITS ".age"));
}
END_TEST

START_TEST(test_list)
{
	uint8_t(*ids)[TRANSFER_ID_SIZE];
	size_t count;

	put_file("ff000000000000000000000000000000.slip.age");
	put_file(DIGITS ".slip.age");
	put_file(DIGITS ".age");
	put_file("aa000000000000000000000000000000.slip.age.tmp");
	ck_assert_int_eq(object_store_list(&store, OBJECT_SLIP, &ids, &count), 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_mem_eq(ids[0], id, sizeof(id));
	ck_assert_uint_eq(ids[1][0], 0xff);
	free(ids);
	ck_assert_int_eq(object_store_list(&store, OBJECT_FILE, &ids, &count), 0);
	ck_assert_uint_eq(count, 1);
	free(ids);
}
END_TEST

/* A link, a pipe or a folder under a name of ours is no object. */
START_TEST(test_not_files)
{
	int fd;

	ck_assert_int_eq(symlinkat("/etc/passwd", store.objects, DIGITS ".age"), 0);
	ck_assert_int_eq(object_store_has(&store, OBJECT_FILE, id), 0);
	ck_assert_int_eq(object_store_get(&store, OBJECT_FILE, id), -ELOOP);
	ck_assert_int_eq(unlinkat(store.objects, DIGITS ".age", 0), 0);
	ck_assert_int_eq(mkfifoat(store.objects, DIGITS ".age", 0600), 0);
	ck_assert_int_eq(object_store_get(&store, OBJECT_FILE, id), -ENOENT);
	/* A link in the way of a new object is replaced, not followed. */
	ck_assert_int_eq(symlinkat("/tmp/engine-nowhere", store.objects, DIGITS ".age.tmp"), 0);
	fd = object_store_put(&store, OBJECT_FILE, id);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_ne(access("/tmp/engine-nowhere", F_OK), 0);
	close(fd);
	ck_assert_int_eq(object_store_remove(&store, OBJECT_FILE, id), 0);
	ck_assert_int_eq(object_store_get(&store, OBJECT_FILE, id), -ENOENT);
	ck_assert_int_eq(object_store_remove(&store, OBJECT_FILE, id), 0);
}
END_TEST

START_TEST(test_folders)
{
	struct object_store other;
	int empty;

	ck_assert_int_eq(mkdirat(root, "other", 0700), 0);
	empty = openat(root, "other", O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(object_store_open(&other, empty, MEDIUM_FILESYSTEM_VFAT, false, NULL), 0);
	ck_assert_int_eq(object_store_get(&other, OBJECT_SLIP, id), -ENOENT);
	ck_assert_int_eq(object_store_has(&other, OBJECT_SLIP, id), 0);
	object_store_close(&other);
	ck_assert_int_eq(symlinkat("/tmp", empty, "objects"), 0);
	ck_assert_int_lt(object_store_open(&other, empty, MEDIUM_FILESYSTEM_VFAT, true, NULL), 0);
	close(empty);
}
END_TEST

START_TEST(test_fits)
{
	const uint64_t small[] = { 1000, 2000 }, large[] = { 1000, UINT64_C(0x100000000) };
	const uint64_t huge[] = { UINT64_MAX - 5, UINT64_MAX - 5 };
	const char *const of[] = { "a", "b" };
	struct outcome outcome;

	ck_assert_int_eq(object_store_fits(&store, small, of, 2, &outcome), 0);
	ck_assert_int_eq(object_store_fits(&store, huge, of, 2, &outcome), -ENOSPC);
	ck_assert_uint_eq(outcome.reason, OUTCOME_MEDIUM_FULL);
	store.filesystem = MEDIUM_FILESYSTEM_VFAT;
	ck_assert_int_eq(object_store_fits(&store, large, of, 2, &outcome), -EFBIG);
	ck_assert_uint_eq(outcome.reason, OUTCOME_FAT_LIMIT);
	ck_assert_str_eq(outcome.about, "b");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("object_store");
	TCase *tcase = tcase_create("object_store");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_names, 0, (int)(sizeof(names) / sizeof(names[0])));
	tcase_add_test(tcase, test_sweep);
	tcase_add_test(tcase, test_list);
	tcase_add_test(tcase, test_not_files);
	tcase_add_test(tcase, test_folders);
	tcase_add_test(tcase, test_fits);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
