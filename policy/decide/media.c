// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Media are few, and each is decided once: the rules are read from the document as they stand.
 *
 * Order of the questions: what no rule can permit, then what forbids refuse, then what allows give.
 */
#include "policy/decide/media.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/decide/context.h"
#include "policy/decide/explain.h"
#include "policy/decide/transfer.h"
#include "policy/lang/document.h"
#include "policy/lang/policy.h"
#include "policy/table/table.h"

/* What the rules are asked about. */
struct media_case {
	const struct policy *policy;
	const struct policy_context *context;
	const struct media_facts *facts;
	bool in_table; /* of a registered one */
	struct table_media row;
};

static const struct policy_context no_context;

const char *media_filesystem_name(uint32_t filesystem)
{
	static const char *const names[MEDIA_FILESYSTEM_COUNT] = {
		[MEDIA_FILESYSTEM_VFAT] = "vfat", [MEDIA_FILESYSTEM_EXFAT] = "exfat",
		[MEDIA_FILESYSTEM_EXT4] = "ext4", [MEDIA_FILESYSTEM_ISO9660] = "iso9660",
		[MEDIA_FILESYSTEM_NONE] = "none",
	};

	return filesystem < MEDIA_FILESYSTEM_COUNT ? names[filesystem] : "unknown";
}

static struct media_case media_case(const struct policy *policy,
				    const struct policy_context *context,
				    const struct media_facts *facts)
{
	struct media_case it = { .policy = policy,
				 .context = context ? context : &no_context,
				 .facts = facts };

	it.in_table = facts->kind == MEDIA_KIND_REGISTERED && it.context->media &&
		      table_media_find_id(it.context->media, facts->id, &it.row);
	return it;
}

/* Its row is this unit's, active, and not past its end. */
static enum explain_outcome test_medium(const struct media_case *it)
{
	if (it->facts->kind != MEDIA_KIND_REGISTERED)
		return EXPLAIN_FALSE;
	if (!it->context->media)
		return EXPLAIN_MISSING;
	if (!it->in_table || it->row.status != TABLE_STATUS_ACTIVE ||
	    (it->row.unit && strcmp(it->row.unit, policy_unit(it->policy)) != 0))
		return EXPLAIN_FALSE;
	if (it->row.until == INT64_MAX)
		return EXPLAIN_TRUE;
	if (it->context->today <= 0)
		return EXPLAIN_MISSING;
	return it->context->today <= it->row.until ? EXPLAIN_TRUE : EXPLAIN_FALSE;
}

/* -1: lower, 0: the same, 1: higher; false: nobody can say. */
static bool compare_levels(const struct media_case *it, const char *a, const char *b, int *order)
{
	int first = policy_levels_rank(&it->context->levels, a);
	int second = policy_levels_rank(&it->context->levels, b);

	*order = 0;
	if (strcmp(a, b) == 0)
		return true;
	*order = first < second ? -1 : 1;
	return first >= 0 && second >= 0;
}

static enum explain_outcome test_level(const struct media_case *it,
				       const struct condition *condition)
{
	const char *wanted = condition->value.text;
	int order;

	if (!it->in_table)
		return EXPLAIN_MISSING;
	if (strcmp(wanted, "terminal") == 0)
		wanted = policy_level(it->policy);
	if (!compare_levels(it, it->row.level, wanted, &order))
		return condition->op == OP_IS ? EXPLAIN_FALSE : EXPLAIN_MISSING;
	return order == 0 || (condition->op == OP_AT_MOST && order < 0) ? EXPLAIN_TRUE
									: EXPLAIN_FALSE;
}

static bool holds(const struct media_case *it, const struct condition *condition, bool allow)
{
	const char *name = condition->schema->name;
	enum explain_outcome outcome = EXPLAIN_TRUE;

	if (strcmp(name, "medium") == 0)
		outcome = test_medium(it);
	else if (strcmp(name, "level") == 0)
		outcome = test_level(it, condition);
	else if (strcmp(name, "sealed") == 0)
		outcome = (condition->value.number == 1) == (it->facts->sealed == 1)
				  ? EXPLAIN_TRUE
				  : EXPLAIN_FALSE;
	return outcome == EXPLAIN_TRUE || (outcome == EXPLAIN_MISSING && !allow);
}

static bool matches(const struct media_case *it, const struct statement *rule, bool allow)
{
	for (size_t i = 0; i < rule->condition_count; i++)
		if (!holds(it, &rule->conditions[i], allow))
			return false;
	return true;
}

static const struct condition *find_condition(const struct statement *rule, const char *name)
{
	for (size_t i = 0; i < rule->condition_count; i++)
		if (strcmp(rule->conditions[i].schema->name, name) == 0)
			return &rule->conditions[i];
	return NULL;
}

static bool is_among(const struct value *value, const char *word)
{
	if (value->type != VALUE_LIST)
		return value->text && strcmp(value->text, word) == 0;
	for (uint32_t i = 0; i < value->list.count; i++)
		if (value->list.items[i].text && strcmp(value->list.items[i].text, word) == 0)
			return true;
	return false;
}

/* An allow that says nothing of it lets read. */
static enum media_right right_of(const struct statement *rule)
{
	const struct condition *to = find_condition(rule, "to");

