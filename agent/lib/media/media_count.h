/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting a use of a registered medium, with nothing but its raw partition at hand. */
#ifndef AIRGAP_LIB_MEDIA_COUNT_H
#define AIRGAP_LIB_MEDIA_COUNT_H

#include "agent/lib/media/media_image.h"
#include "policy/medium/counter.h"

/**
 * media_count - put the counter one up
 * @raw: the raw partition alone, open for writing
 * @now: what it must hold: the use that is counted was decided on that
 * @next: as it then is on the medium
 *
 * Returns 0; -ESTALE when it holds another counter; otherwise as media_image_write().
 */
int media_count(const struct media_image *raw, const struct medium_counter *now,
		struct medium_counter *next);

#endif
