// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/active.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/govern/hours.h"
#include "agent/core/govern/maintenance.h"
#include "agent/lib/file.h"
#include "agent/lib/path.h"

#define ACTIVE_NAME    "active"
#define CANDIDATE_NAME "candidate"

static void ground_of(const struct govern *govern, bool active, struct candidate_ground *ground)
{
	*ground = (struct candidate_ground){
		.trust = govern->trust,
		.terminal = &govern->terminal,
		.missing = govern->missing,
		.state = &govern->state,
		.now = hours_now(govern),
		.active = active,
		.terminals = govern->context.terminals,
	};
}

static void record_policy_event(struct govern *govern, enum policy_event event,
				enum record_grade grade, const struct candidate *candidate,
				int error)
{
	struct msg_record_policy message = {
		.event = event,
		.error = error,
		.candidate_serial = candidate->serial,
	};

	memcpy(message.candidate_digest, candidate->digest, sizeof(message.candidate_digest));
	snprintf(message.id, sizeof(message.id), "%s", candidate->id);
	snprintf(message.signers, sizeof(message.signers), "%s", candidate->signers);
	snprintf(message.reason, sizeof(message.reason), "%s", candidate->reason);
	recorder_policy(govern->recorder, grade, &message, 0);
}

/* Takes candidate->policy. */
static void adopt(struct govern *govern, struct candidate *candidate)
{
	policy_free(govern->policy);
	govern->policy = candidate->policy;
	candidate->policy = NULL;
	govern->in_force.serial = candidate->serial;
	memcpy(govern->in_force.digest, candidate->digest, sizeof(govern->in_force.digest));
}

static int read_policy(const char *root, const char *name, uint8_t **bytes, size_t *length)
{
	char path[PATH_MAX], file[64];
	int r;

	snprintf(file, sizeof(file), "%s/%s", PATH_POLICY_DIR, name);
	r = path_join(path, root, file);
	return r < 0 ? r : file_read(path, CANDIDATE_LIMIT, bytes, length);
}

static int judge_file(struct govern *govern, const char *name, struct candidate *candidate)
{
	struct candidate_ground ground;
	uint8_t *bytes = NULL;
	size_t length = 0;
	int r;

	*candidate = (struct candidate){ 0 };
	r = read_policy(govern->root, name, &bytes, &length);
	if (r < 0) {
		snprintf(candidate->reason, sizeof(candidate->reason), "cannot read %s/%s: %s",
			 PATH_POLICY_DIR, name, strerror(-r));
		return r;
	}
	ground_of(govern, true, &ground);
	r = candidate_judge(&ground, bytes, length, candidate);
	free(bytes);
	return r;
}

static int rename_candidate(struct govern *govern)
{
	char from[PATH_MAX], to[PATH_MAX];

	if (path_join(from, govern->root, PATH_POLICY_DIR "/" CANDIDATE_NAME) < 0 ||
	    path_join(to, govern->root, PATH_POLICY_ACTIVE) < 0)
		return -ENAMETOOLONG;
	return rename(from, to) < 0 ? -errno : 0;
}

/*
 * The state names its policy before the file takes its place; when the machine stopped between the
 * two, the candidate is the one that the state names.
 */
static int judge_interrupted(struct govern *govern, struct candidate *candidate)
{
	int r = judge_file(govern, CANDIDATE_NAME, candidate);

	if (r == 0 && memcmp(candidate->digest, govern->state.policy_digest,
			     sizeof(candidate->digest)) != 0) {
		candidate_done(candidate);
		r = -ESTALE;
	}
	return r == 0 ? rename_candidate(govern) : r;
}

/* What has to be put right first stands first. */
static void explain_missing(struct govern *govern, const struct candidate *candidate)
{
	char cause[MSG_TEXT_SIZE];

	if (!govern->trust || !govern->terminal.number[0]) {
		memcpy(cause, govern->missing, sizeof(cause));
		snprintf(govern->missing, sizeof(govern->missing),
			 "No policy can be verified: %.900s. Then install one with 'airgapctl "
			 "policy install FILE'",
			 cause);
	} else {
		snprintf(govern->missing, sizeof(govern->missing),
			 "There is no valid policy: %.900s. Install one with 'airgapctl policy "
			 "install FILE'",
			 candidate->reason);
	}
}

