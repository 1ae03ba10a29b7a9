// SPDX-License-Identifier: GPL-2.0-or-later
/* Making proofs: RFC 6962, section 2.1, in its own terms. */
#include <errno.h>

#include "agent/lib/tlog/tlog.h"

/* Size of the left subtree of a tree of @size > 1 leaves: the largest power of two below it. */
static uint64_t left_of(uint64_t size)
{
	return UINT64_C(1) << (63 - __builtin_clzll(size - 1));
}

/*
 * Root over @size leaves from @start on. Trees are always cut at powers of two, so every part that is
 * itself complete begins at a multiple of its size, and is a node of the source.
 */
static int range(const struct tlog_source *source, uint64_t start, uint64_t size,
		 struct tlog_hash *root)
{
	struct tlog_hash right;
	uint64_t left;
	int r;

	if ((size & (size - 1)) == 0) {
		unsigned int level = (unsigned int)__builtin_ctzll(size);

		return source->node(source->data, level, start >> level, root);
	}
	left = left_of(size);
	r = range(source, start, left, root);
	if (r == 0)
		r = range(source, start + left, size - left, &right);
	if (r == 0)
		tlog_hash_node(root, root, &right);
	return r;
}

int tlog_proof_root(const struct tlog_source *source, uint64_t size, struct tlog_hash *root)
{
	if (size > INT64_MAX)
		return -EINVAL;
	if (size == 0) {
		tlog_hash_empty(root);
		return 0;
	}
	return range(source, 0, size, root);
}

/* Hashes are found from the root down and stand in a proof from the leaf up. */
static void reverse(struct tlog_proof *proof)
{
	for (uint32_t i = 0; i < proof->count / 2; i++) {
		struct tlog_hash hash = proof->hashes[i];

		proof->hashes[i] = proof->hashes[proof->count - 1 - i];
		proof->hashes[proof->count - 1 - i] = hash;
	}
}

int tlog_proof_inclusion(const struct tlog_source *source, uint64_t index, uint64_t size,
			 struct tlog_proof *proof)
{
	uint64_t start = 0;
	int r = 0;

	proof->count = 0;
	if (size > INT64_MAX || index >= size)
		return -EINVAL;
	while (r == 0 && size > 1) {
		uint64_t left = left_of(size);
		struct tlog_hash *hash = &proof->hashes[proof->count++];

		if (index - start < left) {
			r = range(source, start + left, size - left, hash);
			size = left;
		} else {
			r = range(source, start, left, hash);
			start += left;
			size -= left;
		}
	}
	reverse(proof);
	return r;
}

int tlog_proof_consistency(const struct tlog_source *source, uint64_t old, uint64_t size,
			   struct tlog_proof *proof)
{
	uint64_t start = 0;
	bool whole = true; /* the part at hand is all of the old tree, whose root is known */
	int r = 0;

	proof->count = 0;
	if (size > INT64_MAX || old > size)
		return -EINVAL;
	if (old == 0 || old == size)
		return 0;
	while (r == 0 && old < size) {
		uint64_t left = left_of(size);
		struct tlog_hash *hash = &proof->hashes[proof->count++];

		if (old <= left) {
			r = range(source, start + left, size - left, hash);
			size = left;
		} else {
			r = range(source, start, left, hash);
			start += left;
			old -= left;
			size -= left;
			whole = false;
		}
	}
	if (r == 0 && !whole)
		r = range(source, start, size, &proof->hashes[proof->count++]);
	reverse(proof);
	return r;
}
