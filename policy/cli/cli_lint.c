// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy lint [--inventory FILE] FILE */
#include "policy/cli/cli.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "policy/cli/load.h"
#include "policy/lang/scalar.h"
#include "policy/study/lint.h"

enum option { OPTION_INVENTORY, OPTION_MEDIA, OPTION_TODAY, OPTION_JSON };

static int print_findings(const struct cli_args *args, const struct loaded *loaded,
			  struct finding_list *findings)
{
	if (args->options[OPTION_JSON])
		return load_print_json(json_pack("{s:s, s:o}", "file", loaded->path, "findings",
						 finding_json(findings)));
	if (finding_print(stdout, loaded->path, loaded->bytes, loaded->length, findings)) {
		cli_error("%s", strerror(ENOMEM));
		return CLI_USAGE;
	}
	return CLI_GOOD;
}

static int lint(const struct cli_args *args, const struct loaded *loaded,
		const struct policy_context *context, const struct inventory *inventory)
{
	struct finding_list findings = FINDING_LIST_INIT;
	int ret = CLI_USAGE;

	if (lint_policy(loaded->policy, context, args->options[OPTION_INVENTORY] ? inventory : NULL,
			&findings))
		cli_error("%s", strerror(ENOMEM));
	else
		ret = print_findings(args, loaded, &findings);
	if (ret == CLI_GOOD && findings.count > 0)
		ret = CLI_FINDINGS;
	finding_list_free(&findings);
	return ret;
}

int cli_lint(const struct cli_args *args)
{
	const char *date = args->options[OPTION_TODAY];
	struct inventory inventory = { 0 };
	struct load_context context;
	struct loaded loaded;
	int64_t today = 0;
	int ret;

	if (date && !scalar_date(date, &today))
		return cli_usage_error(args, "'%s' is not a date such as 2026-12-01", date);
	ret = load_policy(args->operands[0], &loaded);
	if (load_context(args->options[OPTION_MEDIA], today, &context))
		ret = CLI_USAGE;
	if (ret == CLI_GOOD && args->options[OPTION_INVENTORY])
		ret = load_inventory(args->options[OPTION_INVENTORY], &inventory);
	if (ret == CLI_GOOD)
		ret = lint(args, &loaded, &context.context, &inventory);
	load_context_free(&context);
	inventory_free(&inventory);
	load_free(&loaded);
	return ret;
}
