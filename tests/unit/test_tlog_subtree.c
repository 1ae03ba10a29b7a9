// SPDX-License-Identifier: GPL-2.0-or-later
/* Proofs of subtrees, compared with trees computed by the definition of RFC 6962. */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "agent/lib/tlog/tlog_subtree.h"
#include "tests/unit/unit.h"

#define LEAVES 70

static struct tlog_hash leaves[LEAVES];

static void naive(uint64_t start, uint64_t end, struct tlog_hash *root)
{
	struct tlog_hash left, right;
	uint64_t k = 1;

	if (end - start == 1) {
		*root = leaves[start];
		return;
	}
	while (k * 2 < end - start)
		k *= 2;
	naive(start, start + k, &left);
	naive(start + k, end, &right);
	tlog_hash_node(root, &left, &right);
}

static int node(void *data, unsigned int level, uint64_t index, struct tlog_hash *hash)
{
	/* Only subtrees that lie inside the tree may be asked for. */
	if ((index + 1) << level > *(uint64_t *)data)
		return -ERANGE;
	naive(index << level, (index + 1) << level, hash);
	return 0;
}

static void setup(void)
{
	for (uint8_t i = 0; i < LEAVES; i++)
		tlog_hash_leaf(&leaves[i], &i, 1);
}

START_TEST(every_subtree_proves)
{
	struct tlog_proof proof;
	struct tlog_hash sub, root, other = { { 1 } };
	unsigned int proved = 0;

	for (uint64_t size = 1; size <= LEAVES; size++) {
		struct tlog_source source = { node, &size };

		naive(0, size, &root);
		for (uint64_t start = 0; start < size; start++)
			for (uint64_t end = start + 1; end <= size; end++) {
				if (!tlog_subtree_valid(start, end, size)) {
					ck_assert_int_eq(tlog_subtree_prove(&source, start, end,
									    size, &proof),
							 -EINVAL);
					continue;
				}
				ck_assert_int_eq(
					tlog_subtree_prove(&source, start, end, size, &proof), 0);
				naive(start, end, &sub);
				ck_assert_int_eq(
					tlog_subtree_check(&proof, start, end, &sub, size, &root),
					0);
				ck_assert_int_eq(
					tlog_subtree_check(&proof, start, end, &other, size, &root),
					-EBADMSG);
				ck_assert_int_eq(
					tlog_subtree_check(&proof, start, end, &sub, size, &other),
					-EBADMSG);
				proved++;
			}
	}
	ck_assert_uint_gt(proved, 4000);
}
END_TEST

START_TEST(damaged_proofs_fail)
{
	uint64_t size = 61;
	struct tlog_source source = { node, &size };
	struct tlog_proof proof, bad;
	struct tlog_hash sub, root;

	naive(0, size, &root);
	for (uint64_t start = 0; start < size; start += 8) {
		uint64_t end = start + 8 < size ? start + 8 : size;

		naive(start, end, &sub);
		ck_assert_int_eq(tlog_subtree_prove(&source, start, end, size, &proof), 0);
		for (uint32_t i = 0; i < proof.count; i++) {
			bad = proof;
			bad.hashes[i].bytes[31] ^= 1;
			ck_assert_int_eq(tlog_subtree_check(&bad, start, end, &sub, size, &root),
					 -EBADMSG);
		}
		bad = proof;
		bad.count--;
		ck_assert_int_eq(tlog_subtree_check(&bad, start, end, &sub, size, &root), -EBADMSG);
		bad = proof;
		memset(&bad.hashes[bad.count++], 0, sizeof(bad.hashes[0]));
		ck_assert_int_eq(tlog_subtree_check(&bad, start, end, &sub, size, &root), -EBADMSG);
	}
}
END_TEST

START_TEST(impossible_places_fail)
{
	struct tlog_proof proof = { 0 };
	struct tlog_hash hash = { { 0 } };

	ck_assert_int_eq(tlog_subtree_check(&proof, 0, 0, &hash, 0, &hash), -EBADMSG);
	ck_assert_int_eq(tlog_subtree_check(&proof, 1, 3, &hash, 4, &hash), -EBADMSG);
	ck_assert_int_eq(tlog_subtree_check(&proof, 0, 5, &hash, 4, &hash), -EBADMSG);
	ck_assert_int_eq(tlog_subtree_check(&proof, 0, UINT64_MAX, &hash, UINT64_MAX, &hash),
			 -EBADMSG);
	/* The whole tree needs no proof. */
	ck_assert_int_eq(tlog_subtree_check(&proof, 0, 4, &hash, 4, &hash), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tlog_subtree");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, every_subtree_proves);
	tcase_add_test(tcase, damaged_proofs_fail);
	tcase_add_test(tcase, impossible_places_fail);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
