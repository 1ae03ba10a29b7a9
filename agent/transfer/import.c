// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/import.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/lib/age/age_result.h"
#include "agent/transfer/object.h"
#include "agent/transfer/staging_copy.h"

/* One import on its way. */
struct run {
	const struct import_job *job;
	const struct slip *slip;
	struct import_result *result;
	uint64_t total; /* bytes of all contents */
};

static const struct work *work_of(const struct import_job *job)
{
	return job->source ? job->source->work : NULL;
}

static int fail(struct run *run, uint32_t reason, int error, const char *about, const char *detail)
{
	return outcome_set(&run->result->outcome, reason, error, about, detail);
}

static int begin(const struct import_job *job, size_t count, struct import_result *result)
{
	memset(result, 0, sizeof(*result));
	result->level = -1;
	result->files = calloc(count ? count : 1, sizeof(*result->files));
	if (!result->files)
		return outcome_set(&result->outcome, OUTCOME_SYSTEM, -ENOMEM, NULL, NULL);
	/* Before a byte is decrypted that could not be scanned afterwards. */
	return job->scan ? scan_probe(job->scan, result->scanner, &result->outcome) : 0;
}

static int open_reason(struct run *run, int error, const char *name)
{
	switch (error) {
	case AGE_NO_MATCH:
		return fail(run, OUTCOME_OBJECT_OTHERS, error, name, NULL);
	case AGE_BAD_HEADER:
	case AGE_BAD_MAC:
	case AGE_BAD_PAYLOAD:
		return fail(run, OUTCOME_OBJECT_DAMAGED, error, name, age_result_text(error));
	case -ENOMEM:
		return fail(run, OUTCOME_SYSTEM, error, name, NULL);
	case -ENOSPC:
		return fail(run, OUTCOME_NO_ROOM, error, name, NULL);
	case -ESTALE:
		return fail(run, OUTCOME_OBJECT_SIZE, error, name, NULL);
	default:
		return fail(run, outcome_of_medium(error), error, name, NULL);
	}
}

/*
 * Where decryption fails, the bytes tell more than the failure: an object that is not the one named by
 * the slip was changed, whatever age says of it.
 */
static int explain(struct run *run, int in, const struct slip_file *file, int error)
{
	uint8_t digest[TRANSFER_DIGEST];
	uint64_t size;

	if ((error == AGE_NO_MATCH || error == AGE_BAD_HEADER || error == AGE_BAD_MAC ||
	     error == AGE_BAD_PAYLOAD) &&
	    object_digest(in, 0, NULL, &size, digest) == 0 &&
	    memcmp(digest, file->sealed, sizeof(digest)) != 0)
		return fail(run, OUTCOME_OBJECT_CHANGED, error, file->file.name, NULL);
	return open_reason(run, error, file->file.name);
}

static int decrypt(struct run *run, int in, int out, uint32_t number, uint64_t before)
{
	const struct slip_file *file = &run->slip->files[number];
	struct object_watch watch = {
		.work = work_of(run->job),
		.progress = {
			.phase = WORK_OPENING,
			.file = number,
			.files = run->slip->file_count,
			.done = before,
			.total = run->total,
		},
	};
	struct object_digests digests;
	int r = object_open(in, out, run->job->source->ring, &watch, &digests);

	if (r < 0)
		return explain(run, in, file, r);
	if (memcmp(digests.sealed, file->sealed, TRANSFER_DIGEST) != 0)
		return fail(run, OUTCOME_OBJECT_CHANGED, -EBADMSG, file->file.name, NULL);
	if (digests.size != file->file.size ||
	    memcmp(digests.plain, file->file.digest, TRANSFER_DIGEST) != 0)
		return fail(run, OUTCOME_CONTENT_CHANGED, -EBADMSG, file->file.name, NULL);
	return 0;
}

static int open_object(struct run *run, uint32_t number)
{
	const struct slip_file *file = &run->slip->files[number];
	int fd = object_store_get(run->job->source->store, OBJECT_FILE, file->object);
	struct stat st;

	if (fd == -ENOENT || fd == -ELOOP)
		return fail(run, OUTCOME_OBJECT_MISSING, fd, file->file.name, NULL);
	if (fd < 0)
		return fail(run, outcome_of_medium(fd), fd, file->file.name, NULL);
	if (fstat(fd, &st) == 0 && (uint64_t)st.st_size == file->sealed_size)
		return fd;
	close(fd);
	return fail(run, OUTCOME_OBJECT_SIZE, -EBADMSG, file->file.name, NULL);
}

