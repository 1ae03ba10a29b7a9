// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/resent.h"

#include <sodium.h>
#include <string.h>

#include "agent/lib/journal_file.h"

_Static_assert(crypto_shorthash_siphashx24_BYTES == RESENT_ID_SIZE, "128 bits");

/* Further back than this no entry is looked for; more than a thousand usual ones. */
#define LOAD_MAX ((off_t)1 << 20)

/* What of a line comes from the core: all between the journal's own stamp and the mac. */
#define RECORD_OPEN ",\"policy\":"

/* Where the event's members from the core end. The salt is drawn anew each time. */
static const char *record_end(const char *start, const char *end)
{
	const size_t salt = strlen(JOURNAL_SALT_OPEN) + 2 * (size_t)JOURNAL_SALT_SIZE + 1;

	/* The event's brace, and the comma before the mac. */
	end -= 2;
	if ((size_t)(end - start) > salt &&
	    memcmp(end - salt, JOURNAL_SALT_OPEN, strlen(JOURNAL_SALT_OPEN)) == 0)
		end -= salt;
	return end;
}

static bool id_of(const struct resent *resent, const char *line, size_t length,
		  uint8_t id[static RESENT_ID_SIZE])
{
	const size_t close = strlen(JOURNAL_MAC_OPEN) + 64 + strlen(JOURNAL_MAC_CLOSE) + 1;
	const char *start = memmem(line, length, RECORD_OPEN, strlen(RECORD_OPEN));

	if (!start || (size_t)(start - line) + strlen(RECORD_OPEN) + 2 + close > length)
		return false;
	crypto_shorthash_siphashx24(
		id, (const uint8_t *)start,
		(unsigned long long)(record_end(start, line + length - close) - start),
		resent->key);
	return true;
}

static void add(struct resent *resent, const char *line, size_t length, uint64_t seq)
{
	size_t at = resent->count % RESENT_MAX;

	if (!id_of(resent, line, length, resent->ids[at]))
		return;
	resent->seqs[at] = seq;
	resent->count++;
}

void resent_add(struct resent *resent, const char *lines, size_t length, uint64_t seq)
{
	const char *end = lines + length;

	while (lines < end) {
		const char *newline = memchr(lines, '\n', (size_t)(end - lines));

		if (!newline)
			return;
		add(resent, lines, (size_t)(newline + 1 - lines), seq++);
		lines = newline + 1;
	}
}

bool resent_find(const struct resent *resent, const char *line, size_t length, uint64_t below,
		 uint64_t *seq)
{
	uint64_t count = resent->count < RESENT_MAX ? resent->count : RESENT_MAX;
	uint8_t id[RESENT_ID_SIZE];

	if (!id_of(resent, line, length, id))
		return false;
	for (uint64_t i = 0; i < count; i++) {
		if (resent->seqs[i] < below && memcmp(resent->ids[i], id, sizeof(id)) == 0) {
			*seq = resent->seqs[i];
			return true;
		}
	}
	return false;
}

int resent_load(struct resent *resent, int fd, off_t end, const char *boot_id)
{
	struct journal_reader reader;
	struct journal_head head;
	const char *line;
	size_t length;
	int r;

	/* Its pages are taken now, and not one by one while records come. */
	memset(resent, 0, sizeof(*resent));
	randombytes_buf(resent->key, sizeof(resent->key));
	r = journal_reader_init(&reader, fd, end > LOAD_MAX ? end - LOAD_MAX : 0);
	if (r < 0)
		return r;
	/* The first line may be cut: then it is no entry. */
	while (reader.offset < end && (r = journal_reader_next(&reader, &line, &length)) > 0)
		if (journal_head_parse(line, length, &head) == 0 &&
		    strcmp(head.boot_id, boot_id) == 0)
			add(resent, line, length + 1, head.seq);
	journal_reader_done(&reader);
	return r < 0 ? r : 0;
}
