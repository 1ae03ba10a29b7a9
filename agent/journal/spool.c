// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "agent/journal/room.h"
#include "agent/lib/daemon.h"

int spool_init(struct spool *spool, const struct journal_io *io, const char *folder,
	       const char *boot_id)
{
	*spool = (struct spool){ .io = io, .folder_fd = -1, .fd = -1, .ratchet.fd = -1 };
	if (strlen(folder) >= sizeof(spool->folder) || strlen(boot_id) >= sizeof(spool->boot_id))
		return -ENAMETOOLONG;
	strcpy(spool->folder, folder);
	strcpy(spool->boot_id, boot_id);
	spool->buffer = malloc(SPOOL_BUFFER_SIZE);
	if (!spool->buffer)
		return -ENOMEM;
	spool->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return spool->folder_fd < 0 ? -errno : 0;
}

void spool_close(struct spool *spool)
{
	ratchet_close(&spool->ratchet);
	if (spool->fd >= 0)
		close(spool->fd);
	spool->fd = -1;
}

void spool_done(struct spool *spool)
{
	spool_close(spool);
	if (spool->folder_fd >= 0)
		close(spool->folder_fd);
	spool->folder_fd = -1;
	free(spool->buffer);
	spool->buffer = NULL;
	sodium_memzero(&spool->ratchet.state, sizeof(spool->ratchet.state));
	sodium_memzero(spool->next_key, sizeof(spool->next_key));
}

void spool_restart(struct spool *spool)
{
	const struct ratchet_state *state = &spool->ratchet.state;

	spool->pending = 0;
	spool->used = 0;
	spool->next_told = state->told;
	spool->next_receipted = state->receipted;
	memcpy(spool->next_key, state->key, sizeof(spool->next_key));
}

void spool_settle(struct spool *spool)
{
	struct ratchet_state *state = &spool->ratchet.state;
	const char *line = spool->buffer, *end = line + spool->unhashed;
	struct tlog_hash leaf;

	resent_add(&spool->resent, line, spool->unhashed, state->tree.size);
	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		journal_leaf(state->leaf, line, (size_t)(newline - line));
		memcpy(leaf.bytes, state->leaf, sizeof(leaf));
		tlog_tree_append(&state->tree, &leaf);
		line = newline + 1;
	}
	spool->unhashed = 0;
}

int spool_fail(struct spool *spool, int error)
{
	spool_settle(spool);
	spool->error = error;
	spool_restart(spool);
	spool_close(spool);
	return error;
}

uint64_t spool_seq(const struct spool *spool)
{
	return spool->ratchet.state.seq + spool->pending;
}

uint64_t spool_free_bytes(const struct spool *spool)
{
	struct statvfs fs;

	if (fstatvfs(spool->folder_fd, &fs) < 0)
		return 0;
	return (uint64_t)fs.f_bavail * fs.f_frsize;
}

static int take_room(struct spool *spool, size_t length, bool reserve)
{
	int r = room_make(spool, length, reserve);

	return r < 0 && r != -ENOSPC && !spool->error ? spool_fail(spool, r) : r;
}

int spool_room(struct spool *spool)
{
	return take_room(spool, JOURNAL_LINE_MAX, false);
}

int spool_ahead(struct spool *spool)
{
	int r = room_ahead(spool);

	return r < 0 ? spool_fail(spool, r) : r;
}

static int format(struct spool *spool, char line[static JOURNAL_LINE_MAX], enum msg_type type,
		  const void *body)
{
	char salt[2 * JOURNAL_SALT_SIZE + 1];
	uint8_t random[JOURNAL_SALT_SIZE];
	struct entry_stamp stamp = {
		.seq = spool_seq(spool),
		.epoch = spool->ratchet.state.epoch,
		.lost = spool->ratchet.state.lost,
		.next_by_s = spool->next_by_s,
		.boottime_us = clock_boottime_us(),
		.boot_id = spool->boot_id,
	};

	if (spool->withheld) {
		randombytes_buf(random, sizeof(random));
		stamp.salt = sodium_bin2hex(salt, sizeof(salt), random, sizeof(random));
	}
	clock_gettime(CLOCK_REALTIME, &stamp.time);
	return entry_format(line, &stamp, type, body, spool->next_key);
}

int spool_append(struct spool *spool, enum msg_type type, const void *body)
{
	const struct record *record = body;
	char *line = spool->buffer + spool->used;
	int length, r;

	if (spool->error)
		return spool->error;
	spool_settle(spool);
	if (SPOOL_BUFFER_SIZE - spool->used < JOURNAL_LINE_MAX || spool->pending >= SPOOL_GROUP_MAX)
		return -ENOBUFS;
	length = format(spool, line, type, body);
	if (length < 0)
		return length;
	if (spool->suspect > 0) {
		spool->suspect--;
		if (resent_find(&spool->resent, line, (size_t)length, spool->suspect_below,
				&spool->known))
			return -EEXIST;
	}
	r = take_room(spool, (size_t)length, entry_may_use_reserve(record->kind));
	if (r < 0)
		return r;
	journal_evolve(spool->next_key);
	spool->used += (size_t)length;
	spool->pending++;
	return 0;
}

void spool_suspect(struct spool *spool)
{
	spool->suspect = RESENT_MAX;
	spool->suspect_below = spool_seq(spool);
}

void spool_tell_losses(struct spool *spool)
{
	spool->next_told = spool->ratchet.state.lost;
}

/* The disk took a part: give it back, so that the file ends with a whole entry again. */
static int undo(struct spool *spool)
{
	if (spool->io->ftruncate(spool->fd, (off_t)spool->ratchet.state.offset) < 0 ||
	    spool->io->fdatasync(spool->fd) < 0)
		return spool_fail(spool, -errno);
	/* Cutting also gave back the room beyond the end. */
	room_forget(spool, (off_t)spool->ratchet.state.offset);
	spool_restart(spool);
	return -ENOSPC;
}

int spool_commit(struct spool *spool)
{
	struct ratchet_state *state = &spool->ratchet.state;
	int r;

	if (spool->error)
		return spool->error;
	if (spool->pending == 0)
		return 0;
	r = journal_io_write(spool->io, spool->fd, spool->buffer, spool->used,
			     (off_t)state->offset);
	if (r == -ENOSPC || r == -EDQUOT)
		return undo(spool);
	if (r == 0 && spool->io->fdatasync(spool->fd) < 0)
		r = -errno;
	if (r < 0)
		return spool_fail(spool, r);
	state->seq += spool->pending;
	state->offset += spool->used;
	if (spool->filled < (off_t)state->offset)
		spool->filled = (off_t)state->offset;
	state->told = spool->next_told;
	state->receipted = spool->next_receipted;
	state->cause = 0;
	memcpy(state->key, spool->next_key, sizeof(state->key));
	spool->unhashed = spool->used;
	spool_restart(spool);
	return 0;
}

int spool_seal(struct spool *spool)
{
	int r;

	if (spool->error)
		return spool->error;
	spool_settle(spool);
	r = ratchet_store(&spool->ratchet, spool->io);
	return r < 0 ? spool_fail(spool, r) : 0;
}

int spool_wipe(struct spool *spool)
{
	int r;

	if (spool->error)
		return spool->error;
	r = ratchet_wipe(&spool->ratchet, spool->io);
	return r < 0 ? spool_fail(spool, r) : 0;
}
