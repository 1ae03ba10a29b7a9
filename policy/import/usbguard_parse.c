// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines to rules. */
#include "policy/import/usbguard_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/arena.h"

#define VALUES_MAX 4096

static const char *const target_names[USBGUARD_TARGET_COUNT] = {
	[USBGUARD_TARGET_ALLOW] = "allow",   [USBGUARD_TARGET_BLOCK] = "block",
	[USBGUARD_TARGET_REJECT] = "reject", [USBGUARD_TARGET_MATCH] = "match",
	[USBGUARD_TARGET_DEVICE] = "device",
};

static const char *const attribute_names[USBGUARD_ATTRIBUTE_COUNT] = {
	[USBGUARD_ID] = "id",
	[USBGUARD_NAME] = "name",
	[USBGUARD_SERIAL] = "serial",
	[USBGUARD_HASH] = "hash",
	[USBGUARD_PARENT_HASH] = "parent-hash",
	[USBGUARD_PORT] = "via-port",
	[USBGUARD_INTERFACE] = "with-interface",
	[USBGUARD_CONNECT] = "with-connect-type",
	[USBGUARD_LABEL] = "label",
};

static const char *const op_names[USBGUARD_OP_COUNT] = {
	[USBGUARD_EQUALS] = "equals",	[USBGUARD_EQUALS_ORDERED] = "equals-ordered",
	[USBGUARD_ALL_OF] = "all-of",	[USBGUARD_ONE_OF] = "one-of",
	[USBGUARD_NONE_OF] = "none-of", [USBGUARD_MATCH_ALL] = "match-all",
};

const char *usbguard_attribute_name(enum usbguard_attribute attribute)
{
	return attribute_names[attribute];
}

const char *usbguard_op_name(enum usbguard_op op)
{
	return op_names[op];
}

static int find_word(const char *const *names, int count, const char *word)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

bool scan_operator(struct scan *scan, enum usbguard_op *op)
{
	size_t start = scan->at;
	int found = find_word(op_names, USBGUARD_OP_COUNT, scan_word(scan));

	*op = found < 0 ? USBGUARD_EQUALS : (enum usbguard_op)found;
	if (found < 0)
		scan->at = start;
	return found >= 0;
}

static bool add_value(struct scan *scan, enum usbguard_attribute attribute,
		      struct usbguard_set *set)
{
	struct usbguard_value *values;

	if (set->count == VALUES_MAX)
		return scan_fail(scan, "split the rule", "more than %d values", VALUES_MAX);
	if ((set->count & (set->count - 1)) == 0) {
		values = scan_alloc(scan, 2 * (set->count + 1) * sizeof(*values));
		if (!values)
			return false;
		if (set->count)
			memcpy(values, set->values, set->count * sizeof(*values));
		set->values = values;
	}
	return scan_value(scan, attribute, &set->values[set->count++]);
}

static bool scan_list(struct scan *scan, enum usbguard_attribute attribute,
		      struct usbguard_set *set)
{
	bool apart = true;

	scan_blanks(scan);
	while (!scan_take(scan, '}')) {
		if (!scan_peek(scan))
			return scan_fail(scan, "add '}'", "the list does not end");
		if (!apart)
			return scan_fail(scan, NULL, "a blank is expected between values");
		if (!add_value(scan, attribute, set))
			return false;
		apart = scan_blanks(scan);
	}
	return set->count > 0 ||
	       scan_fail(scan, "remove the attribute, or list values", "the list is empty");
}

bool scan_set(struct scan *scan, enum usbguard_attribute attribute, struct usbguard_set *set)
{
	bool named;

	set->given = true;
	named = scan_operator(scan, &set->op);
	if (named && !scan_blanks(scan))
		return scan_fail(scan, NULL, "a blank is expected after '%s'", op_names[set->op]);
	if (scan_take(scan, '{'))
		return scan_list(scan, attribute, set);
	if (named)
		return scan_fail(scan, "write the values between { and }", "'%s' needs a list",
				 op_names[set->op]);
	return add_value(scan, attribute, set);
}

static bool scan_named(struct scan *scan, struct usbguard_rule *rule, size_t start)
{
	const char *word = scan_word(scan);
	int attribute = find_word(attribute_names, USBGUARD_ATTRIBUTE_COUNT, word);
	struct usbguard_set *set;
	bool good;

	if (strcmp(word, "if") == 0)
		return scan_conditions(scan, rule);
	if (attribute < 0) {
		scan->at = start;
		return scan_fail(scan, NULL, "'%s' is no attribute of a rule", word);
	}
	if (!scan_blanks(scan))
		return scan_fail(scan, NULL, "a blank is expected after '%s'", word);
	set = &rule->sets[attribute];
	/* Labels may stand several times; they decide nothing. */
	if (set->given && attribute != USBGUARD_LABEL) {
		scan->at = start;
		return scan_fail(scan, "put the values into one list", "'%s' stands twice", word);
	}
	good = scan_set(scan, (enum usbguard_attribute)attribute, set);
	set->at = scan_from(scan, start);
	return good;
}

