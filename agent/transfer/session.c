// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/transfer/book.h"

bool session_staged_sound(const struct channel_staged *staged)
{
	const struct staged_file *file = &staged->file;

	return memchr(staged->outcome.about, 0, sizeof(staged->outcome.about)) &&
	       memchr(staged->outcome.detail, 0, sizeof(staged->outcome.detail)) &&
	       staged->outcome.reason < OUTCOME_REASON_COUNT &&
	       memchr(file->file.name, 0, sizeof(file->file.name)) &&
	       memchr(file->file.type, 0, sizeof(file->file.type)) &&
	       memchr(file->marks.text, 0, sizeof(file->marks.text)) &&
	       file->marks.rank < POLICY_LEVELS_MAX;
}

int session_take(struct session *session, struct channel_staged *staged)
{
	struct manifest_file *file = &staged->file.file;
	int r;

	if (!session_staged_sound(staged))
		return outcome_set(&staged->outcome, OUTCOME_UNTYPABLE, 0, session->name, NULL);
	if (staged->outcome.reason != OUTCOME_DONE)
		return -ECANCELED;
	snprintf(file->name, sizeof(file->name), "%s", session->name);
	r = manifest_add(&session->manifest, file);
	if (r < 0)
		return outcome_set(&staged->outcome, r == -ENOMEM ? OUTCOME_SYSTEM : OUTCOME_NAME,
				   r, session->name,
				   r == -EEXIST ? "another file has this name" : NULL);
	session->left -= file->size < session->left ? file->size : session->left;
	if (staged->file.marks.rank > session->marked)
		session->marked = staged->file.marks.rank;
	snprintf(session->marking, sizeof(session->marking), "%s",
		 staged->file.marks.rank >= 0 ? staged->file.marks.text : "");
	return 0;
}

int session_name(struct session *session, const char *name)
{
	struct manifest_file file = { .type = "data" };

	snprintf(file.name, sizeof(file.name), "%s", name);
	return manifest_add(&session->manifest, &file);
}

json_t *session_file_json(const struct session *session)
{
	uint32_t index = session->manifest.file_count - 1;
	const struct manifest_file *file = &session->manifest.files[index];

	return json_pack("{s:{s:i, s:s, s:s, s:I, s:s}}", "file", "index", (int)index, "name",
			 file->name, "type", file->type, "size", (json_int_t)file->size, "marking",
			 session->marking);
}

const char *session_levels(const struct settings *settings)
{
	static char list[1024];
	size_t used = 0;

	list[0] = 0;
	for (uint32_t i = 0; i < settings->said.level_count && used + 80 < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "",
					 settings->said.levels[i]);
	return list;
}

/* "odt, pdf", each once, cut where there are more than fit. */
static void list_types(const struct manifest *manifest, char *out, size_t size)
{
	size_t used = 0;

	out[0] = 0;
	for (uint32_t i = 0; i < manifest->file_count; i++) {
		uint32_t before = 0;

		while (strcmp(manifest->files[before].type, manifest->files[i].type) != 0)
			before++;
		if (before < i || used + TRANSFER_TYPE_SIZE + 2 > size)
			continue;
		used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "",
					 manifest->files[i].type);
	}
}

int session_seal(const struct settings *settings, struct book *book, struct batch *batch,
		 struct manifest *manifest, int32_t marked)
{
	char *text;
	size_t length;
	int r;

	if (marked > settings_level(settings, batch->level) &&
	    marked < (int32_t)settings->said.level_count)
		snprintf(batch->level, sizeof(batch->level), "%.64s",
			 settings->said.levels[marked]);
	memcpy(manifest->batch, batch->id, sizeof(manifest->batch));
	manifest->direction = batch->direction;
	manifest->created = batch->created;
	snprintf(manifest->terminal, sizeof(manifest->terminal), "%s", settings->said.terminal);
	snprintf(manifest->unit, sizeof(manifest->unit), "%s", batch->unit);
	snprintf(manifest->level, sizeof(manifest->level), "%s", batch->level);
	snprintf(manifest->term, sizeof(manifest->term), "%s", batch->term);
	snprintf(manifest->basis, sizeof(manifest->basis), "%s", batch->basis);
	snprintf(manifest->requester, sizeof(manifest->requester), "%s", batch->login);
	r = manifest_print(manifest, &text, &length);
	if (r < 0)
		return r;
	r = book_save_manifest(book, batch, text, length);
	free(text);
	memcpy(batch->manifest, manifest->digest, sizeof(batch->manifest));
	batch->files = manifest->file_count;
	batch->size = manifest_size(manifest);
	list_types(manifest, batch->types, sizeof(batch->types));
	return r;
}
