// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/journal/epoch.h"
#include "agent/journal/prune.h"
#include "agent/journal/room.h"
#include "agent/lib/file.h"
#include "agent/lib/path.h"

const char *recover_damage_text(uint64_t damage)
{
	static const char *const texts[RECOVER_DAMAGE_COUNT] = {
		[RECOVER_SOUND] = "nothing is wrong",
		[RECOVER_DAMAGE_KEY] = "the log's key is missing or unreadable",
		[RECOVER_DAMAGE_MISSING] = "the log is gone",
		[RECOVER_DAMAGE_SHORT] = "the log lacks entries at its end",
		[RECOVER_DAMAGE_FORM] = "a line of the log is not an entry",
		[RECOVER_DAMAGE_ORDER] = "an entry is missing, out of order or of another epoch",
		[RECOVER_DAMAGE_MAC] = "an entry was altered: its mac does not fit",
	};

	return damage < RECOVER_DAMAGE_COUNT ? texts[damage] : "unknown damage";
}

static int damage_of(enum journal_fault fault)
{
	static const enum recover_damage of[JOURNAL_FAULT_COUNT] = {
		[JOURNAL_SOUND] = RECOVER_SOUND,
		[JOURNAL_FAULT_TAIL] = RECOVER_DAMAGE_FORM,
		[JOURNAL_FAULT_FORM] = RECOVER_DAMAGE_FORM,
		[JOURNAL_FAULT_ORDER] = RECOVER_DAMAGE_ORDER,
		[JOURNAL_FAULT_MAC] = RECOVER_DAMAGE_MAC,
	};

	return (int)of[fault];
}

/* Cut the log; once this returns 0, not even a power cut brings the rest back. */
static int cut(struct spool *spool, off_t end)
{
	if (spool->io->ftruncate(spool->fd, end) < 0 || spool->io->fsync(spool->fd) < 0)
		return -errno;
	return 0;
}

/*
 * The last line before @end: its head, and that its leaf is @leaf (NULL: any). Uses the spool's
 * buffer, which holds no group while the log is being opened. Returns a recover_damage or -errno.
 */
static int check_last(struct spool *spool, off_t end, const uint8_t *leaf,
		      struct journal_head *head)
{
	off_t start = end > JOURNAL_LINE_MAX ? end - JOURNAL_LINE_MAX : 0;
	uint8_t found[JOURNAL_LEAF_SIZE];
	char *line = spool->buffer, *before;
	size_t length;
	ssize_t n;

	n = pread(spool->fd, line, (size_t)(end - start), start);
	if (n < 0)
		return -errno;
	if (n == 0 || n != end - start)
		return RECOVER_DAMAGE_SHORT;
	length = (size_t)n - 1;
	if (line[length] != '\n')
		return line[length] == JOURNAL_FILL || line[length] == 0 ? RECOVER_DAMAGE_SHORT
									 : RECOVER_DAMAGE_FORM;
	before = memrchr(line, '\n', length);
	if (before) {
		length -= (size_t)(before + 1 - line);
		line = before + 1;
	}
	if (journal_head_parse(line, length, head) < 0)
		return RECOVER_DAMAGE_FORM;
	journal_leaf(found, line, length);
	if (leaf && memcmp(found, leaf, sizeof(found)) != 0)
		return RECOVER_DAMAGE_MAC;
	return RECOVER_SOUND;
}

/* Every line up to what the ratchet's file covers, from K_0. */
static int check_whole(struct spool *spool, struct journal_chain *chain)
{
	const struct ratchet_state *state = &spool->ratchet.state;
	enum journal_fault fault;
	int r;

	r = journal_chain_walk(chain, spool->fd, (off_t)state->offset, &fault);
	if (r < 0)
		return r;
	if (fault != JOURNAL_SOUND)
		return damage_of(fault);
	if (chain->offset != (off_t)state->offset || chain->seq != state->seq)
		return RECOVER_DAMAGE_ORDER;
	if (memcmp(&chain->tree, &state->tree, sizeof(state->tree)) != 0)
		return RECOVER_DAMAGE_MAC;
	return sodium_memcmp(chain->key, state->key, sizeof(state->key)) ? RECOVER_DAMAGE_MAC
									 : RECOVER_SOUND;
}

