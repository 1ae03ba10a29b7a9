// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy why [--json] FILE usb SUBJECT */
#include "policy/cli/cli.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/decide.h"
#include "policy/decide/subject.h"
#include "policy/lang/policy.h"

static int read_subject(const char *text, struct usb_facts *facts)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int ret = subject_parse_usb(text, strlen(text), &diags, facts);

	diag_print(stderr, "subject", text, strlen(text), &diags);
	diag_list_free(&diags);
	return ret;
}

static int read_policy(const char *path, struct policy **policy)
{
	struct diag_list diags = DIAG_LIST_INIT;
	size_t length = 0;
	char *bytes = NULL;
	int ret = cli_read(path, &bytes, &length);

	if (ret)
		return CLI_USAGE;
	ret = policy_parse(bytes, length, &diags, policy);
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

static int print_json(const char *path, const struct explanation *explanation)
{
	json_t *json = explanation_json(path, explanation);
	int ret = json ? json_dumpf(json, stdout, JSON_INDENT(2)) : -1;

	json_decref(json);
	putchar('\n');
	return ret ? CLI_USAGE : CLI_GOOD;
}

int cli_why(const struct cli_args *args)
{
	const char *path = args->operands[0];
	struct explanation *explanation = NULL;
	struct policy *policy = NULL;
	struct usb_facts facts;
	int ret;

	if (strcmp(args->operands[1], "usb") != 0)
		return cli_usage_error(args, "'%s' cannot be explained, only 'usb'",
				       args->operands[1]);
	if (read_subject(args->operands[2], &facts))
		return CLI_USAGE;
	ret = read_policy(path, &policy);
	if (ret)
		return ret;
	if (policy_explain_usb(policy, NULL, &facts, NULL, &explanation)) {
		cli_error("%s", strerror(ENOMEM));
		ret = CLI_USAGE;
	} else if (args->options[0]) {
		ret = print_json(path, explanation);
	} else {
		explanation_print(stdout, path, explanation);
	}
	explanation_free(explanation);
	policy_free(policy);
	return ret;
}
