// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/inspect_run.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/inspect/inspect_json.h"
#include "agent/inspect/inspect_read.h"
#include "tests/unit/unit.h"

static void put(const char *root, const char *path, const char *text)
{
	char whole[4096], *slash;
	FILE *file;

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	for (slash = strchr(whole + strlen(root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(whole, 0755);
		*slash = '/';
	}
	file = fopen(whole, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static void run(const char *root, const char *check, struct inspect_report *report)
{
	const char *const wanted[] = { check, NULL };
	struct inspect_subject subject = { .root = root, .now = 1764000000 };

	ck_assert_ptr_nonnull(inspect_check_named(check));
	ck_assert_int_eq(inspect_run(&subject, wanted, NULL, NULL, report), 0);
	ck_assert_uint_eq(report->count, 1);
}

static const struct inspect_finding *only(const struct inspect_report *report)
{
	ck_assert_uint_eq(report->outcomes[0].count, 1);
	return &report->outcomes[0].findings[0];
}

START_TEST(test_every_row_is_whole)
{
	unsigned int last = 0;

	for (const struct inspect_check *check = inspect_checks; check->name; check++) {
		ck_assert_msg(check->title && check->term && check->rule && check->remedy &&
				      check->run,
			      "%s", check->name);
		ck_assert_msg(check->number > last, "%s", check->name);
		ck_assert_ptr_eq(inspect_check_named(check->name), check);
		last = check->number;
	}
	ck_assert_ptr_null(inspect_check_named("no-such-check"));
}
END_TEST

START_TEST(test_nothing_to_see_is_never_a_pass)
{
	struct inspect_subject subject = { .root = unit_tmpdir(), .now = 1764000000 };
	struct inspect_report report;

	/* An empty folder: what cannot be looked at is unknown, absent or failed. */
	ck_assert_int_eq(inspect_run(&subject, NULL, NULL, NULL, &report), 0);
	for (size_t i = 0; i < report.count; i++) {
		ck_assert_uint_ge(report.outcomes[i].count, 1);
		if (report.outcomes[i].result == INSPECT_PASS)
			ck_assert_msg(report.outcomes[i].check->severity != INSPECT_CRITICAL ||
					      strcmp(report.outcomes[i].check->name,
						     "wifi-history") == 0 ||
					      strcmp(report.outcomes[i].check->name,
						     "dhcp-history") == 0 ||
					      strcmp(report.outcomes[i].check->name,
						     "remote-control") == 0,
				      "%s passes on nothing", report.outcomes[i].check->name);
	}
	inspect_report_free(&report);
}
END_TEST

START_TEST(test_a_second_root)
{
	struct inspect_report report;
	const char *root = unit_tmpdir();

	put(root, "/etc/passwd", "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n");
	put(root, "/etc/shadow", "root:*:1::::::\ntoor:*:1::::::\n");
	run(root, "accounts", &report);
	ck_assert_uint_eq(report.outcomes[0].result, INSPECT_FAIL);
	ck_assert_str_eq(only(&report)->place, "/etc/passwd toor");
	inspect_report_free(&report);
}
END_TEST

START_TEST(test_links_stay_below_the_root)
{
	char path[4096], target[4096];
	struct inspect_report report;
	const char *root = unit_tmpdir();

	/* A link out of the root leads to the root's own file, which is not there. */
	put(root, "/etc/hosts", "");
	snprintf(path, sizeof(path), "%s/etc/passwd", root);
	snprintf(target, sizeof(target), "../../../../../../../../etc/passwd");
	ck_assert_int_eq(symlink(target, path), 0);
	run(root, "accounts", &report);
	ck_assert_uint_eq(report.outcomes[0].result, INSPECT_UNKNOWN);
	inspect_report_free(&report);
}
END_TEST

START_TEST(test_pipes_are_not_waited_for)
{
	char path[4096];
	struct inspect_report report;
	const char *root = unit_tmpdir();

	put(root, "/etc/hosts", "");
	snprintf(path, sizeof(path), "%s/etc/passwd", root);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	run(root, "accounts", &report);
	ck_assert_uint_eq(report.outcomes[0].result, INSPECT_UNKNOWN);
	inspect_report_free(&report);
}
END_TEST

START_TEST(test_fingerprints)
{
	const struct inspect_check *check = inspect_check_named("accounts");
	struct inspect_finding one = { .result = INSPECT_FAIL }, two = one;
	char first[INSPECT_FINGERPRINT_SIZE], second[INSPECT_FINGERPRINT_SIZE];

	strcpy(one.place, "/etc/passwd toor");
	strcpy(one.value, "is a second root");
	strcpy(two.place, "/etc/passwd toor");
	strcpy(two.value, "says it in other words");
	inspect_fingerprint(check, &one, first);
	inspect_fingerprint(check, &two, second);
	ck_assert_uint_eq(strlen(first), 16);
	ck_assert_str_eq(first, second);
	two.result = INSPECT_WARN;
	inspect_fingerprint(check, &two, second);
	ck_assert_str_ne(first, second);
	two = one;
	strcpy(two.place, "/etc/passwd other");
	inspect_fingerprint(check, &two, second);
	ck_assert_str_ne(first, second);
	inspect_fingerprint(inspect_check_named("passwords"), &one, second);
	ck_assert_str_ne(first, second);
}
END_TEST

static struct inspect_score score_of(enum inspect_result critical, enum inspect_result medium)
{
	const struct inspect_check checks[] = { { .severity = INSPECT_CRITICAL },
						{ .severity = INSPECT_MEDIUM } };
	struct inspect_outcome outcomes[] = { { .check = &checks[0], .result = critical },
					      { .check = &checks[1], .result = medium } };

	return inspect_score(&(struct inspect_report){ .count = 2, .outcomes = outcomes });
}

START_TEST(test_scores)
{
	struct inspect_score score = score_of(INSPECT_PASS, INSPECT_PASS);

	ck_assert_uint_eq(score.points, 100);
	ck_assert_int_eq(score.exit, INSPECT_EXIT_GOOD);
	score = score_of(INSPECT_PASS, INSPECT_FAIL);
	ck_assert_uint_eq(score.points, 75);
	ck_assert_int_eq(score.exit, INSPECT_EXIT_WARNING);
	score = score_of(INSPECT_UNKNOWN, INSPECT_WARN);
	ck_assert_int_eq(score.exit, INSPECT_EXIT_WARNING);
	score = score_of(INSPECT_UNKNOWN, INSPECT_PASS);
	ck_assert_int_eq(score.exit, INSPECT_EXIT_UNKNOWN);
	score = score_of(INSPECT_FAIL, INSPECT_UNKNOWN);
	ck_assert_int_eq(score.exit, INSPECT_EXIT_CRITICAL);
	ck_assert_uint_eq(score.vetoes, 1);
	score = score_of(INSPECT_NOT_APPLICABLE, INSPECT_PASS);
	ck_assert_uint_eq(score.points, 100);
}
END_TEST

START_TEST(test_json_of_hostile_names)
{
	const char *root = unit_tmpdir();
	struct inspect_report report;
	json_t *json;
	char *text;

	put(root, "/etc/passwd", "root:x:0:0::/root:/bin/sh\n\xff\x1b[2J:x:0:0::/:/bin/sh\n");
	run(root, "accounts", &report);
	json = inspect_json(&report, "T-1");
	ck_assert_ptr_nonnull(json);
	text = json_dumps(json, JSON_ENSURE_ASCII);
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_null(strchr(text, '\x1b'));
	ck_assert_ptr_nonnull(strstr(text, "is a second root"));
	free(text);
	json_decref(json);
	inspect_report_free(&report);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("inspect_run");
	TCase *tests = tcase_create("inspect_run");

	if (sodium_init() < 0)
		return 1;
	tcase_add_test(tests, test_every_row_is_whole);
	tcase_add_test(tests, test_nothing_to_see_is_never_a_pass);
	tcase_add_test(tests, test_a_second_root);
	tcase_add_test(tests, test_links_stay_below_the_root);
	tcase_add_test(tests, test_pipes_are_not_waited_for);
	tcase_add_test(tests, test_fingerprints);
	tcase_add_test(tests, test_scores);
	tcase_add_test(tests, test_json_of_hostile_names);
	tcase_set_timeout(tests, 60);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
