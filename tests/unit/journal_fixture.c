// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/journal_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"

struct fault fault;

const char *const fault_mode_names[FAULT_MODES] = {
	[FAULT_NONE] = "none",	 [FAULT_EIO] = "EIO",	  [FAULT_ENOSPC] = "ENOSPC",
	[FAULT_SHORT] = "short", [FAULT_EINTR] = "EINTR", [FAULT_CRASH] = "crash",
};

enum call { CALL_PWRITE, CALL_SYNC, CALL_FTRUNCATE, CALL_FALLOCATE };

/* Only a write can be short; of these calls, only two know EINTR. */
static bool possible(enum call call, enum fault_mode mode)
{
	if (mode == FAULT_SHORT)
		return call == CALL_PWRITE;
	if (mode == FAULT_EINTR)
		return call == CALL_PWRITE || call == CALL_FALLOCATE;
	return mode != FAULT_NONE;
}

/* How this call is to fail. */
static enum fault_mode turn(enum call call)
{
	if (fault.dead)
		return FAULT_CRASH;
	if (++fault.calls != fault.at || !possible(call, fault.mode))
		return FAULT_NONE;
	fault.hits++;
	fault.dead = fault.mode == FAULT_CRASH;
	return fault.mode;
}

static int refuse(enum fault_mode mode)
{
	errno = mode == FAULT_ENOSPC ? ENOSPC : mode == FAULT_EINTR ? EINTR : EIO;
	return -1;
}

static ssize_t fault_pwrite(int fd, const void *data, size_t length, off_t offset)
{
	bool was_dead = fault.dead;
	enum fault_mode mode = turn(CALL_PWRITE);

	if (fault.limit && offset + (off_t)length > fault.limit &&
	    offset + (off_t)length > fault.allocated)
		return refuse(FAULT_ENOSPC);
	if (mode == FAULT_NONE)
		return pwrite(fd, data, length, offset);
	if (mode == FAULT_SHORT)
		return pwrite(fd, data, 1, offset);
	if (!was_dead && mode != FAULT_EINTR && pwrite(fd, data, length / 2, offset) < 0)
		return -1;
	return refuse(mode);
}

static int fault_fdatasync(int fd)
{
	enum fault_mode mode = turn(CALL_SYNC);

	fault.syncs++;
	if (fault.failing) {
		errno = fault.failing;
		return -1;
	}
	if (mode == FAULT_NONE)
		return fdatasync(fd);
	return refuse(mode);
}

static int fault_fsync(int fd)
{
	enum fault_mode mode = turn(CALL_SYNC);

	if (mode == FAULT_NONE)
		return fsync(fd);
	return refuse(mode);
}

static int fault_ftruncate(int fd, off_t length)
{
	enum fault_mode mode = turn(CALL_FTRUNCATE);

	if (mode == FAULT_NONE)
		return ftruncate(fd, length);
	return refuse(mode);
}

static int fault_fallocate(int fd, int how, off_t offset, off_t length)
{
	enum fault_mode mode = turn(CALL_FALLOCATE);

	if (fault.limit && offset + length > fault.limit && offset + length > fault.allocated)
		return refuse(FAULT_ENOSPC);
	if (mode != FAULT_NONE)
		return refuse(mode);
	if (offset + length > fault.allocated)
		fault.allocated = offset + length;
	return fallocate(fd, how, offset, length);
}

const struct journal_io fault_io = {
	.pwrite = fault_pwrite,
	.fdatasync = fault_fdatasync,
	.fsync = fault_fsync,
	.ftruncate = fault_ftruncate,
	.fallocate = fault_fallocate,
};

void fixture_open(struct spool *spool, const struct journal_io *io, const char *folder,
		  struct recover_report *report)
{
	struct recover_report unused;

	ck_assert_int_eq(spool_init(spool, io, folder, FIXTURE_BOOT_ID), 0);
	ck_assert_int_eq(recover_open(spool, report ? report : &unused), 0);
}

struct msg_record_note fixture_note(enum record_kind kind, const char *name)
{
	struct msg_record_note note = { .record.kind = kind };

	snprintf(note.event, sizeof(note.event), "%s", name);
	return note;
}

int fixture_write(struct spool *spool, enum record_kind kind, const char *name)
{
	struct msg_record_note note = fixture_note(kind, name);
	int r;

	r = spool_append(spool, MSG_RECORD_NOTE, &note);
	if (r == 0)
		r = spool_commit(spool);
	if (r == 0)
		r = spool_seal(spool);
	if (r == 0)
		r = spool_wipe(spool);
	return r;
}

static const char *path_of(const char *folder, const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

uint8_t *fixture_read(const char *folder, const char *name, size_t *length)
{
	uint8_t *data = NULL;
	int r = file_read(path_of(folder, name), 64 << 20, &data, length);

	ck_assert_msg(r == 0, "%s: %s", name, strerror(-r));
	while (strcmp(name, JOURNAL_FILE_LOG) == 0 && *length > 0 &&
	       data[*length - 1] == JOURNAL_FILL)
		data[--*length] = 0;
	return data;
}

void fixture_put(const char *folder, const char *name, const void *data, size_t length)
{
	FILE *file = fopen(path_of(folder, name), "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(data, 1, length, file), length);
	ck_assert_int_eq(fclose(file), 0);
}

bool fixture_exists(const char *folder, const char *name)
{
	return access(path_of(folder, name), F_OK) == 0;
}

uint64_t fixture_check(const char *folder)
{
	struct journal_chain chain;
	enum journal_fault found;
	int fd;

	ck_assert_int_eq(
		journal_initial_key_read(path_of(folder, JOURNAL_FILE_INITIAL_KEY), &chain), 0);
	fd = open(path_of(folder, JOURNAL_FILE_LOG), O_RDONLY);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(journal_chain_walk(&chain, fd, 0, &found), 0);
	ck_assert_msg(found == JOURNAL_SOUND, "entry %llu: %s", (unsigned long long)chain.seq,
		      journal_fault_text(found));
	close(fd);
	return chain.seq;
}

int64_t fixture_find(const char *folder, const char *name)
{
	char wanted[96];
	uint8_t *log;
	size_t length;
	int64_t seq = 0, found = -1;

	snprintf(wanted, sizeof(wanted), "\"name\":\"%s\"", name);
	log = fixture_read(folder, JOURNAL_FILE_LOG, &length);
	for (char *line = (char *)log, *end; (end = strchr(line, '\n')); line = end + 1, seq++) {
		*end = 0;
		if (strstr(line, wanted))
			found = found == -1 ? seq : -2;
	}
	free(log);
	return found;
}
