// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/govern.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/core/govern/active.h"
#include "agent/core/govern/cards.h"
#include "agent/core/govern/hours.h"
#include "agent/core/govern/maintenance.h"
#include "agent/core/govern/orders.h"
#include "agent/core/govern/signers.h"
#include "agent/core/govern/tables.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "policy/decide/decide.h"

/* What the policy says is to be done, or the strictest where there is none to say. */
static void enter_failure(struct govern *govern, enum policy_failure failure, const char *why)
{
	bool restrict_only = govern->policy && policy_failure_action(govern->policy, failure) ==
						       POLICY_ACTION_RESTRICT;

	govern->mode = restrict_only ? AGENT_MODE_RESTRICTED : AGENT_MODE_LOCKDOWN;
	snprintf(govern->reason, sizeof(govern->reason), "%s", why);
}

static void lock_latched(struct govern *govern)
{
	govern->mode = AGENT_MODE_LOCKDOWN;
	snprintf(govern->reason, sizeof(govern->reason),
		 "Locked down until a signed order releases it: %s", govern->state.latch);
}

/* Not for the policy to say what is done then. */
static void lock_bad(struct govern *govern)
{
	govern->mode = AGENT_MODE_LOCKDOWN;
	snprintf(govern->reason, sizeof(govern->reason),
		 "The signers' list names the policy in force as bad: install another one with "
		 "'airgapctl policy install FILE'");
}

/* A newer table of terminals may have taken this one out. */
static bool in_scope(const struct govern *govern)
{
	const struct terminal *terminal = &govern->terminal;

	return policy_scope_match(govern->policy, terminal->number, terminal->unit, terminal->level,
				  govern->context.terminals) == POLICY_SCOPE_THIS;
}

void govern_choose_mode(struct govern *govern)
{
	char why[MSG_TEXT_SIZE];

	govern->mode = AGENT_MODE_ENFORCING;
	govern->reason[0] = 0;
	if (govern->state.latch[0])
		lock_latched(govern);
	else if (!govern->policy)
		enter_failure(govern, POLICY_FAILURE_NO_POLICY, govern->missing);
	else if (govern->trust && candidate_is_bad(govern->trust, govern->in_force.digest))
		lock_bad(govern);
	else if (!in_scope(govern))
		enter_failure(govern, POLICY_FAILURE_NO_POLICY,
			      "This terminal is not registered any more: the table of terminals in "
			      "force does not have it. Ask the security officer");
	else if (hours_clock_suspect(govern, why, sizeof(why)))
		enter_failure(govern, POLICY_FAILURE_CLOCK_SUSPECT, why);
	else if (hours_expired(govern, why, sizeof(why)))
		enter_failure(govern, POLICY_FAILURE_EXPIRED, why);
	else if (hours_monitoring(govern, govern->reason, sizeof(govern->reason)))
		govern->mode = AGENT_MODE_MONITORING;
}

bool govern_refresh(struct govern *govern)
{
	static const char *const events[AGENT_MODE_COUNT] = {
		[AGENT_MODE_ENFORCING] = "enforcing",
		[AGENT_MODE_MONITORING] = "monitoring",
		[AGENT_MODE_RESTRICTED] = "restricted",
		[AGENT_MODE_LOCKDOWN] = "lockdown",
	};
	enum agent_mode before = govern->mode;

	hours_charge(govern);
	govern->context.today = hours_now(govern);
	govern_choose_mode(govern);
	maintenance_check(govern);
	hours_announce(govern);
	if (govern->mode != before)
		recorder_note(govern->recorder, RECORD_KIND_ALARM,
			      govern->mode == AGENT_MODE_ENFORCING ? RECORD_GRADE_NONE
								   : RECORD_GRADE_V2,
			      0, events[govern->mode], "airgapd", "%s", govern->reason);
	return govern->mode != before;
}

int govern_latch(struct govern *govern, const char *why)
{
	struct state state = govern->state;
	int r;

	if (state.latch[0])
		return 0;
	snprintf(state.latch, sizeof(state.latch), "%s", why);
	r = state_save(govern->root, &state);
	if (r < 0)
		log_error("lockdown could not be latched on the disk: %s", strerror(-r));
	/* In memory it holds all the same. */
	govern->state = state;
	return r;
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
	memset(&govern->context.levels, 0, sizeof(govern->context.levels));
	if (govern->trust)
		trust_levels(govern->trust, &govern->context.levels);
	if (govern->trust && !govern->terminal.number[0])
		terminal_load(govern->root, &govern->terminal, missing, sizeof(missing));
	govern->context.terminal = govern->terminal.number;
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
	govern->context.today = hours_now(govern);
	tables_load(govern);
	cards_load(govern);
	active_load(govern);
	orders_load(govern);
	hours_begin(govern);
	maintenance_load(govern);
	govern_refresh(govern);
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
	maintenance_status(govern, status);
	if (!govern->policy)
		return;
	snprintf(status->policy_id, sizeof(status->policy_id), "%s", policy_id(govern->policy));
	format_day(policy_valid_from(govern->policy), status->valid_from);
	format_day(policy_valid_until(govern->policy), status->valid_until);
}

void govern_done(struct govern *govern)
{
	hours_end(govern);
	policy_free(govern->policy);
	trust_free(govern->trust);
	govern->policy = NULL;
	govern->trust = NULL;
	for (size_t i = 0; i < TABLE_KIND_COUNT; i++)
		table_free(govern->tables[i]);
	cards_free(govern->cards);
	govern->cards = NULL;
}
