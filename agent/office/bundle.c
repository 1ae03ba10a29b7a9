// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/bundle.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/age/age_stream.h"
#include "agent/office/inbox.h"

#define HEAD_LINE_MAX 48

int bundle_next(const uint8_t *data, size_t size, size_t *at, struct bundle_section *section)
{
	size_t left = size - *at, line, digits;
	const uint8_t *start = data + *at, *newline, *blank;
	uint64_t length = 0;

	if (left == 0)
		return 0;
	newline = memchr(start, '\n', left < HEAD_LINE_MAX ? left : HEAD_LINE_MAX);
	if (!newline)
		return -EBADMSG;
	line = (size_t)(newline - start);
	blank = memrchr(start, ' ', line);
	if (!blank || blank == start || (size_t)(blank - start) >= sizeof(section->name))
		return -EBADMSG;
	digits = (size_t)(newline - blank) - 1;
	if (digits == 0 || digits > 12 || (digits > 1 && blank[1] == '0'))
		return -EBADMSG;
	for (const uint8_t *p = blank + 1; p < newline; p++) {
		if (*p < '0' || *p > '9')
			return -EBADMSG;
		length = length * 10 + (uint64_t)(*p - '0');
	}
	if (length > left - line - 1)
		return -EBADMSG;
	memcpy(section->name, start, (size_t)(blank - start));
	section->name[blank - start] = 0;
	if (strlen(section->name) != (size_t)(blank - start))
		return -EBADMSG;
	section->data = newline + 1;
	section->length = (size_t)length;
	*at += line + 1 + (size_t)length;
	return 1;
}

static int add_body(struct bundle *bundle, const struct bundle_section *section)
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
	struct bundle_section section;
	size_t at = 0;
	int r;

	*bundle = (struct bundle){ 0 };
	r = bundle_next(data, size, &at, &section);
	if (r != 1 || strcmp(section.name, "airgap-bundle 1") != 0 || section.length != 0)
		return -EBADMSG;
	r = bundle_next(data, size, &at, &bundle->checkpoint);
	if (r != 1 || strcmp(bundle->checkpoint.name, "checkpoint") != 0)
		return -EBADMSG;
	while ((r = bundle_next(data, size, &at, &section)) == 1) {
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
	}
	return 0;
}

static int put(char **text, size_t *length, const char *name, const char *data, size_t size)
{
	char head[HEAD_LINE_MAX + 1];
	int n = snprintf(head, sizeof(head), "%s %zu\n", name, size);
	char *more = realloc(*text, *length + (size_t)n + size);

	if (!more)
		return -ENOMEM;
	*text = more;
	memcpy(more + *length, head, (size_t)n);
	if (size > 0)
		memcpy(more + *length + n, data, size);
	*length += (size_t)n + size;
	return 0;
}

static int plain_answer(struct store *store, const struct store_terminal *terminal, char **text,
			size_t *length)
{
	json_t *json = inbox_json(store, terminal->id, true);
	char *note = NULL, *inbox = json ? json_dumps(json, JSON_COMPACT) : NULL;
	size_t size = 0;
	int r = store_head_note(store, terminal->id, false, &note, &size);

	json_decref(json);
	*text = NULL;
	*length = 0;
	if (r == 0 || r == -ENOENT) {
		r = put(text, length, "airgap-answer 1", "", 0);
		if (r == 0 && note)
			r = put(text, length, "checkpoint", note, size);
		if (r == 0)
			r = inbox ? put(text, length, "inbox", inbox, strlen(inbox)) : -ENOMEM;
	}
	free(note);
	free(inbox);
	return r;
}

int bundle_answer(struct store *store, const struct store_terminal *terminal, uint8_t **data,
		  size_t *length)
{
	struct age_recipient recipient;
	char *text = NULL;
	size_t size = 0;
	int r = plain_answer(store, terminal, &text, &size);

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