/* Not merely missing, or no longer fitting: another file stands in the place of what was in force. */
static bool was_altered(const struct govern *govern, int error)
{
	return govern->trust && govern->state.policy_serial > 0 &&
	       (error == -EBADMSG || error == -EFBIG || error == -ENOKEY ||
		error == -EKEYREJECTED || error == -ESTALE || error == -EINVAL);
}

void active_load(struct govern *govern)
{
	struct candidate candidate, interrupted;
	char why[256];
	int r;

	r = judge_file(govern, ACTIVE_NAME, &candidate);
	if (r < 0 && govern->state.policy_serial > 0) {
		if (judge_interrupted(govern, &interrupted) == 0) {
			candidate = interrupted;
			r = 0;
		}
	}
	if (r < 0) {
		if (was_altered(govern, r)) {
			snprintf(why, sizeof(why),
				 "the active policy was altered or set back: %.180s",
				 candidate.reason);
			govern_latch(govern, why);
		}
		explain_missing(govern, &candidate);
		record_policy_event(govern, POLICY_EVENT_MISSING, RECORD_GRADE_V2, &candidate, r);
		return;
	}
	if (candidate.serial > govern->state.policy_serial) {
		/* The state was lost or set back; what is in force is written down again. */
		recorder_note(govern->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0,
			      "state-behind", PATH_STATE_DIR,
			      "the active policy has serial %" PRIu64
			      ", the state knew only %" PRIu64,
			      candidate.serial, govern->state.policy_serial);
		govern->state.policy_serial = candidate.serial;
		memcpy(govern->state.policy_digest, candidate.digest, sizeof(candidate.digest));
		state_save(govern->root, &govern->state);
	}
	adopt(govern, &candidate);
	record_policy_event(govern, POLICY_EVENT_LOADED, RECORD_GRADE_NONE, &candidate, 0);
	if (candidate.reason[0])
		recorder_note(govern->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V1, 0,
			      "policy-outlived-its-signers", candidate.id,
			      "it stays in force until it is replaced, but would not be accepted "
			      "under the signers' list now: %s",
			      candidate.reason);
}

/* The candidate on disk, then the state that names it, then the name: each step can be resumed. */
static int put_into_force(struct govern *govern, const uint8_t *bytes, size_t length,
			  struct candidate *candidate)
{
	struct state state = govern->state;
	char folder[PATH_MAX];
	int r;

	r = path_join(folder, govern->root, PATH_POLICY_DIR);
	if (r == 0)
		r = file_replace(folder, CANDIDATE_NAME, 0644, bytes, length);
	if (r < 0)
		return r;
	state.policy_serial = candidate->serial;
	memcpy(state.policy_digest, candidate->digest, sizeof(state.policy_digest));
	state.time_floor = hours_now(govern);
	state.policy_powered_s = 0;
	state.expiry_told = 0;
	state.enforce = false;
	state.maintenance = (struct state_maintenance){ 0 };
	state.running = true;
	r = state_save(govern->root, &state);
	if (r < 0)
		return r;
	govern->state = state;
	/* If this fails the next start finishes it; the state already names the candidate. */
	return rename_candidate(govern);
}

int active_install(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
		   size_t size)
{
	struct candidate_ground ground;
	struct candidate candidate;
	int r;

	ground_of(govern, false, &ground);
	r = candidate_judge(&ground, bytes, length, &candidate);
	if (r == 0) {
		r = put_into_force(govern, bytes, length, &candidate);
		if (r < 0)
			snprintf(candidate.reason, sizeof(candidate.reason),
				 "it could not be saved: %s", strerror(-r));
	}
	if (r < 0) {
		snprintf(text, size, "%s", candidate.reason);
		if (r != -EALREADY)
			record_policy_event(govern, POLICY_EVENT_REFUSED, RECORD_GRADE_V1,
					    &candidate, r);
		candidate_done(&candidate);
		return r;
	}
	adopt(govern, &candidate);
	record_policy_event(govern, POLICY_EVENT_ACTIVATED, RECORD_GRADE_NONE, &candidate, 0);
	maintenance_end(govern, "another policy came into force");
	snprintf(text, size, "policy \"%s\", serial %" PRIu64 ", is in force; signed by %s",
		 candidate.id, candidate.serial, candidate.signers);
	return 0;
}
