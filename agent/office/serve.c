// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/serve.h"

#include "agent/lib/log.h"

void serve_fail(struct serve *serve, const char *what)
{
	log_error("the store failed: %s; stopping, for nobody knows what the disk holds. Terminals "
		  "keep their entries",
		  what);
	sd_event_exit(serve->daemon.event, 1);
}
