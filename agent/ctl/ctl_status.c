// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl status */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_output.h"
#include "agent/ctl/ctl_problems.h"
#include "agent/lib/path.h"

/* From this many days before it ends, the end of the policy is pointed out. */
#define EXPIRY_DAYS 30

static const struct headline {
	const char *mode;
	enum ctl_style style;
	const char *title;
	const char *text;
} headlines[] = {
	{ "starting", CTL_WARN, "Starting",
	  "every new device is refused until the policy is read." },
	{ "enforcing", CTL_FINE, "Enforcing", "the policy decides over every device." },
	{ "monitoring", CTL_WARN, "Monitoring only",
	  "what the policy would refuse is recorded, but not refused." },
	{ "restricted", CTL_ALARM, "Restricted", "the policy no longer holds in full." },
	{ "lockdown", CTL_ALARM, "Lockdown",
	  "no removable device works, save the keyboards that worked before." },
};

static const struct headline *headline_of(const json_t *status)
{
	static const struct headline unknown = { "", CTL_ALARM, "Unknown",
						 "airgapd has not said yet how it governs." };

	for (size_t i = 0; i < sizeof(headlines) / sizeof(headlines[0]); i++)
		if (strcmp(headlines[i].mode, ctl_text(status, "mode")) == 0)
			return &headlines[i];
	return &unknown;
}

static void label(const struct ctl *ctl, const char *text)
{
	printf("%s%-10s%s", ctl_on(ctl, CTL_STRONG), text, ctl_off(ctl, CTL_STRONG));
}

/* Whole days from now to the end of that day (UTC). */
static long days_left(const char *day)
{
	struct tm tm = { 0 };

	if (!strptime(day, "%Y-%m-%d", &tm))
		return EXPIRY_DAYS + 1;
	return (long)((timegm(&tm) + 86400 - time(NULL)) / 86400);
}

static void print_validity(const struct ctl *ctl, const char *from, const char *until)
{
	long days = days_left(until);

	printf("valid %s to %s", from, until);
	if (days < 0)
		printf(", %sexpired%s", ctl_on(ctl, CTL_ALARM), ctl_off(ctl, CTL_ALARM));
	else if (days <= EXPIRY_DAYS)
		printf(", %s%ld days left: ask the security officer for the next one%s",
		       ctl_on(ctl, CTL_WARN), days, ctl_off(ctl, CTL_WARN));
	putchar('\n');
}

static void print_policy(const struct ctl *ctl, const json_t *policy)
{
	label(ctl, "Policy");
	if (!json_is_object(policy)) {
		printf("none in force\n");
		return;
	}
	ctl_print_clean(ctl_text(policy, "id"));
	printf(", serial %lld, ", (long long)ctl_number(policy, "serial"));
	print_validity(ctl, ctl_text(policy, "valid_from"), ctl_text(policy, "valid_until"));
	label(ctl, "");
	printf("sha256:%s\n", ctl_text(policy, "digest"));
}

/* "mimi 秘密": levels are shown with the name that the signers' list gives them. */
static void print_level(const struct trust *trust, const char *level)
{
	int place = trust ? trust_level(trust, level) : -1;

	ctl_print_clean(level);
	if (place >= 0 && trust->levels[place].label[0]) {
		putchar(' ');
		ctl_print_clean(trust->levels[place].label);
	}
}

static void print_terminal(const struct ctl *ctl, const json_t *status, const struct trust *trust)
{
	label(ctl, "Terminal");
	if (!*ctl_text(status, "terminal")) {
		printf("not known: %s is missing or wrong\n", PATH_TERMINAL);
		return;
	}
	ctl_print_clean(ctl_text(status, "terminal"));
	printf(", unit ");
	ctl_print_clean(ctl_text(status, "unit"));
	printf(", level ");
	print_level(trust, ctl_text(status, "level"));
	putchar('\n');
}

static void print_network(const struct ctl *ctl, const json_t *network)
{
	const char *error = ctl_text(network, "error");

	label(ctl, "Network");
	printf("%s, %lld of %lld links open, %lld refused or undone", ctl_text(network, "state"),
	       (long long)ctl_number(network, "open"), (long long)ctl_number(network, "links"),
	       (long long)ctl_number(network, "violations"));
	if (error[0])
		printf(", %sthe packet filter could not be set (%s)%s", ctl_on(ctl, CTL_ALARM),
		       error, ctl_off(ctl, CTL_ALARM));
	putchar('\n');
}

