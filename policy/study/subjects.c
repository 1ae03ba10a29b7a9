// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/subjects.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/subject.h"
#include "policy/lang/arena.h"
#include "policy/lang/scalar.h"
#include "policy/study/rule_region.h"

/* What any policy has an opinion on. */
static const char *const everyday[] = {
	"id fffe:0001 serial \"SAMPLE\" name \"unknown stick\" interfaces [ 08:06:50 ]",
	"id fffe:0002 name \"unknown keyboard\" interfaces [ 03:01:01 ]",
	"id fffe:0003 name \"unknown mouse\" interfaces [ 03:01:02 ]",
	"id fffe:0004 name \"unknown stick that types\" interfaces [ 08:06:50 03:01:01 ]",
	"id fffe:0005 name \"unknown network adapter\" interfaces [ 02:06:00 0a:00:00 ]",
	"id fffe:0006 name \"unknown telephone\" interfaces [ 06:01:01 ff:42:01 ]",
	"id fffe:0007 name \"unknown hub\" class 09 interfaces [ 09:00:00 ]",
};

struct deriver {
	struct region_space space;
	struct inventory *inventory;
	size_t first; /* of this policy */
};

static int add(struct deriver *deriver, const struct usb_facts *facts)
{
	struct inventory *inventory = deriver->inventory;
	struct inventory_device *devices;

	if (inventory->count - deriver->first >= SUBJECTS_MAX)
		return 0;
	for (size_t i = 0; i < inventory->count; i++)
		if (memcmp(&inventory->devices[i].facts, facts, sizeof(*facts)) == 0)
			return 0;
	if ((inventory->count & (inventory->count - 1)) == 0) {
		devices = reallocarray(inventory->devices, 2 * inventory->count + 2,
				       sizeof(*devices));
		if (!devices)
			return -ENOMEM;
		inventory->devices = devices;
	}
	inventory->devices[inventory->count++] = (struct inventory_device){ .facts = *facts };
	return 0;
}

/* A type that the pattern means: the one that is met most often. */
static void concrete(const char *pattern, struct usb_interface *interface)
{
	static const char *const common[] = { "03:01:01", "08:06:50", "02:06:00", "0e:01:00" };
	struct value value = { 0 };
	char text[] = "00:00:00";

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (pattern_covers(pattern, common[i]))
			memcpy(text, common[i], sizeof(text));
	for (size_t i = 0; pattern[i] && pattern[i] != '*' && i < sizeof(text) - 1; i++)
		text[i] = pattern[i];
	if (!scalar_read(VALUE_USB_INTERFACE, TOKEN_WORD, text, &value))
		return;
	interface->class = value.triple.class;
	interface->subclass = value.triple.subclass;
	interface->protocol = value.triple.protocol;
}

static void add_types(struct usb_facts *facts, struct words words, size_t most)
{
	for (size_t i = 0; i < words.count && i < most; i++) {
		struct usb_interface *it = &facts->interfaces[facts->interface_count];

		if (facts->interface_count == USB_INTERFACES_MAX)
			return;
		*it = (struct usb_interface){
			.config = 1,
			.number = (uint8_t)facts->interface_count,
		};
		concrete(words.items[i], it);
		facts->interface_count++;
	}
}

static void put_interfaces(const struct region *region, struct usb_facts *facts)
{
	const char *storage = "08:06:50";

	facts->interface_count = 0;
	if (region->equals_given) {
		add_types(facts, region->equals, USB_INTERFACES_MAX);
		return;
	}
	add_types(facts, region->all, USB_INTERFACES_MAX);
	add_types(facts, region->any, 1);
	if (facts->interface_count == 0)
		add_types(facts, region->within, 1);
	if (facts->interface_count == 0)
		add_types(facts, (struct words){ &storage, 1 }, 1);
}

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text);
}

static void put_id(struct usb_facts *facts, const char *text)
{
	struct value value = { 0 };

	if (!scalar_read(VALUE_USB_ID, TOKEN_WORD, text, &value))
		return;
	facts->vendor = value.id.any_vendor ? 0xfffe : value.id.vendor;
	facts->product = value.id.any_product ? 0xfffe : value.id.product;
}

static void put_hash(uint8_t *out, const char *text)
{
	struct value value = { 0 };

	if (scalar_read(VALUE_HASH, TOKEN_STRING, text, &value))
		memcpy(out, value.hash, sizeof(value.hash));
}

