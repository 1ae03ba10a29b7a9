// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets for the monitor: it has no right to open them, the core has no wish to read them. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/core.h"
#include "agent/core/network/net_sockets.h"
#include "agent/lib/log.h"

/* One that the monitor had before may still be open for a moment. */
#define AGAIN_US 200000

static int hand_over(struct core *core, enum msg_net_socket kind)
{
	const struct msg_net_socket_kind body = { .kind = kind };
	int fd = net_sockets_open(kind), r;

	if (fd < 0)
		return fd;
	r = link_send(core->monitor, MSG_NET_SOCKET, &body, fd, NULL);
	close(fd);
	return r;
}

static void hand_over_all(struct core *core)
{
	bool again = false;

	for (uint32_t kind = 0; kind < MSG_NET_SOCKET_COUNT; kind++) {
		int r = core->handed & (1u << kind) ? 0
						    : hand_over(core, (enum msg_net_socket)kind);

		if (r == 0) {
			core->handed |= 1u << kind;
			continue;
		}
		if (r == -ENOTCONN)
			return; /* all of them follow when it is back */
		again = true;
		if (r != -EBUSY && r != core->hand_error) {
			core->hand_error = r;
			log_error("event socket %u of the network cannot be opened: %s", kind,
				  strerror(-r));
			recorder_note(core->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0,
				      "events-closed", "network",
				      "an event socket of the network cannot be opened: %s",
				      strerror(-r));
		}
	}
	if (again && (sd_event_source_set_time_relative(core->handing, AGAIN_US) < 0 ||
		      sd_event_source_set_enabled(core->handing, SD_EVENT_ONESHOT) < 0))
		log_error("the network stays unwatched until the monitor comes again");
}

static int on_again(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	hand_over_all(data);
	return 0;
}

int hearing_net_open(struct core *core)
{
	int r = sd_event_add_time_relative(core->daemon.event, &core->handing, CLOCK_MONOTONIC,
					   AGAIN_US, AGAIN_US / 4, on_again, core);

	return r < 0 ? r : sd_event_source_set_enabled(core->handing, SD_EVENT_OFF);
}

void hearing_net_up(struct core *core)
{
	core->handed = 0;
	core->hand_error = 0;
	if (core->network.guards)
		hand_over_all(core);
}
