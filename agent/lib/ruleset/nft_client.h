/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nftables through libnftables, the one place that includes it.
 *
 * A client keeps one netlink socket for its life, and the tables with `flags owner` that it makes
 * belong to that socket: they end with it.
 */
#ifndef AIRGAP_LIB_RULESET_NFT_CLIENT_H
#define AIRGAP_LIB_RULESET_NFT_CLIENT_H

#include <stddef.h>

struct nft_client;

/* nft_client_new - 0 or -errno */
int nft_client_new(struct nft_client **client);

void nft_client_free(struct nft_client *client);

/**
 * nft_client_run - commands, as one batch: all of them take effect or none
 *
 * Returns 0 or -errno: the kernel's own where libnftables tells it; -EINVAL when the text is not
 * nftables' language; else -EIO. nft_client_problem() has the words.
 */
int nft_client_run(struct nft_client *client, const char *commands);

/**
 * nft_client_list - what a listing command prints, without what changes by itself: counters,
 * expiry, elements of named sets
 * @text: borrowed until the next call
 */
int nft_client_list(struct nft_client *client, const char *command, const char **text);

/* nft_client_json - the same in full, as JSON (libnftables-json(5)) */
int nft_client_json(struct nft_client *client, const char *command, const char **text);

/* nft_client_problem - what was said when a call failed last; "" when nothing */
const char *nft_client_problem(const struct nft_client *client);

#endif
