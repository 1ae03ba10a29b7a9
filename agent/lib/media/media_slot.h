/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slots of the raw partition: a text, then zeroes to the end of what is read. Pure. */
#ifndef AIRGAP_LIB_MEDIA_SLOT_H
#define AIRGAP_LIB_MEDIA_SLOT_H

#include <stddef.h>
#include <stdint.h>

#include "policy/medium/counter.h"

/**
 * media_slot_text - the text in a slot
 * @length: set to its bytes
 *
 * Returns 0; -ENODATA for a slot of zeroes; -EBADMSG when anything but zeroes follows the text, or
 * when it fills the slot.
 */
int media_slot_text(const uint8_t *slot, size_t size, size_t *length);

/**
 * media_slot_fill - a text and zeroes
 *
 * Returns 0; -EFBIG when the text does not fit; -EINVAL when it holds a zero.
 */
int media_slot_fill(uint8_t *slot, size_t size, const void *text, size_t length);

enum media_counter_state {
	MEDIA_COUNTER_BLANK,
	MEDIA_COUNTER_DAMAGED, /* a torn write, or worse */
	MEDIA_COUNTER_GOOD,
};

/* Both counters of a medium. */
struct media_counters {
	uint32_t state[2];	       /* enum media_counter_state, of slots 1 and 2 */
	int newest;		       /* 0 or 1: index in state; -1: neither is good */
	struct medium_counter counter; /* the newest; sequence 0: neither is good */
};

/**
 * media_counters_read - which of two counters counts
 * @slots: of MEDIA_COUNTER_SIZE bytes each
 *
 * The one with the higher sequence. Two different ones with the same sequence are nobody's: then
 * neither counts.
 *
 * Returns 0 or -ENOMEM.
 */
int media_counters_read(const uint8_t *slots[static 2], struct media_counters *counters);

#endif
