// SPDX-License-Identifier: GPL-2.0-or-later
/* The translated rules as a policy in normal form. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/import/usbguard_order.h"
#include "policy/lang/arena.h"
#include "policy/lang/document.h"
#include "policy/lang/policy.h"
#include "policy/lang/print.h"
#include "policy/lang/utf8.h"

/* Of a source line in a comment. */
#define SOURCE_MAX 2000

static const char * or (const char *given, const char *placeholder)
{
	return given ? given : placeholder;
}

static void print_terminals(FILE *out, const char *terminals)
{
	char *copy = strdup(or (terminals, "?")), *rest = copy, *word;

	fputs("terminals", out);
	if (copy && strcmp(copy, "registered") == 0) {
		fputs(" registered\n", out);
		free(copy);
		return;
	}
	fputs(" [", out);
	while (copy && (word = strsep(&rest, " ")))
		if (*word) {
			putc(' ', out);
			words_print_text(out, word);
		}
	fputs(" ]\n", out);
	free(copy);
}

/* What is not given keeps the policy from taking effect anywhere: no such unit, long expired. */
static void print_head(FILE *out, const char *name, const struct usbguard_head *head)
{
	fputs("airgap-policy 1\n", out);
	fprintf(out, "# Translated from USBGuard's rules in %s.\n", name);
	fputs("# Numbers are lines there. What no rule allows is refused, hubs included.\n\n"
	      "policy {\nid ",
	      out);
	words_print_text(out, or (head->id, "imported"));
	fprintf(out, "\nserial %s\n", or (head->serial, "1"));
	fprintf(out, "valid %s%s\n}\n\nscope {\nunit ",
		or (head->valid, "1970-01-01 .. 1970-01-01"),
		head->valid ? "" : " # to be filled in");
	words_print_text(out, or (head->unit, "?"));
	fprintf(out, "%s\n", head->unit ? "" : " # to be filled in");
	print_terminals(out, head->terminals);
	fprintf(out, "level %s%s\n}\n\n", or (head->level, "unknown"),
		head->level ? "" : " # to be filled in");
	if (head->terminals && strcmp(head->terminals, "registered") == 0)
		fputs("table terminals signed [ security 1 ]\n\n", out);
}

/* The line itself, with a '?' for what may not stand in our texts. */
static void print_source(FILE *out, const struct usbguard_rule *rule)
{
	size_t length = rule->source_length < SOURCE_MAX ? rule->source_length : SOURCE_MAX;
	uint32_t character;

	fprintf(out, "\n# %u: ", rule->at.line);
	for (size_t i = 0; i < length;) {
		size_t size = utf8_decode(rule->source + i, length - i, &character);

		if (size == 0 || utf8_is_control(character)) {
			putc('?', out);
			size = size ? size : 1;
		} else {
			fwrite(rule->source + i, 1, size, out);
		}
		i += size;
	}
	putc('\n', out);
}

static void print_rules(FILE *out, const struct usbguard_meaning *meaning,
			const struct regions *regions, bool allow)
{
	uint32_t line = meaning->rule->at.line;
	unsigned int number = 1;

	for (size_t i = 0; i < regions->count; i++)
		for (unsigned int variant = 0;; variant++) {
			char *text = NULL;
			size_t size = 0;
			FILE *conditions = open_memstream(&text, &size);
			bool more = conditions &&
				    region_print(conditions, &regions->items[i], allow, variant);

			if (conditions && fclose(conditions) == 0 && more) {
				fprintf(out, "%s line-%u", allow ? "allow" : "forbid", line);
				if (number > 1)
					fprintf(out, ".%u", number);
				fprintf(out, ": %s%s", text, meaning->once ? ", at-most 1" : "");
				if (!allow)
					fprintf(out, ", because \"USBGuard's rule of line %u\"",
						line);
				putc('\n', out);
				number++;
			}
			free(text);
			if (!more)
				break;
		}
}

