// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgap-notify: shows what airgap-noticed tells on the desktop of the person who is logged in.
 *
 * Runs in each graphical session, as its user, with that user's rights and no more; started by
 * packaging/airgap-notify.desktop. Desktop Notifications Specification 1.2, over the session bus.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "agent/lib/daemon.h"
#include "agent/lib/i18n.h"
#include "agent/lib/log.h"
#include "agent/lib/notice_json.h"
#include "agent/lib/notice_text.h"
#include "agent/lib/path.h"
#include "agent/lib/seqpacket.h"

#define RETRY_FIRST_US	 (1 * UINT64_C(1000000))
#define RETRY_LAST_US	 (60 * UINT64_C(1000000))
#define URGENCY_NORMAL	 1
#define URGENCY_CRITICAL 2

struct helper {
	struct daemon daemon;
	sd_bus *bus;
	sd_event_source *packets;
	sd_event_source *retry;
	uint64_t backoff_us;
	int fd;
};

static void try_later(struct helper *helper);

/* Desktops read a little markup in the body: a device's name must not be taken for it. */
static void escape(char *out, size_t size, const char *text)
{
	size_t used = 0;

	for (; *text && used + 8 < size; text++) {
		const char *as = *text == '&'	? "&amp;"
				 : *text == '<' ? "&lt;"
				 : *text == '>' ? "&gt;"
						: NULL;

		if (as)
			used += (size_t)snprintf(out + used, size - used, "%s", as);
		else
			out[used++] = *text;
	}
	out[used] = 0;
}

static int on_shown(sd_bus_message *reply, void *data, sd_bus_error *error)
{
	(void)data;
	(void)error;
	if (sd_bus_message_is_method_error(reply, NULL))
		log_warning("the desktop did not show a notice: %s",
			    sd_bus_message_get_error(reply)->message);
	return 0;
}

static void show(struct helper *helper, const struct msg_notice *notice)
{
	bool good = notice->event == NOTICE_RELEASED || notice->event == NOTICE_MAINTENANCE_OVER;
	struct notice_text text;
	char body[4 * sizeof(text.body)];
	int r;

	notice_text(notice, &text);
	escape(body, sizeof(body), text.body);
	r = sd_bus_call_method_async(helper->bus, NULL, "org.freedesktop.Notifications",
				     "/org/freedesktop/Notifications",
				     "org.freedesktop.Notifications", "Notify", on_shown, helper,
				     "susssasa{sv}i", "airgapd", (uint32_t)0,
				     good ? "security-high" : "security-low", text.title, body, 0,
				     2, "urgency", "y", good ? URGENCY_NORMAL : URGENCY_CRITICAL,
				     "desktop-entry", "s", "airgap-notify", good ? 15000 : 0);
	if (r < 0)
		log_warning("cannot ask the desktop to show a notice: %s", strerror(-r));
}

static void lose(struct helper *helper)
{
	helper->packets = sd_event_source_disable_unref(helper->packets);
	close(helper->fd);
	helper->fd = -1;
	try_later(helper);
}

static int on_packet(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct helper *helper = data;
	char packet[NOTICE_JSON_MAX];
	struct msg_notice notice;
	ssize_t length = recv(fd, packet, sizeof(packet), MSG_DONTWAIT | MSG_TRUNC);

	(void)source;
	(void)events;
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (length <= 0) {
		lose(helper);
		return 0;
	}
	if (length > NOTICE_JSON_MAX || notice_json_read(packet, (size_t)length, &notice) < 0)
		log_warning("a notice that this version does not understand was left out");
	else
		show(helper, &notice);
	return 0;
}

static void connect_noticed(struct helper *helper)
{
	char path[PATH_MAX];
	int r = path_join(path, helper->daemon.root, PATH_NOTICES);

	helper->fd = r < 0 ? r : seqpacket_connect(path);
	if (helper->fd >= 0 && sd_event_add_io(helper->daemon.event, &helper->packets, helper->fd,
					       EPOLLIN, on_packet, helper) >= 0) {
		helper->backoff_us = RETRY_FIRST_US;
		return;
	}
	if (helper->fd >= 0)
		close(helper->fd);
	helper->fd = -1;
	try_later(helper);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	connect_noticed(data);
	return 0;
}

static void try_later(struct helper *helper)
{
	helper->retry = sd_event_source_disable_unref(helper->retry);
	if (sd_event_add_time_relative(helper->daemon.event, &helper->retry, CLOCK_MONOTONIC,
				       helper->backoff_us, helper->backoff_us / 2, on_retry,
				       helper) < 0)
		sd_event_exit(helper->daemon.event, EXIT_FAILURE);
	helper->backoff_us *= 2;
	if (helper->backoff_us > RETRY_LAST_US)
		helper->backoff_us = RETRY_LAST_US;
}

static int start(struct helper *helper)
{
	int r;

	i18n_init(NULL);
	helper->backoff_us = RETRY_FIRST_US;
	r = sd_bus_open_user(&helper->bus);
	if (r >= 0)
		r = sd_bus_attach_event(helper->bus, helper->daemon.event, 0);
	/* Without its bus there is no session any more. */
	if (r >= 0)
		r = sd_bus_set_exit_on_disconnect(helper->bus, true);
	if (r < 0) {
		log_error("no session bus (%s); airgap-notify belongs into a graphical session",
			  strerror(-r));
		return r;
	}
	connect_noticed(helper);
	return 0;
}

int main(int argc, char *argv[])
{
	static struct helper helper = { .fd = -1 };
	int r;

	r = daemon_init(&helper.daemon, "airgap-notify",
			"Shows on the desktop what airgapd refused, and why.", argc, argv);
	if (r != 0)
		return r == 1 ? EXIT_SUCCESS : 2;
	r = start(&helper) == 0 ? daemon_run(&helper.daemon) : EXIT_FAILURE;
	sd_event_source_disable_unref(helper.packets);
	sd_event_source_disable_unref(helper.retry);
	if (helper.fd >= 0)
		close(helper.fd);
	sd_bus_flush_close_unref(helper.bus);
	daemon_done(&helper.daemon);
	return r;
}
