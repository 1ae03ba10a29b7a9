// SPDX-License-Identifier: GPL-2.0-or-later
/* if [OPERATOR] { [!]NAME[(PARAMETER)] ... } */
#include "policy/import/usbguard_scan.h"

#include <string.h>

#include "policy/lang/arena.h"

#define CONDITIONS_MAX 64

static const char *const known[] = {
	"localtime", "allowed-matches", "rule-applied", "rule-evaluated", "random", "true", "false",
};

static bool is_known(const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i], name) == 0)
			return true;
	return false;
}

/* The parameter ends at the first ')', as it does for USBGuard. */
static bool scan_parameter(struct scan *scan, struct usbguard_condition *condition)
{
	const char *from = scan->line + scan->at;
	const char *close = memchr(from, ')', scan->length - scan->at);

	if (!close)
		return scan_fail(scan, "add ')'", "the parameter does not end");
	if (close == from)
		return scan_fail(scan, "remove the parentheses, or write a parameter",
				 "the parameter is empty");
	condition->parameter = arena_text(scan->arena, from, (size_t)(close - from));
	scan->no_memory |= !condition->parameter;
	scan->at += (size_t)(close - from) + 1;
	return condition->parameter != NULL;
}

static bool scan_condition(struct scan *scan, struct usbguard_condition *condition)
{
	size_t start = scan->at;

	condition->negated = scan_take(scan, '!');
	condition->name = scan_word(scan);
	if (!is_known(condition->name)) {
		scan->at = start;
		return scan_fail(scan, NULL, "'%s' is no condition", condition->name);
	}
	if (scan_take(scan, '(') && !scan_parameter(scan, condition))
		return false;
	condition->at = scan_from(scan, start);
	return true;
}

static bool scan_condition_list(struct scan *scan, struct usbguard_rule *rule)
{
	bool apart = true;

	scan_blanks(scan);
	while (!scan_take(scan, '}')) {
		if (!scan_peek(scan))
			return scan_fail(scan, "add '}'", "the list does not end");
		if (!apart)
			return scan_fail(scan, NULL, "a blank is expected between conditions");
		if (rule->condition_count == CONDITIONS_MAX)
			return scan_fail(scan, NULL, "more than %d conditions", CONDITIONS_MAX);
		if (!scan_condition(scan, &rule->conditions[rule->condition_count++]))
			return false;
		apart = scan_blanks(scan);
	}
	return rule->condition_count > 0 || scan_fail(scan, NULL, "the list is empty");
}

bool scan_conditions(struct scan *scan, struct usbguard_rule *rule)
{
	bool named;

	if (rule->conditions)
		return scan_fail(scan, "put them into one list", "'if' stands twice");
	if (!scan_blanks(scan))
		return scan_fail(scan, NULL, "a blank is expected after 'if'");
	rule->conditions = scan_alloc(scan, CONDITIONS_MAX * sizeof(*rule->conditions));
	if (!rule->conditions)
		return false;
	named = scan_operator(scan, &rule->conditions_op);
	if (named && !scan_blanks(scan))
		return scan_fail(scan, NULL, "a blank is expected after the operator");
	if (scan_take(scan, '{'))
		return scan_condition_list(scan, rule);
	if (named)
		return scan_fail(scan, "write the conditions between { and }",
				 "the operator needs a list");
	rule->condition_count = 1;
	return scan_condition(scan, &rule->conditions[0]);
}
