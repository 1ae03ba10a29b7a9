// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/transfer/batch.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "policy/lang/utf8.h"

void transfer_digest(const void *bytes, size_t length, uint8_t digest[static TRANSFER_DIGEST])
{
	crypto_generichash(digest, TRANSFER_DIGEST, bytes, length, NULL, 0);
}

void transfer_id_format(const uint8_t id[static TRANSFER_ID_SIZE],
			char out[static TRANSFER_ID_TEXT])
{
	sodium_bin2hex(out, TRANSFER_ID_TEXT, id, TRANSFER_ID_SIZE);
}

void transfer_digest_format(const uint8_t digest[static TRANSFER_DIGEST],
			    char out[static TRANSFER_DIGEST_TEXT])
{
	sodium_bin2hex(out, TRANSFER_DIGEST_TEXT, digest, TRANSFER_DIGEST);
}

static const char *characters_flaw(const char *name)
{
	size_t left = strlen(name);

	while (left > 0) {
		uint32_t character;
		size_t size = utf8_decode(name, left, &character);

		if (size == 0)
			return "its name is not UTF-8";
		if (utf8_is_control(character))
			return "its name holds a control character, or one that is not seen";
		name += size;
		left -= size;
	}
	return NULL;
}

static bool is_part(const char *part, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(part, word, length) == 0;
}

const char *transfer_name_flaw(const char *name)
{
	size_t length = strlen(name), escapes = 0;

	if (length == 0)
		return "it has no name";
	if (length >= TRANSFER_NAME_SIZE)
		return "its name, with its folders, is longer than 511 bytes";
	for (const char *at = name; *at; at++)
		escapes += *at == '"' || *at == '\\';
	if (length + escapes > 1000)
		return "its name has too many quotation marks and backslashes";
	for (const char *part = name;; part++) {
		size_t size = strcspn(part, "/");

		if (size == 0 || is_part(part, size, ".") || is_part(part, size, ".."))
			return "its name is not a plain path below a folder";
		part += size;
		if (*part == '\0')
			break;
	}
	return characters_flaw(name);
}