/* What the ratchet's file covers was durable when it was stored: nothing of it may have changed. */
static int check_covered(struct spool *spool, off_t size)
{
	const struct ratchet_state *state = &spool->ratchet.state;
	struct journal_chain chain;
	struct journal_head head = { 0 };
	char path[PATH_MAX];
	int r;

	if (size < (off_t)state->offset)
		return RECOVER_DAMAGE_SHORT;
	if (state->seq == 0)
		return RECOVER_SOUND;
	r = check_last(spool, (off_t)state->offset, state->leaf, &head);
	if (r != RECOVER_SOUND || state->offset > RECOVER_WHOLE_MAX || state->first > 0)
		return r;
	r = path_join(path, spool->folder, "/" JOURNAL_FILE_INITIAL_KEY);
	if (r < 0)
		return r;
	/* Without it, or with another epoch's, the last line must do. */
	if (journal_initial_key_read(path, &chain) == 0 && chain.epoch == state->epoch)
		r = check_whole(spool, &chain);
	sodium_memzero(&chain, sizeof(chain));
	return r;
}

static int save_torn(struct spool *spool, const struct journal_chain *chain,
		     struct recover_report *report)
{
	size_t length =
		report->torn_bytes < RECOVER_TORN_MAX ? report->torn_bytes : RECOVER_TORN_MAX;
	char name[sizeof(report->saved_as)];
	ssize_t n;

	_Static_assert(RECOVER_TORN_MAX <= SPOOL_BUFFER_SIZE, "read into the spool's buffer");
	n = pread(spool->fd, spool->buffer, length, chain->offset);
	if (n < 0)
		return -errno;
	snprintf(name, sizeof(name), "torn-%" PRIu64 "-%" PRIu64, chain->epoch, chain->seq);
	/* Without room to save them they are cut off all the same: nobody was told they were kept. */
	if (file_replace(spool->folder, name, 0600, spool->buffer, (size_t)n) == 0)
		strcpy(report->saved_as, name);
	return 0;
}

static int cut_torn(struct spool *spool, const struct journal_chain *chain,
		    struct recover_report *report)
{
	off_t end = journal_text_end(spool->fd, chain->offset);
	int r;

	if (end < 0)
		return (int)end;
	report->torn_bytes = (uint64_t)(end - chain->offset);
	r = save_torn(spool, chain, report);
	return r == 0 ? cut(spool, chain->offset) : r;
}

/*
 * Lines beyond what the ratchet's file covers: written, perhaps acknowledged, before the key was
 * stored. The first that is no entry is where a write was torn; one that is an entry, but not ours,
 * no crash can have made.
 */
static int follow_tail(struct spool *spool, struct recover_report *report)
{
	struct ratchet_state *state = &spool->ratchet.state;
	struct journal_chain chain = { .epoch = state->epoch,
				       .seq = state->seq,
				       .offset = (off_t)state->offset,
				       .tree = state->tree };
	enum journal_fault fault;
	int r;

	memcpy(chain.key, state->key, sizeof(chain.key));
	memcpy(chain.leaf, state->leaf, sizeof(chain.leaf));
	r = journal_chain_walk(&chain, spool->fd, 0, &fault);
	if (r == 0 && (fault == JOURNAL_FAULT_ORDER || fault == JOURNAL_FAULT_MAC))
		r = damage_of(fault);
	if (r == 0 && fault != JOURNAL_SOUND)
		r = cut_torn(spool, &chain, report);
	if (r == 0) {
		state->seq = chain.seq;
		state->offset = (uint64_t)chain.offset;
		memcpy(state->key, chain.key, sizeof(state->key));
		memcpy(state->leaf, chain.leaf, sizeof(state->leaf));
		state->tree = chain.tree;
	}
	sodium_memzero(&chain, sizeof(chain));
	return r;
}

/*
 * @known: what this process had committed before the spool failed, or NULL. Beyond it stand only
 * entries that the core was told are lost, and of which the disk may hold any part: they go first.
 */
static int check_log(struct spool *spool, const struct ratchet_state *known,
		     struct recover_report *report)
{
	const struct ratchet_state *state = &spool->ratchet.state;
	struct stat st;
	int r;

