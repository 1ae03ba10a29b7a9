// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/age/age_batch.h"
#include "agent/lib/age/age_io.h"
#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_reader.h"

static const struct age_work plain_work;

static int regular(int fd, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return -errno;
	return S_ISREG(st->st_mode) ? 0 : -ESPIPE;
}

/* Both ends, the output emptied; which must not be the input. */
static int prepare(int in, int out, struct stat *st)
{
	struct stat to = { 0 };
	int r = regular(out, &to);

	if (r == 0)
		r = regular(in, st);
	if (r < 0)
		return r;
	if (to.st_dev == st->st_dev && to.st_ino == st->st_ino)
		return -EINVAL;
	if (ftruncate(out, 0) < 0)
		return -errno;
	/* Advice: whatever it answers, the work goes on. */
	(void)posix_fadvise(in, 0, 0, POSIX_FADV_SEQUENTIAL);
	return 0;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* A file that somebody wrote to meanwhile is neither what it was nor what it became. */
static int unchanged(int fd, const struct stat *before)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	return st.st_size == before->st_size && same_time(&st.st_mtim, &before->st_mtim) ? 0
											 : -ESTALE;
}

static int finish(int in, int out, const struct stat *before, int r)
{
	if (r == 0)
		r = unchanged(in, before);
	if (r < 0 && ftruncate(out, 0) < 0)
		return -errno;
	return r;
}

static int write_head(int out, struct age_head *head)
{
	struct iovec piece = { .iov_base = head->bytes, .iov_len = head->length };

	return age_io_write_at(out, &piece, 1, 0);
}

int age_encrypt_file(int in, int out, const struct age_recipient *recipients, size_t count,
		     const struct age_work *work)
{
	struct age_batches batches = {
		.direction = AGE_SEAL,
		.in = in,
		.out = out,
		.key = age_key_new(),
		.work = work ? work : &plain_work,
	};
	struct age_head head;
	struct stat st = { 0 };
	int r = -ENOMEM;

	if (!batches.key)
		return r;
	r = age_lock(recipients, count, &head, batches.key);
	if (r == 0)
		r = prepare(in, out, &st);
	if (r < 0)
		goto out;
	batches.size = (uint64_t)st.st_size;
	batches.out_start = head.length;
	r = write_head(out, &head);
	if (r == 0)
		r = age_batches_run(&batches);
	r = finish(in, out, &st, r);
out:
	age_key_free(batches.key);
	return r;
}

/* Where nothing was cut off, the chunk at the end says that it is the last. */
static int verify_end(int in, const struct age_keyring *ring)
{
	struct age_reader *reader = NULL;
	int r = age_reader_open(in, ring, NULL, &reader);

	age_reader_close(reader);
	return r;
}

int age_decrypt_file(int in, int out, const struct age_keyring *ring, const struct age_work *work)
{
	struct age_batches batches = {
		.direction = AGE_OPEN,
		.in = in,
		.out = out,
		.work = work ? work : &plain_work,
	};
	struct age_payload payload = { 0 };
	struct stat st = { 0 };
	int r;

	r = prepare(in, out, &st);
	if (r < 0)
		return r;
	r = verify_end(in, ring);
	if (r == 0)
		r = age_payload_open(&payload, in, ring);
	if (r == 0) {
		batches.key = payload.key;
		batches.size = payload.size;
		batches.in_start = payload.start;
		r = age_batches_run(&batches);
	}
	age_payload_close(&payload);
	return finish(in, out, &st, r);
}
