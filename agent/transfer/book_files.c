// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/book_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"

#define MANIFEST ".manifest"
#define PLAN	 ".plan"

static int path_of(const struct book *book, const struct batch *batch, const char *suffix,
		   char path[static PATH_MAX])
{
	int n = snprintf(path, PATH_MAX, "%s/%s%s", book->folder, batch->name, suffix);

	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

void book_remove_file(const struct book *book, const struct batch *batch, const char *suffix)
{
	char path[PATH_MAX];

	if (path_of(book, batch, suffix, path) == 0)
		unlink(path);
}

static int save(const struct book *book, const struct batch *batch, const char *suffix,
		const void *data, size_t length)
{
	char name[64];
	int r;

	snprintf(name, sizeof(name), "%s%s", batch->name, suffix);
	r = file_replace(book->folder, name, 0600, data, length);
	if (r < 0)
		log_error("cannot write %s/%s: %s", book->folder, name, strerror(-r));
	return r;
}

int book_save_manifest(const struct book *book, const struct batch *batch, const char *text,
		       size_t length)
{
	return save(book, batch, MANIFEST, text, length);
}

int book_load_manifest(const struct book *book, const struct batch *batch,
		       struct manifest *manifest)
{
	char path[PATH_MAX];
	uint8_t *text = NULL;
	size_t length;
	int r = path_of(book, batch, MANIFEST, path);

	*manifest = (struct manifest){ 0 };
	if (r == 0)
		r = file_read(path, TRANSFER_TEXT_MAX, &text, &length);
	if (r == 0)
		r = manifest_parse((char *)text, length, NULL, manifest);
	if (r == 0 && memcmp(manifest->digest, batch->manifest, sizeof(batch->manifest)) != 0) {
		manifest_free(manifest);
		r = -EBADMSG;
	}
	free(text);
	return r == -EINVAL ? -EBADMSG : r;
}

int book_save_plan(const struct book *book, const struct batch *batch, const struct slip *slip)
{
	uint8_t(*ids)[TRANSFER_ID_SIZE] = calloc(slip->file_count, sizeof(*ids));
	int r;

	if (!ids)
		return -ENOMEM;
	for (uint32_t i = 0; i < slip->file_count; i++)
		memcpy(ids[i], slip->files[i].object, sizeof(ids[i]));
	r = save(book, batch, PLAN, ids, slip->file_count * sizeof(*ids));
	free(ids);
	return r;
}

int book_load_plan(const struct book *book, const struct batch *batch,
		   uint8_t (**ids)[TRANSFER_ID_SIZE], size_t *count)
{
	char path[PATH_MAX];
	uint8_t *bytes;
	size_t length;
	int r = path_of(book, batch, PLAN, path);

	if (r == 0)
		r = file_read(path, TRANSFER_FILES_MAX * TRANSFER_ID_SIZE, &bytes, &length);
	if (r < 0)
		return r;
	*ids = (void *)bytes;
	*count = length / TRANSFER_ID_SIZE;
	return 0;
}

void book_drop_plan(const struct book *book, const struct batch *batch)
{
	book_remove_file(book, batch, PLAN);
}
