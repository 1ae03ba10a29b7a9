/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of ruleset share. */
#ifndef AIRGAP_CORE_NETWORK_RULESET_PRIVATE_H
#define AIRGAP_CORE_NETWORK_RULESET_PRIVATE_H

#include "agent/core/network/ruleset.h"
#include "agent/lib/ruleset/nft_client.h"

struct ruleset_known {
	uint32_t index;
	char name[NET_NAME_SIZE];
};

struct ruleset {
	struct nft_client *nft;
	char *meant;		     /* the text of the last plan; NULL: there was none */
	char *held;		     /* what nftables listed right after it took effect */
	struct ruleset_known *links; /* those in it */
	size_t count;
	bool stood;   /* the base was there already when ruleset_left() looked */
	bool altered; /* somebody changed the rules; found when they were about to be made anew */
	char problem[1024];
};

#endif
