// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy import usbguard RULES */
#include "policy/cli/cli.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "policy/cli/load.h"
#include "policy/import/usbguard.h"

enum option {
	OPTION_ID,
	OPTION_SERIAL,
	OPTION_VALID,
	OPTION_UNIT,
	OPTION_LEVEL,
	OPTION_TERMINALS,
	OPTION_JSON,
};

struct import {
	const char *path;
	char *bytes;
	size_t length;
	struct finding_list findings;
	char *policy;
	size_t policy_length;
};

static int translate(struct import *import, const struct usbguard_head *head)
{
	const char *name = strcmp(import->path, "-") == 0 ? "standard input" : import->path;
	const char *base = strrchr(name, '/');
	struct usbguard_file *file = NULL;
	int ret = usbguard_parse(import->bytes, import->length, &import->findings, &file);

	if (!ret)
		ret = usbguard_translate(file, base ? base + 1 : name, head, &import->findings,
					 &import->policy, &import->policy_length);
	usbguard_free(file);
	return ret;
}

static int print_json(struct import *import)
{
	return load_print_json(json_pack("{s:s?, s:o}", "policy", import->policy, "findings",
					 finding_json(&import->findings)));
}

static int print_text(struct import *import)
{
	if (import->policy)
		fwrite(import->policy, 1, import->policy_length, stdout);
	if (finding_print(stderr, import->path, import->bytes, import->length, &import->findings))
		cli_error("%s", strerror(ENOMEM));
	if (!import->policy)
		cli_error("%s: nothing is imported", import->path);
	return CLI_GOOD;
}

int cli_import(const struct cli_args *args)
{
	struct import import = { .findings = FINDING_LIST_INIT };
	const struct usbguard_head head = {
		.id = args->options[OPTION_ID],
		.serial = args->options[OPTION_SERIAL],
		.valid = args->options[OPTION_VALID],
		.unit = args->options[OPTION_UNIT],
		.level = args->options[OPTION_LEVEL],
		.terminals = args->options[OPTION_TERMINALS],
	};
	int ret;

	if (strcmp(args->operands[0], "usbguard") != 0)
		return cli_usage_error(args, "'%s' cannot be imported, only 'usbguard'",
				       args->operands[0]);
	import.path = args->operands[1];
	if (cli_read(import.path, &import.bytes, &import.length))
		return CLI_USAGE;
	ret = translate(&import, &head);
	if (ret == -ENOMEM) {
		cli_error("%s: %s", import.path, strerror(ENOMEM));
		ret = CLI_USAGE;
	} else {
		ret = args->options[OPTION_JSON] ? print_json(&import) : print_text(&import);
		if (ret == CLI_GOOD && import.findings.count > 0)
			ret = CLI_FINDINGS;
	}
	finding_list_free(&import.findings);
	free(import.policy);
	free(import.bytes);
	return ret;
}
