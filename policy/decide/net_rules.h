/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Block network, compiled for deciding. Shared by the files of this folder, study/ and policy.c. */
#ifndef AIRGAP_POLICY_NET_RULES_H
#define AIRGAP_POLICY_NET_RULES_H

#include "policy/decide/decide.h"
#include "policy/decide/net.h"
#include "policy/decide/prefix_list.h"
#include "policy/decide/prefix_trie.h"
#include "policy/lang/schema.h"
#include "policy/table/table.h"

struct arena;
struct condition;
struct document;
struct keyset;

enum net_attribute {
	NET_ATTRIBUTE_INTERFACE,
	NET_ATTRIBUTE_KIND,
	NET_ATTRIBUTE_ADDRESS,
	NET_ATTRIBUTE_GATEWAY,
	NET_ATTRIBUTE_ROUTE,
	NET_ATTRIBUTE_EGRESS,
	NET_ATTRIBUTE_PROTOCOL,
	NET_ATTRIBUTE_PORT,
	NET_ATTRIBUTE_COUNT,
};
#define NET_ATTRIBUTE_BIT(attribute) (1U << (attribute))

/* A set of addresses twice: to look up, and to hand on. */
struct net_addresses {
	struct prefix_trie *trie;
	struct prefix_list list; /* sorted */
};

struct net_condition {
	enum net_attribute attribute;
	bool inverted;		    /* not-in */
	bool registered;	    /* is registered: the operand stands in table terminals */
	const struct keyset *names; /* interface */
	const struct net_addresses *addresses; /* address, gateway, route, egress */
	uint32_t mask;			       /* bit of each enum net_kind, net_protocol */
	const struct net_ports *ports;	       /* in order, apart from one another */
	size_t port_count;
	const struct condition *source; /* in the document */
};

struct net_rule {
	const char *name;
	const char *because; /* or NULL */
	bool allow;
	enum net_subject subject;
	uint32_t line;
	uint32_t column;
	uint32_t attributes; /* NET_ATTRIBUTE_BIT of each that it names */
	uint32_t condition_count;
	const struct net_condition *conditions;
};

struct net_rules {
	bool present; /* the policy has the block */
	struct net_rule *rules;
	size_t rule_count;
	struct net_condition *conditions; /* of all rules */
	size_t condition_count;
	struct net_addresses **sets; /* every set that a condition points to */
	size_t set_count;
	size_t set_room;
	struct keyset **names;
	size_t name_count;
	struct arena *arena; /* keeps ports and the sets' structs */
};

/** net_rules_compile - 0 or -ENOMEM; the rules point into the document */
int net_rules_compile(const struct document *document, struct net_rules *rules);
void net_rules_clear(struct net_rules *rules);

/** net_attribute_find - by its name in the schema; -1: it is none of a subject */
int net_attribute_find(const char *name);

/** net_subject_of - the subject that a rule of these attributes speaks of */
enum net_subject net_subject_of(uint32_t attributes);

/** net_prefix_of - a prefix of the language as one of facts */
struct net_prefix net_prefix_of(const struct address_prefix *prefix);

/** policy_net_rules - the compiled block, empty when the policy has none (policy.c) */
const struct net_rules *policy_net_rules(const struct policy *policy);

/* What a rule is asked about, and what the decision may ask besides. Absent addresses: family NONE. */
struct net_case {
	const struct net_rules *rules;
	const struct net_link *link;
	bool in_table;		   /* the terminal has an active row: */
	struct table_terminal row; /* of table terminals */
	const char *why_not;	   /* when it has none */
	struct net_prefix address; /* whole: an address, a preferred source, a local address */
	struct net_prefix gateway; /* whole */
	struct net_prefix route;
	struct net_prefix to; /* whole: destination of a flow */
	uint32_t protocol;
	uint16_t port;
};

struct net_case net_case(const struct policy *policy, const struct policy_context *context,
			 const struct net_link *link);

/** net_case_address, ... - let it speak of that */
void net_case_address(struct net_case *it, const struct net_prefix *local);
void net_case_route(struct net_case *it, const struct net_route *route);
void net_case_flow(struct net_case *it, const struct net_flow *flow);

/**
 * net_condition_test - what a condition finds
 * @note: set to what else there is to say, static; NULL when there is nothing
 */
enum explain_outcome net_condition_test(const struct net_condition *condition,
					const struct net_case *it, const char **note);

/** net_condition_holds - what an outcome counts as in an allow or a forbid */
static inline bool net_condition_holds(const struct net_rule *rule, enum explain_outcome outcome)
{
	return outcome == EXPLAIN_TRUE || (outcome == EXPLAIN_MISSING && !rule->allow);
}

/** net_rule_matches - whether all conditions hold; the case must be of the rule's subject */
bool net_rule_matches(const struct net_rule *rule, const struct net_case *it);

/** net_rule_matches_link - whether those conditions hold that ask for the link alone */
bool net_rule_matches_link(const struct net_rule *rule, const struct net_case *it);

/** net_registered - the link stands in the terminal's row */
enum explain_outcome net_registered(const struct net_case *it, const char **note);

/** net_has_port - whether a flow of that protocol has ports */
static inline bool net_has_port(uint32_t protocol)
{
	return protocol == NET_PROTOCOL_TCP || protocol == NET_PROTOCOL_UDP;
}

/** net_exempt - whether an address is link-local, loopback or multicast; so is a network in them */
bool net_exempt(const struct net_prefix *prefix);
/** net_exempt_networks - these networks, in order */
const struct net_prefix *net_exempt_networks(size_t *count);

#endif
