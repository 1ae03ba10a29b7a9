/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A journal's Merkle tree as its folder holds it: full tiles as files, the rest from the log's lines.
 *
 * The log is the truth and the tiles are derived from it, so a tile that is missing is made from lines;
 * but of entries that were pruned only the tiles are left. A tile's content is not checked here: whoever
 * uses it compares the root, or the proof, with one that was signed, and asks again with `distrust`.
 */
#ifndef AIRGAP_LIB_JOURNAL_TREE_H
#define AIRGAP_LIB_JOURNAL_TREE_H

#include "agent/lib/journal_file.h"

struct journal_tree {
	int folder; /* both owned */
	int fd;
	uint64_t first; /* entry of the log's first line: those before were pruned */
	uint64_t next;	/* of the line where the reader stands */
	off_t start;	/* of the line of entry first */
	struct journal_reader reader;
	bool distrust;		 /* make tiles from lines wherever lines are left */
	struct tlog_tiles tiles; /* tiles.size may be lowered, for proofs in an older tree */
};

/**
 * journal_tree_open - the tree of the first @size entries
 * @folder: path of the journal's folder
 *
 * Returns 0; -EBADMSG: the log's first line is no entry; -errno. journal_tree_close() after either.
 */
int journal_tree_open(struct journal_tree *tree, const char *folder, uint64_t size);
void journal_tree_close(struct journal_tree *tree);

/* journal_tree_skip - read no line before that of entry @first, which begins at @start */
void journal_tree_skip(struct journal_tree *tree, uint64_t first, off_t start);

/* journal_tree_source - for proofs; what is missing is -ENODATA */
struct tlog_source journal_tree_source(struct journal_tree *tree);

/**
 * journal_tree_line - the line of entry @seq, without newline
 *
 * It stays until the next call with this tree. Cheap when asked in order. Returns 0; -ENODATA: it was
 * pruned, or is not there yet; -errno.
 */
int journal_tree_line(struct journal_tree *tree, uint64_t seq, const char **line, size_t *length);

/* journal_tree_edge - the right edge of the tree of the first @size entries; 0 or -errno */
int journal_tree_edge(struct journal_tree *tree, uint64_t size, struct tlog_tree *edge);

/* journal_tree_first - entry that stands in the log's first line; 0 for a log without lines */
int journal_tree_first(int fd, uint64_t *first);

#endif
