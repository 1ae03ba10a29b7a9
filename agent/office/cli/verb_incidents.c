// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office incidents: grades, deadlines and patience, as data. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/office/admin.h"
#include "agent/office/incident.h"

static void show(const struct incident_rules *rules)
{
	for (uint32_t i = 1; i < INCIDENT_GRADES; i++)
		printf("V%u  inner %lld s  outer %lld s  result %lld s\n", i,
		       (long long)rules->deadlines[i].inner_s,
		       (long long)rules->deadlines[i].outer_s,
		       (long long)rules->deadlines[i].result_s);
	for (uint32_t i = 0; i < rules->kind_count; i++)
		printf("%-16s %s%c\n", rules->kinds[i].name, rules->kinds[i].grade ? "V" : "",
		       rules->kinds[i].grade ? (char)('0' + rules->kinds[i].grade) : '-');
	printf("late after %u intervals, silent after %u, escalated after %u; fleet %u %%, at "
	       "least "
	       "%u\ninterval %u s where none is promised; bundles every %u s\n",
	       rules->late, rules->silent, rules->escalate, rules->fleet_percent,
	       rules->fleet_least, rules->heartbeat_s, rules->bundle_s);
}

static int change(struct admin *admin, const char *path)
{
	struct incident_rules rules;
	uint8_t *text = NULL;
	size_t length = 0;
	char reason[160];
	int r = file_read(path, 65536, &text, &length);

	incident_rules_default(&rules);
	if (r < 0)
		log_error("cannot read %s: %s", path, strerror(-r));
	else
		r = incident_rules_read(&rules, (const char *)text, reason, sizeof(reason));
	if (r == -EINVAL)
		log_error("%s: %s", path, reason);
	if (r == 0)
		r = admin_begin(admin);
	if (r == 0)
		r = admin_commit(admin,
				 store_setting_put(admin->store, "incidents", (const char *)text),
				 "incidents", "%s", (const char *)text);
	free(text);
	return r;
}

int verb_incidents(const struct office_call *call)
{
	struct incident_rules rules;
	struct admin admin;
	int r;

	if (call->argc > 2)
		return office_usage("incidents");
	r = admin_open(&admin, call);
	if (r == 0 && call->argc == 2)
		r = change(&admin, call->argv[1]);
	if (r == 0)
		r = incident_rules_load(&rules, admin.store);
	if (r == 0)
		show(&rules);
	admin_close(&admin);
	return r < 0;
}
