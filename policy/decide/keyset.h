/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of byte strings, for membership in constant time whatever its size.
 *
 * Wildcards are prefixes: 0951:* is the key 09 51, *:* the empty key. Keys of one byte, such as
 * classes, stand in a bitmap, all others in a hash table of four bytes a slot.
 */
#ifndef AIRGAP_POLICY_KEYSET_H
#define AIRGAP_POLICY_KEYSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keyset;

/** keyset_new - an empty set with room for @expected keys; it grows beyond. NULL: no memory */
struct keyset *keyset_new(size_t expected);

/** keyset_free - accepts NULL */
void keyset_free(struct keyset *set);

/** keyset_add - a copy of a key of at most 65535 bytes; twice is once. 0 or -ENOMEM, -EINVAL */
int keyset_add(struct keyset *set, const void *key, size_t length);

/** keyset_has - whether that very key is in the set */
bool keyset_has(const struct keyset *set, const void *key, size_t length);

/** keyset_covers - whether the key or a prefix of it, the empty one included, is in the set */
bool keyset_covers(const struct keyset *set, const void *key, size_t length);

/** keyset_count - number of keys */
size_t keyset_count(const struct keyset *set);

/** keyset_key - the keys in the order of adding: NULL after the last one */
const uint8_t *keyset_key(const struct keyset *set, size_t *cursor, size_t *length);

#endif
