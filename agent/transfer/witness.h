/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Witnesses: each terminal leaves its newest log checkpoint, encrypted, on every medium that it writes
 * to, so that whoever opens the medium can compare it with what it knows of that log. One file a
 * terminal and medium, replaced at each use. Its name says nothing to who does not have the salt.
 */
#ifndef AIRGAP_TRANSFER_WITNESS_H
#define AIRGAP_TRANSFER_WITNESS_H

#include <stddef.h>
#include <stdint.h>

#include "agent/lib/age/age_key.h"
#include "agent/transfer/object_store.h"

/* The largest note that is written or read. */
#define WITNESS_NOTE_MAX 16384

/* witness_id - BLAKE2b-128 of the medium's id, keyed with the terminal's salt */
void witness_id(const uint8_t salt[static 32], const uint8_t medium[static MEDIUM_ID_SIZE],
		uint8_t id[static TRANSFER_ID_SIZE]);

/* witness_write - the note, to these recipients; 0 or -errno, then the one before stands */
int witness_write(const struct object_store *store, const uint8_t id[static TRANSFER_ID_SIZE],
		  const void *note, size_t length, const struct age_recipient *recipients,
		  size_t count);

/**
 * witness_each - every note on the medium that the ring opens
 * @each: gets it; what it says is not verified
 *
 * Damaged and foreign ones are passed over. Returns 0 or -errno.
 */
int witness_each(const struct object_store *store, const struct age_keyring *ring,
		 void (*each)(void *context, const char *note, size_t length), void *context);

#endif
