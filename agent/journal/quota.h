/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * So that nobody floods the journal: how many entries one USB port, one link or one user may cause.
 *
 * Each has QUOTA_BURST entries, and gains one more every QUOTA_REFILL_S. What goes beyond is answered
 * with -EDQUOT and counted; an entry says at once that counting has begun, and others say how many there
 * were, once a minute and before a clean stop. Only what the guard refused or merely saw is counted so:
 * permits, alarms, policies and losses are always written, and what moved files or let them be moved. Who is not among the QUOTA_KEYS busiest
 * shares one quota with all such.
 */
#ifndef AIRGAP_JOURNAL_QUOTA_H
#define AIRGAP_JOURNAL_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/lib/msg.h"

#define QUOTA_BURST	1000
#define QUOTA_REFILL_S	6
#define QUOTA_REPORT_S	60
#define QUOTA_KEYS	64
#define QUOTA_NAME_SIZE 96

struct quota_key {
	char name[QUOTA_NAME_SIZE]; /* "port 1-2", "link eth0", "user 1000"; "": free */
	uint32_t left;
	uint64_t filled_us; /* CLOCK_BOOTTIME up to which `left` was counted */
	uint64_t dropped;   /* since the last entry about it */
};

struct quota {
	struct quota_key keys[QUOTA_KEYS + 1]; /* the last one: all others */
};

enum quota_answer {
	QUOTA_WRITE,	/* within the quota, or none applies */
	QUOTA_ANNOUNCE, /* counted; say in an entry that it has begun */
	QUOTA_COUNT,	/* counted */
};

/**
 * quota_take - may this record become an entry?
 * @now_us: CLOCK_BOOTTIME
 * @key: whose quota it was, unless QUOTA_WRITE
 */
enum quota_answer quota_take(struct quota *quota, enum msg_type type, const void *body,
			     uint64_t now_us, struct quota_key **key);

/* quota_next - one for whom something was counted; NULL: none */
struct quota_key *quota_next(struct quota *quota);

#endif
