// SPDX-License-Identifier: GPL-2.0-or-later
/* allow NAME: CONDITION, CONDITION ... */
#include "policy/lang/parse.h"

#include <stdio.h>
#include <string.h>

#include "policy/lang/scalar.h"

#define HELP_MAX  512
#define RULE_HELP "a rule is: allow NAME: CONDITION, CONDITION ..."
/* More conditions than attributes and operators make sense of. */
#define CONDITIONS_MAX 32

static bool check_name(struct parser *parser, const char *name, struct span at)
{
	struct value value = { 0 };

	if (*name != '\0' && scalar_read(VALUE_NAME, TOKEN_WORD, name, &value))
		return true;
	diag_error(parser->diags, at, schema_type_help(VALUE_NAME), "'%s' is not a name", name);
	return false;
}

/* The name and its colon, which may or may not touch it. */
static bool parse_name(struct parser *parser, struct statement *rule)
{
	struct token token = parser->now;
	bool colon;

	if (token.kind != TOKEN_WORD) {
		parser_expected(parser, "the rule's name", RULE_HELP);
		return false;
	}
	colon = token.text[token.length - 1] == ':';
	if (colon) {
		token.length--;
		token.at.length--;
	}
	if (token.length == 0) {
		diag_error(parser->diags, parser->now.at, RULE_HELP, "the rule has no name");
		return false;
	}
	rule->name_at = token.at;
	rule->name = parser_text(parser, &token);
	if (!rule->name || !check_name(parser, rule->name, token.at))
		return false;
	parser_advance(parser);
	if (colon)
		return true;
	if (!parser_is(parser, ":")) {
		parser_expected(parser, "':'", RULE_HELP);
		return false;
	}
	parser_advance(parser);
	return true;
}

static void unknown_condition(struct parser *parser)
{
	const struct schema_condition *condition = parser->block->conditions;
	struct suggestion nearest = suggest_begin(parser->now.text, parser->now.length);
	char help[HELP_MAX];

	for (; condition->name; condition++)
		suggest_offer(&nearest, condition->name);
	diag_error(parser->diags, parser->now.at, parser_help_word(&nearest, help, sizeof(help)),
		   "'%.*s' is not a condition of '%s'", (int)parser->now.length, parser->now.text,
		   parser->block->name);
}

static int find_operator(const struct parser *parser, const struct schema_condition *schema)
{
	for (enum schema_op op = OP_BARE + 1; op < OP_COUNT; op++)
		if ((schema->operators & OP_BIT(op)) && parser_is(parser, schema_operator_name(op)))
			return (int)op;
	return -1;
}

/* Says which operators there are, when the word is none of them. */
static void unknown_operator(struct parser *parser, const struct schema_condition *schema)
{
	struct suggestion nearest = suggest_begin(parser->now.text, parser->now.length);
	char help[HELP_MAX], list[HELP_MAX] = "";
	size_t length = 0;

	for (enum schema_op op = OP_BARE + 1; op < OP_COUNT; op++) {
		if (!(schema->operators & OP_BIT(op)))
			continue;
		suggest_offer(&nearest, schema_operator_name(op));
		length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s",
					   length ? ", " : "", schema_operator_name(op));
	}
	snprintf(help, sizeof(help), "after '%s' may stand: %s", schema->name, list);
	if (parser->now.kind == TOKEN_WORD && nearest.best)
		parser_help_word(&nearest, help, sizeof(help));
	parser_expected(parser, "an operator", help);
}

/* An operator of some other attribute, so that it is not taken for a value. */
static bool is_operator_word(const struct parser *parser)
{
	for (enum schema_op op = OP_BARE + 1; op < OP_COUNT; op++)
		if (parser_is(parser, schema_operator_name(op)))
			return true;
	return false;
}

static bool may_be_value(const struct parser *parser, const struct schema_condition *schema)
{
	const char *const *choices = schema->value.choices;

	if (!(schema->operators & OP_BIT(OP_BARE)))
		return false;
	if (parser->now.kind == TOKEN_LIST || parser->now.kind == TOKEN_REF)
		return schema->value.flags & SCHEMA_LIST;
	if (!is_operator_word(parser))
		return true;
	for (; choices && *choices; choices++)
		if (parser_is(parser, *choices))
			return true;
	return false;
}

static bool parse_operator(struct parser *parser, struct condition *condition)
{
	int op = find_operator(parser, condition->schema);

	if (op >= 0) {
		condition->op = (enum schema_op)op;
		parser_advance(parser);
		return true;
	}
	condition->op = OP_BARE;
	if (may_be_value(parser, condition->schema))
		return true;
	unknown_operator(parser, condition->schema);
	return false;
}

static bool takes_list(const struct condition *condition)
{
	switch (condition->op) {
	case OP_BARE:
		return condition->schema->value.flags & SCHEMA_LIST;
	case OP_IS:
	case OP_AT_MOST:
		return false;
	default:
		return true;
	}
}

static bool parse_presence(struct parser *parser, struct condition *condition)
{
	if (condition->op != OP_BARE || !(condition->schema->value.flags & SCHEMA_PRESENCE))
		return false;
	if (parser_is(parser, "absent"))
		condition->presence = CONDITION_ABSENT;
	else if (parser_is(parser, "present"))
		condition->presence = CONDITION_PRESENT;
	else
		return false;
	parser_advance(parser);
	return true;
}

