/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who has not been heard of: on time, late, silent, escalated; each step is alarmed once.
 *
 * A terminal that stopped in order is off: nothing is expected, and nothing is fine. One without
 * network has a date by which its next bundle is due. Time during which the office itself was away
 * counts for nobody.
 */
#ifndef AIRGAP_OFFICE_CONTACT_H
#define AIRGAP_OFFICE_CONTACT_H

#include "agent/office/incident_book.h"
#include "agent/office/store/store_terminal.h"

/* contact_heard - @stopped: the newest entry is a clean stop */
void contact_heard(struct store_terminal *terminal, bool stopped, int64_t now_us);

/**
 * contact_judge - what a terminal is now: enum store_contact
 * @since_us: the office has been listening without a break since then
 */
uint32_t contact_judge(const struct incident_rules *rules, const struct store_terminal *terminal,
		       int64_t since_us, int64_t now_us);

/**
 * contact_sweep - judge all terminals, with events for every step, and one for the fleet
 *
 * Inside the caller's transaction. Returns 0 or -errno.
 */
int contact_sweep(struct store *store, const struct incident_book *book, int64_t since_us,
		  int64_t now_us);

/**
 * contact_downtime - tell, as one event of the office's own, how long it was away
 *
 * Called at the start; from then on contact_alive() every minute.
 */
int contact_downtime(struct store *store, const struct incident_rules *rules, int64_t now_us);
int contact_alive(struct store *store, int64_t now_us);

const char *contact_name(uint32_t contact);

#endif
