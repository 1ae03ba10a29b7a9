// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy attach FILE SIGFILE: add a signature that was made elsewhere. */
#include "policy/cli/block.h"
#include "policy/cli/cli.h"

#include <stdlib.h>
#include <string.h>

enum {
	OPTION_NAMESPACE,
};

int cli_attach(const struct cli_args *args)
{
	struct block_target target;
	char *armour = NULL;
	size_t length = 0;
	int code;

	if (strcmp(args->operands[0], "-") == 0)
		return cli_usage_error(args, "FILE is written to, so it cannot be '-'");
	code = block_open(&target, args->operands[0], args->options[OPTION_NAMESPACE]);
	if (code == CLI_GOOD && cli_read(args->operands[1], &armour, &length) != 0)
		code = CLI_FINDINGS;
	if (code == CLI_GOOD)
		code = block_append(&target, args->operands[1], armour, length);
	free(armour);
	block_close(&target);
	return code;
}
