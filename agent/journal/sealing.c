// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/sealing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/journal/note.h"
#include "agent/journal/receipts.h"
#include "agent/journal/recorder.h"
#include "agent/lib/age/age_stream.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/lib/office_note.h"

#define SEALED_MAX 4096

static int read_in(const struct spool *spool, const char *name, size_t limit, uint8_t **data,
		   size_t *length)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", spool->folder, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	return file_read(path, limit, data, length);
}

static size_t mark_text(char text[static 128], uint64_t epoch, const char *recipient)
{
	return (size_t)snprintf(text, 128, "%" PRIu64 " %s\n", epoch, recipient);
}

static bool is_sealed(const struct spool *spool, const char *recipient)
{
	char text[128];
	size_t expected = mark_text(text, spool->ratchet.state.epoch, recipient), length = 0;
	uint8_t *mark = NULL;
	bool same = read_in(spool, SEALING_FILE_TO, sizeof(text), &mark, &length) == 0 &&
		    length == expected && memcmp(mark, text, expected) == 0;

	free(mark);
	return same;
}

/* What stands in the file is K_0 of the log that is open, or there is none to give away. */
static int read_plain(const struct spool *spool, uint8_t **text, size_t *length)
{
	struct journal_chain chain;
	int r = read_in(spool, JOURNAL_FILE_INITIAL_KEY, JOURNAL_INITIAL_KEY_SIZE, text, length);

	if (r == 0 && (journal_initial_key_parse((char *)*text, *length, &chain) < 0 ||
		       chain.epoch != spool->ratchet.state.epoch))
		r = -ENODATA;
	sodium_memzero(&chain, sizeof(chain));
	return r == -ENOENT ? -ENODATA : r;
}

static int seal(struct spool *spool, const struct office_identity *office)
{
	struct age_recipient recipient;
	uint8_t *plain = NULL, *sealed = NULL;
	size_t plain_length = 0, length = 0;
	char mark[128];
	int r = age_recipient_parse(&recipient, office->recipient, strlen(office->recipient));

	if (r < 0)
		return -EBADMSG;
	/* Sealing twice gives two files, and the office would confirm one of them. */
	if (is_sealed(spool, office->recipient))
		return 0;
	r = read_plain(spool, &plain, &plain_length);
	if (r == 0)
		r = age_encrypt_buffer(plain, plain_length, &recipient, 1, &sealed, &length);
	if (r == 0)
		r = file_replace(spool->folder, JOURNAL_FILE_SEALED_KEY, 0640, sealed, length);
	if (r == 0)
		r = file_replace(spool->folder, SEALING_FILE_TO, 0640, mark,
				 mark_text(mark, spool->ratchet.state.epoch, office->recipient));
	if (plain)
		sodium_memzero(plain, plain_length);
	free(plain);
	free(sealed);
	return r;
}

/* Overwritten where it stands, and only then without a name. */
static int destroy(struct spool *spool)
{
	static const char blank[JOURNAL_INITIAL_KEY_SIZE];
	int fd, r;

	fd = openat(spool->folder_fd, JOURNAL_FILE_INITIAL_KEY, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? -EALREADY : -errno;
	r = journal_io_write(spool->io, fd, blank, sizeof(blank), 0);
	if (r == 0 && spool->io->fdatasync(fd) < 0)
		r = -errno;
	close(fd);
	if (r == 0 && unlinkat(spool->folder_fd, JOURNAL_FILE_INITIAL_KEY, 0) < 0)
		r = -errno;
	if (r == 0 && spool->io->fsync(spool->folder_fd) < 0)
		r = -errno;
	return r;
}

static int let_go(struct recorder *recorder, const struct msg_office_note *note,
		  const struct tlog_key *office)
{
	const char *origin = recorder->duties.identity.key.name;
	struct msg_record_note entry;
	uint8_t *sealed = NULL, digest[32];
	size_t length = 0;
	int r = read_in(recorder->spool, JOURNAL_FILE_SEALED_KEY, SEALED_MAX, &sealed, &length);

	if (r < 0)
		return r == -ENOENT ? -EBADMSG : r;
	crypto_hash_sha256(digest, sealed, length);
	free(sealed);
	r = office_note_sealed(note->note, note->length, office, origin, digest);
	if (r == 0)
		r = destroy(recorder->spool);
	if (r < 0)
		return r == -EALREADY ? 0 : r;
	log_notice("the office %s keeps this log's first key; it is destroyed here", office->name);
	note_key_sealed(&entry, office->name);
	/* That the key is gone does not hang on the entry. */
	recorder_own(recorder, &entry);
	return 0;
}

int sealing_take(struct recorder *recorder, const struct msg_office_note *note)
{
	struct spool *spool = recorder->spool;
	struct office_identity identity;
	struct tlog_key office;
	int r;

	if (spool->error)
		return spool->error;
	if (!recorder->duties.identity.key.type || receipts_office(spool, &office) < 0)
		return -ENOKEY;
	if (note->kind == MSG_OFFICE_NOTE_SEALED)
		return let_go(recorder, note, &office);
	r = office_note_identity(note->note, note->length, &office, &identity);
	return r == 0 ? seal(spool, &identity) : r;
}
