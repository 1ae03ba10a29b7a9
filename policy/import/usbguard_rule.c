// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is documented: each attribute of a device is a set, an operator compares it with the rule's.
 * What USBGuard 1.1 does differs in places: its match-all is true of every text, and false of every
 * id with a wildcard; ids are compared as text, and devices report lower case. An allow is taken to
 * mean what both agree on, a block what either says.
 */
#include "policy/import/usbguard_rule.h"

#include <string.h>

#include "policy/decide/facts.h"
#include "policy/lang/arena.h"
#include "policy/lang/scalar.h"
#include "policy/lang/utf8.h"

/* How one attribute of one value constrains. */
struct constraint {
	enum { CONSTRAINT_NONE, CONSTRAINT_IN, CONSTRAINT_OUT, CONSTRAINT_NEVER } kind;
	struct words words;
};

static const struct {
	enum usbguard_attribute attribute;
	enum region_key key;
	enum value_type type;
	size_t most; /* bytes of a text */
} keys[] = {
	{ USBGUARD_ID, REGION_ID, VALUE_USB_ID, 0 },
	{ USBGUARD_SERIAL, REGION_SERIAL, VALUE_TEXT, USB_STRING_SIZE - 1 },
	{ USBGUARD_NAME, REGION_NAME, VALUE_TEXT, USB_STRING_SIZE - 1 },
	{ USBGUARD_HASH, REGION_HASH, VALUE_HASH, 0 },
	{ USBGUARD_PARENT_HASH, REGION_PARENT_HASH, VALUE_HASH, 0 },
	{ USBGUARD_PORT, REGION_PORT, VALUE_USB_PORT, USB_PORT_SIZE - 1 },
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

void usbguard_narrow(struct translation *translation, struct usbguard_meaning *meaning,
		     const char *name, struct span at, const char *what, const char *why)
{
	finding_add(translation->findings, DIAG_WARNING, name, at, what, "%s", why);
	meaning->narrowed = true;
}

struct words usbguard_words(struct region_space *space, const struct usbguard_set *set)
{
	struct words words = words_room(space, set->count);

	for (size_t i = 0; words.items && i < set->count; i++)
		if (!words_have(words, set->values[i].text))
			words.items[words.count++] = set->values[i].text;
	return words;
}

/* A text that a device of ours can have: with others its descriptors are not believed. */
static bool is_text(const char *text, size_t most)
{
	size_t length = strlen(text);
	uint32_t character;

	for (size_t i = 0; i < length;) {
		size_t size = utf8_decode(text + i, length - i, &character);

		if (size == 0 || utf8_is_control(character) || character == '\t')
			return false;
		i += size;
	}
	return length <= most;
}

static bool is_possible(size_t k, const struct usbguard_value *value)
{
	struct value read = { 0 };

	if (value->nul)
		return false;
	if (keys[k].type == VALUE_TEXT)
		return is_text(value->text, keys[k].most);
	if (keys[k].most && strlen(value->text) > keys[k].most)
		return false;
	return scalar_read(keys[k].type, keys[k].type == VALUE_HASH ? TOKEN_STRING : TOKEN_WORD,
			   value->text, &read);
}

/* The values that some device can have; says when one is left out. */
static struct words possible(struct translation *translation, const struct usbguard_set *set,
			     size_t k, bool lower_only)
{
	struct words words = words_room(&translation->space, set->count);

	for (size_t i = 0; words.items && i < set->count; i++) {
		const struct usbguard_value *value = &set->values[i];

		if (!is_possible(k, value))
			finding_add(translation->findings, DIAG_WARNING, "impossible", value->at,
				    "remove it, or correct it", "no device has this as its %s",
				    usbguard_attribute_name(keys[k].attribute));
		else if (!(lower_only && value->upper) && !words_have(words, value->text))
			words.items[words.count++] = value->text;
	}
	return words;
}

bool usbguard_common(const struct usbguard_set *set, bool patterns, const char **text)
{
	*text = set->values[0].text;
	for (size_t i = 1; i < set->count; i++)
		if (patterns && pattern_covers(*text, set->values[i].text))
			*text = set->values[i].text;
	for (size_t i = 0; i < set->count; i++)
		if (patterns ? !pattern_covers(set->values[i].text, *text)
			     : strcmp(set->values[i].text, *text) != 0)
			return false;
	return true;
}

static void say_upper(struct translation *translation, const struct usbguard_set *set,
		      struct usbguard_meaning *meaning)
{
	for (size_t i = 0; i < set->count; i++) {
		if (!set->values[i].upper)
			continue;
		usbguard_narrow(
			translation, meaning, "id-case", set->values[i].at,
			"write the id in lower case",
			meaning->allow
				? "USBGuard compares ids as text and devices report lower "
				  "case: this one never matched, and is not allowed here"
				: "USBGuard compares ids as text, so this one never matched; "
				  "here it does");
		return;
	}
}

static struct constraint in_or_never(struct words words)
{
	return (struct constraint){ words.count ? CONSTRAINT_IN : CONSTRAINT_NEVER, words };
}

/* equals and all-of with several values: no device has two of what it has one of. */
static struct constraint several(struct translation *translation, const struct usbguard_set *set,
				 size_t k, struct usbguard_meaning *meaning)
{
	struct words words = possible(translation, set, k, meaning->allow);
	const char *text;

	if (set->op == USBGUARD_ALL_OF &&
	    usbguard_common(set, keys[k].type == VALUE_USB_ID, &text)) {
		if (!words_have(words, text) || words.count == 0)
			return (struct constraint){ .kind = CONSTRAINT_NEVER };
		words.items[0] = text;
		words.count = 1;
		return in_or_never(words);
	}
	if (!meaning->allow && set->op != USBGUARD_ALL_OF) {
		usbguard_narrow(translation, meaning, "several-values", set->at,
				"write one-of before the list",
				"a device has only one of these, so USBGuard never applies this "
				"rule; here it refuses a device with any of them");
		return in_or_never(words);
	}
	usbguard_narrow(translation, meaning, "several-values", set->at,
			"write one-of before the list",
			"a device has only one of these: the rule matches none");
	return (struct constraint){ .kind = CONSTRAINT_NEVER };
}

static struct constraint match_all_id(struct translation *translation,
				      const struct usbguard_set *set, size_t k,
				      struct usbguard_meaning *meaning)
{
	struct words words = possible(translation, set, k, meaning->allow), full;

	full = words_room(&translation->space, words.count);
	for (size_t i = 0; full.items && i < words.count; i++)
		if (!strchr(words.items[i], '*'))
			full.items[full.count++] = words.items[i];
	if (full.count == words.count)
		return in_or_never(words);
	usbguard_narrow(
		translation, meaning, "match-all", set->at, "write one-of instead of match-all",
		meaning->allow ? "USBGuard's match-all never matches an id with a wildcard; "
				 "such ids are not allowed here"
			       : "USBGuard's match-all never matches an id with a wildcard; "
				 "here it does");
	return in_or_never(meaning->allow ? full : words);
}

static struct constraint match_all_text(struct translation *translation,
					const struct usbguard_set *set, size_t k,
					struct usbguard_meaning *meaning)
{
	usbguard_narrow(
		translation, meaning, "match-all", set->at, "write one-of instead of match-all",
		meaning->allow ? "USBGuard's match-all is true of every device here; only "
				 "the listed values are allowed"
			       : "USBGuard's match-all is true of every device here, so the "
				 "rule refuses all, whatever is listed");
	if (!meaning->allow)
		return (struct constraint){ .kind = CONSTRAINT_NONE };
	return in_or_never(possible(translation, set, k, false));
}

static struct constraint constraint_of(struct translation *translation,
				       const struct usbguard_set *set, size_t k,
				       struct usbguard_meaning *meaning)
{
	bool id = keys[k].type == VALUE_USB_ID;
	struct words words;

	if (id)
		say_upper(translation, set, meaning);
	switch (set->op) {
	case USBGUARD_NONE_OF:
		/* What an allow leaves out, it leaves out in either case; a block only as applied. */
		words = possible(translation, set, k, !meaning->allow);
		return (struct constraint){ words.count ? CONSTRAINT_OUT : CONSTRAINT_NONE, words };
	case USBGUARD_MATCH_ALL:
		return id ? match_all_id(translation, set, k, meaning)
			  : match_all_text(translation, set, k, meaning);
	case USBGUARD_ONE_OF:
		break;
	default:
		if (set->count > 1)
			return several(translation, set, k, meaning);
	}
	return in_or_never(possible(translation, set, k, meaning->allow));
}

static void apply_key(struct translation *translation, const struct usbguard_rule *rule, size_t k,
		      struct usbguard_meaning *meaning, struct region *region)
{
	const struct usbguard_set *set = &rule->sets[keys[k].attribute];
	struct constraint constraint;

	if (!set->given)
		return;
	constraint = constraint_of(translation, set, k, meaning);
	switch (constraint.kind) {
	case CONSTRAINT_NONE:
		return;
	case CONSTRAINT_IN:
		region_limit(&translation->space, region, keys[k].key, constraint.words);
		return;
	case CONSTRAINT_OUT:
		region_exclude(&translation->space, region, keys[k].key, constraint.words);
		return;
	case CONSTRAINT_NEVER:
		region->empty = true;
	}
}

/* The condition that makes the whole unknown, to say what is the matter with it. */
static const struct usbguard_condition *unknown_condition(const struct usbguard_rule *rule)
{
	for (size_t i = 0; i < rule->condition_count; i++)
		if (strcmp(rule->conditions[i].name, "true") != 0 &&
		    strcmp(rule->conditions[i].name, "false") != 0)
			return &rule->conditions[i];
	return &rule->conditions[0];
}

/* A condition that is not one of ours: an allow is left out, a block always holds. */
static bool apply_unknown(struct translation *translation, const struct usbguard_rule *rule,
			  struct usbguard_meaning *meaning)
{
	const struct usbguard_condition *condition = unknown_condition(rule);

	finding_add(translation->findings, meaning->allow ? DIAG_ERROR : DIAG_WARNING, "condition",
		    condition->at,
		    meaning->allow ? "allow it without the condition if that is meant; at-most, "
				     "orders and the policy's validity say what lasts how long"
				   : "remove the rule, or the condition",
		    "%s; we have no such condition: %s", usbguard_condition_note(condition->name),
		    meaning->allow ? "the rule is left out" : "here the rule refuses always");
	meaning->narrowed = true;
	return !meaning->allow;
}

static bool apply_conditions(struct translation *translation, const struct usbguard_rule *rule,
			     struct usbguard_meaning *meaning)
{
	enum truth truth = usbguard_conditions(translation, rule);

	meaning->once = truth == TRUTH_ONCE && meaning->allow;
	if (truth == TRUTH_UNKNOWN)
		return apply_unknown(translation, rule, meaning);
	return truth != TRUTH_FALSE;
}

void usbguard_meaning(struct translation *translation, const struct usbguard_rule *rule,
		      struct usbguard_meaning *meaning)
{
	struct region region = region_any();

	*meaning = (struct usbguard_meaning){
		.rule = rule,
		.allow = rule->target == USBGUARD_TARGET_ALLOW,
	};
	if (!apply_conditions(translation, rule, meaning))
		return;
	for (size_t k = 0; k < KEYS; k++)
		apply_key(translation, rule, k, meaning, &region);
	usbguard_connect(translation, &rule->sets[USBGUARD_CONNECT], meaning, &region);
	if (!region_settle(&region) && regions_add(&meaning->regions, &region))
		translation->no_memory = true;
	usbguard_interfaces(translation, &rule->sets[USBGUARD_INTERFACE], meaning);
	if (!meaning->once || (!meaning->narrowed && meaning->regions.count <= 1))
		return;
	finding_add(translation->findings, DIAG_ERROR, "condition", rule->conditions[0].at,
		    "count with at-most in a rule of its own",
		    "the devices that it counts cannot be said here: the rule is left out");
	regions_free(&meaning->regions);
}
