// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/net_rules.h"
#include "policy/decide/transfer_rules.h"
#include "policy/decide/usb_rules.h"
#include "policy/lang/check.h"
#include "policy/lang/parse.h"
#include "policy/table/table.h"

/* One for each word that statement 'table' takes. */
#define TABLES_MAX TABLE_KIND_COUNT

struct failure {
	enum policy_action action;
	const char *notify;
};

struct policy {
	struct document *document;
	struct usb_rules usb;
	struct net_rules net;
	struct transfer_rules transfer;
	const char *id;
	uint64_t serial;
	enum policy_class class;
	enum policy_mode mode;
	uint64_t monitor_limit;
	int64_t valid_from;
	int64_t valid_until;
	uint64_t runtime_limit;
	const char *unit;
	const char *level;
	const struct value *terminals; /* a list, or NULL for those registered */
	struct policy_person *people;
	size_t person_count;
	struct policy_table tables[TABLES_MAX];
	size_t table_count;
	struct failure failures[POLICY_FAILURE_COUNT];
};

static const char *const failure_names[POLICY_FAILURE_COUNT] = {
	[POLICY_FAILURE_NO_POLICY] = "no-policy",
	[POLICY_FAILURE_EXPIRED] = "expired",
	[POLICY_FAILURE_CLOCK_SUSPECT] = "clock-suspect",
	[POLICY_FAILURE_TAMPER] = "tamper",
};

static const struct value *find_value(const struct policy *policy, const char *block,
				      const char *keyword, const char *name)
{
	const struct block *found = document_block(policy->document, block);

	return statement_value(document_statement(found, keyword, NULL), name);
}

static bool is_word(const struct policy *policy, const char *keyword, const char *word)
{
	const char *text = document_text(policy->document, "policy", keyword, keyword);

	return text && strcmp(text, word) == 0;
}

static void read_policy(struct policy *policy)
{
	const struct document *document = policy->document;
	const struct value *dates = find_value(policy, "policy", "valid", "dates");

	policy->id = document_text(document, "policy", "id", "id");
	policy->serial = document_number(document, "policy", "serial", "serial", 0);
	policy->class = is_word(policy, "class", "emergency") ? POLICY_CLASS_EMERGENCY
							      : POLICY_CLASS_NORMAL;
	policy->mode =
		is_word(policy, "mode", "monitor") ? POLICY_MODE_MONITOR : POLICY_MODE_ENFORCE;
	policy->monitor_limit = document_number(document, "policy", "mode", "at-most", 0);
	policy->runtime_limit = document_number(document, "policy", "runtime", "at-most", 0);
	policy->valid_from = dates->dates.from;
	policy->valid_until = dates->dates.to;
}

static void read_scope(struct policy *policy)
{
	const struct value *terminals = find_value(policy, "scope", "terminals", "terminals");

	policy->unit = document_text(policy->document, "scope", "unit", "unit");
	policy->level = document_text(policy->document, "scope", "level", "level");
	policy->terminals = terminals->type == VALUE_LIST ? terminals : NULL;
}

static enum policy_role role_of(const struct statement *statement)
{
	static const char *const roles[] = {
		[POLICY_ROLE_LEAD] = "lead",
		[POLICY_ROLE_DIRECT] = "direct",
		[POLICY_ROLE_OFFICER] = "officer",
	};

	for (unsigned int i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(roles[i], statement->schema->keyword) == 0)
			return (enum policy_role)i;
	return POLICY_ROLE_AUDITOR;
}

static int read_people(struct policy *policy)
{
	const struct block *block = document_block(policy->document, "people");
	size_t count = 0;

	for (const struct statement *it = block ? block->first : NULL; it; it = it->next)
		count++;
	policy->people = calloc(count + 1, sizeof(*policy->people));
	if (!policy->people)
		return -ENOMEM;
	for (const struct statement *it = block ? block->first : NULL; it; it = it->next)
		policy->people[policy->person_count++] = (struct policy_person){
			.role = role_of(it),
			.name = statement_text(it, "name"),
			.key = statement_text(it, "key"),
			.duty = statement_text(it, "duty"),
			.login = statement_text(it, "login"),
		};
	return 0;
}

static void read_failures(struct policy *policy)
{
	for (size_t i = 0; i < POLICY_FAILURE_COUNT; i++) {
		const char *name = failure_names[i];
		const char *action = document_text(policy->document, "failure", name, "action");

		policy->failures[i].notify =
			document_text(policy->document, "failure", name, "notify");
		policy->failures[i].action = action && strcmp(action, "restrict") == 0
						     ? POLICY_ACTION_RESTRICT
						     : POLICY_ACTION_LOCKDOWN;
	}
}

static void read_need(const struct value *pairs, struct policy_need *need)
{
	for (uint32_t i = 0; i + 1 < pairs->list.count; i += 2) {
		const struct value *pair = &pairs->list.items[i];

		need->duty[pair[0].number] = (uint32_t)pair[1].number;
	}
}

static void read_tables(struct policy *policy)
{
	for (const struct block *block = policy->document->first; block; block = block->next)
		for (const struct statement *it = document_statement(block, "table", NULL); it;
		     it = document_statement(block, "table", it)) {
			const struct value *withdraw = statement_value(it, "withdraw");
			struct policy_table *table = &policy->tables[policy->table_count];

			/* The check has seen to it that each name stands once. */
			if (policy->table_count == TABLES_MAX)
				return;
			policy->table_count++;
			*table = (struct policy_table){ .name = statement_text(it, "name"),
							.line = it->at.line };
			read_need(statement_value(it, "signed"), &table->add);
			table->withdraw = table->add;
			if (withdraw) {
				table->withdraw = (struct policy_need){ 0 };
				read_need(withdraw, &table->withdraw);
			}
		}
}

