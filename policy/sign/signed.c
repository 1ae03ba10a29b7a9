// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/signed.h"
#include "policy/sign/text.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>

#define DASHES	      "-----"
#define DIGEST_PREFIX "sha256:"

__attribute__((format(printf, 3, 4))) static int fail(int error, char *reason, const char *format,
						      ...)
{
	va_list args;

	va_start(args, format);
	text_vput(reason, SIGNED_REASON_SIZE, format, args);
	va_end(args);
	return error;
}

static bool begins_with(const uint8_t *bytes, size_t length, const char *prefix)
{
	size_t n = strlen(prefix);

	return length >= n && memcmp(bytes, prefix, n) == 0;
}

static size_t line_end(const uint8_t *bytes, size_t length, size_t at)
{
	const uint8_t *newline = memchr(bytes + at, '\n', length - at);

	return newline ? (size_t)(newline - bytes) : length;
}

/* Finds the end of the text and counts its lines. */
static int find_text(const uint8_t *bytes, size_t length, size_t *text_length, uint32_t *lines,
		     char *reason)
{
	size_t at = 0, end;

	for (*lines = 0; at < length; at = end + 1, ++*lines) {
		end = line_end(bytes, length, at);
		if (begins_with(bytes + at, end - at, DASHES)) {
			if (end < length && end - at == strlen(SSHSIG_BEGIN) &&
			    begins_with(bytes + at, end - at, SSHSIG_BEGIN))
				break;
			return fail(-EBADMSG, reason,
				    "line %u begins like a line of an SSH signature, but is not "
				    "exactly '%s'. The file was damaged, or not made by "
				    "'airgap-policy sign' or 'attach'.",
				    *lines + 1, SSHSIG_BEGIN);
		}
		if (end == length)
			return fail(-EBADMSG, reason,
				    "line %u, the last, does not end with a newline. End it before "
				    "anybody signs the file.",
				    *lines + 1);
	}
	if (at == 0)
		return fail(-EBADMSG, reason, "there is no text, so nothing to sign or to verify.");
	*text_length = at;
	return 0;
}

int signed_text(const uint8_t *bytes, size_t length, size_t *text_length,
		char reason[static SIGNED_REASON_SIZE])
{
	uint32_t lines;

	return find_text(bytes, length, text_length, &lines, reason);
}

static uint32_t count_lines(const uint8_t *bytes, size_t length)
{
	uint32_t lines = 0;
	size_t i;

	for (i = 0; i < length; i++)
		lines += bytes[i] == '\n';
	return lines;
}

static int read_blocks(struct signed_file *file, const uint8_t *bytes, size_t length, uint32_t line,
		       char *reason)
{
	uint8_t blob[SSHSIG_BLOB_MAX];
	struct signed_block *block;
	size_t used = 0, blob_length = 0;
	enum sshsig_flaw flaw;

	while (length > 0) {
		if (!begins_with(bytes, length, SSHSIG_BEGIN))
			return fail(-EBADMSG, reason,
				    "line %u: something other than a signature follows the last "
				    "signature. Remove it.",
				    line);
		if (file->count == SIGNED_BLOCKS_MAX)
			return fail(-EFBIG, reason,
				    "line %u: more than %d signatures. Keep those that are needed.",
				    line, SIGNED_BLOCKS_MAX);
		block = &file->blocks[file->count];
		flaw = sshsig_unarmour(bytes, length, &used, blob, &blob_length);
		if (flaw == SSHSIG_SOUND)
			flaw = sshsig_parse(&block->sig, blob, blob_length);
		if (flaw != SSHSIG_SOUND)
			return fail(-EBADMSG, reason, "signature %u (line %u) %s.", file->count + 1,
				    line, sshsig_flaw_text(flaw));
		block->line = line;
		file->count++;
		line += count_lines(bytes, used);
		bytes += used;
		length -= used;
	}
	return 0;
}

int signed_split(struct signed_file *file, const uint8_t *bytes, size_t length,
		 enum sign_namespace ns, char reason[static SIGNED_REASON_SIZE])
{
	size_t max = namespace_text_max(ns);
	uint32_t lines;
	int error;

	memset(file, 0, sizeof(*file));
	if (length > max + SIGNED_ARMOUR_MAX)
		return fail(-EFBIG, reason,
			    "the file is larger than %zu bytes, the most that a text "
			    "of this kind and its signatures may have.",
			    max + SIGNED_ARMOUR_MAX);
	error = find_text(bytes, length, &file->text_length, &lines, reason);
	if (error)
		return error;
	if (file->text_length > max)
		return fail(-EFBIG, reason, "the text is larger than %zu bytes.", max);
	file->text = bytes;
	crypto_hash_sha256(file->digest, file->text, file->text_length);
	if (file->text_length == length)
		return fail(-ENOKEY, reason,
			    "the file has no signature. Sign it with "
			    "'airgap-policy sign', or add signatures with 'airgap-policy attach'.");
	return read_blocks(file, bytes + file->text_length, length - file->text_length, lines + 1,
			   reason);
}

int signed_verify(const struct signed_file *file, enum sign_namespace ns,
		  char reason[static SIGNED_REASON_SIZE])
{
	char fingerprint[SSHKEY_FINGERPRINT_SIZE];
	const struct signed_block *block;
	struct sshsig_message message;
	enum sshsig_flaw flaw;
	uint32_t i;

	if (file->count == 0)
		return fail(-EKEYREJECTED, reason, "the file has no signature.");
	sshsig_message_init(&message, file->text, file->text_length);
	for (i = 0; i < file->count; i++) {
		block = &file->blocks[i];
		flaw = sshsig_verify(&block->sig, &message, ns);
		if (flaw == SSHSIG_SOUND)
			continue;
		sshkey_fingerprint(&block->sig.key, fingerprint);
		if (flaw == SSHSIG_FLAW_OTHER_NAMESPACE)
			return fail(
				-EKEYREJECTED, reason,
				"signature %u (line %u, key %s) was made for '%s', and this file "
				"needs '%s'. Sign again with 'ssh-keygen -Y sign -n %s'.",
				i + 1, block->line, fingerprint, block->sig.name,
				namespace_name(ns), namespace_name(ns));
		return fail(-EKEYREJECTED, reason,
			    "signature %u (line %u, key %s) %s. Get the file again from whoever "
			    "signed it, or have it signed again.",
			    i + 1, block->line, fingerprint, sshsig_flaw_text(flaw));
	}
	return 0;
}

void signed_digest_format(const uint8_t digest[static SIGNED_DIGEST_SIZE],
			  char out[static SIGNED_DIGEST_TEXT])
{
	memcpy(out, DIGEST_PREFIX, strlen(DIGEST_PREFIX));
	sodium_bin2hex(out + strlen(DIGEST_PREFIX), SIGNED_DIGEST_TEXT - strlen(DIGEST_PREFIX),
		       digest, SIGNED_DIGEST_SIZE);
}

bool signed_digest_parse(uint8_t digest[static SIGNED_DIGEST_SIZE], const char *text)
{
	char again[SIGNED_DIGEST_TEXT];
	size_t n = strlen(DIGEST_PREFIX), length = strlen(text), got = 0;

	if (length != SIGNED_DIGEST_TEXT - 1 || memcmp(text, DIGEST_PREFIX, n) != 0 ||
	    sodium_hex2bin(digest, SIGNED_DIGEST_SIZE, text + n, length - n, NULL, &got, NULL) != 0)
		return false;
	signed_digest_format(digest, again);
	return got == SIGNED_DIGEST_SIZE && strcmp(again, text) == 0;
}
