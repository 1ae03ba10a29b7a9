/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is an entry really in the log that the terminal signed, and the office receipted? Computed anew. */
#ifndef AIRGAP_OFFICE_WEB_PROOF_H
#define AIRGAP_OFFICE_WEB_PROOF_H

#include "agent/lib/tlog/tlog.h"
#include "agent/office/serve.h"
#include "agent/office/store/store_terminal.h"

enum proof_fault {
	PROOF_SOUND,
	PROOF_NO_RECEIPT, /* the entry came, its checkpoint is not complete yet */
	PROOF_CHECKPOINT, /* not signed by the log's key */
	PROOF_RECEIPT,	  /* not cosigned by this office */
	PROOF_INCLUSION,  /* the entry is not what was signed */
	PROOF_MISSING,	  /* the store does not have it */
};

struct proof {
	enum proof_fault fault;
	uint64_t index, size; /* leaf, and entries of the checkpoint */
	struct tlog_hash leaf, root;
	struct tlog_proof path;
	uint64_t receipt_s; /* the cosignature's time */
	char *note;	    /* the checkpoint with its signatures; proof_done() frees it */
	char *line;	    /* the entry */
	size_t line_length;
};

/* proof_make - of entry @seq of a terminal's log; 0, or -errno of the store */
int proof_make(struct serve *serve, struct store *store, const struct store_terminal *terminal,
	       uint64_t seq, struct proof *proof);
void proof_done(struct proof *proof);

#endif
