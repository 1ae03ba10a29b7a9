// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * transfer-text: texts of a transfer, for tests with other people's tools.
 *
 *	transfer-text manifest|card|slip-text       print one
 *	transfer-text approval UNTIL NONCE          one that ends at UNIX time UNTIL; NONCE: a byte
 *	transfer-text slip NUMBER                   a slip, signed by the key of seed NUMBER
 *	transfer-text public NUMBER                 that key, as OpenSSH has it
 *	transfer-text digest <FILE                  BLAKE2b-256 of the text without its signatures
 *	transfer-text spoil NUMBER <SLIP            change each byte in turn; print what is said of it
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/sign/sshkey.h"
#include "policy/transfer/approval.h"
#include "policy/transfer/card.h"
#include "policy/transfer/slip.h"

#define INPUT_MAX   (64 * 1024)
#define RECIPIENT_A "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
#define RECIPIENT_B "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z"

static char input[INPUT_MAX];

static void make_manifest(struct manifest *manifest)
{
	struct manifest_file file = { .name = "minutes/july.odt", .type = "odt", .size = 48211 };

	*manifest = (struct manifest){
		.batch = { 0x4b, 0x0d, 0x8f },
		.direction = TRANSFER_OUT,
		.created = 1796117400,
		.terminal = "T-00417",
		.unit = "7.2.15",
		.level = "mimi",
		.term = "10 years",
		.basis = "list of 2024, item 12",
		.requester = "novak",
	};
	memset(file.digest, 0x3f, sizeof(file.digest));
	manifest_add(manifest, &file);
	strcpy(file.name, "会议纪要.pdf");
	strcpy(file.type, "pdf");
	manifest_add(manifest, &file);
}

static void make_slip(struct slip *slip)
{
	struct manifest manifest;
	size_t length;
	char *text;

	make_manifest(&manifest);
	if (manifest_print(&manifest, &text, &length) || slip_from_manifest(&manifest, slip))
		abort();
	free(text);
	manifest_free(&manifest);
	strcpy(slip->from, "7.2.14");
	slip->created = 1796118300;
	memset(slip->medium, 0x9f, sizeof(slip->medium));
	slip->sequence = 12;
	memset(slip->counter, 0x77, sizeof(slip->counter));
	slip->entry = 4711;
	slip->recipient_count = 2;
	strcpy(slip->recipients[0], RECIPIENT_A);
	strcpy(slip->recipients[1], RECIPIENT_B);
	slip->approval_count = 1;
	strcpy(slip->approvals[0].key, "so-1");
	strcpy(slip->approvals[0].person, "J. Kovac");
	for (uint32_t i = 0; i < slip->file_count; i++) {
		memset(slip->files[i].object, (int)(0x50 + i), sizeof(slip->files[i].object));
		memset(slip->files[i].sealed, (int)(0x80 + i), sizeof(slip->files[i].sealed));
		slip->files[i].sealed_size = slip->files[i].file.size + 432;
	}
}

static int put(int error, char *text, size_t length)
{
	if (!error)
		fwrite(text, 1, length, stdout);
	free(text);
	return error ? 1 : 0;
}

static int put_manifest(void)
{
	struct manifest manifest;
	size_t length = 0;
	char *text = NULL;
	int ret;

	make_manifest(&manifest);
	ret = manifest_print(&manifest, &text, &length);
	manifest_free(&manifest);
	return put(ret, text, length);
}

static int put_card(void)
{
	struct card card = {
		.unit = "7.2.15",
		.number = 3,
		.from = 1796083200,
		.until = 1811807999,
		.recipient_count = 2,
		.recipients = { { RECIPIENT_A, "mimi", 3 }, { RECIPIENT_B, "neibu", 1 } },
	};
	char text[CARD_TEXT_MAX];

	if (card_print(&card, text) < 0)
		return 1;
	fputs(text, stdout);
	return 0;
}

