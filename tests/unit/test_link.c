// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/lib/link.h"
#include "agent/lib/log.h"
#include "tests/unit/unit.h"

struct side {
	struct link *link;
	int ups;
	int downs;
	int messages;
	int drained;
	int last_error;
	int refuse;	/* answer messages with an error */
	uint64_t cookie;
	int fd_bytes;
};

static sd_event *loop;
static struct side core, monitor;
static char path[108];

static void on_up(void *data, const struct msg_hello *hello)
{
	(void)hello;
	((struct side *)data)->ups++;
}

static void on_down(void *data, int error, const char *reason)
{
	struct side *side = data;

	(void)reason;
	side->downs++;
	side->last_error = error;
}

static int on_message(void *data, struct msg *msg)
{
	struct side *side = data;
	char byte;

	side->messages++;
	if (msg->type == MSG_PING || msg->type == MSG_PONG)
		side->cookie = ((const struct msg_ping *)msg->body)->cookie;
	if (msg->fd >= 0)
		side->fd_bytes += (int)read(msg->fd, &byte, 1);
	return side->refuse ? -EPROTO : 0;
}

static void on_drained(void *data)
{
	((struct side *)data)->drained++;
}

static const struct link_handler handler = { on_up, on_down, on_message, on_drained };

static struct link_config config_of(struct side *side, enum msg_role self, enum msg_role peer)
{
	return (struct link_config){
		.event = loop,
		.path = path,
		.self = self,
		.peer = peer,
		.peer_uid = getuid(),
		.group = getgid(),
		.queue_max = 200,
		.handler = &handler,
		.data = side,
	};
}

static void listen_core(void)
{
	struct link_config config = config_of(&core, MSG_ROLE_CORE, MSG_ROLE_MONITOR);

	ck_assert_int_eq(link_listen(&config, &core.link), 0);
}

static void connect_monitor(void)
{
	struct link_config config = config_of(&monitor, MSG_ROLE_MONITOR, MSG_ROLE_CORE);

	ck_assert_int_eq(link_connect(&config, &monitor.link), 0);
}

/* Runs the loop until *what reaches @wanted; two seconds are far more than it may take. */
static void run_until(const int *what, int wanted)
{
	for (int i = 0; i < 200 && *what < wanted; i++)
		ck_assert_int_ge(sd_event_run(loop, 10000), 0);
	ck_assert_int_ge(*what, wanted);
}

static void set_up(void)
{
	log_init("test");
	memset(&core, 0, sizeof(core));
	memset(&monitor, 0, sizeof(monitor));
	snprintf(path, sizeof(path), "%s/socket", unit_tmpdir());
	ck_assert_int_ge(sd_event_new(&loop), 0);
}

static void tear_down(void)
{
	link_free(core.link);
	link_free(monitor.link);
	loop = sd_event_unref(loop);
}

START_TEST(either_may_start_first)
{
	const struct msg_ping ping = { .cookie = 42 };

	if (_i == 0) {
		listen_core();
		connect_monitor();
	} else {
		connect_monitor();
		sd_event_run(loop, 50000);
		listen_core();
	}
	run_until(&core.ups, 1);
	run_until(&monitor.ups, 1);
	ck_assert_int_eq(link_send(core.link, MSG_PING, &ping, -1, NULL), 0);
	run_until(&monitor.messages, 1);
	ck_assert_uint_eq(monitor.cookie, 42);
}
END_TEST

START_TEST(a_lost_peer_comes_back)
{
	listen_core();
	connect_monitor();
	run_until(&monitor.ups, 1);
	link_free(core.link);
	core.link = NULL;
	run_until(&monitor.downs, 1);
	ck_assert(!link_is_up(monitor.link));
	ck_assert_int_eq(link_send(monitor.link, MSG_PONG, &(struct msg_ping){ 0 }, -1, NULL),
			 -ENOTCONN);
	listen_core();
	run_until(&monitor.ups, 2);
}
END_TEST

