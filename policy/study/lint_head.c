// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands outside the rules: names, dates, people. */
#include "policy/study/lint_run.h"

#include <string.h>

#include "policy/lang/policy.h"

#define SOON_DAYS 30
#define DAY	  86400

static bool rule_refers(const struct statement *rule, const char *name)
{
	for (size_t i = 0; i < rule->condition_count; i++)
		if (rule->conditions[i].value.type == VALUE_REF &&
		    strcmp(rule->conditions[i].value.text, name) == 0)
			return true;
	return false;
}

static bool is_registered(const struct statement *it)
{
	const char *text = statement_text(it, "terminals");

	for (size_t i = 0; i < it->condition_count; i++)
		if (it->conditions[i].op == OP_IS && it->conditions[i].schema->words)
			return true;
	return text && strcmp(text, "registered") == 0;
}

static bool is_used(const struct lint *lint, const char *name, bool table)
{
	for (const struct block *block = lint->document->first; block; block = block->next)
		for (const struct statement *it = block->first; it && block->schema;
		     it = it->next) {
			if (rule_refers(it, name))
				return true;
			if (table && strcmp(name, "terminals") == 0 && is_registered(it))
				return true;
		}
	return false;
}

void lint_unused(struct lint *lint)
{
	for (const struct block *block = lint->document->first; block; block = block->next)
		for (const struct statement *it = block->first; it && !block->schema;
		     it = it->next) {
			const struct value *name = statement_value(it, "name");
			bool table = strcmp(it->schema->keyword, "table") == 0;

			if (name && !is_used(lint, name->text, table))
				lint_say(lint, "unused", name->at, "use it in a rule, or remove it",
					 "%s '%s' is not used", it->schema->keyword, name->text);
		}
}

void lint_validity(struct lint *lint)
{
	const struct statement *valid =
		document_statement(document_block(lint->document, "policy"), "valid", NULL);
	const struct value *dates = statement_value(valid, "dates");
	int64_t left = policy_valid_until(lint->policy) - lint->context->today;

	if (!dates)
		return;
	if (left < 0)
		lint_say(lint, "expired", dates->at, "write new dates and raise the serial number",
			 "the policy is no longer valid");
	else if (left < (int64_t)SOON_DAYS * DAY)
		lint_say(lint, "expires-soon", dates->at, "prepare the next edition",
			 "the policy ends in %lld days", (long long)(left / DAY));
}

static const struct span *duty_span(const struct lint *lint, const char *duty)
{
	const struct block *block = document_block(lint->document, "people");

	for (const struct statement *it = block ? block->first : NULL; it; it = it->next) {
		const char *text = statement_text(it, "duty");

		if (text && strcmp(text, duty) == 0)
			return &it->at;
	}
	return NULL;
}

static void check_duty(struct lint *lint, const struct block *block, const char *duty,
		       const char *help)
{
	if (!duty_span(lint, duty))
		lint_say(lint, "no-people", block->at, help, "nobody has the duty '%s'", duty);
}

/* One name at two statements that should be two people. */
static void check_names(struct lint *lint, const struct block *block)
{
	for (const struct statement *it = block->first; it; it = it->next)
		for (const struct statement *other = block->first; other != it;
		     other = other->next) {
			const struct value *name = statement_value(it, "name");
			const char *earlier = statement_text(other, "name");
			const char *duty = statement_text(it, "duty");
			const char *before = statement_text(other, "duty");
			bool officer = statement_text(it, "key") && statement_text(other, "key");

			if (!name || !earlier || !officer || strcmp(name->text, earlier) != 0 ||
			    (duty && before && strcmp(duty, before) == 0))
				continue;
			lint_say(lint, "one-person", name->at, "name a second person",
				 "'%s' is also the %s of line %u: one person would sign for two",
				 name->text, other->schema->keyword, other->at.line);
			break;
		}
}

void lint_people(struct lint *lint)
{
	const struct block *block = document_block(lint->document, "people");
	const struct block *scope = document_block(lint->document, "scope");

	if (!block) {
		lint_say(lint, "no-people", scope->at, "add a block 'people'",
			 "nobody is named who answers for these terminals");
		return;
	}
	check_duty(lint, block, "security", "add an officer with duty security");
	check_duty(lint, block, "approval", "add an officer with duty approval");
	check_names(lint, block);
}

void lint_monitor(struct lint *lint)
{
	const struct statement *mode =
		document_statement(document_block(lint->document, "policy"), "mode", NULL);

	if (mode && policy_mode(lint->policy) == POLICY_MODE_MONITOR)
		lint_say(lint, "monitor", mode->at,
			 "write 'mode enforce' when you have seen enough",
			 "while this mode lasts nothing is refused, only recorded");
}

void lint_placeholder(struct lint *lint)
{
	const struct statement *unit =
		document_statement(document_block(lint->document, "scope"), "unit", NULL);
	const struct value *text = statement_value(unit, "unit");

	if (text && strcmp(text->text, "?") == 0)
		lint_say(lint, "placeholder", text->at, "fill in unit, terminals and level",
			 "the policy is for no terminal yet");
}
