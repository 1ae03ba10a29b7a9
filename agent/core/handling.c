// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/handling.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/core.h"
#include "agent/lib/account.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

/* All recipients and people at once; and a mount helper that waits for a slow disk. */
#define QUEUE_MAX 4608

static void note_loss(struct core *core, const char *program, int error, const char *reason)
{
	log_warning("lost %s (%s): no medium may be used until it is back", program, reason);
	recorder_note(core->recorder, RECORD_KIND_ALARM,
		      error == -EPROTO ? RECORD_GRADE_V2 : RECORD_GRADE_NONE, 0,
		      error == -EPROTO ? "peer-dropped" : "peer-lost", program,
		      "%s; no medium may be used until it is back", reason);
}

static void mount_up(void *data, const struct msg_hello *hello)
{
	struct core *core = data;

	core->handling.mount_sandbox = hello->sandbox;
	media_mount_up(core->handling.media);
	showing_status(core);
}

static void mount_down(void *data, int error, const char *reason)
{
	struct core *core = data;

	core->handling.mount_sandbox = 0;
	note_loss(core, "airgap-mountd", error, reason);
	media_mount_down(core->handling.media);
	showing_status(core);
}

static int mount_message(void *data, struct msg *msg)
{
	struct core *core = data;

	if (msg->type != MSG_MOUNT_DONE)
		return -EPROTO;
	media_mount_done(core->handling.media, msg->body, &msg->fd);
	return 0;
}

static void transfer_up(void *data, const struct msg_hello *hello)
{
	struct core *core = data;

	core->handling.transfer_sandbox = hello->sandbox;
	transferring_up(core);
	media_transfer_up(core->handling.media);
	showing_status(core);
}

static void transfer_down(void *data, int error, const char *reason)
{
	struct core *core = data;

	core->handling.transfer_sandbox = 0;
	note_loss(core, "airgap-transferd", error, reason);
	transferring_down(core);
	media_transfer_down(core->handling.media);
	showing_status(core);
}

static int transfer_message(void *data, struct msg *msg)
{
	struct core *core = data;

	switch (msg->type) {
	case MSG_MEDIUM_READING:
		media_reading(core->handling.media, msg->body);
		return 0;
	case MSG_MEDIUM_COUNTED:
		media_counted(core->handling.media, msg->body);
		return 0;
	default:
		return transferring_hear(core, msg) ? 0 : -EPROTO;
	}
}

static void on_medium(void *data, const struct msg_medium *medium,
		      const struct msg_medium_gone *gone)
{
	if (gone)
		showing_send(data, MSG_MEDIUM_GONE, gone);
	else
		showing_send(data, MSG_MEDIUM, medium);
	showing_status(data);
}

static void on_notice(void *data, uint32_t event, const struct msg_medium *medium,
		      const char *because, const char *rule)
{
	struct msg_notice notice = { .event = event, .uid = UINT32_MAX };

	if (medium->custodian[0])
		snprintf(notice.subject, sizeof(notice.subject), "%.60s, %.120s", medium->name,
			 medium->custodian);
	else
		snprintf(notice.subject, sizeof(notice.subject), "%.60s", medium->name);
	snprintf(notice.because, sizeof(notice.because), "%.250s", because);
	snprintf(notice.rule, sizeof(notice.rule), "%.70s", rule);
	noticing_send(data, &notice);
}

static int listen_for(struct core *core, enum msg_role role, const char *user, const char *socket,
		      const struct link_handler *handler, struct link **link)
{
	struct link_config config = {
		.event = core->daemon.event,
		.self = MSG_ROLE_CORE,
		.peer = role,
		.queue_max = QUEUE_MAX,
		.sandbox = core->daemon.sandbox,
		.handler = handler,
		.data = core,
	};
	char path[PATH_MAX];
	int r = account_find(core->daemon.root, user, &config.peer_uid, &config.group);

	if (r < 0) {
		log_warning("no user %s: no medium can be used", user);
		return 0;
	}
	r = path_join(path, core->daemon.root, socket);
	config.path = path;
	return r < 0 ? r : link_listen(&config, link);
}

int handling_open(struct core *core)
{
	static const struct link_handler mount = { mount_up, mount_down, mount_message, NULL };
	static const struct link_handler transfer = { transfer_up, transfer_down, transfer_message,
						      NULL };
	const struct media_config config = {
		.root = core->daemon.root,
		.govern = &core->govern,
		.recorder = core->recorder,
		.devices = &core->devices,
		.mount = &core->handling.mount,
		.transfer = &core->handling.transfer,
		.changed = on_medium,
		.notice = on_notice,
		.data = core,
	};
	int r;

	core->handling.media = media_new(&config);
	if (!core->handling.media)
		return -ENOMEM;
	r = listen_for(core, MSG_ROLE_MOUNT, "root", PATH_SOCKET_MOUNT, &mount,
		       &core->handling.mount);
	return r < 0 ? r
		     : listen_for(core, MSG_ROLE_TRANSFER, USER_TRANSFER, PATH_SOCKET_TRANSFER,
				  &transfer, &core->handling.transfer);
}

void handling_close(struct core *core)
{
	link_free(core->handling.mount);
	link_free(core->handling.transfer);
	media_free(core->handling.media);
}
