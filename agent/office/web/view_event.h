/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the event's page and its report share. */
#ifndef AIRGAP_OFFICE_WEB_VIEW_EVENT_H
#define AIRGAP_OFFICE_WEB_VIEW_EVENT_H

#include "agent/office/web/page.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"

/* view_event_one - give the event that the path names to @fn, or answer that there is none */
int view_event_one(struct page *page, const char *suffix, store_event_fn fn);

/* view_officer - the name; @officer is where it is kept */
const char *view_officer(struct page *page, int64_t id, struct store_officer *officer);

#endif
