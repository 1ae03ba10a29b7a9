// SPDX-License-Identifier: GPL-2.0-or-later
/* Who can log in, and with what. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "policy/decide/context.h"
#include "policy/lang/policy.h"

#define SHADOW "/etc/shadow"
#define DAY    86400

static size_t split(char *line, char **fields, size_t max)
{
	size_t count = 0;

	while (count < max && line)
		fields[count++] = strsep(&line, ":");
	return count;
}

struct roots {
	unsigned int accounts;
	unsigned long numbers[4096]; /* uids, to find one that two share */
};

static int on_passwd(struct inspect *inspect, const char *path, char *line, void *data)
{
	struct roots *seen = data;
	char *fields[7], place[128];
	unsigned long uid;

	if (split(line, fields, 7) < 7)
		return 0;
	snprintf(place, sizeof(place), "%s %s", path, fields[0]);
	if (fields[1][0] == 0)
		inspect_fail(inspect, place, "has no password");
	else if (strcmp(fields[1], "x") != 0 && strcmp(fields[1], "*") != 0 &&
		 strcmp(fields[1], "!") != 0)
		inspect_fail(inspect, place, "has its password where everyone can read it");
	/* As the C library reads it: "00" is root, too. */
	uid = strtoul(fields[2], NULL, 10);
	if (uid == 0 && strcmp(fields[0], "root") != 0)
		inspect_fail(inspect, place, "is a second root: its number is 0");
	for (unsigned int i = 0; i < seen->accounts; i++)
		if (seen->numbers[i] == uid && uid != 0)
			inspect_fail(inspect, place, "shares its number %lu with another account",
				     uid);
	if (seen->accounts < sizeof(seen->numbers) / sizeof(seen->numbers[0]))
		seen->numbers[seen->accounts++] = uid;
	return 0;
}

static int on_shadow(struct inspect *inspect, const char *path, char *line, void *data)
{
	char *fields[9], place[128];

	(void)data;
	if (split(line, fields, 9) < 2)
		return 0;
	snprintf(place, sizeof(place), "%s %s", path, fields[0]);
	if (fields[1][0] == 0)
		inspect_fail(inspect, place, "has an empty password");
	else if (strncmp(fields[1], "$1$", 3) == 0 ||
		 (fields[1][0] != '$' && fields[1][0] != '!' && fields[1][0] != '*'))
		inspect_fail(inspect, place,
			     "its password is hashed in a way that is easily undone");
	return 0;
}

void check_accounts(struct inspect *inspect)
{
	struct roots *seen = calloc(1, sizeof(*seen));
	int r = seen ? inspect_lines(inspect, "/etc/passwd", on_passwd, seen) : -ENOMEM;
	unsigned int accounts = seen ? seen->accounts : 0;

	free(seen);
	if (r < 0) {
		inspect_unknown(inspect, "/etc/passwd", "could not be read: %s", strerror(-r));
		return;
	}
	r = inspect_lines(inspect, SHADOW, on_shadow, NULL);
	if (r == -ENOENT)
		inspect_unknown(inspect, SHADOW, "does not exist");
	else if (r < 0)
		inspect_closed(inspect, SHADOW, r);
	if (inspect->stated == 0)
		inspect_pass(inspect, "/etc/passwd",
			     "%u accounts: one root, none shared, none without a password",
			     accounts);
}

/* How often a password is to be changed and how long it is at least, at the levels of the law. */
struct demand {
	const char *level;
	long days;
	long length;
};

static struct demand demand_of(const struct inspect *inspect)
{
	static const struct demand demands[] = {
		{ "neibu", 90, 8 }, { "mimi", 30, 8 }, { "jimi", 7, 10 }, { "juemi", 7, 10 }
	};
	const char *level =
		inspect->subject.policy ? policy_level(inspect->subject.policy) : "mimi";

	for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++)
		if (strcmp(demands[i].level, level) == 0)
			return demands[i];
	/* A level that the unit named itself. */
	return demands[1];
}

struct ages {
	struct demand demand;
	int64_t today; /* days since 1970 */
	unsigned int people;
};

