// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/cli/load.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/lang/policy.h"
#include "policy/sign/trust.h"
#include "policy/table/table.h"

int load_policy(const char *path, struct loaded *loaded)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int ret;

	*loaded = (struct loaded){ .path = path };
	if (cli_read(path, &loaded->bytes, &loaded->length))
		return CLI_USAGE;
	ret = policy_parse(loaded->bytes, loaded->length, &diags, &loaded->policy);
	if (ret == -ENOMEM)
		cli_error("%s: %s", path, strerror(ENOMEM));
	if (ret)
		diag_print(stderr, path, loaded->bytes, loaded->length, &diags);
	diag_list_free(&diags);
	if (ret)
		return ret == -EINVAL ? CLI_FINDINGS : CLI_USAGE;
	return CLI_GOOD;
}

void load_free(struct loaded *loaded)
{
	policy_free(loaded->policy);
	free(loaded->bytes);
}

int load_inventory(const char *path, struct inventory *inventory)
{
	char error[INVENTORY_ERROR_SIZE];
	size_t length = 0;
	char *bytes = NULL;
	int ret;

	if (cli_read(path, &bytes, &length))
		return CLI_USAGE;
	ret = inventory_read(inventory, bytes, length, error);
	free(bytes);
	if (ret)
		cli_error("%s: %s", path, ret == -EINVAL ? error : strerror(-ret));
	return ret ? CLI_USAGE : CLI_GOOD;
}

static int load_table(const char *path, enum table_kind kind, struct table **table)
{
	struct diag_list diags = DIAG_LIST_INIT;
	size_t length = 0;
	char *bytes = NULL;
	int ret;

	if (!path)
		return CLI_GOOD;
	if (cli_read(path, &bytes, &length))
		return CLI_USAGE;
	ret = table_parse(bytes, length, &diags, table);
	diag_print(stderr, path, bytes, length, &diags);
	diag_list_free(&diags);
	free(bytes);
	if (ret == -ENOMEM)
		cli_error("%s: %s", path, strerror(ENOMEM));
	if (!ret && table_kind(*table) != kind) {
		cli_error("%s is table %s, not %s", path, table_name(*table),
			  table_kind_name(kind));
		ret = -EINVAL;
	}
	return ret ? CLI_USAGE : CLI_GOOD;
}

int load_context(const char *path, int64_t today, struct load_context *context)
{
	int ret;

	*context = (struct load_context){ .context.today = today ? today : time(NULL) };
	ret = load_table(path, TABLE_KIND_MEDIA, &context->media);
	context->context.media = ret ? NULL : context->media;
	return ret;
}

int load_terminals(const char *path, const char *number, struct load_context *context)
{
	int ret = load_table(path, TABLE_KIND_TERMINALS, &context->terminals);

	context->context.terminals = ret ? NULL : context->terminals;
	context->context.terminal = number;
	return ret;
}

int load_levels(const char *path, struct load_context *context)
{
	struct diag_list diags = DIAG_LIST_INIT;
	size_t length = 0;
	char *bytes = NULL;
	int ret;

	if (!path)
		return CLI_GOOD;
	if (cli_read(path, &bytes, &length))
		return CLI_USAGE;
	ret = trust_parse(bytes, length, &diags, &context->trust);
	diag_print(stderr, path, bytes, length, &diags);
	diag_list_free(&diags);
	free(bytes);
	if (ret == -ENOMEM)
		cli_error("%s: %s", path, strerror(ENOMEM));
	if (ret)
		return CLI_USAGE;
	trust_levels(context->trust, &context->context.levels);
	return CLI_GOOD;
}

void load_context_free(struct load_context *context)
{
	trust_free(context->trust);
	table_free(context->media);
	table_free(context->terminals);
}

int load_print_json(struct json_t *json)
{
	int ret = json ? json_dumpf(json, stdout, JSON_INDENT(2)) : -1;

	if (!json)
		cli_error("%s", strerror(ENOMEM));
	json_decref(json);
	putchar('\n');
	return ret ? CLI_USAGE : CLI_GOOD;
}
