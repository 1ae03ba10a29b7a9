// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/core_link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/daemon.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/transfer/medium_list.h"
#include "agent/transfer/medium_read.h"
#include "agent/transfer/record.h"
#include "agent/transfer/settings.h"

/* Questions wait here while the core is slow; each is of a few KiB. */
#define QUEUE_MAX 256

struct core_question {
	struct core_question *next;
	uint64_t cookie;
	enum msg_type answer_type;
	core_answer *answer;
	void *data;
};

/* A question, its answer, and where the cookie stands in the question; in each answer it comes first. */
static const struct {
	enum msg_type question;
	enum msg_type answer;
	size_t cookie;
} pairs[] = {
	{ MSG_TRANSFER_ASK, MSG_TRANSFER_VERDICT, offsetof(struct msg_transfer_ask, cookie) },
	{ MSG_TRANSFER_APPROVAL, MSG_TRANSFER_APPROVED,
	  offsetof(struct msg_transfer_approval, cookie) },
	{ MSG_TRANSFER_EVENT, MSG_TRANSFER_RECORDED, offsetof(struct msg_record_transfer, cookie) },
	{ MSG_TRANSFER_SIGN, MSG_TRANSFER_SIGNED, offsetof(struct msg_slip_sign, cookie) },
	{ MSG_TERMINAL_KEY_ASK, MSG_TERMINAL_KEY, offsetof(struct msg_terminal_key_ask, cookie) },
};

int core_ask(struct transferd *self, enum msg_type type, void *body, int fd, core_answer *answer,
	     void *data, uint64_t *cookie)
{
	struct core_question *question;
	size_t pair = 0;
	int r;

	while (pair < sizeof(pairs) / sizeof(pairs[0]) && pairs[pair].question != type)
		pair++;
	if (pair == sizeof(pairs) / sizeof(pairs[0]))
		return -EINVAL;
	question = calloc(1, sizeof(*question));
	if (!question)
		return -ENOMEM;
	*question = (struct core_question){ .cookie = ++self->next_cookie,
					    .answer_type = pairs[pair].answer,
					    .answer = answer,
					    .data = data };
	memcpy((char *)body + pairs[pair].cookie, &question->cookie, sizeof(question->cookie));
	r = link_send(self->core, type, body, fd, NULL);
	if (r < 0) {
		free(question);
		return r;
	}
	question->next = self->questions;
	self->questions = question;
	if (cookie)
		*cookie = question->cookie;
	return 0;
}

static struct core_question *unlink_question(struct transferd *self, uint64_t cookie)
{
	struct core_question **at = &self->questions, *found;

	while (*at && (*at)->cookie != cookie)
		at = &(*at)->next;
	found = *at;
	if (found)
		*at = found->next;
	return found;
}

void core_forget(struct transferd *self, uint64_t cookie)
{
	if (cookie)
		free(unlink_question(self, cookie));
}

static int take_answer(struct transferd *self, struct msg *msg)
{
	struct core_question *question;
	uint64_t cookie;

	memcpy(&cookie, msg->body, sizeof(cookie));
	question = unlink_question(self, cookie);
	/* Whoever asked may have gone. */
	if (!question)
		return 0;
	if (question->answer_type != msg->type) {
		question->answer(question->data, -ENOTCONN, NULL);
		free(question);
		return -EPROTO;
	}
	question->answer(question->data, 0, msg->body);
	free(question);
	return 0;
}

static int take_settings(struct transferd *self, struct msg *msg)
{
	const struct msg_transfer_settings *said = msg->body;

	settings_begin(&self->settings, said);
	daemon_status("%s", said->permitted ? "connected to airgapd" : said->reason);
	return 0;
}

static int take_recipient(struct transferd *self, struct msg *msg)
{
	return settings_recipient(&self->settings, msg->body);
}

static int take_person(struct transferd *self, struct msg *msg)
{
	return settings_person(&self->settings, msg->body);
}

static int take_settings_end(struct transferd *self, struct msg *msg)
{
	(void)msg;
	settings_end(&self->settings);
	record_owed(self);
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
	{ MSG_TRANSFER_RECIPIENT, take_recipient },
	{ MSG_TRANSFER_PERSON, take_person },
	{ MSG_TRANSFER_SETTINGS_END, take_settings_end },
	{ MSG_TRANSFER_VERDICT, take_answer },
	{ MSG_TRANSFER_APPROVED, take_answer },
	{ MSG_TRANSFER_RECORDED, take_answer },
	{ MSG_TRANSFER_SIGNED, take_answer },
	{ MSG_TERMINAL_KEY, take_answer },
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
	struct core_question *waiting = self->questions, *next;

	(void)error;
	medium_list_clear(self->media);
	log_warning("lost airgapd: %s; nothing is transferred until it is back", reason);
	daemon_status("waiting for airgapd");
	/* Nothing is permitted by what it said before. */
	settings_clear(&self->settings);
	self->questions = NULL;
	for (; waiting; waiting = next) {
		next = waiting->next;
		waiting->answer(waiting->data, -ENOTCONN, NULL);
		free(waiting);
	}
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

void core_link_close(struct transferd *self)
{
	struct core_question *next;

	link_free(self->core);
	self->core = NULL;
	for (; self->questions; self->questions = next) {
		next = self->questions->next;
		free(self->questions);
	}
}
