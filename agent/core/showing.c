// SPDX-License-Identifier: GPL-2.0-or-later
/* The link to airgap-doord: it is told everything it may show, and passes on what is asked for. */
#include <errno.h>
#include <stdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/core.h"
#include "agent/core/govern/install.h"
#include "agent/core/govern/maintenance.h"
#include "agent/lib/account.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

/* A door that falls this far behind is dropped; it comes again and is told everything. */
#define QUEUE_MAX 4096

static void fill_status(const struct core *core, struct agent_status *status)
{
	struct msg_journal_status journal;

	*status = (struct agent_status){ .started_us = core->started_us };
	govern_status(&core->govern, status);
	network_status(&core->network, status);
	shim_status(core->shim, status);
	status->layers |= core->defaults_closed ? AGENT_LAYER_SYSFS : 0;
	status->devices = devices_count(core->devices, &status->refused);
	recorder_status(core->recorder, &journal, &status->sandbox[MSG_ROLE_JOURNAL]);
	status->journal_next = journal.next;
	status->journal_lost = journal.lost;
	status->journal_error = journal.error;
	status->monitor_error = link_is_up(core->monitor) ? 0 : -ENOTCONN;
	status->rescans = core->rescans;
	status->overruns = core->overruns;
	status->sandbox[MSG_ROLE_CORE] = core->daemon.sandbox;
	status->sandbox[MSG_ROLE_MONITOR] = core->monitor_sandbox;
	status->sandbox[MSG_ROLE_DOOR] = core->door_sandbox;
	status->sandbox[MSG_ROLE_NOTICE] = core->noticing.sandbox;
	status->present |= (uint32_t)link_is_up(core->noticing.link) << MSG_ROLE_NOTICE;
	status->sandbox[MSG_ROLE_REPORT] = core->reporting.sandbox;
	status->present |= (uint32_t)link_is_up(core->reporting.link) << MSG_ROLE_REPORT;
	status->sandbox[MSG_ROLE_MOUNT] = core->handling.mount_sandbox;
	status->present |= (uint32_t)link_is_up(core->handling.mount) << MSG_ROLE_MOUNT;
	status->sandbox[MSG_ROLE_TRANSFER] = core->handling.transfer_sandbox;
	status->present |= (uint32_t)link_is_up(core->handling.transfer) << MSG_ROLE_TRANSFER;
}

void showing_send(struct core *core, enum msg_type type, const void *body)
{
	if (link_send(core->door, type, body, -1, NULL) == -ENOBUFS)
		link_drop(core->door, "it does not keep up");
}

/* The journal tells the office with each heartbeat. */
static void tell_bearing(struct core *core)
{
	const struct govern *govern = &core->govern;
	const struct state *state = &govern->state;
	struct msg_bearing bearing = { .record = { .kind = RECORD_KIND_HEARTBEAT },
				       .list = state->trust_number,
				       .time_floor = state->time_floor,
				       .powered_s = state->powered_s,
				       .heartbeat_s = reporting_heartbeat(govern->policy),
				       .spool_bytes = reporting_spool(govern->policy),
				       .telling = reporting_telling(core) };

	_Static_assert(STATE_TABLES_MAX <= MSG_BEARING_TABLES, "all tables are told");
	bearing.record.policy_serial = govern->in_force.serial;
	memcpy(bearing.record.policy_digest, govern->in_force.digest,
	       sizeof(bearing.record.policy_digest));
	for (uint32_t i = 0; i < state->table_count; i++) {
		struct msg_bearing_table *table = &bearing.tables[bearing.table_count++];

		snprintf(table->name, sizeof(table->name), "%s", state->tables[i].name);
		table->number = state->tables[i].number;
	}
	recorder_bearing(core->recorder, &bearing);
}

static void show_now(struct core *core)
{
	struct agent_status status;

	devices_show_pending(core->devices);
	tell_bearing(core);
	fill_status(core, &status);
	showing_send(core, MSG_AGENT_STATUS, &status);
	if (!core->network_shown)
		showing_network(core);
	daemon_status("%s%s%s%s",
		      status.mode == AGENT_MODE_ENFORCING  ? "enforcing "
		      : status.mode == AGENT_MODE_LOCKDOWN ? "lockdown: "
							   : "restricted: ",
		      status.mode == AGENT_MODE_ENFORCING ? status.policy_id : "",
		      status.mode == AGENT_MODE_ENFORCING ? "" : status.reason,
		      status.maintenance_until_us ? ", maintenance of the network" : "");
}

static int on_showing(sd_event_source *source, void *data)
{
	(void)source;
	show_now(data);
	return 0;
}

void showing_status(struct core *core)
{
	sd_event_source_set_enabled(core->showing, SD_EVENT_ONESHOT);
}

void showing_outcome(struct core *core, const struct usb_outcome *outcome)
{
	showing_send(core, MSG_USB_OUTCOME, outcome);
	showing_status(core);
}

static void show_device(void *data, const struct usb_outcome *outcome)
{
	showing_send(data, MSG_USB_OUTCOME, outcome);
}

static void show_medium(void *data, const struct msg_medium *medium)
{
	showing_send(data, MSG_MEDIUM, medium);
}

