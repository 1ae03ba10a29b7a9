// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy check FILE...: say nothing, or everything that is wrong. */
#include "policy/cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/policy.h"
#include "policy/medium/record.h"
#include "policy/order/order.h"
#include "policy/sign/trust.h"
#include "policy/table/table.h"

static int check_text(const char *text, size_t length, struct diag_list *diags)
{
	const char *kind = cli_kind(text, length);
	struct document *document = NULL;
	struct policy *policy = NULL;
	struct trust *trust = NULL;
	struct table *table = NULL;
	struct medium_record record;
	struct order order;
	int ret;

	if (kind && strcmp(kind, "airgap-policy") == 0)
		ret = policy_parse(text, length, diags, &policy);
	else if (kind && strcmp(kind, "airgap-trust") == 0)
		ret = trust_parse(text, length, diags, &trust);
	else if (kind && strcmp(kind, "airgap-table") == 0)
		ret = table_parse(text, length, diags, &table);
	else if (kind && strcmp(kind, "airgap-order") == 0)
		ret = order_parse(text, length, diags, &order);
	else if (kind && strcmp(kind, "airgap-media") == 0)
		ret = medium_record_parse(text, length, diags, &record);
	else
		ret = document_parse(kind, text, length, diags, &document);
	table_free(table);
	policy_free(policy);
	trust_free(trust);
	document_free(document);
	return ret;
}

static int check_file(const char *path)
{
	struct diag_list diags = DIAG_LIST_INIT;
	size_t length = 0;
	char *bytes = NULL;
	int ret;

	if (cli_read(path, &bytes, &length))
		return CLI_USAGE;
	ret = check_text(bytes, length, &diags);
	if (ret == -ENOMEM)
		cli_error("%s: %s", path, strerror(ENOMEM));
	diag_print(stdout, path, bytes, length, &diags);
	if (diags.count > 0 || diags.dropped > 0)
		ret = CLI_FINDINGS;
	else
		ret = ret ? CLI_USAGE : CLI_GOOD;
	diag_list_free(&diags);
	free(bytes);
	return ret;
}

int cli_check(const struct cli_args *args)
{
	int worst = CLI_GOOD;

	for (int i = 0; i < args->count; i++) {
		int ret = check_file(args->operands[i]);

		worst = ret > worst ? ret : worst;
	}
	return worst;
}
