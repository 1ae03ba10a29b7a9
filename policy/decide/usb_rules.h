/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Block usb, compiled for deciding. Shared by the files of this folder and by policy.c. */
#ifndef AIRGAP_POLICY_USB_RULES_H
#define AIRGAP_POLICY_USB_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decide/decide.h"
#include "policy/decide/facts.h"
#include "policy/lang/schema.h"

struct condition;
struct document;
struct keyset;
struct policy;
struct policy_context;

enum usb_attribute {
	USB_ATTRIBUTE_ID,
	USB_ATTRIBUTE_SERIAL,
	USB_ATTRIBUTE_NAME,
	USB_ATTRIBUTE_MANUFACTURER,
	USB_ATTRIBUTE_HASH,
	USB_ATTRIBUTE_PARENT_HASH,
	USB_ATTRIBUTE_PORT,
	USB_ATTRIBUTE_CONNECT_TYPE,
	USB_ATTRIBUTE_CLASS,
	USB_ATTRIBUTE_INTERFACES,
	USB_ATTRIBUTE_DEVICE,
	USB_ATTRIBUTE_COUNT,
};

struct usb_condition {
	enum usb_attribute attribute;
	enum schema_op op;
	bool presence; /* asks whether there is one, not which */
	bool present;
	const struct keyset *set;	/* the operand, whether one value, a list or a named set */
	const struct value *elements;	/* its list, or NULL */
	const struct condition *source; /* in the document */
};

struct usb_rule {
	const char *name;
	const char *because; /* or NULL */
	bool allow;
	uint32_t line;
	uint32_t column;
	uint32_t limit; /* at-most; 0: none */
	uint32_t condition_count;
	const struct usb_condition *conditions;
};

struct usb_rules {
	struct usb_rule *rules;
	size_t rule_count;
	struct usb_condition *conditions; /* of all rules */
	size_t condition_count;
	struct keyset **sets; /* every set that a condition points to */
	size_t set_count;
	size_t set_room;
	bool hubs_by_rule; /* the built-in rule is for root hubs only */
};

/** usb_rules_compile - 0 or -ENOMEM; the rules point into the document */
int usb_rules_compile(const struct document *document, struct usb_rules *rules);
void usb_rules_clear(struct usb_rules *rules);

/** usb_attribute_name - as in the schema */
const char *usb_attribute_name(enum usb_attribute attribute);

/** policy_usb_rules - the compiled block, empty when the policy has none (policy.c) */
const struct usb_rules *policy_usb_rules(const struct policy *policy);

/* Bits of facts->interfaces. */
struct interface_bits {
	uint8_t bytes[USB_INTERFACES_MAX / 8];
};

/* What a rule is asked about: a device, and what the decision may ask besides. */
struct usb_case {
	const struct policy_context *context; /* never NULL */
	const char *unit;		      /* of the policy's scope, like level */
	const char *level;
	const struct usb_facts *facts; /* usb_facts_flaw() accepts them */
};

struct usb_case usb_case(const struct policy *policy, const struct policy_context *context,
			 const struct usb_facts *facts);

/** usb_condition_test - what a condition finds */
enum explain_outcome usb_condition_test(const struct usb_condition *condition,
					const struct usb_case *it);

/**
 * usb_device_test - whether the device stands in table media, and its row is good here and today
 * @note: set to what the table says, static; NULL when there is nothing to add
 */
enum explain_outcome usb_device_test(const struct usb_case *it, const char **note);

/** usb_condition_holds - what an outcome counts as in an allow or a forbid */
static inline bool usb_condition_holds(const struct usb_rule *rule, enum explain_outcome outcome)
{
	return outcome == EXPLAIN_TRUE || (outcome == EXPLAIN_MISSING && !rule->allow);
}

/** usb_condition_authorises - of an allow that matched: the interfaces that the condition admits */
void usb_condition_authorises(const struct usb_condition *condition, const struct usb_facts *facts,
			      struct interface_bits *bits);

/**
 * usb_rule_matches - whether all conditions of a rule hold
 * @bits: for an allow, the interfaces that it authorises; none of them is no match. May be NULL.
 */
bool usb_rule_matches(const struct usb_rule *rule, const struct usb_case *it,
		      struct interface_bits *bits);

/** usb_facts_flaw - facts->flaw, or what in the facts themselves cannot be */
enum usb_flaw usb_facts_flaw(const struct usb_facts *facts);

/** usb_facts_hub - a hub and nothing else */
bool usb_facts_hub(const struct usb_facts *facts);

/** usb_facts_root_hub - the hub that is a host controller's own; it is on no port */
bool usb_facts_root_hub(const struct usb_facts *facts);

#endif
