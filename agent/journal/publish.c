// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/journal_tree.h"
#include "agent/lib/log.h"

#define NEW_SUFFIX ".new"

void publish_init(struct publish *publish, struct spool *spool, struct identity *identity)
{
	struct stat st;

	*publish = (struct publish){ .spool = spool, .identity = identity };
	/* Before the log is opened: its first entry is salted already. */
	spool->withheld = fstatat(spool->folder_fd, JOURNAL_FILE_WITHHELD, &st, 0) == 0;
}

void publish_done(struct publish *publish)
{
	digests_done(&publish->digests);
}

void publish_changed(struct publish *publish)
{
	publish->begun = false;
}

/* Whole or not at all for whoever reads; a power cut may leave it empty, and it is written again. */
static int put(const struct publish *publish, const char *name, bool sync, const void *data,
	       size_t length)
{
	const struct journal_io *io = publish->spool->io;
	int folder = publish->spool->folder_fd;
	char temporary[TLOG_TILE_PATH_SIZE + sizeof(NEW_SUFFIX)];
	int fd, r;

	snprintf(temporary, sizeof(temporary), "%s" NEW_SUFFIX, name);
	fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	r = fchmod(fd, 0640) < 0 ? -errno : journal_io_write(io, fd, data, length, 0);
	if (r == 0 && sync && io->fdatasync(fd) < 0)
		r = -errno;
	close(fd);
	if (r == 0 && renameat(folder, temporary, folder, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(folder, temporary, 0);
	return r;
}

/* The folders above a tile. */
static int make_folders(const struct publish *publish, const char *path)
{
	char folder[TLOG_TILE_PATH_SIZE];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		memcpy(folder, path, (size_t)(slash - path));
		folder[slash - path] = 0;
		if (mkdirat(publish->spool->folder_fd, folder, 0750) < 0 && errno != EEXIST)
			return -errno;
		/* The umask keeps the group out, which reads the log, too. */
		if (fchmodat(publish->spool->folder_fd, folder, 02750, 0) < 0)
			return -errno;
	}
	return 0;
}

int publish_put(const struct publish *publish, const char *path, bool sync, const void *data,
		size_t length)
{
	int r = make_folders(publish, path);

	return r == 0 ? put(publish, path, sync, data, length) : r;
}

int publish_withhold(struct publish *publish, bool withhold)
{
	struct spool *spool = publish->spool;
	int r = 0;

	if (spool->withheld == withhold)
		return 0;
	if (withhold)
		r = put(publish, JOURNAL_FILE_WITHHELD, true, "", 0);
	else if (unlinkat(spool->folder_fd, JOURNAL_FILE_WITHHELD, 0) < 0 && errno != ENOENT)
		r = -errno;
	if (r == 0 && spool->io->fsync(spool->folder_fd) < 0)
		r = -errno;
	if (r < 0)
		return r;
	spool->withheld = withhold;
	publish_changed(publish);
	return 0;
}

void publish_pruned(struct publish *publish, off_t cut, uint64_t from, uint64_t to)
{
	publish->tiled_offset -= cut;
	digests_pruned(publish, cut, from, to);
}

static bool tile_is_there(const struct publish *publish, const char *path,
			  const struct tlog_hash hashes[static TLOG_TILE_WIDTH])
{
	struct tlog_hash found[TLOG_TILE_WIDTH] = { 0 };
	ssize_t n = -1;
	int fd = openat(publish->spool->folder_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0) {
		n = read(fd, found, sizeof(found));
		close(fd);
	}
	return n == (ssize_t)sizeof(found) && memcmp(found, hashes, sizeof(found)) == 0;
}

static int put_tile(const struct publish *publish, const struct tlog_tile *tile,
		    const struct tlog_hash hashes[static TLOG_TILE_WIDTH])
{
	char path[TLOG_TILE_PATH_SIZE];

	if (tlog_tile_path(tile, path) < 0)
		return -EINVAL;
	if (tile_is_there(publish, path, hashes))
		return 0;
	/* When entries are pruned, nothing else is left of them. */
	return publish_put(publish, path, true, hashes, TLOG_TILE_SIZE);
}

/* Tiles above a level-0 tile that has become the last of a full one. */
static int put_tiles_above(const struct publish *publish, uint64_t size)
{
	struct tlog_hash hashes[TLOG_TILE_WIDTH];
	struct tlog_tile tile = { .width = TLOG_TILE_WIDTH };
	struct journal_tree tree;
	int r = 0;

	for (tile.level = 1; r == 0; tile.level++) {
		tile.index = size >> 8 * (tile.level + 1);
		if (size & ((UINT64_C(1) << 8 * (tile.level + 1)) - 1))
			break;
		tile.index--;
		r = journal_tree_open(&tree, publish->spool->folder, size);
		if (r == 0)
			r = tree.tiles.read(&tree, &tile, hashes);
		journal_tree_close(&tree);
		if (r == 0)
			r = put_tile(publish, &tile, hashes);
	}
	return r;
}

static int next_tile(struct publish *publish)
{
	struct tlog_tile tile = { .width = TLOG_TILE_WIDTH,
				  .index = publish->tiled / TLOG_TILE_WIDTH };
	struct tlog_hash hashes[TLOG_TILE_WIDTH];
	/* No group is pending: its buffer is free. */
	struct journal_reader reader = { .fd = publish->spool->fd,
					 .offset = publish->tiled_offset,
					 .buffer = publish->spool->buffer };
	const char *line;
	size_t length;
	int r = 0;

	_Static_assert(JOURNAL_READER_SIZE <= SPOOL_BUFFER_SIZE, "read into the spool's buffer");
	for (uint32_t i = 0; i < TLOG_TILE_WIDTH; i++) {
		r = journal_reader_next(&reader, &line, &length);
		if (r <= 0)
			break;
		tlog_hash_leaf(&hashes[i], line, length);
	}
	/* What was committed can be read, or the disk has failed. */
	r = r > 0 ? put_tile(publish, &tile, hashes) : r == 0 ? -EIO : r;
	if (r == 0)
		r = put_tiles_above(publish, publish->tiled + TLOG_TILE_WIDTH);
	if (r == 0) {
		publish->tiled += TLOG_TILE_WIDTH;
		publish->tiled_offset = reader.offset;
	}
	return r;
}

static int put_checkpoint(struct publish *publish)
{
	const struct identity *identity = publish->identity;
	const struct tlog_tree *tree = &publish->spool->ratchet.state.tree;
	char note[TLOG_CHECKPOINT_SIZE + TLOG_SIGNATURE_LINE_SIZE];
	struct tlog_checkpoint checkpoint = { .size = tree->size };
	size_t text, length;
	int r;

	strcpy(checkpoint.origin, identity->key.name);
	tlog_tree_root(tree, &checkpoint.root);
	text = length = tlog_checkpoint_format(&checkpoint, note);
	note[length++] = '\n';
	length += tlog_note_sign(note + length, &identity->key, identity->secret, 0, note, text);
	r = put(publish, JOURNAL_FILE_CHECKPOINT, false, note, length);
	if (r == 0)
		publish->signed_size = tree->size;
	return r;
}

static int begin(struct publish *publish)
{
	const struct ratchet_state *state = &publish->spool->ratchet.state;
	char text[TLOG_KEY_TEXT_SIZE + 1];
	int r = 0;

	publish->epoch = state->epoch;
	publish->tiled = state->first;
	publish->tiled_offset = 0;
	publish->signed_size = UINT64_MAX;
	digests_begin(publish);
	identity_begin(publish->identity, state->epoch);
	if (publish->identity->key.type) {
		tlog_key_format(&publish->identity->key, text);
		strcat(text, "\n");
		r = put(publish, JOURNAL_FILE_KEY, true, text, strlen(text));
	}
	publish->begun = r == 0;
	return r;
}

int publish_tile(const struct publish *publish, uint64_t index,
		 const struct tlog_hash hashes[static TLOG_TILE_WIDTH])
{
	const struct tlog_tile tile = { .width = TLOG_TILE_WIDTH, .index = index };

	return put_tile(publish, &tile, hashes);
}

static int root_of(const struct publish *publish, uint64_t size, bool distrust,
		   struct tlog_hash *root)
{
	struct tlog_source source;
	struct journal_tree tree;
	int r;

	if (!publish->begun || publish->epoch != publish->spool->ratchet.state.epoch)
		return -EAGAIN;
	r = journal_tree_open(&tree, publish->spool->folder, size);
	if (r == 0) {
		tree.distrust = distrust;
		/* Of what is tiled no line is read, however long the log is. */
		if (!distrust)
			journal_tree_skip(&tree, publish->tiled, publish->tiled_offset);
		source = journal_tree_source(&tree);
		r = tlog_proof_root(&source, size, root);
	}
	journal_tree_close(&tree);
	return r;
}

int publish_root(const struct publish *publish, uint64_t size, struct tlog_hash *root)
{
	return root_of(publish, size, false, root);
}

int publish_check(struct publish *publish, uint64_t size, const struct tlog_hash *root)
{
	struct tlog_hash found;
	int r = root_of(publish, size, false, &found);

	if (r < 0 || tlog_hash_same(&found, root))
		return r;
	r = root_of(publish, size, true, &found);
	if (r < 0)
		return r;
	if (!tlog_hash_same(&found, root))
		return -EBADMSG;
	log_warning("%s: a tile is not what the log's lines say; tiles are written anew",
		    publish->spool->folder);
	publish_changed(publish);
	return 0;
}

int publish_step(struct publish *publish)
{
	const struct ratchet_state *state = &publish->spool->ratchet.state;
	int r = 0, more = 1;

	if (publish->spool->error || publish->spool->pending)
		return 0;
	spool_settle(publish->spool);
	if (!publish->begun || publish->epoch != state->epoch)
		r = begin(publish);
	/* A checkpoint without its digests could not be reported. */
	else if (digests_due(publish))
		r = digests_step(publish);
	else if (publish->identity->key.type && publish->signed_size != state->seq)
		r = put_checkpoint(publish);
	else if (state->seq - publish->tiled >= TLOG_TILE_WIDTH)
		r = next_tile(publish);
	else
		more = 0;
	if (r < 0 && r != publish->told)
		log_warning(
			"%s: checkpoint or tiles cannot be written: %s; entries are recorded all "
			"the same",
			publish->spool->folder, strerror(-r));
	publish->told = r;
	return r < 0 ? 0 : more;
}
