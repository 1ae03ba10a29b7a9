/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What policy does not name is undone: addresses, routes, routing rules, forwarding, radios, traffic
 * control and XDP. What cannot be undone is recorded: neighbours, name servers, namespaces.
 *
 * Each function judges one thing that the monitor states, in every full reading again; a thing that
 * stays is recorded once. Undoing has no limit, recording has (violations.h), and a link on which it
 * never ends is put down (links_fight()). While a maintenance runs, settings of permitted links are
 * recorded and stay (undo_is_left()); when it has ended a full reading undoes them.
 */
#ifndef AIRGAP_CORE_NETWORK_UNDO_H
#define AIRGAP_CORE_NETWORK_UNDO_H

#include "agent/core/network/network.h"

/* undo_new - 0 or -errno; sets network->undo */
int undo_new(struct network *network);

void undo_address(struct network *network, const struct msg_net_address *stated);
void undo_route(struct network *network, const struct msg_net_route *stated);

/* undo_sight - anything else that the monitor sees; see enum msg_net_sight */
void undo_sight(struct network *network, const struct msg_net_sight_of *sight);

/* undo_detach - an XDP program or a qdisc that turns packets is on this link: off with it */
void undo_detach(struct network *network, const struct net_link *link);

/* undo_radios - lockdown: block every radio */
void undo_radios(struct network *network);

/**
 * undo_is_left - does a signed order for maintenance let settings of this link stand?
 * @link: NULL: of no one link, as rules are
 *
 * Only of links that policy permits. What passes the packet filter (XDP, traffic control) and radios
 * are never left.
 */
bool undo_is_left(const struct network *network, const struct net_link *link);

/* undo_leave - recorded, once while it stands, and not undone; @key tells it from others */
void undo_leave(struct network *network, struct net_violation *violation,
		const struct msg_net_sight_of *key);

/* undo_anew - something else governs: what it undoes in the next full reading was nobody's fight */
void undo_anew(struct network *network);

/* undo_scan_begin, _end - what is not stated between them stands no longer */
void undo_scan_begin(struct network *network);
void undo_scan_end(struct network *network);

void undo_free(struct undo *undo);

#endif
