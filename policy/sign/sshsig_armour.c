// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/sshsig.h"
#include "policy/sign/base64.h"

#include <string.h>

struct line {
	const uint8_t *start;
	size_t length; /* without the newline */
};

/* The next line of @text from *@at, which then stands after its newline; false without newline. */
static bool next_line(const uint8_t *text, size_t length, size_t *at, struct line *line)
{
	size_t end = *at;

	while (end < length && text[end] != '\n')
		end++;
	if (end == length)
		return false;
	line->start = text + *at;
	line->length = end - *at;
	*at = end + 1;
	return true;
}

static bool line_is(const struct line *line, const char *text)
{
	return line->length == strlen(text) && memcmp(line->start, text, line->length) == 0;
}

/*
 * Gathers the base64 of the lines up to the END line. All lines have the first one's length; only
 * the last may be shorter.
 */
static enum sshsig_flaw gather(const uint8_t *text, size_t length, size_t *at,
			       char out[static BASE64_TEXT_MAX], size_t *out_length)
{
	size_t width = 0, last = 0, have = 0;
	struct line line;

	while (next_line(text, length, at, &line)) {
		if (line_is(&line, SSHSIG_END)) {
			*out_length = have;
			return have ? SSHSIG_SOUND : SSHSIG_FLAW_LINE;
		}
		if (line.length > 0 && line.start[0] == '-')
			return SSHSIG_FLAW_END;
		if (line.length == 0 || line.length > SSHSIG_LINE_MAX || last != width)
			return SSHSIG_FLAW_LINE;
		if (width == 0)
			width = line.length;
		last = line.length;
		if (last > width)
			return SSHSIG_FLAW_LINE;
		if (have + last > BASE64_TEXT_MAX)
			return SSHSIG_FLAW_LARGE;
		memcpy(out + have, line.start, last);
		have += last;
	}
	return SSHSIG_FLAW_END;
}

enum sshsig_flaw sshsig_unarmour(const uint8_t *text, size_t length, size_t *used,
				 uint8_t blob[static SSHSIG_BLOB_MAX], size_t *blob_length)
{
	char base64[BASE64_TEXT_MAX];
	size_t at = 0, base64_length = 0;
	enum sshsig_flaw flaw;
	struct line line;

	if (!next_line(text, length, &at, &line) || !line_is(&line, SSHSIG_BEGIN))
		return SSHSIG_FLAW_BEGIN;
	flaw = gather(text, length, &at, base64, &base64_length);
	if (flaw != SSHSIG_SOUND)
		return flaw;
	if (base64_length > SSHSIG_BLOB_MAX / 3 * 4)
		return SSHSIG_FLAW_LARGE;
	if (!base64_decode(base64, base64_length, blob, SSHSIG_BLOB_MAX, blob_length))
		return SSHSIG_FLAW_BASE64;
	*used = at;
	return SSHSIG_SOUND;
}
