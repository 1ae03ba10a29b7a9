/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Beginning a log: the first one, and the one after a log that had to be set aside. */
#ifndef AIRGAP_JOURNAL_EPOCH_H
#define AIRGAP_JOURNAL_EPOCH_H

#include "agent/journal/recover.h"
#include "agent/journal/spool.h"

/* epoch_is_first - does the folder hold no trace of a former log? */
bool epoch_is_first(const struct spool *spool);

/* epoch_first - begin epoch 0 and leave it open; 0 or -errno */
int epoch_first(struct spool *spool);

/**
 * epoch_complete - make sure of the files that belong to the open ratchet's new epoch
 *
 * Beginning an epoch has one moment, the ratchet file's appearance; this repeats what follows it,
 * as often as need be. Returns 0 or -errno.
 */
int epoch_complete(struct spool *spool);

/**
 * epoch_next - set the present log aside and begin the next epoch
 * @known: what was committed, or NULL: what the ratchet's file says, if it could be read
 *
 * Returns 0 or -errno; a crash in between shows as damage again at the next start.
 */
int epoch_next(struct spool *spool, const struct ratchet_state *known, enum recover_damage damage);

#endif
