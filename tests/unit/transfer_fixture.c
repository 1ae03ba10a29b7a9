// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/transfer_fixture.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define RECIPIENT_A "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
#define RECIPIENT_B "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z"

static void add(struct manifest *manifest, const char *name, const char *type, uint64_t size)
{
	struct manifest_file file = { .size = size };

	snprintf(file.name, sizeof(file.name), "%s", name);
	snprintf(file.type, sizeof(file.type), "%s", type);
	memset(file.digest, (int)size & 0xff, sizeof(file.digest));
	ck_assert_int_eq(manifest_add(manifest, &file), 0);
}

void transfer_manifest(struct manifest *manifest)
{
	*manifest = (struct manifest){
		.batch = { 0x4b, 0x0d },
		.direction = TRANSFER_OUT,
		.created = 1796117400,
		.terminal = "T-00417",
		.unit = "7.2.15",
		.level = "mimi",
		.term = "10 years",
		.basis = "list of 2024, item 12",
		.requester = "novak",
	};
	add(manifest, "minutes/july.odt", "odt", 48211);
	add(manifest, "会议纪要 \"7\".pdf", "pdf", 7);
}

void transfer_approval(struct approval *approval)
{
	*approval = (struct approval){
		.batch = { 0x4b, 0x0d },
		.nonce = { 0x0f, 0x1e },
		.direction = TRANSFER_OUT,
		.until = 1796146200,
		.unit = "7.2.15",
		.level = "mimi",
		.requester = "novak",
	};
	memset(approval->manifest, 0x3f, sizeof(approval->manifest));
}

void transfer_slip(struct slip *slip)
{
	struct manifest manifest;
	size_t length;
	char *text;

	transfer_manifest(&manifest);
	ck_assert_int_eq(manifest_print(&manifest, &text, &length), 0);
	free(text);
	ck_assert_int_eq(slip_from_manifest(&manifest, slip), 0);
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
	strcpy(slip->approvals[0].key, "so-7a");
	strcpy(slip->approvals[0].person, "J. Kovac");
	slip->approvals[0].nonce[0] = 0x0f;
	for (uint32_t i = 0; i < slip->file_count; i++) {
		memset(slip->files[i].object, (int)(0x50 + i), sizeof(slip->files[i].object));
		memset(slip->files[i].sealed, (int)(0x80 + i), sizeof(slip->files[i].sealed));
		slip->files[i].sealed_size = slip->files[i].file.size + 432;
	}
}

void transfer_card(struct card *card)
{
	*card = (struct card){
		.unit = "7.2.15",
		.number = 3,
		.from = 1796083200,
		.until = 1811807999,
		.recipient_count = 2,
		.recipients = { { RECIPIENT_A, "mimi", 3 }, { RECIPIENT_B, "neibu", 1 } },
	};
}

char *transfer_seal(const char *text, size_t length, uint8_t seed, size_t *file_length,
		    uint8_t key[static 32])
{
	uint8_t seeds[crypto_sign_SEEDBYTES] = { seed }, secret[crypto_sign_SECRETKEYBYTES];
	uint8_t sha512[64], data[SLIP_SIGNED_DATA], signature[64];
	char *file;

	crypto_sign_seed_keypair(key, secret, seeds);
	slip_hash(text, length, sha512);
	crypto_sign_detached(signature, NULL, data, slip_signed_data(sha512, data), secret);
	ck_assert_int_eq(slip_attach(text, length, key, signature, &file, file_length), 0);
	return file;
}
