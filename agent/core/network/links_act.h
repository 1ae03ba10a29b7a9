/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What links.c (which links there are, and when to judge them) and links_act.c (carrying a verdict
 * out) and links_rules.c (what the rules need of them) share; nobody else includes it. */
#ifndef AIRGAP_CORE_NETWORK_LINKS_ACT_H
#define AIRGAP_CORE_NETWORK_LINKS_ACT_H

#include "agent/core/network/links.h"

/* Beyond them a link is put down and nothing remembered of it; that is recorded as a loss. */
#define LINKS_MAX 4096

#define IFACE_NEAR_MAX 48

#define LINKS_FIGHTING "someone kept adding to it what the policy does not permit"
/* How long it is down then, at first; twice as long each time, at most some 17 hours. */
#define LINKS_TRUCE_US		 (60 * UINT64_C(1000000))
#define LINKS_TRUCE_DOUBLES	 10
#define LINKS_TRUCE_FORGOTTEN_US (24 * 3600 * UINT64_C(1000000))

struct iface_near {
	struct net_prefix prefix;
	bool stated; /* since the scan began */
};

struct iface {
	struct iface *next;
	struct net_outcome outcome;
	bool stated;	      /* since the scan began */
	bool settled;	      /* a verdict has been carried out and recorded */
	bool waits;	      /* for the end of the scan, to be decided */
	bool durable;	      /* the permit is written down; it waits for its rules */
	bool planned;	      /* the plan that is being applied opens it */
	bool inherited;	      /* open since before this program: stays so until it is decided */
	bool gated;	      /* the kernel module lets it up */
	bool raised;	      /* it was up when it was put down: up again once it is permitted */
	bool fighting;	      /* put down because someone kept adding what was taken away */
	uint64_t asked;	      /* of the journal, for the permit that is pending */
	uint32_t refused_for; /* enum policy_cause of the last refusal */
	uint32_t fights;
	uint64_t
		fights_us; /* since when they are counted; while it is fighting, since when it is down */
	uint32_t truces;   /* times that it was put down for fighting, lately */
	uint64_t truce_us; /* the last of them */
	struct iface_near near[IFACE_NEAR_MAX];
	struct net_prefix near_plan[IFACE_NEAR_MAX]; /* what the last plan points to */
	size_t near_count;
};

struct links {
	struct iface *head; /* in the order of appearance */
	uint32_t count;
	uint64_t plugs;
	uint64_t asked;
	bool scanning;
	bool read; /* a first full reading is complete */
	sd_event_source *peace;
};

/* iface_is_own - in this namespace, and not loopback */
bool iface_is_own(const struct iface *iface);

struct iface *links_lookup(const struct links *links, uint32_t index, int32_t nsid);

/* links_arrive - a link that was not there yet; NULL: no room for it, and it has been put down */
struct iface *links_arrive(struct network *network, const struct net_link *facts, uint64_t seen_us);

/* links_reconsider - is what an earlier run opened permitted still? Then it waits on, else it is closed. */
void links_reconsider(struct network *network, struct iface *iface);

/* links_settle - this is what became of it */
void links_settle(struct network *network, struct iface *iface, enum net_state state, int error);

/* links_tell - show the link as it is now */
void links_tell(struct network *network, const struct iface *iface);

/* links_close - down in the kernel; 0 or -errno. Remembers that it was up. */
int links_close(struct network *network, struct iface *iface);

/* links_judge - the policy's verdict, or a refusal where the packet filter cannot keep to it */
void links_judge(struct network *network, struct iface *iface);

/* links_carry_out - do what the verdict says; a permit only asks the journal first */
void links_carry_out(struct network *network, struct iface *iface);

/* links_explain_wait - say in its verdict why the entry that it waits for cannot be written */
void links_explain_wait(struct iface *iface);

/* links_refuse - whatever the policy says; @because is for people */
void links_refuse(struct net_verdict *verdict, enum policy_cause cause, const char *because);

/* links_fight_open - ready to judge anew what was fought over; 0 or -errno */
int links_fight_open(struct network *network);

/* links_make_peace - another policy: forget what was fought over */
void links_make_peace(struct iface *iface);

/* links_report - a violation of this kind on this link, with its verdict */
void links_report(struct network *network, const struct iface *iface, enum net_violation_kind kind,
		  enum net_evidence evidence, enum net_remedy remedy, int error, const char *text);

/**
 * links_confirm - what rtnetlink and sysfs say of it now, into @now
 *
 * Returns 0, with the flaw set where they do not agree; -ENODEV when it is gone; another -errno.
 */
int links_confirm(struct network *network, uint32_t index, struct net_link *now);

/* links_same_identity - is it the same link? Names, flags and settings may differ. */
bool links_same_identity(const struct net_link *a, const struct net_link *b);

#endif
