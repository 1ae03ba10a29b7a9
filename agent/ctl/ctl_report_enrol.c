// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl report enrol, report request: which office, and as whom we register there. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/ctl/ctl_context.h"
#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_output.h"
#include "agent/ctl/ctl_report.h"
#include "agent/lib/account.h"
#include "agent/lib/file.h"
#include "agent/lib/journal_file.h"
#include "agent/lib/office_note.h"
#include "agent/lib/path.h"
#include "policy/lang/document.h"

#define OFFICE_FOLDER "/etc/airgap"
#define NOTE_MAX      4096
#define REQUEST_MAX   65536
/* The reporter writes the request at once, or something is wrong. */
#define PATIENCE_MS 15000

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
			    "airgap-office 1\n%s%s%skey %s\nnumber %s\nunit %s\nlevel %s\n"
			    "trust %s\ncode %s\n",
			    address ? "address " : "", address ? address : "", address ? "\n" : "",
			    key, document_text(context.terminal, "terminal", "number", "number"),
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
	return r < 0 ? r : file_replace(folder, JOURNAL_FILE_OFFICE_KEY, 0644, line, strlen(line));
}

static bool is_office_key(struct ctl *ctl, const char *key, struct tlog_key *parsed)
{
	if (tlog_key_parse(key, parsed) == 0 && parsed->type == TLOG_KEY_COSIGNATURE)
		return true;
	ctl_usage(ctl, "'%s' is no office's key: NAME+ID+BASE64, as the office gave it", key);
	return false;
}

/* Both files that name the office; NULL address: there is no network. */
static int name_office(const struct ctl *ctl, const char *address, const char *key,
		       const char *code)
{
	char *text = office_text(ctl, address, key, code);
	int r;

	if (!text)
		return -EINVAL;
	r = write_key(ctl, key);
	if (r == 0)
		r = write_office(ctl, text);
	explicit_bzero(text, strlen(text));
	free(text);
	if (r < 0)
		ctl_error("the office cannot be written down: %s%s", strerror(-r),
			  r == -EACCES || r == -EPERM ? "; only root may do this" : "");
	return r;
}

int ctl_report_enrol(struct ctl *ctl)
{
	const char *address = ctl->operands[0], *key = ctl->operands[1], *code = ctl->operands[2];
	struct tlog_key parsed;

	if (!is_office_key(ctl, key, &parsed))
		return CTL_USAGE;
	if (strlen(address) > 60 || strpbrk(address, " \n") || strlen(code) > 60 ||
	    strpbrk(code, " \n"))
		return ctl_usage(ctl, "address and code have no blanks and at most 60 characters");
	if (name_office(ctl, address, key, code) < 0)
		return CTL_UNREACHABLE;
	puts("The registration is asked for. Compare the fingerprint that 'airgapctl report "
	     "status'\n"
	     "shows with the one at the office; the officer then approves it there.");
	return CTL_GOOD;
}

/* --- to be carried --- */

static int keep_identity(const struct ctl *ctl, const char *path, const struct tlog_key *key)
{
	struct office_identity identity;
	char folder[PATH_MAX];
	uint8_t *note = NULL;
	size_t length = 0;
	int r = file_read(path, NOTE_MAX, &note, &length);

	if (r < 0)
		ctl_error("%s: %s", path, strerror(-r));
	if (r == 0) {
		r = office_note_identity((char *)note, length, key, &identity);
		if (r == 0 && !identity.recipient[0])
			r = -EBADMSG;
		if (r < 0)
			ctl_error("%s: %s", path,
				  r == -EBADMSG ? "this is not what `airgap-office register "
						  "identity` writes"
						: "it is not signed with the key that was given: "
						  "another office's, or forged");
	}
	if (r == 0)
		r = path_join(folder, ctl->root, OFFICE_FOLDER);
	if (r == 0) {
		r = file_replace(folder, "office-identity", 0644, note, length);
		if (r < 0)
			ctl_error("the office cannot be written down: %s", strerror(-r));
	}
	free(note);
	return r;
}

/* What the reporter wrote for this very call. */
static bool request_is_there(const struct ctl *ctl, const char *code, uint8_t **data,
			     size_t *length)
{
	char path[PATH_MAX];
	json_t *json;
	bool ours;

	if (path_join(path, ctl->root, PATH_REPORT_DIR "/request") < 0 ||
	    file_read(path, REQUEST_MAX, data, length) < 0)
		return false;
	json = json_loadb((char *)*data, *length, JSON_REJECT_DUPLICATES, NULL);
	ours = strcmp(ctl_text(json, "code"), code) == 0;
	json_decref(json);
	if (!ours) {
		free(*data);
		*data = NULL;
	}
	return ours;
}

static int hand_out(const struct ctl *ctl, const char *file, const uint8_t *data, size_t length)
{
	json_t *status;
	int r = ctl_report_write(file, data, length);

	if (r < 0)
		return CTL_UNREACHABLE;
	status = ctl_report_load(ctl);
	printf("The registration is in %s. Carry it to the office; the officer approves it there "
	       "once\n"
	       "both screens show this fingerprint:\n    ",
	       file);
	ctl_print_clean(ctl_text(status, "fingerprint"));
	putchar('\n');
	json_decref(status);
	return CTL_GOOD;
}

int ctl_report_request(struct ctl *ctl)
{
	const char *identity = ctl->operands[0], *key = ctl->operands[1];
	uint8_t random[8], *data = NULL;
	struct tlog_key parsed;
	size_t length = 0;
	char code[17];
	int r;

	if (!is_office_key(ctl, key, &parsed))
		return CTL_USAGE;
	if (keep_identity(ctl, identity, &parsed) < 0)
		return CTL_UNREACHABLE;
	/* No secret: it only tells this request from earlier ones. Whoever carries it stands for it. */
	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(code, sizeof(code), random, sizeof(random));
	if (name_office(ctl, NULL, key, code) < 0)
		return CTL_UNREACHABLE;
	for (int waited = 0; waited < PATIENCE_MS && !data; waited += 100) {
		if (!request_is_there(ctl, code, &data, &length))
			usleep(100000);
	}
	if (!data) {
		ctl_error("airgap-reportd has not written the registration: it must run, and the "
			  "journal must have a first entry; 'airgapctl report status' says what is "
			  "wrong");
		return CTL_UNREACHABLE;
	}
	r = hand_out(ctl, ctl->operands[2], data, length);
	free(data);
	return r;
}