static void print_medium(const struct ctl *ctl, const json_t *medium)
{
	bool may = strcmp(ctl_text(medium, "right"), "none") != 0;

	ctl_print_clean(ctl_text(medium, "name"));
	if (may && *ctl_text(medium, "id")) {
		printf(": %s, %s, ",
		       strcmp(ctl_text(medium, "right"), "write") == 0 ? "read and write"
								       : "read only",
		       ctl_text(medium, "filesystem"));
		ctl_print_clean(*ctl_text(medium, "custodian") ? ctl_text(medium, "custodian")
							       : "no custodian");
		printf(", level ");
		ctl_print_clean(ctl_text(medium, "level"));
	} else if (may) {
		printf(": not registered, read only, for bringing files in");
	} else {
		printf(": %s", ctl_on(ctl, CTL_ALARM));
		ctl_print_clean(ctl_text(medium, "text"));
		fputs(ctl_off(ctl, CTL_ALARM), stdout);
	}
	putchar('\n');
}

static void print_media(const struct ctl *ctl, const json_t *media)
{
	for (size_t i = 0; i < json_array_size(media); i++) {
		label(ctl, i ? "" : "Media");
		print_medium(ctl, json_array_get(media, i));
	}
}

/* What holds a refusal in the kernel, each without the others; and what of it is missing. */
static void print_layers(const struct ctl *ctl, const json_t *layers)
{
	static const struct {
		const char *key;
		const char *name;
	} known[] = {
		{ "module", "kernel module" },
		{ "sysfs", "USB defaults of the kernel" },
		{ "nftables", "packet filter" },
		{ "early_deny", "early deny" },
	};
	const char *state = ctl_text(layers, "state"), *error = ctl_text(layers, "error");
	const char *between = "";

	if (!json_is_object(layers))
		return;
	label(ctl, "Layers");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!json_is_true(json_object_get(layers, known[i].key)))
			continue;
		printf("%s%s", between, known[i].name);
		between = ", ";
	}
	if (error[0])
		printf("%s%sthe kernel module is there and not held (%s)%s", between,
		       ctl_on(ctl, CTL_ALARM), error, ctl_off(ctl, CTL_ALARM));
	else if (strcmp(state, "absent") == 0)
		printf("%sno kernel module", between);
	else if (strcmp(state, "armed") != 0)
		printf("%s%skernel module %s%s", between, ctl_on(ctl, CTL_WARN), state,
		       ctl_off(ctl, CTL_WARN));
	putchar('\n');
}

static void print_counts(const struct ctl *ctl, const json_t *status)
{
	const json_t *journal = json_object_get(status, "journal");
	const char *error = ctl_text(journal, "error");

	label(ctl, "Devices");
	printf("%lld present, %lld blocked\n", (long long)ctl_number(status, "devices"),
	       (long long)ctl_number(status, "refused"));
	print_media(ctl, json_object_get(status, "media"));
	print_network(ctl, json_object_get(status, "network"));
	label(ctl, "Journal");
	printf("%lld entries", (long long)ctl_number(journal, "next"));
	if (ctl_number(journal, "lost"))
		printf(", %s%lld lost%s", ctl_on(ctl, CTL_ALARM),
		       (long long)ctl_number(journal, "lost"), ctl_off(ctl, CTL_ALARM));
	if (error[0])
		printf(", %snot being written (%s)%s", ctl_on(ctl, CTL_ALARM), error,
		       ctl_off(ctl, CTL_ALARM));
	putchar('\n');
}

static const char *confinement(const json_t *program)
{
	bool seccomp = json_is_true(json_object_get(program, "seccomp"));
	/* null: it goes without by design */
	bool landlock = !json_is_false(json_object_get(program, "landlock"));

	if (!json_is_true(json_object_get(program, "present")))
		return "not running";
	if (seccomp && landlock)
		return "running, confined";
	return seccomp	  ? "running, no Landlock"
	       : landlock ? "running, no seccomp"
			  : "running, not confined";
}

static void print_programs(const struct ctl *ctl, const json_t *status)
{
	const json_t *list = json_object_get(status, "programs");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *program = json_array_get(list, i);

		label(ctl, i ? "" : "Programs");
		printf("%-18s %s\n", ctl_text(program, "name"), confinement(program));
	}
}

