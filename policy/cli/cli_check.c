// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy check FILE...: say nothing, or everything that is wrong. */
#include "policy/cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/cli/texts.h"
#include "policy/lang/diag.h"

static int check_file(const char *path)
{
	struct diag_list diags = DIAG_LIST_INIT;
	size_t length = 0;
	char *bytes = NULL;
	int ret;

	if (cli_read(path, &bytes, &length))
		return CLI_USAGE;
	ret = texts_check(cli_kind(bytes, length), bytes, length, &diags);
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
