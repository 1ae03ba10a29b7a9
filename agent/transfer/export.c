// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/export.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_stream.h"
#include "agent/transfer/object.h"
#include "agent/transfer/staging.h"
#include "agent/transfer/witness.h"

/* One export on its way. */
struct run {
	const struct export_job *job;
	const struct object_store *store;
	struct slip *slip;
	struct export_result *result;
	struct age_recipient recipients[AGE_RECIPIENTS_MAX];
	size_t recipient_count;
	uint64_t total; /* bytes of all contents */
	bool published; /* the slip may have its name */
};

void export_plan(struct slip *slip)
{
	for (uint32_t i = 0; i < slip->file_count; i++)
		randombytes_buf(slip->files[i].object, TRANSFER_ID_SIZE);
}

static int fail(struct run *run, uint32_t reason, int error, const char *about)
{
	return outcome_set(&run->result->outcome, reason, error, about, NULL);
}

static int medium_fail(struct run *run, int error, const char *about)
{
	return fail(run, outcome_of_medium(error), error, about);
}

static int parse_recipients(struct run *run)
{
	const struct slip *slip = run->slip;
	int r = slip->recipient_count == 0 || slip->recipient_count > AGE_RECIPIENTS_MAX ? -EINVAL
											 : 0;

	for (uint32_t i = 0; r == 0 && i < slip->recipient_count; i++)
		r = age_recipient_parse(&run->recipients[i], slip->recipients[i],
					strnlen(slip->recipients[i], TRANSFER_RECIPIENT));
	run->recipient_count = slip->recipient_count;
	return r < 0 ? fail(run, OUTCOME_RECIPIENT, -EINVAL, slip->unit) : 0;
}

/* The slip, and the witness, are at most so large. */
#define SLIP_ROOM (UINT64_C(4096) + 1024)

/* Refuse before anything is written what cannot end well. */
static int fits(struct run *run)
{
	const struct slip *slip = run->slip;
	uint64_t *sizes = calloc(slip->file_count + 1u, sizeof(*sizes));
	const char **names = calloc(slip->file_count + 1u, sizeof(*names));
	int r = -ENOMEM;

	if (!sizes || !names) {
		fail(run, OUTCOME_SYSTEM, r, NULL);
		goto out;
	}
	for (uint32_t i = 0; i < slip->file_count; i++) {
		names[i] = slip->files[i].file.name;
		sizes[i] = object_sealed_size(slip->files[i].file.size, run->recipient_count);
		run->total += slip->files[i].file.size;
	}
	sizes[slip->file_count] = SLIP_ROOM * (slip->file_count + 1u);
	names[slip->file_count] = "";
	r = object_store_fits(run->store, sizes, names, slip->file_count + 1u,
			      &run->result->outcome);
out:
	free(sizes);
	free(names);
	return r;
}

static struct object_watch watch_of(const struct run *run, enum work_phase phase, uint32_t number,
				    uint64_t before)
{
	return (struct object_watch){
		.work = run->job->work,
		.progress = {
			.phase = phase,
			.file = number,
			.files = run->slip->file_count,
			.done = before,
			.total = run->total,
		},
	};
}

/* What was sealed must be what was approved, byte for byte. */
static int compare(struct run *run, const struct slip_file *file,
		   const struct object_digests *digests)
{
	if (digests->size == file->file.size &&
	    memcmp(digests->plain, file->file.digest, TRANSFER_DIGEST) == 0)
		return 0;
	return fail(run, OUTCOME_STAGED_CHANGED, -EBADMSG, file->file.name);
}

static int read_back(struct run *run, int fd, const struct slip_file *file, uint32_t number,
		     uint64_t before)
{
	struct object_watch watch = watch_of(run, WORK_READING, number, before);
	uint8_t digest[TRANSFER_DIGEST];
	uint64_t size = 0;
	int r = object_digest(fd, 1, &watch, &size, digest);

	if (r < 0)
		return medium_fail(run, r, file->file.name);
	if (size != file->sealed_size || memcmp(digest, file->sealed, sizeof(digest)) != 0)
		return fail(run, OUTCOME_READ_BACK, -EIO, file->file.name);
	return 0;
}

static int seal(struct run *run, int in, int out, struct slip_file *file, uint32_t number,
		uint64_t before)
{
	struct object_watch watch = watch_of(run, WORK_SEALING, number, before);
	struct object_digests digests;
	int r = object_seal(run->store->io, in, out, run->recipients, run->recipient_count, &watch,
			    &digests);

	if (r == 0 && run->store->io->fsync(out) < 0)
		r = -errno;
	if (r == -ESTALE)
		return fail(run, OUTCOME_STAGED_CHANGED, -EBADMSG, file->file.name);
	if (r < 0)
		return medium_fail(run, r, file->file.name);
	file->sealed_size = digests.sealed_size;
	memcpy(file->sealed, digests.sealed, sizeof(file->sealed));
	run->result->size += digests.sealed_size;
	return compare(run, file, &digests);
}

static int write_object(struct run *run, uint32_t number, uint64_t before)
{
	struct slip_file *file = &run->slip->files[number];
	int in = staging_file(run->job->staging, number), out, r;

	if (in < 0)
		return fail(run, OUTCOME_STAGED_CHANGED, in, file->file.name);
	out = object_store_put(run->store, OBJECT_FILE, file->object);
	r = out < 0 ? medium_fail(run, out, file->file.name) : 0;
	if (r == 0)
		r = seal(run, in, out, file, number, before);
	if (r == 0)
		r = read_back(run, out, file, number, before);
	if (out >= 0)
		close(out);
	close(in);
	return r;
}

