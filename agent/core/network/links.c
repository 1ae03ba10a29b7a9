// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/links.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/guard.h"
#include "agent/core/network/links_act.h"
#include "agent/core/network/undo.h"
#include "agent/lib/log.h"

/*
 * To put a link down takes the kernel milliseconds, on a busy machine tens of them. When there are hundreds, the
 * rules must have their turn in between: one batch closes all of them, seconds after they came.
 */
#define LOOK_US 1000000

struct iface *links_lookup(const struct links *links, uint32_t index, int32_t nsid)
{
	for (struct iface *iface = links->head; iface; iface = iface->next)
		if (iface->outcome.decided.link.index == index &&
		    iface->outcome.decided.link.nsid == nsid)
			return iface;
	return NULL;
}

static bool same_verdict(const struct net_verdict *a, const struct net_verdict *b)
{
	return a->result == b->result && a->cause == b->cause && strcmp(a->rule, b->rule) == 0;
}

static void decide(struct network *network, struct iface *iface)
{
	struct net_verdict before = iface->outcome.decided.verdict;
	struct net_verdict *verdict = &iface->outcome.decided.verdict;

	links_judge(network, iface);
	/* Asked for again when the journal is back, not at each event until then. */
	if (iface->outcome.state == NET_STATE_PENDING && iface->outcome.error &&
	    verdict->result == POLICY_RESULT_PERMIT && !recorder_ready(network->recorder)) {
		links_explain_wait(iface);
		return;
	}
	/* A permit that is waiting waits on; what is closed and stays refused needs no word. */
	if (iface->settled && same_verdict(&before, verdict) &&
	    (iface->outcome.state == NET_STATE_OPEN ||
	     (iface->outcome.state == NET_STATE_PENDING && iface->outcome.error == 0) ||
	     (verdict->result == POLICY_RESULT_REFUSE &&
	      !(iface->outcome.decided.link.flags & IFF_UP))))
		return;
	links_carry_out(network, iface);
}

static void forget(struct links *links, struct iface *iface)
{
	struct iface **at = &links->head;

	while (*at != iface)
		at = &(*at)->next;
	*at = iface->next;
	links->count--;
	free(iface);
}

static void depart(struct network *network, struct iface *iface)
{
	bool known = iface->settled && iface_is_own(iface);

	links_settle(network, iface, NET_STATE_GONE, 0);
	if (known)
		recorder_link(network->recorder, RECORD_KIND_DEVICE, RECORD_GRADE_NONE,
			      &iface->outcome, 0);
	forget(network->links, iface);
	guard_renew(network);
}

static void compare_names(struct network *network, struct iface *iface, const struct net_link *now)
{
	struct net_link *link = &iface->outcome.decided.link;
	char text[128];

	if (strcmp(link->name, now->name) == 0)
		return;
	snprintf(text, sizeof(text), "it was %s before", link->name);
	memcpy(link->name, now->name, sizeof(link->name));
	/* What is down and was never open is renamed at every start, by udev. */
	if (iface->settled && (now->flags & IFF_UP || iface->outcome.state == NET_STATE_OPEN))
		links_report(network, iface, NET_VIOLATION_IFACE_RENAMED, NET_EVIDENCE_NONE,
			     NET_REMEDY_NONE, 0, text);
}

/* A hardware address that somebody set, on a link that has one of its own. */
static bool wears_mask(const struct net_link *link)
{
	return link->marks & NET_LINK_MAC_SET && link->permanent_length && !link->master &&
	       (link->mac_length != link->permanent_length ||
		memcmp(link->mac, link->permanent, link->mac_length) != 0);
}

static void look_at_marks(struct network *network, struct iface *iface,
			  const struct net_link *before)
{
	const struct net_link *now = &iface->outcome.decided.link;

	if (now->marks & (NET_LINK_XDP | NET_LINK_INGRESS))
		undo_detach(network, now);
	if (wears_mask(now) && !(before && wears_mask(before)))
		links_report(network, iface, NET_VIOLATION_IFACE_IDENTITY_MISMATCH,
			     NET_EVIDENCE_NONE, NET_REMEDY_NONE, 0,
			     "its hardware address was set by somebody");
}

/* Only what the kernel itself says is a fact; what the monitor says must agree. */
static int merge(struct network *network, const struct net_link *stated, struct net_link *now)
{
	int r = links_confirm(network, stated->index, now);

	if (r == -ENODEV)
		return r;
	/* The kernel does not answer: then it is what the monitor says, and not believed. */
	if (r < 0) {
		*now = *stated;
		now->flaw = NET_FLAW_UNREADABLE;
	}
	now->marks |= stated->marks & NET_LINK_INGRESS;
	if (now->flaw == NET_SOUND && stated->flaw == NET_SOUND &&
	    !links_same_identity(now, stated))
		now->flaw = NET_FLAW_MISMATCH;
	return 0;
}

/* A link that waits for its permit is kept shut by rules; without any, only a link that is down is. */
static void close_without_rules(struct network *network, struct iface *iface)
{
	if (iface_is_own(iface) && !guard_holds(network))
		links_close(network, iface);
}

static void known_again(struct network *network, struct iface *iface, const struct net_link *now)
{
	struct net_link before = iface->outcome.decided.link;

	compare_names(network, iface, now);
	iface->outcome.decided.link = *now;
	close_without_rules(network, iface);
	look_at_marks(network, iface, iface->settled ? &before : NULL);
	if (iface->waits)
		links_reconsider(network, iface);
	else
		decide(network, iface);
	/* A chain may be lost by whatever the event told of; nothing is written when it is there. */
	if (strcmp(before.name, now->name) != 0 || before.flags != now->flags ||
	    before.master != now->master)
		guard_renew(network);
}

