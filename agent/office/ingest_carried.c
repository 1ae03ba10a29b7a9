// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bundle that was made before the terminal knew what the office has by now: its proof begins at an
 * older size, but it carries the entries. Growing the office's own tree by them must give the root
 * that the terminal signed.
 */
#include <errno.h>
#include <string.h>

#include "agent/office/ingest_answer.h"
#include "agent/office/mirror.h"

struct growth {
	const struct store_head *head;
	uint64_t size; /* to be reached */
	struct tlog_tree tree;
	bool sound;
};

static void grow_by(struct growth *growth, const uint8_t *entry, size_t length)
{
	struct tlog_hash leaf, root;

	tlog_hash_leaf(&leaf, entry, length);
	tlog_tree_append(&growth->tree, &leaf);
	if (growth->tree.size != growth->head->pending_size)
		return;
	/* What was pending, and not all here yet, must be passed through. */
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

int ingest_carried(const struct ingest *ingest, const struct store_terminal *terminal,
		   const struct store_head *head, const struct tlog_checkpoint *checkpoint)
{
	struct growth growth = { .head = head, .size = checkpoint->size, .sound = true };
	struct ingest_upload upload;
	struct ingest_package package;
	struct tlog_hash root;
	int r = mirror_edge(ingest->store, terminal->id, head->next, &growth.tree);

	for (size_t i = 0; r == 0 && i < ingest->carried_count; i++) {
		if (ingest_parse_upload(ingest->carried[i].data, ingest->carried[i].length,
					&upload) < 0 ||
		    strcmp(upload.origin, terminal->origin) != 0)
			return 0;
		while (ingest_next_package(&upload, &package) == 1)
			grow_by_package(&growth, &package);
	}
	if (r < 0)
		return r;
	tlog_tree_root(&growth.tree, &root);
	return growth.sound && growth.tree.size == checkpoint->size &&
	       tlog_hash_same(&root, &checkpoint->root);
}
