// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/noticing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/core.h"
#include "agent/core/govern/maintenance.h"
#include "agent/lib/account.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "policy/lang/policy.h"

#define QUEUE_MAX 64

/* The security officer, or whoever the policy names for that duty first. */
static void fill_call(const struct policy *policy, char call[static 128])
{
	const struct policy_person *people;
	size_t count = 0;

	people = policy ? policy_people(policy, &count) : NULL;
	for (size_t i = 0; i < count; i++)
		if (people[i].duty && strcmp(people[i].duty, "security") == 0) {
			snprintf(call, 128, "%.120s", people[i].name);
			return;
		}
}

void noticing_send(struct core *core, struct msg_notice *notice)
{
	if (!core->noticing.link || !link_is_up(core->noticing.link) ||
	    !noticing_is_new(&core->noticing, notice, clock_boottime_us()))
		return;
	fill_call(core->govern.policy, notice->call);
	link_send(core->noticing.link, MSG_NOTICE, notice, -1, NULL);
}

void noticing_usb(struct core *core, const struct usb_outcome *outcome)
{
	const struct usb_facts *facts = &outcome->decided.facts;
	const struct policy_verdict *verdict = &outcome->decided.verdict;
	struct msg_notice notice = { .event = noticing_usb_event(facts), .uid = UINT32_MAX };

	if (outcome->state != USB_STATE_BLOCKED && outcome->state != USB_STATE_FAILED)
		return;
	snprintf(notice.subject, sizeof(notice.subject), "%.60s%s%.60s%s(%04x:%04x)",
		 facts->manufacturer, facts->manufacturer[0] ? " " : "", facts->name,
		 facts->name[0] ? " " : "", facts->vendor, facts->product);
	snprintf(notice.because, sizeof(notice.because), "%s", verdict->because);
	snprintf(notice.rule, sizeof(notice.rule), "%s", verdict->rule);
	noticing_send(core, &notice);
}

void noticing_mode(struct core *core, uint32_t before)
{
	struct msg_notice notice = { .uid = UINT32_MAX };

	if (before == core->govern.mode)
		return;
	if (core->govern.mode == AGENT_MODE_LOCKDOWN)
		notice.event = NOTICE_LOCKDOWN;
	else if (core->govern.mode == AGENT_MODE_RESTRICTED)
		notice.event = NOTICE_RESTRICTED;
	else if (before == AGENT_MODE_LOCKDOWN || before == AGENT_MODE_RESTRICTED)
		notice.event = NOTICE_RELEASED;
	else
		return;
	snprintf(notice.because, sizeof(notice.because), "%.250s", core->govern.reason);
	noticing_send(core, &notice);
}

void noticing_end(struct core *core)
{
	uint32_t days = core->govern.state.expiry_told;
	struct msg_notice notice = { .event = NOTICE_POLICY_ENDS,
				     .uid = UINT32_MAX,
				     .number = days };

	if (days == core->noticing.end_told)
		return;
	core->noticing.end_told = days;
	if (days == 0)
		return;
	/* The subject keeps two announcements apart. */
	snprintf(notice.subject, sizeof(notice.subject), "%u", days);
	noticing_send(core, &notice);
}

void noticing_maintenance(struct core *core)
{
	const struct maintenance *maintenance = &core->govern.maintenance;
	uint64_t left_s = maintenance_left(&core->govern);
	const char *now = left_s ? maintenance->order.id : "";
	struct msg_notice notice = { .event = NOTICE_MAINTENANCE_OVER, .uid = UINT32_MAX };
	char *told = core->noticing.maintenance_told;

	if (!core->noticing.link || !link_is_up(core->noticing.link) || strcmp(told, now) == 0)
		return;
	if (left_s) {
		notice.event = NOTICE_MAINTENANCE;
		notice.number = (left_s + 59) / 60;
	}
	snprintf(notice.subject, sizeof(notice.subject), "%s", left_s ? now : told);
	snprintf(notice.because, sizeof(notice.because), "%s",
		 left_s ? maintenance->order.reason : maintenance->ended);
	snprintf(told, sizeof(core->noticing.maintenance_told), "%s", now);
	noticing_send(core, &notice);
}

static void on_up(void *data, const struct msg_hello *hello)
{
	struct core *core = data;

	core->noticing.sandbox = hello->sandbox;
	/* Whoever starts it late hears at once why the terminal is closed. */
	noticing_mode(core, AGENT_MODE_STARTING);
	core->noticing.end_told = 0;
	noticing_end(core);
	noticing_maintenance(core);
	showing_status(core);
}

static void on_down(void *data, int error, const char *reason)
{
	struct core *core = data;

	core->noticing.sandbox = 0;
	log_warning("lost airgap-noticed (%s); people are told nothing until it is back", reason);
	if (error == -EPROTO)
		recorder_note(core->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0, "peer-dropped",
			      "airgap-noticed", "%s", reason);
	showing_status(core);
}

/* It has nothing to say. */
static int on_message(void *data, struct msg *msg)
{
	(void)data;
	(void)msg;
	return -EPROTO;
}

int noticing_open(struct core *core)
{
	static const struct link_handler handler = { on_up, on_down, on_message, NULL };
	struct link_config config = {
		.event = core->daemon.event,
		.self = MSG_ROLE_CORE,
		.peer = MSG_ROLE_NOTICE,
		.queue_max = QUEUE_MAX,
		.sandbox = core->daemon.sandbox,
		.handler = &handler,
		.data = core,
	};
	char path[PATH_MAX];
	int r;

	r = account_find(core->daemon.root, USER_NOTICE, &config.peer_uid, &config.group);
	if (r < 0) {
		log_warning("no user %s: people at this terminal are told nothing", USER_NOTICE);
		return 0;
	}
	/* Of one that goes on, or has just ended, an earlier run told. */
	snprintf(core->noticing.maintenance_told, sizeof(core->noticing.maintenance_told), "%s",
		 core->govern.maintenance.order.id);
	r = path_join(path, core->daemon.root, PATH_SOCKET_NOTICE);
	config.path = path;
	return r < 0 ? r : link_listen(&config, &core->noticing.link);
}