/* An id at the very beginning needs no name. */
static bool scan_bare_id(struct scan *scan, struct usbguard_rule *rule)
{
	size_t start = scan->at;
	const char *word = scan_word(scan);

	scan->at = start;
	if (!strchr(word, ':'))
		return false;
	rule->sets[USBGUARD_ID].given = true;
	return true;
}

bool scan_attributes(struct scan *scan, struct usbguard_rule *rule)
{
	struct usbguard_set *id = &rule->sets[USBGUARD_ID];
	size_t start = scan->at;

	if (scan_bare_id(scan, rule)) {
		if (!add_value(scan, USBGUARD_ID, id))
			return false;
		id->at = scan_from(scan, start);
		if (scan_peek(scan) && !scan_blanks(scan))
			return scan_fail(scan, NULL, "a blank is expected between attributes");
	}
	while (scan_peek(scan)) {
		if (!scan_named(scan, rule, scan->at))
			return false;
		if (!scan_blanks(scan) && scan_peek(scan))
			return scan_fail(scan, NULL, "a blank is expected between attributes");
	}
	return true;
}

static bool parse_line(struct scan *scan, struct usbguard_rule *rule)
{
	const char *word;
	int target;

	rule->source = scan->line + scan->at;
	rule->source_length = scan->length - scan->at;
	word = scan_word(scan);
	target = find_word(target_names, USBGUARD_TARGET_COUNT, word);
	if (target < 0) {
		scan->at -= strlen(word);
		return scan_fail(scan, "a rule begins with allow, block or reject",
				 "'%s' is no target of a rule", word);
	}
	rule->target = (enum usbguard_target)target;
	rule->at = scan_from(scan, scan->at - strlen(word));
	if (scan_peek(scan) && !scan_blanks(scan))
		return scan_fail(scan, NULL, "a blank is expected after '%s'", word);
	return scan_attributes(scan, rule);
}

bool usbguard_parse_query(struct arena *arena, const char *text, struct usbguard_rule *rule)
{
	struct scan scan = { .arena = arena, .line = text, .length = strlen(text), .number = 1 };

	*rule = (struct usbguard_rule){ .source = text };
	scan_blanks(&scan);
	return scan_attributes(&scan, rule) && !scan.no_memory;
}

static int parse_lines(struct scan *scan, const char *text, size_t length,
		       struct usbguard_file *file)
{
	struct usbguard_rule **end = &file->rules;

	for (size_t start = 0; start < length;) {
		const char *newline = memchr(text + start, '\n', length - start);

		scan->line = text + start;
		scan->length = newline ? (size_t)(newline - scan->line) : length - start;
		scan->offset = (uint32_t)start;
		scan->at = 0;
		scan->number++;
		start += scan->length + 1;
		scan_blanks(scan);
		if (!scan_peek(scan))
			continue;
		if (file->rule_count++ == USBGUARD_RULES_MAX) {
			scan_fail(scan, "split the file", "more than %d rules", USBGUARD_RULES_MAX);
			return -EINVAL;
		}
		*end = scan_alloc(scan, sizeof(**end));
		if (!*end)
			return -ENOMEM;
		/* After an error the next line is read all the same. */
		parse_line(scan, *end);
		end = &(*end)->next;
	}
	return 0;
}

int usbguard_parse(const char *text, size_t length, struct finding_list *findings,
		   struct usbguard_file **file)
{
	struct usbguard_file *new = calloc(1, sizeof(*new));
	struct scan scan = { .findings = findings };
	size_t errors = findings->errors;
	int ret = -ENOMEM;

	*file = NULL;
	if (!new)
		return ret;
	new->arena = scan.arena = arena_new();
	scan.line = text;
	if (new->arena && length > USBGUARD_TEXT_MAX) {
		scan_fail(&scan, "split the file", "the file has more than %d bytes",
			  USBGUARD_TEXT_MAX);
		ret = -EINVAL;
	} else if (new->arena) {
		ret = parse_lines(&scan, text, length, new);
	}
	if (!ret)
		ret = scan.no_memory ? -ENOMEM : findings->errors > errors ? -EINVAL : 0;
	if (ret)
		usbguard_free(new);
	else
		*file = new;
	return ret;
}

void usbguard_free(struct usbguard_file *file)
{
	if (!file)
		return;
	arena_free(file->arena);
	free(file);
}
