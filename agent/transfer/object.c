// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/object.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/age/age_io.h"
#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_reader.h"
#include "agent/transfer/object_ring.h"

#define DIGEST_PIECE ((size_t)256 * 1024)

struct hashes {
	crypto_generichash_state plain, sealed;
};

static void hashes_init(struct hashes *hashes)
{
	crypto_generichash_init(&hashes->plain, NULL, 0, TRANSFER_DIGEST);
	crypto_generichash_init(&hashes->sealed, NULL, 0, TRANSFER_DIGEST);
}

static void hashes_final(struct hashes *hashes, struct object_digests *digests)
{
	crypto_generichash_final(&hashes->plain, digests->plain, TRANSFER_DIGEST);
	crypto_generichash_final(&hashes->sealed, digests->sealed, TRANSFER_DIGEST);
}

static int size_of(int fd, uint64_t *size)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ESPIPE;
	*size = (uint64_t)st.st_size;
	return 0;
}

uint64_t object_sealed_size(uint64_t size, size_t count)
{
	/* Every recipient of one type takes the same room, whoever it is. */
	struct age_recipient *some = calloc(count ? count : 1, sizeof(*some));
	uint8_t *key = age_key_new();
	struct age_head head = { 0 };
	uint64_t sealed = 0;

	for (size_t i = 0; some && i < count; i++)
		crypto_scalarmult_base(some[i].point, (const uint8_t[AGE_KEY_SIZE]){ 8 });
	if (some && key && age_lock(some, count, &head, key) == 0)
		sealed = head.length + age_sealed_size(size);
	age_key_free(key);
	free(some);
	return sealed;
}

int object_seal(const struct object_io *io, int in, int out, const struct age_recipient *recipients,
		size_t count, const struct object_watch *watch, struct object_digests *digests)
{
	struct hashes hashes;
	struct age_head head = { 0 };
	struct object_ring ring = {
		.direction = AGE_SEAL,
		.io = io,
		.in = in,
		.out = out,
		.plain = &hashes.plain,
		.sealed = &hashes.sealed,
		.watch = watch,
	};
	uint8_t *key = age_key_new();
	int r = key ? age_lock(recipients, count, &head, key) : -ENOMEM;

	*digests = (struct object_digests){ 0 };
	if (r == 0)
		r = size_of(in, &ring.size);
	if (r == 0)
		r = object_io_write(io, out, head.bytes, head.length, 0);
	if (r == 0) {
		hashes_init(&hashes);
		crypto_generichash_update(&hashes.sealed, head.bytes, head.length);
		(void)posix_fadvise(in, 0, 0, POSIX_FADV_SEQUENTIAL);
		ring.key = key;
		ring.start = head.length;
		r = object_ring_run(&ring);
	}
	if (r == 0) {
		hashes_final(&hashes, digests);
		digests->size = ring.size;
		digests->sealed_size = head.length + age_sealed_size(ring.size);
	}
	age_key_free(key);
	return r;
}

/* The head was read to find the key, and is part of the digest. */
static int hash_head(int in, uint64_t length, crypto_generichash_state *state)
{
	uint8_t *bytes = malloc(length);
	struct iovec piece = { .iov_base = bytes, .iov_len = length };
	int r = bytes ? age_io_read_at(in, &piece, 1, 0) : -ENOMEM;

	if (r == 0)
		crypto_generichash_update(state, bytes, length);
	free(bytes);
	return r;
}

int object_open(int in, int out, const struct age_keyring *ring, const struct object_watch *watch,
		struct object_digests *digests)
{
	struct hashes hashes;
	struct age_payload payload = { 0 };
	struct object_ring work = {
		.direction = AGE_OPEN,
		.io = &object_io_system,
		.in = in,
		.out = out,
		.plain = &hashes.plain,
		.sealed = &hashes.sealed,
		.watch = watch,
	};
	int r = age_payload_open(&payload, in, ring);

	*digests = (struct object_digests){ 0 };
	if (r < 0)
		return r;
	hashes_init(&hashes);
	r = hash_head(in, payload.start, &hashes.sealed);
	if (r == 0) {
		(void)posix_fadvise(in, 0, 0, POSIX_FADV_SEQUENTIAL);
		work.key = payload.key;
		work.start = payload.start;
		work.size = payload.size;
		r = object_ring_run(&work);
	}
	if (r == 0) {
		hashes_final(&hashes, digests);
		digests->size = payload.size;
		digests->sealed_size = payload.start + age_sealed_size(payload.size);
	}
	age_payload_close(&payload);
	return r;
}

static int digest_all(int fd, uint8_t *buffer, uint64_t size, const struct object_watch *watch,
		      crypto_generichash_state *state)
{
	struct iovec piece;
	size_t length;
	int r = 0;

	for (uint64_t at = 0; r == 0 && at < size; at += length) {
		length = size - at < DIGEST_PIECE ? (size_t)(size - at) : DIGEST_PIECE;
		piece = (struct iovec){ .iov_base = buffer, .iov_len = length };
		r = work_cancelled(watch ? watch->work : NULL) ? -ECANCELED
							       : age_io_read_at(fd, &piece, 1, at);
		if (r == 0)
			crypto_generichash_update(state, buffer, length);
		if (r == 0 && at / DIGEST_PIECE % 32 == 0)
			object_watch_tell(watch, at);
	}
	return r;
}

int object_digest(int fd, int fresh, const struct object_watch *watch, uint64_t *size,
		  uint8_t digest[static TRANSFER_DIGEST])
{
	crypto_generichash_state state;
	uint8_t *buffer = malloc(DIGEST_PIECE);
	int r = buffer ? size_of(fd, size) : -ENOMEM;

	/* Only clean pages go: the caller has called fsync. */
	if (r == 0 && fresh)
		r = -posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	if (r == 0) {
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
		crypto_generichash_init(&state, NULL, 0, TRANSFER_DIGEST);
		r = digest_all(fd, buffer, *size, watch, &state);
	}
	if (r == 0) {
		crypto_generichash_final(&state, digest, TRANSFER_DIGEST);
		object_watch_tell(watch, *size);
	}
	if (buffer)
		sodium_memzero(buffer, DIGEST_PIECE);
	free(buffer);
	return r;
}

void object_watch_tell(const struct object_watch *watch, uint64_t done)
{
	struct work_progress progress;

	if (!watch || !watch->work || !watch->work->progress)
		return;
	progress = watch->progress;
	progress.done += done;
	watch->work->progress(watch->work->context, &progress);
}
