// SPDX-License-Identifier: GPL-2.0-or-later
/* How the machine is connected now. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/route.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/links.h"
#include "agent/inspect/public.h"
#include "agent/inspect/sockets.h"
#include "policy/decide/net.h"

#define ROUTES4 "/proc/net/route"
#define ROUTES6 "/proc/net/ipv6_route"

#define PLACE_SIZE 128

/*
 * Does a route lead to public addresses? Whoever takes all traffic over needs no default route: two halves
 * of the address space do the same.
 */
static bool leads_out(const struct net_prefix *to)
{
	int half = to->family == NET_FAMILY_IPV4 ? 8 : 4;

	/* 224.0.0.0/4 is multicast and what is reserved. */
	if (to->family == NET_FAMILY_IPV4 && to->bytes[0] >= 224)
		return false;
	return to->bits < half || public_address(to);
}

/* A route that leads out: what the policy makes of it, or that it has no say. */
static void judge_route(struct inspect *inspect, const char *place, const char *name,
			const struct net_route *route, const char *gateway)
{
	const struct inspect_subject *subject = &inspect->subject;
	struct net_verdict verdict = { 0 };
	struct net_link link;

	if (!subject->policy) {
		inspect_fail(inspect, place, "route out by %s over %s, and no policy names it",
			     gateway, name);
		return;
	}
	if (links_read(inspect, name, &link) < 0) {
		inspect_unknown(inspect, place, "route out over %s, of which sysfs knows nothing",
				name);
		return;
	}
	policy_decide_route(subject->policy, subject->context, &link, route, &verdict);
	if (verdict.result == POLICY_RESULT_PERMIT)
		inspect_pass(inspect, place, "route out by %s over %s: rule %s", gateway, name,
			     verdict.rule);
	else
		inspect_fail(inspect, place, "route out by %s over %s: %s", gateway, name,
			     verdict.because[0] ? verdict.because : "no rule permits it");
}

static void name_route(char place[static PLACE_SIZE], const char *table, const char *name,
		       const struct net_prefix *to)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(to->family == NET_FAMILY_IPV4 ? AF_INET : AF_INET6, to->bytes, text,
		  sizeof(text));
	if (to->bits == 0)
		snprintf(place, PLACE_SIZE, "%s %s", table, name);
	else
		snprintf(place, PLACE_SIZE, "%s %s %s/%u", table, name, text, to->bits);
}

/* "eth0 00000000 0100A8C0 0003 0 0 0 00000000 0 0 0": numbers in the machine's order */
static int on_route4(struct inspect *inspect, const char *path, char *line, void *data)
{
	unsigned int *seen = data, to, gateway, flags, mask;
	char name[NET_NAME_SIZE + 1], text[INET_ADDRSTRLEN], place[PLACE_SIZE];
	struct net_route route = { .to.family = NET_FAMILY_IPV4, .type = 1 };

	(void)path;
	/* NOLINTNEXTLINE(cert-err34-c): no more digits than fit */
	if (sscanf(line, "%16s %8x %8x %4x %*u %*u %*u %8x", name, &to, &gateway, &flags, &mask) !=
	    5)
		return 0;
	++*seen;
	memcpy(route.to.bytes, &to, 4);
	route.to.bits = (uint8_t)__builtin_popcount(mask);
	if (!leads_out(&route.to) || flags & RTF_REJECT)
		return 0;
	if (gateway) {
		route.gateway.family = NET_FAMILY_IPV4;
		route.gateway.bits = 32;
		memcpy(route.gateway.bytes, &gateway, 4);
	}
	inet_ntop(AF_INET, &gateway, text, sizeof(text));
	name_route(place, ROUTES4, name, &route.to);
	judge_route(inspect, place, name, &route, gateway ? text : "no gateway");
	return 0;
}

static bool parse_hex(const char *text, uint8_t bytes[static 16])
{
	for (int i = 0; i < 16; i++) {
		unsigned int byte;

		/* NOLINTNEXTLINE(cert-err34-c): no more digits than fit */
		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			return false;
		bytes[i] = (uint8_t)byte;
	}
	return true;
}

static int on_route6(struct inspect *inspect, const char *path, char *line, void *data)
{
	char to[33], gateway[33], name[NET_NAME_SIZE + 1], text[INET6_ADDRSTRLEN],
		place[PLACE_SIZE];
	struct net_route route = { .to.family = NET_FAMILY_IPV6, .type = 1 };
	static const uint8_t none[16];
	unsigned int *seen = data, bits, flags;

	(void)path;
	/* NOLINTNEXTLINE(cert-err34-c): no more digits than fit */
	if (sscanf(line, "%32s %2x %*32s %*2x %32s %*8x %*8x %*8x %8x %16s", to, &bits, gateway,
		   &flags, name) != 5 ||
	    strlen(gateway) != 32 || strlen(to) != 32 || bits > 128 ||
	    !parse_hex(gateway, route.gateway.bytes) || !parse_hex(to, route.to.bytes))
		return 0;
	++*seen;
	/* Every machine has one that rejects, over lo. */
	route.to.bits = (uint8_t)bits;
	if (!leads_out(&route.to) || flags & RTF_REJECT || strcmp(name, "lo") == 0)
		return 0;
	if (memcmp(route.gateway.bytes, none, sizeof(none)) != 0) {
		route.gateway.family = NET_FAMILY_IPV6;
		route.gateway.bits = 128;
	}
	inet_ntop(AF_INET6, route.gateway.bytes, text, sizeof(text));
	name_route(place, ROUTES6, name, &route.to);
	judge_route(inspect, place, name, &route, route.gateway.family ? text : "no gateway");
	return 0;
}

