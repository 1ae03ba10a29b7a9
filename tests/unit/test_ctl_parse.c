// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/ctl/ctl_entry.h"
#include "tests/unit/unit.h"

static struct ctl ctl;
static char said[4096];

/* Parse a line of words; what is said on standard error is kept. */
static int parse(const char *line)
{
	static char copy[512];
	static char *argv[32];
	int argc = 0, kept = dup(STDERR_FILENO), r;
	FILE *file = tmpfile();
	size_t n;

	snprintf(copy, sizeof(copy), "airgapctl %s", line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	ctl = (struct ctl){ .root = "/" };
	dup2(fileno(file), STDERR_FILENO);
	r = ctl_parse(&ctl, argc, argv);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(file);
	n = fread(said, 1, sizeof(said) - 1, file);
	said[n] = 0;
	fclose(file);
	return r;
}

START_TEST(test_verbs)
{
	ck_assert_int_eq(parse("status"), 0);
	ck_assert_str_eq(ctl.verb->name, "status");
	ck_assert_int_eq(parse("--json policy --root /tmp install FILE --no-pager"), 0);
	ck_assert_str_eq(ctl.verb->name, "policy install");
	ck_assert(ctl.json && ctl.no_pager && !ctl.no_legend);
	ck_assert_str_eq(ctl.root, "/tmp");
	ck_assert_int_eq(ctl.count, 1);
	ck_assert_str_eq(ctl.operands[0], "FILE");
	ck_assert_int_eq(parse("why -- --serial"), 0);
	ck_assert_str_eq(ctl.operands[0], "--serial");
}
END_TEST

START_TEST(test_options)
{
	ck_assert_int_eq(parse("log -f -n 20 --kind=violation,loss --since 2h"), 0);
	ck_assert_str_eq(ctl_option(&ctl, "follow"), "");
	ck_assert_str_eq(ctl_option(&ctl, "lines"), "20");
	ck_assert_str_eq(ctl_option(&ctl, "kind"), "violation,loss");
	ck_assert_str_eq(ctl_option(&ctl, "since"), "2h");
	ck_assert_ptr_null(ctl_option(&ctl, "grade"));
	ck_assert_ptr_null(ctl_option(&ctl, "all"));
	ck_assert_int_eq(parse("log -n5"), 0);
	ck_assert_str_eq(ctl_option(&ctl, "lines"), "5");
}
END_TEST

static const struct {
	const char *line;
	const char *says;
} wrong[] = {
	{ "", "what is to be done?" },
	{ "statsu", "did you mean 'status'?" },
	{ "zzzzzzzz", "there is no verb 'zzzzzzzz'" },
	{ "policy", "'policy' needs one of: show, verify, install" },
	{ "policy instal x", "did you mean 'install'?" },
	{ "status --jsn", "did you mean '--json'?" },
	{ "devices --al", "did you mean '--all'?" },
	{ "devices -z", "there is no option '-z'" },
	{ "status extra", "'status' takes no operand" },
	{ "why", "'why' needs DEVICE" },
	{ "why a b c d e f g h i j k l m n o p q", "'why' takes DEVICE" },
	{ "log -n", "'--lines' needs a value: N" },
	{ "status --json=1", "'--json' takes no value" },
	{ "status --follow", "there is no option '--follow'" },
	{ "status --root relative", "--root needs an absolute path" },
	{ "sta\033[2J", "\\u{1b}" },
};

START_TEST(test_wrong)
{
	ck_assert_int_eq(parse(wrong[_i].line), CTL_USAGE);
	ck_assert_msg(strstr(said, wrong[_i].says) != NULL, "%s: %s", wrong[_i].line, said);
	ck_assert_ptr_nonnull(strstr(said, "--help"));
	ck_assert_ptr_null(strchr(said, '\033'));
}
END_TEST

/* What the code relies on: names differ, options too, and a first word is either a verb or begins some. */
START_TEST(test_table)
{
	for (const struct ctl_verb *a = ctl_verbs; a->name; a++) {
		ck_assert_ptr_nonnull(a->run);
		ck_assert_ptr_nonnull(a->operands);
		ck_assert_int_le(a->least, a->most);
		for (const struct ctl_verb *b = ctl_verbs; b < a; b++)
			ck_assert_str_ne(a->name, b->name);
		for (const struct ctl_option *o = a->options; o->name; o++)
			for (const struct ctl_option *g = ctl_globals; g->name; g++) {
				ck_assert_str_ne(o->name, g->name);
				ck_assert(!o->letter || o->letter != g->letter);
			}
	}
}
END_TEST

START_TEST(test_since)
{
	static const struct {
		const char *text;
		const char *bound;
	} good[] = {
		{ "2026-12-01", "2026-12-01T00:00:00" },
		{ "2026-12-01 08:30", "2026-12-01T08:30:00" },
		{ "2026-12-01T08:30:15", "2026-12-01T08:30:15" },
		{ "2026-12-01T08:30:15Z", "2026-12-01T08:30:15" },
		{ "90s", "2026-12-01T11:58:30" },
		{ "2h", "2026-12-01T10:00:00" },
		{ "7d", "2026-11-24T12:00:00" },
		{ "1w", "2026-11-24T12:00:00" },
	};
	static const char *const bad[] = { "",	 "x",	   "2h ",	 "-2h",
					   "2y", "h",	   "2026-13-01", "99999999999999999999d",
					   "2",	 "100000w" };
	/* 2026-12-01 12:00:00 UTC */
	const int64_t now = 1796126400;
	char bound[CTL_SINCE_SIZE];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert_int_eq(ctl_since(good[i].text, now, bound), 0);
		ck_assert_str_eq(bound, good[i].bound);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(ctl_since(bad[i], now, bound) < 0, "'%s'", bad[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ctl_parse");
	TCase *tests = tcase_create("ctl_parse");

	tcase_add_test(tests, test_verbs);
	tcase_add_test(tests, test_options);
	tcase_add_loop_test(tests, test_wrong, 0, sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tests, test_table);
	tcase_add_test(tests, test_since);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
