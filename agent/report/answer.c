// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/answer.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A decimal number without leading zero, then a newline; @at moves on. */
static bool take_number(const char **at, const char *end, uint64_t *value)
{
	const char *p = *at;

	*value = 0;
	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		if (*value > (uint64_t)INT64_MAX / 10 - 1)
			return false;
		*value = *value * 10 + (uint64_t)(*p - '0');
	}
	if (p == *at || p == end || *p != '\n' || (**at == '0' && p != *at + 1))
		return false;
	*at = p + 1;
	return true;
}

int answer_size(const char *body, size_t length, uint64_t *size)
{
	const char *at = body, *end = body + length;

	return take_number(&at, end, size) && at == end ? 0 : -EBADMSG;
}

int answer_mirror_info(const char *body, size_t length, uint64_t *pending, uint64_t *next)
{
	const char *at = body, *end = body + length;

	if (!take_number(&at, end, pending) || !take_number(&at, end, next))
		return -EBADMSG;
	return end - at == 1 && *at == '\n' && *next <= *pending ? 0 : -EBADMSG;
}

int answer_receipt(const struct upload_head *head, const struct tlog_key *office, const char *body,
		   size_t length, char note[static UPLOAD_NOTE_MAX], size_t *note_length,
		   uint64_t *time)
{
	struct tlog_checkpoint checkpoint;
	struct tlog_note parsed;
	int r;

	if (length == 0 || head->length + length >= UPLOAD_NOTE_MAX || memchr(body, 0, length))
		return -EBADMSG;
	memcpy(note, head->note, head->length);
	memcpy(note + head->length, body, length);
	*note_length = head->length + length;
	note[*note_length] = 0;
	r = tlog_checkpoint_open(note, *note_length, &head->log, &checkpoint, &parsed);
	if (r == 0)
		r = tlog_note_verify(&parsed, office, time);
	return r;
}

/* Answers are one object, with one list of flat objects in it at most. */
static json_t *load(const char *body, size_t length)
{
	size_t depth = 0;
	json_t *json, *version;

	/* The library follows nesting by recursion. Brackets in strings count too: they come in none. */
	for (size_t i = 0; i < length; i++) {
		depth += body[i] == '{' || body[i] == '[';
		if (body[i] == '}' || body[i] == ']')
			depth -= depth > 0;
		if (depth > 3)
			return NULL;
	}
	json = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
	version = json_object_get(json, "v");
	if (!json_is_integer(version) || json_integer_value(version) != 1) {
		json_decref(json);
		return NULL;
	}
	return json;
}

static bool take_hex(const json_t *json, const char *name, uint8_t *out, size_t size)
{
	const json_t *member = json_object_get(json, name);
	const char *text = json_string_value(member);
	size_t used = 0;

	return text && json_string_length(member) == 2 * size &&
	       sodium_hex2bin(out, size, text, 2 * size, NULL, &used, NULL) == 0 && used == size;
}

int answer_enrol(const char *body, size_t length, char id[static ANSWER_ID_SIZE])
{
	uint8_t raw[(ANSWER_ID_SIZE - 1) / 2];
	json_t *json = load(body, length);
	int r = take_hex(json, "id", raw, sizeof(raw)) ? 0 : -EBADMSG;

	if (r == 0)
		sodium_bin2hex(id, ANSWER_ID_SIZE, raw, sizeof(raw));
	json_decref(json);
	return r;
}

int answer_registered(const char *body, size_t length, char note[static OFFICE_NOTE_MAX])
{
	json_t *json = load(body, length), *member = json_object_get(json, "initial_key");
	const char *text = json_string_value(member);
	int r = 0;

	note[0] = 0;
	if (!json || (text && json_string_length(member) >= OFFICE_NOTE_MAX))
		r = -EBADMSG;
	else if (text)
		strcpy(note, text);
	json_decref(json);
	return r;
}

static bool take_document(const json_t *json, struct answer_document *document)
{
	const json_t *id = json_object_get(json, "id"), *size = json_object_get(json, "length");
	const char *kind = json_string_value(json_object_get(json, "kind"));
	static const char *const kinds[] = { "list", "table", "policy", "order", "card" };

	if (!json_is_integer(id) || json_integer_value(id) < 0 || !json_is_integer(size) ||
	    json_integer_value(size) <= 0 || !kind ||
	    (size_t)json_integer_value(size) > ANSWER_DOCUMENT_SIZE ||
	    !take_hex(json, "digest", document->digest, sizeof(document->digest)))
		return false;
	document->id = (uint64_t)json_integer_value(id);
	document->length = (uint64_t)json_integer_value(size);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kind, kinds[i]) == 0) {
			snprintf(document->kind, sizeof(document->kind), "%s", kind);
			return true;
		}
	return false;
}

static int take_list(const json_t *list, struct answer_inbox *inbox)
{
	int r = json_is_array(list) ? 0 : -EBADMSG;

	inbox->count = 0;
	for (size_t i = 0; r == 0 && i < json_array_size(list) && i < ANSWER_DOCUMENTS_MAX; i++) {
		if (take_document(json_array_get(list, i), &inbox->documents[inbox->count]))
			inbox->count++;
		else
			r = -EBADMSG;
	}
	return r;
}

int answer_inbox(const char *body, size_t length, struct answer_inbox *inbox)
{
	json_t *json = load(body, length);
	int r = take_list(json_object_get(json, "documents"), inbox);

	json_decref(json);
	return r;
}

int answer_carried(const char *body, size_t length, struct answer_inbox *inbox, json_t **list)
{
	json_t *json = load(body, length);
	int r;

	*list = json_incref(json_object_get(json, "documents"));
	r = take_list(*list, inbox);
	json_decref(json);
	return r;
}

int answer_file(const json_t *list, uint32_t index, uint8_t **file, size_t *length)
{
	const json_t *member = json_object_get(json_array_get(list, index), "file");
	const char *text = json_string_value(member);
	size_t size = json_string_length(member);

	*file = NULL;
	if (!text || size / 4 * 3 > ANSWER_DOCUMENT_SIZE)
		return -EBADMSG;
	*file = malloc(size / 4 * 3 + 1);
	if (!*file)
		return -ENOMEM;
	if (sodium_base642bin(*file, size / 4 * 3 + 1, text, size, NULL, length, NULL,
			      sodium_base64_VARIANT_ORIGINAL) == 0)
		return 0;
	free(*file);
	*file = NULL;
	return -EBADMSG;
}

void answer_words(const char *body, size_t length, char *words, size_t size)
{
	size_t used = 0;

	for (; used < length && used + 1 < size && body[used] != '\n'; used++)
		words[used] = body[used] >= ' ' && body[used] < 0x7f ? body[used] : '?';
	words[used] = 0;
}