START_TEST(a_descriptor_travels)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	listen_core();
	connect_monitor();
	run_until(&monitor.ups, 1);
	ck_assert_int_eq(link_send(monitor.link, MSG_EVENT_SOCKET, NULL, fd, NULL), 0);
	run_until(&core.messages, 1);
	ck_assert_int_eq(core.fd_bytes, 1);
	close(fd);
}
END_TEST

/* The monitor may not send what is the core's to send: it is dropped, and comes back later. */
START_TEST(the_wrong_sender_is_dropped)
{
	listen_core();
	connect_monitor();
	run_until(&monitor.ups, 1);
	ck_assert_int_eq(link_send(monitor.link, MSG_PING, &(struct msg_ping){ 0 }, -1, NULL), 0);
	run_until(&core.downs, 1);
	ck_assert_int_eq(core.last_error, -EPROTO);
	ck_assert_int_eq(core.messages, 0);
	run_until(&monitor.ups, 2);
}
END_TEST

START_TEST(a_refused_message_drops_the_peer)
{
	listen_core();
	connect_monitor();
	run_until(&core.ups, 1);
	core.refuse = 1;
	run_until(&monitor.ups, 1);
	ck_assert_int_eq(link_send(monitor.link, MSG_PONG, &(struct msg_ping){ 0 }, -1, NULL), 0);
	run_until(&core.downs, 1);
	ck_assert_int_eq(core.last_error, -EPROTO);
}
END_TEST

static int raw_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

START_TEST(garbage_is_dropped)
{
	static const char *const garbage[] = { "x", "GET / HTTP/1.0\r\n\r\n", "" };
	int dropped = 0;

	listen_core();
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		int fd = raw_connect();

		ck_assert_int_ge(send(fd, garbage[i], strlen(garbage[i]) + 1, 0), 0);
		run_until(&core.downs, ++dropped);
		ck_assert_int_eq(core.last_error, -EPROTO);
		ck_assert_int_eq(core.ups, 0);
		close(fd);
	}
}
END_TEST

START_TEST(another_user_is_refused)
{
	struct link_config config = config_of(&core, MSG_ROLE_CORE, MSG_ROLE_MONITOR);
	char byte;
	int fd;

	config.peer_uid = getuid() + 1;
	ck_assert_int_eq(link_listen(&config, &core.link), 0);
	fd = raw_connect();
	for (int i = 0; i < 5; i++)
		sd_event_run(loop, 10000);
	ck_assert_int_le(recv(fd, &byte, 1, MSG_DONTWAIT), 0);
	ck_assert_int_eq(core.ups, 0);
	close(fd);
}
END_TEST

/* A peer that does not read: messages are queued up to the bound, then refused, then all arrive. */
START_TEST(the_queue_is_bounded)
{
	struct msg_usb_facts facts = { 0 };
	int sent = 0, r;

	listen_core();
	connect_monitor();
	run_until(&monitor.ups, 1);
	while ((r = link_send(monitor.link, MSG_USB_FACTS, &facts, -1, NULL)) == 0 && sent < 100000)
		sent++;
	ck_assert_int_eq(r, -ENOBUFS);
	ck_assert_int_ge(sent, 200);
	run_until(&monitor.drained, 1);
	run_until(&core.messages, sent);
	ck_assert_int_eq(core.downs, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("link");
	TCase *cases = tcase_create("link");

	tcase_add_checked_fixture(cases, set_up, tear_down);
	tcase_add_loop_test(cases, either_may_start_first, 0, 2);
	tcase_add_test(cases, a_lost_peer_comes_back);
	tcase_add_test(cases, a_descriptor_travels);
	tcase_add_test(cases, the_wrong_sender_is_dropped);
	tcase_add_test(cases, a_refused_message_drops_the_peer);
	tcase_add_test(cases, garbage_is_dropped);
	tcase_add_test(cases, another_user_is_refused);
	tcase_add_test(cases, the_queue_is_bounded);
	tcase_set_timeout(cases, 30);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
