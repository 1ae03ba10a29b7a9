// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/journal_file.h"
#include "agent/lib/path.h"
#include "agent/transfer/task.h"
#include "agent/transfer/witness.h"

struct signing {
	const struct task *task;
	const struct slip *slip;
};

static int sign(void *context, const uint8_t sha512[static 64], uint8_t signature[static 64],
		uint8_t key[static 32])
{
	const struct signing *signing = context;
	struct channel_packet packet = { .type = CHANNEL_TYPE_COUNT };
	struct channel_signed said;
	struct channel_sign ask;
	int fd, r;

	memcpy(ask.sha512, sha512, sizeof(ask.sha512));
	memcpy(ask.slip, signing->slip->digest, sizeof(ask.slip));
	r = channel_send(signing->task->channel, CHANNEL_SIGN, &ask, -1, true);
	if (r == 0)
		r = channel_receive(signing->task->channel, &packet, &fd, true);
	if (r <= 0)
		return r < 0 ? r : -ECANCELED;
	if (packet.type != CHANNEL_SIGNED)
		return -EPROTO;
	memcpy(&said, packet.body, sizeof(said));
	memcpy(signature, said.signature, sizeof(said.signature));
	memcpy(key, said.key, sizeof(said.key));
	return said.error;
}

/* The terminal's newest checkpoint; NULL: none can be read. */
static uint8_t *read_checkpoint(const struct task *task, size_t *length)
{
	char path[PATH_MAX];
	uint8_t *note = NULL;

	if (path_join(path, task->self->root, PATH_JOURNAL_DIR "/" JOURNAL_FILE_CHECKPOINT) < 0 ||
	    file_read(path, WITNESS_NOTE_MAX, &note, length) < 0)
		return NULL;
	return note;
}

int task_export(int channel, const atomic_bool *cancel, void *argument)
{
	const struct task_export *job = argument;
	const int keep[] = { job->staging, job->root };
	struct channel_result said = { .marked = -1 };
	struct export_result result = { 0 };
	struct object_store store;
	struct own_keys keys = { 0 };
	struct task task;
	int r;

	r = task_begin(&task, channel, cancel, job->self, keep, sizeof(keep) / sizeof(keep[0]));
	if (r < 0)
		return 1;
	r = task_keys(&task, &keys);
	if (r == 0)
		r = object_store_open(&store, job->root, job->filesystem, true, NULL);
	if (r < 0) {
		outcome_set(&said.outcome, outcome_of_medium(r), r, NULL, NULL);
	} else {
		struct signing signing = { &task, job->slip };
		struct export_job export = { .store = &store,
					     .staging = job->staging,
					     .slip = job->slip,
					     .sign = sign,
					     .context = &signing,
					     .witness_salt = keys.salt,
					     .work = &task.work };
		uint8_t *note = read_checkpoint(&task, &export.witness_length);

		export.witness = note;
		export_run(&export, &result);
		free(note);
		object_store_close(&store);
		said.outcome = result.outcome;
		said.committed = result.committed;
		said.size = result.size;
		memcpy(said.slip, result.slip, sizeof(said.slip));
	}
	own_keys_close(&keys);
	return task_end(&task, &said);
}

int task_sweep(int channel, const atomic_bool *cancel, void *argument)
{
	const struct task_sweep *job = argument;
	struct channel_result said = { .marked = -1 };
	struct object_store_swept swept;
	struct object_store store;
	struct task task;
	int r;

	r = task_begin(&task, channel, cancel, job->self, &job->root, 1);
	if (r < 0)
		return 1;
	r = object_store_open(&store, job->root, job->filesystem, true, NULL);
	if (r == 0) {
		said.found = object_store_has(&store, OBJECT_SLIP, job->batch) == 1;
		r = object_store_sweep(&store, job->batch, job->objects, job->count, &swept);
		said.swept = r == 0;
		object_store_close(&store);
	}
	if (r < 0)
		outcome_set(&said.outcome, outcome_of_medium(r), r, NULL, NULL);
	return task_end(&task, &said);
}
