// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/core/active.h"
#include "agent/core/signers.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "policy/decide/decide.h"

/* A clock this much behind what was reached is corrected, not turned back. */
#define CLOCK_TOLERANCE_S 300

int64_t govern_now(const struct govern *govern)
{
	int64_t now = time(NULL);

	return now > govern->state.time_floor ? now : govern->state.time_floor;
}

static bool clock_is_suspect(const struct govern *govern)
{
	return time(NULL) + CLOCK_TOLERANCE_S < govern->state.time_floor;
}

/* What the policy says is to be done, or the strictest where there is none to say. */
static void enter_failure(struct govern *govern, enum policy_failure failure, const char *why)
{
	bool restrict_only = govern->policy && policy_failure_action(govern->policy, failure) ==
						       POLICY_ACTION_RESTRICT;

	govern->mode = restrict_only ? AGENT_MODE_RESTRICTED : AGENT_MODE_LOCKDOWN;
	snprintf(govern->reason, sizeof(govern->reason), "%s", why);
}

void govern_choose_mode(struct govern *govern)
{
	char why[MSG_TEXT_SIZE], day[16];
	struct tm tm;

	govern->mode = AGENT_MODE_ENFORCING;
	govern->reason[0] = 0;
	if (!govern->policy) {
		enter_failure(govern, POLICY_FAILURE_NO_POLICY, govern->missing);
	} else if (clock_is_suspect(govern)) {
		gmtime_r(&(time_t){ govern->state.time_floor }, &tm);
		strftime(day, sizeof(day), "%Y-%m-%d", &tm);
		snprintf(why, sizeof(why),
			 "The clock shows a time before %s, which was reached already: set it right",
			 day);
		enter_failure(govern, POLICY_FAILURE_CLOCK_SUSPECT, why);
	} else if (govern_now(govern) > policy_valid_until(govern->policy)) {
		snprintf(why, sizeof(why),
			 "Policy \"%s\" has expired: ask the security officer for its successor and "
			 "install it with 'airgapctl policy install FILE'",
			 policy_id(govern->policy));
		enter_failure(govern, POLICY_FAILURE_EXPIRED, why);
	}
}

static void load_state(struct govern *govern)
{
	int r = state_load(govern->root, &govern->state);

	if (r == 0 || r == -ENOENT)
		return;
	log_error("%s cannot be read: %s", PATH_STATE_DIR "/state", strerror(-r));
	recorder_note(govern->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0, "state-damaged",
		      PATH_STATE_DIR, "the saved state cannot be read: %s", strerror(-r));
}

void govern_identify(struct govern *govern)
{
	char missing[MSG_TEXT_SIZE] = "";
	struct trust *trust;

	trust = signers_load(govern->root, &govern->state, govern->recorder, missing,
			     sizeof(missing));
	/* What was good in memory does not become worse by a file that is gone. */
	if (trust || !govern->trust) {
		trust_free(govern->trust);
		govern->trust = trust;
	}
	if (govern->trust && !govern->terminal.number[0])
		terminal_load(govern->root, &govern->terminal, missing, sizeof(missing));
	if (missing[0]) {
		log_error("%s", missing);
		snprintf(govern->missing, sizeof(govern->missing), "%s", missing);
	}
}

void govern_load(struct govern *govern, const char *root, struct recorder *recorder)
{
	govern->root = root;
	govern->recorder = recorder;
	load_state(govern);
	rescue_load(root, &govern->rescue);
	govern_identify(govern);
	active_load(govern);
	govern_refresh(govern);
}

bool govern_refresh(struct govern *govern)
{
	enum agent_mode before = govern->mode;
	int64_t now = time(NULL);

	if (now > govern->state.time_floor && govern->state.policy_serial > 0) {
		govern->state.time_floor = now;
		if (state_save(govern->root, &govern->state) < 0)
			log_error("the state cannot be saved: the clock's floor is not kept");
	}
	govern_choose_mode(govern);
	if (govern->mode != before && govern->mode != AGENT_MODE_ENFORCING)
		recorder_note(govern->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0,
			      govern->mode == AGENT_MODE_LOCKDOWN ? "lockdown" : "restricted",
			      "airgapd", "%s", govern->reason);
	return govern->mode != before;
}

int64_t govern_next_change(const struct govern *govern)
{
	int64_t until = govern->policy ? policy_valid_until(govern->policy) : 0;

	return until > time(NULL) ? until + 1 : 0;
}