static int write_objects(struct run *run)
{
	uint64_t before = 0;
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < run->slip->file_count; i++) {
		r = write_object(run, i, before);
		before += run->slip->files[i].file.size;
	}
	return r;
}

static int publish_objects(struct run *run)
{
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < run->slip->file_count; i++)
		r = object_store_publish(run->store, OBJECT_FILE, run->slip->files[i].object);
	if (r == 0)
		r = object_store_sync(run->store, OBJECT_FILE);
	return r < 0 ? medium_fail(run, r, NULL) : 0;
}

/* The signed slip as it is encrypted. */
static int sign_slip(struct run *run, char **file, size_t *length)
{
	uint8_t sha512[64], signature[64], key[32];
	char *text = NULL;
	size_t text_length;
	int r = slip_print(run->slip, &text, &text_length);

	if (r < 0)
		return fail(run, OUTCOME_SYSTEM, r, "slip");
	slip_hash(text, text_length, sha512);
	r = run->job->sign(run->job->context, sha512, signature, key);
	if (r == 0)
		r = slip_attach(text, text_length, key, signature, file, length);
	free(text);
	if (r < 0)
		return fail(run, r == -ECANCELED ? OUTCOME_CANCELLED : OUTCOME_NOT_SIGNED, r, NULL);
	memcpy(run->result->slip, run->slip->digest, TRANSFER_DIGEST);
	return 0;
}

static int write_slip(struct run *run, const uint8_t *bytes, size_t length)
{
	int fd = object_store_put(run->store, OBJECT_SLIP, run->slip->batch), r;
	uint8_t wanted[TRANSFER_DIGEST], digest[TRANSFER_DIGEST];
	uint64_t size = 0;

	if (fd < 0)
		return medium_fail(run, fd, NULL);
	r = object_io_write(run->store->io, fd, bytes, length, 0);
	if (r == 0 && run->store->io->fsync(fd) < 0)
		r = -errno;
	if (r == 0)
		r = object_digest(fd, 1, NULL, &size, digest);
	close(fd);
	if (r < 0)
		return medium_fail(run, r, NULL);
	transfer_digest(bytes, length, wanted);
	if (size != length || memcmp(wanted, digest, sizeof(wanted)) != 0)
		return fail(run, OUTCOME_READ_BACK, -EIO, NULL);
	return 0;
}

/*
 * After the rename the slip may be on the disk, whatever fsync says of the folder: where it fails, the
 * slip is taken back, and only what could not be is left for the sweep to look at.
 */
static int commit(struct run *run)
{
	uint8_t *sealed = NULL;
	size_t sealed_length, length = 0;
	char *file = NULL;
	int r = sign_slip(run, &file, &length);

	if (r < 0)
		return r;
	r = age_encrypt_buffer(file, length, run->recipients, run->recipient_count, &sealed,
			       &sealed_length);
	free(file);
	if (r < 0)
		return fail(run, OUTCOME_SYSTEM, r, NULL);
	r = write_slip(run, sealed, sealed_length);
	free(sealed);
	if (r < 0)
		return r;
	if (work_cancelled(run->job->work))
		return fail(run, OUTCOME_CANCELLED, -ECANCELED, NULL);
	run->published = true;
	r = object_store_publish(run->store, OBJECT_SLIP, run->slip->batch);
	if (r == 0)
		r = object_store_sync(run->store, OBJECT_SLIP);
	return r < 0 ? medium_fail(run, r, NULL) : 0;
}

/* The slip first: without it the objects are nothing, whoever pulls the medium now. */
static void undo(struct run *run)
{
	int r = object_store_remove(run->store, OBJECT_SLIP, run->slip->batch);

	if (r == 0)
		r = object_store_sync(run->store, OBJECT_SLIP);
	run->result->unsure = run->published && r < 0;
	if (run->result->unsure)
		return;
	for (uint32_t i = 0; i < run->slip->file_count; i++)
		(void)object_store_remove(run->store, OBJECT_FILE, run->slip->files[i].object);
	(void)object_store_sync(run->store, OBJECT_FILE);
}

static int begin(struct run *run)
{
	int there = object_store_has(run->store, OBJECT_SLIP, run->slip->batch), r;

	if (there < 0)
		return medium_fail(run, there, NULL);
	if (there == 1)
		return fail(run, OUTCOME_ALREADY_THERE, -EEXIST, NULL);
	r = parse_recipients(run);
	return r < 0 ? r : fits(run);
}

static void leave_witness(struct run *run)
{
	const struct export_job *job = run->job;
	uint8_t id[TRANSFER_ID_SIZE];

	if (!job->witness)
		return;
	witness_id(job->witness_salt, run->slip->medium, id);
	run->result->witness_error =
		witness_write(run->store, id, job->witness, job->witness_length, run->recipients,
			      run->recipient_count);
}

int export_run(const struct export_job *job, struct export_result *result)
{
	struct run run = { .job = job, .store = job->store, .slip = job->slip, .result = result };
	int r;

	*result = (struct export_result){ 0 };
	r = begin(&run);
	if (r < 0)
		return r;
	r = write_objects(&run);
	if (r == 0)
		r = publish_objects(&run);
	if (r == 0)
		r = commit(&run);
	if (r < 0) {
		undo(&run);
		return r;
	}
	result->committed = true;
	leave_witness(&run);
	return 0;
}
