// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/prune.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/journal/note.h"
#include "agent/journal/recorder.h"
#include "agent/journal/room.h"
#include "agent/lib/file.h"
#include "agent/lib/journal_tree.h"
#include "agent/lib/log.h"

/* At a time: whoever comes meanwhile waits no longer. */
#define COPY_CHUNK ((size_t)128 << 10)
#define LIMITS_MAX 4096

static bool take_limit(const char *text, const char *name, uint64_t most, uint64_t *value)
{
	const char *at = strstr(text, name);
	char *end;
	uint64_t number;

	if (!at || (at != text && at[-1] != '\n'))
		return false;
	errno = 0;
	number = strtoull(at + strlen(name), &end, 10);
	if (errno || (*end != '\n' && *end != 0) || number == 0 || number > most)
		return false;
	*value = number;
	return true;
}

static void read_limits(struct prune *prune)
{
	uint64_t days = PRUNE_KEEP_DAYS, bytes = PRUNE_SPOOL_BYTES;
	struct spool *spool = prune->publish->spool;
	char path[PATH_MAX];
	uint8_t *text = NULL;
	size_t length;

	if (snprintf(path, sizeof(path), "%s/" PRUNE_FILE_LIMITS, spool->folder) <
		    (int)sizeof(path) &&
	    file_read(path, LIMITS_MAX, &text, &length) == 0 &&
	    (!take_limit((char *)text, "keep-days ", 36500, &days) ||
	     !take_limit((char *)text, "spool-bytes ", INT64_MAX / 2, &bytes)))
		log_warning("%s: 'keep-days N' or 'spool-bytes N' is missing or wrong; the usual "
			    "value stands in",
			    path);
	free(text);
	prune->keep_s = days * 86400;
	spool->limit = prune->limit = (off_t)bytes;
}

void prune_limit(struct prune *prune, uint64_t bytes)
{
	prune->publish->spool->limit =
		bytes && bytes <= INT64_MAX / 2 ? (off_t)bytes : prune->limit;
}

void prune_init(struct prune *prune, struct recorder *recorder, struct publish *publish)
{
	*prune = (struct prune){
		.recorder = recorder, .publish = publish, .least = PRUNE_LEAST_BYTES, .copy = -1
	};
	read_limits(prune);
}

static void drop_copy(struct prune *prune)
{
	if (prune->copy >= 0)
		close(prune->copy);
	prune->copy = -1;
	prune->copied = 0;
}

void prune_done(struct prune *prune)
{
	drop_copy(prune);
}

void prune_receipt(struct prune *prune, uint64_t time)
{
	if (time > prune->time)
		prune->time = time;
	prune->scanning = true;
}

/* Another log, or another beginning of it, than what is remembered here. */
static void follow(struct prune *prune)
{
	const struct ratchet_state *state = &prune->publish->spool->ratchet.state;

	if (prune->begun && prune->epoch == state->epoch && prune->first == state->first)
		return;
	drop_copy(prune);
	prune->begun = true;
	prune->epoch = state->epoch;
	prune->first = prune->cut_seq = state->first;
	prune->old = 0;
	prune->ahead = prune->cut = 0;
	prune->scanning = true;
}

/* No group is pending: the spool's buffer is free. */
static struct journal_reader reader_at(const struct prune *prune, off_t offset)
{
	const struct spool *spool = prune->publish->spool;

	return (struct journal_reader){ .fd = spool->fd,
					.offset = offset,
					.buffer = spool->buffer };
}

static bool number_after(const char *line, size_t length, const char *name, uint64_t *value)
{
	const char *at = memmem(line, length, name, strlen(name));

	/* A number in a line that ends with its mac: strtoull() stops at what follows. */
	*value = at ? strtoull(at + strlen(name), NULL, 10) : 0;
	return at != NULL;
}

/* Our own entry, in the form that note_anchor() gives it. */
static bool anchor_of(const char *line, size_t length, uint64_t *size, uint64_t *time)
{
	struct journal_head head;

	return journal_head_parse(line, length, &head) == 0 &&
	       head.kind == RECORD_KIND_RECEIPT_ANCHOR &&
	       number_after(head.event, head.event_length, "\"count\":", size) &&
	       number_after(head.event, head.event_length, NOTE_ANCHOR_TIME, time);
}

/* Look through some lines for anchors; the first that is too young ends it until the next receipt. */
static int scan(struct prune *prune)
{
	struct journal_reader reader = reader_at(prune, prune->ahead);
	const char *line;
	size_t length;
	uint64_t size, time;
	int r = 1;

	for (unsigned int i = 0; i < TLOG_TILE_WIDTH && r > 0; i++) {
		off_t start = reader.offset;

		r = journal_reader_next(&reader, &line, &length);
		if (r <= 0 || !anchor_of(line, length, &size, &time))
			continue;
		if (time + prune->keep_s > prune->time) {
			prune->ahead = start;
			prune->scanning = false;
			return 0;
		}
		if (size > prune->old)
			prune->old = size;
	}
	prune->ahead = reader.offset;
	prune->scanning = r > 0;
	return r < 0 ? r : 0;
}

/* One tile's lines: what is left of them must be right before they go. */
static int check_tile(struct prune *prune)
{
	struct journal_reader reader = reader_at(prune, prune->cut);
	struct tlog_hash hashes[TLOG_TILE_WIDTH];
	const char *line;
	size_t length;
	int r = 1;

	for (uint32_t i = 0; i < TLOG_TILE_WIDTH && r > 0; i++) {
		r = journal_reader_next(&reader, &line, &length);
		if (r > 0)
			tlog_hash_leaf(&hashes[i], line, length);
	}
	r = r > 0    ? publish_tile(prune->publish, prune->cut_seq / TLOG_TILE_WIDTH, hashes)
	    : r == 0 ? -EIO
		     : r;
	if (r < 0)
		return r;
	prune->cut_seq += TLOG_TILE_WIDTH;
	prune->cut = reader.offset;
	return 0;
}

