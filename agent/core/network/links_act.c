// SPDX-License-Identifier: GPL-2.0-or-later
/* Carrying a verdict out: a refusal at once, a permit once it is written down and the rules hold. */
#include "agent/core/network/links_act.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/network/guard.h"
#include "agent/core/network/violations.h"
#include "agent/lib/log.h"
#include "agent/lib/net_sysfs.h"
#include "agent/lib/ruleset/ruleset_text.h"
#include "policy/decide/net.h"

/* The recorder's tags are shared with USB devices, which count from one. */
#define LINK_TAG (UINT64_C(1) << 63)

#define CONFIRM_TRIES 3

bool links_same_identity(const struct net_link *a, const struct net_link *b)
{
	return a->arphrd == b->arphrd && a->kind == b->kind &&
	       a->permanent_length == b->permanent_length &&
	       memcmp(a->permanent, b->permanent, sizeof(a->permanent)) == 0 &&
	       strcmp(a->info_kind, b->info_kind) == 0 && strcmp(a->driver, b->driver) == 0 &&
	       strcmp(a->path, b->path) == 0;
}

int links_confirm(struct network *network, uint32_t index, struct net_link *now)
{
	/* Netlink tells by number, sysfs by name: a name may change hands between the two. */
	for (int i = 0; i < CONFIRM_TRIES; i++) {
		int r = net_kernel_link(network->kernel, index, now);

		if (r < 0)
			return r;
		if (net_sysfs_read(network->root, now) == 0 && now->flaw == NET_SOUND)
			return 0;
	}
	return 0;
}

bool iface_is_own(const struct iface *iface)
{
	return iface->outcome.decided.link.nsid < 0 &&
	       iface->outcome.decided.link.kind != NET_KIND_LOOPBACK;
}

void links_tell(struct network *network, const struct iface *iface)
{
	network->handler->outcome(network->data, &iface->outcome);
}

void links_settle(struct network *network, struct iface *iface, enum net_state state, int error)
{
	iface->outcome.state = state;
	iface->outcome.error = error;
	iface->outcome.settled_us = clock_boottime_us();
	iface->settled = true;
	links_tell(network, iface);
}

void links_report(struct network *network, const struct iface *iface, enum net_violation_kind kind,
		  enum net_evidence evidence, enum net_remedy remedy, int error, const char *text)
{
	struct net_violation violation = {
		.kind = kind,
		.evidence = evidence,
		.remedy = remedy,
		.error = error,
		.link = iface->outcome.decided.link,
		.actor.uid = UINT32_MAX,
		.verdict = iface->outcome.decided.verdict,
	};

	snprintf(violation.text, sizeof(violation.text), "%s", text);
	violations_found(network, &violation);
}

int links_close(struct network *network, struct iface *iface)
{
	struct net_link *link = &iface->outcome.decided.link;
	int r;

	if (!(link->flags & IFF_UP))
		return 0;
	r = net_kernel_set_up(network->kernel, link->index, false);
	if (r == 0 || r == -ENODEV) {
		link->flags &= ~(uint32_t)(IFF_UP | IFF_RUNNING);
		link->marks &= ~(uint32_t)NET_LINK_CARRIER;
		iface->raised = true;
		return 0;
	}
	log_error("link %s could not be put down: %s", link->name, strerror(-r));
	return r;
}

/* Does it cling to a permitted link's address? The identity is told by bus, driver and address. */
static bool is_clone(const struct network *network, const struct iface *iface)
{
	const struct net_link *link = &iface->outcome.decided.link;

	for (const struct iface *other = network->links->head; other; other = other->next) {
		const struct net_link *known = &other->outcome.decided.link;

		if (other != iface && known->nsid < 0 && link->permanent_length &&
		    other->outcome.decided.verdict.result == POLICY_RESULT_PERMIT &&
		    known->permanent_length == link->permanent_length &&
		    memcmp(known->permanent, link->permanent, link->permanent_length) == 0)
			return true;
	}
	return false;
}

