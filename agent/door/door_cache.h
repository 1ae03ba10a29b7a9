/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the core last said: its status, every present device, the media in them.
 *
 * Each device has a slot. A client that follows changes keeps one bit a slot that it has yet to be
 * told of, so what a slow client costs does not grow with what happens; of several changes of one
 * device it hears the last.
 */
#ifndef AIRGAP_DOOR_CACHE_H
#define AIRGAP_DOOR_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/door/door_media.h"
#include "agent/lib/msg.h"

#define DOOR_SLOTS 1024

struct door_cursor {
	uint64_t slots[DOOR_SLOTS / 64]; /* to be told */
	bool status;			 /* likewise */
	bool restart;			 /* forget what was told: the list begins anew */
};

struct door_cache {
	struct agent_status status;
	bool has_status;
	bool connected; /* the core is there; else all of this is the last known state */
	struct door_media media;
	uint64_t overflow; /* devices that found no slot since the last restart */
	uint64_t clock;	   /* counts changes, to find the slot that has been empty longest */
	struct door_slot {
		struct usb_outcome *outcome; /* NULL: never used; state GONE: kept for followers */
		uint64_t changed;
	} slots[DOOR_SLOTS];
};

/* How a change reaches those who follow. */
struct door_change {
	int slot;    /* or -1 */
	bool reused; /* the slot held another, gone device that some may not have heard of */
};

/* door_cache_restart - the core is about to name every device */
void door_cache_restart(struct door_cache *cache);

/* door_cache_put - a device's outcome; 0, -ENOSPC when no slot is free, or -ENOMEM */
int door_cache_put(struct door_cache *cache, const struct usb_outcome *outcome,
		   struct door_change *change);

void door_cache_clear(struct door_cache *cache);

/* door_cursor_all - have everything told that is there now */
void door_cursor_all(struct door_cursor *cursor, const struct door_cache *cache);

/* door_cursor_note - have one change told */
void door_cursor_note(struct door_cursor *cursor, const struct door_cache *cache,
		      const struct door_change *change);

/**
 * door_cursor_next - the next device to be told, and it is told
 * @gone: also those that are gone
 *
 * NULL when nothing is left. The outcome belongs to the cache.
 */
const struct usb_outcome *door_cursor_next(struct door_cursor *cursor,
					   const struct door_cache *cache, bool gone);

#endif
