// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/recorder.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/account.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

/* At about 3.2 KiB each: 3.3 MiB at most. */
#define WAITING_MAX 1024

struct waiting {
	struct waiting *next;
	enum msg_type type;
	uint64_t tag;
	uint64_t request; /* number under which it was sent on this connection; 0: not sent */
	uint8_t body[];
};

struct recorder {
	struct link *link;
	const struct record_policy *policy;
	const struct recorder_handler *handler;
	void *data;
	recorder_signed_fn *signed_slip;
	void *signed_data;
	struct waiting *head, **tail;
	size_t count;
	uint64_t lost;
	struct msg_journal_status status;
	struct msg_terminal terminal;
	struct msg_bearing bearing;
	bool has_bearing;
	uint32_t sandbox;
	uint64_t heard_us;	  /* journald's last word */
	sd_event_source *failing; /* tells the tags that cannot become durable now */
};

static void fill_head(const struct recorder *recorder, struct record *head, enum record_kind kind,
		      enum record_grade grade)
{
	head->kind = kind;
	head->grade = grade;
	head->occurred_us = clock_boottime_us();
	head->policy_serial = recorder->policy->serial;
	memcpy(head->policy_digest, recorder->policy->digest, sizeof(head->policy_digest));
}

static void send_waiting(struct recorder *recorder)
{
	for (struct waiting *entry = recorder->head; entry; entry = entry->next) {
		if (entry->request)
			continue;
		/* A full queue drains, and then this is called again. */
		if (link_send(recorder->link, entry->type, entry->body, -1, &entry->request) < 0)
			return;
	}
}

static int append(struct recorder *recorder, enum msg_type type, const void *body, uint64_t tag)
{
	size_t size = (size_t)msg_size(type);
	struct waiting *entry;

	entry = recorder->count < WAITING_MAX ? malloc(sizeof(*entry) + size) : NULL;
	if (!entry) {
		recorder->lost++;
		return -ENOBUFS;
	}
	entry->next = NULL;
	entry->type = type;
	entry->tag = tag;
	entry->request = 0;
	memcpy(entry->body, body, size);
	*recorder->tail = entry;
	recorder->tail = &entry->next;
	recorder->count++;
	send_waiting(recorder);
	if (tag && !recorder_ready(recorder))
		sd_event_source_set_enabled(recorder->failing, SD_EVENT_ONESHOT);
	return 0;
}

int recorder_usb(struct recorder *recorder, enum record_kind kind, enum record_grade grade,
		 const struct usb_outcome *outcome, uint64_t tag)
{
	struct msg_record_usb message = { .outcome = *outcome };

	fill_head(recorder, &message.record, kind, grade);
	return append(recorder, MSG_RECORD_USB, &message, tag);
}

int recorder_link(struct recorder *recorder, enum record_kind kind, enum record_grade grade,
		  const struct net_outcome *outcome, uint64_t tag)
{
	struct msg_record_link message = { .outcome = *outcome };

	fill_head(recorder, &message.record, kind, grade);
	return append(recorder, MSG_RECORD_LINK, &message, tag);
}

int recorder_net(struct recorder *recorder, enum record_kind kind, enum record_grade grade,
		 const struct net_violation *violation)
{
	struct msg_record_net message = { .violation = *violation };

	fill_head(recorder, &message.record, kind, grade);
	return append(recorder, MSG_RECORD_NET, &message, 0);
}

int recorder_medium(struct recorder *recorder, enum record_grade grade,
		    struct msg_record_medium *message, uint64_t tag)
{
	fill_head(recorder, &message->record, RECORD_KIND_MEDIA, grade);
	return append(recorder, MSG_RECORD_MEDIUM, message, tag);
}

int recorder_policy(struct recorder *recorder, enum record_grade grade,
		    struct msg_record_policy *message, uint64_t tag)
{
	fill_head(recorder, &message->record, RECORD_KIND_POLICY, grade);
	return append(recorder, MSG_RECORD_POLICY, message, tag);
}

int recorder_transfer(struct recorder *recorder, enum record_grade grade,
		      struct msg_record_transfer *message, uint64_t tag)
{
	fill_head(recorder, &message->record, RECORD_KIND_TRANSFER, grade);
	return append(recorder, MSG_RECORD_TRANSFER, message, tag);
}

