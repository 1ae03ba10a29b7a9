// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_problems.h"

#include <string.h>

#include "tests/unit/unit.h"

static const char healthy[] =
	"{\"mode\":\"enforcing\",\"journal\":{\"next\":7,\"lost\":0,\"error\":null},"
	"\"programs\":[{\"name\":\"airgapd\",\"present\":true,\"seccomp\":true,\"landlock\":true},"
	"{\"name\":\"airgap-journald\",\"present\":true,\"seccomp\":true,\"landlock\":true}]}";

static json_t *status_with(const char *program, const char *member, json_t *value)
{
	json_t *status = json_loads(healthy, 0, NULL), *target = json_object_get(status, "journal"),
	       *at;
	size_t i;

	if (program) {
		json_array_foreach(json_object_get(status, "programs"), i,
				   at) if (strcmp(json_string_value(json_object_get(at, "name")),
						  program) == 0) target = at;
	}
	json_object_set_new(target, member, value);
	return status;
}

/* Exactly one problem, and it says both what is the matter and what to do. Takes @status. */
static void expect(json_t *status, const char *what, const char *todo)
{
	json_t *problems = ctl_problems(status);
	const char *text = json_string_value(json_array_get(problems, 0));

	ck_assert_uint_eq(json_array_size(problems), 1);
	ck_assert_msg(strstr(text, what) && strstr(text, todo), "%s", text);
	json_decref(problems);
	json_decref(status);
}

START_TEST(test_healthy)
{
	json_t *status = json_loads(healthy, 0, NULL);
	json_t *problems = ctl_problems(status);

	ck_assert_uint_eq(json_array_size(problems), 0);
	json_decref(problems);
	json_decref(status);
}
END_TEST

START_TEST(test_maintenance)
{
	json_t *status = json_loads(healthy, 0, NULL), *problems;

	json_object_set_new(status, "network",
			    json_pack("{s:{s:s, s:s, s:i}}", "maintenance", "order", "7.2/4",
				      "reason", "new switch", "left_s", 2 * 3600 + 61));
	expect(status, "Maintenance by order \"7.2/4\" for another 2 h 2 min",
	       "Reason given: new switch");
	status = json_loads(healthy, 0, NULL);
	json_object_set_new(status, "network", json_pack("{s:n}", "maintenance"));
	problems = ctl_problems(status);
	ck_assert_uint_eq(json_array_size(problems), 0);
	json_decref(problems);
	json_decref(status);
}
END_TEST

START_TEST(test_each_problem)
{
	expect(status_with("airgapd", "seccomp", json_false()), "airgapd runs without seccomp",
	       "Reinstall");
	expect(status_with("airgapd", "landlock", json_false()), "airgapd runs without Landlock",
	       "kernel");
	expect(status_with("airgap-journald", "present", json_false()),
	       "airgap-journald is not running", "systemctl status airgap-journald");
	expect(status_with(NULL, "error", json_string("ENOSPC")), "cannot be written (ENOSPC)",
	       "Make room");
	expect(status_with(NULL, "lost", json_integer(3)), "3 entries", "airgapctl log");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ctl_problems");
	TCase *tests = tcase_create("ctl_problems");

	tcase_add_test(tests, test_healthy);
	tcase_add_test(tests, test_maintenance);
	tcase_add_test(tests, test_each_problem);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
