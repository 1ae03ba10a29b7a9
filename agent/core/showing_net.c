// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the door is told of the network.
 *
 * MSG_NET_BEGIN: all that follows replaces what was shown. Then every link as MSG_NET_OUTCOME, for
 * each open one what it may reach as MSG_NET_PEER, one a rule, and the latest of what was found wrong
 * as MSG_NET_VIOLATION. Later each change of a link is one more MSG_NET_OUTCOME, each finding one
 * more MSG_NET_VIOLATION; when a link opens, or another policy governs, all is told anew.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/core.h"
#include "agent/core/network/links.h"
#include "agent/core/network/violations.h"
#include "agent/lib/net_json.h"
#include "policy/decide/net.h"

/* Of a long list of networks people are shown the first ones. */
#define LISTED_MAX 4

struct line {
	char *text;
	size_t size;
	size_t length;
};

static void put(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct line *line, const char *format, ...)
{
	va_list args;
	int n;

	if (line->length + 1 >= line->size)
		return;
	va_start(args, format);
	n = vsnprintf(line->text + line->length, line->size - line->length, format, args);
	va_end(args);
	line->length += n > 0 ? (size_t)n : 0;
}

static void put_protocols(struct line *line, const struct net_filter_rule *rule)
{
	const char *between = "";

	if (rule->any_protocol) {
		put(line, "any protocol");
		return;
	}
	for (uint32_t i = 0; i < NET_PROTOCOL_COUNT; i++) {
		if (!(rule->protocols & (1u << i)))
			continue;
		put(line, "%s%s", between, net_protocol_name(i));
		between = ", ";
	}
}

static void put_destinations(struct line *line, const struct net_filter_rule *rule)
{
	char prefix[NET_JSON_PREFIX_SIZE];

	if (rule->any_to) {
		put(line, " to anywhere");
		return;
	}
	put(line, rule->to_inverted ? " to all but" : " to");
	for (size_t i = 0; i < rule->to_count && i < LISTED_MAX; i++)
		put(line, "%s%s", i ? ", " : " ", net_json_prefix(prefix, &rule->to[i]));
	if (rule->to_count > LISTED_MAX)
		put(line, " and %zu more", rule->to_count - LISTED_MAX);
}

static void put_ports(struct line *line, const struct net_filter_rule *rule)
{
	if (rule->any_port)
		return;
	put(line, rule->ports_inverted ? " port not" : " port");
	for (size_t i = 0; i < rule->port_count && i < LISTED_MAX; i++) {
		put(line, "%s%u", i ? ", " : " ", rule->ports[i].first);
		if (rule->ports[i].last != rule->ports[i].first)
			put(line, "-%u", rule->ports[i].last);
	}
	if (rule->port_count > LISTED_MAX)
		put(line, " and %zu more", rule->port_count - LISTED_MAX);
}

struct showing_peers {
	struct core *core;
	uint32_t index;
};

static int show_peer(void *data, const struct net_filter_rule *rule)
{
	const struct showing_peers *showing = data;
	struct msg_net_peer peer = { .index = showing->index };
	struct line line = { peer.text, sizeof(peer.text), 0 };

	if (!rule->allow || rule->address_rule)
		return 0;
	snprintf(peer.rule, sizeof(peer.rule), "%s", rule->name ? rule->name : "");
	put_protocols(&line, rule);
	put_destinations(&line, rule);
	put_ports(&line, rule);
	showing_send(showing->core, MSG_NET_PEER, &peer);
	return 0;
}

static void show_peers(struct core *core, const struct net_outcome *outcome)
{
	const struct net_link *link = &outcome->decided.link;
	struct showing_peers showing = { core, link->index };

	if (outcome->state != NET_STATE_OPEN || link->kind == NET_KIND_LOOPBACK || link->nsid >= 0)
		return;
	if (core->govern.mode == AGENT_MODE_MONITORING) {
		const struct msg_net_peer all = {
			.index = link->index, .text = "anything: mode monitor records and lets out"
		};

		showing_send(core, MSG_NET_PEER, &all);
	}
	policy_net_filter(core->govern.policy, &core->govern.context, link, show_peer, &showing);
}

static void show_link(void *data, const struct net_outcome *outcome)
{
	showing_send(data, MSG_NET_OUTCOME, outcome);
}

static void show_link_peers(void *data, const struct net_outcome *outcome)
{
	show_peers(data, outcome);
}

static void show_violation(void *data, const struct net_violation *violation)
{
	showing_send(data, MSG_NET_VIOLATION, violation);
}

void showing_network(struct core *core)
{
	core->network_shown = true;
	showing_send(core, MSG_NET_BEGIN, NULL);
	if (!core->network.links)
		return;
	links_each(&core->network, show_link, core);
	if (core->govern.policy && core->govern.mode != AGENT_MODE_LOCKDOWN)
		links_each(&core->network, show_link_peers, core);
	violations_each(&core->network, show_violation, core);
}

static void on_outcome(void *data, const struct net_outcome *outcome)
{
	struct core *core = data;

	showing_send(core, MSG_NET_OUTCOME, outcome);
	if (outcome->state == NET_STATE_OPEN)
		core->network_shown = false;
	showing_status(core);
}

static void on_violation(void *data, const struct net_violation *violation)
{
	showing_send(data, MSG_NET_VIOLATION, violation);
	showing_status(data);
}

static void on_notice(void *data, struct msg_notice *notice)
{
	noticing_send(data, notice);
}

static void on_changed(void *data)
{
	showing_status(data);
}

static void on_rescan(void *data, enum msg_scan_cause cause)
{
	struct core *core = data;
	const struct msg_scan scan = { .cause = cause };

	link_send(core->monitor, MSG_NET_SCAN_REQUEST, &scan, -1, NULL);
}

const struct network_handler showing_network_handler = {
	.outcome = on_outcome,
	.violation = on_violation,
	.notice = on_notice,
	.changed = on_changed,
	.rescan = on_rescan,
};
