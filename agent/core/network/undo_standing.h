/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found wrong and still stands: each full reading states it again, one entry is enough. */
#ifndef AIRGAP_CORE_NETWORK_UNDO_STANDING_H
#define AIRGAP_CORE_NETWORK_UNDO_STANDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/lib/msg_net.h"

#define STANDING_MAX 512

struct undo {
	struct standing {
		uint32_t sight;
		uint32_t index;
		int32_t nsid;
		uint32_t family;
		uint64_t number;
		struct net_prefix prefix;
		bool stated;
	} standing[STANDING_MAX];
	size_t count;
	bool anew;     /* from the next full reading on, */
	bool sweeping; /* and in it: what is undone stood under what governed before */
};

/**
 * undo_is_news - has this not been standing already? Then it stands from now on.
 *
 * Beyond STANDING_MAX everything is news: it is recorded too often rather than not at all.
 */
bool undo_is_news(struct undo *undo, const struct msg_net_sight_of *sight);

/* undo_fold - a number for what does not fit into a sight; another process folds it otherwise */
uint64_t undo_fold(const void *bytes, size_t size);

/* undo_no_longer - it is gone: when it comes back it is news */
void undo_no_longer(struct undo *undo, const struct msg_net_sight_of *sight);

/* undo_sweep_begin, _end - forget what is not asked about in between */
void undo_sweep_begin(struct undo *undo);
void undo_sweep_end(struct undo *undo);

#endif
