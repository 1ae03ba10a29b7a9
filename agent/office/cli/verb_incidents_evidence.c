// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office incidents evidence: one event as a folder that anybody checks. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/lib/log.h"
#include "agent/office/cli/verb_incidents.h"
#include "agent/office/dossier.h"

int incidents_evidence(struct admin *admin, int argc, char **argv)
{
	int64_t id;
	int r;

	if (argc != 3 || !incidents_number(argv[1], &id))
		return office_usage("incidents");
	/* What is handed on is readable by whoever it is handed to. */
	umask(0022);
	r = dossier_write(admin->store, &admin->keys, id, argv[2]);
	if (r == 0)
		printf("event %" PRId64 " written to %s; 'airgap-office verify %s' checks it\n", id,
		       argv[2], argv[2]);
	else
		log_error("cannot write event %s to %s: %s", argv[1], argv[2],
			  r == -ENOENT ? "there is no such event, or no such folder above"
				       : strerror(-r));
	return r < 0;
}
