/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Maintenance: by a signed order, network settings that policy does not name stand for a while.
 *
 *	order ──▶ state ──▶ its entry is durable ──▶ runs ──▶ over ──▶ all is judged anew
 *
 * It loosens nothing but what network/undo.c takes away again: the packet filter, links, radios and
 * devices are as before. What it counts is powered-on time (hours.h): a stop that was not in good order
 * costs it ten minutes. At a start the order's signatures are verified anew; the state alone, which
 * root can write, opens nothing.
 */
#ifndef AIRGAP_CORE_GOVERN_MAINTENANCE_H
#define AIRGAP_CORE_GOVERN_MAINTENANCE_H

#include "agent/core/govern/govern.h"

/**
 * maintenance_accept - may this order begin one, or end one, here and now?
 * @state: to be saved; what follows from the order is written there
 * @text: what will happen, or why not
 *
 * Returns 0; -EPERM in lockdown; -EAGAIN when the journal cannot be written; -ENOENT when there is none
 * to end. When 0, and once @state is saved, call maintenance_await() or maintenance_end_by().
 */
int maintenance_accept(const struct govern *govern, const struct order *order, struct state *state,
		       char *text, size_t size);

/**
 * maintenance_await - the state names it: it begins when its order's entry is durable
 *
 * Returns the tag for that entry; the recorder's answer goes to maintenance_recorded(). One that runs
 * already goes on until then.
 */
uint64_t maintenance_await(struct govern *govern, const struct order *order);

/* maintenance_end_by - by an order for that */
void maintenance_end_by(struct govern *govern, const struct order *order);

/* maintenance_recorded - the recorder's answer; false when @tag is not of a maintenance */
bool maintenance_recorded(struct govern *govern, uint64_t tag, int error);

/* maintenance_load - one that was running goes on; after hours_begin() */
void maintenance_load(struct govern *govern);

/* maintenance_check - is it over? Time, days and mode are looked at. */
void maintenance_check(struct govern *govern);

/* maintenance_end - now, and @why for people; without one running: nothing */
void maintenance_end(struct govern *govern, const char *why);

/* maintenance_left - seconds of powered-on time that the running one has left; 0: none runs */
uint64_t maintenance_left(const struct govern *govern);

/* maintenance_status - fill the parts of @status that are about it */
void maintenance_status(const struct govern *govern, struct agent_status *status);

static inline bool maintenance_runs(const struct govern *govern)
{
	return maintenance_left(govern) > 0;
}

#endif
