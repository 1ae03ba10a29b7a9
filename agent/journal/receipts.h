/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The office's receipts: a checkpoint of this log with the office's cosignature (C2SP tlog-cosignature).
 *
 * airgap-reportd hands them over on a socket of its own. It is not trusted with them: here it is seen
 * that we signed this very checkpoint, and that the office did, with the key that registration put into
 * the folder as `office-key` (a verifier key of type 4). A good one becomes an entry of kind
 * receipt-anchor, whose place in the log shows what was written before the office's time, and is kept as
 * the file `receipt`. Without `office-key` none is taken.
 */
#ifndef AIRGAP_JOURNAL_RECEIPTS_H
#define AIRGAP_JOURNAL_RECEIPTS_H

#include "agent/lib/link.h"
#include "agent/lib/tlog/tlog.h"

struct recorder;
struct spool;

/**
 * receipts_take - judge a receipt and record it
 * @note: the signed note, @length bytes
 * @size: set to the number of entries that are confirmed now, whatever came
 * @reason: why it was refused; a constant text, or NULL
 *
 * Returns 0, also for one that says nothing new; -ENOKEY: no office is known here, or it is not the
 * office's or not of this log; -EKEYREJECTED: a signature is wrong; -EBADMSG: malformed, or of entries
 * that are not there; -errno: it could not be recorded.
 */
int receipts_take(struct recorder *recorder, const char *note, size_t length, uint64_t *size,
		  const char **reason);

/* receipts_office - the office's key as registration left it in the folder; 0 or -errno */
int receipts_office(const struct spool *spool, struct tlog_key *key);

/* For the link to airgap-reportd; the data is the struct recorder. */
extern const struct link_handler receipts_handler;

#endif
