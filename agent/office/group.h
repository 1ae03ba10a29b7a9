/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Group commit: what several requests write becomes one transaction, and their replies go out when
 * it is on the disk. A group closes at GROUP_MAX requests or after GROUP_WAIT_US.
 */
#ifndef AIRGAP_OFFICE_GROUP_H
#define AIRGAP_OFFICE_GROUP_H

#include "agent/office/http.h"

#define GROUP_MAX     100
#define GROUP_WAIT_US 5000

/* group_new - 0 or -errno */
int group_new(struct serve *serve, struct group **group);
void group_free(struct group *group);

/* group_enter - a transaction is open from here on; 0 or -errno */
int group_enter(struct group *group);

/**
 * group_wait - @request has written, and its reply() waits for the commit
 *
 * If the commit fails, another reply takes its place: 507 for a full disk, else 503.
 */
void group_wait(struct group *group, struct request *request);

/**
 * group_break - writing for @request failed half-way with @error: undo the group
 * @request: told why; NULL for writers that are no requests
 *
 * Everyone else in it is told to come again.
 */
void group_break(struct group *group, struct request *request, int error);

/* group_flush - commit now; for writers that are no requests. 0 or -errno */
int group_flush(struct group *group);

#endif
