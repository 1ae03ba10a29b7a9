// SPDX-License-Identifier: GPL-2.0-or-later
/* The link to airgap-monitord: facts come in, and are only as good as the kernel confirms. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/netlink.h>

#include "agent/core/core.h"
#include "agent/lib/account.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

/* Room for some 50,000 events; the kernel counts its own overhead too. */
#define EVENT_BUFFER (32 * 1024 * 1024)

static const char *const cause_names[MSG_SCAN_CAUSE_COUNT] = {
	[MSG_SCAN_CAUSE_START] = "start",     [MSG_SCAN_CAUSE_REQUEST] = "request",
	[MSG_SCAN_CAUSE_OVERRUN] = "overrun", [MSG_SCAN_CAUSE_GAP] = "gap",
	[MSG_SCAN_CAUSE_RESUME] = "resume",   [MSG_SCAN_CAUSE_CONGESTED] = "congested",
	[MSG_SCAN_CAUSE_SETTLED] = "settled",
};

/* The monitor has no right to a large buffer; the core gives it one, on nothing but this socket. */
static int enlarge(const struct msg *msg)
{
	const int size = EVENT_BUFFER;
	int domain = 0, protocol = 0;
	socklen_t length = sizeof(domain);

	if (msg->fd < 0 || getsockopt(msg->fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0 ||
	    domain != AF_NETLINK)
		return -EPROTO;
	length = sizeof(protocol);
	if (getsockopt(msg->fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) < 0 ||
	    protocol != NETLINK_KOBJECT_UEVENT)
		return -EPROTO;
	if (setsockopt(msg->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		log_warning("the event buffer stays small: %s", strerror(errno));
	return 0;
}

static void on_scan_begin(struct core *core, const struct msg_scan *scan)
{
	core->rescans++;
	log_info("reading all devices (%s)", cause_names[scan->cause]);
	devices_scan_begin(core->devices);
	media_scan_begin(core->handling.media);
	showing_status(core);
}

static void on_loss(struct core *core, const struct msg_event_loss *loss)
{
	core->overruns++;
	recorder_note(core->recorder, RECORD_KIND_LOSS, RECORD_GRADE_V2, loss->count, "events-lost",
		      "airgap-monitord",
		      "the kernel dropped device events (%s); every device is read anew",
		      cause_names[loss->cause]);
	showing_status(core);
}

static int on_message(void *data, struct msg *msg)
{
	struct core *core = data;

	core->monitor_heard_us = clock_boottime_us();
	switch (msg->type) {
	case MSG_EVENT_SOCKET:
		return enlarge(msg);
	case MSG_SCAN_BEGIN:
		on_scan_begin(core, msg->body);
		return 0;
	case MSG_USB_FACTS: {
		const struct msg_usb_facts *stated = msg->body;

		devices_facts(core->devices, &stated->facts, stated->seen_us);
		return 0;
	}
	case MSG_SCAN_END:
		devices_scan_end(core->devices);
		devices_confirm(core->devices);
		shim_heard(core->shim, SHIM_DEVICES);
		media_scan_end(core->handling.media);
		return 0;
	case MSG_BLOCK:
		media_block(core->handling.media, msg->body);
		return 0;
	case MSG_BLOCK_GONE:
		media_block_gone(core->handling.media, msg->body);
		return 0;
	case MSG_USB_GONE:
		devices_gone(core->devices, msg->body);
		return 0;
	case MSG_USB_CHANGED:
		devices_touched(core->devices, ((const struct msg_usb_device *)msg->body)->port);
		return 0;
	case MSG_EVENT_LOSS:
		on_loss(core, msg->body);
		return 0;
	case MSG_SLEEP:
		if (((const struct msg_sleep *)msg->body)->begins)
			sleeping_begin(core);
		else
			sleeping_end(core, "the machine slept");
		return 0;
	case MSG_PONG:
		return 0;
	default:
		return network_hear(&core->network, msg);
	}
}

static void on_up(void *data, const struct msg_hello *hello)
{
	struct core *core = data;

	core->monitor_sandbox = hello->sandbox;
	core->monitor_heard_us = clock_boottime_us();
	hearing_net_up(core);
	showing_status(core);
}

static void on_down(void *data, int error, const char *reason)
{
	struct core *core = data;

	core->monitor_sandbox = 0;
	network_unheard(&core->network);
	log_warning("lost airgap-monitord (%s): new devices stay refused until it is back", reason);
	recorder_note(core->recorder, RECORD_KIND_ALARM,
		      error == -EPROTO ? RECORD_GRADE_V2 : RECORD_GRADE_V1, 0,
		      error == -EPROTO ? "peer-dropped" : "peer-lost", "airgap-monitord",
		      "%s; new devices stay refused until it is back", reason);
	showing_status(core);
}

bool hearing_answers(struct core *core)
{
	const struct msg_ping ping = { 0 };

	if (!link_is_up(core->monitor))
		return false;
	link_send(core->monitor, MSG_PING, &ping, -1, NULL);
	return clock_boottime_us() - core->monitor_heard_us < CORE_ANSWER_US;
}

void hearing_rescan(struct core *core, enum msg_scan_cause cause)
{
	const struct msg_scan scan = { .cause = cause };

	link_send(core->monitor, MSG_SCAN_REQUEST, &scan, -1, NULL);
}

int hearing_open(struct core *core)
{
	static const struct link_handler handler = { on_up, on_down, on_message, NULL };
	struct link_config config = {
		.event = core->daemon.event,
		.self = MSG_ROLE_CORE,
		.peer = MSG_ROLE_MONITOR,
		.queue_max = 16,
		.sandbox = core->daemon.sandbox,
		.handler = &handler,
		.data = core,
	};
	char path[PATH_MAX];
	int r;

	r = account_find(core->daemon.root, USER_MONITOR, &config.peer_uid, &config.group);
	if (r < 0)
		log_error("no user %s: %s", USER_MONITOR, strerror(-r));
	if (r == 0)
		r = hearing_net_open(core);
	if (r >= 0)
		r = path_join(path, core->daemon.root, PATH_SOCKET_MONITOR);
	config.path = path;
	return r < 0 ? r : link_listen(&config, &core->monitor);
}
