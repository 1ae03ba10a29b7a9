// SPDX-License-Identifier: GPL-2.0-or-later
/* What one allow lets in. */
#include "policy/study/lint_run.h"

#include <string.h>

#include "policy/study/rule_region.h"

#define FOR_ALLOWS(lint, i)                                                                        \
	for (size_t i = 0; i < (lint)->rules->rule_count; i++)                                     \
		if ((lint)->rules->rules[i].allow && !(lint)->regions[i].empty)

static bool asks(const struct usb_rule *rule, enum usb_attribute attribute)
{
	for (uint32_t i = 0; i < rule->condition_count; i++) {
		const struct usb_condition *it = &rule->conditions[i];

		if (it->attribute == attribute && it->op != OP_NOT_IN && !it->presence)
			return true;
	}
	return false;
}

void lint_identity(struct lint *lint)
{
	FOR_ALLOWS(lint, i)
	{
		const struct usb_rule *rule = &lint->rules->rules[i];

		if (asks(rule, USB_ATTRIBUTE_ID) || asks(rule, USB_ATTRIBUTE_SERIAL) ||
		    asks(rule, USB_ATTRIBUTE_HASH) || asks(rule, USB_ATTRIBUTE_DEVICE))
			continue;
		lint_say(lint, "no-identity", lint->sources[i]->name_at,
			 "add id, serial, hash, or 'device in' a table",
			 "'%s' admits devices of any maker", rule->name);
	}
}

void lint_wildcard(struct lint *lint)
{
	FOR_ALLOWS(lint, i)
	{
		const struct usb_rule *rule = &lint->rules->rules[i];
		const struct usb_condition *id = lint_condition(rule, USB_ATTRIBUTE_ID);
		struct words words;

		/* With a serial number, hash or table the vendor is not what identifies. */
		if (!id || id->op == OP_NOT_IN || asks(rule, USB_ATTRIBUTE_SERIAL) ||
		    asks(rule, USB_ATTRIBUTE_HASH) || asks(rule, USB_ATTRIBUTE_DEVICE))
			continue;
		rule_region_words(&lint->space, id, &words);
		for (size_t k = 0; k < words.count; k++) {
			if (!strchr(words.items[k], '*'))
				continue;
			lint_say(lint, "wildcard", id->source->at, "name the products",
				 "'%s' admits every device whose maker claims to be %s", rule->name,
				 words.items[k]);
			break;
		}
	}
}

void lint_any_interface(struct lint *lint)
{
	FOR_ALLOWS(lint, i)
	{
		const struct usb_rule *rule = &lint->rules->rules[i];

		if (lint_condition(rule, USB_ATTRIBUTE_INTERFACES) ||
		    asks(rule, USB_ATTRIBUTE_HASH))
			continue;
		lint_say(lint, "any-interface", lint->sources[i]->name_at,
			 "add 'interfaces within [ ... ]' or 'interfaces equals [ ... ]'",
			 "'%s' admits a device whatever it is: ids are easily copied", rule->name);
	}
}

bool lint_names_class(struct lint *lint, const struct usb_condition *condition, const char *pattern)
{
	struct words words;

	rule_region_words(&lint->space, condition, &words);
	for (size_t i = 0; i < words.count; i++)
		if (pattern_covers(pattern, words.items[i]) ||
		    pattern_covers(words.items[i], pattern))
			return true;
	return false;
}

void lint_partial(struct lint *lint)
{
	FOR_ALLOWS(lint, i)
	{
		const struct usb_rule *rule = &lint->rules->rules[i];

		for (uint32_t k = 0; k < rule->condition_count; k++) {
			const struct usb_condition *it = &rule->conditions[k];

			if ((it->op != OP_HAS_ANY && it->op != OP_HAS_ALL) ||
			    !lint_names_class(lint, it, "08:*:*"))
				continue;
			lint_say(lint, "part-of-device", it->source->at,
				 "write 'interfaces within [ ... ]'",
				 "'%s' admits the storage of a device that may be anything else, "
				 "too",
				 rule->name);
		}
	}
}

static const struct {
	const char *pattern;
	const char *name;
} others[] = {
	{ "03:*:*", "input" },
	{ "02:*:*", "network" },
	{ "0a:*:*", "network" },
	{ "e0:*:*", "wireless" },
};

/* Whether some device of the region has both, and no forbid refuses it. */
static bool left_with(struct lint *lint, size_t allow, const char *other)
{
	const char *both[] = { "08:*:*", other };
	struct regions left = { 0 }, next = { 0 };
	struct region region = lint->regions[allow];
	bool some;

	region_all(&lint->space, &region, (struct words){ both, 2 });
	if (region_settle(&region))
		return false;
	if (regions_add(&left, &region))
		lint->space.no_memory = true;
	for (size_t k = 0; k < lint->rules->rule_count && left.count > 0 && left.count < 64; k++) {
		if (lint->rules->rules[k].allow || !lint->exact[k])
			continue;
		for (size_t i = 0; i < left.count; i++)
			region_subtract(&lint->space, &left.items[i], &lint->regions[k],
					REGION_LARGER, &next);
		regions_free(&left);
		left = next;
		next = (struct regions){ 0 };
	}
	some = left.count > 0;
	regions_free(&left);
	return some;
}

/* Where nothing is said of interfaces, any-interface says that already. */
void lint_mixture(struct lint *lint)
{
	FOR_ALLOWS(lint, i)
	{
		const struct usb_rule *rule = &lint->rules->rules[i];
		const struct usb_condition *it = lint_condition(rule, USB_ATTRIBUTE_INTERFACES);

		if (!it || it->op == OP_HAS_ANY || it->op == OP_HAS_NONE)
			continue;
		for (size_t k = 0; k < sizeof(others) / sizeof(others[0]); k++) {
			if (!left_with(lint, i, others[k].pattern))
				continue;
			lint_say(lint, "mixture", it->source->at,
				 "make two rules, or forbid 'interfaces has-all [ 08:*:* ... ]'",
				 "'%s' admits one device that is storage and %s", rule->name,
				 others[k].name);
			break;
		}
	}
}

void lint_limit(struct lint *lint)
{
	FOR_ALLOWS(lint, i)
	{
		const struct usb_rule *rule = &lint->rules->rules[i];
		const struct usb_condition *it = lint_condition(rule, USB_ATTRIBUTE_INTERFACES);

		if (!it || rule->limit > 0 || it->op == OP_HAS_NONE ||
		    !lint_names_class(lint, it, "08:*:*"))
			continue;
		lint_say(lint, "no-limit", lint->sources[i]->name_at, "add at-most 1",
			 "'%s' permits any number of storage devices at a time", rule->name);
	}
}
