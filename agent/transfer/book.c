// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/book.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/transfer/book_files.h"

#define SUFFIX	 ".json"
#define FILE_MAX 65536

static void file_name(const struct batch *batch, char out[static 64])
{
	snprintf(out, 64, "%s" SUFFIX, batch->name);
}

/* "ID.json", as book_save() names it. */
static bool is_batch_name(const char *name)
{
	size_t digits = TRANSFER_ID_TEXT - 1;

	return strspn(name, "0123456789abcdef") == digits && strcmp(name + digits, SUFFIX) == 0;
}

/* A copy of @from in its place; NULL: no memory. */
static struct batch *insert(struct book *book, const struct batch *from)
{
	struct batch **larger = reallocarray(book->batches, book->count + 1, sizeof(void *));
	struct batch *batch = larger ? malloc(sizeof(*batch)) : NULL;
	size_t at = book->count;

	if (larger)
		book->batches = larger;
	if (!batch)
		return NULL;
	*batch = *from;
	for (; at > 0 && book->batches[at - 1]->created > batch->created; at--)
		book->batches[at] = book->batches[at - 1];
	book->batches[at] = batch;
	book->count++;
	return batch;
}

static int read_batch(struct book *book, const char *name)
{
	struct batch batch;
	char path[PATH_MAX];
	uint8_t *bytes = NULL;
	json_t *json = NULL;
	size_t length;
	int r = 0;

	if (snprintf(path, sizeof(path), "%s/%s", book->folder, name) >= (int)sizeof(path))
		r = -ENAMETOOLONG;
	if (r == 0)
		r = file_read(path, FILE_MAX, &bytes, &length);
	if (r == 0) {
		json = json_loadb((char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);
		r = batch_parse(json, &batch);
	}
	if (r == 0 && strncmp(batch.name, name, TRANSFER_ID_TEXT - 1) != 0)
		r = -EBADMSG;
	if (r == 0 && !insert(book, &batch))
		r = -ENOMEM;
	json_decref(json);
	free(bytes);
	return r;
}

int book_open(struct book *book, const char *root)
{
	struct dirent *entry;
	DIR *folder;
	int r = path_join(book->folder, root, PATH_TRANSFER_DIR "/batches");

	if (r < 0)
		return r;
	folder = opendir(book->folder);
	if (!folder)
		return -errno;
	while ((entry = readdir(folder))) {
		if (!is_batch_name(entry->d_name))
			continue;
		r = read_batch(book, entry->d_name);
		if (r == 0)
			continue;
		book->unreadable++;
		log_warning("%s/%s is not readable as a batch (%s), and is left alone",
			    book->folder, entry->d_name, strerror(-r));
	}
	closedir(folder);
	return 0;
}

void book_close(struct book *book)
{
	for (size_t i = 0; i < book->count; i++)
		free(book->batches[i]);
	free(book->batches);
	*book = (struct book){ 0 };
}

struct batch *book_add(struct book *book, const uint8_t *id, int64_t now)
{
	struct batch batch = { .created = now, .changed = now };

	book_prune(book, now);
	if (book->count >= BOOK_BATCHES_MAX)
		return NULL;
	if (id)
		memcpy(batch.id, id, sizeof(batch.id));
	else
		randombytes_buf(batch.id, sizeof(batch.id));
	transfer_id_format(batch.id, batch.name);
	return insert(book, &batch);
}

int book_save(struct book *book, struct batch *batch, int64_t now)
{
	json_t *json;
	char name[64], *text;
	int r = -ENOMEM;

	batch->changed = now;
	json = batch_json(batch);
	text = json ? json_dumps(json, JSON_INDENT(1) | JSON_SORT_KEYS) : NULL;
	file_name(batch, name);
	if (text)
		r = file_replace(book->folder, name, 0600, text, strlen(text));
	if (r < 0)
		log_error("cannot write %s/%s: %s", book->folder, name, strerror(-r));
	free(text);
	json_decref(json);
	return r;
}

void book_remove(struct book *book, struct batch *batch)
{
	size_t at = 0;

	/* The batch last: what it does not name any more is nobody's. */
	book_remove_file(book, batch, ".plan");
	book_remove_file(book, batch, ".manifest");
	book_remove_file(book, batch, SUFFIX);
	while (at < book->count && book->batches[at] != batch)
		at++;
	if (at < book->count) {
		book->count--;
		memmove(book->batches + at, book->batches + at + 1,
			(book->count - at) * sizeof(void *));
	}
	free(batch);
}

enum book_found book_find(const struct book *book, const char *digits,
			  const struct batch_viewer *viewer, int64_t now, struct batch **batch)
{
	size_t length = strlen(digits);

	*batch = NULL;
	for (size_t i = 0; i < book->count; i++) {
		if (strncmp(book->batches[i]->name, digits, length) != 0 ||
		    !batch_is_seen(book->batches[i], viewer, now))
			continue;
		if (*batch)
			return BOOK_SEVERAL;
		*batch = book->batches[i];
	}
	return *batch ? BOOK_FOUND : BOOK_NONE;
}

struct batch *book_find_id(const struct book *book, const uint8_t id[static TRANSFER_ID_SIZE])
{
	for (size_t i = 0; i < book->count; i++)
		if (memcmp(book->batches[i]->id, id, TRANSFER_ID_SIZE) == 0)
			return book->batches[i];
	return NULL;
}

uint64_t book_usage(const struct book *book, uid_t uid, unsigned int *open)
{
	uint64_t bytes = 0;

	*open = 0;
	for (size_t i = 0; i < book->count; i++) {
		if (book->batches[i]->uid != uid || batch_is_over(book->batches[i]))
			continue;
		++*open;
		bytes += book->batches[i]->size;
	}
	return bytes;
}

void book_prune(struct book *book, int64_t now)
{
	size_t over = 0;

	for (size_t i = 0; i < book->count; i++)
		over += batch_is_over(book->batches[i]);
	for (size_t i = 0; i < book->count;) {
		struct batch *batch = book->batches[i];

		if (batch_is_over(batch) &&
		    (over > BOOK_KEEP_MAX || batch->changed + BOOK_KEEP_S < now)) {
			book_remove(book, batch);
			over--;
		} else {
			i++;
		}
	}
}
