/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must not go backwards: which list, policy and tables were in force, what time it was, how
 * long the machine has run, which orders were used up, a lockdown that is latched, a maintenance.
 *
 * Written with fsync and rename before anything that it speaks of takes effect, as one JSON object
 * in /var/lib/airgap/state/state; state.c names its members. A file of a later version is not read.
 */
#ifndef AIRGAP_CORE_GOVERN_STATE_H
#define AIRGAP_CORE_GOVERN_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/decide/facts.h"
#include "policy/sign/signed.h"

#define STATE_TABLES_MAX 8
#define STATE_ORDERS_MAX 64

struct state_table {
	char name[POLICY_NAME_SIZE];
	uint64_t number;
	uint8_t digest[SIGNED_DIGEST_SIZE];
};

struct state_order {
	char id[POLICY_NAME_SIZE];
	int64_t until; /* UNIX time after which it could not be used anyway */
	bool armed;    /* a permit that waits for its device */
	uint8_t digest[SIGNED_DIGEST_SIZE];
};

struct state_maintenance {
	char order[POLICY_NAME_SIZE]; /* its id; "": none */
	uint64_t until_s;	      /* of powered_s below: then it is over */
	uint8_t digest[SIGNED_DIGEST_SIZE];
};

struct state {
	uint64_t trust_number; /* 0: no list was ever accepted */
	uint8_t trust_digest[SIGNED_DIGEST_SIZE];
	uint64_t policy_serial; /* 0: no policy was ever in force */
	uint8_t policy_digest[SIGNED_DIGEST_SIZE];
	int64_t time_floor;	   /* UNIX time that has certainly been reached */
	uint64_t powered_s;	   /* powered-on seconds of this terminal */
	uint64_t policy_powered_s; /* of these, under the policy in force */
	uint32_t expiry_told;	   /* days of the last announcement of the policy's end; 0: none */
	bool enforce;		   /* an order has ended this policy's mode monitor */
	bool running;		   /* not stopped in good order since it was written */
	char latch[256];	   /* why lockdown is latched; "": it is not */
	struct state_maintenance maintenance;
	uint32_t table_count;
	struct state_table tables[STATE_TABLES_MAX];
	uint32_t order_count;
	struct state_order orders[STATE_ORDERS_MAX];
};

/**
 * state_load - read the state
 *
 * Returns 0; -ENOENT when there is none, and @state is empty; -EBADMSG when the file is damaged or
 * of a later version, likewise; another -errno.
 */
int state_load(const char *root, struct state *state);

/* state_save - 0 or -errno; then the old state stands */
int state_save(const char *root, const struct state *state);

/* state_table - what is known of a table; NULL: nothing */
const struct state_table *state_table(const struct state *state, const char *name);

/* state_set_table - 0, or -ENOSPC when there are STATE_TABLES_MAX others */
int state_set_table(struct state *state, const char *name, uint64_t number,
		    const uint8_t digest[static SIGNED_DIGEST_SIZE]);

/* state_order_used - has this order been carried out already? */
bool state_order_used(const struct state *state, const char *id);

/**
 * state_use_order - remember an order until it could not be used anyway
 * @now: orders that ended before it make room
 *
 * Returns 0, or -ENOSPC: no further order can be carried out before an earlier one ends.
 */
int state_use_order(struct state *state, const char *id, int64_t until, int64_t now);

#endif
