// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_count.h"

#include <errno.h>
#include <string.h>

#include "agent/lib/media/media_layout.h"
#include "agent/lib/media/media_slot.h"

static int read_both(const struct media_image *raw, struct media_counters *counters)
{
	uint8_t slots[2][MEDIA_COUNTER_SIZE];
	const uint8_t *both[2] = { slots[0], slots[1] };
	int r = 0;

	for (unsigned int i = 0; i < 2 && r == 0; i++)
		r = media_image_read(raw, (uint64_t)(i + 1) * MEDIA_SLOT_STRIDE, slots[i],
				     MEDIA_COUNTER_SIZE);
	return r < 0 ? r : media_counters_read(both, counters);
}

static bool same_counter(const struct media_counters *counters, const struct medium_counter *wanted)
{
	return counters->newest >= 0 && counters->counter.sequence == wanted->sequence &&
	       memcmp(counters->counter.digest, wanted->digest, sizeof(wanted->digest)) == 0;
}

int media_count(const struct media_image *raw, const struct medium_counter *now,
		struct medium_counter *next)
{
	char text[MEDIUM_COUNTER_TEXT_MAX];
	uint8_t slot[MEDIA_COUNTER_SIZE];
	struct media_counters counters;
	unsigned int into;
	int r = raw->size < MEDIA_RAW_SIZE ? -ENXIO : read_both(raw, &counters);

	if (r < 0)
		return r;
	if (!same_counter(&counters, now))
		return -ESTALE;
	medium_counter_next(now, next);
	r = media_slot_fill(slot, sizeof(slot), text, medium_counter_print(next, text));
	/* Whenever the power goes, one of the two slots holds a whole counter. */
	into = counters.newest == 0 ? 1 : 0;
	if (r == 0)
		r = media_image_write(raw, (uint64_t)(into + 1) * MEDIA_SLOT_STRIDE, slot,
				      sizeof(slot));
	if (r == 0)
		r = read_both(raw, &counters);
	return r == 0 && !same_counter(&counters, next) ? -EIO : r;
}
