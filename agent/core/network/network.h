/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network's side of the core.
 *
 *	hearing_net ──▶ links (which are there) ──▶ govern (decide) ──▶ guard (rules), net_kernel
 *	     │            ▲                                                │
 *	     ├──▶ undo ───┤ (addresses, routes, settings)                  ▼
 *	     └──▶ packets ┴──▶ violations ──▶ recorder, showing, noticing
 *
 * All of it lives in one struct, for each part needs most others: a route asks for its link, a link
 * for the rules. Every pointer below is set before the first message is heard.
 */
#ifndef AIRGAP_CORE_NETWORK_NETWORK_H
#define AIRGAP_CORE_NETWORK_NETWORK_H

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "agent/core/govern/govern.h"
#include "agent/core/network/net_kernel.h"
#include "agent/core/recorder.h"

struct attribution;
struct guard;
struct links;
struct undo;
struct violations;

/* What the rest of the core hears of it. */
struct network_handler {
	/* a link appeared, changed its state, or is gone (NET_STATE_GONE) */
	void (*outcome)(void *data, const struct net_outcome *outcome);
	/* something was found wrong and recorded */
	void (*violation)(void *data, const struct net_violation *violation);
	/* people are to be told; whom to call is filled in there */
	void (*notice)(void *data, struct msg_notice *notice);
	/* the figures of network_status() changed */
	void (*changed)(void *data);
	/* everything must be stated anew by the monitor */
	void (*rescan)(void *data, enum msg_scan_cause cause);
};

struct network {
	const char *root;
	sd_event *event;
	struct govern *govern;
	struct recorder *recorder;
	const struct network_handler *handler;
	void *data;
	bool guards; /* false: nothing of this namespace is ours to touch; see network_open() */
	struct net_kernel *kernel;
	sd_event_source *looking; /* while the monitor is away */
	struct violations *violations;
	struct links *links;
	struct guard *guard;
	struct undo *undo;
	struct attribution *attribution; /* of network_packets.h */
	uint8_t judged[MSG_DIGEST_SIZE]; /* policy under which all was judged last */
	uint32_t judged_mode;		 /* and enum agent_mode */
	bool judged_maintenance;	 /* and whether what it does not name was left */
	struct shim *shim;		 /* the kernel module */
};

/**
 * network_open - close the network of this namespace, before anything is read
 * @network: root, event, handler and data are set; the rest is filled in
 *
 * Under a --root other than / it is a test's agent: then the network is left alone, unless the test's
 * folder has the file PATH_TEST_NETWORK, by which it says that the namespace is its own. Call it before
 * the sandbox closes: it opens the sockets. Returns 0, also when the rules could not be set: the links
 * are down then, and guard.c tries again. -errno when the kernel gives no socket for it: the links are
 * put down once, as far as that can be done, and nothing is guarded.
 */
int network_open(struct network *network);

/* network_start - begin to decide; govern and recorder are set. 0 or -errno. */
int network_start(struct network *network, uint32_t sandbox);

/* network_hear - one MSG_NET_... of the monitor; nonzero: it must not say that */
int network_hear(struct network *network, const struct msg *msg);

/* network_unheard - the monitor is away */
void network_unheard(struct network *network);

/* network_redecide - policy, mode or journal changed: judge all anew */
void network_redecide(struct network *network);

/* network_admitted - the kernel module is unlocked: open what waited for that */
void network_admitted(struct network *network);

/* network_recorded - the recorder's answer; false when @tag is none of the network's */
bool network_recorded(struct network *network, uint64_t tag, int error);

/* network_status - fill the parts of @status that are about the network */
void network_status(const struct network *network, struct agent_status *status);

void network_done(struct network *network);

#endif