/* A tethering driver that bound is a strong sign of a phone; the rest is only an unknown link. */
static enum net_evidence evidence_of(const struct net_link *link)
{
	switch (link->kind) {
	case NET_KIND_USB:
	case NET_KIND_BLUETOOTH:
	case NET_KIND_WWAN:
		return NET_EVIDENCE_STRONG;
	default:
		return link->marks & NET_LINK_CARRIER ? NET_EVIDENCE_WEAK : NET_EVIDENCE_NONE;
	}
}

static void report_refusal(struct network *network, struct iface *iface, bool was_up, int error)
{
	const struct net_link *link = &iface->outcome.decided.link;
	enum policy_cause cause = iface->outcome.decided.verdict.cause;
	enum net_remedy remedy = error	  ? NET_REMEDY_FAILED
				 : was_up ? NET_REMEDY_LINK_DOWN
					  : NET_REMEDY_DROPPED;

	/* Lockdown and a journal that is away say nothing about the link. */
	if (cause == POLICY_CAUSE_LOCKDOWN || cause == POLICY_CAUSE_UNREADY) {
		recorder_link(network->recorder, error ? RECORD_KIND_ALARM : RECORD_KIND_DEVICE,
			      error ? RECORD_GRADE_V2 : RECORD_GRADE_NONE, &iface->outcome, 0);
		return;
	}
	if (link->marks & NET_LINK_FALLBACK && !was_up)
		return; /* a tunnel's module brings it along: no news */
	if (link->flaw == NET_FLAW_MISMATCH || is_clone(network, iface))
		links_report(network, iface, NET_VIOLATION_IFACE_IDENTITY_MISMATCH,
			     NET_EVIDENCE_STRONG, remedy, error,
			     link->flaw ? "the kernel's answers about it do not agree"
					: "it has the hardware address of a permitted link");
	else
		links_report(network, iface, NET_VIOLATION_IFACE_UNKNOWN, evidence_of(link), remedy,
			     error, was_up ? "it was up" : "");
}

static void carry_out_refusal(struct network *network, struct iface *iface)
{
	bool was_up = iface->outcome.decided.link.flags & IFF_UP;
	uint32_t cause = iface->outcome.decided.verdict.cause;
	/* What lockdown had put down is news once a policy refuses it for what it is. */
	bool news = !iface->settled || was_up || iface->outcome.state != NET_STATE_DOWN ||
		    cause != iface->refused_for;
	int r = links_close(network, iface);

	iface->refused_for = cause;
	iface->durable = false;
	iface->inherited = false;
	links_settle(network, iface, r < 0 ? NET_STATE_FAILED : NET_STATE_DOWN, r);
	if (news)
		report_refusal(network, iface, was_up, r);
	guard_renew(network);
}

void links_explain_wait(struct iface *iface)
{
	snprintf(iface->outcome.decided.verdict.because,
		 sizeof(iface->outcome.decided.verdict.because),
		 "the policy permits it, but the journal cannot record that now (%s)",
		 strerror(-iface->outcome.error));
}

static void carry_out_permit(struct network *network, struct iface *iface)
{
	bool allowed = iface->outcome.decided.verdict.cause != POLICY_CAUSE_MONITOR;
	enum record_grade grade = allowed ? RECORD_GRADE_NONE : RECORD_GRADE_V1;

	if (iface->outcome.state == NET_STATE_OPEN) {
		/* By another rule than before; it is written down, and was open all the time. */
		recorder_link(network->recorder, RECORD_KIND_PERMIT, grade, &iface->outcome, 0);
		links_settle(network, iface, NET_STATE_OPEN, 0);
		return;
	}
	iface->durable = false;
	links_settle(network, iface, NET_STATE_PENDING, 0);
	iface->asked = ++network->links->asked;
	if (recorder_link(network->recorder, RECORD_KIND_PERMIT, grade, &iface->outcome,
			  LINK_TAG | iface->asked) < 0) {
		iface->outcome.error = -ENOBUFS;
		links_explain_wait(iface);
	}
}

