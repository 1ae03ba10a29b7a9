// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/signers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "policy/lang/diag.h"

#define LIST_LIMIT (256 * 1024 + SIGNED_ARMOUR_MAX)

struct list_file {
	uint8_t *own; /* what was read, or NULL when bytes are the caller's */
	const uint8_t *bytes;
	size_t length;
	struct trust *trust;
	struct trust_account account;
	char reason[1024];
};

static int open_list(const char *root, const char *where, const uint8_t *digest,
		     struct list_file *file)
{
	struct diag_list diags = DIAG_LIST_INIT;
	char path[PATH_MAX];
	int r;

	*file = (struct list_file){ 0 };
	r = path_join(path, root, where);
	if (r == 0)
		r = file_read(path, LIST_LIMIT, &file->own, &file->length);
	file->bytes = file->own;
	if (r < 0) {
		snprintf(file->reason, sizeof(file->reason), "cannot read %s: %s", where,
			 strerror(-r));
		return r;
	}
	r = trust_open(file->bytes, file->length, digest, &diags, &file->trust, &file->account);
	if (r < 0 && diags.errors > 0)
		diag_format_first(&diags, where, file->reason, sizeof(file->reason));
	else if (r < 0)
		snprintf(file->reason, sizeof(file->reason), "%s: %s", where, file->account.reason);
	diag_list_free(&diags);
	return r;
}

static void close_list(struct list_file *file)
{
	free(file->own);
	trust_free(file->trust);
	file->own = NULL;
	file->trust = NULL;
}

/* "trust-3": lists are kept under their number, so that the state always finds the one it names. */
static void list_name(uint64_t number, char out[static 32])
{
	snprintf(out, 32, "trust-%" PRIu64, number);
}

/* The copy first, then the state that names it. */
static int take_up(const char *root, const struct list_file *file, struct state *state)
{
	struct state next = *state;
	char folder[PATH_MAX], name[32];
	int r;

	next.trust_number = file->trust->number;
	memcpy(next.trust_digest, file->account.digest, sizeof(next.trust_digest));
	list_name(next.trust_number, name);
	r = path_join(folder, root, PATH_POLICY_DIR);
	if (r == 0)
		r = file_replace(folder, name, 0644, file->bytes, file->length);
	if (r == 0)
		r = state_save(root, &next);
	if (r == 0)
		*state = next;
	return r;
}

static struct trust *keep(struct list_file *file)
{
	struct trust *trust = file->trust;

	file->trust = NULL;
	return trust;
}

static struct trust *load_first(const char *root, struct state *state, struct recorder *recorder,
				char *missing, size_t size)
{
	char digest[SIGNED_DIGEST_TEXT];
	struct trust *trust = NULL;
	struct list_file file;
	int r;

	r = open_list(root, PATH_TRUST, NULL, &file);
	if (r == 0) {
		r = take_up(root, &file, state);
		if (r < 0)
			snprintf(file.reason, sizeof(file.reason),
				 "the signers' list cannot be saved: %s", strerror(-r));
	}
	if (r == 0) {
		signed_digest_format(file.account.digest, digest);
		recorder_note(recorder, RECORD_KIND_ALARM, RECORD_GRADE_NONE, 0, "trust-first",
			      PATH_TRUST,
			      "signers' list number %" PRIu64
			      " is taken as the first; compare its fingerprint: %s",
			      file.trust->number, digest);
		trust = keep(&file);
	} else {
		snprintf(missing, size, "there is no signers' list: %.900s", file.reason);
	}
	close_list(&file);
	return trust;
}

static void refuse_next(struct recorder *recorder, const char *reason)
{
	log_warning("a signers' list is not taken up: %s", reason);
	recorder_note(recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0, "trust-refused", PATH_TRUST,
		      "the list in force stays: %s", reason);
}

/* Whether the list follows the one in force, and if so, take it up. */
static int follow(const char *root, struct trust **now, struct state *state,
		  struct recorder *recorder, const char *where, struct list_file *next)
{
	struct signed_file split;
	int r;

