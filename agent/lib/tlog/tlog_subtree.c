// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/tlog/tlog_subtree.h"

#include <errno.h>

#define SIZE_LIMIT (UINT64_C(1) << TLOG_LEVELS)

bool tlog_subtree_valid(uint64_t start, uint64_t end, uint64_t size)
{
	uint64_t width = 1;

	if (start >= end || end > size || size >= SIZE_LIMIT)
		return false;
	while (width < end - start)
		width <<= 1;
	return start % width == 0;
}

/* Largest power of two below @n, which is at least 2. */
static uint64_t split(uint64_t n)
{
	return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

/* Root of the leaves @start up to @end, which begin where a tree of that many leaves may. */
static int range_root(const struct tlog_source *source, uint64_t start, uint64_t end,
		      struct tlog_hash *root)
{
	struct tlog_hash left, right;
	uint64_t n = end - start;
	int r;

	if (n == 0)
		return -EINVAL;
	if ((n & (n - 1)) == 0)
		return source->node(source->data, (unsigned int)__builtin_ctzll(n), start / n,
				    root);
	r = range_root(source, start, start + split(n), &left);
	if (r == 0)
		r = range_root(source, start + split(n), end, &right);
	if (r == 0)
		tlog_hash_node(root, &left, &right);
	return r;
}

/* The steps from the whole tree down to the subtree, outermost first. */
struct step {
	uint64_t start, end; /* of the sibling that goes into the proof */
};

int tlog_subtree_prove(const struct tlog_source *source, uint64_t start, uint64_t end,
		       uint64_t size, struct tlog_proof *proof)
{
	struct step steps[TLOG_PROOF_MAX];
	uint64_t from = 0, to = size, k;
	uint32_t count = 0;
	bool known = true; /* the verifier has the root of what is left */
	int r = 0;

	if (!tlog_subtree_valid(start, end, size))
		return -EINVAL;
	while (from != start || to != end) {
		k = from + split(to - from);
		if (end <= k) {
			steps[count++] = (struct step){ k, to };
			to = k;
		} else {
			/* Either all of it lies to the right, or its left part is just [from, k). */
			if (start < k) {
				known = false;
				start = k;
			}
			steps[count++] = (struct step){ from, k };
			from = k;
		}
	}
	if (!known)
		steps[count++] = (struct step){ from, to };
	proof->count = count;
	for (uint32_t i = 0; r == 0 && i < count; i++)
		r = range_root(source, steps[count - 1 - i].start, steps[count - 1 - i].end,
			       &proof->hashes[i]);
	return r;
}

/* Places of the subtree's first leaf, its last one, and the tree's last one, level by level. */
struct places {
	uint64_t first, last, tree;
};

static void up(struct places *p)
{
	p->first >>= 1;
	p->last >>= 1;
	p->tree >>= 1;
}

int tlog_subtree_check(const struct tlog_proof *proof, uint64_t start, uint64_t end,
		       const struct tlog_hash *node, uint64_t size, const struct tlog_hash *root)
{
	struct places p = { start, end - 1, size - 1 };
	struct tlog_hash inner, outer;
	uint32_t i = 0;

	if (!tlog_subtree_valid(start, end, size) || proof->count > TLOG_PROOF_MAX)
		return -EBADMSG;
	while (p.first != p.last && (p.last == p.tree || p.last & 1))
		up(&p);
	if (p.first == p.last)
		inner = *node;
	else if (proof->count > 0)
		inner = proof->hashes[i++];
	else
		return -EBADMSG;
	outer = inner;
	for (; i < proof->count; i++) {
		if (p.tree == 0)
			return -EBADMSG;
		if (p.last & 1 || p.last == p.tree) {
			if (p.first < p.last)
				tlog_hash_node(&inner, &proof->hashes[i], &inner);
			tlog_hash_node(&outer, &proof->hashes[i], &outer);
			while (!(p.last & 1))
				up(&p);
		} else {
			tlog_hash_node(&outer, &outer, &proof->hashes[i]);
		}
		up(&p);
	}
	return p.tree == 0 && tlog_hash_same(&inner, node) && tlog_hash_same(&outer, root)
		       ? 0
		       : -EBADMSG;
}
