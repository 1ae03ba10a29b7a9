// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/transfer/quarantine.h"
#include "agent/transfer/task.h"

/* What all ways in share; closed by close_source(). */
struct source {
	struct task task;
	const struct task_import *job;
	struct own_keys keys;
	struct object_store store;
	struct marks_labels labels;
	struct import_source source;
};

static int ask_key(void *context, const char *terminal, uint8_t key[static 32])
{
	const struct task *task = context;
	struct channel_packet packet = { .type = CHANNEL_TYPE_COUNT };
	struct channel_keyed said;
	struct channel_key ask = { 0 };
	int fd, r;

	snprintf(ask.terminal, sizeof(ask.terminal), "%s", terminal);
	r = channel_send(task->channel, CHANNEL_KEY, &ask, -1, true);
	if (r == 0)
		r = channel_receive(task->channel, &packet, &fd, true);
	if (r <= 0)
		return r < 0 ? r : -ECANCELED;
	if (packet.type != CHANNEL_KEYED)
		return -EPROTO;
	memcpy(&said, packet.body, sizeof(said));
	memcpy(key, said.key, sizeof(said.key));
	return said.error;
}

static int open_source(struct source *s, int channel, const atomic_bool *cancel,
		       const struct task_import *job, struct outcome *outcome)
{
	const int keep[] = { job->root, job->staging };
	int r;

	*s = (struct source){ .job = job, .store = { .root = -1, .objects = -1, .witness = -1 } };
	if (task_begin(&s->task, channel, cancel, job->self, keep, 2) < 0)
		_exit(1);
	r = task_keys(&s->task, &s->keys);
	if (r < 0)
		return outcome_set(outcome, OUTCOME_SYSTEM, r, NULL, "keys");
	r = object_store_open(&s->store, job->root, job->filesystem, false, NULL);
	if (r < 0)
		return outcome_set(outcome, outcome_of_medium(r), r, NULL, NULL);
	task_labels(&job->self->settings, &s->labels);
	s->source = (struct import_source){ .store = &s->store,
					    .ring = s->keys.ring,
					    .medium = job->medium,
					    .sequence = job->sequence,
					    .unit = job->self->settings.said.unit,
					    .level = job->self->settings.said.level,
					    .levels = &s->labels,
					    .memory = job->memory,
					    .memory_count = job->memory_count,
					    .key = ask_key,
					    .context = &s->task,
					    .work = &s->task.work };
	return 0;
}

static void close_source(struct source *s)
{
	if (s->store.root >= 0)
		object_store_close(&s->store);
	own_keys_close(&s->keys);
}

static void describe(const struct import_entry *entry, struct channel_entry *out)
{
	const struct slip *slip = &entry->slip;

	*out = (struct channel_entry){ .outcome = entry->outcome, .verified = entry->verified };
	memcpy(out->batch, entry->batch, sizeof(out->batch));
	if (!entry->verified)
		return;
	out->files = slip->file_count;
	out->created = slip->created;
	for (uint32_t i = 0; i < slip->file_count; i++)
		out->size += slip->files[i].file.size;
	snprintf(out->terminal, sizeof(out->terminal), "%s", slip->terminal);
	snprintf(out->unit, sizeof(out->unit), "%s", slip->from);
	snprintf(out->level, sizeof(out->level), "%s", slip->level);
	snprintf(out->requester, sizeof(out->requester), "%s", slip->requester);
}

int task_look(int channel, const atomic_bool *cancel, void *argument)
{
	struct channel_result said = { .marked = -1 };
	struct import_list list = { 0 };
	struct channel_entry one;
	struct source s;
	int r = open_source(&s, channel, cancel, argument, &said.outcome);

	if (r == 0)
		r = import_look(&s.source, &list, &said.outcome);
	for (size_t i = 0; r == 0 && i < list.count; i++) {
		describe(&list.entries[i], &one);
		channel_send(channel, CHANNEL_ENTRY, &one, -1, true);
	}
	said.size = list.others;
	import_list_free(&list);
	close_source(&s);
	return task_end(&s.task, &said);
}

static bool is_suspect(uint32_t reason)
{
	return reason == OUTCOME_OTHER_TYPE || reason == OUTCOME_MARKED_HIGHER ||
	       reason == OUTCOME_SCAN_FOUND || reason == OUTCOME_SCAN_LIMIT ||
	       reason == OUTCOME_UNTYPABLE;
}

