/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transparency logs in the public formats: Merkle trees (RFC 6962, RFC 9162), tiles, checkpoints,
 * signed notes and cosignatures (C2SP: tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature).
 *
 * Pure functions on memory; nothing here opens, keeps or allocates anything. Whoever has hashes or
 * tiles somewhere gives a reader. sodium_init() comes first. What is read is untrusted: every size is
 * bounded, and 0 is returned only for what was fully understood.
 *
 *	tlog_hash.c	leaves, nodes, the right edge of a growing tree
 *	tlog_proof.c	making proofs;  tlog_check.c  checking them, and their text
 *	tlog_tile.c	tiles and entry bundles
 *	tlog_key.c	names, key ids, verifier keys
 *	tlog_note.c	signed notes and cosignatures;  tlog_checkpoint.c  what logs sign
 */
#ifndef AIRGAP_LIB_TLOG_TLOG_H
#define AIRGAP_LIB_TLOG_TLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLOG_HASH_SIZE 32

/* SHA-256 */
struct tlog_hash {
	uint8_t bytes[TLOG_HASH_SIZE];
};

/* --- trees --- */

/* tlog_hash_empty - root of the tree without leaves */
void tlog_hash_empty(struct tlog_hash *root);

/* tlog_hash_leaf - SHA-256(0x00, entry); for a journal's line that is journal_leaf() */
void tlog_hash_leaf(struct tlog_hash *leaf, const void *entry, size_t length);

/* tlog_hash_node - SHA-256(0x01, left, right); @node may be one of them */
void tlog_hash_node(struct tlog_hash *node, const struct tlog_hash *left,
		    const struct tlog_hash *right);

bool tlog_hash_same(const struct tlog_hash *a, const struct tlog_hash *b);

/* Sizes are below 2^63, as file offsets and JSON numbers are. */
#define TLOG_LEVELS 63

/* The right edge: enough to append and to know the root. All zero is the empty tree. */
struct tlog_tree {
	uint64_t size;
	/* edge[i]: root of 2^i leaves, the complete subtree that ends the tree at this level; holds a
	 * value where bit i of size is set, else zeros */
	struct tlog_hash edge[TLOG_LEVELS];
};

/* tlog_tree_append - one more leaf; at size 2^63 - 1 nothing happens and the program's logs end */
void tlog_tree_append(struct tlog_tree *tree, const struct tlog_hash *leaf);

void tlog_tree_root(const struct tlog_tree *tree, struct tlog_hash *root);

/* --- proofs --- */

/* One more than any proof for sizes below 2^63 has. */
#define TLOG_PROOF_MAX 64

struct tlog_proof {
	uint32_t count;
	struct tlog_hash hashes[TLOG_PROOF_MAX]; /* in the order of RFC 6962 */
};

/**
 * Reads nodes of a stored tree. node() sets @hash to the root of the complete subtree over leaves
 * index * 2^level up to (index + 1) * 2^level, and returns 0 or -errno. It is asked only for subtrees
 * that lie inside the tree whose proof is made.
 */
struct tlog_source {
	int (*node)(void *data, unsigned int level, uint64_t index, struct tlog_hash *hash);
	void *data;
};

/* All three: 0; -EINVAL: sizes out of order; -errno of the source. */

/* tlog_proof_root - root of the tree of the first @size leaves */
int tlog_proof_root(const struct tlog_source *source, uint64_t size, struct tlog_hash *root);

/* tlog_proof_inclusion - leaf @index (below @size) is in the tree of @size leaves */
int tlog_proof_inclusion(const struct tlog_source *source, uint64_t index, uint64_t size,
			 struct tlog_proof *proof);

/* tlog_proof_consistency - the first @old leaves (at most @size; 0 and @size: an empty proof) */
int tlog_proof_consistency(const struct tlog_source *source, uint64_t old, uint64_t size,
			   struct tlog_proof *proof);

/* Both: 0, or -EBADMSG: this does not prove it. RFC 9162, sections 2.1.3.2 and 2.1.4.2. */

int tlog_check_inclusion(const struct tlog_proof *proof, uint64_t index, uint64_t size,
			 const struct tlog_hash *leaf, const struct tlog_hash *root);

