/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of addresses and ports as nftables writes them. Ranges that touch or overlap become one, so
 * that nftables has nothing left to merge and the kernel holds as many elements as were written.
 */
#ifndef AIRGAP_LIB_RULESET_RULESET_SET_H
#define AIRGAP_LIB_RULESET_RULESET_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "policy/decide/net.h"

struct ruleset_range {
	unsigned __int128 first;
	unsigned __int128 last; /* included */
};

struct ruleset_set {
	struct ruleset_range *items;
	size_t count;
	unsigned __int128 end; /* the highest value there is */
	uint8_t family;	       /* enum net_family; NONE: ports */
};

/* What a set matches of all that there is. */
enum ruleset_extent {
	RULESET_NOTHING,
	RULESET_SOME,
	RULESET_EVERYTHING,
};

/* ruleset_set_prefixes - those of one family; 0 or -ENOMEM; ruleset_set_clear() it */
int ruleset_set_prefixes(struct ruleset_set *set, uint8_t family, const struct net_prefix *prefixes,
			 size_t count);

int ruleset_set_ports(struct ruleset_set *set, const struct net_ports *ports, size_t count);

void ruleset_set_clear(struct ruleset_set *set);

/* ruleset_set_has - is a number in it? */
bool ruleset_set_has(const struct ruleset_set *set, unsigned __int128 number);

/* ruleset_set_join - what is in either; 0 or -ENOMEM, then the set is as it was */
int ruleset_set_join(struct ruleset_set *set, const struct ruleset_set *more);

/*
 * ruleset_set_leave_out - every range of a set that has a number in common with @other, whole
 *
 * @inverted: with everything but @other. An empty @other inverted is everything.
 */
void ruleset_set_leave_out(struct ruleset_set *set, const struct ruleset_set *other, bool inverted);

/* ruleset_set_extent - enum ruleset_extent of the set, or of everything but it */
enum ruleset_extent ruleset_set_extent(const struct ruleset_set *set, bool inverted);

/* ruleset_set_print_number - an address of an enum net_family, or a port where it is NONE */
void ruleset_set_print_number(FILE *out, uint8_t family, unsigned __int128 number);

/* ruleset_set_print - "ip daddr != { 10.0.0.0/8, 192.0.2.1-192.0.2.5 } " of a set with some extent */
void ruleset_set_print(FILE *out, const char *selector, const struct ruleset_set *set,
		       bool inverted);

#endif
