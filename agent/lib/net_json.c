// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/net_json.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/printable.h"
#include "agent/lib/usb_json.h"
#include "policy/decide/decide.h"
#include "policy/decide/net.h"

char *net_json_prefix(char out[static NET_JSON_PREFIX_SIZE], const struct net_prefix *prefix)
{
	bool four = prefix->family == NET_FAMILY_IPV4;
	size_t length;

	out[0] = 0;
	if (prefix->family == NET_FAMILY_NONE || prefix->family >= NET_FAMILY_COUNT)
		return out;
	if (!inet_ntop(four ? AF_INET : AF_INET6, prefix->bytes, out, NET_JSON_PREFIX_SIZE))
		return out;
	length = strlen(out);
	if (prefix->bits != (four ? 32 : 128))
		snprintf(out + length, NET_JSON_PREFIX_SIZE - length, "/%u", prefix->bits);
	return out;
}

char *net_json_mac(char out[static 3 * NET_LLADDR_MAX], const uint8_t *mac, uint8_t length)
{
	out[0] = 0;
	for (uint8_t i = 0; i < length && i < NET_LLADDR_MAX; i++)
		snprintf(out + 3 * i - (i > 0), 4, i ? ":%02x" : "%02x", mac[i]);
	return out;
}

/* As a JSON string whatever the bytes are; those in these structs are no longer than 256. */
static json_t *text(const char *bytes)
{
	char clean[POLICY_BECAUSE_SIZE * 4];

	return json_string(printable_utf8(clean, sizeof(clean), bytes));
}

static json_t *text_or_null(const char *bytes)
{
	return bytes[0] ? text(bytes) : json_null();
}

static json_t *number(uint64_t value)
{
	return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *number_if(bool known, uint64_t value)
{
	return known ? number(value) : json_null();
}

static json_t *prefix_or_null(const struct net_prefix *prefix)
{
	char out[NET_JSON_PREFIX_SIZE];

	return prefix->family == NET_FAMILY_NONE ? json_null()
						 : json_string(net_json_prefix(out, prefix));
}

static json_t *mac_json(const uint8_t *mac, uint8_t length)
{
	char out[3 * NET_LLADDR_MAX];

	return json_string(net_json_mac(out, mac, length));
}

static const struct {
	uint32_t mark;
	const char *name;
} marks[] = {
	{ NET_LINK_CARRIER, "carrier" },   { NET_LINK_XDP, "xdp" },
	{ NET_LINK_INGRESS, "ingress" },   { NET_LINK_MAC_SET, "mac-set" },
	{ NET_LINK_FALLBACK, "fallback" }, { NET_LINK_PROMISC, "promiscuous" },
};

uint32_t net_json_mark(const char *name)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strcmp(marks[i].name, name) == 0)
			return marks[i].mark;
	return 0;
}

static json_t *flag_list(const struct net_link *link)
{
	json_t *list = json_array();

	if (link->flags & IFF_UP)
		json_array_append_new(list, json_string("up"));
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (link->marks & marks[i].mark)
			json_array_append_new(list, json_string(marks[i].name));
	return list;
}

json_t *net_json_link(const struct net_link *link)
{
	return json_pack(
		"{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o, s:o, s:o}",
		"index", number(link->index), "namespace",
		number_if(link->nsid >= 0, (uint64_t)link->nsid), "name", text(link->name), "kind",
		net_kind_name(link->kind), "flaw",
		link->flaw ? json_string(net_flaw_text(link->flaw)) : json_null(), "mac",
		mac_json(link->mac, link->mac_length), "permanent",
		mac_json(link->permanent, link->permanent_length), "driver", text(link->driver),
		"path", text(link->path), "info_kind", text(link->info_kind), "arphrd",
		link->arphrd, "flags", flag_list(link), "parent", number(link->parent), "master",
		number(link->master), "mtu", number(link->mtu));
}

json_t *net_json_verdict(const struct net_verdict *verdict)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "result",
			 policy_result_name(verdict->result), "cause",
			 policy_cause_name(verdict->cause), "rule", text_or_null(verdict->rule),
			 "because", text(verdict->because), "line", number(verdict->line), "column",
			 number(verdict->column));
}

json_t *net_json_outcome(const struct net_outcome *outcome)
{
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "link",
			 net_json_link(&outcome->decided.link), "verdict",
			 net_json_verdict(&outcome->decided.verdict), "state",
			 net_state_name(outcome->state), "error", usb_json_error(outcome->error),
			 "plug", number(outcome->plug), "seen_us", number(outcome->seen_us),
			 "settled_us", number(outcome->settled_us));
}

static json_t *address_json(const struct net_address *address)
{
	if (address->local.family == NET_FAMILY_NONE)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:i, s:i}", "address", prefix_or_null(&address->local),
			 "peer", prefix_or_null(&address->peer), "link", number(address->index),
			 "scope", address->scope, "protocol", address->protocol);
}

static json_t *route_json(const struct net_route *route)
{
	if (route->to.family == NET_FAMILY_NONE)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:i}", "to",
			 prefix_or_null(&route->to), "gateway", prefix_or_null(&route->gateway),
			 "source", prefix_or_null(&route->source), "link", number(route->index),
			 "table", number(route->table), "metric", number(route->metric), "protocol",
			 route->protocol, "scope", route->scope, "type", route->type);
}

static json_t *flow_json(const struct net_flow *flow)
{
	bool ip = flow->to.family != NET_FAMILY_NONE;

	if (!ip && flow->ethertype == 0)
		return json_null();
	return json_pack("{s:o, s:o, s:s, s:i, s:o, s:o, s:o, s:o}", "to",
			 prefix_or_null(&flow->to), "port", number_if(flow->port != 0, flow->port),
			 "protocol", net_protocol_name(flow->protocol), "number", flow->number,
			 "from", prefix_or_null(&flow->from), "from_port",
			 number_if(flow->from_port != 0, flow->from_port), "link",
			 number_if(flow->index != 0, flow->index), "ethertype",
			 ip ? json_null() : json_sprintf("%04x", flow->ethertype));
}

static bool has_actor(const struct net_actor *actor)
{
	return actor->confidence != NET_CONFIDENCE_NONE || actor->pid || actor->program[0];
}

static json_t *actor_json(const struct net_actor *actor)
{
	if (!has_actor(actor))
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "uid",
			 number_if(actor->uid != UINT32_MAX, actor->uid), "gid",
			 number_if(actor->gid != UINT32_MAX, actor->gid), "login",
			 text_or_null(actor->login), "pid", number_if(actor->pid != 0, actor->pid),
			 "program", text_or_null(actor->program), "unit", text_or_null(actor->unit),
			 "confidence", net_confidence_name(actor->confidence));
}

json_t *net_json_violation(const struct net_violation *violation)
{
	const struct net_verdict *verdict = &violation->verdict;

	return json_pack(
		"{s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"violation", net_violation_name(violation->kind), "evidence",
		net_evidence_name(violation->evidence), "remedy",
		net_remedy_name(violation->remedy), "error", usb_json_error(violation->error),
		"maintenance", (int)violation->maintenance, "count", number(violation->count),
		"first_us", number(violation->first_us), "last_us", number(violation->last_us),
		"link", violation->link.index ? net_json_link(&violation->link) : json_null(),
		"address", address_json(&violation->address), "route",
		route_json(&violation->route), "flow", flow_json(&violation->flow), "actor",
		actor_json(&violation->actor), "verdict",
		verdict->because[0] || verdict->rule[0] ? net_json_verdict(verdict) : json_null(),
		"text", text(violation->text));
}
