/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The link to airgap-reportd: policies, lists, tables and orders that the office delivered.
 *
 * The reporter is not trusted: what it hands over, by descriptor, goes the same way as what a person
 * brings. What became of it is recorded, and so reported.
 */
#ifndef AIRGAP_CORE_REPORTING_H
#define AIRGAP_CORE_REPORTING_H

#include <stdbool.h>

#include "agent/lib/link.h"

struct core;
struct policy;

struct reporting {
	struct link *link;
	uint32_t sandbox;
};

/**
 * reporting_office - tell the reporter where the policy in force says that the office is
 *
 * Signed beats what root wrote on this machine. To be called whenever another policy governs.
 */
void reporting_office(struct core *core);

/* reporting_heartbeat - seconds between signs of life that @policy (or NULL) asks for; 0: it does not say */
uint32_t reporting_heartbeat(const struct policy *policy);

/* reporting_spool - bytes that @policy (or NULL) lets the journal have; 0: it does not say */
uint64_t reporting_spool(const struct policy *policy);

/* reporting_telling - enum msg_telling: what the office that the policy in force names may see */
uint32_t reporting_telling(const struct core *core);

/**
 * reporting_too_full - is the journal too full for transfers?
 *
 * A fact for deciding them: true where the policy in force says `when-full refuse-transfers` and journald
 * has little room below the limit, cannot write, or is not there. Refusals go on being recorded in what is
 * left.
 */
bool reporting_too_full(const struct core *core);

/* reporting_open - listen for airgap-reportd; 0 or -errno. Without its user: nothing, and 0. */
int reporting_open(struct core *core);

#endif
