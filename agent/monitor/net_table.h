/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The links that the monitor knows of, in this namespace and in others, each as it is now. */
#ifndef AIRGAP_MONITOR_NET_TABLE_H
#define AIRGAP_MONITOR_NET_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decide/net_facts.h"

/* Some 3 MiB. What comes beyond is stated all the same, without being remembered. */
#define NET_TABLE_MAX 4096

struct net_entry {
	struct net_link now;  /* as netlink told it last */
	struct net_link told; /* as it was stated last */
	uint64_t seen_us;     /* when netlink told it */
	bool dirty;	      /* to be stated */
	bool seen;	      /* in the dump that is under way */
	bool stated;
	bool ingress; /* has a clsact or ingress qdisc */
};

struct net_table {
	struct net_entry *entries;
	size_t count;
	size_t size;
};

struct net_entry *net_table_find(const struct net_table *table, uint32_t index, int32_t nsid);

/* net_table_add - a new entry, all zero but its identity; NULL when there is no room */
struct net_entry *net_table_add(struct net_table *table, uint32_t index, int32_t nsid);

/* net_table_remove - forget it; the last entry takes its place */
void net_table_remove(struct net_table *table, struct net_entry *entry);

void net_table_done(struct net_table *table);

#endif
