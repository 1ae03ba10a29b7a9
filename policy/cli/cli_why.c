// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy why [--table TABLE] [--trust LIST] [--today DATE] [--json] FILE usb SUBJECT */
#include "policy/cli/cli.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/decide/context.h"
#include "policy/decide/decide.h"
#include "policy/decide/subject.h"
#include "policy/lang/policy.h"
#include "policy/lang/scalar.h"
#include "policy/sign/trust.h"
#include "policy/table/table.h"

enum {
	OPTION_TABLE,
	OPTION_TRUST,
	OPTION_TODAY,
	OPTION_JSON,
};

/* All that a decision is made from; every part is released by whoever filled it. */
struct why {
	struct policy *policy;
	struct table *media;
	struct trust *trust;
	struct policy_context context;
	struct usb_facts facts;
};

static int read_subject(const char *text, struct usb_facts *facts)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int ret = subject_parse_usb(text, strlen(text), &diags, facts);

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

static int read_context(const struct cli_args *args, struct why *why)
{
	const char *const *options = args->options;
	int ret = CLI_GOOD;

	why->context.today = time(NULL);
	if (options[OPTION_TODAY] && !scalar_date(options[OPTION_TODAY], &why->context.today))
		return cli_usage_error(args, "--today is a day such as 2027-01-01");
	if (options[OPTION_TABLE])
		ret = read_file(options[OPTION_TABLE], &why->media, parse_table);
	if (!ret && why->media && table_kind(why->media) != TABLE_KIND_MEDIA)
		ret = cli_usage_error(args, "%s is table '%s', and devices stand in table 'media'",
				      options[OPTION_TABLE], table_name(why->media));
	if (!ret && options[OPTION_TRUST])
		ret = read_file(options[OPTION_TRUST], &why->trust, parse_trust);
	why->context.media = why->media;
	if (why->trust)
		trust_levels(why->trust, &why->context.levels);
	return ret;
}

static int print_json(const char *path, const struct explanation *explanation)
{
	json_t *json = explanation_json(path, explanation);
	int ret = json ? json_dumpf(json, stdout, JSON_INDENT(2)) : -1;

	json_decref(json);
	putchar('\n');
	return ret ? CLI_USAGE : CLI_GOOD;
}

static int explain(const struct cli_args *args, const struct why *why)
{
	const char *path = args->operands[0];
	struct explanation *explanation = NULL;
	int ret = CLI_GOOD;

	if (policy_explain_usb(why->policy, &why->context, &why->facts, NULL, &explanation)) {
		cli_error("%s", strerror(ENOMEM));
		return CLI_USAGE;
	}
	if (args->options[OPTION_JSON])
		ret = print_json(path, explanation);
	else
		explanation_print(stdout, path, explanation);
	explanation_free(explanation);
	return ret;
}

int cli_why(const struct cli_args *args)
{
	struct why why = { 0 };
	int ret;

	if (strcmp(args->operands[1], "usb") != 0)
		return cli_usage_error(args, "'%s' cannot be explained, only 'usb'",
				       args->operands[1]);
	if (read_subject(args->operands[2], &why.facts))
		return CLI_USAGE;
	ret = read_file(args->operands[0], &why.policy, parse_policy);
	if (!ret)
		ret = read_context(args, &why);
	if (!ret)
		ret = explain(args, &why);
	trust_free(why.trust);
	table_free(why.media);
	policy_free(why.policy);
	return ret;
}
