// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy: write, check, explain, sign and verify policies. */
#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "policy/cli/cli.h"
#include "policy/cli/options.h"
#include "policy/lang/suggest.h"

static void print_help(void)
{
	puts("usage: airgap-policy VERB [OPTION...] ...\n");
	for (const struct cli_verb *verb = cli_verbs; verb->name; verb++)
		printf("  %-8s %s\n", verb->name, verb->summary);
	puts("\n'airgap-policy VERB --help' tells more of each.\n"
	     "Exit status: 0 good, 1 findings, 2 wrong usage.");
}

static const struct cli_verb *find_verb(const char *name)
{
	for (const struct cli_verb *verb = cli_verbs; verb->name; verb++)
		if (strcmp(verb->name, name) == 0)
			return verb;
	return NULL;
}

static int unknown_verb(const char *name)
{
	struct suggestion nearest = suggest_begin(name, strlen(name));

	for (const struct cli_verb *verb = cli_verbs; verb->name; verb++)
		suggest_offer(&nearest, verb->name);
	if (nearest.best)
		cli_error("unknown %s '%s': did you mean '%s'?", name[0] == '-' ? "option" : "verb",
			  name, nearest.best);
	else
		cli_error("unknown %s '%s': 'airgap-policy --help' lists them all",
			  name[0] == '-' ? "option" : "verb", name);
	return CLI_USAGE;
}

int main(int argc, char **argv)
{
	const struct cli_verb *verb;
	struct cli_args args;
	int ret;

	setlocale(LC_CTYPE, "");
	/* Findings are many small pieces; errors still appear line by line. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	if (sodium_init() < 0) {
		cli_error("libsodium does not start");
		return CLI_USAGE;
	}
	if (argc < 2) {
		cli_error("no verb: 'airgap-policy --help' lists them all");
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help();
		return CLI_GOOD;
	}
	verb = find_verb(argv[1]);
	if (!verb)
		return unknown_verb(argv[1]);
	ret = options_read(verb, argc - 2, argv + 2, &args);
	if (ret == OPTIONS_HELP) {
		options_help(verb);
		return CLI_GOOD;
	}
	ret = ret == OPTIONS_READY ? verb->run(&args) : CLI_USAGE;
	if (fflush(stdout) || ferror(stdout)) {
		cli_error("standard output: cannot write");
		return CLI_USAGE;
	}
	return ret;
}
