// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "agent/core/grade.h"
#include "policy/decide/net.h"

/* Where the policy does not say. */
static const enum record_grade by_kind[NET_VIOLATION_COUNT] = {
	[NET_VIOLATION_IFACE_UNKNOWN] = RECORD_GRADE_V1,
	[NET_VIOLATION_IFACE_IDENTITY_MISMATCH] = RECORD_GRADE_V2, /* it lies about what it is */
	[NET_VIOLATION_IFACE_RENAMED] = RECORD_GRADE_V1,
	[NET_VIOLATION_IFACE_NETNS_MOVED] = RECORD_GRADE_V2, /* out of reach of the rules */
	[NET_VIOLATION_ADDR_ILLEGAL] = RECORD_GRADE_V1,
	[NET_VIOLATION_ROUTE_ILLEGAL] = RECORD_GRADE_V1,
	[NET_VIOLATION_DNS_ILLEGAL] = RECORD_GRADE_V1,
	[NET_VIOLATION_NEIGHBOUR_ON_UNKNOWN] = RECORD_GRADE_V2,
	[NET_VIOLATION_EGRESS_BLOCKED] = RECORD_GRADE_V1,
	[NET_VIOLATION_L2_EGRESS_BLOCKED] = RECORD_GRADE_V1,
	[NET_VIOLATION_FORWARD_BLOCKED] = RECORD_GRADE_V1,
	[NET_VIOLATION_FORWARDING_ENABLED] = RECORD_GRADE_V1,
	[NET_VIOLATION_SOCKET_FAMILY_DENIED] = RECORD_GRADE_V1,
	[NET_VIOLATION_RFKILL_UNBLOCKED] = RECORD_GRADE_V1,
	[NET_VIOLATION_RULESET_TAMPERED] = RECORD_GRADE_V2,
	[NET_VIOLATION_TC_OR_XDP_ATTACHED] = RECORD_GRADE_V2, /* ways past the rules */
	[NET_VIOLATION_NETNS_SEEN] = RECORD_GRADE_NONE,	      /* by itself no wrong */
	[NET_VIOLATION_EVENT_LOSS] = RECORD_GRADE_V2,
};

/* Networks that no router of the internet forwards to (IANA's special-purpose registries). */
static const struct net_prefix local[] = {
	{ { 0 }, NET_FAMILY_IPV4, 8, { 0 } },
	{ { 10 }, NET_FAMILY_IPV4, 8, { 0 } },
	{ { 100, 64 }, NET_FAMILY_IPV4, 10, { 0 } },
	{ { 127 }, NET_FAMILY_IPV4, 8, { 0 } },
	{ { 169, 254 }, NET_FAMILY_IPV4, 16, { 0 } },
	{ { 172, 16 }, NET_FAMILY_IPV4, 12, { 0 } },
	{ { 192, 168 }, NET_FAMILY_IPV4, 16, { 0 } },
	{ { 224 }, NET_FAMILY_IPV4, 3, { 0 } }, /* multicast, reserved, broadcast */
	{ { 0 }, NET_FAMILY_IPV6, 8, { 0 } },
	{ { 0xfc }, NET_FAMILY_IPV6, 7, { 0 } },
	{ { 0xfe, 0x80 }, NET_FAMILY_IPV6, 10, { 0 } },
	{ { 0xff }, NET_FAMILY_IPV6, 8, { 0 } },
};

static bool lies_in(const struct net_prefix *address, const struct net_prefix *network)
{
	size_t whole = network->bits / 8, rest = network->bits % 8;
	uint8_t mask = (uint8_t)(0xff00u >> rest);

	return address->family == network->family &&
	       memcmp(address->bytes, network->bytes, whole) == 0 &&
	       (rest == 0 || ((address->bytes[whole] ^ network->bytes[whole]) & mask) == 0);
}

bool grade_is_public(const struct net_prefix *address)
{
	if (address->family == NET_FAMILY_NONE)
		return false;
	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		if (lies_in(address, &local[i]))
			return false;
	return true;
}

static bool is_public(const struct net_violation *violation)
{
	return (violation->kind == NET_VIOLATION_EGRESS_BLOCKED ||
		violation->kind == NET_VIOLATION_FORWARD_BLOCKED) &&
	       grade_is_public(&violation->flow.to);
}

static enum record_grade by_itself(const struct net_violation *violation)
{
	enum record_grade grade = by_kind[violation->kind];

	switch (violation->kind) {
	case NET_VIOLATION_EGRESS_BLOCKED:
	case NET_VIOLATION_FORWARD_BLOCKED:
		return is_public(violation) ? RECORD_GRADE_V2 : grade;
	case NET_VIOLATION_ADDR_ILLEGAL:
	case NET_VIOLATION_ROUTE_ILLEGAL:
		return violation->evidence >= NET_EVIDENCE_STRONG ? RECORD_GRADE_V2 : grade;
	case NET_VIOLATION_RULESET_TAMPERED:
		/* Someone else's rules came or went; ours are whole. */
		return violation->remedy == NET_REMEDY_NONE ? RECORD_GRADE_V1 : grade;
	default:
		return grade;
	}
}

enum record_grade grade_net(const struct policy *policy, const struct net_violation *violation,
			    bool habit)
{
	enum record_grade grade = by_itself(violation);
	char name[64];

	if (habit)
		return grade_named(policy, "net.habit", RECORD_GRADE_V1);
	/* What is by itself no wrong is recorded, and becomes none by a name. */
	if (grade == RECORD_GRADE_NONE)
		return grade;
	if (is_public(violation))
		return grade_named(policy, "net.public", grade);
	snprintf(name, sizeof(name), "net.%s", net_violation_name(violation->kind));
	return grade_named(policy, name, grade);
}
