/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal's own age identities, one for each epoch. The newest is the one that others encrypt to;
 * older ones still open what was encrypted to them, until they are dropped.
 *
 * Folder keys/, of transferd alone:
 *
 *	epoch-0003	an identity file as `age -i` takes it, mode 0600
 *	witness-salt	32 random bytes: names of witnesses on media follow from it (witness.h)
 */
#ifndef AIRGAP_TRANSFER_OWN_KEYS_H
#define AIRGAP_TRANSFER_OWN_KEYS_H

#include <stdint.h>

#include "agent/lib/age/age_key.h"

#define OWN_KEYS_EPOCH_MAX 9999u
#define OWN_KEYS_SALT	   32

struct own_keys {
	struct age_keyring *ring; /* locked; the current epoch's identity is the last */
	uint32_t count;
	uint32_t epochs[AGE_IDENTITIES_MAX]; /* of each identity of the ring, rising */
	uint8_t salt[OWN_KEYS_SALT];
};

/**
 * own_keys_open - read all of them; at the first start make epoch 1
 * @folder: descriptor of keys/; borrowed
 *
 * Returns 0, then own_keys_close(); -EBADMSG when a file is damaged, which is never replaced; -EPERM
 * when others may read one; -errno.
 */
int own_keys_open(int folder, struct own_keys *keys);
void own_keys_close(struct own_keys *keys);

/* own_keys_current - text of the newest recipient, for table terminals; its epoch is returned */
uint32_t own_keys_current(const struct own_keys *keys, char out[static AGE_RECIPIENT_TEXT]);

/* own_keys_rotate - begin a new epoch; it is on the disk when 0 is returned; -ENOSPC: drop one first */
int own_keys_rotate(int folder, struct own_keys *keys);

/**
 * own_keys_drop - forget an epoch for good: what was encrypted to it alone is lost
 *
 * Returns 0; -EBUSY for the current one; -ENOENT; -errno.
 */
int own_keys_drop(int folder, struct own_keys *keys, uint32_t epoch);

#endif