static bool is_hub(const struct usb_facts *facts)
{
	if (facts->flaw != USB_SOUND || facts->class != 9 || facts->interface_count == 0)
		return false;
	for (uint32_t i = 0; i < facts->interface_count; i++)
		if (facts->interfaces[i].class != 9)
			return false;
	return true;
}

static void decide_lockdown(const struct govern *govern, const struct usb_facts *facts,
			    struct policy_verdict *verdict)
{
	*verdict = (struct policy_verdict){
		.result = POLICY_RESULT_REFUSE,
		.cause = POLICY_CAUSE_LOCKDOWN,
		.because = "lockdown: only hubs and the keyboards of the last good policy work",
	};
	if (is_hub(facts)) {
		verdict->result = POLICY_RESULT_PERMIT;
		verdict->cause = POLICY_CAUSE_BUILTIN;
		memset(verdict->interfaces, 0xff, sizeof(verdict->interfaces));
		snprintf(verdict->because, sizeof(verdict->because), "hub: carries no data itself");
	} else if (rescue_knows(&govern->rescue, facts) &&
		   rescue_interfaces(facts, verdict->interfaces) > 0) {
		verdict->result = POLICY_RESULT_PERMIT;
		verdict->cause = POLICY_CAUSE_RESCUE;
		snprintf(verdict->because, sizeof(verdict->because),
			 "lockdown: a keyboard that the last good policy permitted here");
	}
}

/* Until media can be mounted read-only by decision, "read only" means no storage at all. */
static bool carries_files(const struct usb_verdict *verdict)
{
	for (uint32_t i = 0; i < verdict->facts.interface_count; i++)
		if (policy_verdict_has(&verdict->verdict, i) &&
		    (verdict->facts.interfaces[i].class == 0x08 ||
		     verdict->facts.interfaces[i].class == 0x06))
			return true;
	return false;
}

void govern_decide(const struct govern *govern, const struct usb_facts *facts,
		   const uint32_t *in_use, struct policy_verdict *verdict)
{
	struct usb_verdict both;

	if (govern->mode == AGENT_MODE_LOCKDOWN || !govern->policy) {
		decide_lockdown(govern, facts, verdict);
		return;
	}
	policy_decide_usb(govern->policy, facts, in_use, verdict);
	if (govern->mode != AGENT_MODE_RESTRICTED || verdict->result != POLICY_RESULT_PERMIT)
		return;
	both = (struct usb_verdict){ .facts = *facts, .verdict = *verdict };
	if (carries_files(&both)) {
		verdict->result = POLICY_RESULT_REFUSE;
		verdict->cause = POLICY_CAUSE_RESTRICT;
		memset(verdict->interfaces, 0, sizeof(verdict->interfaces));
		snprintf(verdict->because, sizeof(verdict->because), "restricted: %.200s",
			 govern->reason);
	}
}

size_t govern_rule_count(const struct govern *govern)
{
	return govern->policy ? policy_usb_rule_count(govern->policy) : 0;
}

static void format_day(int64_t at, char out[static 16])
{
	struct tm tm;

	gmtime_r(&(time_t){ at }, &tm);
	strftime(out, 16, "%Y-%m-%d", &tm);
}

void govern_status(const struct govern *govern, struct agent_status *status)
{
	status->mode = govern->mode;
	status->trust_number = govern->trust ? (uint32_t)govern->trust->number : 0;
	status->policy_serial = govern->in_force.serial;
	memcpy(status->policy_digest, govern->in_force.digest, sizeof(status->policy_digest));
	snprintf(status->terminal, sizeof(status->terminal), "%s", govern->terminal.number);
	snprintf(status->unit, sizeof(status->unit), "%s", govern->terminal.unit);
	snprintf(status->level, sizeof(status->level), "%s", govern->terminal.level);
	snprintf(status->reason, sizeof(status->reason), "%s", govern->reason);
	if (!govern->policy)
		return;
	snprintf(status->policy_id, sizeof(status->policy_id), "%s", policy_id(govern->policy));
	format_day(policy_valid_from(govern->policy), status->valid_from);
	format_day(policy_valid_until(govern->policy), status->valid_until);
}

void govern_done(struct govern *govern)
{
	policy_free(govern->policy);
	trust_free(govern->trust);
	govern->policy = NULL;
	govern->trust = NULL;
}
