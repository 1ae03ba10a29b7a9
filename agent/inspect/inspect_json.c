// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/inspect_json.h"

#include <stdio.h>
#include <time.h>

#include "agent/lib/printable.h"

/* Every byte may become \xNN. */
#define CLEAN_SIZE (4 * INSPECT_VALUE_SIZE)

static json_t *finding_json(const struct inspect_check *check,
			    const struct inspect_finding *finding)
{
	char place[CLEAN_SIZE], value[CLEAN_SIZE], fingerprint[INSPECT_FINGERPRINT_SIZE];

	inspect_fingerprint(check, finding, fingerprint);
	return json_pack("{s:s, s:s, s:s, s:s}", "result", inspect_result_name(finding->result),
			 "place", printable_utf8(place, sizeof(place), finding->place), "value",
			 printable_utf8(value, sizeof(value), finding->value), "fingerprint",
			 fingerprint);
}

static json_t *outcome_json(const struct inspect_outcome *outcome)
{
	const struct inspect_check *check = outcome->check;
	json_t *findings = json_array();

	for (size_t i = 0; findings && i < outcome->count; i++)
		if (json_array_append_new(findings, finding_json(check, &outcome->findings[i])) <
		    0) {
			json_decref(findings);
			findings = NULL;
		}
	return json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o}", "check", check->name,
			 "number", (int)check->number, "severity",
			 inspect_severity_name(check->severity), "result",
			 inspect_result_name(outcome->result), "title", check->title, "term",
			 check->term, "rule", check->rule, "remedy", check->remedy, "more",
			 (json_int_t)outcome->more, "findings", findings);
}

static json_t *score_json(const struct inspect_score *score)
{
	return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "points", (int)score->points,
			 "vetoes", (int)score->vetoes, "exit", (int)score->exit, "pass",
			 (int)score->results[INSPECT_PASS], "warn",
			 (int)score->results[INSPECT_WARN], "fail",
			 (int)score->results[INSPECT_FAIL], "unknown",
			 (int)score->results[INSPECT_UNKNOWN], "not_applicable",
			 (int)score->results[INSPECT_NOT_APPLICABLE]);
}

json_t *inspect_json(const struct inspect_report *report, const char *terminal)
{
	struct inspect_score score = inspect_score(report);
	json_t *checks = json_array();
	char when[32] = "";
	struct tm tm;

	if (gmtime_r(&(time_t){ report->started }, &tm))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	for (size_t i = 0; checks && i < report->count; i++)
		if (json_array_append_new(checks, outcome_json(&report->outcomes[i])) < 0) {
			json_decref(checks);
			checks = NULL;
		}
	return json_pack("{s:i, s:s, s:s, s:b, s:I, s:o, s:o}", "inspection", INSPECT_JSON_VERSION,
			 "terminal", terminal, "time", when, "as_root", report->as_root, "took_ms",
			 (json_int_t)(report->took_us / 1000), "score", score_json(&score),
			 "checks", checks);
}
