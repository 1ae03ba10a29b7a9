/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options and operands of a verb, by its row in the table. */
#ifndef AIRGAP_POLICY_CLI_OPTIONS_H
#define AIRGAP_POLICY_CLI_OPTIONS_H

#include "policy/cli/cli.h"

enum options_result {
	OPTIONS_READY,
	OPTIONS_HELP,  /* --help was among them */
	OPTIONS_WRONG, /* said why */
};

/**
 * options_read - sort arguments into options and operands
 * @argv: what follows the verb; operands are moved to its front, in their order
 *
 * --name, --name=VALUE, --name VALUE, -x, -x VALUE; "--" ends the options; "-" is an operand.
 */
enum options_result options_read(const struct cli_verb *verb, int argc, char **argv,
				 struct cli_args *args);

/** options_help - usage of one verb, on standard output */
void options_help(const struct cli_verb *verb);

#endif