/* In another namespace, where neither rules nor rtnetlink of ours reach. */
static void carry_out_foreign(struct network *network, struct iface *iface)
{
	const struct net_link *link = &iface->outcome.decided.link;
	struct net_verdict *verdict = &iface->outcome.decided.verdict;
	bool device = link->path[0] || link->permanent_length;
	bool up = link->flags & IFF_UP;

	*verdict = (struct net_verdict){ .result = POLICY_RESULT_REFUSE,
					 .cause = POLICY_CAUSE_DEFAULT,
					 .because = "it is in another network namespace" };
	links_settle(network, iface, up ? NET_STATE_FAILED : NET_STATE_DOWN, up ? -EOPNOTSUPP : 0);
	if (device)
		links_report(network, iface, NET_VIOLATION_IFACE_NETNS_MOVED,
			     up ? NET_EVIDENCE_STRONG : NET_EVIDENCE_WEAK, NET_REMEDY_NONE, 0,
			     "a device of this machine is in another network namespace");
	else
		links_report(network, iface, NET_VIOLATION_NETNS_SEEN, NET_EVIDENCE_NONE,
			     NET_REMEDY_NONE, 0, "a virtual link in another network namespace");
}

void links_refuse(struct net_verdict *verdict, enum policy_cause cause, const char *because)
{
	verdict->result = POLICY_RESULT_REFUSE;
	verdict->cause = cause;
	snprintf(verdict->because, sizeof(verdict->because), "%s", because);
}

void links_judge(struct network *network, struct iface *iface)
{
	const struct net_link *link = &iface->outcome.decided.link;
	struct net_verdict *verdict = &iface->outcome.decided.verdict;

	govern_decide_link(network->govern, link, verdict);
	if (verdict->result != POLICY_RESULT_PERMIT)
		return;
	if (iface->fighting)
		links_refuse(verdict, POLICY_CAUSE_UNREADY, LINKS_FIGHTING);
	/* It would have no chain at its egress, and frames below IP would leave by it. */
	else if (!ruleset_nameable(link->name))
		links_refuse(verdict, POLICY_CAUSE_FLAW,
			     "no rule of the packet filter can hold its name");
}

void links_carry_out(struct network *network, struct iface *iface)
{
	const struct net_link *link = &iface->outcome.decided.link;

	if (link->nsid >= 0)
		carry_out_foreign(network, iface);
	else if (link->kind == NET_KIND_LOOPBACK)
		links_settle(network, iface, NET_STATE_OPEN, 0);
	else if (iface->outcome.decided.verdict.result == POLICY_RESULT_PERMIT)
		carry_out_permit(network, iface);
	else
		carry_out_refusal(network, iface);
}

void links_recorded(struct network *network, uint64_t asked, int error)
{
	struct iface *iface = network->links->head;
	struct net_link now;

	while (iface && iface->asked != asked)
		iface = iface->next;
	/* Gone, or judged anew by a newer policy, while the entry was on its way. */
	if (!iface || iface->outcome.state != NET_STATE_PENDING)
		return;
	if (error < 0) {
		/* Closed rules keep it shut; it need not be put down to wait for the journal. */
		iface->outcome.error = error;
		links_explain_wait(iface);
		links_settle(network, iface, NET_STATE_PENDING, error);
		return;
	}
	if (links_confirm(network, iface->outcome.decided.link.index, &now) == -ENODEV)
		return;
	if (now.flaw != NET_SOUND || !links_same_identity(&iface->outcome.decided.link, &now)) {
		/* It showed another face since it was judged. */
		iface->outcome.decided.link.flaw = NET_FLAW_MISMATCH;
		links_judge(network, iface);
		links_carry_out(network, iface);
		return;
	}
	iface->durable = true;
	guard_renew(network);
}

bool network_recorded(struct network *network, uint64_t tag, int error)
{
	if (!(tag & LINK_TAG))
		return false;
	links_recorded(network, tag & ~LINK_TAG, error);
	return true;
}
