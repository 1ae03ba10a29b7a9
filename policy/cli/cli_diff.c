// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy diff [--inventory FILE] OLD NEW */
#include "policy/cli/cli.h"

#include <errno.h>
#include <string.h>

#include "policy/cli/load.h"
#include "policy/study/diff.h"
#include "policy/study/subjects.h"

enum option { OPTION_INVENTORY, OPTION_MEDIA, OPTION_JSON };

/* Recorded devices, or what the rules of both policies speak of. */
static int find_subjects(const char *path, const struct policy *old, const struct policy *new,
			 struct inventory *inventory)
{
	int ret;

	if (path)
		return load_inventory(path, inventory);
	ret = subjects_derive(old, inventory);
	if (!ret)
		ret = subjects_derive(new, inventory);
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
	} else if (diff.subject_count || diff.text_count) {
		diff_print(stdout, &diff);
	}
	if (ret == CLI_GOOD && (diff.subject_count || diff.text_count))
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
		ret = find_subjects(args->options[OPTION_INVENTORY], old.policy, new.policy,
				    &inventory);
	if (ret == CLI_GOOD)
		ret = compare(args, old.policy, new.policy, &context.context, &inventory);
	inventory_free(&inventory);
	load_context_free(&context);
	load_free(&old);
	load_free(&new);
	return ret;
}