static bool root_is_right(struct prune *prune)
{
	const struct ratchet_state *state = &prune->publish->spool->ratchet.state;
	struct tlog_hash found, root;

	tlog_tree_root(&state->tree, &root);
	return publish_root(prune->publish, state->seq, &found) == 0 &&
	       tlog_hash_same(&found, &root);
}

static int begin_copy(struct prune *prune)
{
	const struct spool *spool = prune->publish->spool;
	struct msg_record_note note;
	int r;

	if (!root_is_right(prune))
		return -EBADMSG;
	note_prune(&note, prune->first, prune->cut_seq, (uint64_t)prune->cut);
	r = recorder_own(prune->recorder, &note);
	if (r < 0)
		return r;
	prune->copy = openat(spool->folder_fd, PRUNE_FILE_COPY,
			     O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (prune->copy < 0 || fchmod(prune->copy, 0640) < 0)
		return -errno;
	return 0;
}

/* The moment: from here on the copy is the log. */
static int change_over(struct prune *prune)
{
	struct spool *spool = prune->publish->spool;
	struct ratchet_state *state = &spool->ratchet.state;
	int r = spool->io->fdatasync(prune->copy) < 0 ? -errno : 0;

	if (r < 0)
		return r;
	state->prune_first = prune->cut_seq;
	state->prune_bytes = (uint64_t)prune->cut;
	r = ratchet_store(&spool->ratchet, spool->io);
	if (r == 0 &&
	    renameat(spool->folder_fd, PRUNE_FILE_COPY, spool->folder_fd, JOURNAL_FILE_LOG) < 0)
		r = -errno;
	if (r == 0 && spool->io->fsync(spool->folder_fd) < 0)
		r = -errno;
	if (r < 0)
		return r;
	close(spool->fd);
	spool->fd = prune->copy;
	prune->copy = -1;
	publish_pruned(prune->publish, prune->cut, prune->first, prune->cut_seq);
	prune->ahead -= prune->ahead > prune->cut ? prune->cut : prune->ahead;
	state->first = prune->first = prune->cut_seq;
	state->offset -= (uint64_t)prune->cut;
	state->prune_first = state->prune_bytes = 0;
	prune->cut = prune->copied = 0;
	room_forget(spool, (off_t)state->offset);
	return ratchet_store(&spool->ratchet, spool->io);
}

static int copy_some(struct prune *prune)
{
	struct spool *spool = prune->publish->spool;
	off_t from = prune->cut + prune->copied, end = (off_t)spool->ratchet.state.offset;
	size_t length = end - from < (off_t)COPY_CHUNK ? (size_t)(end - from) : COPY_CHUNK;
	ssize_t n = length ? pread(spool->fd, spool->buffer, length, from) : 0;
	int r;

	if (n < 0 || (size_t)n != length)
		return n < 0 ? -errno : -EIO;
	r = journal_io_write(spool->io, prune->copy, spool->buffer, length, prune->copied);
	if (r < 0)
		return r;
	prune->copied += (off_t)length;
	if (from + (off_t)length < end)
		return 0;
	/* What goes wrong from here on is the next opening's to see. */
	r = change_over(prune);
	return r < 0 ? spool_fail(spool, r) : 0;
}

int prune_step(struct prune *prune)
{
	struct spool *spool = prune->publish->spool;
	uint64_t target;
	int r;

	_Static_assert(COPY_CHUNK <= SPOOL_BUFFER_SIZE, "copied through the spool's buffer");
	if (spool->error || spool->pending || !prune->time || !prune->publish->begun)
		return 0;
	/* Then the buffer is free. */
	spool_settle(spool);
	follow(prune);
	target = prune->old < prune->publish->tiled ? prune->old : prune->publish->tiled;
	target = digests_keep(prune->publish, target);
	target -= target % TLOG_TILE_WIDTH;
	if (prune->copy >= 0)
		r = copy_some(prune);
	else if (prune->scanning)
		r = scan(prune);
	else if (prune->cut_seq < target)
		r = check_tile(prune);
	else if (prune->cut >= prune->least && prune->cut > 0)
		r = begin_copy(prune);
	else
		return 0;
	if (r == 0)
		return 1;
	log_warning("%s: old entries cannot be pruned: %s; they stay", spool->folder, strerror(-r));
	drop_copy(prune);
	prune->scanning = false;
	/* Not again before a receipt says that the office is there. */
	prune->time = 0;
	return 0;
}

/* Whether the file was replaced before the machine stopped shows in its first line. */
static int settle(const struct spool *spool, struct ratchet_state *state)
{
	uint64_t first = 0;
	int r;

	if (!state->prune_first)
		return 0;
	r = journal_tree_first(spool->fd, &first);
	if (r < 0 && r != -EBADMSG)
		return r;
	if (first == state->prune_first) {
		state->first = first;
		state->offset -= state->prune_bytes;
	}
	state->prune_first = state->prune_bytes = 0;
	return 0;
}

int prune_settle(struct spool *spool, struct ratchet_state *known)
{
	int r = settle(spool, &spool->ratchet.state);

	if (r == 0 && known)
		r = settle(spool, known);
	if (r < 0)
		return r;
	/* A copy that was not finished is of no use to anybody. */
	if (unlinkat(spool->folder_fd, PRUNE_FILE_COPY, 0) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}
