// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/core_link.h"

#include <errno.h>
#include <string.h>

#include "agent/lib/daemon.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/transfer/medium_list.h"
#include "agent/transfer/medium_read.h"

/* Events of a batch and questions about it; the core takes them at once or not at all. */
#define QUEUE_MAX 256

/* What the core says of settings is not kept yet while nobody may ask for anything. */
static int take_settings(struct transferd *self, struct msg *msg)
{
	const struct msg_transfer_settings *settings = msg->body;

	(void)self;
	daemon_status("%s", settings->permitted ? "connected to airgapd" : settings->reason);
	return 0;
}

static int take_silently(struct transferd *self, struct msg *msg)
{
	(void)self;
	(void)msg;
	return 0;
}

static int take_medium_question(struct transferd *self, struct msg *msg)
{
	return medium_reader_take(self->reader, msg);
}

static int take_medium(struct transferd *self, struct msg *msg)
{
	return medium_list_take(self->media, msg);
}

static int take_medium_gone(struct transferd *self, struct msg *msg)
{
	return medium_list_gone(self->media, msg->body);
}

static const struct {
	enum msg_type type;
	int (*take)(struct transferd *self, struct msg *msg);
} takers[] = {
	{ MSG_TRANSFER_SETTINGS, take_settings },
	{ MSG_TRANSFER_RECIPIENT, take_silently },
	{ MSG_TRANSFER_PERSON, take_silently },
	{ MSG_TRANSFER_SETTINGS_END, take_silently },
	{ MSG_MEDIUM_READ, take_medium_question },
	{ MSG_MEDIUM_COUNT, take_medium_question },
	{ MSG_MEDIUM, take_medium },
	{ MSG_MEDIUM_GONE, take_medium_gone },
};

static void on_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	(void)hello;
	log_info("connected to airgapd");
}

static void on_down(void *data, int error, const char *reason)
{
	struct transferd *self = data;

	(void)error;
	medium_list_clear(self->media);
	log_warning("lost airgapd: %s; nothing is transferred until it is back", reason);
}

static int on_message(void *data, struct msg *msg)
{
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
		if (takers[i].type == msg->type)
			return takers[i].take(data, msg);
	/* Permitted from the core, but not to this program. */
	return -EPROTO;
}

int core_link_open(struct transferd *self)
{
	static const struct link_handler handler = { on_up, on_down, on_message, NULL };
	char path[PATH_MAX];
	struct link_config config = {
		.event = self->event,
		.path = path,
		.self = MSG_ROLE_TRANSFER,
		.peer = MSG_ROLE_CORE,
		.peer_uid = self->root_user,
		.queue_max = QUEUE_MAX,
		.sandbox = self->sandbox,
		.handler = &handler,
		.data = self,
	};
	int r = path_join(path, self->root, PATH_SOCKET_TRANSFER);

	return r < 0 ? r : link_connect(&config, &self->core);
}
