// SPDX-License-Identifier: GPL-2.0-or-later
/* The two bodies of the wire, taken apart with bounds. */
#include <errno.h>
#include <string.h>

#include "agent/office/ingest.h"

static int parse_old(const char **at, const char *end, uint64_t *old)
{
	const char *p = *at;
	uint64_t value = 0;

	if (end - p < 6 || memcmp(p, "old ", 4) != 0)
		return -EBADMSG;
	p += 4;
	/* No leading zero. */
	if (*p == '0' && p[1] != '\n')
		return -EBADMSG;
	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		if (value > (UINT64_MAX >> 1) / 10 - 1)
			return -EBADMSG;
		value = value * 10 + (uint64_t)(*p - '0');
	}
	if (p == *at + 4 || p == end || *p != '\n')
		return -EBADMSG;
	*old = value;
	*at = p + 1;
	return 0;
}

int ingest_parse_checkpoint(const char *body, size_t length, struct ingest_request *request)
{
	const char *at = body, *end = body + length, *blank;
	int r = parse_old(&at, end, &request->old);

	if (r < 0 || at == end)
		return -EBADMSG;
	if (*at == '\n') {
		request->proof.count = 0;
		blank = at;
	} else {
		const char *found = memmem(at, (size_t)(end - at), "\n\n", 2);

		if (!found || tlog_check_parse(at, (size_t)(found + 1 - at), &request->proof) < 0)
			return -EBADMSG;
		blank = found + 1;
	}
	request->note = blank + 1;
	request->note_length = (size_t)(end - request->note);
	return request->note_length > 0 && request->note_length <= TLOG_NOTE_MAX ? 0 : -EBADMSG;
}

struct cursor {
	const uint8_t *at;
	size_t left;
};

static bool take(struct cursor *cursor, void *out, size_t length)
{
	if (cursor->left < length)
		return false;
	memcpy(out, cursor->at, length);
	cursor->at += length;
	cursor->left -= length;
	return true;
}

static bool take_number(struct cursor *cursor, unsigned int bytes, uint64_t *value)
{
	uint8_t raw[8];

	if (!take(cursor, raw, bytes))
		return false;
	*value = 0;
	for (unsigned int i = 0; i < bytes; i++)
		*value = *value << 8 | raw[i];
	return true;
}

int ingest_parse_upload(const uint8_t *body, size_t length, struct ingest_upload *upload)
{
	struct cursor cursor = { body, length };
	uint64_t size, ticket;

	if (!take_number(&cursor, 2, &size) || size == 0 || size >= sizeof(upload->origin) ||
	    !take(&cursor, upload->origin, (size_t)size))
		return -EBADMSG;
	upload->origin[size] = 0;
	if (strlen(upload->origin) != size || !tlog_key_name_valid(upload->origin))
		return -EBADMSG;
	if (!take_number(&cursor, 8, &upload->start) || !take_number(&cursor, 8, &upload->end) ||
	    upload->start > upload->end || upload->end > INT64_MAX)
		return -EBADMSG;
	/* The office gives no tickets; whoever has one has it from another mirror. */
	if (!take_number(&cursor, 2, &ticket) || ticket > cursor.left)
		return -EBADMSG;
	upload->packages = cursor.at + ticket;
	upload->length = cursor.left - (size_t)ticket;
	return 0;
}

int ingest_next_package(struct ingest_upload *upload, struct ingest_package *package)
{
	struct cursor cursor = { upload->packages, upload->length };
	uint64_t length, hashes, last;

	if (upload->start == upload->end || upload->length == 0)
		return 0;
	package->bundle = upload->start / STORE_BUNDLE_WIDTH;
	last = (package->bundle + 1) * STORE_BUNDLE_WIDTH;
	package->start = upload->start;
	package->end = last < upload->end ? last : upload->end;
	package->entries = cursor.at;
	for (uint64_t i = package->start; i < package->end; i++) {
		if (!take_number(&cursor, 2, &length) || length > cursor.left)
			return -EBADMSG;
		cursor.at += length;
		cursor.left -= (size_t)length;
	}
	package->entries_length = (size_t)(cursor.at - package->entries);
	if (!take_number(&cursor, 1, &hashes) || hashes >= TLOG_PROOF_MAX)
		return -EBADMSG;
	package->proof.count = (uint32_t)hashes;
	for (uint64_t i = 0; i < hashes; i++)
		if (!take(&cursor, package->proof.hashes[i].bytes, TLOG_HASH_SIZE))
			return -EBADMSG;
	upload->start = package->end;
	upload->packages = cursor.at;
	upload->length = cursor.left;
	return 1;
}