void recorder_signs(struct recorder *recorder, recorder_signed_fn *signed_slip, void *data)
{
	recorder->signed_slip = signed_slip;
	recorder->signed_data = data;
}

int recorder_sign(struct recorder *recorder, const struct msg_slip_sign *slip)
{
	if (!link_is_up(recorder->link))
		return -ENOTCONN;
	return link_send(recorder->link, MSG_SLIP_SIGN, slip, -1, NULL);
}

int recorder_note(struct recorder *recorder, enum record_kind kind, enum record_grade grade,
		  uint64_t count, const char *event, const char *subject, const char *format, ...)
{
	struct msg_record_note message = { .count = count };
	va_list args;

	fill_head(recorder, &message.record, kind, grade);
	snprintf(message.event, sizeof(message.event), "%s", event);
	snprintf(message.subject, sizeof(message.subject), "%s", subject);
	va_start(args, format);
	vsnprintf(message.text, sizeof(message.text), format, args);
	va_end(args);
	return append(recorder, MSG_RECORD_NOTE, &message, 0);
}

/* The losses of this program become an entry of their own as soon as one fits. */
static void record_losses(struct recorder *recorder)
{
	uint64_t lost = recorder->lost;

	if (!lost || recorder->count >= WAITING_MAX / 2)
		return;
	recorder->lost = 0;
	recorder_note(recorder, RECORD_KIND_LOSS, RECORD_GRADE_V2, lost, "records-lost", "airgapd",
		      "%llu records could not be kept while the journal was away",
		      (unsigned long long)lost);
}

static void remove_entry(struct recorder *recorder, struct waiting **at)
{
	struct waiting *entry = *at;

	*at = entry->next;
	if (recorder->tail == &entry->next)
		recorder->tail = at;
	recorder->count--;
	free(entry);
}

static void acknowledge(struct recorder *recorder, const struct msg_recorded *message)
{
	struct waiting **at = &recorder->head;
	uint64_t tag;

	while (*at && (*at)->request != message->request)
		at = &(*at)->next;
	if (!*at)
		return;
	tag = (*at)->tag;
	remove_entry(recorder, at);
	record_losses(recorder);
	if (message->error == 0)
		recorder->status.next = message->entry + 1;
	if (tag)
		recorder->handler->recorded(recorder->data, tag, message->entry, message->error);
	recorder->handler->changed(recorder->data);
}

/*
 * Tell those who wait for permission that it does not come now. The records themselves stay, without
 * a tag: that it was asked for will be on record.
 */
static int on_failing(sd_event_source *source, void *data)
{
	struct recorder *recorder = data;

	(void)source;
	for (struct waiting *entry = recorder->head; entry && !recorder_ready(recorder);) {
		uint64_t tag = entry->tag;

		entry->tag = 0;
		entry = entry->next;
		if (tag)
			recorder->handler->recorded(recorder->data, tag, 0,
						    recorder->status.error ? recorder->status.error
									   : -ENOTCONN);
	}
	return 0;
}

static void send_terminal(struct recorder *recorder)
{
	if (recorder->terminal.number[0] && link_is_up(recorder->link))
		link_send(recorder->link, MSG_TERMINAL, &recorder->terminal, -1, NULL);
}

static void send_bearing(struct recorder *recorder)
{
	if (recorder->has_bearing && link_is_up(recorder->link))
		link_send(recorder->link, MSG_BEARING, &recorder->bearing, -1, NULL);
}

void recorder_bearing(struct recorder *recorder, const struct msg_bearing *bearing)
{
	if (recorder->has_bearing && memcmp(&recorder->bearing, bearing, sizeof(*bearing)) == 0)
		return;
	recorder->bearing = *bearing;
	recorder->has_bearing = true;
	send_bearing(recorder);
}

void recorder_terminal(struct recorder *recorder, const char *number)
{
	snprintf(recorder->terminal.number, sizeof(recorder->terminal.number), "%s", number);
	send_terminal(recorder);
}

static void on_up(void *data, const struct msg_hello *hello)
{
	struct recorder *recorder = data;

	recorder->sandbox = hello->sandbox;
	recorder->heard_us = clock_boottime_us();
	for (struct waiting *entry = recorder->head; entry; entry = entry->next)
		entry->request = 0;
	send_terminal(recorder);
	send_bearing(recorder);
	send_waiting(recorder);
}