	r = signed_split(&split, next->bytes, next->length, SIGN_NAMESPACE_TRUST,
			 next->account.reason);
	if (r == 0)
		r = trust_succeeds(*now, next->trust, &split, &next->account);
	if (r < 0) {
		snprintf(next->reason, sizeof(next->reason), "%s", next->account.reason);
		return r;
	}
	r = take_up(root, next, state);
	if (r < 0) {
		snprintf(next->reason, sizeof(next->reason), "it could not be saved: %s",
			 strerror(-r));
		return r;
	}
	recorder_note(recorder, RECORD_KIND_POLICY, RECORD_GRADE_NONE, 0, "trust-next", where,
		      "signers' list number %" PRIu64 " follows number %" PRIu64,
		      next->trust->number, (*now)->number);
	trust_free(*now);
	*now = keep(next);
	return 0;
}

/*
 * A list at /etc/airgap/trust that is not the one in force either follows it or is refused. An
 * earlier one is only what the administrator left there.
 */
static struct trust *load_next(const char *root, struct trust *now, struct state *state,
			       struct recorder *recorder)
{
	struct list_file next;
	int r;

	r = open_list(root, PATH_TRUST, NULL, &next);
	if (r == 0 && next.trust->number > now->number)
		r = follow(root, &now, state, recorder, PATH_TRUST, &next);
	else if (r == 0 && next.trust->number == now->number &&
		 memcmp(next.account.digest, now->digest, sizeof(now->digest)) != 0) {
		snprintf(next.reason, sizeof(next.reason),
			 "it has the number of the list in force, but another content");
		r = -EKEYREJECTED;
	}
	if (r < 0 && r != -ENOENT)
		refuse_next(recorder, next.reason[0] ? next.reason : strerror(-r));
	close_list(&next);
	return now;
}

int signers_install(const char *root, struct state *state, struct recorder *recorder,
		    struct trust **now, const uint8_t *bytes, size_t length, char *text,
		    size_t size)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct list_file next = { .bytes = bytes, .length = length };
	int r;

	r = trust_open(next.bytes, next.length, NULL, &diags, &next.trust, &next.account);
	if (r < 0 && diags.errors > 0)
		diag_format_first(&diags, "list", next.reason, sizeof(next.reason));
	else if (r < 0)
		snprintf(next.reason, sizeof(next.reason), "%s", next.account.reason);
	diag_list_free(&diags);
	if (r == 0 && memcmp(next.account.digest, (*now)->digest, sizeof((*now)->digest)) == 0) {
		/* The office sends it until a heartbeat says that it is here. */
		snprintf(text, size, "this very list is in force already");
		close_list(&next);
		return -EALREADY;
	}
	if (r == 0)
		r = follow(root, now, state, recorder, "airgapctl", &next);
	if (r == 0) {
		snprintf(text, size, "signers' list number %" PRIu64 " is in force",
			 (*now)->number);
	} else {
		snprintf(text, size, "%s", next.reason);
		refuse_next(recorder, next.reason);
	}
	close_list(&next);
	return r;
}

struct trust *signers_load(const char *root, struct state *state, struct recorder *recorder,
			   char *missing, size_t size)
{
	char name[32], copy[sizeof(PATH_POLICY_DIR) + sizeof(name)];
	struct list_file file;
	struct trust *trust;
	int r;

	if (state->trust_number == 0)
		return load_first(root, state, recorder, missing, size);
	list_name(state->trust_number, name);
	snprintf(copy, sizeof(copy), "%s/%s", PATH_POLICY_DIR, name);
	r = open_list(root, copy, state->trust_digest, &file);
	if (r < 0) {
		close_list(&file);
		/* The kept copy is gone or altered; the very same list may stand where it came from. */
		r = open_list(root, PATH_TRUST, state->trust_digest, &file);
	}
	if (r < 0) {
		snprintf(missing, size,
			 "the signers' list number %" PRIu64
			 " that was in force is missing or altered: %.700s. Put it back "
			 "at " PATH_TRUST,
			 state->trust_number, file.reason);
		close_list(&file);
		return NULL;
	}
	trust = keep(&file);
	close_list(&file);
	return load_next(root, trust, state, recorder);
}
