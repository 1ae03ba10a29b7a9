// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tlog-prove FOLDER SIZE: proofs from a journal's tiles and lines, for others to check. Of entries 0, 37,
 * 74 ... inclusion in the tree of SIZE entries, and of as many older trees consistency with it. Each is a
 * line "inclusion INDEX SIZE" or "consistency OLD SIZE", its hashes in base64, and an empty line.
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent/lib/journal_tree.h"

#define STEP 37

static int show(const char *kind, uint64_t first, uint64_t size, int r,
		const struct tlog_proof *proof)
{
	char text[TLOG_PROOF_TEXT_SIZE];

	if (r < 0)
		return r;
	tlog_check_format(proof, text);
	printf("%s %" PRIu64 " %" PRIu64 "\n%s\n", kind, first, size, text);
	return 0;
}

int main(int argc, char *argv[])
{
	uint64_t size = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	struct tlog_source source;
	struct journal_tree tree;
	struct tlog_proof proof;
	int r;

	if (size == 0 || sodium_init() < 0) {
		fprintf(stderr, "usage: tlog-prove FOLDER SIZE\n");
		return 2;
	}
	r = journal_tree_open(&tree, argv[1], size);
	source = journal_tree_source(&tree);
	for (uint64_t at = 0; r == 0 && at < size; at += STEP) {
		r = show("inclusion", at, size, tlog_proof_inclusion(&source, at, size, &proof),
			 &proof);
		if (r == 0 && at > 0)
			r = show("consistency", at, size,
				 tlog_proof_consistency(&source, at, size, &proof), &proof);
	}
	journal_tree_close(&tree);
	return r < 0;
}
