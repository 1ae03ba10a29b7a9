/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stanza of type scrypt (C2SP age.md, "scrypt recipient stanza"): a file key under a passphrase.
 * We open none, as a passphrase says nothing of who may read; but we know what one looks like, and
 * refuse a file in which one is malformed.
 */
#ifndef AIRGAP_AGE_SCRYPT_H
#define AIRGAP_AGE_SCRYPT_H

#include "agent/lib/age/age_header.h"

#define AGE_SCRYPT_TYPE "scrypt"

/* The largest work factor (base-two logarithm) that counts as sound, as in other implementations */
#define AGE_SCRYPT_WORK_MAX 22

/* age_scrypt_is_sound - salt of 16 bytes, work factor in range, body of 32 bytes, nothing else */
bool age_scrypt_is_sound(const struct age_stanza *stanza);

#endif
