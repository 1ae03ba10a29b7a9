// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "agent/lib/log.h"
#include "agent/office/incident.h"

int incident_rules_load(struct incident_rules *rules, struct store *store)
{
	char *text = NULL, reason[160];
	int r = store_setting_get(store, "incidents", &text);

	incident_rules_default(rules);
	if (r == 0 && incident_rules_read(rules, text, reason, sizeof(reason)) < 0) {
		log_error("the setting 'incidents' is wrong: %s", reason);
		r = -EINVAL;
	}
	free(text);
	return r == -ENOENT ? 0 : r;
}
