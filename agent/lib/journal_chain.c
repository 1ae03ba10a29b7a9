// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/journal_file.h"

_Static_assert(crypto_generichash_KEYBYTES == JOURNAL_KEY_SIZE, "BLAKE2b-256 keys");
_Static_assert(crypto_hash_sha256_BYTES == JOURNAL_LEAF_SIZE, "SHA-256 leaves");

#define EVOLVE "evolve"

void journal_evolve(uint8_t key[static JOURNAL_KEY_SIZE])
{
	uint8_t next[JOURNAL_KEY_SIZE];

	crypto_generichash(next, sizeof(next), (const uint8_t *)EVOLVE, strlen(EVOLVE), key,
			   JOURNAL_KEY_SIZE);
	memcpy(key, next, sizeof(next));
	sodium_memzero(next, sizeof(next));
}

void journal_mac(uint8_t mac[static JOURNAL_MAC_SIZE], const uint8_t key[static JOURNAL_KEY_SIZE],
		 const void *line, size_t length)
{
	crypto_generichash(mac, JOURNAL_MAC_SIZE, line, length, key, JOURNAL_KEY_SIZE);
}

void journal_leaf(uint8_t leaf[static JOURNAL_LEAF_SIZE], const void *line, size_t length)
{
	static const uint8_t prefix = 0;
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, &prefix, 1);
	crypto_hash_sha256_update(&state, line, length);
	crypto_hash_sha256_final(&state, leaf);
}

enum journal_fault journal_chain_step(struct journal_chain *chain, const char *line, size_t length,
				      struct journal_head *head)
{
	uint8_t mac[JOURNAL_MAC_SIZE];
	struct tlog_hash leaf;

	if (journal_head_parse(line, length, head) < 0)
		return JOURNAL_FAULT_FORM;
	if (head->seq != chain->seq || head->epoch != chain->epoch)
		return JOURNAL_FAULT_ORDER;
	if (!chain->keyless) {
		journal_mac(mac, chain->key, line, head->signed_length);
		if (sodium_memcmp(mac, head->mac, sizeof(mac)) != 0)
			return JOURNAL_FAULT_MAC;
		journal_evolve(chain->key);
	}
	journal_leaf(chain->leaf, line, length);
	memcpy(leaf.bytes, chain->leaf, sizeof(leaf));
	tlog_tree_append(&chain->tree, &leaf);
	chain->seq++;
	chain->offset += (off_t)length + 1;
	return JOURNAL_SOUND;
}

int journal_chain_walk(struct journal_chain *chain, int fd, off_t end, enum journal_fault *fault)
{
	struct journal_reader reader;
	struct journal_head head;
	const char *line;
	size_t length;
	int r;

	*fault = JOURNAL_SOUND;
	r = journal_reader_init(&reader, fd, chain->offset);
	if (r < 0)
		return r;
	while (end == 0 || chain->offset < end) {
		r = journal_reader_next(&reader, &line, &length);
		if (r <= 0)
			break;
		*fault = journal_chain_step(chain, line, length, &head);
		if (*fault != JOURNAL_SOUND)
			break;
	}
	if (r == 0) {
		off_t text = journal_text_end(fd, chain->offset);

		if (text > chain->offset)
			*fault = JOURNAL_FAULT_TAIL;
		r = text < 0 ? (int)text : 0;
	}
	if (r == -EFBIG) {
		*fault = JOURNAL_FAULT_FORM;
		r = 0;
	}
	journal_reader_done(&reader);
	return r < 0 ? r : 0;
}

const char *journal_fault_text(enum journal_fault fault)
{
	static const char *const texts[JOURNAL_FAULT_COUNT] = {
		[JOURNAL_SOUND] = "every entry is sound",
		[JOURNAL_FAULT_TAIL] = "bytes follow the last whole entry",
		[JOURNAL_FAULT_FORM] = "a line is not a journal entry",
		[JOURNAL_FAULT_ORDER] = "an entry is missing, out of order or of another epoch",
		[JOURNAL_FAULT_MAC] = "an entry was altered: its mac does not fit",
	};

	return fault < JOURNAL_FAULT_COUNT ? texts[fault] : "unknown fault";
}

size_t journal_initial_key_format(char text[static JOURNAL_INITIAL_KEY_SIZE], uint64_t epoch,
				  const uint8_t key[static JOURNAL_KEY_SIZE])
{
	char hex[2 * JOURNAL_KEY_SIZE + 1];
	int length;

	sodium_bin2hex(hex, sizeof(hex), key, JOURNAL_KEY_SIZE);
	length = snprintf(text, JOURNAL_INITIAL_KEY_SIZE, "epoch %" PRIu64 " key %s\n", epoch, hex);
	sodium_memzero(hex, sizeof(hex));
	return (size_t)length;
}

int journal_initial_key_parse(const char *text, size_t length, struct journal_chain *chain)
{
	char again[JOURNAL_INITIAL_KEY_SIZE], hex[2 * JOURNAL_KEY_SIZE + 1] = "";
	int r = 0;

	*chain = (struct journal_chain){ 0 };
	/* Whatever is accepted must also be what formatting it gives: no second form. */
	/* NOLINTNEXTLINE(cert-err34-c): a number out of range does not format to the same text */
	if (sscanf(text, "epoch %" SCNu64 " key %64[0-9a-f]", &chain->epoch, hex) != 2 ||
	    sodium_hex2bin(chain->key, sizeof(chain->key), hex, strlen(hex), NULL, NULL, NULL) !=
		    0 ||
	    journal_initial_key_format(again, chain->epoch, chain->key) != length ||
	    memcmp(again, text, length) != 0)
		r = -EBADMSG;
	sodium_memzero(again, sizeof(again));
	sodium_memzero(hex, sizeof(hex));
	return r;
}

int journal_initial_key_read(const char *path, struct journal_chain *chain)
{
	uint8_t *text;
	size_t length;
	int r;

	*chain = (struct journal_chain){ 0 };
	r = file_read(path, JOURNAL_INITIAL_KEY_SIZE, &text, &length);
	if (r < 0)
		return r;
	r = journal_initial_key_parse((const char *)text, length, chain);
	sodium_memzero(text, length);
	free(text);
	return r;
}