/* What was refused for what it holds is kept for the office, encrypted to ourselves. */
static uint32_t keep_suspect(const struct source *s, const struct import_result *result)
{
	int folder = openat(s->job->self->folder, "quarantine", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = staging_file(s->job->staging, result->failed);
	struct quarantine_entry entry = { .kept = time(NULL) };
	char text[AGE_RECIPIENT_TEXT];
	struct age_recipient recipient;
	uint32_t dropped;
	int r = folder < 0 || fd < 0 ? -ENOENT : 0;

	own_keys_current(&s->keys, text);
	if (r == 0)
		r = age_recipient_parse(&recipient, text, strlen(text));
	if (r == 0) {
		memcpy(entry.batch, s->job->batch, sizeof(entry.batch));
		if (result->files && result->failed < result->file_count)
			entry.file = result->files[result->failed].file;
		else
			snprintf(entry.file.name, sizeof(entry.file.name), "%s",
				 result->outcome.about);
		r = quarantine_keep(folder, fd, &recipient, NULL, &result->outcome, &entry,
				    &dropped);
	}
	if (fd >= 0)
		close(fd);
	if (folder >= 0)
		close(folder);
	return r == 0;
}

/* Once: is there a scanner to be believed? Without one the files are read all the same; the core decides. */
static bool has_scanner(const struct source *s, char version[static SCAN_VERSION_SIZE])
{
	struct scan_settings settings = { .work = &s->task.work };
	struct outcome outcome = { 0 };

	return scan_probe(&settings, version, &outcome) == 0;
}

/* What import_run() and import_foreign() found. */
static void say_files(const struct source *s, int r, const struct import_result *result,
		      bool scanned, struct channel_result *said)
{
	said->outcome = result->outcome;
	said->marked = result->level;
	said->scanned = r == 0 && scanned;
	if (r < 0 && is_suspect(result->outcome.reason))
		said->quarantined = keep_suspect(s, result);
	for (uint32_t i = 0; r == 0 && i < result->file_count; i++) {
		struct channel_staged staged = { .number = i, .file = result->files[i] };

		r = channel_send(s->task.channel, CHANNEL_STAGED, &staged, -1, true);
	}
}

static void import_batch(struct source *s, struct channel_result *said)
{
	const struct task_import *job = s->job;
	struct scan_settings scan = { .work = &s->task.work };
	struct filetype *filetype = NULL;
	struct import_result result = { .level = -1 };
	struct import_entry entry = { 0 };
	bool scanner;
	int r = import_slip(&s->source, job->batch, &entry);

	said->outcome = entry.outcome;
	describe(&entry, &said->about);
	if (r == 0 && task_filetype(&s->task, &filetype) < 0)
		r = outcome_set(&said->outcome, OUTCOME_UNTYPABLE, -ENOENT, NULL, NULL);
	if (r == 0) {
		scanner = has_scanner(s, said->scanner);
		struct import_job import = { .source = &s->source,
					     .slip = &entry.slip,
					     .staging = job->staging,
					     .filetype = filetype,
					     .scan = scanner ? &scan : NULL,
					     .keep_free = TASK_KEEP_FREE };

		r = import_run(&import, &result);
		say_files(s, r, &result, scanner, said);
		import_result_free(&result);
		said->entry = entry.slip.entry;
		said->sequence = entry.slip.sequence;
		memcpy(said->counter, entry.slip.counter, sizeof(said->counter));
		memcpy(said->slip, entry.slip.digest, sizeof(said->slip));
		snprintf(said->term, sizeof(said->term), "%s", entry.slip.term);
		snprintf(said->basis, sizeof(said->basis), "%s", entry.slip.basis);
	}
	filetype_close(filetype);
	slip_free(&entry.slip);
}

int task_import(int channel, const atomic_bool *cancel, void *argument)
{
	struct channel_result said = { .marked = -1 };
	struct source s;

	if (open_source(&s, channel, cancel, argument, &said.outcome) == 0)
		import_batch(&s, &said);
	close_source(&s);
	return task_end(&s.task, &said);
}

/* All files, open; names of those of a manifest. */
static int open_files(const struct task_import *job, int *files, const char **names,
		      struct outcome *outcome)
{
	for (uint32_t i = 0; i < job->foreign->file_count; i++) {
		names[i] = job->foreign->files[i].name;
		files[i] = import_open(job->root, names[i], outcome);
		if (files[i] < 0)
			return files[i];
	}
	return 0;
}

static void import_files(struct source *s, struct channel_result *said)
{
	const struct task_import *job = s->job;
	uint32_t count = job->foreign->file_count;
	int *files = calloc(count, sizeof(*files));
	const char **names = calloc(count, sizeof(*names));
	struct scan_settings scan = { .work = &s->task.work };
	struct filetype *filetype = NULL;
	struct import_result result = { .level = -1 };
	int r;

	if (!files || !names)
		r = outcome_set(&said->outcome, OUTCOME_SYSTEM, -ENOMEM, NULL, NULL);
	else
		r = open_files(job, files, names, &said->outcome);
	if (r == 0 && task_filetype(&s->task, &filetype) < 0)
		r = outcome_set(&said->outcome, OUTCOME_UNTYPABLE, -ENOENT, NULL, NULL);
	if (r == 0) {
		bool scanner = has_scanner(s, said->scanner);
		struct import_job import = { .source = &s->source,
					     .staging = job->staging,
					     .filetype = filetype,
					     .scan = scanner ? &scan : NULL,
					     .keep_free = TASK_KEEP_FREE };

		r = import_foreign(&import, files, names, count, &result);
		say_files(s, r, &result, scanner, said);
		import_result_free(&result);
	}
	filetype_close(filetype);
	free(names);
	free(files);
}

int task_foreign(int channel, const atomic_bool *cancel, void *argument)
{
	const struct task_import *job = argument;
	const int keep[] = { job->root, job->staging };
	struct channel_result said = { .marked = -1 };
	struct source s = { .job = job };

	if (task_begin(&s.task, channel, cancel, job->self, keep, 2) < 0)
		return 1;
	s.source.work = &s.task.work;
	task_labels(&job->self->settings, &s.labels);
	s.source.levels = &s.labels;
	if (task_keys(&s.task, &s.keys) < 0)
		outcome_set(&said.outcome, OUTCOME_SYSTEM, -EIO, NULL, "keys");
	else
		import_files(&s, &said);
	own_keys_close(&s.keys);
	return task_end(&s.task, &said);
}
