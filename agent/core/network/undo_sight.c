// SPDX-License-Identifier: GPL-2.0-or-later
/* What the monitor sees besides links, addresses and routes; one function a sight. */
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/network/guard.h"
#include "agent/core/network/links.h"
#include "agent/core/network/net_settings.h"
#include "agent/core/network/undo.h"
#include "agent/core/network/undo_standing.h"
#include "agent/core/network/violations.h"
#include "agent/lib/net_json.h"
#include "policy/decide/net.h"

#define DNS_PORT 53

static struct net_violation begin(const struct network *network,
				  const struct msg_net_sight_of *sight,
				  enum net_violation_kind kind, enum net_evidence evidence)
{
	struct net_violation violation = {
		.kind = kind,
		.evidence = evidence,
		.actor.uid = UINT32_MAX,
		.link.nsid = sight->nsid,
		.first_us = sight->seen_us,
		.last_us = sight->seen_us,
	};
	const struct net_link *link;
	bool open;

	link = sight->index && sight->nsid < 0 ? links_find(network, sight->index, &open) : NULL;
	if (link)
		violation.link = *link;
	return violation;
}

static void finish(struct network *network, struct net_violation *violation, enum net_remedy remedy,
		   int r)
{
	violation->remedy = r < 0 ? NET_REMEDY_FAILED : remedy;
	violation->error = r;
	violations_found(network, violation);
}

static bool is_watching(const struct network *network)
{
	return network->govern->mode == AGENT_MODE_MONITORING;
}

/* An unknown link with carrier and a neighbour: that is a connection, not a suspicion. */
static void see_neighbour(struct network *network, const struct msg_net_sight_of *sight)
{
	struct net_violation violation =
		begin(network, sight, NET_VIOLATION_NEIGHBOUR_ON_UNKNOWN, NET_EVIDENCE_CONFIRMED);
	char prefix[NET_JSON_PREFIX_SIZE], mac[3 * NET_LLADDR_MAX];
	struct net_verdict verdict;

	if (!violation.link.index || violation.link.kind == NET_KIND_LOOPBACK)
		return;
	govern_decide_link(network->govern, &violation.link, &verdict);
	if (verdict.result == POLICY_RESULT_PERMIT || !undo_is_news(network->undo, sight))
		return;
	violation.verdict = verdict;
	snprintf(violation.text, sizeof(violation.text), "%s at %s answers",
		 net_json_prefix(prefix, &sight->prefix), net_json_mac(mac, sight->mac, 6));
	violations_found(network, &violation);
}

static void see_router(struct network *network, const struct msg_net_sight_of *sight)
{
	struct net_violation violation =
		begin(network, sight, NET_VIOLATION_NEIGHBOUR_ON_UNKNOWN, NET_EVIDENCE_STRONG);
	char prefix[NET_JSON_PREFIX_SIZE];
	struct net_verdict verdict;

	if (!violation.link.index)
		return;
	govern_decide_link(network->govern, &violation.link, &verdict);
	if (verdict.result == POLICY_RESULT_PERMIT || !undo_is_news(network->undo, sight))
		return;
	violation.verdict = verdict;
	snprintf(violation.text, sizeof(violation.text), "a router announces itself %s",
		 net_json_prefix(prefix, &sight->prefix));
	violations_found(network, &violation);
}

static void see_rule(struct network *network, const struct msg_net_sight_of *sight)
{
	struct net_violation violation =
		begin(network, sight, NET_VIOLATION_ROUTE_ILLEGAL, NET_EVIDENCE_WEAK);
	struct msg_net_sight_of key = *sight;
	int r = 0;

	/* A rule that is gone is no way out. */
	if (strncmp(sight->text, "removed", 7) == 0)
		return;
	/* Several rules may have one priority. */
	key.number = sight->number ^ undo_fold(sight->text, strlen(sight->text));
	snprintf(violation.text, sizeof(violation.text), "routing rule %llu %.100s",
		 (unsigned long long)sight->number, sight->text);
	if (is_watching(network)) {
		if (undo_is_news(network->undo, &key))
			violations_found(network, &violation);
		return;
	}
	if (network->govern->mode == AGENT_MODE_LOCKDOWN)
		return;
	if (undo_is_left(network, NULL)) {
		undo_leave(network, &violation, &key);
		return;
	}
	r = net_kernel_remove_rule(network->kernel, sight->family, (uint32_t)sight->number);
	finish(network, &violation, NET_REMEDY_ROUTE_REMOVED, r);
}

static void see_forwarding(struct network *network, const struct msg_net_sight_of *sight)
{
	struct net_violation violation =
		begin(network, sight, NET_VIOLATION_FORWARDING_ENABLED, NET_EVIDENCE_WEAK);
	const char *name = sight->index ? violation.link.name : "all";
	struct msg_net_sight_of key = *sight;
	int r;

	key.number = 0;
	if (sight->number == 0)
		undo_no_longer(network->undo, &key);
	if (sight->number == 0 || (sight->index && !violation.link.index))
		return;
	snprintf(violation.text, sizeof(violation.text), "net.ipv%u.conf.%.15s.forwarding was %llu",
		 sight->family == NET_FAMILY_IPV6 ? 6U : 4U, name,
		 (unsigned long long)sight->number);
	if (is_watching(network)) {
		if (undo_is_news(network->undo, &key))
			violations_found(network, &violation);
		return;
	}
	if (undo_is_left(network, sight->index ? &violation.link : NULL)) {
		undo_leave(network, &violation, &key);
		return;
	}
	r = net_settings_forward_off(network->root, sight->family, name);
	finish(network, &violation, NET_REMEDY_SETTING_RESTORED, r);
}