static void own_facts(struct network *network, const struct net_link *stated, uint64_t seen_us)
{
	struct iface *iface = links_lookup(network->links, stated->index, -1);
	struct net_link now;

	if (merge(network, stated, &now) < 0)
		return; /* gone already; its event follows */
	if (iface && !links_same_identity(&iface->outcome.decided.link, &now)) {
		depart(network, iface);
		iface = NULL;
	}
	if (iface) {
		iface->stated = true;
		known_again(network, iface, &now);
		return;
	}
	iface = links_arrive(network, &now, seen_us);
	if (!iface)
		return;
	iface->stated = true;
	/* While all are being stated, the rules are closed for it: it need not be put down to wait. */
	iface->waits = network->links->scanning;
	close_without_rules(network, iface);
	look_at_marks(network, iface, NULL);
	if (!iface->waits)
		decide(network, iface);
	guard_renew(network);
}

/* Out of reach: seen, told, and recorded once. */
static void foreign_facts(struct network *network, const struct net_link *stated, uint64_t seen_us)
{
	struct iface *iface = links_lookup(network->links, stated->index, stated->nsid);

	if (iface && !links_same_identity(&iface->outcome.decided.link, stated)) {
		depart(network, iface);
		iface = NULL;
	}
	if (!iface)
		iface = links_arrive(network, stated, seen_us);
	if (!iface)
		return;
	iface->stated = true;
	iface->outcome.decided.link = *stated;
	if (!iface->settled)
		links_carry_out(network, iface);
}

void links_facts(struct network *network, const struct net_link *facts, uint64_t seen_us)
{
	if (facts->nsid < 0)
		own_facts(network, facts, seen_us);
	else if (facts->kind != NET_KIND_LOOPBACK)
		foreign_facts(network, facts, seen_us);
}

struct look {
	struct network *network;
	uint64_t until_us;
};

/* Down, and known so: there is nothing to be done about it, and so many may be like that. */
static bool rests(const struct network *network, const struct net_link *link)
{
	const struct iface *iface = links_lookup(network->links, link->index, -1);

	return iface && iface->settled && iface->outcome.state == NET_STATE_DOWN &&
	       !((link->flags | iface->outcome.decided.link.flags) & IFF_UP) &&
	       strcmp(link->name, iface->outcome.decided.link.name) == 0;
}

static int look(void *data, const struct net_link *link)
{
	struct look *look = data;
	struct net_link now;

	if (rests(look->network, link))
		return 0;
	if (clock_boottime_us() > look->until_us)
		return -EINTR;
	if (links_confirm(look->network, link->index, &now) == 0)
		links_facts(look->network, &now, clock_boottime_us());
	return 0;
}

bool links_look(struct network *network)
{
	struct look call = { network, clock_boottime_us() + LOOK_US };
	int r = net_kernel_each(network->kernel, look, &call);

	if (r < 0 && r != -EINTR)
		log_error("the links cannot be read: %s", strerror(-r));
	return r != -EINTR;
}

void links_gone(struct network *network, const struct msg_net_gone *gone)
{
	struct iface *iface = links_lookup(network->links, gone->index, gone->nsid);
	struct net_link now;

	if (!iface)
		return;
	depart(network, iface);
	/* Back under its old number already: another one, however alike, and without its chains. */
	if (gone->nsid < 0 && links_confirm(network, gone->index, &now) == 0)
		links_facts(network, &now, gone->seen_us);
}

void links_scan_begin(struct network *network)
{
	network->links->scanning = true;
	for (struct iface *iface = network->links->head; iface; iface = iface->next) {
		iface->stated = false;
		for (size_t i = 0; i < iface->near_count; i++)
			iface->near[i].stated = false;
	}
}

static void forget_near(struct network *network, struct iface *iface)
{
	size_t kept = 0;

	for (size_t i = 0; i < iface->near_count; i++)
		if (iface->near[i].stated)
			iface->near[kept++] = iface->near[i];
	if (kept != iface->near_count)
		guard_renew(network);
	iface->near_count = kept;
}

static void decide_waiting(struct network *network)
{
	for (struct iface *iface = network->links->head; iface; iface = iface->next) {
		if (!iface->waits)
			continue;
		iface->waits = false;
		decide(network, iface);
	}
}

void links_scan_broken(struct network *network)
{
	network->links->scanning = false;
	decide_waiting(network);
}

void links_scan_end(struct network *network)
{
	struct iface *next;

	network->links->scanning = false;
	network->links->read = true;
	for (struct iface *iface = network->links->head; iface; iface = next) {
		next = iface->next;
		if (!iface->stated)
			depart(network, iface);
		else
			forget_near(network, iface);
	}
	decide_waiting(network);
}

void links_redecide(struct network *network, bool anew)
{
	for (struct iface *iface = network->links->head; iface; iface = iface->next) {
		if (anew)
			links_make_peace(iface);
		if (iface->waits)
			links_reconsider(network, iface);
		else if (iface->outcome.decided.link.nsid < 0)
			decide(network, iface);
	}
}

int links_new(struct network *network)
{
	network->links = calloc(1, sizeof(*network->links));
	return network->links ? links_fight_open(network) : -ENOMEM;
}

void links_free(struct links *links)
{
	if (!links)
		return;
	while (links->head)
		forget(links, links->head);
	sd_event_source_disable_unref(links->peace);
	free(links);
}