static void on_down(void *data, int error, const char *reason)
{
	struct recorder *recorder = data;

	log_warning("lost airgap-journald (%s%s): nothing new is permitted until it is back",
		    reason, error == -EPROTO ? ", dropped" : "");
	recorder->sandbox = 0;
	recorder->status.error = -ENOTCONN;
	/* What was sent may or may not be on the disk: it is sent again. */
	for (struct waiting *entry = recorder->head; entry; entry = entry->next)
		entry->request = 0;
	sd_event_source_set_enabled(recorder->failing, SD_EVENT_ONESHOT);
	recorder->handler->changed(recorder->data);
}

static int on_message(void *data, struct msg *msg)
{
	struct recorder *recorder = data;

	recorder->heard_us = clock_boottime_us();
	switch (msg->type) {
	case MSG_JOURNAL_PONG:
		return 0;
	case MSG_RECORDED:
		acknowledge(recorder, msg->body);
		return 0;
	case MSG_JOURNAL_STATUS:
		recorder->status = *(const struct msg_journal_status *)msg->body;
		record_losses(recorder);
		recorder->handler->changed(recorder->data);
		return 0;
	case MSG_SLIP_SIGNED:
		if (!recorder->signed_slip)
			return -EPROTO;
		recorder->signed_slip(recorder->signed_data, msg->body);
		return 0;
	default:
		return -EPROTO;
	}
}

static void on_drained(void *data)
{
	send_waiting(data);
}

uint64_t recorder_ask(struct recorder *recorder)
{
	const struct msg_ping ping = { 0 };

	if (!link_is_up(recorder->link))
		return 0;
	link_send(recorder->link, MSG_JOURNAL_PING, &ping, -1, NULL);
	return recorder->heard_us;
}

bool recorder_idle(const struct recorder *recorder)
{
	return recorder->count == 0 && recorder_ready(recorder);
}

bool recorder_ready(const struct recorder *recorder)
{
	return link_is_up(recorder->link) && recorder->status.error == 0;
}

void recorder_status(const struct recorder *recorder, struct msg_journal_status *status,
		     uint32_t *sandbox)
{
	*status = recorder->status;
	status->lost += recorder->lost;
	*sandbox = recorder->sandbox;
}

int recorder_new(struct daemon *daemon, const struct record_policy *policy,
		 const struct recorder_handler *handler, void *data, struct recorder **out)
{
	static const struct link_handler link_handler = { on_up, on_down, on_message, on_drained };
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	struct link_config config = {
		.event = daemon->event,
		.self = MSG_ROLE_CORE,
		.peer = MSG_ROLE_JOURNAL,
		.queue_max = WAITING_MAX,
		/* Permits wait for its answers. */
		.priority = SD_EVENT_PRIORITY_IMPORTANT,
		.sandbox = daemon->sandbox,
		.handler = &link_handler,
		.data = recorder,
	};
	char path[PATH_MAX];
	int r;

	if (!recorder)
		return -ENOMEM;
	recorder->policy = policy;
	recorder->handler = handler;
	recorder->data = data;
	recorder->tail = &recorder->head;
	recorder->status.error = -ENOTCONN;
	r = account_find(daemon->root, USER_JOURNAL, &config.peer_uid, &config.group);
	if (r < 0)
		log_error("no user %s: %s", USER_JOURNAL, strerror(-r));
	if (r == 0)
		r = sd_event_add_defer(daemon->event, &recorder->failing, on_failing, recorder);
	if (r >= 0)
		r = sd_event_source_set_enabled(recorder->failing, SD_EVENT_OFF);
	if (r >= 0)
		r = path_join(path, daemon->root, PATH_SOCKET_JOURNAL);
	config.path = path;
	if (r >= 0)
		r = link_connect(&config, &recorder->link);
	if (r < 0) {
		recorder_free(recorder);
		return r;
	}
	*out = recorder;
	return 0;
}

void recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	link_free(recorder->link);
	sd_event_source_disable_unref(recorder->failing);
	while (recorder->head)
		remove_entry(recorder, &recorder->head);
	free(recorder);
}