void check_public_route(struct inspect *inspect)
{
	unsigned int seen = 0;
	int r4 = inspect_lines(inspect, ROUTES4, on_route4, &seen);
	int r6 = inspect_lines(inspect, ROUTES6, on_route6, &seen);

	if (r4 < 0)
		inspect_unknown(inspect, ROUTES4, "could not be read: %s", strerror(-r4));
	if (r6 < 0 && r6 != -ENOENT)
		inspect_unknown(inspect, ROUTES6, "could not be read: %s", strerror(-r6));
	if (r4 >= 0 && inspect->stated == 0)
		inspect_pass(inspect, ROUTES4, "%u routes, none of them leads out", seen);
}

static int on_link(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const struct inspect_subject *subject = &inspect->subject;
	struct net_verdict verdict = { 0 };
	struct net_link link;
	int r;

	(void)data;
	if (strcmp(name, "lo") == 0 || inspect_exists(inspect, path) == false)
		return 0;
	r = links_read(inspect, name, &link);
	/* Gone meanwhile, or the file bonding_masters. */
	if (r == -ENODEV)
		return 0;
	if (r < 0) {
		inspect_unknown(inspect, path, "could not be read: %s", strerror(-r));
		return 0;
	}
	if (!subject->policy) {
		inspect_unknown(inspect, path, "no policy is in force that could name it");
		return 0;
	}
	policy_decide_link(subject->policy, subject->context, &link, &verdict);
	if (verdict.result == POLICY_RESULT_PERMIT)
		inspect_pass(inspect, path, "permitted by rule %s", verdict.rule);
	else if (link.flags & IFF_UP)
		inspect_fail(inspect, path, "is up%s: %s",
			     link.marks & NET_LINK_CARRIER ? ", with a cable in it" : "",
			     verdict.because[0] ? verdict.because : "no rule permits it");
	else
		inspect_warn(inspect, path, "is present and down: %s",
			     verdict.because[0] ? verdict.because : "no rule permits it");
	return 0;
}

void check_registered_links(struct inspect *inspect)
{
	int r = inspect_folder(inspect, "/sys/class/net", on_link, NULL);

	if (r < 0)
		inspect_unknown(inspect, "/sys/class/net", "could not be read: %s", strerror(-r));
	else if (inspect->stated == 0)
		inspect_pass(inspect, "/sys/class/net", "no link but loopback");
}

static void on_peer(struct inspect *inspect, const struct socket_line *line, void *data)
{
	unsigned int *peers = data;
	char place[SOCKET_TEXT_SIZE + 16], to[SOCKET_TEXT_SIZE];

	if (line->listening || line->to_port == 0)
		return;
	++*peers;
	if (!public_address(&line->to))
		return;
	socket_text(&line->to, line->to_port, to);
	snprintf(place, sizeof(place), "%s %s", line->protocol, to);
	inspect_fail(inspect, place, "open connection of user %u to a public address", line->uid);
}

void check_public_connections(struct inspect *inspect)
{
	unsigned int peers = 0;

	if (sockets_each(inspect, on_peer, &peers) < 0)
		return;
	if (inspect->stated == 0)
		inspect_pass(inspect, "/proc/net", "%u connections, none to a public address",
			     peers);
}

/* What the whole network can reach: anything bound to more than loopback. */
static void on_listener(struct inspect *inspect, const struct socket_line *line, void *data)
{
	char place[SOCKET_TEXT_SIZE + 16], at[SOCKET_TEXT_SIZE];
	bool loopback = line->from.family == NET_FAMILY_IPV4 ? line->from.bytes[0] == 127
							     : socket_is_loopback6(&line->from);

	(void)data;
	if (!line->listening || loopback)
		return;
	socket_text(&line->from, line->from_port, at);
	snprintf(place, sizeof(place), "%s %s", line->protocol, at);
	inspect_fail(inspect, place, "is open to the network, for user %u", line->uid);
}

void check_listening(struct inspect *inspect)
{
	if (sockets_each(inspect, on_listener, NULL) < 0)
		return;
	if (inspect->stated == 0)
		inspect_pass(inspect, "/proc/net", "nothing listens but on loopback");
}

static void check_switch(struct inspect *inspect, const char *path)
{
	char text[16];
	int r = inspect_attribute(inspect, path, text, sizeof(text));

	if (r < 0)
		inspect_closed(inspect, path, r);
	else if (strcmp(text, "0") != 0)
		inspect_fail(inspect, path, "is %s: this machine passes packets on", text);
}

static int on_made_link(struct inspect *inspect, const char *path, const char *name, void *data)
{
	struct net_link link;
	const char *what;

	(void)data;
	if (links_read(inspect, name, &link) < 0 || link.marks & NET_LINK_FALLBACK)
		return 0;
	what = link.kind == NET_KIND_TUNNEL    ? "a tunnel"
	       : link.kind == NET_KIND_BRIDGE  ? "a bridge"
	       : link.kind == NET_KIND_VIRTUAL ? "a virtual link"
					       : NULL;
	if (what)
		inspect_fail(inspect, path, "is %s", what);
	return 0;
}

void check_forwarding(struct inspect *inspect)
{
	int r = inspect_folder(inspect, "/sys/class/net", on_made_link, NULL);

	if (r < 0)
		inspect_unknown(inspect, "/sys/class/net", "could not be read: %s", strerror(-r));
	check_switch(inspect, "/proc/sys/net/ipv4/ip_forward");
	check_switch(inspect, "/proc/sys/net/ipv6/conf/all/forwarding");
	if (inspect->stated == 0)
		inspect_pass(inspect, "/proc/sys/net",
			     "no tunnel, bridge or virtual link, and no "
			     "forwarding");
}
