// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/bundle.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/age/age_stream.h"
#include "agent/office/inbox.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"

static int add_body(struct bundle *bundle, const struct section *section)
{
	struct ingest_body *more;

	if (bundle->count == BUNDLE_SECTIONS_MAX)
		return -EBADMSG;
	more = realloc(bundle->bodies, (bundle->count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	bundle->bodies = more;
	bundle->bodies[bundle->count++] = (struct ingest_body){ section->data, section->length };
	return 0;
}

int bundle_parse(const uint8_t *data, size_t size, struct bundle *bundle)
{
	struct section section;
	size_t at = 0;
	int r;

	*bundle = (struct bundle){ 0 };
	r = section_next(data, size, &at, &section);
	if (r != 1 || strcmp(section.name, "airgap-bundle 1") != 0 || section.length != 0)
		return -EBADMSG;
	r = section_next(data, size, &at, &bundle->checkpoint);
	if (r != 1 || strcmp(bundle->checkpoint.name, "checkpoint") != 0)
		return -EBADMSG;
	while ((r = section_next(data, size, &at, &section)) == 1) {
		r = strcmp(section.name, "entries") == 0 ? add_body(bundle, &section) : -EBADMSG;
		if (r < 0)
			return r;
	}
	return r;
}

void bundle_done(struct bundle *bundle)
{
	free(bundle->bodies);
	*bundle = (struct bundle){ 0 };
}

int bundle_take(const struct ingest *with, const struct bundle *bundle,
		struct ingest_answer *answer)
{
	struct ingest ingest = *with;
	struct ingest_answer part;
	int r;

	ingest.online = false;
	ingest.peer = 0;
	ingest.carried = bundle->bodies;
	ingest.carried_count = bundle->count;
	r = ingest_checkpoint(&ingest, bundle->checkpoint.data, bundle->checkpoint.length, answer);
	if (r < 0 || answer->status != 200 || answer->old)
		return r;
	for (size_t i = 0; i < bundle->count; i++) {
		r = ingest_entries(&ingest, bundle->bodies[i].data, bundle->bodies[i].length,
				   &part);
		if (r < 0)
			return r;
		part.added += answer->added;
		*answer = part;
		if (part.status != 200 && part.status != 202)
			return 0;
		/* Whatever stops here is taken up by the same bundle again. */
		if (with->pause && i + 1 < bundle->count) {
			r = with->pause(with->pause_data);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* Tells the terminal that its first key is safe here, so that it destroys its own copy. */
static int put_sealed(struct store *store, const struct keys *keys,
		      const struct store_terminal *terminal, char **text, size_t *length)
{
	char note[OFFICE_NOTE_MAX];
	size_t size;
	int r = keys_sealed(keys, store, terminal, note, &size);

	return r < 0 ? r : size ? section_put(text, length, "initial-key", note, size) : 0;
}

static int plain_answer(struct store *store, const struct keys *keys,
			const struct store_terminal *terminal, char **text, size_t *length)
{
	json_t *json = inbox_json(store, terminal->id, true);
	char *note = NULL, *inbox = json ? json_dumps(json, JSON_COMPACT) : NULL;
	size_t size = 0;
	int r = store_head_note(store, terminal->id, false, &note, &size);

	json_decref(json);
	*text = NULL;
	*length = 0;
	if (r == 0 || r == -ENOENT) {
		r = section_put(text, length, "airgap-answer 1", "", 0);
		if (r == 0)
			r = put_sealed(store, keys, terminal, text, length);
		if (r == 0 && note)
			r = section_put(text, length, "checkpoint", note, size);
		if (r == 0)
			r = inbox ? section_put(text, length, "inbox", inbox, strlen(inbox))
				  : -ENOMEM;
	}
	free(note);
	free(inbox);
	return r;
}

int bundle_answer(struct store *store, const struct keys *keys,
		  const struct store_terminal *terminal, uint8_t **data, size_t *length)
{
	struct age_recipient recipient;
	char *text = NULL;
	size_t size = 0;
	int r = plain_answer(store, keys, terminal, &text, &size);

	if (r == 0 && terminal->recipient[0]) {
		r = age_recipient_parse(&recipient, terminal->recipient,
					strlen(terminal->recipient));
		if (r == 0)
			r = age_encrypt_buffer(text, size, &recipient, 1, data, length);
	} else if (r == 0) {
		*data = (uint8_t *)text;
		*length = size;
		return 0;
	}
	free(text);
	return r;
}
