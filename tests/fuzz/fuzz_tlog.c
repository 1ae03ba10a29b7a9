// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What comes from a log that nobody trusts yet: notes with their signatures, checkpoints, proofs, keys,
 * tile paths and bundles. Every parser sees every input, up to its first NUL where it takes a text.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/tlog/tlog.h"

/* The keys of the seed of zeroes, which sign the corpus: nothing else can. */
static struct tlog_key log_key, witness;
static uint8_t secret[64];

static void make_keys(void)
{
	static const uint8_t seed[32];
	uint8_t public[32];

	crypto_sign_seed_keypair(public, secret, seed);
	MUST(tlog_key_make(&log_key, TLOG_KEY_NOTE, "airgap.test/T-1/0", public) == 0);
	MUST(tlog_key_make(&witness, TLOG_KEY_COSIGNATURE, "office.test", public) == 0);
}

/* Signed anew, the text must give the signature that was accepted: Ed25519 has one. */
static void signature_holds(const struct tlog_note *note, const struct tlog_key *key, uint64_t time)
{
	char line[TLOG_SIGNATURE_LINE_SIZE];
	size_t length = tlog_note_sign(line, key, secret, time, note->text, note->text_length);
	bool found = false;

	MUST(length > 0 && length < sizeof(line));
	for (size_t i = 0; i < note->count; i++) {
		const struct tlog_signature *one = &note->signatures[i];

		found |= one->base64_length + one->name_length + 6 == length &&
			 memcmp(one->name, line + 4, length - 5) == 0;
	}
	MUST(found);
}

static void note_holds(const char *data, size_t size)
{
	struct tlog_checkpoint checkpoint;
	struct tlog_note note;
	uint64_t time = 0;
	int r = tlog_note_parse(data, size, &note);

	MUST(r == 0 || r == -EBADMSG);
	if (r < 0) {
		MUST(tlog_checkpoint_open(data, size, &log_key, &checkpoint, NULL) == -EBADMSG);
		return;
	}
	MUST(note.text == data && note.text_length < size && note.count > 0);
	MUST(note.text[note.text_length - 1] == '\n' && note.text[note.text_length] == '\n');
	for (size_t i = 0; i < note.count; i++) {
		MUST(note.signatures[i].name > note.text + note.text_length);
		MUST(note.signatures[i].base64 + note.signatures[i].base64_length < data + size);
	}
	r = tlog_note_verify(&note, &log_key, NULL);
	if (r == 0)
		signature_holds(&note, &log_key, 0);
	MUST(r == 0 || r == -ENOKEY || r == -EKEYREJECTED);
	r = tlog_note_verify(&note, &witness, &time);
	if (r == 0)
		signature_holds(&note, &witness, time);
	MUST(r == 0 || r == -ENOKEY || r == -EKEYREJECTED);
}

static void checkpoint_holds(const char *data, size_t size)
{
	struct tlog_checkpoint checkpoint;
	char again[TLOG_CHECKPOINT_SIZE];
	size_t length;

	if (tlog_checkpoint_parse(data, size, &checkpoint) < 0)
		return;
	MUST(ENDED(checkpoint.origin) && tlog_key_name_valid(checkpoint.origin));
	MUST(checkpoint.size <= INT64_MAX);
	length = tlog_checkpoint_format(&checkpoint, again);
	MUST(length <= size && memcmp(again, data, length) == 0);
}

/* A proof that is read proves nothing about a tree that it was not made for. */
static void proof_holds(const char *data, size_t size)
{
	char again[TLOG_PROOF_TEXT_SIZE];
	struct tlog_proof proof;
	struct tlog_hash hash;

	if (tlog_check_parse(data, size, &proof) < 0)
		return;
	MUST(proof.count <= TLOG_PROOF_MAX);
	MUST(tlog_check_format(&proof, again) == size && memcmp(again, data, size) == 0);
	tlog_hash_leaf(&hash, "", 0);
	for (uint64_t trees = 2; trees < UINT64_MAX / 5; trees *= 5) {
		MUST(tlog_check_inclusion(&proof, trees / 3, trees, &hash, &hash) == -EBADMSG);
		MUST(tlog_check_consistency(&proof, trees / 3 + 1, &hash, trees, &hash) ==
		     -EBADMSG);
		MUST(!tlog_check_contradicts(&proof, trees / 3 + 1, &hash, trees, &hash));
	}
}

static void texts_hold(const char *text)
{
	char key_text[TLOG_KEY_TEXT_SIZE], path[TLOG_TILE_PATH_SIZE];
	struct tlog_tile tile;
	struct tlog_key key;

	if (tlog_key_parse(text, &key) == 0) {
		MUST(ENDED(key.name) && tlog_key_name_valid(key.name));
		tlog_key_format(&key, key_text);
		MUST(strcmp(key_text, text) == 0);
	}
	if (tlog_tile_parse(text, &tile) == 0) {
		MUST(tlog_tile_path(&tile, path) == (int)strlen(text));
		MUST(strcmp(path, text) == 0);
	}
}

static void bundle_holds(const uint8_t *data, size_t size)
{
	const uint8_t *entry;
	size_t at = 0, length, before = 0;
	int r;

	while ((r = tlog_tile_next_entry(data, size, &at, &entry, &length)) > 0) {
		MUST(entry == data + before + 2 && at == before + 2 + length && at <= size);
		before = at;
	}
	MUST(r == 0 ? at == size : r == -EBADMSG && at == before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	MUST(text);
	if (!log_key.type)
		make_keys();
	memcpy(text, data, size);
	text[size] = 0;
	note_holds(text, size);
	checkpoint_holds(text, size);
	proof_holds(text, size);
	texts_hold(text);
	bundle_holds(data, size);
	free(text);
	return 0;
}
