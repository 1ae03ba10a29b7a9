// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/ctl/ctl_door.h"

static void add(json_t *problems, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(json_t *problems, const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_array_append_new(problems, json_string(text));
}

/* What stops when a program is missing; blocking never does. */
static const struct {
	const char *program;
	const char *loss;
} losses[] = {
	{ "airgapd", "the kernel keeps refusing new devices, but nothing is decided" },
	{ "airgap-monitord", "new devices stay refused until it is back" },
	{ "airgap-journald", "refusals go on, but nothing is permitted that cannot be recorded" },
	{ "airgap-doord", "nobody can ask the agent" },
	{ "airgap-noticed", "people at the terminal are not told what was refused" },
};

static const char *loss_of(const char *program)
{
	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
		if (strcmp(losses[i].program, program) == 0)
			return losses[i].loss;
	return "its part is not done";
}

static void check_program(const json_t *program, json_t *problems)
{
	const char *name = ctl_text(program, "name");
	bool seccomp = json_is_true(json_object_get(program, "seccomp"));
	/* null: it goes without by design */
	bool landlock = !json_is_false(json_object_get(program, "landlock"));

	if (!json_is_true(json_object_get(program, "present")))
		add(problems, "%s is not running: %s. Look at 'systemctl status %s'.", name,
		    loss_of(name), name);
	else if (!seccomp || !landlock)
		add(problems,
		    "%s runs without %s: a hostile device that deceives it could do more than it "
		    "should. %s.",
		    name,
		    seccomp    ? "Landlock"
		    : landlock ? "seccomp"
			       : "seccomp and Landlock",
		    seccomp ? "Start a kernel that has Landlock (lsm=landlock,...)"
			    : "Reinstall the package and restart the service");
}

static void check_programs(const json_t *status, json_t *problems)
{
	const json_t *list = json_object_get(status, "programs");

	for (size_t i = 0; i < json_array_size(list); i++)
		check_program(json_array_get(list, i), problems);
}

static void check_network(const json_t *status, json_t *problems)
{
	const json_t *network = json_object_get(status, "network");
	const char *error = ctl_text(network, "error");

	if (*error)
		add(problems,
		    "the packet filter could not be set (%s): what the kernel held before stays. "
		    "Look at 'journalctl -u airgapd'.",
		    error);
}

bool ctl_maintenance(const json_t *network, char *out, size_t size)
{
	const json_t *maintenance = json_object_get(network, "maintenance");
	json_int_t minutes = (ctl_number(maintenance, "left_s") + 59) / 60;

	if (!json_is_object(maintenance))
		return false;
	snprintf(out, size,
		 "Maintenance by order \"%s\" for another %lld h %lld min: addresses, routes and "
		 "settings that the policy does not name are recorded and stay; nothing else is "
		 "reached than before. Reason given: %s",
		 ctl_text(maintenance, "order"), (long long)(minutes / 60),
		 (long long)(minutes % 60), ctl_text(maintenance, "reason"));
	return true;
}

static void check_maintenance(const json_t *status, json_t *problems)
{
	char text[1024];

	if (ctl_maintenance(json_object_get(status, "network"), text, sizeof(text)))
		add(problems, "%s", text);
}

static void check_journal(const json_t *status, json_t *problems)
{
	const json_t *journal = json_object_get(status, "journal");
	const char *error = ctl_text(journal, "error");

	/* That it is absent is told with the programs. */
	if (error[0] && strcmp(error, "ENOTCONN") != 0)
		add(problems,
		    "The journal cannot be written (%s): refusals go on, but nothing is permitted. "
		    "Make room or repair the disk under /var/lib/airgap/journal, then restart "
		    "airgap-journald.",
		    error);
	if (ctl_number(journal, "lost") > 0)
		add(problems,
		    "%lld entries could not be written to the journal since it began. The office "
		    "will ask: 'airgapctl log --kind loss' tells when.",
		    (long long)ctl_number(journal, "lost"));
}

json_t *ctl_problems(const json_t *status)
{
	static void (*const checks[])(const json_t *, json_t *) = { check_programs, check_journal,
								    check_network,
								    check_maintenance };
	json_t *problems = json_array();

	for (size_t i = 0; problems && i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i](status, problems);
	return problems;
}
