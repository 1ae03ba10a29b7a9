/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the door tells of the network; the objects are those of agent/lib/net_json.h. */
#ifndef AIRGAP_CTL_NETWORK_H
#define AIRGAP_CTL_NETWORK_H

#include "agent/ctl/ctl.h"

enum ctl_network_list {
	CTL_NETWORK_LINKS,
	CTL_NETWORK_PEERS,
	CTL_NETWORK_VIOLATIONS,
	CTL_NETWORK_LISTS,
};

struct ctl_network {
	json_t *lists[CTL_NETWORK_LISTS];
	bool current;	    /* airgapd is there; else it is the last known state */
	json_int_t missing; /* what found no place at the door */
	json_t *state;	    /* member "network" of the status; null: not known */
	char note[256];	    /* why not current, or why nothing could be had */
};

/* ctl_network_load - 0, or -errno and note; ctl_network_free() after either */
int ctl_network_load(const struct ctl *ctl, struct ctl_network *network);
void ctl_network_free(struct ctl_network *network);

#endif
