/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Room for the log, taken ahead of need.
 *
 * Two promises are kept, both at idle times. The file system has promised blocks up to `allocated`,
 * so that the reserve is there when the disk fills. And up to `filled` these blocks were written once,
 * with JOURNAL_FILL, and synced: a commit that overwrites written blocks changes nothing but data, so
 * its fdatasync does not wait for the file system's own journal. Blocks that are only allocated would
 * not do, because writing them first time is a change of metadata.
 */
#ifndef AIRGAP_JOURNAL_ROOM_H
#define AIRGAP_JOURNAL_ROOM_H

#include "agent/journal/spool.h"

#define ROOM_AHEAD_MIN	 (256 << 10) /* below this more is filled */
#define ROOM_AHEAD_CHUNK (128 << 10) /* at a time: whoever comes meanwhile waits no longer */

/**
 * room_make - may @length more bytes be written after what the spool holds?
 * @reserve: they may come from the reserve
 *
 * Returns 0, -ENOSPC, another -errno, or spool->error.
 */
int room_make(struct spool *spool, size_t length, bool reserve);

/**
 * room_is_tight - so little is left below the limit that what can wait should
 * @was: the answer before; it turns only when there is clearly more room again
 */
bool room_is_tight(const struct spool *spool, bool was);

/**
 * room_ahead - fill one chunk, if it is time to
 *
 * Only while no group is pending. A disk without room is no error here. Returns 1: call again when
 * idle; 0: enough; -errno.
 */
int room_ahead(struct spool *spool);

/* room_forget - the file was cut or replaced, or is @size long and blank from the last entry on */
void room_forget(struct spool *spool, off_t size);

#endif
