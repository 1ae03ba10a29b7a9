// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl policy show, policy install; rescan; maintenance end */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/path.h"

static int show_json(const struct ctl_policy *active)
{
	json_t *json = ctl_policy_json(active);

	if (json_is_object(json)) {
		json_object_set_new(json, "note", json_string(active->reason));
		json_object_set_new(json, "text",
				    json_stringn((const char *)active->bytes, active->text_length));
	}
	return ctl_print_json(json) < 0 ? CTL_UNREACHABLE : CTL_GOOD;
}

static void show_head(const struct ctl *ctl, const struct ctl_policy *active)
{
	char digest[SIGNED_DIGEST_TEXT], from[16], until[16], signers[1024];

	ctl_day(policy_valid_from(active->policy), from);
	ctl_day(policy_valid_until(active->policy), until);
	printf("%s# %s, serial %llu, valid %s to %s (UTC)%s\n", ctl_on(ctl, CTL_DIM),
	       policy_id(active->policy), (unsigned long long)policy_serial(active->policy), from,
	       until, ctl_off(ctl, CTL_DIM));
	if (active->signed_well) {
		signed_digest_format(active->account.digest, digest);
		ctl_policy_signers(active, signers, sizeof(signers));
		printf("%s# %s\n# signed by %s%s\n", ctl_on(ctl, CTL_DIM), digest, signers,
		       ctl_off(ctl, CTL_DIM));
	} else {
		printf("%s# NOT VERIFIED: %s%s\n", ctl_on(ctl, CTL_ALARM), active->reason,
		       ctl_off(ctl, CTL_ALARM));
	}
}

/* A text that was parsed holds no character that could harm a terminal. */
static int show(const struct ctl *ctl, const struct ctl_policy *active)
{
	if (!ctl->no_legend)
		show_head(ctl, active);
	fwrite(active->bytes, 1, active->text_length, stdout);
	return CTL_GOOD;
}

int ctl_policy_show(struct ctl *ctl)
{
	char missing[CTL_REASON_SIZE] = "";
	struct trust *trust = ctl_trust_load(ctl, missing);
	struct ctl_policy active;
	int code;

	if (ctl_policy_active(ctl, trust, &active) < 0) {
		ctl_error("%s", active.reason);
		code = CTL_UNREACHABLE;
	} else if (!active.policy) {
		ctl_error("the active policy is not valid: %s", active.reason);
		code = CTL_BAD;
	} else {
		if (!trust)
			snprintf(active.reason, sizeof(active.reason), "%s", missing);
		code = ctl->json ? show_json(&active) : show(ctl, &active);
		if (code == CTL_GOOD && !active.signed_well)
			code = trust ? CTL_BAD : CTL_UNREACHABLE;
	}
	ctl_policy_done(&active);
	trust_free(trust);
	return code;
}

/* One order at the control door, and what became of it. */
static int order(struct ctl *ctl, const char *verb, int file)
{
	struct ctl_door door;
	json_t *answer = NULL;
	int r = ctl_door_ask(ctl, &door, PATH_CONTROL, verb, file);
	const char *text;
	bool good;

	if (r == 0)
		r = ctl_door_next(&door, &answer);
	if (r < 0) {
		ctl_error("nothing was changed as far as known; %s", door.reason);
		ctl_door_close(&door);
		return CTL_UNREACHABLE;
	}
	good = json_is_null(json_object_get(answer, "error"));
	text = ctl_text(answer, "text");
	if (ctl->json) {
		json_object_del(answer, "more");
		r = ctl_print_json(json_incref(answer));
	} else if (good) {
		printf("%s", ctl_on(ctl, CTL_FINE));
		ctl_print_clean(text[0] ? text : "Done.");
		printf("%s\n", ctl_off(ctl, CTL_FINE));
	} else {
		printf("%sRefused:%s ", ctl_on(ctl, CTL_ALARM), ctl_off(ctl, CTL_ALARM));
		ctl_print_clean(text[0] ? text : ctl_text(answer, "error"));
		putchar('\n');
	}
	if (strncmp(ctl_text(answer, "error"), "core-", 5) == 0 ||
	    strcmp(ctl_text(answer, "error"), "no-answer") == 0 || r < 0)
		r = CTL_UNREACHABLE;
	else
		r = good ? CTL_GOOD : CTL_BAD;
	json_decref(answer);
	ctl_door_close(&door);
	return r;
}

int ctl_policy_install(struct ctl *ctl)
{
	const char *name = ctl->operands[0];
	struct stat st;
	int fd, code;

	/* Non-blocking, so that a pipe of that name holds nobody up. */
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0) {
		ctl_error("cannot read %s: %s", name, strerror(errno));
		if (fd >= 0)
			close(fd);
		return CTL_UNREACHABLE;
	}
	if (!S_ISREG(st.st_mode)) {
		ctl_error("%s is no regular file", name);
		code = CTL_UNREACHABLE;
	} else {
		code = order(ctl, "install", fd);
	}
	close(fd);
	return code;
}

int ctl_rescan(struct ctl *ctl)
{
	return order(ctl, "rescan", -1);
}

int ctl_maintenance_end(struct ctl *ctl)
{
	return order(ctl, "end-maintenance", -1);
}
