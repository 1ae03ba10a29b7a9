/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the packet filter back: what the kernel holds under our names, in nftables' own words. */
#ifndef AIRGAP_LIB_RULESET_RULESET_HELD_H
#define AIRGAP_LIB_RULESET_RULESET_HELD_H

#include <stdbool.h>
#include <stddef.h>

struct nft_client;

/**
 * ruleset_held - listing of our tables that are there
 * @own: of the owned copies, too
 * @held: set to text that the caller frees; "" when there is none
 *
 * Without what changes by itself (counters, elements of named sets): two listings are equal when
 * the rules are. Names of links in it are those that they have now. Returns 0 or -errno.
 */
int ruleset_held(struct nft_client *client, bool own, char **held);

/**
 * ruleset_held_check - is there as much of everything as was written?
 * @meant: text by ruleset_text()
 * @problem: gets the difference in words
 *
 * Returns 0 or -EIO.
 */
int ruleset_held_check(const char *meant, const char *held, char *problem, size_t size);

#endif
