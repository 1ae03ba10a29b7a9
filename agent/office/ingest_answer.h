/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers, and who may ask. Private to ingest_*.c. */
#ifndef AIRGAP_OFFICE_INGEST_ANSWER_H
#define AIRGAP_OFFICE_INGEST_ANSWER_H

#include <stdarg.h>

#include "agent/office/ingest.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"

/* ingest_answer - words for people; returns 0, so that it can stand after return */
int ingest_answer(struct ingest_answer *answer, unsigned int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

int ingest_answer_type(struct ingest_answer *answer, unsigned int status, enum ingest_type type,
		       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* ingest_good - 200 without a body; returns 0 */
int ingest_good(struct ingest_answer *answer);

/* ingest_admit - may this log be written, over this connection? Else the answer says why not. */
int ingest_admit(const struct ingest *ingest, const struct store_terminal *terminal,
		 struct ingest_answer *answer);

/* What a bundle's entries and proof say of the checkpoint that came with them. */
enum ingest_carried {
	INGEST_CARRIED_NOTHING, /* entries are missing, or it is damaged */
	INGEST_CARRIED_LEADS,	/* the entries lead from what the office has to the checkpoint */
	INGEST_CARRIED_CONTRADICTS, /* the terminal signed another past than before */
};

/* Where a log parts from what the office has: the same for all that goes on from there. */
struct ingest_parting {
	bool known;
	struct {
		uint64_t seq;
		struct tlog_hash leaf; /* the first other entry */
	} at;
};

/**
 * ingest_carried - put the entries of the bundle on what the office has
 * @request, @checkpoint: what came with them; its old size is not above the checkpoint's
 * @parting: filled when the entries lead to the checkpoint, and from elsewhere than the office's do
 *
 * Returns an enum ingest_carried, which counts where the checkpoint is longer than what was signed before;
 * or -errno.
 */
int ingest_carried(const struct ingest *ingest, const struct store_terminal *terminal,
		   const struct store_head *head, const struct ingest_request *request,
		   const struct tlog_checkpoint *checkpoint, struct ingest_parting *parting);

#endif
