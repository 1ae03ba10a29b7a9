// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/journal_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int journal_tree_first(int fd, uint64_t *first)
{
	struct journal_reader reader;
	struct journal_head head;
	const char *line;
	size_t length;
	int r;

	*first = 0;
	r = journal_reader_init(&reader, fd, 0);
	if (r < 0)
		return r;
	r = journal_reader_next(&reader, &line, &length);
	if (r > 0) {
		r = journal_head_parse(line, length, &head);
		*first = r == 0 ? head.seq : 0;
	}
	journal_reader_done(&reader);
	return r == -EFBIG ? -EBADMSG : r;
}

void journal_tree_skip(struct journal_tree *tree, uint64_t first, off_t start)
{
	tree->first = tree->next = first;
	tree->start = tree->reader.offset = start;
	tree->reader.start = tree->reader.filled = 0;
}

int journal_tree_line(struct journal_tree *tree, uint64_t seq, const char **line, size_t *length)
{
	int r = 1;

	if (seq < tree->first)
		return -ENODATA;
	if (seq < tree->next) {
		journal_tree_skip(tree, tree->first, tree->start);
	}
	while (r > 0 && tree->next <= seq) {
		r = journal_reader_next(&tree->reader, line, length);
		tree->next += r > 0;
	}
	return r > 0 ? 0 : r == 0 ? -ENODATA : r;
}

static int from_lines(struct journal_tree *tree, const struct tlog_tile *tile,
		      struct tlog_hash *hashes)
{
	const char *line;
	size_t length;
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < tile->width; i++) {
		r = journal_tree_line(tree, tile->index * TLOG_TILE_WIDTH + i, &line, &length);
		if (r == 0)
			tlog_hash_leaf(&hashes[i], line, length);
	}
	return r;
}

/* 0, -ENOENT when there is no such file, or -errno. */
static int from_file(const struct journal_tree *tree, const struct tlog_tile *tile,
		     struct tlog_hash *hashes)
{
	const struct tlog_tile full = { .level = tile->level,
					.index = tile->index,
					.width = TLOG_TILE_WIDTH };
	char path[TLOG_TILE_PATH_SIZE];
	size_t size = (size_t)tile->width * TLOG_HASH_SIZE;
	ssize_t n;
	int fd;

	if (tlog_tile_path(&full, path) < 0)
		return -EINVAL;
	fd = openat(tree->folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	n = read(fd, hashes, size);
	close(fd);
	/* One that a crash left short is as good as none. */
	return n < 0 ? -errno : (size_t)n == size ? 0 : -ENOENT;
}

static int read_tile(void *data, const struct tlog_tile *tile, struct tlog_hash *hashes)
{
	struct tlog_hash below[TLOG_TILE_WIDTH];
	struct tlog_tile full = { .width = TLOG_TILE_WIDTH };
	const struct journal_tree *tree = data;
	/* Of its first hash: what lies behind is there as well. */
	bool pruned = tile->index << 8 * (tile->level + 1) < tree->first;
	int r = tree->distrust && !pruned ? -ENOENT : from_file(data, tile, hashes);

	if (r != -ENOENT)
		return r;
	if (tile->level == 0)
		return from_lines(data, tile, hashes);
	r = 0;
	full.level = tile->level - 1;
	for (uint32_t i = 0; r == 0 && i < tile->width; i++) {
		full.index = tile->index * TLOG_TILE_WIDTH + i;
		/* Levels are few: seven at most. */
		r = read_tile(data, &full, below);
		if (r == 0)
			tlog_tile_root(below, &hashes[i]);
	}
	return r;
}

int journal_tree_open(struct journal_tree *tree, const char *folder, uint64_t size)
{
	int r;

	*tree = (struct journal_tree){ .folder = -1, .fd = -1 };
	tree->tiles.read = read_tile;
	tree->tiles.size = size;
	tree->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (tree->folder < 0)
		return -errno;
	tree->fd = openat(tree->folder, JOURNAL_FILE_LOG, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (tree->fd < 0)
		return -errno;
	r = journal_tree_first(tree->fd, &tree->first);
	tree->next = tree->first;
	return r < 0 ? r : journal_reader_init(&tree->reader, tree->fd, 0);
}

void journal_tree_close(struct journal_tree *tree)
{
	journal_reader_done(&tree->reader);
	if (tree->fd >= 0)
		close(tree->fd);
	if (tree->folder >= 0)
		close(tree->folder);
	tree->fd = tree->folder = -1;
}

struct tlog_source journal_tree_source(struct journal_tree *tree)
{
	tree->tiles.data = tree;
	return tlog_tile_source(&tree->tiles);
}

int journal_tree_edge(struct journal_tree *tree, uint64_t size, struct tlog_tree *edge)
{
	struct tlog_source source = journal_tree_source(tree);
	int r = 0;

	*edge = (struct tlog_tree){ .size = size };
	for (unsigned int level = 0; r == 0 && level < TLOG_LEVELS; level++)
		if (size >> level & 1)
			r = source.node(source.data, level, (size >> level) - 1,
					&edge->edge[level]);
	return r;
}
