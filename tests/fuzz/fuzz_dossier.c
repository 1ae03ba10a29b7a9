// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An event's folder as anybody may hand it in: sections, as bundles have them, become its files. What is
 * signed in the seeds stays signed until a mutation meets it, so that all that is not is reached behind it.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/section.h"
#include "agent/office/dossier.h"

#define FILES_MAX 32

static char folder[] = "/dev/shm/airgap-fuzz-XXXXXX";
static int at = -1;
static char names[FILES_MAX][24];
static size_t count;

static void leave(void)
{
	unlinkat(at, "history", AT_REMOVEDIR);
	rmdir(folder);
}

static void enter(void)
{
	MUST(mkdtemp(folder));
	at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	MUST(at >= 0 && mkdirat(at, "history", 0700) == 0);
	atexit(leave);
}

/* A file of the folder or of its history, nowhere else. */
static bool may_write(const char *name)
{
	const char *file = strncmp(name, "history/", 8) == 0 ? name + 8 : name;

	return *file && *file != '.' && strcmp(name, "history") != 0 && !strchr(file, '/');
}

static void write_file(const struct section *section)
{
	int fd;

	if (count == FILES_MAX || !may_write(section->name))
		return;
	fd = openat(at, section->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	MUST(write(fd, section->data, section->length) == (ssize_t)section->length);
	close(fd);
	strcpy(names[count++], section->name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dossier_result result;
	struct section section;
	size_t place = 0;
	int r;

	if (at < 0)
		enter();
	while (section_next(data, size, &place, &section) == 1)
		write_file(&section);
	r = dossier_check(folder, NULL, &result);
	MUST(r <= 0);
	MUST(ENDED(result.reason) && fuzz_shown(result.reason) && ENDED(result.office));
	if (r == -EBADMSG)
		MUST(result.reason[0]);
	/* What holds was proved: at least one entry, by a key that is shown. */
	if (r == 0)
		MUST(result.entries > 0 && result.office[0]);
	while (count > 0)
		unlinkat(at, names[--count], 0);
	return 0;
}
