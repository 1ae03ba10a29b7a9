// SPDX-License-Identifier: GPL-2.0-or-later
/* Trees, proofs and tiles against the definition of RFC 6962, worked out the slow way. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/tlog/tlog.h"
#include "tests/unit/unit.h"

#define SIZE_MAX_TESTED 300

static struct tlog_hash leaves[70000];

static void setup(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	for (uint32_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
		tlog_hash_leaf(&leaves[i], &i, sizeof(i));
}

/* MTH(D[start:start + size]), as RFC 6962 writes it down. */
static struct tlog_hash naive(uint64_t start, uint64_t size)
{
	struct tlog_hash left, right;
	uint64_t half = 1;

	if (size == 0) {
		tlog_hash_empty(&left);
		return left;
	}
	if (size == 1)
		return leaves[start];
	while (half * 2 < size)
		half *= 2;
	left = naive(start, half);
	right = naive(start + half, size - half);
	tlog_hash_node(&left, &left, &right);
	return left;
}

static int naive_node(void *data, unsigned int level, uint64_t index, struct tlog_hash *hash)
{
	const uint64_t *size = data;

	ck_assert_uint_le((index + 1) << level, *size);
	*hash = naive(index << level, UINT64_C(1) << level);
	return 0;
}

static bool same(struct tlog_hash a, struct tlog_hash b)
{
	return tlog_hash_same(&a, &b);
}

/* Known from RFC 6962 and from certificate-transparency's own tests. */
START_TEST(known_hashes)
{
	static const struct {
		size_t length;
		uint8_t bytes[16];
	} inputs[] = {
		{ 0, "" },
		{ 1, { 0 } },
		{ 1, { 0x10 } },
		{ 2, { 0x20, 0x21 } },
		{ 2, { 0x30, 0x31 } },
		{ 4, { 0x40, 0x41, 0x42, 0x43 } },
		{ 8, { 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57 } },
		{ 16,
		  { 0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c,
		    0x6d, 0x6e, 0x6f } },
	};
	static const char *const roots[] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	struct tlog_tree tree = { 0 };

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		struct tlog_hash root, leaf;
		char hex[65];

		tlog_tree_root(&tree, &root);
		sodium_bin2hex(hex, sizeof(hex), root.bytes, sizeof(root));
		ck_assert_str_eq(hex, roots[i]);
		if (i == 8)
			break;
		tlog_hash_leaf(&leaf, inputs[i].bytes, inputs[i].length);
		tlog_tree_append(&tree, &leaf);
	}
}
END_TEST

START_TEST(roots_as_defined)
{
	struct tlog_tree tree = { 0 };

	for (uint64_t size = 0; size <= SIZE_MAX_TESTED; size++) {
		struct tlog_source source = { naive_node, &size };
		struct tlog_hash root, stored;

		tlog_tree_root(&tree, &root);
		ck_assert_uint_eq(tree.size, size);
		ck_assert(same(root, naive(0, size)));
		ck_assert_int_eq(tlog_proof_root(&source, size, &stored), 0);
		ck_assert(same(root, stored));
		tlog_tree_append(&tree, &leaves[size]);
	}
}
END_TEST

/* Every bit of a proof, of the leaf and of the root counts; so do its length and every number. */
static void spoil_inclusion(const struct tlog_proof *proof, uint64_t index, uint64_t size,
			    struct tlog_hash root)
{
	struct tlog_proof bent;
	struct tlog_hash leaf = leaves[index];

