// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a bundle itself proves, when its proof does not begin where the office stands. It may have been
 * made before the terminal knew what the office has by now; or the terminal's disk was set back, or two
 * machines use its key. The entries that came with it tell: put on the office's own tree where they
 * begin, they give the root that the terminal signed, and then either pass through what it had signed
 * before, or contradict it.
 *
 * A bundle is a file that anyone may have handled. So only what the terminal's signature covers convicts
 * it: entries or a proof that lead to the signed root. What leads nowhere is damaged, and proves nothing.
 */
#include <errno.h>
#include <string.h>

#include "agent/office/ingest_answer.h"
#include "agent/office/mirror.h"

struct growth {
	const struct store_head *head;
	uint64_t size; /* to be reached */
	struct tlog_tree tree;
	bool sound; /* what was signed before is passed through */
};

static void grow_by(struct growth *growth, const uint8_t *entry, size_t length)
{
	struct tlog_hash leaf, root;

	tlog_hash_leaf(&leaf, entry, length);
	tlog_tree_append(&growth->tree, &leaf);
	if (growth->tree.size != growth->head->pending_size)
		return;
	tlog_tree_root(&growth->tree, &root);
	if (memcmp(root.bytes, growth->head->pending_root, sizeof(root.bytes)) != 0)
		growth->sound = false;
}

static void grow_by_package(struct growth *growth, const struct ingest_package *package)
{
	const uint8_t *entry;
	size_t at = 0, length;

	for (uint64_t seq = package->start; seq < package->end; seq++) {
		if (tlog_tile_next_entry(package->entries, package->entries_length, &at, &entry,
					 &length) != 1)
			return;
		if (seq == growth->tree.size && seq < growth->size)
			grow_by(growth, entry, length);
	}
}

static int grow(const struct ingest *ingest, const struct store_terminal *terminal, uint64_t from,
		struct growth *growth)
{
	struct ingest_upload upload;
	struct ingest_package package;
	int r = mirror_edge(ingest->store, terminal->id, from, &growth->tree);

	for (size_t i = 0; r == 0 && i < ingest->carried_count; i++) {
		if (ingest_parse_upload(ingest->carried[i].data, ingest->carried[i].length,
					&upload) < 0 ||
		    strcmp(upload.origin, terminal->origin) != 0)
			return 0;
		while (ingest_next_package(&upload, &package) == 1)
			grow_by_package(growth, &package);
	}
	return r;
}

/* @grown: by the entries, from the office's tree of request->old on; NULL: they do not reach that far */
static int judge_proof(const struct ingest *ingest, const struct store_terminal *terminal,
		       const struct store_head *head, const struct ingest_request *request,
		       const struct tlog_checkpoint *checkpoint, const struct tlog_hash *grown)
{
	struct tlog_hash here;
	int r = 0;

	if (request->old == 0 || request->old > head->next)
		return INGEST_CARRIED_NOTHING;
	r = mirror_root(ingest->store, terminal->id, request->old, &here);
	if (r < 0)
		return r;
	if (tlog_check_contradicts(&request->proof, request->old, &here, checkpoint->size,
				   &checkpoint->root))
		return INGEST_CARRIED_CONTRADICTS;
	/*
	 * From a power of two on, proofs do not hold what they start from. That proof and entries agree
	 * with each other, and not with what was signed, must do there.
	 */
	if (grown && request->old == head->pending_size &&
	    (request->old & (request->old - 1)) == 0 &&
	    tlog_check_consistency(&request->proof, request->old, &here, checkpoint->size, grown) ==
		    0)
		return INGEST_CARRIED_CONTRADICTS;
	return INGEST_CARRIED_NOTHING;
}

int ingest_carried(const struct ingest *ingest, const struct store_terminal *terminal,
		   const struct store_head *head, const struct ingest_request *request,
		   const struct tlog_checkpoint *checkpoint)
{
	struct growth growth = { .head = head, .size = checkpoint->size, .sound = true };
	struct tlog_hash root;
	bool whole;
	int r = grow(ingest, terminal, request->old < head->next ? request->old : head->next,
		     &growth);

	if (r < 0)
		return r;
	whole = growth.tree.size == checkpoint->size;
	tlog_tree_root(&growth.tree, &root);
	if (whole && tlog_hash_same(&root, &checkpoint->root))
		return growth.sound ? INGEST_CARRIED_LEADS : INGEST_CARRIED_CONTRADICTS;
	return judge_proof(ingest, terminal, head, request, checkpoint, whole ? &root : NULL);
}
