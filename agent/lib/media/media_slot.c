// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_slot.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "agent/lib/media/media_layout.h"

int media_slot_text(const uint8_t *slot, size_t size, size_t *length)
{
	const uint8_t *end = memchr(slot, 0, size);

	*length = 0;
	if (!end)
		return -EBADMSG;
	for (const uint8_t *at = end; at < slot + size; at++)
		if (*at)
			return -EBADMSG;
	*length = (size_t)(end - slot);
	return *length ? 0 : -ENODATA;
}

int media_slot_fill(uint8_t *slot, size_t size, const void *text, size_t length)
{
	if (length >= size)
		return -EFBIG;
	if (memchr(text, 0, length))
		return -EINVAL;
	memset(slot, 0, size);
	memcpy(slot, text, length);
	return 0;
}

static int read_one(const uint8_t *slot, struct medium_counter *counter, uint32_t *state)
{
	size_t length;
	int r = media_slot_text(slot, MEDIA_COUNTER_SIZE, &length);

	memset(counter, 0, sizeof(*counter));
	*state = r == -ENODATA ? MEDIA_COUNTER_BLANK : MEDIA_COUNTER_DAMAGED;
	if (r == 0)
		r = medium_counter_parse((const char *)slot, length, counter);
	if (r == 0)
		*state = MEDIA_COUNTER_GOOD;
	return r == -ENOMEM ? r : 0;
}

int media_counters_read(const uint8_t *slots[static 2], struct media_counters *counters)
{
	struct medium_counter both[2];
	int r = 0;

	memset(counters, 0, sizeof(*counters));
	counters->newest = -1;
	for (int i = 0; i < 2 && r == 0; i++)
		r = read_one(slots[i], &both[i], &counters->state[i]);
	if (r < 0)
		return r;
	if (both[0].sequence != both[1].sequence)
		counters->newest = both[1].sequence > both[0].sequence;
	else if (both[0].sequence && memcmp(&both[0], &both[1], sizeof(both[0])) == 0)
		counters->newest = 0;
	if (counters->newest >= 0)
		counters->counter = both[counters->newest];
	return 0;
}