static void print_rule(FILE *out, const struct usbguard_plan *plan, size_t i)
{
	const struct usbguard_meaning *meaning = &plan->meanings[i];
	const struct regions *regions = meaning->allow ? &meaning->regions : &plan->forbids[i];

	print_source(out, meaning->rule);
	if (regions->count > 0)
		print_rules(out, meaning, regions, meaning->allow);
	else if (meaning->allow)
		fputs("#     permits nothing here\n", out);
	else
		fputs("#     needs no rule: all that it refuses is refused anyway\n", out);
}

static int print_policy(const struct usbguard_plan *plan, const char *name,
			const struct usbguard_head *head, char **text, size_t *length)
{
	FILE *out = open_memstream(text, length);

	if (!out)
		return -ENOMEM;
	print_head(out, name, head);
	fputs("usb {\ndefault block\nhubs by-rule\n", out);
	for (size_t i = 0; i < plan->count; i++)
		print_rule(out, plan, i);
	fputs("}\n", out);
	return fclose(out) ? -ENOMEM : 0;
}

/* The text must be one that our own parser takes; if it is not, something in it is too large. */
static int normal_form(const char *raw, size_t raw_length, struct finding_list *findings,
		       char **text, size_t *length)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy *policy = NULL;
	char first[512];
	int ret = policy_parse(raw, raw_length, &diags, &policy);

	diag_format_first(&diags, "policy", first, sizeof(first));
	if (!ret)
		ret = document_print(policy_document(policy), text, length);
	if (ret == -EINVAL)
		finding_add(findings, DIAG_ERROR, "policy", (struct span){ 0, 1, 1, 1 },
			    "correct the options, or split the rules",
			    "the rules make no policy of ours: %s", first);
	policy_free(policy);
	diag_list_free(&diags);
	return ret;
}

static int check_targets(const struct usbguard_file *file, struct finding_list *findings)
{
	int ret = 0;

	for (const struct usbguard_rule *rule = file->rules; rule; rule = rule->next) {
		if (rule->target != USBGUARD_TARGET_MATCH && rule->target != USBGUARD_TARGET_DEVICE)
			continue;
		finding_add(findings, DIAG_ERROR, "target", rule->at, "remove the rule",
			    "this target decides nothing; it stands in no rule file");
		ret = -EINVAL;
	}
	return ret;
}

int usbguard_translate(const struct usbguard_file *file, const char *name,
		       const struct usbguard_head *head, struct finding_list *findings,
		       char **policy, size_t *length)
{
	struct translation translation = { .space = { .arena = arena_new() },
					   .findings = findings };
	struct usbguard_plan plan = { .count = file->rule_count };
	size_t raw_length = 0, i = 0;
	char *raw = NULL;
	int ret = check_targets(file, findings);

	*policy = NULL;
	plan.meanings = calloc(plan.count + 1, sizeof(*plan.meanings));
	plan.forbids = calloc(plan.count + 1, sizeof(*plan.forbids));
	if (!translation.space.arena || !plan.meanings || !plan.forbids)
		ret = -ENOMEM;
	if (ret)
		goto out;
	for (const struct usbguard_rule *rule = file->rules; rule; rule = rule->next)
		usbguard_meaning(&translation, rule, &plan.meanings[i++]);
	usbguard_order(&translation, &plan);
	if (translation.no_memory || translation.space.no_memory || findings->no_memory)
		ret = -ENOMEM;
	if (!ret)
		ret = print_policy(&plan, name, head, &raw, &raw_length);
	if (!ret)
		ret = normal_form(raw, raw_length, findings, policy, length);
out:
	for (i = 0; plan.meanings && plan.forbids && i < plan.count; i++) {
		regions_free(&plan.meanings[i].regions);
		regions_free(&plan.forbids[i]);
	}
	free(plan.meanings);
	free(plan.forbids);
	free(raw);
	arena_free(translation.space.arena);
	return ret;
}