	if (fstat(spool->fd, &st) < 0)
		return -errno;
	if (known && (state->epoch != known->epoch || state->seq > known->seq))
		return RECOVER_DAMAGE_ORDER;
	if (known && (uint64_t)st.st_size > known->offset) {
		r = cut(spool, (off_t)known->offset);
		if (r < 0)
			return r;
		st.st_size = (off_t)known->offset;
	}
	/* What follows must come from the disk, not from memory that the disk never took. */
	posix_fadvise(spool->fd, 0, 0, POSIX_FADV_DONTNEED);
	r = check_covered(spool, st.st_size);
	if (r == RECOVER_SOUND)
		r = follow_tail(spool, report);
	if (r == RECOVER_SOUND && known && state->seq < known->seq)
		r = RECOVER_DAMAGE_SHORT;
	/* A cut file ends with the last entry; another is blank from there on. */
	if (r == RECOVER_SOUND)
		r = fstat(spool->fd, &st) < 0 ? -errno : RECOVER_SOUND;
	if (r == RECOVER_SOUND)
		room_forget(spool, st.st_size);
	return r;
}

/* Returns a recover_damage, or -errno. */
static int open_files(struct spool *spool, struct ratchet_state *known,
		      struct recover_report *report)
{
	int r;

	r = ratchet_open(&spool->ratchet, spool->folder_fd);
	if (r == -ENOENT)
		return !known && epoch_is_first(spool) ? epoch_first(spool) : RECOVER_DAMAGE_KEY;
	if (r == -EBADMSG || r == -ELOOP)
		return RECOVER_DAMAGE_KEY;
	if (r < 0)
		return r;
	/* An epoch is begun by its ratchet file; the rest may have been cut short by a crash. */
	if (spool->ratchet.state.seq == 0) {
		r = epoch_complete(spool);
		if (r < 0)
			return r;
	}
	spool->fd = openat(spool->folder_fd, JOURNAL_FILE_LOG, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (spool->fd < 0)
		return errno == ENOENT || errno == ELOOP ? RECOVER_DAMAGE_MISSING : -errno;
	r = prune_settle(spool, known);
	if (r < 0)
		return r;
	return check_log(spool, known, report);
}

static int read_last(struct spool *spool, struct recover_report *report)
{
	const struct ratchet_state *state = &spool->ratchet.state;
	struct journal_head head = { 0 };
	int r;

	report->damage = state->cause;
	report->has_last = state->seq > 0;
	if (!report->has_last)
		return 0;
	r = check_last(spool, (off_t)state->offset, state->leaf, &head);
	if (r != RECOVER_SOUND)
		return r < 0 ? r : -EIO;
	report->last_kind = head.kind;
	memcpy(report->last_boot_id, head.boot_id, sizeof(report->last_boot_id));
	return 0;
}

/*
 * Nothing of the former keys is kept once the state stands. Losses of a process that never had the
 * log open come on top of those that its file tells of.
 */
static int settle(struct spool *spool, const struct ratchet_state *known, uint64_t unopened_losses)
{
	struct ratchet_state *state = &spool->ratchet.state;
	int r;

	if (known && known->lost > state->lost)
		state->lost = known->lost;
	state->lost += unopened_losses;
	r = ratchet_store(&spool->ratchet, spool->io);
	if (r == 0)
		r = ratchet_wipe(&spool->ratchet, spool->io);
	return r;
}

/* What was acknowledged and what was lost must be known when it is tried again. */
static void give_up(struct spool *spool, const struct ratchet_state *known,
		    uint64_t unopened_losses)
{
	if (known && spool->opened)
		spool->ratchet.state = *known;
	else
		spool->ratchet.state = (struct ratchet_state){ .lost = unopened_losses };
	spool_close(spool);
}

int recover_open(struct spool *spool, struct recover_report *report)
{
	struct ratchet_state known = spool->ratchet.state;
	struct ratchet_state *before = spool->opened ? &known : NULL;
	uint64_t unopened_losses = spool->opened ? 0 : known.lost;
	int r;

	*report = (struct recover_report){ 0 };
	spool_close(spool);
	room_forget(spool, 0);
	r = open_files(spool, before, report);
	if (r > 0) {
		*report = (struct recover_report){ 0 };
		r = epoch_next(spool, before, (enum recover_damage)r);
	}
	if (r == 0)
		r = read_last(spool, report);
	if (r == 0)
		r = settle(spool, before, unopened_losses);
	if (r == 0)
		r = resent_load(&spool->resent, spool->fd, (off_t)spool->ratchet.state.offset,
				spool->boot_id);
	spool->error = r;
	if (r < 0) {
		give_up(spool, before, unopened_losses);
	} else {
		spool->opened = true;
		spool_restart(spool);
	}
	sodium_memzero(&known, sizeof(known));
	return r;
}
