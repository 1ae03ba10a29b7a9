/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the studying verbs read, and how they print. */
#ifndef AIRGAP_POLICY_CLI_LOAD_H
#define AIRGAP_POLICY_CLI_LOAD_H

#include <stddef.h>

#include "policy/cli/cli.h"
#include "policy/decide/context.h"
#include "policy/study/inventory.h"

struct json_t;
struct policy;
struct table;
struct trust;

struct loaded {
	const char *path;
	char *bytes;
	size_t length;
	struct policy *policy;
};

/**
 * load_policy - read and parse a policy
 *
 * Returns CLI_GOOD; otherwise an exit code, having said what is wrong. load_free() in any case.
 */
int load_policy(const char *path, struct loaded *loaded);
void load_free(struct loaded *loaded);

/** load_inventory - add the devices of a file; an exit code as above */
int load_inventory(const char *path, struct inventory *inventory);

/* What decisions ask beyond the policy: the tables, and the day. */
struct load_context {
	struct table *media;
	struct table *terminals;
	struct trust *trust;
	struct policy_context context;
};

/**
 * load_context - read the table, if there is one
 * @path: of table media, or NULL. Its signatures are not looked at.
 * @today: UNIX time; 0: now
 *
 * Returns an exit code as above; load_context_free() in any case.
 */
int load_context(const char *path, int64_t today, struct load_context *context);

/**
 * load_terminals - add table terminals, and which of its rows is this terminal's
 * @path: of the table, or NULL
 * @number: of the terminal, or NULL; must live as long as the context
 */
int load_terminals(const char *path, const char *number, struct load_context *context);

/** load_levels - add the order of levels, from a signers' list; its signatures are not looked at. NULL: none */
int load_levels(const char *path, struct load_context *context);
void load_context_free(struct load_context *context);

/** load_print_json - write and release; CLI_GOOD, or CLI_USAGE having said why. @json may be NULL */
int load_print_json(struct json_t *json);

int cli_lint(const struct cli_args *args);
int cli_test(const struct cli_args *args);
int cli_diff(const struct cli_args *args);
int cli_import(const struct cli_args *args);

#endif
