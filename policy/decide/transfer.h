/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deciding over transfers of files (block transfer). Pure, like decide.h.
 *
 * A transfer is a batch: what is asked here is asked of all its files at once. An allow matches when each
 * of its conditions holds for the whole batch, a forbid when its conditions hold for any file of it. Of
 * several allows that match, the one that asks for the fewest approvals decides.
 */
#ifndef AIRGAP_POLICY_TRANSFER_H
#define AIRGAP_POLICY_TRANSFER_H

#include <stdint.h>

#include "policy/decide/facts.h"
#include "policy/lang/policy.h"

struct policy_context;

/* Different types of files in one batch */
#define TRANSFER_TYPES_MAX  32
#define TRANSFER_TYPE_SIZE  16
#define TRANSFER_FILES_MAX  1024
#define TRANSFER_UNIT_SIZE  129
#define TRANSFER_LEVEL_SIZE 65
#define TRANSFER_LOGIN_SIZE 65

enum transfer_direction {
	TRANSFER_IN,
	TRANSFER_OUT,
	TRANSFER_DIRECTION_COUNT,
};

enum transfer_medium {
	TRANSFER_MEDIUM_ANY, /* not chosen yet: at the request, before a medium is there */
	TRANSFER_MEDIUM_REGISTERED,
	TRANSFER_MEDIUM_FOREIGN, /* one way in */
	TRANSFER_MEDIUM_COUNT,
};

/* Fixed size, no pointers; texts are ended by NUL. What is not known is zero or "". */
struct transfer_facts {
	uint32_t direction;				    /* enum transfer_direction */
	uint32_t medium;				    /* enum transfer_medium */
	uint32_t files;					    /* of the batch */
	uint32_t type_count;				    /* different ones */
	uint64_t size;					    /* bytes of all files */
	char types[TRANSFER_TYPES_MAX][TRANSFER_TYPE_SIZE]; /* "pdf", by content */
	char level[TRANSFER_LEVEL_SIZE]; /* the author's, raised by markings; "": none was stated */
	char medium_level[TRANSFER_LEVEL_SIZE]; /* of table media; "": none */
	char unit[TRANSFER_UNIT_SIZE];		/* where it goes, or comes from */
	char login[TRANSFER_LOGIN_SIZE];	/* who asks */
	int64_t local_s; /* seconds since Monday 00:00, local time, for conditions on time; -1: not known */
};

struct transfer_verdict {
	struct policy_verdict verdict;
	struct policy_need approvals; /* of whom how many */
	uint32_t wait_s; /* how long a request waits for them; 0: the rule does not say */
	uint32_t scan;	 /* 1: no import without a scanner that found nothing */
};

/**
 * policy_decide_transfer - decide
 *
 * Built in, before any rule: a batch without a level is refused; so is one whose level is above the
 * terminal's, or above that of a registered medium, and anything but an import from a foreign one.
 */
void policy_decide_transfer(const struct policy *policy, const struct policy_context *context,
			    const struct transfer_facts *facts, struct transfer_verdict *verdict);

#endif