static void put_class(struct usb_facts *facts, const char *text)
{
	struct value value = { 0 };

	if (scalar_read(VALUE_USB_CLASS, TOKEN_WORD, text, &value))
		facts->class = (uint8_t)value.number;
}

static void put_key(struct usb_facts *facts, enum region_key key, const char *text)
{
	switch (key) {
	case REGION_ID:
		put_id(facts, text);
		return;
	case REGION_SERIAL:
		copy(facts->serial, sizeof(facts->serial), text);
		return;
	case REGION_NAME:
		copy(facts->name, sizeof(facts->name), text);
		return;
	case REGION_MANUFACTURER:
		copy(facts->manufacturer, sizeof(facts->manufacturer), text);
		return;
	case REGION_PORT:
		copy(facts->port, sizeof(facts->port), text);
		return;
	case REGION_HASH:
		put_hash(facts->hash, text);
		return;
	case REGION_PARENT_HASH:
		put_hash(facts->parent_hash, text);
		return;
	case REGION_CLASS:
		put_class(facts, text);
		return;
	default:
		return;
	}
}

/* A device of the region, with one value of one attribute as asked. */
static struct usb_facts sample(const struct region *region, enum region_key key, const char *text)
{
	struct usb_facts facts = {
		.vendor = 0xfffe,
		.product = 0x0001,
		.configurations = 1,
		.bus = 1,
		.device = 1,
	};

	copy(facts.serial, sizeof(facts.serial), "SAMPLE");
	for (unsigned int i = 0; i < USB_CONNECT_COUNT; i++)
		if (region->connect >> i & 1)
			facts.connect = (uint8_t)i;
	if (region->connect & (1U << USB_CONNECT_HOTPLUG))
		facts.connect = USB_CONNECT_HOTPLUG;
	for (enum region_key it = 0; it < REGION_KEY_COUNT; it++)
		if (region->limited[it] && region->in[it].count > 0)
			put_key(&facts, it, region->in[it].items[0]);
	if (text)
		put_key(&facts, key, text);
	put_interfaces(region, &facts);
	return facts;
}

/* One device for each value of each attribute, and one for each type of interface. */
static int derive_rule(struct deriver *deriver, const struct usb_rule *rule)
{
	struct region region;
	struct usb_facts facts;
	int ret;

	rule_region(&deriver->space, rule, &region);
	facts = sample(&region, REGION_ID, NULL);
	ret = add(deriver, &facts);
	for (enum region_key key = 0; key < REGION_KEY_COUNT; key++) {
		struct words words = region.limited[key] ? region.in[key] : region.out[key];

		for (size_t i = 0; !ret && i < words.count; i++) {
			facts = sample(&region, key, words.items[i]);
			ret = add(deriver, &facts);
		}
	}
	return ret;
}

static int derive_types(struct deriver *deriver, const struct usb_rule *rule)
{
	struct region region;
	int ret = 0;

	rule_region(&deriver->space, rule, &region);
	for (uint32_t i = 0; i < rule->condition_count; i++) {
		struct words words = { 0 };

		if (rule->conditions[i].attribute == USB_ATTRIBUTE_INTERFACES)
			rule_region_words(&deriver->space, &rule->conditions[i], &words);
		for (size_t k = 0; !ret && k < words.count; k++) {
			struct usb_facts facts = sample(&region, REGION_ID, NULL);

			facts.interface_count = 0;
			add_types(&facts, (struct words){ &words.items[k], 1 }, 1);
			ret = add(deriver, &facts);
		}
	}
	return ret;
}

int subjects_derive(const struct policy *policy, struct inventory *inventory)
{
	const struct usb_rules *rules = policy_usb_rules(policy);
	struct deriver deriver = { .space = { .arena = arena_new() },
				   .inventory = inventory,
				   .first = inventory->count };
	struct usb_facts facts;
	int ret = deriver.space.arena ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < sizeof(everyday) / sizeof(everyday[0]); i++) {
		ret = subject_parse_usb(everyday[i], strlen(everyday[i]), NULL, &facts);
		ret = ret ? ret : add(&deriver, &facts);
	}
	for (size_t i = 0; !ret && i < rules->rule_count; i++) {
		ret = derive_rule(&deriver, &rules->rules[i]);
		ret = ret ? ret : derive_types(&deriver, &rules->rules[i]);
	}
	if (!ret && deriver.space.no_memory)
		ret = -ENOMEM;
	arena_free(deriver.space.arena);
	return ret;
}
