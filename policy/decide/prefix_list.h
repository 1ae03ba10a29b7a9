/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of addresses as lists of networks, for what has to be handed on whole: in order (IPv4 first,
 * then by bytes, the wider first), no network within another one.
 */
#ifndef AIRGAP_POLICY_PREFIX_LIST_H
#define AIRGAP_POLICY_PREFIX_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/decide/net_facts.h"

struct prefix_list {
	struct net_prefix *items;
	size_t count;
	size_t room;
};

/** prefix_bits - bits of a whole address of a family: 32, 128, or 0 for a family that is none */
uint8_t prefix_bits(uint8_t family);

/** prefix_same_bits - whether two arrays agree in their first @bits */
bool prefix_same_bits(const uint8_t *a, const uint8_t *b, unsigned int bits);

/** prefix_covers - whether @inner lies within @outer, or is the same */
bool prefix_covers(const struct net_prefix *outer, const struct net_prefix *inner);

/** prefix_list_add - append, in any order; sort before anything else. 0 or -ENOMEM */
int prefix_list_add(struct prefix_list *list, const struct net_prefix *prefix);

/** prefix_list_sort - bring it into order and drop what lies within another one */
void prefix_list_sort(struct prefix_list *list);

/** prefix_list_intersect, prefix_list_subtract - a new list from two sorted ones; 0 or -ENOMEM */
int prefix_list_intersect(const struct prefix_list *a, const struct prefix_list *b,
			  struct prefix_list *out);
int prefix_list_subtract(const struct prefix_list *a, const struct prefix_list *b,
			 struct prefix_list *out);

/** prefix_list_clear - give the memory back; a list of zeroes is empty, too */
void prefix_list_clear(struct prefix_list *list);

#endif
