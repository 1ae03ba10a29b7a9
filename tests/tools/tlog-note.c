// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keys and signatures for tests of transparency logs; the key is that of a seed of 32 times NUMBER.
 *
 *	tlog-note key TYPE NAME NUMBER			the verifier key (TYPE: 1 note, 4 cosignature)
 *	tlog-note sign TYPE NAME NUMBER TIME <TEXT	a signature's line
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/tlog/tlog.h"

static int make(char *argv[], struct tlog_key *key, uint8_t secret[static 64])
{
	uint8_t seed[32], public[32];

	memset(seed, atoi(argv[4]), sizeof(seed));
	crypto_sign_seed_keypair(public, secret, seed);
	return tlog_key_make(key, (enum tlog_key_type)atoi(argv[2]), argv[3], public);
}

int main(int argc, char *argv[])
{
	char text[TLOG_KEY_TEXT_SIZE], line[TLOG_SIGNATURE_LINE_SIZE], note[TLOG_NOTE_MAX];
	struct tlog_key key;
	uint8_t secret[64];
	size_t length;

	if (argc < 5 || sodium_init() < 0 || make(argv, &key, secret) < 0) {
		fprintf(stderr, "usage: tlog-note key|sign TYPE NAME NUMBER [TIME]\n");
		return 2;
	}
	if (strcmp(argv[1], "key") == 0) {
		tlog_key_format(&key, text);
		puts(text);
		return 0;
	}
	length = fread(note, 1, sizeof(note), stdin);
	if (tlog_note_sign(line, &key, secret, argc > 5 ? strtoull(argv[5], NULL, 10) : 0, note,
			   length) == 0)
		return 1;
	fputs(line, stdout);
	return 0;
}
