// SPDX-License-Identifier: GPL-2.0-or-later
/* Questions about the network in an inventory, and how they are called. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/prefix_list.h"
#include "policy/decide/subject.h"
#include "policy/study/inventory.h"
#include "policy/study/inventory_facts.h"

/* One of the members of a JSON link, as agent/lib/net_json.h writes it, to the end of a subject. */
static void put_member(FILE *out, const json_t *link, const char *member, const char *attribute)
{
	const char *text = json_string_value(json_object_get(link, member));

	if (text && *text && strpbrk(text, "\"\\ \t\n") == NULL)
		fprintf(out, "%s %s ", attribute, text);
}

static int parse_link(const json_t *link, struct net_question *question)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int ret;

	if (!out)
		return -1;
	put_member(out, link, "name", "name");
	put_member(out, link, "kind", "kind");
	put_member(out, link, "mac", "mac");
	put_member(out, link, "permanent", "permanent");
	put_member(out, link, "path", "path");
	put_member(out, link, "info_kind", "info-kind");
	ret = fclose(out);
	if (!ret)
		ret = subject_parse_net(text, length, NET_SUBJECT_LINK, NULL, question);
	free(text);
	return ret;
}

const char *inventory_question(const json_t *json, struct net_question *question)
{
	for (unsigned int i = 0; i < NET_SUBJECT_COUNT; i++) {
		const char *name = net_subject_name(i);
		const json_t *member = json_object_get(json, name);
		const char *text = json_string_value(member);
		int ret = -1;

		if (!member)
			continue;
		if (text)
			ret = subject_parse_net(text, strlen(text), (enum net_subject)i, NULL,
						question);
		else if (i == NET_SUBJECT_LINK && json_is_object(member))
			ret = parse_link(member, question);
		return ret ? name : NULL;
	}
	return "link, address, route or flow";
}

static const char *show(const struct net_prefix *prefix, char *out, size_t size)
{
	char text[INET6_ADDRSTRLEN] = "?";
	bool whole = prefix->bits == prefix_bits(prefix->family);

	if (prefix->family == NET_FAMILY_NONE)
		return "?";
	inet_ntop(prefix->family == NET_FAMILY_IPV4 ? AF_INET : AF_INET6, prefix->bytes, text,
		  sizeof(text));
	if (whole)
		snprintf(out, size, "%s", text);
	else
		snprintf(out, size, "%s/%u", text, prefix->bits);
	return out;
}

static void put_flow(FILE *out, const struct net_flow *flow)
{
	char from[64], to[64];

	fprintf(out, " %s -> %s %s", show(&flow->from, from, sizeof(from)),
		show(&flow->to, to, sizeof(to)), net_protocol_name(flow->protocol));
	if (flow->port)
		fprintf(out, " port %u", flow->port);
}

static void put_route(FILE *out, const struct net_route *route)
{
	char to[64], gateway[64];

	fprintf(out, " to %s", show(&route->to, to, sizeof(to)));
	if (route->gateway.family != NET_FAMILY_NONE)
		fprintf(out, " gateway %s", show(&route->gateway, gateway, sizeof(gateway)));
}

void inventory_question_title(const struct net_question *question, char *title, size_t size)
{
	FILE *out = fmemopen(title, size, "w");
	char address[64];

	title[0] = '\0';
	if (!out)
		return;
	fprintf(out, "%s %s (%s)", net_subject_name(question->subject),
		question->link.name[0] ? question->link.name : "?",
		net_kind_name(question->link.kind));
	if (question->subject == NET_SUBJECT_ADDRESS)
		fprintf(out, " %s", show(&question->address.local, address, sizeof(address)));
	else if (question->subject == NET_SUBJECT_ROUTE)
		put_route(out, &question->route);
	else if (question->subject == NET_SUBJECT_FLOW)
		put_flow(out, &question->flow);
	fclose(out);
}
