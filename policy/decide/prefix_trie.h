/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of networks, for look-ups whose cost does not grow with the set.
 *
 * One path-compressed binary trie a family: at most two nodes for each network, and a look-up visits
 * at most one node for each bit of an address. Looking up allocates nothing.
 */
#ifndef AIRGAP_POLICY_PREFIX_TRIE_H
#define AIRGAP_POLICY_PREFIX_TRIE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/decide/net_facts.h"

struct prefix_trie;

/** prefix_trie_new - an empty one; NULL: no memory */
struct prefix_trie *prefix_trie_new(void);

/** prefix_trie_free - accepts NULL */
void prefix_trie_free(struct prefix_trie *trie);

/** prefix_trie_add - bits beyond the prefix are ignored. 0, -ENOMEM, or -EINVAL: no such network */
int prefix_trie_add(struct prefix_trie *trie, const struct net_prefix *prefix);

/** prefix_trie_covers - whether an address or a whole network lies within one of the set's */
bool prefix_trie_covers(const struct prefix_trie *trie, const struct net_prefix *prefix);

/** prefix_trie_meets - whether a network shares an address with one of the set's */
bool prefix_trie_meets(const struct prefix_trie *trie, const struct net_prefix *prefix);

/** prefix_trie_memory - bytes that it occupies */
size_t prefix_trie_memory(const struct prefix_trie *trie);

#endif