static int on_age(struct inspect *inspect, const char *path, char *line, void *data)
{
	struct ages *ages = data;
	char *fields[9], place[128];
	long changed;

	if (split(line, fields, 9) < 5 || fields[1][0] != '$')
		return 0;
	ages->people++;
	snprintf(place, sizeof(place), "%s %s", path, fields[0]);
	changed = strtol(fields[2], NULL, 10);
	if (changed <= 0)
		inspect_warn(inspect, place, "it is not known when the password was changed");
	else if (ages->today - changed > ages->demand.days)
		inspect_fail(inspect, place,
			     "the password is %lld days old; at most %ld are permitted",
			     (long long)(ages->today - changed), ages->demand.days);
	if (fields[4][0] == 0 || strtol(fields[4], NULL, 10) > ages->demand.days)
		inspect_warn(inspect, place, "nothing makes its owner change the password in time");
	return 0;
}

struct quality {
	long length;
	bool used; /* pwquality.conf alone does nothing: PAM has to ask the module */
};

static int on_pam(struct inspect *inspect, const char *path, char *line, void *data)
{
	struct quality *quality = data;
	const char *at = strstr(line, "minlen");

	(void)inspect;
	line += strspn(line, " \t");
	if (*line == '#')
		return 0;
	if (strstr(path, "/pam.d/") && strstr(line, "pam_pwquality.so"))
		quality->used = true;
	/* pam_unix.so has an option of this name, too. */
	if (strstr(line, "pam_unix.so") && at)
		quality->used = true;
	at = at ? at + strcspn(at, "0123456789") : NULL;
	if (at && *at)
		quality->length = strtol(at, NULL, 10);
	return 0;
}

void check_passwords(struct inspect *inspect)
{
	static const char *const files[] = { "/etc/security/pwquality.conf",
					     "/etc/pam.d/common-password" };
	struct ages ages = { demand_of(inspect), inspect->subject.now / DAY, 0 };
	struct quality quality = { 0 };
	int r = inspect_lines(inspect, SHADOW, on_age, &ages);

	if (r < 0) {
		inspect_unknown(inspect, SHADOW, "could not be read: %s", strerror(-r));
		return;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		inspect_lines(inspect, files[i], on_pam, &quality);
	if (!quality.used)
		inspect_fail(inspect, files[1],
			     "nothing demands a length: pam_pwquality is not used");
	else if (quality.length < ages.demand.length)
		inspect_fail(inspect, files[1],
			     "passwords of fewer than %ld characters are accepted (minlen is %ld)",
			     ages.demand.length, quality.length);
	if (inspect->stated == 0)
		inspect_pass(inspect, SHADOW, "%u passwords, none older than %ld days", ages.people,
			     ages.demand.days);
}

/* "deny = 5" in faillock.conf, or as an option of pam_faillock.so, beside even_deny_root */
static int on_deny(struct inspect *inspect, const char *path, char *line, void *data)
{
	long *tries = data;
	const char *at;

	(void)inspect;
	(void)path;
	line += strspn(line, " \t");
	if (*line == '#')
		return 0;
	for (at = line; (at = strstr(at, "deny")); at += 4) {
		const char *value = at + 4 + strspn(at + 4, " \t");

		if ((at > line && at[-1] != ' ' && at[-1] != '\t') || *value != '=')
			continue;
		value += 1 + strspn(value + 1, " \t");
		if (*value >= '0' && *value <= '9')
			*tries = strtol(value, NULL, 10);
	}
	return 0;
}

static int on_module(struct inspect *inspect, const char *path, char *line, void *data)
{
	(void)inspect;
	(void)path;
	line += strspn(line, " \t");
	if (*line != '#' && (strstr(line, "pam_faillock.so") || strstr(line, "pam_tally2.so")))
		*(bool *)data = true;
	return 0;
}

void check_lockout(struct inspect *inspect)
{
	const char *auth = "/etc/pam.d/common-auth";
	bool present = false;
	long tries = 3; /* pam_faillock's own */
	int r = inspect_lines(inspect, auth, on_module, &present);

	if (r < 0) {
		inspect_unknown(inspect, auth, "could not be read: %s", strerror(-r));
		return;
	}
	inspect_lines(inspect, "/etc/security/faillock.conf", on_deny, &tries);
	inspect_lines(inspect, auth, on_deny, &tries);
	if (!present)
		inspect_fail(inspect, auth,
			     "nothing locks an account after failed tries: "
			     "pam_faillock is not used");
	else if (tries == 0 || tries > 5)
		inspect_fail(inspect, auth, "%ld failed tries are permitted; at most 5 are", tries);
	else
		inspect_pass(inspect, auth, "an account is locked after %ld failed tries", tries);
}
