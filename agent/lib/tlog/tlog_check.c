// SPDX-License-Identifier: GPL-2.0-or-later
/* Checking proofs, step by step as RFC 9162 says, and their text. */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "agent/lib/tlog/tlog.h"
#include "policy/sign/base64.h"

/* 32 bytes as base64, with a newline. */
#define LINE_LENGTH 45

int tlog_check_inclusion(const struct tlog_proof *proof, uint64_t index, uint64_t size,
			 const struct tlog_hash *leaf, const struct tlog_hash *root)
{
	struct tlog_hash hash = *leaf;
	uint64_t node = index, last = size - 1;

	if (size > INT64_MAX || index >= size || proof->count > TLOG_PROOF_MAX)
		return -EBADMSG;
	for (uint32_t i = 0; i < proof->count; i++) {
		if (last == 0)
			return -EBADMSG;
		if ((node & 1) || node == last) {
			tlog_hash_node(&hash, &proof->hashes[i], &hash);
			/* At the right edge, levels without a sibling are passed over. */
			while (!(node & 1) && node != 0) {
				node >>= 1;
				last >>= 1;
			}
		} else {
			tlog_hash_node(&hash, &hash, &proof->hashes[i]);
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 && tlog_hash_same(&hash, root) ? 0 : -EBADMSG;
}

/*
 * Of two trees with 0 < old < size: the roots that the proof makes of both. A complete old tree is a node
 * of the new one; its root is not sent, and @first is read.
 */
static int follow_growth(const struct tlog_proof *proof, uint64_t old, uint64_t size,
			 struct tlog_hash *first, struct tlog_hash *second)
{
	bool complete = (old & (old - 1)) == 0;
	uint64_t node = old - 1, last = size - 1;
	uint32_t i = 0;

	if (proof->count == 0 || proof->count > TLOG_PROOF_MAX)
		return -EBADMSG;
	if (!complete)
		*first = proof->hashes[i++];
	*second = *first;
	while (node & 1) {
		node >>= 1;
		last >>= 1;
	}
	for (; i < proof->count; i++) {
		if (last == 0)
			return -EBADMSG;
		if ((node & 1) || node == last) {
			tlog_hash_node(first, &proof->hashes[i], first);
			tlog_hash_node(second, &proof->hashes[i], second);
			while (!(node & 1) && node != 0) {
				node >>= 1;
				last >>= 1;
			}
		} else {
			tlog_hash_node(second, second, &proof->hashes[i]);
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 ? 0 : -EBADMSG;
}

static int check_growth(const struct tlog_proof *proof, uint64_t old,
			const struct tlog_hash *old_root, uint64_t size,
			const struct tlog_hash *root)
{
	struct tlog_hash first = *old_root, second;
	int r = follow_growth(proof, old, size, &first, &second);

	if (r < 0)
		return r;
	return tlog_hash_same(&first, old_root) && tlog_hash_same(&second, root) ? 0 : -EBADMSG;
}

bool tlog_check_contradicts(const struct tlog_proof *proof, uint64_t old,
			    const struct tlog_hash *old_root, uint64_t size,
			    const struct tlog_hash *root)
{
	struct tlog_hash first = *old_root, second;

	return size <= INT64_MAX && old > 0 && old < size &&
	       follow_growth(proof, old, size, &first, &second) == 0 &&
	       tlog_hash_same(&second, root) && !tlog_hash_same(&first, old_root);
}

int tlog_check_consistency(const struct tlog_proof *proof, uint64_t old,
			   const struct tlog_hash *old_root, uint64_t size,
			   const struct tlog_hash *root)
{
	struct tlog_hash empty;

	if (size > INT64_MAX || old > size)
		return -EBADMSG;
	if (old > 0 && old < size)
		return check_growth(proof, old, old_root, size, root);
	if (proof->count != 0)
		return -EBADMSG;
	if (old == size)
		return tlog_hash_same(old_root, root) ? 0 : -EBADMSG;
	tlog_hash_empty(&empty);
	return tlog_hash_same(old_root, &empty) ? 0 : -EBADMSG;
}

size_t tlog_check_format(const struct tlog_proof *proof, char text[static TLOG_PROOF_TEXT_SIZE])
{
	size_t length = 0;

	for (uint32_t i = 0; i < proof->count; i++) {
		sodium_bin2base64(text + length, LINE_LENGTH, proof->hashes[i].bytes,
				  TLOG_HASH_SIZE, sodium_base64_VARIANT_ORIGINAL);
		length += LINE_LENGTH;
		text[length - 1] = '\n';
	}
	text[length] = 0;
	return length;
}

int tlog_check_parse(const char *text, size_t length, struct tlog_proof *proof)
{
	proof->count = 0;
	if (length % LINE_LENGTH != 0 || length / LINE_LENGTH > TLOG_PROOF_MAX)
		return -EBADMSG;
	for (; length > 0; text += LINE_LENGTH, length -= LINE_LENGTH) {
		struct tlog_hash *hash = &proof->hashes[proof->count++];
		size_t got;

		if (!base64_decode(text, LINE_LENGTH - 1, hash->bytes, TLOG_HASH_SIZE, &got) ||
		    got != TLOG_HASH_SIZE || text[LINE_LENGTH - 1] != '\n')
			return -EBADMSG;
	}
	return 0;
}
