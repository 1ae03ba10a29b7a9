// SPDX-License-Identifier: GPL-2.0-or-later
/* One short function a kind of condition; every one is a pure function of the facts. */
#include "policy/decide/usb_rules.h"

#include <string.h>

#include "policy/decide/keyset.h"
#include "policy/lang/value.h"

/* An attribute as the bytes that the sets hold; no bytes: the device has none. */
struct key {
	const void *bytes;
	size_t length;
	uint8_t own[4];
};

static bool all_zero(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i])
			return false;
	return true;
}

static void key_text(struct key *key, const char *text)
{
	key->bytes = text;
	key->length = strlen(text);
}

static void key_hash(struct key *key, const uint8_t *hash)
{
	key->bytes = hash;
	key->length = all_zero(hash, USB_HASH_SIZE) ? 0 : USB_HASH_SIZE;
}

static void key_byte(struct key *key, uint8_t byte)
{
	key->own[0] = byte;
	key->bytes = key->own;
	key->length = 1;
}

static void key_id(struct key *key, const struct usb_facts *facts)
{
	key->own[0] = (uint8_t)(facts->vendor >> 8);
	key->own[1] = (uint8_t)facts->vendor;
	key->own[2] = (uint8_t)(facts->product >> 8);
	key->own[3] = (uint8_t)facts->product;
	key->bytes = key->own;
	key->length = 4;
}

static void attribute_key(enum usb_attribute attribute, const struct usb_facts *facts,
			  struct key *key)
{
	switch (attribute) {
	case USB_ATTRIBUTE_ID:
		key_id(key, facts);
		return;
	case USB_ATTRIBUTE_SERIAL:
		key_text(key, facts->serial);
		return;
	case USB_ATTRIBUTE_NAME:
		key_text(key, facts->name);
		return;
	case USB_ATTRIBUTE_MANUFACTURER:
		key_text(key, facts->manufacturer);
		return;
	case USB_ATTRIBUTE_HASH:
		key_hash(key, facts->hash);
		return;
	case USB_ATTRIBUTE_PARENT_HASH:
		key_hash(key, facts->parent_hash);
		return;
	case USB_ATTRIBUTE_PORT:
		key_text(key, facts->port);
		return;
	case USB_ATTRIBUTE_CONNECT_TYPE:
		key_byte(key, facts->connect);
		return;
	case USB_ATTRIBUTE_CLASS:
		key_byte(key, facts->class);
		return;
	default:
		key->length = 0;
	}
}

/*
 * The kernel's "unknown" is the lack of a connect type, unless the policy names it: a rule that lists
 * it, or its absence, speaks of it.
 */
static bool connect_missing(const struct usb_condition *condition, const struct key *key)
{
	return condition->attribute == USB_ATTRIBUTE_CONNECT_TYPE &&
	       key->own[0] == USB_CONNECT_UNKNOWN && !keyset_has(condition->set, key->bytes, 1);
}

static enum explain_outcome outcome(bool is)
{
	return is ? EXPLAIN_TRUE : EXPLAIN_FALSE;
}

static enum explain_outcome test_key(const struct usb_condition *condition,
				     const struct usb_facts *facts)
{
	struct key key;
	bool found;

	attribute_key(condition->attribute, facts, &key);
	if (condition->presence)
		return outcome((key.length > 0) == condition->present);
	if (key.length == 0 || connect_missing(condition, &key))
		return EXPLAIN_MISSING;
	if (condition->attribute == USB_ATTRIBUTE_ID)
		found = keyset_covers(condition->set, key.bytes, key.length);
	else
		found = keyset_has(condition->set, key.bytes, key.length);
	return outcome(found == (condition->op != OP_NOT_IN));
}

static bool in_set(const struct keyset *set, const struct usb_interface *interface)
{
	const uint8_t triple[] = { interface->class, interface->subclass, interface->protocol };

	return keyset_covers(set, triple, sizeof(triple));
}

static uint32_t count_in_set(const struct usb_condition *condition, const struct usb_facts *facts)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < facts->interface_count; i++)
		count += in_set(condition->set, &facts->interfaces[i]);
	return count;
}

static bool has_prefix(const struct usb_facts *facts, const uint8_t *key, size_t length)
{
	for (uint32_t i = 0; i < facts->interface_count; i++) {
		const struct usb_interface *it = &facts->interfaces[i];
		const uint8_t triple[] = { it->class, it->subclass, it->protocol };

		if (memcmp(triple, key, length) == 0)
			return true;
	}
	return false;
}

