// SPDX-License-Identifier: GPL-2.0-or-later
#include <sodium.h>
#include <string.h>

#include "agent/lib/tlog/tlog.h"

_Static_assert(crypto_hash_sha256_BYTES == TLOG_HASH_SIZE, "SHA-256");
_Static_assert(sizeof(struct tlog_hash) == TLOG_HASH_SIZE, "hashes stand one after the other");

void tlog_hash_empty(struct tlog_hash *root)
{
	crypto_hash_sha256(root->bytes, (const uint8_t *)"", 0);
}

void tlog_hash_leaf(struct tlog_hash *leaf, const void *entry, size_t length)
{
	static const uint8_t prefix = 0;
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, &prefix, 1);
	crypto_hash_sha256_update(&state, entry, length);
	crypto_hash_sha256_final(&state, leaf->bytes);
}

void tlog_hash_node(struct tlog_hash *node, const struct tlog_hash *left,
		    const struct tlog_hash *right)
{
	uint8_t message[1 + 2 * TLOG_HASH_SIZE] = { 1 };

	memcpy(message + 1, left->bytes, TLOG_HASH_SIZE);
	memcpy(message + 1 + TLOG_HASH_SIZE, right->bytes, TLOG_HASH_SIZE);
	crypto_hash_sha256(node->bytes, message, sizeof(message));
}

bool tlog_hash_same(const struct tlog_hash *a, const struct tlog_hash *b)
{
	return memcmp(a->bytes, b->bytes, TLOG_HASH_SIZE) == 0;
}

void tlog_tree_append(struct tlog_tree *tree, const struct tlog_hash *leaf)
{
	struct tlog_hash hash = *leaf;
	unsigned int level = 0;

	if (tree->size >= INT64_MAX)
		return;
	/* As adding one carries over the bits that are set, complete subtrees join. */
	for (; tree->size >> level & 1; level++) {
		tlog_hash_node(&hash, &tree->edge[level], &hash);
		memset(&tree->edge[level], 0, sizeof(tree->edge[level]));
	}
	tree->edge[level] = hash;
	tree->size++;
}

void tlog_tree_root(const struct tlog_tree *tree, struct tlog_hash *root)
{
	bool any = false;

	tlog_hash_empty(root);
	/* From the smallest subtree, at the right, to the largest. */
	for (unsigned int level = 0; level < TLOG_LEVELS; level++) {
		if (!(tree->size >> level & 1))
			continue;
		if (any)
			tlog_hash_node(root, &tree->edge[level], root);
		else
			*root = tree->edge[level];
		any = true;
	}
}
