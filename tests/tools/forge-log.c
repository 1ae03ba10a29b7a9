// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An attacker with root on a terminal, for tests: makes a journal's folder fit whatever its log holds now.
 *
 *	forge-log FOLDER
 *
 * With the log's key he signs a checkpoint over the lines as they are, throws the tiles away, and gives the
 * ratchet's file the new place, tree and number of entries. What he cannot do is make the macs of old lines:
 * the key in the ratchet's file stays the one that was due next.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/journal/identity.h"
#include "agent/journal/ratchet.h"
#include "agent/lib/file.h"

static int hash_lines(const char *folder, struct ratchet_state *state)
{
	char path[PATH_MAX];
	struct journal_reader reader;
	struct tlog_hash leaf;
	const char *line;
	size_t length;
	int fd, r;

	snprintf(path, sizeof(path), "%s/" JOURNAL_FILE_LOG, folder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || journal_reader_init(&reader, fd, 0) < 0)
		return -errno;
	state->tree = (struct tlog_tree){ 0 };
	while ((r = journal_reader_next(&reader, &line, &length)) > 0) {
		tlog_hash_leaf(&leaf, line, length);
		tlog_tree_append(&state->tree, &leaf);
		memcpy(state->leaf, leaf.bytes, sizeof(state->leaf));
	}
	state->seq = state->tree.size;
	state->offset = (uint64_t)reader.offset;
	journal_reader_done(&reader);
	close(fd);
	return r;
}

static int sign(const char *folder, const struct ratchet_state *state)
{
	char note[TLOG_CHECKPOINT_SIZE + TLOG_SIGNATURE_LINE_SIZE];
	struct tlog_checkpoint checkpoint = { .size = state->seq };
	struct identity identity;
	size_t text, length;
	int r = identity_open(&identity, folder);

	if (r < 0)
		return r;
	identity_begin(&identity, state->epoch);
	strcpy(checkpoint.origin, identity.key.name);
	tlog_tree_root(&state->tree, &checkpoint.root);
	text = length = tlog_checkpoint_format(&checkpoint, note);
	note[length++] = '\n';
	length += tlog_note_sign(note + length, &identity.key, identity.secret, 0, note, text);
	identity_done(&identity);
	return file_replace(folder, JOURNAL_FILE_CHECKPOINT, 0640, note, length);
}

int main(int argc, char *argv[])
{
	struct ratchet ratchet = { .fd = -1 };
	int folder, r;

	if (argc != 2 || sodium_init() < 0)
		return 2;
	folder = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = folder < 0 ? -errno : ratchet_open(&ratchet, folder);
	if (r == 0)
		r = hash_lines(argv[1], &ratchet.state);
	if (r == 0)
		r = sign(argv[1], &ratchet.state);
	ratchet_close(&ratchet);
	if (r == 0)
		r = ratchet_create(argv[1], &ratchet.state);
	if (r < 0)
		fprintf(stderr, "forge-log: %s\n", strerror(-r));
	return r < 0;
}