/* tlog_check_consistency - with @old 0 any root may follow, with an empty proof */
int tlog_check_consistency(const struct tlog_proof *proof, uint64_t old,
			   const struct tlog_hash *old_root, uint64_t size,
			   const struct tlog_hash *root);

/**
 * tlog_check_contradicts - does @proof lead to @root from another tree of @old leaves than @old_root?
 *
 * Then whoever signed @root says of the first @old leaves something else than @old_root does. A proof
 * that is merely wrong leads to no such root: false. With a power of two as @old always false, since
 * such a proof does not hold the tree that it starts from.
 */
bool tlog_check_contradicts(const struct tlog_proof *proof, uint64_t old,
			    const struct tlog_hash *old_root, uint64_t size,
			    const struct tlog_hash *root);

/* A proof as text: a line of base64 for each hash, as in the witness protocol. */
#define TLOG_PROOF_TEXT_SIZE (TLOG_PROOF_MAX * 45 + 1)

/* tlog_check_format - returns the length */
size_t tlog_check_format(const struct tlog_proof *proof, char text[static TLOG_PROOF_TEXT_SIZE]);

/* tlog_check_parse - the whole of @text; 0 or -EBADMSG */
int tlog_check_parse(const char *text, size_t length, struct tlog_proof *proof);

/* --- tiles (height 8) --- */

#define TLOG_TILE_WIDTH 256
#define TLOG_TILE_SIZE	(TLOG_TILE_WIDTH * TLOG_HASH_SIZE)

/* level 0 has leaves; each hash of a higher level is the root of a full tile below. */
struct tlog_tile {
	bool entries;	/* an entry bundle; then level is 0 */
	uint32_t level; /* at most 7: beyond it no size below 2^63 has a tile */
	uint32_t width; /* 1 to 256; less than 256: partial */
	uint64_t index;
};

/* tlog_tile_path - "tile/0/x001/x234/067.p/8", "tile/entries/000"; returns its length, or -EINVAL */
#define TLOG_TILE_PATH_SIZE 64
int tlog_tile_path(const struct tlog_tile *tile, char path[static TLOG_TILE_PATH_SIZE]);

/* tlog_tile_parse - the path from "tile/" on, in its one spelling; 0 or -EBADMSG */
int tlog_tile_parse(const char *path, struct tlog_tile *tile);

/* tlog_tile_width - of the tile at @level and @index in a tree of @size leaves; 0: there is none */
uint32_t tlog_tile_width(uint64_t size, uint32_t level, uint64_t index);

/* tlog_tile_root - of a full tile: what stands for it one level up */
void tlog_tile_root(const struct tlog_hash hashes[static TLOG_TILE_WIDTH], struct tlog_hash *root);

/**
 * A tree kept as tiles: tlog_tile_source() makes proofs from them.
 *
 * read() gives the first @tile->width hashes of a tile, from the partial or the full tile, and
 * returns 0 or -errno. The last tile of each level is remembered for the next question.
 */
struct tlog_tiles {
	int (*read)(void *data, const struct tlog_tile *tile, struct tlog_hash *hashes);
	void *data;
	uint64_t size;		/* leaves for which there are tiles */
	struct tlog_tile known; /* width 0: none */
	struct tlog_hash hashes[TLOG_TILE_WIDTH];
};

struct tlog_source tlog_tile_source(struct tlog_tiles *tiles);

/* Entry bundles: each entry after its length, two bytes, the higher first. */
#define TLOG_ENTRY_MAX 65535

/* tlog_tile_put_entry - append to a bundle of *@used bytes; 0, -EMSGSIZE or -ENOBUFS */
int tlog_tile_put_entry(uint8_t *bundle, size_t size, size_t *used, const void *entry,
			size_t length);

/* tlog_tile_next_entry - the entry at *@at, which moves on; 1; 0: the bundle ends here; -EBADMSG */
int tlog_tile_next_entry(const uint8_t *bundle, size_t size, size_t *at, const uint8_t **entry,
			 size_t *length);

/* --- keys --- */

/* Names of logs and keys with their NUL: printable ASCII without blank and plus. */
#define TLOG_NAME_SIZE 256

