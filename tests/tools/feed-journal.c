// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A core for tests of airgap-journald: has notes recorded and says what was acknowledged.
 *
 *	feed-journal ROOT NUMBER FIRST COUNT [WINDOW [named]]
 *
 * With "named" they are refused devices, programs that were stopped, and notes, all of which name what
 * must not be told to everybody: serial number 60A44C413FAE, product DataTraveler, user a.novak, file
 * budget-2027.ods, address 203.0.113.77.
 *
 * Tells the terminal's NUMBER, then has the notes k-FIRST, k-FIRST+1 ... recorded, WINDOW of them
 * under way at a time. Prints "ack N ENTRY" or "refused N ERRNO" for each answer. A journald that goes
 * away and comes back within five seconds gets again what was not answered, as the core does. Exit
 * status 0 when all were answered.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/daemon.h"
#include "agent/lib/link.h"
#include "agent/lib/path.h"

#define COUNT_MAX  100000
#define PATIENCE_S 5

struct feed {
	struct link *link;
	const char *number;
	unsigned long first, count, window;
	unsigned long answered, on_way;
	bool named;
	uint64_t request[COUNT_MAX]; /* of each note; 0: not sent */
	bool done[COUNT_MAX];
};

static struct feed feed;

static int send_usb(uint64_t occurred_us, uint64_t *request)
{
	struct msg_record_usb usb = { .record = { .kind = RECORD_KIND_VIOLATION,
						  .grade = RECORD_GRADE_V1 },
				      .outcome.decided.facts = { .vendor = 0x0951,
								 .product = 0x1666,
								 .port = "1-2",
								 .serial = "60A44C413FAE",
								 .name = "DataTraveler" } };

	usb.record.occurred_us = occurred_us;
	return link_send(feed.link, MSG_RECORD_USB, &usb, -1, request);
}

static int send_net(uint64_t occurred_us, uint64_t *request)
{
	struct msg_record_net net = {
		.record = { .kind = RECORD_KIND_VIOLATION, .grade = RECORD_GRADE_V2 },
		.violation = { .kind = NET_VIOLATION_EGRESS_BLOCKED,
			       .count = 1,
			       .actor = { .login = "a.novak", .program = "/srv/budget-2027.ods" },
			       .text = "to 203.0.113.77" }
	};

	net.record.occurred_us = occurred_us;
	return link_send(feed.link, MSG_RECORD_NET, &net, -1, request);
}

static int send_alarm(uint64_t occurred_us, uint64_t *request)
{
	struct msg_record_note note = { .record = { .kind = RECORD_KIND_ALARM,
						    .grade = RECORD_GRADE_V2 },
					.event = "opened-by-others",
					.subject = "budget-2027.ods",
					.text = "a.novak opened 60A44C413FAE DataTraveler" };

	note.record.occurred_us = occurred_us;
	return link_send(feed.link, MSG_RECORD_NOTE, &note, -1, request);
}

static int send_named(unsigned long i, uint64_t *request)
{
	/* Two that are alike in all are one that was sent again. */
	uint64_t occurred_us = 1000 + feed.first + i;

	return i % 3 == 0   ? send_usb(occurred_us, request)
	       : i % 3 == 1 ? send_net(occurred_us, request)
			    : send_alarm(occurred_us, request);
}

static void send_next(void)
{
	struct msg_record_note note = { .record.kind = RECORD_KIND_PERMIT };

	for (unsigned long i = 0; i < feed.count && feed.on_way < feed.window; i++) {
		if (feed.done[i] || feed.request[i])
			continue;
		if (feed.named) {
			if (send_named(i, &feed.request[i]) < 0)
				return;
			feed.on_way++;
			continue;
		}
		note.record.kind = i % 3 ? RECORD_KIND_PERMIT : RECORD_KIND_VIOLATION;
		note.record.occurred_us = 1000 + feed.first + i;
		snprintf(note.event, sizeof(note.event), "k-%lu", feed.first + i);
		snprintf(note.text, sizeof(note.text), "%*s", (int)(i * 37 % 700), "");
		if (link_send(feed.link, MSG_RECORD_NOTE, &note, -1, &feed.request[i]) < 0)
			return;
		feed.on_way++;
	}
}

static void on_up(void *data, const struct msg_hello *hello)
{
	struct msg_terminal terminal = { 0 };

	(void)data;
	(void)hello;
	snprintf(terminal.number, sizeof(terminal.number), "%s", feed.number);
	link_send(feed.link, MSG_TERMINAL, &terminal, -1, NULL);
	send_next();
}

static void on_down(void *data, int error, const char *reason)
{
	(void)data;
	(void)error;
	(void)reason;
	memset(feed.request, 0, sizeof(feed.request));
	feed.on_way = 0;
}

static int on_message(void *data, struct msg *msg)
{
	const struct msg_recorded *recorded = msg->body;

	(void)data;
	if (msg->type != MSG_RECORDED)
		return 0;
	for (unsigned long i = 0; i < feed.count; i++) {
		if (feed.done[i] || feed.request[i] != recorded->request)
			continue;
		feed.done[i] = true;
		feed.answered++;
		feed.on_way--;
		if (recorded->error)
			printf("refused %lu %d\n", feed.first + i, -recorded->error);
		else
			printf("ack %lu %" PRIu64 "\n", feed.first + i, recorded->entry);
		break;
	}
	send_next();
	return 0;
}

int main(int argc, char *argv[])
{
	static const struct link_handler handler = { .up = on_up,
						     .down = on_down,
						     .message = on_message };
	struct link_config config = { .self = MSG_ROLE_CORE,
				      .peer = MSG_ROLE_JOURNAL,
				      .peer_uid = getuid(),
				      .queue_max = 1024,
				      .handler = &handler };
	uint64_t patience;
	char path[PATH_MAX];

	if (argc < 5) {
		fprintf(stderr, "usage: feed-journal ROOT NUMBER FIRST COUNT [WINDOW]\n");
		return 2;
	}
	feed.number = argv[2];
	feed.first = strtoul(argv[3], NULL, 10);
	feed.count = strtoul(argv[4], NULL, 10);
	feed.window = argc > 5 ? strtoul(argv[5], NULL, 10) : 1;
	feed.named = argc > 6 && strcmp(argv[6], "named") == 0;
	config.path = path;
	if (feed.count > COUNT_MAX || path_join(path, argv[1], PATH_SOCKET_JOURNAL) < 0 ||
	    sd_event_new(&config.event) < 0 || link_connect(&config, &feed.link) < 0)
		return 2;
	patience = clock_boottime_us() + PATIENCE_S * 1000000;
	while (feed.answered < feed.count && clock_boottime_us() < patience) {
		unsigned long before = feed.answered;

		if (sd_event_run(config.event, 50000) < 0)
			return 2;
		if (feed.answered > before)
			patience = clock_boottime_us() + PATIENCE_S * 1000000;
	}
	link_free(feed.link);
	sd_event_unref(config.event);
	return feed.answered < feed.count;
}
