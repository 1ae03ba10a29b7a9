// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char tmpdirs[64][64];
static int tmpdir_count;
static pid_t tmpdir_owner;

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_tmpdirs(void)
{
	if (getpid() != tmpdir_owner)
		return;
	while (tmpdir_count > 0)
		nftw(tmpdirs[--tmpdir_count], remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *unit_tmpdir(void)
{
	char *path = tmpdirs[tmpdir_count];

	ck_assert_int_lt(tmpdir_count, (int)(sizeof(tmpdirs) / sizeof(tmpdirs[0])));
	if (tmpdir_owner != getpid()) {
		tmpdir_owner = getpid();
		atexit(remove_tmpdirs);
	}
	snprintf(path, sizeof(tmpdirs[0]), "/tmp/airgap-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(path));
	tmpdir_count++;
	return path;
}

int unit_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