/* What is now known to be what its sender signed is looked into for the first time. */
static int inspect(struct run *run, int out, uint32_t number)
{
	struct import_result *result = run->result;
	const struct slip_file *file = &run->slip->files[number];
	struct staged_file *staged = &result->files[number];
	int r = staging_look(run->job->filetype, out, staged, &result->outcome);

	if (r < 0)
		return r;
	if (staged->marks.rank > result->level)
		result->level = staged->marks.rank;
	if (run->job->filetype && strcmp(staged->file.type, file->file.type) != 0)
		return fail(run, OUTCOME_OTHER_TYPE, -EPERM, file->file.name, staged->file.type);
	if (staged->marks.rank > marks_rank(run->job->source->levels, run->slip->level))
		return fail(run, OUTCOME_MARKED_HIGHER, -EPERM, file->file.name,
			    staged->marks.text);
	return run->job->scan ? scan_file(run->job->scan, out, file->file.name, &result->outcome)
			      : 0;
}

/* A copy that decrypted well is kept, even if something is found in it: quarantine wants it. */
static int import_file(struct run *run, uint32_t number, uint64_t before)
{
	struct import_result *result = run->result;
	const struct slip_file *file = &run->slip->files[number];
	struct staged_file *staged = &result->files[number];
	int in = open_object(run, number), out, r, found = 0;

	if (in < 0)
		return in;
	out = staging_begin(run->job->staging);
	r = out < 0 ? fail(run, OUTCOME_SYSTEM, out, file->file.name, NULL) : 0;
	if (r == 0)
		r = decrypt(run, in, out, number, before);
	close(in);
	if (r == 0) {
		staged->file = file->file;
		staged->marks.rank = -1;
		found = inspect(run, out, number);
		r = staging_end(run->job->staging, out, number);
		if (r < 0)
			fail(run, OUTCOME_SYSTEM, r, file->file.name, NULL);
	}
	if (out >= 0)
		close(out);
	if (r < 0) {
		staging_drop(run->job->staging);
		return r;
	}
	result->file_count = number + 1;
	return found;
}

int import_run(const struct import_job *job, struct import_result *result)
{
	struct run run = { .job = job, .slip = job->slip, .result = result };
	uint64_t before = 0;
	int r = begin(job, job->slip->file_count, result);

	for (uint32_t i = 0; i < job->slip->file_count; i++)
		run.total += job->slip->files[i].file.size;
	if (r == 0)
		r = staging_room(job->staging, run.total, job->keep_free, NULL, &result->outcome);
	for (uint32_t i = 0; r == 0 && i < job->slip->file_count; i++) {
		r = import_file(&run, i, before);
		before += job->slip->files[i].file.size;
		if (r < 0)
			result->failed = i;
	}
	return r;
}

/* Scanned from the staged copy: the medium could show the scanner something else. */
static int import_stranger(const struct import_job *job, uint32_t number, int fd, const char *name,
			   struct import_result *result)
{
	struct staging_settings settings = {
		.filetype = job->filetype,
		.keep_free = job->keep_free,
		.work = work_of(job),
	};
	struct staged_file *staged = &result->files[number];
	int copy, r;

	r = staging_add(job->staging, number, fd, name, &settings, staged, &result->outcome);
	if (r < 0)
		return r;
	result->file_count = number + 1;
	if (staged->marks.rank > result->level)
		result->level = staged->marks.rank;
	if (!job->scan)
		return 0;
	copy = staging_file(job->staging, number);
	if (copy < 0)
		return outcome_set(&result->outcome, OUTCOME_SYSTEM, copy, name, NULL);
	r = scan_file(job->scan, copy, name, &result->outcome);
	close(copy);
	return r;
}

int import_foreign(const struct import_job *job, const int *files, const char *const *names,
		   size_t count, struct import_result *result)
{
	int r = begin(job, count, result);

	for (size_t i = 0; r == 0 && i < count; i++) {
		r = import_stranger(job, (uint32_t)i, files[i], names[i], result);
		if (r < 0)
			result->failed = (uint32_t)i;
	}
	return r;
}

int import_open(int root, const char *path, struct outcome *outcome)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_NO_XDEV,
	};
	const char *flaw = transfer_name_flaw(path);
	int fd;

	if (flaw)
		return outcome_set(outcome, OUTCOME_NAME, -EINVAL, path, flaw);
	fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	if (fd >= 0) {
		(void)outcome_set(outcome, OUTCOME_DONE, 0, NULL, NULL);
		return fd;
	}
	if (errno == ELOOP || errno == EXDEV)
		return outcome_set(outcome, OUTCOME_LINK, -errno, path, NULL);
	if (errno == ENOENT || errno == ENOTDIR)
		return outcome_set(outcome, OUTCOME_NO_FILE, -errno, path, NULL);
	return outcome_set(outcome, OUTCOME_UNREADABLE, -errno, path, NULL);
}

void import_result_free(struct import_result *result)
{
	free(result->files);
	result->files = NULL;
	result->file_count = 0;
}

int import_deliver(int staging, int inbox, const char *name)
{
	/* Never over something that is there: two batches of one name are a mistake. */
	if (renameat2(staging, name, inbox, name, RENAME_NOREPLACE) < 0)
		return -errno;
	if (fsync(inbox) < 0 || fsync(staging) < 0)
		return -errno;
	return 0;
}
