// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/cli/verify_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/cli/cli.h"
#include "policy/lang/document.h"
#include "policy/lang/policy.h"
#include "policy/table/table.h"

/* Rows of unknown levels that are shown one by one. */
#define LEVELS_SHOWN 20

static const struct span top = { .line = 1, .column = 1 };

static int need_from(const struct policy *policy, const char *path, const char *text, size_t length,
		     bool withdraws, struct trust_need *need)
{
	const char *name = table_kind_name(table_kind_of(text, length));
	const struct policy_table *table = policy_table_named(policy, name);

	if (!table) {
		cli_error("%s: this policy has no table '%s'", path, name);
		return CLI_FINDINGS;
	}
	*need = trust_need_of(withdraws ? &table->withdraw : &table->add);
	return CLI_GOOD;
}

int verify_table_need(const char *policy_path, const struct trust *trust, const char *text,
		      size_t length, bool withdraws, struct trust_need *need)
{
	struct trust_account account;
	struct policy *policy = NULL;
	size_t policy_length;
	char *bytes = NULL;
	int code = CLI_FINDINGS;

	if (cli_read(policy_path, &bytes, &policy_length))
		return CLI_USAGE;
	if (trust_verify((const uint8_t *)bytes, policy_length, trust, SIGN_NAMESPACE_POLICY, NULL,
			 &account))
		cli_error("%s: %s", policy_path, account.reason);
	else if (policy_parse(bytes, policy_length, NULL, &policy))
		cli_error("%s: the policy has errors; see 'airgap-policy check'", policy_path);
	else
		code = need_from(policy, policy_path, text, length, withdraws, need);
	policy_free(policy);
	free(bytes);
	return code;
}

static void check_level(struct verdict *verdict, const char *level, uint32_t line, size_t *shown)
{
	struct span at = { .line = line, .column = 1 };

	if (trust_level(verdict->trust, level) >= 0 || (*shown)++ >= LEVELS_SHOWN)
		return;
	diag_error(&verdict->diags, at, "use a level that the signers' list declares",
		   "signers' list %llu has no level '%s'",
		   (unsigned long long)verdict->trust->number, level);
}

static void check_levels(struct verdict *verdict, const struct table *table)
{
	struct table_terminal terminal;
	struct table_media media;
	size_t shown = 0;

	for (size_t i = 0; table_media_row(table, i, &media); i++)
		check_level(verdict, media.level, media.line, &shown);
	for (size_t i = 0; table_terminal_row(table, i, &terminal); i++)
		check_level(verdict, terminal.level, terminal.line, &shown);
	if (shown > LEVELS_SHOWN)
		diag_error(&verdict->diags, top, NULL, "%zu more rows have unknown levels",
			   shown - LEVELS_SHOWN);
}

static void compare(struct verdict *verdict, const char *old_path, const struct table *old,
		    const struct table *table)
{
	if (table_number(table) <= table_number(old))
		diag_error(&verdict->diags, top, "give it a higher number and sign it again",
			   "number %llu is not above %llu, that of %s",
			   (unsigned long long)table_number(table),
			   (unsigned long long)table_number(old), old_path);
	if (!table_only_withdraws(old, table))
		diag_error(&verdict->diags, top,
			   "have it signed as an edition that adds, without --withdraws",
			   "it does more than withdraw rows of %s", old_path);
}

static int compare_with(struct verdict *verdict, const char *old_path, const struct table *table)
{
	struct table *old = NULL;
	char *bytes = NULL;
	size_t length;
	int ret = -EIO;

	if (cli_read(old_path, &bytes, &length))
		return ret;
	if (table_parse(bytes, length, NULL, &old)) {
		cli_error("%s: the table has errors; see 'airgap-policy check'", old_path);
	} else {
		compare(verdict, old_path, old, table);
		ret = 0;
	}
	table_free(old);
	free(bytes);
	return ret;
}

int verify_table_text(struct verdict *verdict, const char *old_path)
{
	struct table *table = NULL;
	int ret;

	ret = table_parse(verdict->bytes, verdict->text_length, &verdict->diags, &table);
	if (!ret) {
		check_levels(verdict, table);
		if (old_path)
			ret = compare_with(verdict, old_path, table);
	}
	if (!ret && verdict->diags.errors > 0)
		ret = -EINVAL;
	table_free(table);
	return ret;
}
