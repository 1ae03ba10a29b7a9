// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl report status, report enrol */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agent/ctl/ctl_context.h"
#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/account.h"
#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "agent/lib/tlog/tlog.h"
#include "policy/lang/document.h"

#define STATUS_LIMIT  16384
#define OFFICE_FOLDER "/etc/airgap"
/* As airgap-journald calls it in its folder. */
#define OFFICE_KEY "office-key"

static json_t *load_status(const struct ctl *ctl)
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

static int show_status(const struct ctl *ctl, const json_t *status)
{
	const char *state = ctl_text(status, "state"), *problem = ctl_text(status, "problem");
	bool active = strcmp(state, "active") == 0;

	show_line(ctl, "registration",
		  active			       ? "active"
		  : strcmp(state, "pending") == 0      ? "an officer compares the fingerprint"
		  : strcmp(state, "refused") == 0      ? "refused: ask the office for a new code"
		  : strcmp(state, "unregistered") == 0 ? "none: airgapctl report enrol"
						       : "no office is known");
	show_line(ctl, "office", ctl_text(status, "office"));
	show_line(ctl, "address", ctl_text(status, "address"));
	show_line(ctl, "fingerprint", ctl_text(status, "fingerprint"));
	if (active)
		show_receipt(ctl, status);
	show_line(ctl, "problem", problem);
	return active && !problem[0] ? CTL_GOOD : CTL_BAD;
}

int ctl_report_status(struct ctl *ctl)
{
	json_t *status = load_status(ctl);
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

/* --- enrol --- */

static char *office_text(const struct ctl *ctl, const char *address, const char *key,
			 const char *code)
{
	struct ctl_context context;
	char reason[CTL_REASON_SIZE], digest[65], *text = NULL;
	struct trust *trust = ctl_trust_load(ctl, reason);

	ctl_context_load(ctl, &context);
	if (!trust) {
		ctl_error("%s", reason);
	} else if (!context.terminal) {
		ctl_error("%s is missing or wrong: write the terminal's number, unit and level "
			  "there",
			  PATH_TERMINAL);
	} else if (asprintf(&text,
			    "airgap-office 1\naddress %s\nkey %s\nnumber %s\nunit %s\nlevel %s\n"
			    "trust %s\ncode %s\n",
			    address, key,
			    document_text(context.terminal, "terminal", "number", "number"),
			    document_text(context.terminal, "terminal", "unit", "unit"),
			    document_text(context.terminal, "terminal", "level", "level"),
			    sodium_bin2hex(digest, sizeof(digest), trust->digest,
					   sizeof(trust->digest)),
			    code) < 0) {
		text = NULL;
	}
	ctl_context_done(&context);
	trust_free(trust);
	return text;
}

/* For the reporter alone: the code in it is a secret until it is used. */
static int write_office(const struct ctl *ctl, const char *text)
{
	char folder[PATH_MAX], path[PATH_MAX];
	uid_t uid;
	gid_t gid;
	int r = account_find(ctl->root, USER_REPORT, &uid, &gid);

	if (r < 0) {
		ctl_error("there is no user %s: is airgap-reportd installed?", USER_REPORT);
		return r;
	}
	r = path_join(folder, ctl->root, OFFICE_FOLDER);
	if (r == 0)
		r = path_join(path, ctl->root, PATH_OFFICE);
	if (r == 0)
		r = file_replace(folder, "office", 0640, text, strlen(text));
	/* Until then only root can read it. */
	if (r == 0 && chown(path, 0, gid) < 0)
		r = -errno;
	return r;
}

/* By this airgap-journald knows the office's receipts. */
static int write_key(const struct ctl *ctl, const char *key)
{
	char folder[PATH_MAX], line[TLOG_KEY_TEXT_SIZE + 1];
	int r = path_join(folder, ctl->root, PATH_JOURNAL_DIR);

	snprintf(line, sizeof(line), "%s\n", key);
	return r < 0 ? r : file_replace(folder, OFFICE_KEY, 0644, line, strlen(line));
}

int ctl_report_enrol(struct ctl *ctl)
{
	const char *address = ctl->operands[0], *key = ctl->operands[1], *code = ctl->operands[2];
	struct tlog_key parsed;
	char *text;
	int r;

	if (tlog_key_parse(key, &parsed) < 0 || parsed.type != TLOG_KEY_COSIGNATURE)
		return ctl_usage(ctl,
				 "'%s' is no office's key: NAME+ID+BASE64, as the office "
				 "gave it",
				 key);
	if (strlen(address) > 60 || strpbrk(address, " \n") || strlen(code) > 60 ||
	    strpbrk(code, " \n"))
		return ctl_usage(ctl, "address and code have no blanks and at most 60 characters");
	text = office_text(ctl, address, key, code);
	if (!text)
		return CTL_UNREACHABLE;
	r = write_key(ctl, key);
	if (r == 0)
		r = write_office(ctl, text);
	explicit_bzero(text, strlen(text));
	free(text);
	if (r < 0) {
		ctl_error("the office cannot be written down: %s%s", strerror(-r),
			  r == -EACCES || r == -EPERM ? "; only root may do this" : "");
		return CTL_UNREACHABLE;
	}
	puts("The registration is asked for. Compare the fingerprint that 'airgapctl report "
	     "status'\n"
	     "shows with the one at the office; the officer then approves it there.");
	return CTL_GOOD;
}
