// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_gone(const struct door_slot *slot)
{
	return slot->outcome->state == USB_STATE_GONE;
}

/* The slot of that port; else one never used; else the one whose device has been gone longest. */
static int find_slot(const struct door_cache *cache, const char *port)
{
	int empty = -1, oldest = -1;

	for (int i = 0; i < DOOR_SLOTS; i++) {
		const struct door_slot *slot = &cache->slots[i];

		if (!slot->outcome) {
			empty = empty < 0 ? i : empty;
			continue;
		}
		if (strcmp(slot->outcome->decided.facts.port, port) == 0)
			return i;
		if (is_gone(slot) && (oldest < 0 || slot->changed < cache->slots[oldest].changed))
			oldest = i;
	}
	return empty >= 0 ? empty : oldest;
}

void door_cache_clear(struct door_cache *cache)
{
	for (int i = 0; i < DOOR_SLOTS; i++) {
		free(cache->slots[i].outcome);
		cache->slots[i] = (struct door_slot){ 0 };
	}
}

void door_cache_restart(struct door_cache *cache)
{
	door_cache_clear(cache);
	cache->overflow = 0;
	cache->media.count = 0;
}

int door_cache_put(struct door_cache *cache, const struct usb_outcome *outcome,
		   struct door_change *change)
{
	const char *port = outcome->decided.facts.port;
	int i = find_slot(cache, port);
	struct door_slot *slot;
	bool fresh;

	*change = (struct door_change){ .slot = -1 };
	if (i < 0) {
		if (outcome->state == USB_STATE_GONE)
			return 0;
		cache->overflow++;
		return -ENOSPC;
	}
	slot = &cache->slots[i];
	fresh = !slot->outcome || strcmp(slot->outcome->decided.facts.port, port) != 0;
	/* Late news of a device that is not, or no longer, what is in that port. */
	if (outcome->state == USB_STATE_GONE && (fresh || slot->outcome->plug != outcome->plug))
		return 0;
	change->reused = fresh && slot->outcome;
	if (!slot->outcome)
		slot->outcome = malloc(sizeof(*slot->outcome));
	if (!slot->outcome)
		return -ENOMEM;
	*slot->outcome = *outcome;
	slot->changed = ++cache->clock;
	change->slot = i;
	return 0;
}

static bool pending(const struct door_cursor *cursor, int slot)
{
	return cursor->slots[slot / 64] >> (slot % 64) & 1;
}

static void set_pending(struct door_cursor *cursor, int slot)
{
	cursor->slots[slot / 64] |= UINT64_C(1) << (slot % 64);
}

void door_cursor_all(struct door_cursor *cursor, const struct door_cache *cache)
{
	memset(cursor->slots, 0, sizeof(cursor->slots));
	for (int i = 0; i < DOOR_SLOTS; i++)
		if (cache->slots[i].outcome && !is_gone(&cache->slots[i]))
			set_pending(cursor, i);
}

void door_cursor_note(struct door_cursor *cursor, const struct door_cache *cache,
		      const struct door_change *change)
{
	if (change->slot < 0)
		return;
	if (change->reused && pending(cursor, change->slot)) {
		cursor->restart = true;
		door_cursor_all(cursor, cache);
	}
	set_pending(cursor, change->slot);
}

const struct usb_outcome *door_cursor_next(struct door_cursor *cursor,
					   const struct door_cache *cache, bool gone)
{
	for (int word = 0; word < DOOR_SLOTS / 64; word++) {
		while (cursor->slots[word]) {
			int i = word * 64 + __builtin_ctzll(cursor->slots[word]);
			const struct door_slot *slot = &cache->slots[i];

			cursor->slots[word] &= cursor->slots[word] - 1;
			if (slot->outcome && (gone || !is_gone(slot)))
				return slot->outcome;
		}
	}
	return NULL;
}
