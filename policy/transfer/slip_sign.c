// SPDX-License-Identifier: GPL-2.0-or-later
/* The terminal's signature below a slip, as `ssh-keygen -Y verify` reads it (OpenSSH PROTOCOL.sshsig). */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/lex.h"
#include "policy/sign/text.h"
#include "policy/sign/wire.h"
#include "policy/transfer/slip.h"

#define HASH "sha512"
/* ssh-keygen wraps there */
#define LINE 70

/* What stands before the number of the terminal in every slip. */
static const char claim[] = "airgap-slip 1\nslip {\n    terminal   \"";

void slip_hash(const char *text, size_t length, uint8_t sha512[static 64])
{
	crypto_hash_sha512(sha512, (const uint8_t *)text, length);
}

size_t slip_signed_data(const uint8_t sha512[static 64], uint8_t out[static SLIP_SIGNED_DATA])
{
	const char *name = namespace_name(SIGN_NAMESPACE_SLIP);
	size_t at = 6;

	memcpy(out, "SSHSIG", 6);
	at += wire_put_string(out + at, name, strlen(name));
	at += wire_put_u32(out + at, 0);
	at += wire_put_string(out + at, HASH, strlen(HASH));
	at += wire_put_string(out + at, sha512, 64);
	return at;
}

static size_t make_blob(const uint8_t key[static 32], const uint8_t signature[static 64],
			uint8_t out[static SSHSIG_BLOB_MAX])
{
	const char *name = namespace_name(SIGN_NAMESPACE_SLIP);
	const char *type = sshkey_type_name(SSHKEY_TYPE_ED25519);
	struct sshkey public = { .type = SSHKEY_TYPE_ED25519 };
	uint8_t blob[SSHKEY_BLOB_SIZE], inner[128];
	size_t at = 6, length;

	memcpy(public.point, key, sizeof(public.point));
	length = sshkey_blob(&public, blob);
	memcpy(out, "SSHSIG", 6);
	at += wire_put_u32(out + at, 1);
	at += wire_put_string(out + at, blob, length);
	at += wire_put_string(out + at, name, strlen(name));
	at += wire_put_u32(out + at, 0);
	at += wire_put_string(out + at, HASH, strlen(HASH));
	length = wire_put_string(inner, type, strlen(type));
	length += wire_put_string(inner + length, signature, 64);
	return at + wire_put_string(out + at, inner, length);
}

int slip_attach(const char *text, size_t text_length, const uint8_t key[static 32],
		const uint8_t signature[static 64], char **file, size_t *length)
{
	uint8_t sha512[64], data[SLIP_SIGNED_DATA], blob[SSHSIG_BLOB_MAX];
	char base64[SSHSIG_BLOB_MAX * 2];
	size_t at = 0, rest;
	FILE *out;

	*file = NULL;
	slip_hash(text, text_length, sha512);
	if (crypto_sign_verify_detached(signature, data, slip_signed_data(sha512, data), key) != 0)
		return -EKEYREJECTED;
	sodium_bin2base64(base64, sizeof(base64), blob, make_blob(key, signature, blob),
			  sodium_base64_VARIANT_ORIGINAL);
	out = open_memstream(file, length);
	if (!out)
		return -ENOMEM;
	fwrite(text, 1, text_length, out);
	fprintf(out, "%s\n", SSHSIG_BEGIN);
	for (rest = strlen(base64); rest > 0; rest -= rest < LINE ? rest : LINE, at += LINE)
		fprintf(out, "%.*s\n", LINE, base64 + at);
	fprintf(out, "%s\n", SSHSIG_END);
	if (fclose(out) == 0 && *file)
		return 0;
	free(*file);
	*file = NULL;
	return -ENOMEM;
}

int slip_terminal(const uint8_t *bytes, size_t length, char terminal[static TRANSFER_TERMINAL_SIZE],
		  char reason[static SIGNED_REASON_SIZE])
{
	const size_t prefix = sizeof(claim) - 1;
	struct token token;
	struct lexer lexer;
	size_t line;

	memset(terminal, 0, TRANSFER_TERMINAL_SIZE);
	text_put(reason, SIGNED_REASON_SIZE, "it does not begin as a slip does");
	if (length <= prefix || memcmp(bytes, claim, prefix) != 0)
		return -EBADMSG;
	/* The opening quote is read again. */
	line = length - prefix + 1 < LEX_STRING_MAX ? length - prefix + 1 : LEX_STRING_MAX;
	lex_init(&lexer, (const char *)bytes + prefix - 1, line, NULL);
	token = lex_next(&lexer);
	if (token.kind != TOKEN_STRING || token.length == 0 ||
	    token.length >= TRANSFER_TERMINAL_SIZE)
		return -EBADMSG;
	lex_unquote(&token, terminal);
	reason[0] = '\0';
	return 0;
}

/* The last part is a byte, 1 for Ed25519, and the point. */
int slip_key_of_log(const char *log_key, uint8_t key[static 32])
{
	/* No name holds a '+', but the base64 may. */
	const char *base64 = strchr(log_key, '+');
	uint8_t material[33];
	size_t length = 0;

	base64 = base64 ? strchr(base64 + 1, '+') : NULL;
	if (!base64 ||
	    sodium_base642bin(material, sizeof(material), base64 + 1, strlen(base64 + 1), NULL,
			      &length, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    length != sizeof(material) || material[0] != 1)
		return -EINVAL;
	memcpy(key, material + 1, 32);
	return 0;
}

static int check_signer(const struct signed_file *file, const uint8_t key[static 32], char *reason)
{
	const struct sshkey *signer = &file->blocks[0].sig.key;

	if (file->count != 1) {
		text_put(reason, SIGNED_REASON_SIZE,
			 "a slip has one signature, its terminal's; this one has %u", file->count);
		return -EBADMSG;
	}
	if (signer->type != SSHKEY_TYPE_ED25519 ||
	    memcmp(signer->point, key, SSHKEY_POINT_SIZE) != 0) {
		text_put(reason, SIGNED_REASON_SIZE,
			 "the slip is signed by another key than the terminal's in table "
			 "terminals");
		return -EKEYREJECTED;
	}
	return 0;
}

static int parse_text(const struct signed_file *file, struct slip *slip, char *reason)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int ret;

	ret = slip_parse((const char *)file->text, file->text_length, &diags, slip);
	if (ret && diags.count > 0)
		text_put(reason, SIGNED_REASON_SIZE,
			 "the slip is signed well, but line %u is wrong: %s",
			 diags.items[0].at.line, diags.items[0].message);
	else if (ret)
		text_put(reason, SIGNED_REASON_SIZE, "%s", strerror(-ret));
	diag_list_free(&diags);
	return ret;
}

int slip_verify(const uint8_t *bytes, size_t length, const uint8_t key[static 32],
		struct slip *slip, char reason[static SIGNED_REASON_SIZE])
{
	struct signed_file file;
	int ret;

	memset(slip, 0, sizeof(*slip));
	reason[0] = '\0';
	ret = signed_split(&file, bytes, length, SIGN_NAMESPACE_SLIP, reason);
	if (!ret)
		ret = check_signer(&file, key, reason);
	if (!ret)
		ret = signed_verify(&file, SIGN_NAMESPACE_SLIP, reason);
	if (!ret)
		ret = parse_text(&file, slip, reason);
	return ret;
}
