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

#include "agent/lib/digest.h"
#include "agent/office/ingest_answer.h"
#include "agent/office/mirror.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"

struct growth {
	struct store *store;
	int64_t terminal;
	const struct store_head *head;
	uint64_t size; /* to be reached */
	struct tlog_tree tree;
	bool sound; /* what was signed before is passed through */
	struct ingest_parting parting;
	struct tlog_tile tile; /* of the office's own; width 0: none yet */
	struct tlog_hash hashes[TLOG_TILE_WIDTH];
};

/* Is it the entry that the office has at this place? */
static int compare(struct growth *growth, const struct tlog_hash *leaf)
{
	uint64_t seq = growth->tree.size, index = seq / TLOG_TILE_WIDTH;
	struct tlog_tile *tile = &growth->tile;
	uint64_t held = growth->head->next - index * TLOG_TILE_WIDTH;
	int r;

	if (growth->parting.known || seq >= growth->head->next)
		return 0;
	if (tile->width == 0 || tile->index != index) {
		tile->index = index;
		tile->width = held < TLOG_TILE_WIDTH ? (uint32_t)held : TLOG_TILE_WIDTH;
		r = mirror_tile(growth->store, growth->terminal, tile, growth->hashes);
		if (r < 0)
			return r;
	}
	if (!tlog_hash_same(leaf, &growth->hashes[seq % TLOG_TILE_WIDTH])) {
		growth->parting.known = true;
		growth->parting.at.seq = seq;
		growth->parting.at.leaf = *leaf;
	}
	return 0;
}

static int grow_by(struct growth *growth, const uint8_t *entry, size_t length)
{
	struct tlog_hash leaf, root;
	int r;

	digest_leaf(entry, length, &leaf);
	r = compare(growth, &leaf);
	if (r < 0)
		return r;
	tlog_tree_append(&growth->tree, &leaf);
	if (growth->tree.size != growth->head->pending_size)
		return 0;
	tlog_tree_root(&growth->tree, &root);
	if (memcmp(root.bytes, growth->head->pending_root, sizeof(root.bytes)) != 0)
		growth->sound = false;
	return 0;
}

static int grow_by_package(struct growth *growth, const struct ingest_package *package)
{
	const uint8_t *entry;
	size_t at = 0, length;
	int r = 0;

	for (uint64_t seq = package->start; r == 0 && seq < package->end; seq++) {
		if (tlog_tile_next_entry(package->entries, package->entries_length, &at, &entry,
					 &length) != 1)
			return 0;
		if (seq == growth->tree.size && seq < growth->size)
			r = grow_by(growth, entry, length);
	}
	return r;
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
		while (r == 0 && ingest_next_package(&upload, &package) == 1)
			r = grow_by_package(growth, &package);
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
		   const struct tlog_checkpoint *checkpoint, struct ingest_parting *parting)
{
	struct growth growth = { .store = ingest->store,
				 .terminal = terminal->id,
				 .head = head,
				 .size = checkpoint->size,
				 .sound = true };
	struct tlog_hash root;
	bool whole;
	int r = grow(ingest, terminal, request->old < head->next ? request->old : head->next,
		     &growth);

	*parting = (struct ingest_parting){ 0 };
	if (r < 0)
		return r;
	whole = growth.tree.size == checkpoint->size;
	tlog_tree_root(&growth.tree, &root);
	if (whole && tlog_hash_same(&root, &checkpoint->root)) {
		*parting = growth.parting;
		return growth.sound ? INGEST_CARRIED_LEADS : INGEST_CARRIED_CONTRADICTS;
	}
	return judge_proof(ingest, terminal, head, request, checkpoint, whole ? &root : NULL);
}
