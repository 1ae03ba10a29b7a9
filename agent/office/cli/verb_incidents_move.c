// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office incidents draft, carry: what officers sign elsewhere; rules: grades and deadlines. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/office/cli/verb_incidents.h"
#include "agent/office/event_signed.h"

#define SIGNED_MAX 131072

static int office_of(struct admin *admin, struct event_office *office, struct incident_book **book)
{
	int r = incident_book_new(book, admin->store);

	*office = (struct event_office){
		.store = admin->store, .keys = &admin->keys, .book = *book, .now_us = admin->now_us
	};
	return r;
}

/* draft MOVE N OFFICER [NAME=VALUE...], draft enter OFFICER NAME=VALUE... */
int incidents_draft(struct admin *admin, int argc, char **argv)
{
	char reason[EVENT_SIGNED_REASON] = "", *text = NULL;
	bool entering = argc > 1 && strcmp(argv[1], "enter") == 0;
	struct event_office office;
	struct incident_book *book;
	int64_t id = 0;
	int officer = entering ? 2 : 3, r;

	if (argc <= officer || (!entering && (event_move(argv[1]) == EVENT_MOVE_COUNT ||
					      !incidents_number(argv[2], &id))))
		return office_usage("incidents");
	r = office_of(admin, &office, &book);
	/* The verb takes the officer's place in front of its words. */
	if (r == 0) {
		char *name = argv[officer];

		argv[officer] = argv[1];
		r = event_signed_draft(&office, name, id, argc - officer, argv + officer, &text,
				       reason);
	}
	if (r == 0)
		printf("%s\n", text);
	else
		log_error("no draft: %s", reason[0] ? reason : strerror(-r));
	free(text);
	incident_book_free(book);
	return r < 0;
}

/* The text and its signature as one file, whichever way they come. */
static int read_signed(int argc, char **argv, uint8_t **file, size_t *length)
{
	uint8_t *signature = NULL, *more;
	size_t size = 0;
	int r = file_read(argv[1], SIGNED_MAX, file, length);

	if (r == 0 && argc == 3)
		r = file_read(argv[2], SIGNED_MAX, &signature, &size);
	if (r < 0)
		log_error("cannot read %s: %s", signature || !*file ? argv[1] : argv[2],
			  strerror(-r));
	if (r == 0 && signature) {
		more = realloc(*file, *length + size + 1);
		if (more) {
			memcpy(more + *length, signature, size);
			*file = more;
			*length += size;
		} else {
			r = -ENOMEM;
		}
	}
	free(signature);
	return r;
}

int incidents_carry(struct admin *admin, int argc, char **argv)
{
	char reason[EVENT_SIGNED_REASON] = "";
	struct incident_book *book = NULL;
	struct event_office office;
	uint8_t *file = NULL;
	size_t length = 0;
	int64_t id = 0;
	int r;

	if (argc < 2 || argc > 3)
		return office_usage("incidents");
	r = read_signed(argc, argv, &file, &length);
	if (r < 0) {
		free(file);
		return 1;
	}
	r = office_of(admin, &office, &book);
	if (r == 0)
		r = admin_begin(admin);
	if (r == 0)
		r = event_signed_take(&office, file, length, &id, reason);
	if (r == 0)
		r = store_commit(admin->store);
	else
		store_rollback(admin->store);
	if (r == 0)
		printf("event %" PRId64 "\n", id);
	else
		log_error("nothing was changed: %s",
			  reason[0] ? reason : store_reason(admin->store));
	free(file);
	incident_book_free(book);
	return r < 0;
}

static void show_rules(const struct incident_rules *rules)
{
	for (uint32_t i = 1; i < INCIDENT_GRADES; i++)
		printf("V%u  inner %lld s  outer %lld s  result %lld s\n", i,
		       (long long)rules->deadlines[i].inner_s,
		       (long long)rules->deadlines[i].outer_s,
		       (long long)rules->deadlines[i].result_s);
	for (uint32_t i = 0; i < rules->kind_count; i++)
		printf("%-16s %s%c\n", rules->kinds[i].name, rules->kinds[i].grade ? "V" : "",
		       rules->kinds[i].grade ? (char)('0' + rules->kinds[i].grade) : '-');
	for (uint32_t i = INCIDENT_CYBER_NONE + 1; i < INCIDENT_CYBER_COUNT; i++)
		printf("cyber %-9s report %lld s  closing %lld s\n", incident_cyber_name(i),
		       (long long)rules->cyber[i].report_s, (long long)rules->cyber[i].closing_s);
	printf("a lost medium is a leak after: juemi %lld s  others %lld s\n",
	       (long long)rules->lost_juemi_s, (long long)rules->lost_others_s);
	printf("late after %u intervals, silent after %u, escalated after %u; fleet %u %%, at "
	       "least %u\ninterval %u s where none is promised; bundles every %u s\n",
	       rules->late, rules->silent, rules->escalate, rules->fleet_percent,
	       rules->fleet_least, rules->heartbeat_s, rules->bundle_s);
	printf("at %u %% the person directly responsible (%s), at %u %% the person first "
	       "responsible (%s)\n",
	       rules->direct_percent, rules->direct[0] ? rules->direct : "not named",
	       rules->lead_percent, rules->lead[0] ? rules->lead : "not named");
}

/* The defaults of what follows are the law's. */
static int check_law(const struct incident_rules *rules, const char *path)
{
	struct incident_rules law;
	int r = 0;

	incident_rules_default(&law);
	for (uint32_t i = INCIDENT_CYBER_NONE + 1; i < INCIDENT_CYBER_COUNT; i++)
		if (rules->cyber[i].report_s > law.cyber[i].report_s ||
		    rules->cyber[i].closing_s > law.cyber[i].closing_s) {
			log_error(
				"%s: a cyber incident (%s) is reported within %lld hours and "
				"its closing report within 30 days by law (measures of 2025, art. "
				"4); the office sets no longer time",
				path, incident_cyber_name(i),
				(long long)law.cyber[i].report_s / 3600);
			r = -EINVAL;
		}
	if (rules->lost_juemi_s > law.lost_juemi_s || rules->lost_others_s > law.lost_others_s) {
		log_error("%s: a lost medium is treated as a leak after 10 days (juemi) or 60 days "
			  "(others) by law; the office waits no longer",
			  path);
		r = -EINVAL;
	}
	return r;
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
	for (uint32_t grade = 3; r == 0 && grade < INCIDENT_GRADES; grade++)
		if (rules.deadlines[grade].outer_s == 0 ||
		    rules.deadlines[grade].outer_s > INCIDENT_STATUTORY_S) {
			log_error("%s: V%u is owed to the administration within 24 hours by law "
				  "(regulation of 2024, art. 61); the office sets no longer time",
				  path, grade);
			r = -EINVAL;
		}
	if (r == 0)
		r = check_law(&rules, path);
	if (r == 0)
		r = admin_begin(admin);
	if (r == 0)
		r = admin_commit(admin,
				 store_setting_put(admin->store, "incidents", (const char *)text),
				 "incidents", "%s", (const char *)text);
	free(text);
	return r;
}

int incidents_rules(struct admin *admin, int argc, char **argv)
{
	struct incident_rules rules;
	int r = 0;

	if (argc > 2)
		return office_usage("incidents");
	if (argc == 2)
		r = change(admin, argv[1]);
	if (r == 0)
		r = incident_rules_load(&rules, admin->store);
	if (r == 0)
		show_rules(&rules);
	return r < 0;
}
