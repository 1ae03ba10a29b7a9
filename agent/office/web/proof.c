// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/web/proof.h"

#include <errno.h>
#include <stdlib.h>

#include "agent/lib/digest.h"
#include "agent/office/mirror.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_page.h"

/* Signed by the log, and by the office; what they signed is in @proof afterwards. */
static enum proof_fault open_note(struct serve *serve, const struct store_terminal *terminal,
				  struct proof *proof, size_t length)
{
	struct tlog_checkpoint checkpoint;
	struct tlog_note note;
	struct tlog_key key;

	if (tlog_key_make(&key, TLOG_KEY_NOTE, terminal->origin, terminal->log_key) < 0 ||
	    tlog_checkpoint_open(proof->note, length, &key, &checkpoint, &note) < 0)
		return PROOF_CHECKPOINT;
	proof->size = checkpoint.size;
	proof->root = checkpoint.root;
	if (tlog_note_verify(&note, &serve->keys.cosigner, &proof->receipt_s) < 0)
		return PROOF_RECEIPT;
	return proof->index < checkpoint.size ? PROOF_SOUND : PROOF_NO_RECEIPT;
}

static enum proof_fault include(struct store *store, const struct store_terminal *terminal,
				struct proof *proof)
{
	struct tlog_key key;
	struct mirror mirror;
	struct tlog_source source;

	mirror_init(&mirror, store, terminal->id, proof->size);
	source = tlog_tile_source(&mirror.tiles);
	digest_leaf(proof->line, proof->line_length, &proof->leaf);
	if (tlog_proof_inclusion(&source, proof->index, proof->size, &proof->path) < 0 ||
	    tlog_check_inclusion(&proof->path, proof->index, proof->size, &proof->leaf,
				 &proof->root) < 0 ||
	    tlog_key_make(&key, TLOG_KEY_NOTE, terminal->origin, terminal->log_key) < 0 ||
	    digest_unsigned(proof->line, proof->line_length, &key))
		return PROOF_INCLUSION;
	return PROOF_SOUND;
}

int proof_make(struct serve *serve, struct store *store, const struct store_terminal *terminal,
	       uint64_t seq, struct proof *proof)
{
	size_t length = 0;
	int r;

	*proof = (struct proof){ .fault = PROOF_MISSING, .index = seq };
	r = store_page_entry(store, terminal->id, seq, &proof->line, &proof->line_length);
	if (r == -ENOENT || r == -EBADMSG)
		return 0;
	if (r < 0)
		return r;
	proof->fault = PROOF_NO_RECEIPT;
	r = store_head_note(store, terminal->id, false, &proof->note, &length);
	if (r == -ENOENT || (r == 0 && length == 0))
		return 0;
	if (r < 0)
		return r;
	proof->fault = open_note(serve, terminal, proof, length);
	if (proof->fault == PROOF_SOUND)
		proof->fault = include(store, terminal, proof);
	return 0;
}

void proof_done(struct proof *proof)
{
	free(proof->note);
	free(proof->line);
	*proof = (struct proof){ 0 };
}