static int policy_build(struct document *document, struct policy **policy)
{
	struct policy *built = calloc(1, sizeof(*built));
	int ret;

	if (!built)
		return -ENOMEM;
	built->document = document;
	read_policy(built);
	read_scope(built);
	read_failures(built);
	read_tables(built);
	ret = read_people(built);
	if (!ret)
		ret = usb_rules_compile(document, &built->usb);
	if (!ret)
		ret = net_rules_compile(document, &built->net);
	if (!ret)
		ret = transfer_rules_compile(document, &built->transfer);
	if (ret) {
		built->document = NULL;
		policy_free(built);
		return ret;
	}
	*policy = built;
	return 0;
}

int policy_parse(const char *text, size_t length, struct diag_list *diags, struct policy **policy)
{
	struct diag_list own = DIAG_LIST_INIT;
	struct diag_list *list = diags ? diags : &own;
	size_t errors = list->errors;
	struct document *document = NULL;
	int ret;

	*policy = NULL;
	ret = document_read("airgap-policy", text, length, list, &document);
	if (!ret && document)
		ret = policy_check(document, list);
	if (!ret && list->errors > errors)
		ret = -EINVAL;
	if (!ret)
		ret = policy_build(document, policy);
	if (ret)
		document_free(document);
	diag_list_free(&own);
	return ret;
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	usb_rules_clear(&policy->usb);
	net_rules_clear(&policy->net);
	transfer_rules_clear(&policy->transfer);
	document_free(policy->document);
	free(policy->people);
	free(policy);
}

const char *policy_id(const struct policy *policy)
{
	return policy->id;
}

uint64_t policy_serial(const struct policy *policy)
{
	return policy->serial;
}

enum policy_class policy_class(const struct policy *policy)
{
	return policy->class;
}

enum policy_mode policy_mode(const struct policy *policy)
{
	return policy->mode;
}

uint64_t policy_monitor_limit(const struct policy *policy)
{
	return policy->monitor_limit;
}

int64_t policy_valid_from(const struct policy *policy)
{
	return policy->valid_from;
}

int64_t policy_valid_until(const struct policy *policy)
{
	return policy->valid_until;
}

uint64_t policy_runtime_limit(const struct policy *policy)
{
	return policy->runtime_limit;
}

const char *policy_unit(const struct policy *policy)
{
	return policy->unit;
}

const char *policy_level(const struct policy *policy)
{
	return policy->level;
}

size_t policy_terminal_count(const struct policy *policy)
{
	return policy->terminals ? policy->terminals->list.count : 0;
}

const char *policy_terminal(const struct policy *policy, size_t i)
{
	return i < policy_terminal_count(policy) ? policy->terminals->list.items[i].text : NULL;
}

static enum policy_scope match_registered(const struct table *terminals, const char *number,
					  const char *level)
{
	struct table_terminal row;

	if (!terminals)
		return POLICY_SCOPE_REGISTER;
	if (!table_terminal_find(terminals, number, &row))
		return POLICY_SCOPE_UNREGISTERED;
	if (row.status != TABLE_STATUS_ACTIVE)
		return POLICY_SCOPE_WITHDRAWN;
	return strcmp(row.level, level) == 0 ? POLICY_SCOPE_THIS : POLICY_SCOPE_REGISTERED_LEVEL;
}

enum policy_scope policy_scope_match(const struct policy *policy, const char *number,
				     const char *unit, const char *level,
				     const struct table *terminals)
{
	if (strcmp(policy->unit, unit) != 0)
		return POLICY_SCOPE_UNIT;
	if (strcmp(policy->level, level) != 0)
		return POLICY_SCOPE_LEVEL;
	if (!policy->terminals)
		return match_registered(terminals, number, level);
	for (size_t i = 0; i < policy_terminal_count(policy); i++)
		if (strcmp(policy_terminal(policy, i), number) == 0)
			return POLICY_SCOPE_THIS;
	return POLICY_SCOPE_TERMINAL;
}

size_t policy_table_count(const struct policy *policy)
{
	return policy->table_count;
}

const struct policy_table *policy_table(const struct policy *policy, size_t i)
{
	return i < policy->table_count ? &policy->tables[i] : NULL;
}

const struct policy_table *policy_table_named(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->table_count; i++)
		if (strcmp(policy->tables[i].name, name) == 0)
			return &policy->tables[i];
	return NULL;
}

const struct policy_person *policy_people(const struct policy *policy, size_t *count)
{
	*count = policy->person_count;
	return policy->people;
}

enum policy_action policy_failure_action(const struct policy *policy, enum policy_failure failure)
{
	return failure < POLICY_FAILURE_COUNT ? policy->failures[failure].action
					      : POLICY_ACTION_LOCKDOWN;
}

const char *policy_failure_notify(const struct policy *policy, enum policy_failure failure)
{
	return failure < POLICY_FAILURE_COUNT ? policy->failures[failure].notify : NULL;
}

const char *policy_failure_name(enum policy_failure failure)
{
	return failure < POLICY_FAILURE_COUNT ? failure_names[failure] : "unknown";
}

const struct document *policy_document(const struct policy *policy)
{
	return policy->document;
}

const struct usb_rules *policy_usb_rules(const struct policy *policy)
{
	return &policy->usb;
}

const struct net_rules *policy_net_rules(const struct policy *policy)
{
	return &policy->net;
}

const struct transfer_rules *policy_transfer_rules(const struct policy *policy)
{
	return &policy->transfer;
}
