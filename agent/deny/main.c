// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgap-deny: closes the network before anything uses it. Asks nobody: no policy, no daemon.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/deny/deny.h"
#include "agent/lib/log.h"
#include "agent/lib/version.h"

static const char usage[] =
	"usage: airgap-deny [--print]\n"
	"Closes the network: loads packet filter rules that let nothing pass but loopback, and\n"
	"switches forwarding off. airgapd opens what the policy permits.\n\n"
	"  --print     show the rules for the links that are there; change nothing\n"
	"  --help, --version\n";

static const struct option options[] = {
	{ "print", no_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static int print(void)
{
	char *text;
	int r = deny_text(&text);

	if (r < 0)
		return r;
	r = fputs(text, stdout) == EOF || fflush(stdout) == EOF ? -EIO : 0;
	free(text);
	return r;
}

/* Both are tried: half closed is better than open, and the exit status tells. */
static int close_network(void)
{
	int rules = deny_rules();
	int forwarding = deny_forwarding();

	if (rules < 0)
		log_error("the network is NOT closed: %s; keep this machine off every network and "
			  "call the office",
			  strerror(-rules));
	return rules < 0 || forwarding < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
	bool only_print = false;
	int option;

	log_init("airgap-deny");
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'p':
			only_print = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		case 'V':
			printf("airgap-deny %s\n", AIRGAP_VERSION);
			return EXIT_SUCCESS;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (!only_print)
		return close_network();
	return print() < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
