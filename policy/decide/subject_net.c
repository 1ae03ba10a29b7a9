// SPDX-License-Identifier: GPL-2.0-or-later
/* A link, address, route or flow written as text: attributes and values in turn, in any order. */
#include "policy/decide/subject.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "policy/decide/net_rules.h"
#include "policy/lang/parse.h"
#include "policy/lang/scalar.h"

#define HELP_MAX 256

struct reader {
	struct parser parser;
	struct net_question *question;
	uint64_t given; /* bit of each attribute */
};

static bool copy_word(const char *word, char *out, size_t size)
{
	size_t length = strlen(word);

	if (length == 0 || length >= size)
		return false;
	memcpy(out, word, length + 1);
	return true;
}

static bool set_name(struct net_question *question, const char *word)
{
	return copy_word(word, question->link.name, sizeof(question->link.name));
}

static bool set_path(struct net_question *question, const char *word)
{
	return copy_word(word, question->link.path, sizeof(question->link.path));
}

static bool set_info_kind(struct net_question *question, const char *word)
{
	return copy_word(word, question->link.info_kind, sizeof(question->link.info_kind));
}

static bool set_kind(struct net_question *question, const char *word)
{
	for (uint32_t kind = 0; kind < NET_KIND_COUNT; kind++) {
		if (strcmp(net_kind_name(kind), word) != 0)
			continue;
		question->link.kind = kind;
		return true;
	}
	return false;
}

static bool set_mac(struct net_question *question, const char *word)
{
	question->link.mac_length = TABLE_MAC;
	return table_mac_read(word, question->link.mac);
}

static bool set_permanent(struct net_question *question, const char *word)
{
	question->link.permanent_length = TABLE_MAC;
	return table_mac_read(word, question->link.permanent);
}

static bool read_prefix(const char *word, struct net_prefix *prefix)
{
	struct value value;

	if (!scalar_read(VALUE_ADDRESS, TOKEN_WORD, word, &value))
		return false;
	*prefix = net_prefix_of(&value.prefix);
	return true;
}

static bool read_whole(const char *word, struct net_prefix *prefix)
{
	return read_prefix(word, prefix) && prefix->bits == prefix_bits(prefix->family);
}

static bool set_address(struct net_question *question, const char *word)
{
	return read_prefix(word, &question->address.local);
}

static bool set_from(struct net_question *question, const char *word)
{
	return read_whole(word, &question->flow.from);
}

static bool set_flow_to(struct net_question *question, const char *word)
{
	return read_whole(word, &question->flow.to);
}

static bool set_route_to(struct net_question *question, const char *word)
{
	struct value value;

	return scalar_read(VALUE_ADDRESS, TOKEN_WORD, word, &value) &&
	       !address_prefix_has_host(&value.prefix) && read_prefix(word, &question->route.to);
}

static bool set_gateway(struct net_question *question, const char *word)
{
	return read_whole(word, &question->route.gateway);
}

static bool set_source(struct net_question *question, const char *word)
{
	return read_whole(word, &question->route.source);
}

static bool set_origin(struct net_question *question, const char *word)
{
	static const struct {
		const char *word;
		uint8_t protocol;
	} origins[] = {
		{ "kernel", RTPROT_KERNEL }, { "boot", RTPROT_BOOT }, { "static", RTPROT_STATIC },
		{ "dhcp", RTPROT_DHCP },     { "ra", RTPROT_RA },
	};

	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		if (strcmp(origins[i].word, word) != 0)
			continue;
		question->route.protocol = origins[i].protocol;
		return true;
	}
	return false;
}

static bool set_protocol(struct net_question *question, const char *word)
{
	for (uint32_t i = 0; i < NET_PROTOCOL_COUNT; i++) {
		if (strcmp(net_protocol_name(i), word) != 0)
			continue;
		question->flow.protocol = i;
		return true;
	}
	return false;
}

static bool set_port(struct net_question *question, const char *word)
{
	struct value value;

	if (!scalar_read(VALUE_NUMBER, TOKEN_WORD, word, &value) || value.number == 0 ||
	    value.number > UINT16_MAX)
		return false;
	question->flow.port = (uint16_t)value.number;
	return true;
}

#define LINK	(1U << NET_SUBJECT_LINK)
#define ADDRESS (1U << NET_SUBJECT_ADDRESS)
#define ROUTE	(1U << NET_SUBJECT_ROUTE)
#define FLOW	(1U << NET_SUBJECT_FLOW)
#define EACH	(LINK | ADDRESS | ROUTE | FLOW)

static const struct {
	const char *name;
	uint32_t subjects;
	bool (*set)(struct net_question *question, const char *word);
	const char *help;
} attributes[] = {
	{ "name", EACH, set_name, "the kernel's name of the link, of at most 15 bytes: eth0" },
	{ "kind", EACH, set_kind,
	  "ethernet, usb, wifi, bluetooth, wwan, thunderbolt, firewire, bridge, bond, vlan, "
	  "tunnel, virtual, loopback or unknown" },
	{ "mac", EACH, set_mac, "the link's hardware address: 52:54:00:12:34:56" },
	{ "permanent", EACH, set_permanent, "the permanent one, when it is another" },
	{ "path", EACH, set_path, "the link's bus path: pci-0000:00:03.0" },
	{ "info-kind", EACH, set_info_kind, "of a link made by software: veth" },
	{ "address", ADDRESS, set_address, "an address with its network: 10.20.0.17/24" },
	{ "to", ROUTE, set_route_to, "a network: 10.0.0.0/8, or 0.0.0.0/0 for a default route" },
	{ "gateway", ROUTE, set_gateway, "an address: 10.20.0.1" },
	{ "source", ROUTE, set_source, "the preferred source, an address: 10.20.0.17" },
	{ "origin", ROUTE, set_origin, "kernel, boot, static, dhcp or ra" },
	{ "from", FLOW, set_from, "the local address: 10.20.0.17" },
	{ "to", FLOW, set_flow_to, "an address: 10.20.0.5" },
	{ "protocol", FLOW, set_protocol, "tcp, udp, icmp or other" },
	{ "port", FLOW, set_port, "a number from 1 to 65535" },
};
#define ATTRIBUTES (sizeof(attributes) / sizeof(attributes[0]))

