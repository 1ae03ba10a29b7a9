// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_header.h"

#include <string.h>

#include "agent/lib/age/age_result.h"
#include "policy/sign/base64.h"

#define VERSION_LENGTH (sizeof(AGE_VERSION) - 1)
#define MARK_LENGTH    (sizeof(AGE_MAC_MARK) - 1)

/* What is left to read. */
struct rest {
	const char *at;
	size_t length;
};

/* The next line without its newline; false when none ends within the rest. */
static bool next_line(struct rest *rest, struct age_word *line)
{
	const char *end = memchr(rest->at, '\n', rest->length);

	if (!end)
		return false;
	*line = (struct age_word){ .at = rest->at, .length = (size_t)(end - rest->at) };
	rest->length -= line->length + 1;
	rest->at = end + 1;
	return true;
}

static bool starts_with(const struct rest *rest, const char *text)
{
	size_t length = strlen(text);

	return rest->length >= length && memcmp(rest->at, text, length) == 0;
}

/* The words after "->": each begins with one space and has visible ASCII characters, at least one. */
static bool parse_arguments(struct age_stanza *stanza, const struct age_word *line)
{
	const char *at = line->at, *end = line->at + line->length;

	while (at < end) {
		struct age_word word = { .at = at + 1 };

		if (*at != ' ')
			return false;
		for (at++; at < end && *at != ' '; at++) {
			if (*at < '!' || *at > '~')
				return false;
			word.length++;
		}
		if (word.length == 0)
			return false;
		if (stanza->arg_count < AGE_ARGS_KEPT)
			stanza->args[stanza->arg_count] = word;
		stanza->arg_count++;
	}
	return stanza->arg_count > 0;
}

/*
 * A full line carries AGE_BODY_KEPT bytes and no part of another, so each line can be decoded on its
 * own, and the first is all that is kept.
 */
static bool parse_body(struct age_stanza *stanza, struct rest *rest)
{
	uint8_t bytes[AGE_BODY_KEPT];
	struct age_word line;
	size_t count;

	do {
		if (!next_line(rest, &line) || line.length > AGE_BODY_COLUMNS)
			return false;
		if (!base64_decode_bare(line.at, line.length, bytes, sizeof(bytes), &count))
			return false;
		if (stanza->body_length == 0)
			memcpy(stanza->body, bytes, count);
		stanza->body_length += count;
	} while (line.length == AGE_BODY_COLUMNS);
	return true;
}

static bool parse_stanza(struct age_stanza *stanza, struct rest *rest)
{
	struct age_word line;

	stanza->arg_count = 0;
	stanza->body_length = 0;
	if (!starts_with(rest, "-> ") || !next_line(rest, &line))
		return false;
	line.at += 2;
	line.length -= 2;
	return parse_arguments(stanza, &line) && parse_body(stanza, rest);
}

static bool parse_end(struct age_header *header, struct rest *rest)
{
	struct age_word line;
	size_t count;

	header->mac_covers = (size_t)(rest->at - (const char *)header->bytes) + MARK_LENGTH;
	return starts_with(rest, AGE_MAC_MARK " ") && next_line(rest, &line) &&
	       line.length == MARK_LENGTH + 1 + AGE_MAC_TEXT &&
	       base64_decode_bare(line.at + MARK_LENGTH + 1, AGE_MAC_TEXT, header->mac,
				  sizeof(header->mac), &count) &&
	       count == sizeof(header->mac);
}

int age_header_parse(struct age_header *header, const uint8_t *bytes, size_t available)
{
	struct rest rest = { .at = (const char *)bytes, .length = available };
	struct age_stanza stanza;

	if (rest.length > AGE_HEADER_MAX)
		rest.length = AGE_HEADER_MAX;
	if (!starts_with(&rest, AGE_VERSION))
		return AGE_BAD_HEADER;
	rest.at += VERSION_LENGTH;
	rest.length -= VERSION_LENGTH;
	header->bytes = bytes;
	do {
		if (!parse_stanza(&stanza, &rest))
			return AGE_BAD_HEADER;
	} while (!starts_with(&rest, AGE_MAC_MARK));
	if (!parse_end(header, &rest))
		return AGE_BAD_HEADER;
	header->length = (size_t)(rest.at - (const char *)bytes);
	return 0;
}

bool age_header_next(const struct age_header *header, size_t *at, struct age_stanza *stanza)
{
	size_t from = *at ? *at : VERSION_LENGTH;
	struct rest rest = { .at = (const char *)header->bytes + from,
			     .length = header->length - from };

	if (!parse_stanza(stanza, &rest))
		return false;
	*at = (size_t)(rest.at - (const char *)header->bytes);
	return true;
}

bool age_word_is(const struct age_word *word, const char *text)
{
	return word->length == strlen(text) && memcmp(word->at, text, word->length) == 0;
}
