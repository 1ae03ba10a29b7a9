// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/digest.h"
#include "agent/lib/file.h"

void digests_done(struct digests *digests)
{
	free(digests->bundle);
	*digests = (struct digests){ 0 };
}

void digests_begin(struct publish *publish)
{
	digests_done(&publish->digests);
	publish->digests.made = publish->tiled;
	publish->digests.offset = publish->tiled_offset;
}

bool digests_due(const struct publish *publish)
{
	return publish->spool->withheld && publish->identity->key.type &&
	       publish->digests.made != publish->spool->ratchet.state.seq;
}

uint64_t digests_keep(const struct publish *publish, uint64_t target)
{
	uint64_t made = publish->digests.made;

	return publish->spool->withheld && made < target ? made : target;
}

void digests_pruned(struct publish *publish, off_t cut, uint64_t from, uint64_t to)
{
	char path[TLOG_TILE_PATH_SIZE];

	if (publish->spool->withheld)
		publish->digests.offset -= cut;
	/* One that stays takes room, and does no harm. */
	for (uint64_t seq = from; seq < to; seq += TLOG_TILE_WIDTH) {
		digest_path(seq / TLOG_TILE_WIDTH, path);
		(void)!unlinkat(publish->spool->folder_fd, path, 0);
	}
}

/*
 * Is there a digest for each entry of the tile? Then none is signed again. A file that a power cut left
 * is short, or of zeroes; one of a former log shows in the first signature.
 */
static bool is_whole(const struct publish *publish, const char *path, uint64_t first)
{
	char name[PATH_MAX];
	uint8_t *bundle = NULL;
	const uint8_t *entry;
	size_t size = 0, at = 0, length;
	struct digest digest;
	uint32_t count = 0;

	if (snprintf(name, sizeof(name), "%s/%s", publish->spool->folder, path) <
		    (int)sizeof(name) &&
	    file_read(name, DIGEST_BUNDLE_MAX, &bundle, &size) == 0)
		while (tlog_tile_next_entry(bundle, size, &at, &entry, &length) == 1 &&
		       digest_parse(entry, length, &digest) == 0 &&
		       digest.head.seq == first + count &&
		       (count > 0 ||
			tlog_note_verify(&digest.note, &publish->identity->key, NULL) == 0))
			count++;
	free(bundle);
	return count == TLOG_TILE_WIDTH && at == size;
}

static int make_room(struct digests *digests, size_t length)
{
	size_t room = digests->used + length + 2;
	uint8_t *more;

	if (room <= digests->room)
		return 0;
	more = realloc(digests->bundle, 2 * room);
	if (!more)
		return -ENOMEM;
	digests->bundle = more;
	digests->room = 2 * room;
	return 0;
}

static int add(struct publish *publish, const char *line, size_t length)
{
	const struct identity *identity = publish->identity;
	struct digests *digests = &publish->digests;
	char note[DIGEST_NOTE_MAX];
	int text = digest_format(line, length, note), r;
	size_t size = (size_t)text;

	if (text < 0)
		return text;
	note[size++] = '\n';
	size += tlog_note_sign(note + size, &identity->key, identity->secret, 0, note,
			       (size_t)text);
	r = make_room(digests, size);
	return r < 0 ? r
		     : tlog_tile_put_entry(digests->bundle, digests->room, &digests->used, note,
					   size);
}

/* The lines from where it stands to the end of the tile, or of the log. */
static int take_lines(struct publish *publish, uint64_t end)
{
	struct digests *digests = &publish->digests;
	struct journal_reader reader = { .fd = publish->spool->fd,
					 .offset = digests->offset,
					 /* No group is pending: its buffer is free. */
					 .buffer = publish->spool->buffer };
	const char *line;
	size_t length;
	int r = 0;

	while (r == 0 && digests->made < end) {
		r = journal_reader_next(&reader, &line, &length);
		/* What was committed can be read, or the disk has failed. */
		if (r <= 0)
			return r == 0 ? -EIO : r;
		r = digests->whole ? 0 : add(publish, line, length);
		if (r == 0) {
			digests->made++;
			digests->offset = reader.offset;
		}
	}
	return r;
}

int digests_step(struct publish *publish)
{
	struct digests *digests = &publish->digests;
	uint64_t tile = digests->made / TLOG_TILE_WIDTH, last = (tile + 1) * TLOG_TILE_WIDTH;
	uint64_t seq = publish->spool->ratchet.state.seq;
	char path[TLOG_TILE_PATH_SIZE];
	int r;

	digest_path(tile, path);
	if (digests->made % TLOG_TILE_WIDTH == 0) {
		digests->used = 0;
		digests->whole = last <= seq && is_whole(publish, path, digests->made);
	}
	r = take_lines(publish, last < seq ? last : seq);
	if (r == 0 && !digests->whole)
		r = publish_put(publish, path, false, digests->bundle, digests->used);
	/* What is not in a file is not made: the tile is begun anew. */
	if (r < 0)
		digests_begin(publish);
	return r;
}
