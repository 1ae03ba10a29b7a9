/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The link to airgap-reportd: policies, lists, tables and orders that the office delivered.
 *
 * The reporter is not trusted: what it hands over, by descriptor, goes the same way as what a person
 * brings. What became of it is recorded, and so reported.
 */
#ifndef AIRGAP_CORE_REPORTING_H
#define AIRGAP_CORE_REPORTING_H

#include "agent/lib/link.h"

struct core;

struct reporting {
	struct link *link;
	uint32_t sandbox;
};

/* reporting_open - listen for airgap-reportd; 0 or -errno. Without its user: nothing, and 0. */
int reporting_open(struct core *core);

#endif