	return to && is_among(&to->value, "write") ? MEDIA_RIGHT_WRITE : MEDIA_RIGHT_READ;
}

static void builtin(struct media_verdict *verdict, const char *rule, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void builtin(struct media_verdict *verdict, const char *rule, const char *format, ...)
{
	va_list args;

	verdict->verdict.cause = POLICY_CAUSE_BUILTIN;
	snprintf(verdict->verdict.rule, sizeof(verdict->verdict.rule), "%s", rule);
	va_start(args, format);
	vsnprintf(verdict->verdict.because, sizeof(verdict->verdict.because), format, args);
	va_end(args);
}

static bool refuse_filesystem(const struct media_case *it, const struct block *block,
			      struct media_verdict *verdict)
{
	const struct statement *listed = document_statement(block, "filesystems", NULL);
	const char *name = media_filesystem_name(it->facts->filesystem);

	if (it->facts->filesystem >= MEDIA_FILESYSTEM_NONE)
		builtin(verdict, "filesystem", "it has no file system that is mounted here");
	else if (it->facts->kind == MEDIA_KIND_FOREIGN &&
		 it->facts->filesystem == MEDIA_FILESYSTEM_EXT4)
		builtin(verdict, "filesystem", "ext4 is mounted from registered media only");
	else if (listed && !is_among(&listed->args[0], name))
		builtin(verdict, "filesystem", "the policy does not list file system %s", name);
	else
		return false;
	return true;
}

/* Terminal at least as high as medium, whatever rules say. */
static bool refuse_level(const struct media_case *it, struct media_verdict *verdict)
{
	const char *own = policy_level(it->policy);
	int order;

	if (!it->in_table)
		return false;
	if (!compare_levels(it, it->row.level, own, &order))
		builtin(verdict, "levels",
			"the signers' list does not order its level, %.60s, and this terminal's, "
			"%.60s",
			it->row.level, own);
	else if (order > 0)
		builtin(verdict, MEDIA_RULE_LEVEL,
			"its level, %.60s, is above this terminal's, %.60s", it->row.level, own);
	else
		return false;
	return true;
}

static bool refuse_builtin(const struct media_case *it, const struct block *block,
			   struct media_verdict *verdict)
{
	if (!block) {
		verdict->verdict.cause = POLICY_CAUSE_DEFAULT;
		snprintf(verdict->verdict.because, sizeof(verdict->verdict.because),
			 "the policy has no block media, so no medium may be used");
		return true;
	}
	if (refuse_level(it, verdict) || refuse_filesystem(it, block, verdict))
		return true;
	if (it->facts->kind != MEDIA_KIND_FOREIGN || policy_transfer_foreign(it->policy))
		return false;
	builtin(verdict, "foreign", "no rule lets files in from a medium that is not registered");
	return true;
}

static void decide_by(struct media_verdict *verdict, const struct statement *rule,
		      enum policy_cause cause, const char *otherwise)
{
	const struct condition *because = find_condition(rule, "because");

	verdict->verdict.cause = cause;
	verdict->verdict.line = rule->at.line;
	verdict->verdict.column = rule->at.column;
	snprintf(verdict->verdict.rule, sizeof(verdict->verdict.rule), "%s", rule->name);
	snprintf(verdict->verdict.because, sizeof(verdict->verdict.because), "%s",
		 because ? because->value.text : otherwise);
}

static bool refuse_by_rule(const struct media_case *it, const struct block *block,
			   struct media_verdict *verdict)
{
	const struct statement *rule = NULL;

	while ((rule = document_statement(block, "forbid", rule)))
		if (matches(it, rule, false)) {
			decide_by(verdict, rule, POLICY_CAUSE_FORBID, "the policy forbids it");
			return true;
		}
	return false;
}

static void permit_by_rules(const struct media_case *it, const struct block *block,
			    struct media_verdict *verdict)
{
	const struct statement *rule = NULL;

	while ((rule = document_statement(block, "allow", rule))) {
		enum media_right right = right_of(rule);

		if (right <= verdict->right || !matches(it, rule, true))
			continue;
		verdict->right = right;
		decide_by(verdict, rule, POLICY_CAUSE_ALLOW, "the policy allows it");
	}
	if (verdict->right != MEDIA_RIGHT_NONE)
		return;
	verdict->verdict.cause = POLICY_CAUSE_DEFAULT;
	snprintf(verdict->verdict.because, sizeof(verdict->verdict.because), "no rule allows it");
}

void policy_decide_media(const struct policy *policy, const struct policy_context *context,
			 const struct media_facts *facts, struct media_verdict *verdict)
{
	const struct media_case it = media_case(policy, context, facts);
	const struct block *block = document_block(policy_document(policy), "media");

	memset(verdict, 0, sizeof(*verdict));
	if (refuse_builtin(&it, block, verdict) || refuse_by_rule(&it, block, verdict))
		return;
	if (facts->kind == MEDIA_KIND_FOREIGN) {
		verdict->right = MEDIA_RIGHT_READ;
		builtin(verdict, "foreign",
			"not registered: files may come in as block transfer permits, none goes "
			"out");
	} else {
		permit_by_rules(&it, block, verdict);
	}
	verdict->verdict.result =
		verdict->right != MEDIA_RIGHT_NONE ? POLICY_RESULT_PERMIT : POLICY_RESULT_REFUSE;
}