static void see_dns(struct network *network, const struct msg_net_sight_of *sight)
{
	struct net_violation violation =
		begin(network, sight, NET_VIOLATION_DNS_ILLEGAL, NET_EVIDENCE_WEAK);
	char prefix[NET_JSON_PREFIX_SIZE];

	violation.flow = (struct net_flow){
		.to = sight->prefix, .protocol = NET_PROTOCOL_UDP, .number = 17, .port = DNS_PORT
	};
	/* A resolver of this machine's own asks others; those are judged when it does. */
	if ((sight->prefix.family == NET_FAMILY_IPV4 && sight->prefix.bytes[0] == 127) ||
	    links_permits_flow(network, &violation.flow) || !undo_is_news(network->undo, sight))
		return;
	snprintf(violation.text, sizeof(violation.text), "name server %s in resolv.conf",
		 net_json_prefix(prefix, &sight->prefix));
	violations_found(network, &violation);
}

static void see_radio(struct network *network, const struct msg_net_sight_of *sight)
{
	struct net_violation violation =
		begin(network, sight, NET_VIOLATION_RFKILL_UNBLOCKED, NET_EVIDENCE_WEAK);
	struct net_radio radio;
	int r = net_settings_radio(network->root, (uint32_t)sight->number, &radio);

	if (r < 0 || radio.blocked)
		return;
	if (network->govern->mode != AGENT_MODE_LOCKDOWN && radio.kind != NET_KIND_UNKNOWN &&
	    links_has_open_kind(network, radio.kind))
		return;
	violation.link.kind = radio.kind;
	snprintf(violation.link.name, sizeof(violation.link.name), "%.15s", radio.name);
	snprintf(violation.text, sizeof(violation.text), "radio %s (%s) was not blocked",
		 radio.name, radio.type);
	if (is_watching(network)) {
		if (undo_is_news(network->undo, sight))
			violations_found(network, &violation);
		return;
	}
	r = net_settings_radio_off(network->root, (uint32_t)sight->number);
	finish(network, &violation, NET_REMEDY_RADIO_BLOCKED, r);
}

static void see_namespace(struct network *network, const struct msg_net_sight_of *sight)
{
	struct net_violation violation =
		begin(network, sight, NET_VIOLATION_NETNS_SEEN, NET_EVIDENCE_NONE);

	if (!undo_is_news(network->undo, sight))
		return;
	snprintf(violation.text, sizeof(violation.text), "network namespace %llu",
		 (unsigned long long)sight->number);
	violations_found(network, &violation);
}

static void see_qdisc(struct network *network, const struct msg_net_sight_of *sight)
{
	struct net_link link;
	const struct net_link *known;
	bool open;

	known = sight->nsid < 0 ? links_find(network, sight->index, &open) : NULL;
	if (!known)
		return;
	link = *known;
	link.marks |= NET_LINK_INGRESS;
	undo_detach(network, &link);
}

/* It sends where no packet filter looks. It cannot be undone from here: it is written down. */
static void see_module(struct network *network, const struct msg_net_sight_of *sight)
{
	struct net_violation violation =
		begin(network, sight, NET_VIOLATION_TC_OR_XDP_ATTACHED, NET_EVIDENCE_WEAK);

	if (!undo_is_news(network->undo, sight))
		return;
	snprintf(violation.text, sizeof(violation.text),
		 "kernel module %.32s is loaded, which sends past the packet filter", sight->text);
	violations_found(network, &violation);
}

static void see_ruleset(struct network *network, const struct msg_net_sight_of *sight)
{
	guard_touched(network, sight->text);
}

void undo_sight(struct network *network, const struct msg_net_sight_of *sight)
{
	static void (*const see[MSG_NET_SIGHT_COUNT])(struct network *,
						      const struct msg_net_sight_of *) = {
		[MSG_NET_SIGHT_NEIGHBOUR] = see_neighbour,
		[MSG_NET_SIGHT_ROUTER] = see_router,
		[MSG_NET_SIGHT_RULE] = see_rule,
		[MSG_NET_SIGHT_FORWARDING] = see_forwarding,
		[MSG_NET_SIGHT_DNS] = see_dns,
		[MSG_NET_SIGHT_RADIO] = see_radio,
		[MSG_NET_SIGHT_NAMESPACE] = see_namespace,
		[MSG_NET_SIGHT_QDISC] = see_qdisc,
		[MSG_NET_SIGHT_RULESET] = see_ruleset,
		[MSG_NET_SIGHT_MODULE] = see_module,
	};

	see[sight->sight](network, sight);
}
