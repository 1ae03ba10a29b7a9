// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/age/age_chunk.h"
#include "agent/transfer/object.h"
#include "agent/transfer/quarantine_list.h"

static int write_object(int folder, int fd, const struct age_recipient *recipient,
			const uint8_t *id)
{
	char name[QUARANTINE_NAME_SIZE];
	struct object_digests digests;
	int out, r;

	quarantine_name(id, ".age", name);
	out = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400);
	if (out < 0)
		return -errno;
	r = object_seal(&object_io_system, fd, out, recipient, 1, NULL, &digests);
	if (r == 0 && fsync(out) < 0)
		r = -errno;
	close(out);
	if (r < 0)
		unlinkat(folder, name, 0);
	return r;
}

static char *note_text(const struct quarantine_entry *entry, const struct outcome *outcome)
{
	char batch[TRANSFER_ID_TEXT], digest[TRANSFER_DIGEST_TEXT], text[2048];
	json_t *note;
	char *out;

	transfer_id_format(entry->batch, batch);
	transfer_digest_format(entry->file.digest, digest);
	outcome_describe(outcome, text, sizeof(text));
	note = json_pack("{s:i, s:I, s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:s%}", "version", 1,
			 "kept", (json_int_t)entry->kept, "batch", batch, "name", entry->file.name,
			 "type", entry->file.type, "size", (json_int_t)entry->file.size, "digest",
			 digest, "reason", entry->reason, "detail", entry->detail, "text", text,
			 strnlen(text, sizeof(text)));
	out = note ? json_dumps(note, JSON_COMPACT) : NULL;
	json_decref(note);
	return out;
}

static int write_note(int folder, const struct quarantine_entry *entry,
		      const struct outcome *outcome)
{
	char name[QUARANTINE_NAME_SIZE], temporary[QUARANTINE_NAME_SIZE];
	char *text = note_text(entry, outcome);
	int fd, r;

	if (!text)
		return -ENOMEM;
	quarantine_name(entry->id, ".json", name);
	quarantine_name(entry->id, ".tmp", temporary);
	fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400);
	r = fd < 0 ? -errno : object_io_write(&object_io_system, fd, text, strlen(text), 0);
	if (r == 0 &&
	    (fsync(fd) < 0 || renameat(folder, temporary, folder, name) < 0 || fsync(folder) < 0))
		r = -errno;
	if (fd >= 0)
		close(fd);
	if (r < 0)
		unlinkat(folder, temporary, 0);
	free(text);
	return r;
}

int quarantine_keep(int folder, int fd, const struct age_recipient *recipient,
		    const struct quarantine_limits *limits, const struct outcome *outcome,
		    struct quarantine_entry *entry, uint32_t *dropped)
{
	struct quarantine_limits most = {
		.bytes = limits && limits->bytes ? limits->bytes : QUARANTINE_BYTES_MAX,
		.files = limits && limits->files ? limits->files : QUARANTINE_FILES_MAX,
	};
	struct stat st;
	int r;

	*dropped = 0;
	if (fstat(fd, &st) < 0)
		return -errno;
	randombytes_buf(entry->id, sizeof(entry->id));
	snprintf(entry->reason, sizeof(entry->reason), "%s", outcome_name(outcome->reason));
	memcpy(entry->detail, outcome->detail, sizeof(entry->detail));
	r = quarantine_room(folder, &most, object_sealed_size((uint64_t)st.st_size, 1), dropped);
	/* The note first: bytes that nothing tells of would be there for ever. */
	if (r == 0)
		r = write_note(folder, entry, outcome);
	if (r < 0)
		return r;
	r = write_object(folder, fd, recipient, entry->id);
	if (r < 0)
		(void)quarantine_remove(folder, entry->id);
	return r;
}

int quarantine_remove(int folder, const uint8_t id[static TRANSFER_ID_SIZE])
{
	char name[QUARANTINE_NAME_SIZE];
	int r = 0;

	quarantine_name(id, ".json", name);
	if (unlinkat(folder, name, 0) < 0)
		r = -errno;
	quarantine_name(id, ".age", name);
	if (unlinkat(folder, name, 0) < 0)
		return r < 0 || errno != ENOENT ? -errno : 0;
	/* Without its note it is nothing, but the bytes were there. */
	return r == -ENOENT ? 0 : r;
}