/* Each type of the list is there; the check admits few of them. */
static bool has_all(const struct usb_condition *condition, const struct usb_facts *facts)
{
	size_t cursor = 0, length = 0;
	const uint8_t *key;

	while ((key = keyset_key(condition->set, &cursor, &length)))
		if (!has_prefix(facts, key, length))
			return false;
	return true;
}

static bool same_triple(const struct usb_interface *a, const struct usb_triple *b)
{
	return a->class == b->class && a->subclass == b->subclass && a->protocol == b->protocol;
}

/*
 * The very interfaces of the list, each as often as the list has it: a type that stands there once
 * must not let a second interface hide behind the first. Both lists are short.
 */
static bool equals(const struct usb_condition *condition, const struct usb_facts *facts)
{
	const struct value *list = condition->elements;

	if (facts->interface_count != list->list.count)
		return false;
	for (uint32_t i = 0; i < list->list.count; i++) {
		const struct usb_triple *triple = &list->list.items[i].triple;
		uint32_t wanted = 0, found = 0;

		for (uint32_t k = 0; k < facts->interface_count; k++) {
			const struct usb_triple *other = &list->list.items[k].triple;

			found += same_triple(&facts->interfaces[k], triple);
			wanted += memcmp(other, triple, sizeof(*other)) == 0;
		}
		if (wanted != found)
			return false;
	}
	return true;
}

static enum explain_outcome test_interfaces(const struct usb_condition *condition,
					    const struct usb_facts *facts)
{
	if (facts->interface_count == 0)
		return EXPLAIN_MISSING;
	switch (condition->op) {
	case OP_WITHIN:
		return outcome(count_in_set(condition, facts) == facts->interface_count);
	case OP_HAS_ANY:
		return outcome(count_in_set(condition, facts) > 0);
	case OP_HAS_NONE:
		return outcome(count_in_set(condition, facts) == 0);
	case OP_HAS_ALL:
		return outcome(has_all(condition, facts));
	case OP_EQUALS:
		return outcome(equals(condition, facts));
	default:
		return EXPLAIN_MISSING;
	}
}

enum explain_outcome usb_condition_test(const struct usb_condition *condition,
					const struct usb_case *it)
{
	const char *note;

	if (condition->attribute == USB_ATTRIBUTE_DEVICE)
		return usb_device_test(it, &note);
	if (condition->attribute == USB_ATTRIBUTE_INTERFACES)
		return test_interfaces(condition, it->facts);
	return test_key(condition, it->facts);
}

/* An interface is authorised whole: with one alternate setting outside the set, it is not. */
static bool whole_interface(const struct usb_condition *condition, const struct usb_facts *facts,
			    const struct usb_interface *interface)
{
	for (uint32_t i = 0; i < facts->interface_count; i++) {
		const struct usb_interface *it = &facts->interfaces[i];

		if (it->config == interface->config && it->number == interface->number &&
		    !in_set(condition->set, it))
			return false;
	}
	return true;
}

void usb_condition_authorises(const struct usb_condition *condition, const struct usb_facts *facts,
			      struct interface_bits *bits)
{
	if (condition->op != OP_HAS_ANY && condition->op != OP_HAS_ALL)
		return;
	for (uint32_t i = 0; i < facts->interface_count; i++)
		if (!whole_interface(condition, facts, &facts->interfaces[i]))
			bits->bytes[i / 8] &= (uint8_t) ~(1U << (i % 8));
}

static void all_interfaces(const struct usb_facts *facts, struct interface_bits *bits)
{
	*bits = (struct interface_bits){ 0 };
	for (uint32_t i = 0; i < facts->interface_count; i++)
		bits->bytes[i / 8] |= (uint8_t)(1U << (i % 8));
}

bool usb_rule_matches(const struct usb_rule *rule, const struct usb_case *it,
		      struct interface_bits *bits)
{
	const struct usb_facts *facts = it->facts;
	struct interface_bits own;

	for (uint32_t i = 0; i < rule->condition_count; i++) {
		enum explain_outcome found = usb_condition_test(&rule->conditions[i], it);

		if (!usb_condition_holds(rule, found))
			return false;
	}
	if (!rule->allow)
		return true;
	all_interfaces(facts, &own);
	for (uint32_t i = 0; i < rule->condition_count; i++)
		usb_condition_authorises(&rule->conditions[i], facts, &own);
	if (bits)
		*bits = own;
	return facts->interface_count > 0 && !all_zero(own.bytes, sizeof(own.bytes));
}
