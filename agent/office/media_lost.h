/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media that a new edition of table media says are lost: an event each, by itself, once.
 *
 * Officers change the table on their own machine (`airgapctl media lost`); by publishing it they tell the
 * office, and from then on deadlines run. A row that was lost in the edition before is told already. So is
 * one of which an open event speaks that an officer entered: it names the serial number or the media id.
 */
#ifndef AIRGAP_OFFICE_MEDIA_LOST_H
#define AIRGAP_OFFICE_MEDIA_LOST_H

#include "agent/office/incident.h"
#include "agent/office/store/store_document.h"

/**
 * media_lost_take - to be called inside the transaction that adds @document, after it was added
 * @document: with its data; anything but a table of media is passed over
 *
 * Returns how many events were raised, or -errno.
 */
int media_lost_take(struct store *store, const struct incident_rules *rules,
		    const struct store_document *document, int64_t now_us);

#endif