static void print_problems(const struct ctl *ctl, const json_t *problems)
{
	for (size_t i = 0; i < json_array_size(problems); i++) {
		printf("%s%s!%s ", i ? "" : "\n", ctl_on(ctl, CTL_ALARM), ctl_off(ctl, CTL_ALARM));
		ctl_print_clean(json_string_value(json_array_get(problems, i)));
		putchar('\n');
	}
}

static void print_status(const struct ctl *ctl, const json_t *status, const json_t *problems)
{
	const struct headline *headline = headline_of(status);
	char reason[CTL_REASON_SIZE];
	struct trust *trust = ctl_trust_load(ctl, reason);

	printf("%s%s%s: %s\n", ctl_on(ctl, headline->style), headline->title,
	       ctl_off(ctl, headline->style), headline->text);
	if (*ctl_text(status, "reason")) {
		ctl_print_clean(ctl_text(status, "reason"));
		putchar('\n');
	}
	if (json_is_object(status)) {
		putchar('\n');
		print_policy(ctl, json_object_get(status, "policy"));
		print_terminal(ctl, status, trust);
		print_counts(ctl, status);
		print_layers(ctl, json_object_get(status, "layers"));
		print_programs(ctl, status);
	}
	print_problems(ctl, problems);
	trust_free(trust);
}

/* What the files tell when nobody answers. */
static void print_files(const struct ctl *ctl, const struct ctl_policy *active)
{
	char from[16], until[16];

	printf("\nOn the disk (what airgapd would load, not what governs now):\n");
	label(ctl, "Policy");
	if (!active->policy) {
		printf("none that can be read: ");
		ctl_print_clean(active->reason);
		putchar('\n');
		return;
	}
	ctl_day(policy_valid_from(active->policy), from);
	ctl_day(policy_valid_until(active->policy), until);
	printf("%s, serial %llu, ", policy_id(active->policy),
	       (unsigned long long)policy_serial(active->policy));
	print_validity(ctl, from, until);
	label(ctl, "");
	if (active->signed_well)
		printf("signatures good\n");
	else
		printf("%snot verified:%s %s\n", ctl_on(ctl, CTL_ALARM), ctl_off(ctl, CTL_ALARM),
		       active->reason);
}

/* @status: last known, or NULL. */
static int without_core(const struct ctl *ctl, const json_t *status, const char *why)
{
	char reason[CTL_REASON_SIZE] = "";
	struct trust *trust = ctl_trust_load(ctl, reason);
	struct ctl_policy active;

	if (ctl_policy_active(ctl, trust, &active) == 0 && !trust)
		snprintf(active.reason, sizeof(active.reason), "%s", reason);
	if (ctl->json) {
		ctl_print_json(json_pack("{s:b, s:s, s:O?, s:o}", "connected", false, "note", why,
					 "status", status, "disk", ctl_policy_json(&active)));
	} else {
		printf("%sNot known:%s ", ctl_on(ctl, CTL_ALARM), ctl_off(ctl, CTL_ALARM));
		ctl_print_clean(why);
		putchar('\n');
		if (json_is_object(status)) {
			printf("\nLast known:\n");
			print_status(ctl, status, NULL);
		}
		print_files(ctl, &active);
	}
	ctl_policy_done(&active);
	trust_free(trust);
	return CTL_UNREACHABLE;
}

static int with_core(const struct ctl *ctl, const json_t *status)
{
	json_t *problems = ctl_problems(status);
	bool good = strcmp(ctl_text(status, "mode"), "enforcing") == 0 &&
		    json_array_size(problems) == 0;

	if (ctl->json)
		ctl_print_json(json_pack("{s:b, s:b, s:O, s:O}", "connected", true, "good", good,
					 "status", status, "problems", problems));
	else
		print_status(ctl, status, problems);
	json_decref(problems);
	return good ? CTL_GOOD : CTL_BAD;
}

int ctl_status(struct ctl *ctl)
{
	struct ctl_door door;
	json_t *answer = NULL;
	int r = ctl_door_ask(ctl, &door, PATH_QUERY, "status", -1);
	int code;

	if (r == 0)
		r = ctl_door_next(&door, &answer);
	if (r == 0 && json_is_true(json_object_get(answer, "connected")))
		code = with_core(ctl, json_object_get(answer, "status"));
	else
		code = without_core(ctl, json_object_get(answer, "status"),
				    r == 0 ? ctl_text(answer, "text") : door.reason);
	json_decref(answer);
	ctl_door_close(&door);
	return code;
}
