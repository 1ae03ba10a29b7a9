/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deciding over transfers of files (block transfer). Pure, like decide.h.
 *
 * A transfer is a batch: what is asked here is asked of all its files at once. An allow matches when each
 * of its conditions holds for the whole batch, a forbid when its conditions hold for any file of it. Of
 * several allows that match, the one that asks for the fewest approvals decides; of those that ask for
 * as many, one that needs no scanner, then the one that waits longest, then the first in the text.
 *
 *	1. Facts that make no sense are refused.
 *	2. So is, before any rule: a batch without a level, or whose level the signers' list does not
 *	   declare or is above the terminal's or the registered medium's; a medium above the terminal; a
 *	   medium of the highest level for anything below it; anything but an import from a foreign one.
 *	3. A matching forbid refuses.
 *	4. A matching allow permits, with its approvals. An allow that does not name the medium is of
 *	   registered ones: from foreign media files come in only where 'medium foreign' says so.
 *	5. Otherwise it is refused.
 *
 * A condition on what is not known (no unit, no time) is false in an allow and true in a forbid. As long
 * as no medium is chosen, at the request, what is said of the medium holds in an allow and not in a forbid:
 * it is asked again when the medium is there.
 */
#ifndef AIRGAP_POLICY_TRANSFER_H
#define AIRGAP_POLICY_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "policy/decide/facts.h"
#include "policy/lang/policy.h"

struct explain_rule;
struct json_t;
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
	uint64_t
		wait_clock_s; /* wait_s of working hours, in seconds by the clock from local_s on */
};

/** policy_decide_transfer - the verdict; @context may be NULL, and then no order of levels is known */
void policy_decide_transfer(const struct policy *policy, const struct policy_context *context,
			    const struct transfer_facts *facts, struct transfer_verdict *verdict);

/** policy_has_transfer - whether the policy has the block; without it nothing is permitted */
bool policy_has_transfer(const struct policy *policy);

/** policy_transfer_foreign - whether some allow lets files in from foreign media */
bool policy_transfer_foreign(const struct policy *policy);

/** transfer_direction_name, transfer_medium_name - "in", "out"; "any", "registered", "foreign" */
const char *transfer_direction_name(uint32_t direction);
const char *transfer_medium_name(uint32_t medium);

struct transfer_explanation {
	struct transfer_verdict verdict;
	struct explain_rule *rules;
	size_t rule_count;
};

/**
 * policy_explain_transfer - decide, and keep how
 *
 * Returns 0 and an explanation to be freed with transfer_explanation_free() before the policy; -ENOMEM.
 */
int policy_explain_transfer(const struct policy *policy, const struct policy_context *context,
			    const struct transfer_facts *facts,
			    struct transfer_explanation **explanation);
void transfer_explanation_free(struct transfer_explanation *explanation);

/** transfer_explanation_print - as plain text; @name: how the policy's file is called */
void transfer_explanation_print(FILE *out, const char *name,
				const struct transfer_explanation *explanation);

/** transfer_explanation_json - a new reference, or NULL when memory is short */
struct json_t *transfer_explanation_json(const char *name,
					 const struct transfer_explanation *explanation);

#endif