	for (uint32_t i = 0; i < proof->count; i++) {
		bent = *proof;
		bent.hashes[i].bytes[i % 32] ^= 1;
		ck_assert_int_eq(tlog_check_inclusion(&bent, index, size, &leaf, &root), -EBADMSG);
	}
	bent = *proof;
	bent.hashes[bent.count++] = root;
	ck_assert_int_eq(tlog_check_inclusion(&bent, index, size, &leaf, &root), -EBADMSG);
	if (proof->count > 0) {
		bent.count = proof->count - 1;
		ck_assert_int_eq(tlog_check_inclusion(&bent, index, size, &leaf, &root), -EBADMSG);
	}
	ck_assert_int_eq(tlog_check_inclusion(proof, index ^ 1, size, &leaf, &root), -EBADMSG);
	ck_assert_int_eq(tlog_check_inclusion(proof, size, size, &leaf, &root), -EBADMSG);
	ck_assert_int_eq(tlog_check_inclusion(proof, index, UINT64_MAX, &leaf, &root), -EBADMSG);
	root.bytes[0] ^= 0x80;
	ck_assert_int_eq(tlog_check_inclusion(proof, index, size, &leaf, &root), -EBADMSG);
	root.bytes[0] ^= 0x80;
	leaf.bytes[31] ^= 1;
	ck_assert_int_eq(tlog_check_inclusion(proof, index, size, &leaf, &root), -EBADMSG);
}

START_TEST(inclusion)
{
	int proofs = 0;

	for (uint64_t size = 1; size <= SIZE_MAX_TESTED; size += 1 + size / 20) {
		struct tlog_source source = { naive_node, &size };
		struct tlog_hash root = naive(0, size);

		for (uint64_t index = 0; index < size; index++, proofs++) {
			struct tlog_proof proof;

			ck_assert_int_eq(tlog_proof_inclusion(&source, index, size, &proof), 0);
			ck_assert_int_eq(
				tlog_check_inclusion(&proof, index, size, &leaves[index], &root),
				0);
			if (index % 7 == size % 7)
				spoil_inclusion(&proof, index, size, root);
		}
	}
	printf("# %d inclusion proofs\n", proofs);
}
END_TEST

static void spoil_consistency(const struct tlog_proof *proof, uint64_t old, uint64_t size,
			      struct tlog_hash old_root, struct tlog_hash root)
{
	bool complete = (old & (old - 1)) == 0;
	struct tlog_proof bent;

	ck_assert(!tlog_check_contradicts(proof, old, &old_root, size, &root));
	for (uint32_t i = 0; i < proof->count; i++) {
		bent = *proof;
		bent.hashes[i].bytes[i % 32] ^= 1;
		ck_assert_int_eq(tlog_check_consistency(&bent, old, &old_root, size, &root),
				 -EBADMSG);
		ck_assert(!tlog_check_contradicts(&bent, old, &old_root, size, &root));
	}
	bent = *proof;
	bent.hashes[bent.count++] = root;
	ck_assert_int_eq(tlog_check_consistency(&bent, old, &old_root, size, &root), -EBADMSG);
	bent.count = proof->count - 1;
	ck_assert_int_eq(tlog_check_consistency(&bent, old, &old_root, size, &root), -EBADMSG);
	ck_assert_int_eq(tlog_check_consistency(proof, size, &old_root, old, &root), -EBADMSG);
	old_root.bytes[5] ^= 1;
	ck_assert_int_eq(tlog_check_consistency(proof, old, &old_root, size, &root), -EBADMSG);
	/* Another past, proved by the one that was signed; where the proof holds what it starts from. */
	ck_assert(tlog_check_contradicts(proof, old, &old_root, size, &root) == !complete);
	root.bytes[5] ^= 1;
	ck_assert(!tlog_check_contradicts(proof, old, &old_root, size, &root));
	old_root.bytes[5] ^= 1;
	ck_assert_int_eq(tlog_check_consistency(proof, old, &old_root, size, &root), -EBADMSG);
}

START_TEST(consistency)
{
	int proofs = 0;

	for (uint64_t size = 0; size <= SIZE_MAX_TESTED; size += 1 + size / 20) {
		struct tlog_source source = { naive_node, &size };
		struct tlog_hash root = naive(0, size);

		for (uint64_t old = 0; old <= size; old++, proofs++) {
			struct tlog_hash old_root = naive(0, old);
			struct tlog_proof proof;

			ck_assert_int_eq(tlog_proof_consistency(&source, old, size, &proof), 0);
			ck_assert_int_eq(
				tlog_check_consistency(&proof, old, &old_root, size, &root), 0);
			ck_assert_int_eq(proof.count == 0, old == 0 || old == size);
			if (old > 0 && old < size && old % 5 == size % 5)
				spoil_consistency(&proof, old, size, old_root, root);
		}
	}
	printf("# %d consistency proofs\n", proofs);
}
END_TEST

