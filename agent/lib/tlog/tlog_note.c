// SPDX-License-Identifier: GPL-2.0-or-later
/* Signed notes (C2SP signed-note) and the signatures of witnesses on them (C2SP tlog-cosignature). */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/printable.h"
#include "agent/lib/tlog/tlog.h"
#include "policy/sign/base64.h"

/* An em dash and a blank. */
#define DASH "\xe2\x80\x94 "

#define ID_SIZE	  ((size_t)4)
#define TIME_SIZE ((size_t)8)
#define DATA_MAX  (ID_SIZE + TIME_SIZE + crypto_sign_BYTES)

/* A checkpoint, and the head of what a witness signs. */
#define WITNESSED_SIZE 4096

static size_t data_size(const struct tlog_key *key)
{
	return ID_SIZE + (key->type == TLOG_KEY_COSIGNATURE ? TIME_SIZE : 0) + crypto_sign_BYTES;
}

/* One line, its newline not among @length. */
static int parse_signature(const char *line, size_t length, struct tlog_signature *signature)
{
	const size_t dash = strlen(DASH);
	const char *blank;

	if (length < dash || memcmp(line, DASH, dash) != 0)
		return -EBADMSG;
	signature->name = line + dash;
	blank = memchr(signature->name, ' ', length - dash);
	if (!blank || blank == signature->name)
		return -EBADMSG;
	signature->name_length = (size_t)(blank - signature->name);
	signature->base64 = blank + 1;
	signature->base64_length = length - (size_t)(blank + 1 - line);
	/* An id and at least one byte. Whether the rest is base64 matters for known keys only. */
	if (signature->base64_length < 8 || memchr(blank + 1, ' ', signature->base64_length) ||
	    memchr(signature->name, '+', signature->name_length))
		return -EBADMSG;
	return 0;
}

int tlog_note_parse(const char *data, size_t length, struct tlog_note *note)
{
	const char *end = data + length, *at = NULL;

	*note = (struct tlog_note){ .text = data };
	if (length == 0 || length > TLOG_NOTE_MAX || end[-1] != '\n')
		return -EBADMSG;
	for (size_t i = 0, step; i < length; i += step) {
		uint32_t code;

		step = printable_next(data + i, length - i, &code);
		if (step == 0 || (code < ' ' && code != '\n'))
			return -EBADMSG;
		/* The last empty line ends the text. */
		if (i > 0 && code == '\n' && data[i - 1] == '\n')
			at = data + i + 1;
	}
	if (!at || at == end || at - data < 3)
		return -EBADMSG;
	note->text_length = (size_t)(at - 1 - data);
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		if (note->count == TLOG_SIGNATURES_MAX ||
		    parse_signature(at, (size_t)(newline - at), &note->signatures[note->count]) < 0)
			return -EBADMSG;
		note->count++;
		at = newline + 1;
	}
	return 0;
}

static bool is_by(const struct tlog_signature *signature, const struct tlog_key *key)
{
	uint32_t number;
	uint8_t id[6];
	size_t got;

	if (signature->name_length != strlen(key->name) ||
	    memcmp(signature->name, key->name, signature->name_length) != 0)
		return false;
	/* Eight digits of base64 are six bytes. */
	if (!base64_decode(signature->base64, 8, id, sizeof(id), &got) || got != sizeof(id))
		return false;
	memcpy(&number, id, sizeof(number));
	return be32toh(number) == key->id;
}

/*
 * What a witness signs: when it saw the text, and the text. Pure Ed25519 takes its message in one
 * piece. Returns the length; 0: too long for a checkpoint.
 */
static size_t witnessed(char message[static WITNESSED_SIZE], uint64_t time, const char *text,
			size_t length)
{
	int head = snprintf(message, WITNESSED_SIZE, "cosignature/v1\ntime %" PRIu64 "\n", time);

	if (length > WITNESSED_SIZE - (size_t)head)
		return 0;
	memcpy(message + head, text, length);
	return (size_t)head + length;
}

static bool holds(const struct tlog_note *note, const struct tlog_key *key,
		  const struct tlog_signature *signature, uint64_t *time)
{
	char message[WITNESSED_SIZE];
	const char *text = note->text;
	size_t got, length = note->text_length;
	uint8_t data[DATA_MAX];

	*time = 0;
	if (!base64_decode(signature->base64, signature->base64_length, data, sizeof(data), &got) ||
	    got != data_size(key))
		return false;
	if (key->type == TLOG_KEY_COSIGNATURE) {
		memcpy(time, data + ID_SIZE, TIME_SIZE);
		*time = be64toh(*time);
		length = *time > INT64_MAX ? 0 : witnessed(message, *time, text, length);
		text = message;
	}
	return length > 0 &&
	       crypto_sign_verify_detached(data + got - crypto_sign_BYTES, (const uint8_t *)text,
					   length, key->public) == 0;
}

int tlog_note_verify(const struct tlog_note *note, const struct tlog_key *key, uint64_t *time)
{
	uint64_t seen, latest = 0;
	bool found = false;

	for (size_t i = 0; i < note->count; i++) {
		if (!is_by(&note->signatures[i], key))
			continue;
		/* One that is wrong taints the note, whatever others there are. */
		if (!holds(note, key, &note->signatures[i], &seen))
			return -EKEYREJECTED;
		if (seen > latest)
			latest = seen;
		found = true;
	}
	if (time)
		*time = latest;
	return found ? 0 : -ENOKEY;
}

size_t tlog_note_sign(char line[static TLOG_SIGNATURE_LINE_SIZE], const struct tlog_key *key,
		      const uint8_t secret[static 64], uint64_t time, const char *text,
		      size_t length)
{
	char message[WITNESSED_SIZE],
		base64[sodium_base64_ENCODED_LEN(DATA_MAX, sodium_base64_VARIANT_ORIGINAL)];
	const size_t size = data_size(key);
	uint64_t big_time = htobe64(time);
	uint32_t id = htobe32(key->id);
	uint8_t data[DATA_MAX];

	memcpy(data, &id, ID_SIZE);
	if (key->type == TLOG_KEY_COSIGNATURE) {
		memcpy(data + ID_SIZE, &big_time, TIME_SIZE);
		length = witnessed(message, time, text, length);
		text = message;
		if (length == 0)
			return 0;
	}
	crypto_sign_detached(data + size - crypto_sign_BYTES, NULL, (const uint8_t *)text, length,
			     secret);
	sodium_bin2base64(base64, sizeof(base64), data, size, sodium_base64_VARIANT_ORIGINAL);
	return (size_t)snprintf(line, TLOG_SIGNATURE_LINE_SIZE, DASH "%s %s\n", key->name, base64);
}