static const char *const examples[NET_SUBJECT_COUNT] = {
	[NET_SUBJECT_LINK] = "such as: name eth0 kind ethernet mac 52:54:00:12:34:56 path "
			     "pci-0000:00:03.0",
	[NET_SUBJECT_ADDRESS] = "such as: name eth0 kind ethernet address 10.20.0.17/24",
	[NET_SUBJECT_ROUTE] = "such as: name eth0 kind ethernet to 0.0.0.0/0 gateway 10.20.0.1",
	[NET_SUBJECT_FLOW] = "such as: name eth0 kind ethernet from 10.20.0.17 to 10.20.0.5 "
			     "protocol tcp port 8443",
};

static bool of_subject(const struct reader *reader, size_t i)
{
	return attributes[i].subjects >> reader->question->subject & 1;
}

static bool read_value(struct reader *reader, size_t i)
{
	struct parser *parser = &reader->parser;
	const char *word;

	if (parser->now.kind != TOKEN_WORD && parser->now.kind != TOKEN_STRING) {
		parser_expected(parser, "a value", attributes[i].help);
		return false;
	}
	word = parser_text(parser, &parser->now);
	if (!word)
		return false;
	if (!attributes[i].set(reader->question, word)) {
		diag_error(parser->diags, parser->now.at, attributes[i].help,
			   "'%s' is not possible for '%s'", word, attributes[i].name);
		return false;
	}
	parser_advance(parser);
	return true;
}

static bool unknown_attribute(struct reader *reader)
{
	const char *example = examples[reader->question->subject];
	struct token token = reader->parser.now;
	struct suggestion nearest = suggest_begin(token.text, token.length);
	char help[HELP_MAX];

	if (token.kind != TOKEN_WORD) {
		parser_expected(&reader->parser, "an attribute", example);
		return false;
	}
	for (size_t i = 0; i < ATTRIBUTES; i++)
		if (of_subject(reader, i))
			suggest_offer(&nearest, attributes[i].name);
	diag_error(reader->parser.diags, token.at,
		   nearest.best ? parser_help_word(&nearest, help, sizeof(help)) : example,
		   "'%.*s' is not an attribute of a%s %s", (int)token.length, token.text,
		   reader->question->subject == NET_SUBJECT_ADDRESS ? "n" : "",
		   net_subject_name(reader->question->subject));
	return false;
}

static bool read_attribute(struct reader *reader)
{
	for (size_t i = 0; i < ATTRIBUTES; i++) {
		if (!of_subject(reader, i) || !parser_is(&reader->parser, attributes[i].name))
			continue;
		if (reader->given >> i & 1) {
			diag_error(reader->parser.diags, reader->parser.now.at,
				   "remove one of them", "'%s' stands twice", attributes[i].name);
			return false;
		}
		reader->given |= UINT64_C(1) << i;
		parser_advance(&reader->parser);
		return read_value(reader, i);
	}
	return unknown_attribute(reader);
}

/* What a subject of its kind cannot do without. */
static bool complete(struct reader *reader)
{
	const struct net_question *it = reader->question;
	bool good = true;

	if (it->subject == NET_SUBJECT_ADDRESS)
		good = it->address.local.family != NET_FAMILY_NONE;
	else if (it->subject == NET_SUBJECT_ROUTE)
		good = it->route.to.family != NET_FAMILY_NONE;
	else if (it->subject == NET_SUBJECT_FLOW)
		good = it->flow.to.family != NET_FAMILY_NONE;
	if (!good)
		diag_error(reader->parser.diags, reader->parser.now.at, examples[it->subject],
			   "'%s' is missing",
			   it->subject == NET_SUBJECT_ADDRESS ? "address" : "to");
	return good;
}

/* A link on a bus has the address that it was made with, unless the text says otherwise. */
static void finish_link(struct net_link *link)
{
	if (link->permanent_length > 0 || link->info_kind[0])
		return;
	link->permanent_length = link->mac_length;
	memcpy(link->permanent, link->mac, sizeof(link->permanent));
}

int subject_parse_net(const char *text, size_t length, enum net_subject subject,
		      struct diag_list *diags, struct net_question *question)
{
	struct arena *arena = arena_new();
	struct diag_list own = DIAG_LIST_INIT, *list = diags ? diags : &own;
	struct reader reader = { .question = question };
	size_t errors = list->errors;
	bool good = true;

	if (!arena)
		return -ENOMEM;
	*question = (struct net_question){ .subject = subject, .link.nsid = -1 };
	question->route.type = RTN_UNICAST;
	parser_begin(&reader.parser, text, length, list, arena);
	if (reader.parser.now.kind == TOKEN_END) {
		parser_expected(&reader.parser, "an attribute", examples[subject]);
		good = false;
	}
	while (good && reader.parser.now.kind != TOKEN_END)
		good = read_attribute(&reader);
	good = good && complete(&reader) && list->errors == errors;
	finish_link(&question->link);
	arena_free(arena);
	diag_list_free(&own);
	if (reader.parser.no_memory)
		return -ENOMEM;
	return good ? 0 : -EINVAL;
}
