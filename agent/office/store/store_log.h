/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the office mirrors of the terminals' logs: heads, entries, bundles, tiles. See store.h for what holds of all of it. */
#ifndef AIRGAP_OFFICE_STORE_LOG_H
#define AIRGAP_OFFICE_STORE_LOG_H

#include "agent/office/store/store.h"

struct store_head {
	uint64_t pending_size; /* of the checkpoint that was proved consistent */
	uint8_t pending_root[STORE_HASH_SIZE];
	uint64_t next; /* entries held; at most pending_size */
	uint64_t size; /* of the checkpoint that has a receipt */
	uint8_t root[STORE_HASH_SIZE];
	int64_t receipt_us;
};

/* store_head_get - a log without a head yet gives all zero and 0 */
int store_head_get(struct store *store, int64_t terminal, struct store_head *head);

/**
 * store_head_pending - a later checkpoint takes the place of the pending one
 * @old: size that the pending one must have, else -ESTALE and nothing changes
 * @note: the checkpoint as it was signed
 */
int store_head_pending(struct store *store, int64_t terminal, uint64_t old, uint64_t size,
		       const uint8_t root[static STORE_HASH_SIZE], const void *note, size_t length);

/* store_head_receipt - the pending checkpoint is complete; @note carries the cosignature too. */
int store_head_receipt(struct store *store, int64_t terminal, uint64_t size, int64_t receipt_us,
		       const void *note, size_t length);

/* store_head_note - the receipted (or the pending) checkpoint's text; the caller frees it */
int store_head_note(struct store *store, int64_t terminal, bool pending, char **note,
		    size_t *length);

/* store_entry_add - entry number @seq, which must be the log's next, else -ESTALE */
int store_entry_add(struct store *store, int64_t terminal, uint64_t seq, const void *line,
		    size_t length);

/**
 * store_bundle_add - entries @n * 256 and the 255 that follow, in the form of tlog-tiles
 * @data: each entry with its length before it, 16 bits, big endian
 *
 * The log's next entry must lie in the bundle, else -ESTALE; single entries of it are replaced.
 */
int store_bundle_add(struct store *store, int64_t terminal, uint64_t n, const void *data,
		     size_t length);

/* store_bundle_get - full or not, as many entries of it as are held; the caller frees @data */
int store_bundle_get(struct store *store, int64_t terminal, uint64_t n, uint8_t **data,
		     size_t *length, uint32_t *width);

/* store_tile_put, _get - hashes of a full tile: 256 * 32 bytes */
int store_tile_put(struct store *store, int64_t terminal, uint32_t level, uint64_t n,
		   const void *hashes);
int store_tile_get(struct store *store, int64_t terminal, uint32_t level, uint64_t n, void *hashes);

#endif
