// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy diff [--inventory FILE] OLD NEW */
#include "policy/cli/cli.h"

#include <errno.h>
#include <string.h>

#include "policy/cli/load.h"
#include "policy/decide/net.h"
#include "policy/study/diff.h"
#include "policy/study/net_subjects.h"
#include "policy/study/subjects.h"

enum option {
	OPTION_INVENTORY,
	OPTION_MEDIA,
	OPTION_TERMINALS,
	OPTION_TERMINAL,
	OPTION_JSON,
};

/* What rules say of the network, on the terminal of the options or on one that is made up. */
static int derive_network(const struct policy *const policies[2], struct load_context *context,
			  struct inventory *inventory)
{
	int ret = 0;

	if (!context->terminals) {
		ret = net_subjects_terminal(policies, 2, &context->terminals);
		context->context.terminals = context->terminals;
		context->context.terminal = NET_SUBJECTS_TERMINAL;
	}
	for (int i = 0; !ret && i < 2; i++)
		ret = net_subjects_derive(policies[i], &context->context, inventory);
	return ret;
}

/* Recorded devices, or what the rules of both policies speak of. */
static int find_subjects(const char *path, const struct policy *old, const struct policy *new,
			 struct load_context *context, struct inventory *inventory)
{
	const struct policy *const policies[] = { old, new };
	int ret;

	if (path)
		return load_inventory(path, inventory);
	ret = subjects_derive(old, inventory);
	if (!ret)
		ret = subjects_derive(new, inventory);
	if (!ret && (policy_has_network(old) || policy_has_network(new)))
		ret = derive_network(policies, context, inventory);
	if (ret)
		cli_error("%s", strerror(-ret));
	return ret ? CLI_USAGE : CLI_GOOD;
}

static int compare(const struct cli_args *args, const struct policy *old, const struct policy *new,
		   const struct policy_context *context, const struct inventory *inventory)
{
	struct diff diff;
	int ret = CLI_GOOD;

	if (diff_policies(old, new, context, inventory, &diff)) {
		cli_error("%s", strerror(ENOMEM));
		ret = CLI_USAGE;
	} else if (args->options[OPTION_JSON]) {
		ret = load_print_json(diff_json(&diff));
	} else if (!diff_same(&diff)) {
		diff_print(stdout, &diff);
	}
	if (ret == CLI_GOOD && !diff_same(&diff))
		ret = CLI_FINDINGS;
	diff_clear(&diff);
	return ret;
}

int cli_diff(const struct cli_args *args)
{
	struct inventory inventory = { 0 };
	struct load_context context;
	struct loaded old, new = { 0 };
	int ret = load_policy(args->operands[0], &old);

	/* Exit code 1 says that they differ, so a bad file is 2 here. */
	if (ret == CLI_GOOD)
		ret = load_policy(args->operands[1], &new);
	if (ret == CLI_FINDINGS)
		ret = CLI_USAGE;
	if (load_context(args->options[OPTION_MEDIA], 0, &context))
		ret = CLI_USAGE;
	if (ret == CLI_GOOD)
		ret = load_terminals(args->options[OPTION_TERMINALS],
				     args->options[OPTION_TERMINAL], &context);
	if (ret == CLI_GOOD)
		ret = find_subjects(args->options[OPTION_INVENTORY], old.policy, new.policy,
				    &context, &inventory);
	if (ret == CLI_GOOD)
		ret = compare(args, old.policy, new.policy, &context.context, &inventory);
	inventory_free(&inventory);
	load_context_free(&context);
	load_free(&old);
	load_free(&new);
	return ret;
}