static void on_up(void *data, const struct msg_hello *hello)
{
	struct core *core = data;
	struct agent_status status;

	core->door_sandbox = hello->sandbox;
	fill_status(core, &status);
	showing_send(core, MSG_AGENT_STATUS, &status);
	showing_send(core, MSG_DEVICES_BEGIN, NULL);
	devices_each(core->devices, show_device, core);
	media_each(core->handling.media, show_medium, core);
	showing_network(core);
}

static void on_down(void *data, int error, const char *reason)
{
	struct core *core = data;

	core->door_sandbox = 0;
	log_warning("lost airgap-doord (%s)", reason);
	if (error == -EPROTO)
		recorder_note(core->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0, "peer-dropped",
			      "airgap-doord", "%s", reason);
}

static void install(struct core *core, const struct msg *msg, struct msg_control_reply *reply)
{
	if (msg->fd < 0) {
		reply->error = -EBADF;
		snprintf(reply->text, sizeof(reply->text), "no file came with the request");
		return;
	}
	reply->error = install_file(&core->govern, msg->fd, reply->text, sizeof(reply->text));
	if (reply->error == 0)
		core_policy_changed(core);
	/* Whoever reads the answer and then asks what is in force shall be told of this. */
	show_now(core);
}

/* Whoever is done early closes up; that takes nobody's signature, for it loosens nothing. */
static void end_maintenance(struct core *core, struct msg_control_reply *reply)
{
	if (!maintenance_runs(&core->govern)) {
		reply->error = -ENOENT;
		snprintf(reply->text, sizeof(reply->text), "No maintenance is running.");
		return;
	}
	maintenance_end(&core->govern, "the system administrator ended it");
	snprintf(reply->text, sizeof(reply->text),
		 "The maintenance by order \"%s\" has ended; what was left is undone.",
		 core->govern.maintenance.order.id);
	core_policy_changed(core);
	show_now(core);
}

/* What root found by looking: a record, of which the office makes an event when there is a veto. */
static int take_inspection(struct core *core, const struct msg_inspection *inspection)
{
	struct msg_control_reply reply = { .cookie = inspection->cookie };
	char subject[64], digest[2 * MSG_DIGEST_SIZE + 1];
	enum record_grade grade = inspection->vetoes ? RECORD_GRADE_V2 : RECORD_GRADE_NONE;

	snprintf(subject, sizeof(subject), "%u of 100", inspection->points);
	sodium_bin2hex(digest, sizeof(digest), inspection->digest, sizeof(inspection->digest));
	reply.error = recorder_note(
		core->recorder, RECORD_KIND_INSPECTION, grade, 0, "inspected", subject,
		"%u pass, %u warn, %u fail (%u critical), %u unknown, %u not applicable; sha256 "
		"%s; "
		"failed: %.600s",
		inspection->pass, inspection->warn, inspection->fail, inspection->vetoes,
		inspection->unknown, inspection->not_applicable, digest,
		inspection->failed[0] ? inspection->failed : "none");
	snprintf(reply.text, sizeof(reply.text), "%s",
		 reply.error < 0 ? "the journal does not take the record of this inspection"
				 : "recorded");
	showing_send(core, MSG_CONTROL_REPLY, &reply);
	return 0;
}

static int on_message(void *data, struct msg *msg)
{
	struct core *core = data;
	const struct msg_control *control = msg->body;
	struct msg_control_reply reply = { 0 };

	if (msg->type == MSG_INSPECTION)
		return take_inspection(core, msg->body);
	if (msg->type != MSG_CONTROL)
		return -EPROTO;
	reply.cookie = control->cookie;
	switch (control->verb) {
	case CONTROL_INSTALL:
		install(core, msg, &reply);
		break;
	case CONTROL_RESCAN:
		hearing_rescan(core, MSG_SCAN_CAUSE_REQUEST);
		core->network.handler->rescan(core, MSG_SCAN_CAUSE_REQUEST);
		snprintf(reply.text, sizeof(reply.text), "all devices are being read anew");
		break;
	case CONTROL_END_MAINTENANCE:
		end_maintenance(core, &reply);
		break;
	default:
		return -EPROTO;
	}
	showing_send(core, MSG_CONTROL_REPLY, &reply);
	return 0;
}

int showing_open(struct core *core)
{
	static const struct link_handler handler = { on_up, on_down, on_message, NULL };
	struct link_config config = {
		.event = core->daemon.event,
		.self = MSG_ROLE_CORE,
		.peer = MSG_ROLE_DOOR,
		.queue_max = QUEUE_MAX,
		.sandbox = core->daemon.sandbox,
		.handler = &handler,
		.data = core,
	};
	char path[PATH_MAX];
	int r;

	r = account_find(core->daemon.root, USER_DOOR, &config.peer_uid, &config.group);
	if (r < 0)
		log_error("no user %s: %s", USER_DOOR, strerror(-r));
	if (r == 0)
		r = sd_event_add_defer(core->daemon.event, &core->showing, on_showing, core);
	if (r >= 0)
		r = sd_event_source_set_enabled(core->showing, SD_EVENT_OFF);
	/* Nobody waits for it, and what is being let in shall not. */
	if (r >= 0)
		r = sd_event_source_set_priority(core->showing, SD_EVENT_PRIORITY_IDLE);
	if (r >= 0)
		r = path_join(path, core->daemon.root, PATH_SOCKET_DOOR);
	config.path = path;
	return r < 0 ? r : link_listen(&config, &core->door);
}
