// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl report status */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_output.h"
#include "agent/ctl/ctl_report.h"
#include "agent/lib/file.h"
#include "agent/lib/path.h"

#define STATUS_LIMIT 16384

json_t *ctl_report_load(const struct ctl *ctl)
{
	char path[PATH_MAX];
	uint8_t *data = NULL;
	size_t length = 0;
	json_t *json = NULL;
	int r = path_join(path, ctl->root, PATH_REPORT_DIR "/status");

	if (r == 0)
		r = file_read(path, STATUS_LIMIT, &data, &length);
	if (r == 0)
		json = json_loadb((char *)data, length, JSON_REJECT_DUPLICATES, NULL);
	free(data);
	if (!json)
		ctl_error("%s/status cannot be read (%s): is airgap-reportd installed, and are you "
			  "in group airgap?",
			  PATH_REPORT_DIR, strerror(r < 0 ? -r : EBADMSG));
	return json;
}

static void show_line(const struct ctl *ctl, const char *name, const char *value)
{
	if (!value[0])
		return;
	printf("%s%-12s%s ", ctl_on(ctl, CTL_DIM), name, ctl_off(ctl, CTL_DIM));
	ctl_print_clean(value);
	putchar('\n');
}

static void show_receipt(const struct ctl *ctl, const json_t *status)
{
	char text[96], when[32] = "";
	time_t time = (time_t)ctl_number(status, "receipt_time");
	struct tm utc;

	if (time > 0 && gmtime_r(&time, &utc))
		strftime(when, sizeof(when), ", last %Y-%m-%d %H:%M:%S", &utc);
	snprintf(text, sizeof(text),
		 "%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " entries%s",
		 ctl_number(status, "confirmed"), ctl_number(status, "entries"), when);
	show_line(ctl, "confirmed", text);
}

/* Who has no network is reminded; the office misses the bundle at the same time. */
static bool show_due(const struct ctl *ctl, const json_t *status)
{
	json_int_t due = ctl_number(status, "bundle_due"), left = due - (json_int_t)time(NULL);
	char text[96], day[16];

	if (!json_is_true(json_object_get(status, "standalone")))
		return true;
	if (due == 0) {
		show_line(ctl, "carry", "now: airgapctl report export FILE");
		return false;
	}
	ctl_day(due, day);
	if (left < 0)
		snprintf(text, sizeof(text), "overdue since %s: airgapctl report export FILE", day);
	else
		snprintf(text, sizeof(text), "by %s, in %" JSON_INTEGER_FORMAT " days", day,
			 left / 86400);
	show_line(ctl, "carry", text);
	return left >= 0;
}

/* Signed beats what root wrote. */
static const char *named_by(const json_t *status, char *text, size_t size)
{
	if (strcmp(ctl_text(status, "named_by"), "policy") == 0)
		snprintf(text, size, "policy %" JSON_INTEGER_FORMAT ", which beats %s",
			 ctl_number(status, "policy"), PATH_OFFICE);
	else
		snprintf(text, size, "%s; no policy in force names an office", PATH_OFFICE);
	return text;
}

static int show_status(const struct ctl *ctl, const json_t *status)
{
	char text[128];
	const char *state = ctl_text(status, "state"), *problem = ctl_text(status, "problem");
	bool active = strcmp(state, "active") == 0;

	show_line(ctl, "registration",
		  active			       ? "active"
		  : strcmp(state, "pending") == 0      ? "an officer compares the fingerprint"
		  : strcmp(state, "refused") == 0      ? "refused: ask the office for a new code"
		  : strcmp(state, "unregistered") == 0 ? "none: airgapctl report enrol"
						       : "no office is known");
	show_line(ctl, "office", ctl_text(status, "office"));
	show_line(ctl, "named by", named_by(status, text, sizeof(text)));
	show_line(ctl, "address", ctl_text(status, "address"));
	show_line(ctl, "fingerprint", ctl_text(status, "fingerprint"));
	if (json_is_true(json_object_get(status, "digests")))
		show_line(ctl, "told",
			  "digests, for the office has a lower level: airgapctl log show N");
	if (active)
		show_receipt(ctl, status);
	if (active && !show_due(ctl, status))
		active = false;
	show_line(ctl, "problem", problem);
	return active && !problem[0] ? CTL_GOOD : CTL_BAD;
}

int ctl_report_status(struct ctl *ctl)
{
	json_t *status = ctl_report_load(ctl);
	bool good;
	int r;

	if (!status)
		return CTL_UNREACHABLE;
	good = strcmp(ctl_text(status, "state"), "active") == 0 && !ctl_text(status, "problem")[0];
	if (ctl->json)
		return ctl_print_json(status) < 0 ? CTL_UNREACHABLE : good ? CTL_GOOD : CTL_BAD;
	r = show_status(ctl, status);
	json_decref(status);
	return r;
}