static int put_approval(const char *until, const char *nonce)
{
	struct approval approval = {
		.batch = { 0x4b, 0x0d, 0x8f },
		.nonce = { (uint8_t)atoi(nonce), 1 },
		.direction = TRANSFER_OUT,
		.until = atoll(until),
		.unit = "7.2.15",
		.level = "mimi",
		.requester = "novak",
	};
	char text[APPROVAL_TEXT_MAX];
	struct manifest manifest;
	size_t length;
	char *printed;

	make_manifest(&manifest);
	if (manifest_print(&manifest, &printed, &length))
		return 1;
	memcpy(approval.manifest, manifest.digest, sizeof(approval.manifest));
	free(printed);
	manifest_free(&manifest);
	if (approval_print(&approval, text) < 0)
		return 1;
	fputs(text, stdout);
	return 0;
}

static void make_key(const char *number, uint8_t secret[static 64], uint8_t public[static 32])
{
	uint8_t seed[32];

	memset(seed, atoi(number), sizeof(seed));
	crypto_sign_seed_keypair(public, secret, seed);
}

static int put_slip(const char *number)
{
	uint8_t secret[64], public[32], sha512[64], data[SLIP_SIGNED_DATA], signature[64];
	size_t length = 0, file_length = 0;
	char *text = NULL, *file = NULL;
	struct slip slip;
	int ret;

	make_slip(&slip);
	ret = slip_print(&slip, &text, &length);
	slip_free(&slip);
	if (ret || !number)
		return put(ret, text, length);
	make_key(number, secret, public);
	slip_hash(text, length, sha512);
	crypto_sign_detached(signature, NULL, data, slip_signed_data(sha512, data), secret);
	ret = slip_attach(text, length, public, signature, &file, &file_length);
	free(text);
	return put(ret, file, file_length);
}

static int put_public(const char *number)
{
	struct sshkey key = { .type = SSHKEY_TYPE_ED25519 };
	char text[SSHKEY_TEXT_SIZE];
	uint8_t secret[64];

	make_key(number, secret, key.point);
	sshkey_format(&key, text);
	puts(text);
	return 0;
}

static int put_digest(void)
{
	size_t length = fread(input, 1, sizeof(input), stdin);
	char text[TRANSFER_DIGEST_TEXT];
	uint8_t digest[TRANSFER_DIGEST];

	transfer_digest(input, document_text_length(input, length), digest);
	transfer_digest_format(digest, text);
	puts(text);
	return 0;
}

/* "OFFSET ERROR REASON", a line a byte; error 0 is a slip that was taken. */
static int spoil(const char *number)
{
	size_t length = fread(input, 1, sizeof(input), stdin);
	char reason[SIGNED_REASON_SIZE];
	uint8_t secret[64], public[32];
	struct slip slip;

	make_key(number, secret, public);
	for (size_t i = 0; i < length; i++) {
		int ret;

		input[i] ^= 1;
		ret = slip_verify((uint8_t *)input, length, public, &slip, reason);
		printf("%zu %s %s\n", i, ret ? strerrorname_np(-ret) : "0", reason);
		slip_free(&slip);
		input[i] ^= 1;
	}
	return 0;
}

int main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "";

	if (sodium_init() < 0)
		return 2;
	if (argc == 2 && strcmp(what, "manifest") == 0)
		return put_manifest();
	if (argc == 2 && strcmp(what, "card") == 0)
		return put_card();
	if (argc == 2 && strcmp(what, "slip-text") == 0)
		return put_slip(NULL);
	if (argc == 2 && strcmp(what, "digest") == 0)
		return put_digest();
	if (argc == 4 && strcmp(what, "approval") == 0)
		return put_approval(argv[2], argv[3]);
	if (argc == 3 && strcmp(what, "slip") == 0)
		return put_slip(argv[2]);
	if (argc == 3 && strcmp(what, "public") == 0)
		return put_public(argv[2]);
	if (argc == 3 && strcmp(what, "spoil") == 0)
		return spoil(argv[2]);
	fputs("usage: transfer-text manifest|card|slip-text|digest | approval UNTIL NONCE | "
	      "slip|public|spoil NUMBER\n",
	      stderr);
	return 2;
}
