// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl: what people ask of the agent, and tell it. */
#include <locale.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>

#include "agent/ctl/ctl_output.h"
#include "agent/lib/log.h"
#include "agent/lib/version.h"

int main(int argc, char *argv[])
{
	struct ctl ctl = { .root = "/" };
	int r;

	setlocale(LC_CTYPE, "");
	log_init("airgapctl");
	/* A daemon that hangs up is an answer, and a pager that is left early ends the program. */
	signal(SIGPIPE, SIG_DFL);
	r = ctl_parse(&ctl, argc, argv);
	if (r != 0)
		return r;
	if (ctl.version) {
		printf("airgapctl %s\n", AIRGAP_VERSION);
		return CTL_GOOD;
	}
	if (ctl.help) {
		ctl_help(&ctl);
		return CTL_GOOD;
	}
	if (sodium_init() < 0) {
		ctl_error("the crypto library does not start");
		return CTL_UNREACHABLE;
	}
	ctl_output_begin(&ctl);
	return ctl_output_end(ctl.verb->run(&ctl));
}
