/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files watch_net*.c share; nobody else's. */
#ifndef AIRGAP_MONITOR_WATCH_NET_STATE_H
#define AIRGAP_MONITOR_WATCH_NET_STATE_H

#include "agent/monitor/net_outbox.h"
#include "agent/monitor/net_table.h"
#include "agent/monitor/watch_net.h"

struct nlmsghdr;

/* Neighbours told lately: on a busy network the same few become reachable again and again. */
#define WATCH_NET_NEIGHBOURS 64

struct watch_net {
	struct monitor *monitor;
	void (*besides)(void *data);
	void *data;
	int fd;		  /* -1: none */
	uint32_t port;	  /* the socket's address */
	int32_t own_nsid; /* number of this namespace in itself, -1: it has none, as nearly always */
	sd_event_source *source;
	sd_event_source *settle; /* runs only after events */
	bool settling;

	bool overrun; /* events were dropped, and may be still: what is read is no news */
	bool again;   /* the scan under way has to be followed by another */
	enum msg_scan_cause cause;
	bool scanning;
	size_t step;		/* of the scan */
	size_t link;		/* entry of the table whose filters are asked for */
	uint32_t repeats;	/* of this step, because changes overtook it */
	bool interrupted;	/* this step's dump was overtaken */
	bool failed;		/* the kernel did not do it, for whatever reason */
	uint32_t failures;	/* in a row, of any step */
	sd_event_source *retry; /* runs after a failure */
	uint32_t sequence;	/* of the last request */
	uint32_t stated;	/* since SCAN_BEGIN */

	struct net_table table;
	struct net_outbox outbox;
	size_t next_dirty; /* where stating links goes on */
	struct msg_net_sight_of neighbours[WATCH_NET_NEIGHBOURS];
	size_t neighbour;
};

/* watch_net_event.c */

/* Takes one message that is not about a dump's end. @nsid: -1 for this namespace. */
void watch_net_take(struct watch_net *watch, const struct nlmsghdr *message, int32_t nsid,
		    bool dumped);

/* States the links that changed, as long as the core takes them, then all else; true: that is all. */
bool watch_net_flush(struct watch_net *watch);

/* Forgets what the dump did not show; before links are stated. */
void watch_net_forget_unseen(struct watch_net *watch);

/* States everything that is known of links of other namespaces, which cannot be asked for. */
void watch_net_repeat_elsewhere(struct watch_net *watch);

void watch_net_send(void *data, enum msg_type type, const void *body);

/* watch_net_scan.c */

/* After a failure: asks once more what the kernel did not tell. The timer is the watch's. */
int watch_net_retry(sd_event_source *source, uint64_t usec, void *data);

/* Begins, or begins again, with the first dump. */
void watch_net_begin(struct watch_net *watch);

/* A message that answers the scan's request; true when it was its end and not a fact. */
bool watch_net_answer(struct watch_net *watch, const struct nlmsghdr *message);

/* May links be stated already? Not before the scan has told which have a qdisc. */
bool watch_net_knows_links(const struct watch_net *watch);

#endif
