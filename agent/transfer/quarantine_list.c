// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/quarantine_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/file.h"

void quarantine_name(const uint8_t id[static TRANSFER_ID_SIZE], const char *ending,
		     char name[static QUARANTINE_NAME_SIZE])
{
	char text[TRANSFER_ID_TEXT];

	transfer_id_format(id, text);
	snprintf(name, QUARANTINE_NAME_SIZE, "%s%s", text, ending);
}

static bool parse_hex(uint8_t *out, size_t size, const char *text)
{
	size_t length;

	return text && strlen(text) == 2 * size &&
	       sodium_hex2bin(out, size, text, 2 * size, NULL, &length, NULL) == 0 &&
	       length == size;
}

static bool id_of(const char *name, uint8_t id[static TRANSFER_ID_SIZE])
{
	char again[QUARANTINE_NAME_SIZE], text[TRANSFER_ID_TEXT];

	snprintf(text, sizeof(text), "%.32s", name);
	if (!parse_hex(id, TRANSFER_ID_SIZE, text))
		return false;
	quarantine_name(id, ".json", again);
	return strcmp(again, name) == 0;
}

static void text_of(const json_t *note, const char *member, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(note, member));

	snprintf(out, size, "%s", text ? text : "");
}

/* Written by ourselves; what does not read is still listed, with what there is of it. */
static void read_note(int folder, const char *name, struct quarantine_entry *entry)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	uint8_t *text = NULL;
	json_t *note = NULL;
	size_t length;

	if (fd >= 0 && file_read_fd(fd, QUARANTINE_NOTE_MAX, &text, &length) == 0)
		note = json_loadb((const char *)text, length, 0, NULL);
	if (fd >= 0)
		close(fd);
	free(text);
	entry->kept = json_integer_value(json_object_get(note, "kept"));
	entry->file.size = (uint64_t)json_integer_value(json_object_get(note, "size"));
	(void)parse_hex(entry->batch, TRANSFER_ID_SIZE,
			json_string_value(json_object_get(note, "batch")));
	(void)parse_hex(entry->file.digest, TRANSFER_DIGEST,
			json_string_value(json_object_get(note, "digest")));
	text_of(note, "name", entry->file.name, sizeof(entry->file.name));
	text_of(note, "type", entry->file.type, sizeof(entry->file.type));
	text_of(note, "reason", entry->reason, sizeof(entry->reason));
	text_of(note, "detail", entry->detail, sizeof(entry->detail));
	json_decref(note);
}

static int by_age(const void *a, const void *b)
{
	const struct quarantine_entry *x = a, *y = b;

	return x->kept != y->kept ? (x->kept > y->kept) - (x->kept < y->kept)
				  : memcmp(x->id, y->id, sizeof(x->id));
}

static int add(struct quarantine_entry **entries, size_t *count, const uint8_t *id)
{
	struct quarantine_entry *more = realloc(*entries, (*count + 1) * sizeof(**entries));

	if (!more)
		return -ENOMEM;
	*entries = more;
	memset(&more[*count], 0, sizeof(*more));
	memcpy(more[(*count)++].id, id, TRANSFER_ID_SIZE);
	return 0;
}

int quarantine_list(int folder, struct quarantine_entry **entries, size_t *count)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	uint8_t id[TRANSFER_ID_SIZE];
	struct dirent *entry;

	*entries = NULL;
	*count = 0;
	if (!dir) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	while (r == 0 && (errno = 0, entry = readdir(dir))) {
		if (!id_of(entry->d_name, id))
			continue;
		r = add(entries, count, id);
		if (r == 0)
			read_note(folder, entry->d_name, &(*entries)[*count - 1]);
	}
	if (r == 0)
		r = -errno;
	closedir(dir);
	if (r == 0) {
		if (*count > 0)
			qsort(*entries, *count, sizeof(**entries), by_age);
		return 0;
	}
	free(*entries);
	*entries = NULL;
	*count = 0;
	return r;
}

static uint64_t size_of(int folder, const uint8_t *id)
{
	char name[QUARANTINE_NAME_SIZE];
	struct stat st;

	quarantine_name(id, ".age", name);
	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? (uint64_t)st.st_size : 0;
}

int quarantine_room(int folder, const struct quarantine_limits *limits, uint64_t size,
		    uint32_t *dropped)
{
	struct quarantine_entry *entries = NULL;
	uint64_t total = 0;
	size_t count = 0;
	int r;

	if (size > limits->bytes || limits->files == 0)
		return -EFBIG;
	r = quarantine_list(folder, &entries, &count);
	for (size_t i = 0; r == 0 && i < count; i++)
		total += size_of(folder, entries[i].id);
	for (size_t i = 0; r == 0 && i < count; i++) {
		if (total + size <= limits->bytes && count - i < limits->files)
			break;
		total -= size_of(folder, entries[i].id);
		r = quarantine_remove(folder, entries[i].id);
		*dropped += r == 0;
	}
	free(entries);
	return r;
}
