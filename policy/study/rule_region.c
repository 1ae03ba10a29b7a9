// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/rule_region.h"

#include <stdio.h>
#include <string.h>

#include "policy/decide/facts.h"
#include "policy/lang/arena.h"
#include "policy/lang/document.h"

static const int keys[USB_ATTRIBUTE_COUNT] = {
	[USB_ATTRIBUTE_ID] = REGION_ID,		[USB_ATTRIBUTE_SERIAL] = REGION_SERIAL,
	[USB_ATTRIBUTE_NAME] = REGION_NAME,	[USB_ATTRIBUTE_MANUFACTURER] = REGION_MANUFACTURER,
	[USB_ATTRIBUTE_HASH] = REGION_HASH,	[USB_ATTRIBUTE_PARENT_HASH] = REGION_PARENT_HASH,
	[USB_ATTRIBUTE_PORT] = REGION_PORT,	[USB_ATTRIBUTE_CONNECT_TYPE] = -1,
	[USB_ATTRIBUTE_CLASS] = REGION_CLASS,	[USB_ATTRIBUTE_INTERFACES] = -1,
	[USB_ATTRIBUTE_DEVICE] = REGION_DEVICE,
};

static const char *spell_id(struct region_space *space, const struct usb_id_pattern *id)
{
	char text[16];

	if (id->any_vendor)
		return "*:*";
	if (id->any_product)
		snprintf(text, sizeof(text), "%04x:*", id->vendor);
	else
		snprintf(text, sizeof(text), "%04x:%04x", id->vendor, id->product);
	return arena_text(space->arena, text, strlen(text));
}

static const char *spell_triple(struct region_space *space, const struct usb_triple *triple)
{
	const uint8_t parts[] = { triple->class, triple->subclass, triple->protocol };
	char text[16] = "";
	size_t length = 0;

	for (unsigned int i = 0; i < 3; i++) {
		const char *colon = i ? ":" : "";

		if (i < triple->fixed)
			length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%02x",
						   colon, parts[i]);
		else
			length += (size_t)snprintf(text + length, sizeof(text) - length, "%s*",
						   colon);
	}
	return arena_text(space->arena, text, length);
}

static const char *spell(struct region_space *space, const struct value *value)
{
	char text[8];

	switch (value->type) {
	case VALUE_USB_ID:
		return spell_id(space, &value->id);
	case VALUE_USB_INTERFACE:
		return spell_triple(space, &value->triple);
	case VALUE_USB_CLASS:
		snprintf(text, sizeof(text), "%02x", (unsigned int)value->number & 0xff);
		return arena_text(space->arena, text, strlen(text));
	default:
		return value->text;
	}
}

void rule_region_words(struct region_space *space, const struct usb_condition *condition,
		       struct words *words)
{
	const struct value *one = &condition->source->value;
	const struct value *items = condition->elements ? condition->elements->list.items : one;
	size_t count = condition->elements ? condition->elements->list.count : 1;

	*words = (struct words){ 0 };
	if (count > RULE_REGION_LIST_MAX)
		return;
	/* Room for the lack of the attribute, too. */
	*words = words_room(space, count + 1);
	for (size_t i = 0; words->items && i < count; i++) {
		words->items[words->count] = spell(space, &items[i]);
		space->no_memory |= !words->items[words->count++];
	}
}

static void put_presence(struct region_space *space, const struct usb_condition *condition,
			 enum region_key key, struct region *region)
{
	struct words lacking = words_room(space, 1);

	if (!lacking.items)
		return;
	lacking.items[lacking.count++] = "";
	if (condition->present)
		region_exclude(space, region, key, lacking);
	else
		region_limit(space, region, key, lacking);
}

/* A device that lacks the attribute: not in an allow, whatever the operator, and always in a forbid. */
static bool put_key(struct region_space *space, const struct usb_rule *rule,
		    const struct usb_condition *condition, enum region_key key,
		    struct region *region)
{
	bool out = condition->op == OP_NOT_IN;
	struct words words;

	if (condition->presence) {
		put_presence(space, condition, key, region);
		return true;
	}
	rule_region_words(space, condition, &words);
	if (!words.items)
		return false;
	if (key != REGION_ID && key != REGION_CLASS && key != REGION_DEVICE && rule->allow == out)
		words.items[words.count++] = "";
	if (out)
		region_exclude(space, region, key, words);
	else
		region_limit(space, region, key, words);
	/* A row of a table is more than its name: it ends, it has a level. */
	return key != REGION_DEVICE;
}

static void put_connect(const struct usb_rule *rule, const struct usb_condition *condition,
			struct region *region)
{
	const struct value *one = &condition->source->value;
	const struct value *items = condition->elements ? condition->elements->list.items : one;
	size_t count = condition->elements ? condition->elements->list.count : 1;
	uint8_t bits = 0, unknown = 1U << USB_CONNECT_UNKNOWN;

	for (size_t i = 0; i < count; i++)
		bits |= (uint8_t)(1U << items[i].number);
	if (condition->op != OP_NOT_IN)
		region_connect(region, bits & unknown || rule->allow ? bits : bits | unknown);
	else if (bits & unknown || !rule->allow)
		region_connect(region, (uint8_t)~bits & REGION_CONNECT_ANY);
	else
		region_connect(region, (uint8_t) ~(bits | unknown) & REGION_CONNECT_ANY);
}

static bool put_interfaces(struct region_space *space, const struct usb_condition *condition,
			   struct region *region)
{
	struct words words;

	rule_region_words(space, condition, &words);
	if (!words.items)
		return false;
	switch (condition->op) {
	case OP_EQUALS:
		region_equals(space, region, words);
		return true;
	case OP_WITHIN:
		region_within(space, region, words);
		return true;
	case OP_HAS_ALL:
		region_all(space, region, words);
		return true;
	case OP_HAS_NONE:
		region_none(space, region, words);
		return true;
	default:
		return region_has_any(space, region, words);
	}
}

bool rule_region(struct region_space *space, const struct usb_rule *rule, struct region *region)
{
	bool exact = true;

	*region = region_any();
	for (uint32_t i = 0; i < rule->condition_count; i++) {
		const struct usb_condition *condition = &rule->conditions[i];
		int key = keys[condition->attribute];

		if (condition->attribute == USB_ATTRIBUTE_CONNECT_TYPE)
			put_connect(rule, condition, region);
		else if (key < 0)
			exact &= put_interfaces(space, condition, region);
		else
			exact &= put_key(space, rule, condition, (enum region_key)key, region);
	}
	region_settle(region);
	return exact;
}