START_TEST(proofs_as_text)
{
	char text[TLOG_PROOF_TEXT_SIZE];
	struct tlog_proof proof = { 0 }, again;
	size_t length;

	for (uint32_t count = 0; count <= TLOG_PROOF_MAX; count++) {
		proof.count = count;
		length = tlog_check_format(&proof, text);
		ck_assert_int_eq(tlog_check_parse(text, length, &again), 0);
		ck_assert_uint_eq(again.count, count);
		ck_assert_mem_eq(again.hashes, proof.hashes, count * sizeof(proof.hashes[0]));
		if (count < TLOG_PROOF_MAX)
			proof.hashes[count] = leaves[count];
	}
	ck_assert_int_eq(tlog_check_parse(text, length - 1, &again), -EBADMSG);
	text[length] = 'A';
	ck_assert_int_eq(tlog_check_parse(text, length + 45, &again), -EBADMSG);
	text[3] = '!';
	ck_assert_int_eq(tlog_check_parse(text, length, &again), -EBADMSG);
}
END_TEST

/* --- tiles --- */

static int tile_reads;

/* Tiles as the specification defines them, from the leaves. */
static int naive_tile(void *data, const struct tlog_tile *tile, struct tlog_hash *hashes)
{
	(void)data;
	tile_reads++;
	for (uint32_t i = 0; i < tile->width; i++) {
		uint64_t span = UINT64_C(1) << 8 * tile->level;

		hashes[i] = naive((tile->index * TLOG_TILE_WIDTH + i) * span, span);
	}
	return 0;
}

START_TEST(proofs_from_tiles)
{
	static const uint64_t sizes[] = {
		1, 2, 255, 256, 257, 511, 513, 1000, 65535, 65537, 70000
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct tlog_tiles tiles = { .read = naive_tile, .size = sizes[i] };
		struct tlog_source source = tlog_tile_source(&tiles);
		struct tlog_hash root, whole = naive(0, sizes[i]);
		struct tlog_proof proof;

		ck_assert_int_eq(tlog_proof_root(&source, sizes[i], &root), 0);
		ck_assert(same(root, whole));
		for (int turn = 0; turn < 20; turn++) {
			uint64_t some = randombytes_uniform((uint32_t)sizes[i]);
			struct tlog_hash old;

			ck_assert_int_eq(tlog_proof_inclusion(&source, some, sizes[i], &proof), 0);
			ck_assert_int_eq(
				tlog_check_inclusion(&proof, some, sizes[i], &leaves[some], &whole),
				0);
			ck_assert_int_eq(tlog_proof_root(&source, some, &old), 0);
			ck_assert(same(old, naive(0, some)));
			ck_assert_int_eq(tlog_proof_consistency(&source, some, sizes[i], &proof),
					 0);
			ck_assert_int_eq(
				tlog_check_consistency(&proof, some, &old, sizes[i], &whole), 0);
		}
		ck_assert_int_lt(tlog_proof_root(&source, sizes[i] + 1, &root), 0);
	}
	printf("# %d tiles read\n", tile_reads);
}
END_TEST

static const struct {
	struct tlog_tile tile;
	const char *path;
} paths[] = {
	{ { .width = 256 }, "tile/0/000" },
	{ { .width = 256, .index = 1234067 }, "tile/0/x001/x234/067" },
	{ { .width = 112, .index = 273 }, "tile/0/273.p/112" },
	{ { .level = 1, .width = 17, .index = 1000 }, "tile/1/x001/000.p/17" },
	{ { .entries = true, .width = 1, .index = 5 }, "tile/entries/005.p/1" },
	{ { .level = 7, .width = 1 }, "tile/7/000.p/1" },
	{ { .width = 255, .index = INT64_MAX / 256 }, "tile/0/x036/x028/x797/x018/x963/967.p/255" },
};

