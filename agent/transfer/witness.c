// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/witness.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/age/age_stream.h"
#include "agent/lib/file.h"

void witness_id(const uint8_t salt[static 32], const uint8_t medium[static MEDIUM_ID_SIZE],
		uint8_t id[static TRANSFER_ID_SIZE])
{
	crypto_generichash(id, TRANSFER_ID_SIZE, medium, MEDIUM_ID_SIZE, salt, 32);
}

static int put(const struct object_store *store, const uint8_t *id, const uint8_t *bytes,
	       size_t length)
{
	int fd = object_store_put(store, OBJECT_WITNESS, id), r;

	if (fd < 0)
		return fd;
	r = object_io_write(store->io, fd, bytes, length, 0);
	if (r == 0 && store->io->fsync(fd) < 0)
		r = -errno;
	close(fd);
	if (r == 0)
		r = object_store_publish(store, OBJECT_WITNESS, id);
	return r == 0 ? object_store_sync(store, OBJECT_WITNESS) : r;
}

int witness_write(const struct object_store *store, const uint8_t id[static TRANSFER_ID_SIZE],
		  const void *note, size_t length, const struct age_recipient *recipients,
		  size_t count)
{
	uint8_t *sealed = NULL;
	size_t sealed_length;
	int r;

	if (length > WITNESS_NOTE_MAX)
		return -EFBIG;
	r = age_encrypt_buffer(note, length, recipients, count, &sealed, &sealed_length);
	if (r == 0)
		r = put(store, id, sealed, sealed_length);
	free(sealed);
	return r;
}

/* The largest file that such a note becomes. */
#define SEALED_MAX ((size_t)WITNESS_NOTE_MAX + 64u * 1024)

static void open_one(const struct object_store *store, const uint8_t *id,
		     const struct age_keyring *ring,
		     void (*each)(void *context, const char *note, size_t length), void *context)
{
	int fd = object_store_get(store, OBJECT_WITNESS, id);
	uint8_t *sealed = NULL, *note = NULL;
	size_t sealed_length, length;

	if (fd < 0)
		return;
	if (file_read_fd(fd, SEALED_MAX, &sealed, &sealed_length) == 0 &&
	    age_decrypt_buffer(sealed, sealed_length, ring, &note, &length) == 0)
		each(context, (const char *)note, length);
	free(note);
	free(sealed);
	close(fd);
}

int witness_each(const struct object_store *store, const struct age_keyring *ring,
		 void (*each)(void *context, const char *note, size_t length), void *context)
{
	uint8_t(*ids)[TRANSFER_ID_SIZE];
	size_t count;
	int r = object_store_list(store, OBJECT_WITNESS, &ids, &count);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++)
		open_one(store, ids[i], ring, each, context);
	free(ids);
	return 0;
}
