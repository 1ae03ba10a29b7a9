// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy test POLICY INVENTORY... */
#include "policy/cli/cli.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "policy/cli/load.h"
#include "policy/decide/decide.h"
#include "policy/study/trial.h"

enum option { OPTION_MEDIA, OPTION_TERMINALS, OPTION_TERMINAL, OPTION_JSON, OPTION_TRUST };

static int print_json(const struct trial *trial)
{
	return load_print_json(trial_json(trial));
}

static int print_text(const struct loaded *loaded, const struct trial *trial)
{
	if (trial_print(stdout, loaded->path, trial)) {
		cli_error("%s", strerror(ENOMEM));
		return CLI_USAGE;
	}
	return CLI_GOOD;
}

static int run(const struct cli_args *args, const struct loaded *loaded,
	       const struct policy_context *context, const struct inventory *inventory)
{
	struct trial trial = { 0 };
	int ret = CLI_USAGE;

	if (trial_run(loaded->policy, context, inventory, &trial))
		cli_error("%s", strerror(ENOMEM));
	else
		ret = args->options[OPTION_JSON] ? print_json(&trial) : print_text(loaded, &trial);
	if (ret == CLI_GOOD && trial.wrong > 0)
		ret = CLI_FINDINGS;
	trial_clear(&trial);
	return ret;
}

int cli_test(const struct cli_args *args)
{
	struct inventory inventory = { 0 };
	struct load_context context;
	struct loaded loaded;
	int ret = load_policy(args->operands[0], &loaded);

	for (int i = 1; ret == CLI_GOOD && i < args->count; i++)
		ret = load_inventory(args->operands[i], &inventory);
	if (load_context(args->options[OPTION_MEDIA], 0, &context))
		ret = CLI_USAGE;
	if (ret == CLI_GOOD)
		ret = load_terminals(args->options[OPTION_TERMINALS],
				     args->options[OPTION_TERMINAL], &context);
	if (ret == CLI_GOOD)
		ret = load_levels(args->options[OPTION_TRUST], &context);
	if (ret == CLI_GOOD)
		ret = run(args, &loaded, &context.context, &inventory);
	inventory_free(&inventory);
	load_context_free(&context);
	load_free(&loaded);
	return ret;
}