enum tlog_key_type {
	TLOG_KEY_NOTE = 0x01,	     /* Ed25519 over the note's text */
	TLOG_KEY_COSIGNATURE = 0x04, /* cosignature/v1: Ed25519 over a time and the text */
};

struct tlog_key {
	char name[TLOG_NAME_SIZE];
	uint8_t type; /* enum tlog_key_type */
	uint32_t id;  /* first four bytes of SHA-256(name, newline, type, public key) */
	uint8_t public[32];
};

bool tlog_key_name_valid(const char *name);

/* tlog_key_make - 0, or -EINVAL: no such type, or no such name */
int tlog_key_make(struct tlog_key *key, enum tlog_key_type type, const char *name,
		  const uint8_t public[static 32]);

/* A verifier key, "NAME+ID+BASE64", without newline. tlog_key_parse() returns 0 or -EBADMSG. */
#define TLOG_KEY_TEXT_SIZE (TLOG_NAME_SIZE + 64)
void tlog_key_format(const struct tlog_key *key, char text[static TLOG_KEY_TEXT_SIZE]);
int tlog_key_parse(const char *text, struct tlog_key *key);

/* --- signed notes --- */

/* More signatures, and longer notes, are refused. */
#define TLOG_SIGNATURES_MAX 32
#define TLOG_NOTE_MAX	    65536

struct tlog_signature {
	const char *name;
	size_t name_length;
	const char *base64; /* of key id and signature */
	size_t base64_length;
};

/* A note taken apart; points into it. */
struct tlog_note {
	const char *text; /* its last newline included */
	size_t text_length;
	size_t count;
	struct tlog_signature signatures[TLOG_SIGNATURES_MAX];
};

/* tlog_note_parse - form only, no signature is verified; 0 or -EBADMSG */
int tlog_note_parse(const char *data, size_t length, struct tlog_note *note);

/**
 * tlog_note_verify - is the note signed with @key?
 * @time: of a cosignature, UNIX seconds (of several the latest), else 0; may be NULL
 *
 * Returns 0; -ENOKEY: there is no signature with its name and id; -EKEYREJECTED: there is one, and
 * it is wrong. Signatures of other keys are ignored.
 */
int tlog_note_verify(const struct tlog_note *note, const struct tlog_key *key, uint64_t *time);

/* A signature's line with newline and NUL. A note is its text, a newline, and such lines. */
#define TLOG_SIGNATURE_LINE_SIZE (TLOG_NAME_SIZE + 128)

/**
 * tlog_note_sign - make a signature's line
 * @secret: Ed25519 as libsodium has it: seed and public key; @key is its public half
 * @text: the note's text, or the checkpoint to be cosigned; ends with a newline
 * @time: of a cosignature, UNIX seconds; not used otherwise
 *
 * Returns the line's length; 0: @text is too long to be a checkpoint (cosignatures only).
 */
size_t tlog_note_sign(char line[static TLOG_SIGNATURE_LINE_SIZE], const struct tlog_key *key,
		      const uint8_t secret[static 64], uint64_t time, const char *text,
		      size_t length);

/* --- checkpoints --- */

struct tlog_checkpoint {
	char origin[TLOG_NAME_SIZE];
	uint64_t size;
	struct tlog_hash root;
};

/* tlog_checkpoint_format - its text, as it is signed; returns the length */
#define TLOG_CHECKPOINT_SIZE (TLOG_NAME_SIZE + 80)
size_t tlog_checkpoint_format(const struct tlog_checkpoint *checkpoint,
			      char text[static TLOG_CHECKPOINT_SIZE]);

/* tlog_checkpoint_parse - a note's text. Extension lines are allowed and ignored. 0 or -EBADMSG */
int tlog_checkpoint_parse(const char *text, size_t length, struct tlog_checkpoint *checkpoint);

/**
 * tlog_checkpoint_open - a signed checkpoint of the log that @key is of
 * @note: may be NULL; else set, for further signatures on it
 *
 * Returns 0; -EBADMSG: no checkpoint, or of another origin than @key names; as tlog_note_verify().
 */
int tlog_checkpoint_open(const char *data, size_t length, const struct tlog_key *key,
			 struct tlog_checkpoint *checkpoint, struct tlog_note *note);

#endif