static bool parse_operand(struct parser *parser, struct condition *condition)
{
	struct schema_arg arg = condition->schema->value;

	if (parse_presence(parser, condition))
		return true;
	if (takes_list(condition)) {
		if (condition->op == OP_EQUALS)
			arg.flags |= SCHEMA_REPEATS;
		if (parser->now.kind == TOKEN_REF || arg.type == VALUE_REF) {
			arg.type = VALUE_REF;
			return parse_value(parser, &arg, &condition->value);
		}
		if (parser->now.kind != TOKEN_LIST) {
			parser_expected(parser, "a list",
					"write [ ... ], or '@' and the name of a set");
			return false;
		}
		return parse_list(parser, &arg, &condition->value);
	}
	if (condition->op == OP_IS && condition->schema->words) {
		arg.type = VALUE_CHOICE;
		arg.choices = condition->schema->words;
	}
	return parse_value(parser, &arg, &condition->value);
}

static bool parse_condition(struct parser *parser, struct condition *condition)
{
	struct span start = parser->now.at;

	if (parser->now.kind != TOKEN_WORD) {
		parser_expected(parser, "a condition", RULE_HELP);
		return false;
	}
	condition->schema = schema_condition_find(parser->block->conditions, parser->now.text,
						  parser->now.length);
	if (!condition->schema) {
		unknown_condition(parser);
		return false;
	}
	parser_advance(parser);
	if (!parse_operator(parser, condition) || !parse_operand(parser, condition))
		return false;
	condition->at = span_join(start, parser->before);
	return true;
}

/* After an error: to the comma before the next condition, or to the end of the statement. */
static void skip_condition(struct parser *parser)
{
	while (!parser->runaway && !(parser->now.kind == TOKEN_COMMA && parser->depth == 0)) {
		if (parser->now.kind == TOKEN_END || parser->now.kind == TOKEN_CLOSE)
			return;
		if (parser->now.kind == TOKEN_NEWLINE) {
			parser_skip_line(parser);
			return;
		}
		parser_advance(parser);
	}
}

static void check_condition(struct parser *parser, const struct statement *rule,
			    const struct condition *condition)
{
	const struct schema_condition *schema = condition->schema;

	if ((schema->value.flags & SCHEMA_ALLOW) && strcmp(rule->schema->keyword, "allow") != 0)
		diag_error(parser->diags, condition->at,
			   "remove it: a forbid holds for all that it matches",
			   "'%s' has no meaning in a forbid", schema->name);
	for (size_t i = 0; i < rule->condition_count; i++) {
		const struct condition *other = &rule->conditions[i];

		if (other->schema != schema || other->op != condition->op)
			continue;
		diag_error(parser->diags, condition->at, "put both into one list, or remove one",
			   "'%s%s%s' stands twice in rule '%s'", schema->name,
			   condition->op == OP_BARE ? "" : " ", schema_operator_name(condition->op),
			   rule->name);
		return;
	}
}

/* A rule that says only how, or nothing, would match everything. */
static void check_subject(struct parser *parser, const struct statement *rule)
{
	for (size_t i = 0; i < rule->condition_count; i++)
		if (!(rule->conditions[i].schema->value.flags & SCHEMA_QUALIFIER))
			return;
	diag_error(parser->diags, rule->name_at, "add a condition", "rule '%s' matches everything",
		   rule->name);
}

static bool parse_conditions(struct parser *parser, struct statement *rule)
{
	struct condition conditions[CONDITIONS_MAX] = { 0 };
	bool good = true;

	rule->conditions = conditions;
	for (;;) {
		struct condition *condition = &conditions[rule->condition_count];

		if (parse_condition(parser, condition)) {
			check_condition(parser, rule, condition);
			rule->condition_count++;
		} else {
			*condition = (struct condition){ 0 };
			skip_condition(parser);
			good = false;
		}
		if (parser->now.kind != TOKEN_COMMA)
			break;
		if (rule->condition_count == CONDITIONS_MAX) {
			diag_error(parser->diags, parser->now.at, NULL, "more than %d conditions",
				   CONDITIONS_MAX);
			good = false;
			break;
		}
		parser_advance(parser);
	}
	rule->conditions = parser_alloc(parser, rule->condition_count * sizeof(conditions[0]) + 1);
	if (!rule->conditions) {
		rule->condition_count = 0;
		return false;
	}
	memcpy(rule->conditions, conditions, rule->condition_count * sizeof(conditions[0]));
	if (good)
		check_subject(parser, rule);
	return good;
}

bool parse_rule(struct parser *parser, struct statement *rule)
{
	if (++parser->rules > DOCUMENT_RULES_MAX) {
		if (parser->rules == DOCUMENT_RULES_MAX + 1)
			diag_error(parser->diags, rule->at, NULL, "more than %d rules",
				   DOCUMENT_RULES_MAX);
		parser_skip_line(parser);
		return true;
	}
	return parse_name(parser, rule) && parse_conditions(parser, rule);
}
