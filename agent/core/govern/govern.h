/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What governs this terminal: the signers' list, the policy in force, and the mode that follows.
 *
 * A bad candidate never replaces the active copy. Lockdown only where there is no valid active copy.
 */
#ifndef AIRGAP_CORE_GOVERN_GOVERN_H
#define AIRGAP_CORE_GOVERN_GOVERN_H

#include <stdbool.h>

#include "agent/core/govern/candidate.h"
#include "agent/core/recorder.h"
#include "agent/core/govern/rescue.h"
#include "agent/core/govern/state.h"
#include "agent/core/govern/terminal.h"
#include "policy/decide/context.h"
#include "policy/decide/media.h"
#include "policy/decide/net_facts.h"
#include "policy/order/order.h"
#include "policy/table/table.h"

#define GOVERN_PERMITS_MAX 16

/* A one-time permit: armed, it waits for its device; bound, it belongs to one plug-in. */
struct permit {
	struct order order;
	bool armed;
	bool bound;
	uint32_t bus;
	uint32_t device;
	uint64_t bound_us; /* CLOCK_BOOTTIME when the device was let in */
};

/* See maintenance.h. */
struct maintenance {
	struct order order; /* that runs, or ran last */
	uint64_t until_s;   /* powered-on seconds of the state: then it is over */
	bool runs;
	bool waits;	   /* for the entry of the next one to be durable */
	struct order next; /* that one */
	uint64_t next_until_s;
	uint64_t asked;	 /* of the recorder, so far */
	char ended[128]; /* why the last one did */
};

struct govern {
	const char *root;
	struct recorder *recorder;
	struct trust *trust;
	struct terminal terminal;
	struct state state;
	struct policy *policy; /* NULL: none is valid */
	struct record_policy in_force;
	struct rescue rescue;
	struct table *tables[TABLE_KIND_COUNT]; /* NULL: none is in force */
	struct cards *cards;			/* cards.h; NULL: there is none */
	struct policy_context context;		/* of every decision */
	struct permit permits[GOVERN_PERMITS_MAX];
	struct maintenance maintenance;
	uint64_t charged_us; /* CLOCK_BOOTTIME up to which powered-on time is counted */
	enum agent_mode mode;
	char reason[MSG_TEXT_SIZE];  /* of a mode other than enforcing, and what to do */
	char missing[MSG_TEXT_SIZE]; /* why there is no list, no terminal or no policy */
};

/**
 * govern_load - state, list, terminal, rescue keyboards and the active policy
 * @recorder: gets what is found
 *
 * Never fails: whatever is missing or wrong leads to a stricter mode, with the reason.
 */
void govern_load(struct govern *govern, const char *root, struct recorder *recorder);

/**
 * govern_identify - take up the signers' list and this terminal's identity where they are missing,
 * and a list that follows the one in force
 */
void govern_identify(struct govern *govern);

/* govern_choose_mode - the mode that follows from policy, clock and dates */
void govern_choose_mode(struct govern *govern);

/* govern_refresh - the clock moved or a date passed; true when the mode has changed */
bool govern_refresh(struct govern *govern);

/**
 * govern_latch - lockdown that only a signed order ends
 *
 * Holds from here on; returns -errno when it would not outlast a restart.
 */
int govern_latch(struct govern *govern, const char *why);

/**
 * govern_decide - the verdict over one device, under the mode that is in force
 * @in_use: as of policy_decide_usb(), of govern_rule_count() numbers
 */
void govern_decide(const struct govern *govern, const struct usb_facts *facts,
		   const uint32_t *in_use, struct policy_verdict *verdict);

/* govern_decide_link, _address, _route - the same over the network; see policy/decide/net.h */
void govern_decide_link(const struct govern *govern, const struct net_link *link,
			struct net_verdict *verdict);
void govern_decide_address(const struct govern *govern, const struct net_link *link,
			   const struct net_address *address, struct net_verdict *verdict);
void govern_decide_route(const struct govern *govern, const struct net_link *link,
			 const struct net_route *route, struct net_verdict *verdict);
void govern_decide_flow(const struct govern *govern, const struct net_link *link,
			const struct net_flow *flow, struct net_verdict *verdict);

/* govern_decide_media - the same over a medium; see policy/decide/media.h */
void govern_decide_media(const struct govern *govern, const struct media_facts *facts,
			 struct media_verdict *verdict);

size_t govern_rule_count(const struct govern *govern);

/* govern_status - fill the parts of @status that are about policy */
void govern_status(const struct govern *govern, struct agent_status *status);

void govern_done(struct govern *govern);

#endif
