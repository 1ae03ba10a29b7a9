// SPDX-License-Identifier: GPL-2.0-or-later
/* C2SP tlog-checkpoint */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/tlog/tlog.h"

#define HASH_BASE64_LENGTH 44

size_t tlog_checkpoint_format(const struct tlog_checkpoint *checkpoint,
			      char text[static TLOG_CHECKPOINT_SIZE])
{
	char root[HASH_BASE64_LENGTH + 1];

	sodium_bin2base64(root, sizeof(root), checkpoint->root.bytes, TLOG_HASH_SIZE,
			  sodium_base64_VARIANT_ORIGINAL);
	return (size_t)snprintf(text, TLOG_CHECKPOINT_SIZE, "%s\n%" PRIu64 "\n%s\n",
				checkpoint->origin, checkpoint->size, root);
}

/* The next line, which must not be empty and not longer than @size - 1; NUL-terminated in @line. */
static const char *take_line(const char *at, const char *end, char *line, size_t size)
{
	const char *newline = at ? memchr(at, '\n', (size_t)(end - at)) : NULL;

	if (!newline || newline == at || (size_t)(newline - at) >= size)
		return NULL;
	memcpy(line, at, (size_t)(newline - at));
	line[newline - at] = 0;
	return newline + 1;
}

int tlog_checkpoint_parse(const char *text, size_t length, struct tlog_checkpoint *checkpoint)
{
	char number[24], root[HASH_BASE64_LENGTH + 1], again[TLOG_CHECKPOINT_SIZE];
	const char *end = text + length, *at;
	size_t written;

	*checkpoint = (struct tlog_checkpoint){ 0 };
	at = take_line(text, end, checkpoint->origin, sizeof(checkpoint->origin));
	at = take_line(at, end, number, sizeof(number));
	at = take_line(at, end, root, sizeof(root));
	/* Digits alone: 19 of them do not overflow. */
	if (!at || strspn(number, "0123456789") != strlen(number) || strlen(number) > 19 ||
	    sodium_base642bin(checkpoint->root.bytes, TLOG_HASH_SIZE, root, strlen(root), NULL,
			      NULL, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return -EBADMSG;
	for (const char *digit = number; *digit; digit++)
		checkpoint->size = checkpoint->size * 10 + (uint64_t)(*digit - '0');
	/* Three lines in the one spelling; what follows them is not empty. */
	written = tlog_checkpoint_format(checkpoint, again);
	if (checkpoint->size > INT64_MAX || !tlog_key_name_valid(checkpoint->origin) ||
	    written != (size_t)(at - text) || memcmp(again, text, written) != 0)
		return -EBADMSG;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		if (!newline || newline == at)
			return -EBADMSG;
		at = newline + 1;
	}
	return 0;
}

int tlog_checkpoint_open(const char *data, size_t length, const struct tlog_key *key,
			 struct tlog_checkpoint *checkpoint, struct tlog_note *note)
{
	struct tlog_note own;
	int r;

	if (!note)
		note = &own;
	r = tlog_note_parse(data, length, note);
	if (r == 0)
		r = tlog_note_verify(note, key, NULL);
	if (r == 0)
		r = tlog_checkpoint_parse(note->text, note->text_length, checkpoint);
	if (r == 0 && strcmp(checkpoint->origin, key->name) != 0)
		r = -EBADMSG;
	return r;
}
