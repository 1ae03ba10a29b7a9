// SPDX-License-Identifier: GPL-2.0-or-later
/* Copying a file that somebody else may be writing to. */
#include "agent/transfer/staging_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/transfer/object.h"

#define PIECE ((size_t)256 * 1024)

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* By ctime too, as mtime can be set back; access alone changes neither. */
static bool unchanged(int fd, const struct stat *before)
{
	struct stat now;

	return fstat(fd, &now) == 0 && now.st_size == before->st_size &&
	       same_time(&now.st_mtim, &before->st_mtim) &&
	       same_time(&now.st_ctim, &before->st_ctim);
}

struct copy {
	crypto_generichash_state state;
	struct stat before;
	const char *name;
	const struct staging_settings *settings;
	uint8_t *buffer;
	int in, out;
};

static int read_piece(const struct copy *copy, uint64_t at, size_t *length, struct outcome *outcome)
{
	ssize_t count;

	do
		count = pread(copy->in, copy->buffer, PIECE, (off_t)at);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		return outcome_set(outcome, OUTCOME_UNREADABLE, -errno, copy->name, NULL);
	*length = (size_t)count;
	return 0;
}

static int write_piece(const struct copy *copy, uint64_t at, size_t length, struct outcome *outcome)
{
	int r = object_io_write(&object_io_system, copy->out, copy->buffer, length, (off_t)at);

	if (r == 0)
		return 0;
	return outcome_set(outcome, r == -ENOSPC ? OUTCOME_NO_ROOM : OUTCOME_SYSTEM, r, copy->name,
			   NULL);
}

/* As many bytes as there were at the beginning; one more, or one less, is a change. */
static int copy_bytes(struct copy *copy, struct outcome *outcome)
{
	uint64_t at = 0, size = (uint64_t)copy->before.st_size;
	struct object_watch watch = {
		.work = copy->settings->work,
		.progress = { .phase = WORK_STAGING, .files = 1, .total = size },
	};
	size_t length = 1;
	int r = 0;

	while (r == 0 && length > 0) {
		if (work_cancelled(copy->settings->work))
			return outcome_set(outcome, OUTCOME_CANCELLED, -ECANCELED, NULL, NULL);
		r = read_piece(copy, at, &length, outcome);
		if (r == 0 && (length > size - at || (length == 0 && at < size)))
			return outcome_set(outcome, OUTCOME_CHANGED, -ESTALE, copy->name, NULL);
		if (r == 0)
			r = write_piece(copy, at, length, outcome);
		if (r == 0)
			crypto_generichash_update(&copy->state, copy->buffer, length);
		at += r == 0 ? length : 0;
		if (at / PIECE % 32 == 0 || length == 0)
			object_watch_tell(&watch, at);
	}
	return r;
}

static int copy_file(struct copy *copy, struct staged_file *staged, struct outcome *outcome)
{
	int r;

	copy->buffer = malloc(PIECE);
	if (!copy->buffer)
		return outcome_set(outcome, OUTCOME_SYSTEM, -ENOMEM, copy->name, NULL);
	crypto_generichash_init(&copy->state, NULL, 0, TRANSFER_DIGEST);
	(void)posix_fadvise(copy->in, 0, 0, POSIX_FADV_SEQUENTIAL);
	r = copy_bytes(copy, outcome);
	sodium_memzero(copy->buffer, PIECE);
	free(copy->buffer);
	if (r == 0 && !unchanged(copy->in, &copy->before))
		r = outcome_set(outcome, OUTCOME_CHANGED, -ESTALE, copy->name, NULL);
	if (r < 0)
		return r;
	crypto_generichash_final(&copy->state, staged->file.digest, TRANSFER_DIGEST);
	staged->file.size = (uint64_t)copy->before.st_size;
	return 0;
}

/* Whose descriptor it is, and what it may do with it, its sender has shown by handing it over. */
static int check(struct copy *copy, int folder, struct outcome *outcome)
{
	const struct staging_settings *settings = copy->settings;
	const char *flaw = transfer_name_flaw(copy->name);
	int flags = fcntl(copy->in, F_GETFL);
	uint64_t size;

	if (flaw)
		return outcome_set(outcome, OUTCOME_NAME, -EINVAL, copy->name, flaw);
	if (fstat(copy->in, &copy->before) < 0)
		return outcome_set(outcome, OUTCOME_SYSTEM, -errno, copy->name, NULL);
	if (S_ISLNK(copy->before.st_mode))
		return outcome_set(outcome, OUTCOME_LINK, -ELOOP, copy->name, NULL);
	if (!S_ISREG(copy->before.st_mode))
		return outcome_set(outcome, OUTCOME_NO_FILE, -EINVAL, copy->name, NULL);
	if (flags < 0 || flags & O_PATH || (flags & O_ACCMODE) == O_WRONLY)
		return outcome_set(outcome, OUTCOME_UNREADABLE, -EBADF, copy->name, NULL);
	size = (uint64_t)copy->before.st_size;
	if (settings->size_max > 0 && size > settings->size_max) {
		(void)outcome_set(outcome, OUTCOME_TOO_LARGE, -EFBIG, copy->name, NULL);
		outcome->wanted = size;
		outcome->have = settings->size_max;
		return -EFBIG;
	}
	return staging_room(folder, size, settings->keep_free, copy->name, outcome);
}

int staging_add(int folder, uint32_t number, int fd, const char *name,
		const struct staging_settings *settings, struct staged_file *staged,
		struct outcome *outcome)
{
	struct copy copy = { .in = fd, .out = -1, .name = name, .settings = settings };
	int r = check(&copy, folder, outcome);

	memset(staged, 0, sizeof(*staged));
	staged->marks.rank = -1;
	if (r < 0)
		return r;
	strncpy(staged->file.name, name, sizeof(staged->file.name) - 1);
	copy.out = staging_begin(folder);
	if (copy.out < 0)
		return outcome_set(outcome, OUTCOME_SYSTEM, copy.out, name, NULL);
	r = copy_file(&copy, staged, outcome);
	if (r == 0)
		r = staging_look(settings->filetype, copy.out, staged, outcome);
	if (r == 0) {
		r = staging_end(folder, copy.out, number);
		r = r < 0 ? outcome_set(outcome, OUTCOME_SYSTEM, r, name, NULL) : 0;
	}
	close(copy.out);
	if (r == 0)
		return 0;
	staging_drop(folder);
	memset(staged, 0, sizeof(*staged));
	staged->marks.rank = -1;
	return r;
}
