// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy why [OPTION...] FILE usb|link|address|route|flow|transfer SUBJECT */
#include "policy/cli/cli.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/decide/context.h"
#include "policy/decide/decide.h"
#include "policy/decide/net.h"
#include "policy/decide/subject.h"
#include "policy/lang/policy.h"
#include "policy/lang/scalar.h"
#include "policy/sign/trust.h"
#include "policy/table/table.h"

enum {
	OPTION_TABLE,
	OPTION_TERMINALS,
	OPTION_TERMINAL,
	OPTION_TRUST,
	OPTION_TODAY,
	OPTION_JSON,
};

/* All that a decision is made from; every part is released by whoever filled it. */
struct why {
	struct policy *policy;
	struct table *tables[TABLE_KIND_COUNT];
	struct trust *trust;
	struct policy_context context;
	bool usb;      /* a device is asked about */
	bool transfer; /* files are; else something of the network */
	struct usb_facts facts;
	struct transfer_facts files;
	struct net_question question;
};

/* False when the word is no subject. */
static bool find_subject(const char *word, struct why *why)
{
	why->usb = strcmp(word, "usb") == 0;
	why->transfer = strcmp(word, "transfer") == 0;
	for (unsigned int i = 0; i < NET_SUBJECT_COUNT; i++) {
		if (strcmp(net_subject_name(i), word) != 0)
			continue;
		why->question.subject = (enum net_subject)i;
		return true;
	}
	return why->usb || why->transfer;
}

static int read_subject(const char *text, struct why *why)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int ret;

	if (why->usb)
		ret = subject_parse_usb(text, strlen(text), &diags, &why->facts);
	else if (why->transfer)
		ret = subject_parse_transfer(text, strlen(text), &diags, &why->files);
	else
		ret = subject_parse_net(text, strlen(text), why->question.subject, &diags,
					&why->question);
	diag_print(stderr, "subject", text, strlen(text), &diags);
	diag_list_free(&diags);
	return ret;
}

static int parse_policy(const char *text, size_t length, struct diag_list *diags, void *into)
{
	return policy_parse(text, length, diags, into);
}

static int parse_table(const char *text, size_t length, struct diag_list *diags, void *into)
{
	return table_parse(text, length, diags, into);
}

static int parse_trust(const char *text, size_t length, struct diag_list *diags, void *into)
{
	return trust_parse(text, length, diags, into);
}

static int read_file(const char *path, void *into,
		     int (*parse)(const char *text, size_t length, struct diag_list *diags,
				  void *into))
{
	struct diag_list diags = DIAG_LIST_INIT;
	size_t length = 0;
	char *bytes = NULL;
	int ret = cli_read(path, &bytes, &length);

	if (ret)
		return CLI_USAGE;
	ret = parse(bytes, length, &diags, into);
	if (ret == -ENOMEM)
		cli_error("%s: %s", path, strerror(ENOMEM));
	if (ret)
		diag_print(stderr, path, bytes, length, &diags);
	diag_list_free(&diags);
	free(bytes);
	if (ret)
		return ret == -EINVAL ? CLI_FINDINGS : CLI_USAGE;
	return CLI_GOOD;
}

static int read_table(const struct cli_args *args, int option, enum table_kind kind,
		      const char *what, struct why *why)
{
	struct table **table = &why->tables[kind];
	int ret;

	if (!args->options[option])
		return CLI_GOOD;
	ret = read_file(args->options[option], table, parse_table);
	if (!ret && table_kind(*table) != kind)
		ret = cli_usage_error(args, "%s is table '%s', and %s stand in table '%s'",
				      args->options[option], table_name(*table), what,
				      table_kind_name(kind));
	return ret;
}

static int read_context(const struct cli_args *args, struct why *why)
{
	const char *const *options = args->options;
	int ret = CLI_GOOD;

	why->context.today = time(NULL);
	if (options[OPTION_TODAY] && !scalar_date(options[OPTION_TODAY], &why->context.today))
		return cli_usage_error(args, "--today is a day such as 2027-01-01");
	ret = read_table(args, OPTION_TABLE, TABLE_KIND_MEDIA, "devices", why);
	if (!ret)
		ret = read_table(args, OPTION_TERMINALS, TABLE_KIND_TERMINALS, "terminals", why);
	if (!ret && options[OPTION_TRUST])
		ret = read_file(options[OPTION_TRUST], &why->trust, parse_trust);
	why->context.media = why->tables[TABLE_KIND_MEDIA];
	why->context.terminals = why->tables[TABLE_KIND_TERMINALS];
	why->context.terminal = options[OPTION_TERMINAL];
	if (why->trust)
		trust_levels(why->trust, &why->context.levels);
	return ret;
}

static int print_json(json_t *json)
{
	int ret = json ? json_dumpf(json, stdout, JSON_INDENT(2)) : -1;

	json_decref(json);
	putchar('\n');
	return ret ? CLI_USAGE : CLI_GOOD;
}

static int no_memory(void)
{
	cli_error("%s", strerror(ENOMEM));
	return CLI_USAGE;
}

static int explain_usb(const struct cli_args *args, const struct why *why)
{
	const char *path = args->operands[0];
	struct explanation *explanation = NULL;
	int ret = CLI_GOOD;

	if (policy_explain_usb(why->policy, &why->context, &why->facts, NULL, &explanation))
		return no_memory();
	if (args->options[OPTION_JSON])
		ret = print_json(explanation_json(path, explanation));
	else
		explanation_print(stdout, path, explanation);
	explanation_free(explanation);
	return ret;
}

static int explain_net(const struct cli_args *args, const struct why *why)
{
	const char *path = args->operands[0];
	struct net_explanation *explanation = NULL;
	int ret = CLI_GOOD;

	if (policy_explain_net(why->policy, &why->context, &why->question, &explanation))
		return no_memory();
	if (args->options[OPTION_JSON])
		ret = print_json(net_explanation_json(path, explanation));
	else
		net_explanation_print(stdout, path, explanation);
	net_explanation_free(explanation);
	return ret;
}

static int explain_transfer(const struct cli_args *args, const struct why *why)
{
	const char *path = args->operands[0];
	struct transfer_explanation *explanation = NULL;
	int ret = CLI_GOOD;

	if (policy_explain_transfer(why->policy, &why->context, &why->files, &explanation))
		return no_memory();
	if (args->options[OPTION_JSON])
		ret = print_json(transfer_explanation_json(path, explanation));
	else
		transfer_explanation_print(stdout, path, explanation);
	transfer_explanation_free(explanation);
	return ret;
}

static int explain(const struct cli_args *args, const struct why *why)
{
	if (why->transfer)
		return explain_transfer(args, why);
	return why->usb ? explain_usb(args, why) : explain_net(args, why);
}

int cli_why(const struct cli_args *args)
{
	struct why why = { 0 };
	int ret;

	if (!find_subject(args->operands[1], &why))
		return cli_usage_error(args,
				       "'%s' cannot be explained, only usb, link, address, "
				       "route, flow and transfer",
				       args->operands[1]);
	if (read_subject(args->operands[2], &why))
		return CLI_USAGE;
	ret = read_file(args->operands[0], &why.policy, parse_policy);
	if (!ret)
		ret = read_context(args, &why);
	if (!ret)
		ret = explain(args, &why);
	trust_free(why.trust);
	for (unsigned int i = 0; i < TABLE_KIND_COUNT; i++)
		table_free(why.tables[i]);
	policy_free(why.policy);
	return ret;
}