START_TEST(tile_paths)
{
	static const char *const bad[] = {
		"",
		"tile/",
		"tile/0",
		"tile/0/",
		"tile/0/00",
		"tile/0/0000",
		"tile/00/000",
		"tile/8/000",
		"tile/-1/0",
		"tile/0/x000/000",
		"tile/0/x001",
		"tile/0/001/000",
		"tile/0/000.p/0",
		"tile/0/000.p/256",
		"tile/0/000.p/01",
		"tile/0/000.p/",
		"tile/0/000.p",
		"tile/0/000/",
		"tile/entries/0",
		"tile/entries",
		"tile/0/ 01",
		"tile/0/x1/000",
		"tile/0/x999/x999/x999/x999/x999/x999/x999",
		"tile/0/x999/x999/x999/x999/x999/x999/999/",
		"xtile/0/000",
		"tile/0/000 ",
	};
	char path[TLOG_TILE_PATH_SIZE];
	struct tlog_tile tile;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		ck_assert_int_eq(tlog_tile_path(&paths[i].tile, path), (int)strlen(paths[i].path));
		ck_assert_str_eq(path, paths[i].path);
		ck_assert_int_eq(tlog_tile_parse(path, &tile), 0);
		ck_assert_uint_eq(tile.index, paths[i].tile.index);
		ck_assert_uint_eq(tile.level, paths[i].tile.level);
		ck_assert_uint_eq(tile.width, paths[i].tile.width);
		ck_assert_int_eq(tile.entries, paths[i].tile.entries);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(tlog_tile_parse(bad[i], &tile) == -EBADMSG, "taken: %s", bad[i]);
}
END_TEST

/* The example that the specification gives. */
START_TEST(tile_widths)
{
	ck_assert_uint_eq(tlog_tile_width(70000, 0, 272), 256);
	ck_assert_uint_eq(tlog_tile_width(70000, 0, 273), 112);
	ck_assert_uint_eq(tlog_tile_width(70000, 0, 274), 0);
	ck_assert_uint_eq(tlog_tile_width(70000, 1, 0), 256);
	ck_assert_uint_eq(tlog_tile_width(70000, 1, 1), 17);
	ck_assert_uint_eq(tlog_tile_width(70000, 2, 0), 1);
	ck_assert_uint_eq(tlog_tile_width(70000, 3, 0), 0);
	ck_assert_uint_eq(tlog_tile_width(256, 0, 1), 0);
	ck_assert_uint_eq(tlog_tile_width(256, 1, 0), 1);
	ck_assert_uint_eq(tlog_tile_width(UINT64_MAX, 8, 0), 0);
}
END_TEST

START_TEST(bundles)
{
	static const char *const entries[] = { "one", "", "three" };
	uint8_t bundle[32];
	const uint8_t *entry;
	size_t used = 0, at = 0, length;

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(tlog_tile_put_entry(bundle, sizeof(bundle), &used, entries[i],
						     strlen(entries[i])),
				 0);
	ck_assert_uint_eq(used, 14);
	ck_assert_int_eq(tlog_tile_put_entry(bundle, used + 2, &used, "x", 1), -ENOBUFS);
	ck_assert_int_eq(tlog_tile_put_entry(bundle, sizeof(bundle), &used, "x", 65536), -EMSGSIZE);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(tlog_tile_next_entry(bundle, used, &at, &entry, &length), 1);
		ck_assert_uint_eq(length, strlen(entries[i]));
		ck_assert_mem_eq(entry, entries[i], length);
	}
	ck_assert_int_eq(tlog_tile_next_entry(bundle, used, &at, &entry, &length), 0);
	at = 7;
	ck_assert_int_eq(tlog_tile_next_entry(bundle, used - 1, &at, &entry, &length), -EBADMSG);
	ck_assert_int_eq(tlog_tile_next_entry(bundle, 8, &at, &entry, &length), -EBADMSG);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { known_hashes, roots_as_defined, inclusion,
				       consistency,  proofs_as_text,   proofs_from_tiles,
				       tile_paths,   tile_widths,      bundles };
	Suite *suite = suite_create("tlog");
	TCase *tcase = tcase_create("core");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, setup, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
