// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/watch_usb.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/usb_sysfs.h"
#include "agent/monitor/uevent.h"
#include "agent/monitor/watch_block.h"
#include "agent/monitor/watch_modules.h"
#include "agent/monitor/watch_radio.h"

/* Events taken before links and signals get their turn. */
#define BURST 256
/* The kernel's own group: early boot has no udevd, and udevd's group (2) can be forged by root. */
#define KERNEL_EVENTS 1
/* More than the kernel's message can be (UEVENT_BUFFER_SIZE). */
#define MESSAGE_SIZE 8192

struct watch_usb {
	struct monitor *monitor;
	int events;
	sd_event_source *source;
	uint64_t sequence;		    /* of the last event; 0: none yet */
	bool overrun;			    /* events were dropped, and may be still */
	uint32_t stated;		    /* devices in the scan that is under way */
	struct msg_usb_device last_changed; /* told in this burst already */
};

/* @event: NULL when its numbers are to be read */
static void state_facts(struct watch_usb *watch, const char *port, const struct uevent *event,
			uint64_t seen_us)
{
	struct msg_usb_facts message = { .seen_us = seen_us };
	int folder, r;

	if (event) {
		message.facts.bus = event->bus;
		message.facts.device = event->device;
	}

	folder = usb_sysfs_open(watch->monitor->daemon.root, port);
	if (folder < 0)
		return; /* gone again: its remove event follows */
	r = usb_sysfs_read(watch->monitor->daemon.root, folder, port, &message.facts);
	close(folder);
	if (r < 0)
		return;
	monitor_send(watch->monitor, MSG_USB_FACTS, &message);
	watch->stated++;
}

static int visit(const char *port, void *data)
{
	state_facts(data, port, NULL, clock_boottime_us());
	return 0;
}

void watch_usb_scan(struct watch_usb *watch, enum msg_scan_cause cause)
{
	struct msg_scan scan = { .cause = cause };
	int r;

	/* The events that were missed may have been of radios or modules. */
	watch_radio_state(watch->monitor);
	watch_modules_state(watch->monitor);
	watch->stated = 0;
	monitor_send(watch->monitor, MSG_SCAN_BEGIN, &scan);
	r = usb_sysfs_each(watch->monitor->daemon.root, visit, watch);
	/* A machine without USB has no such folder: nothing to state, and nothing wrong. */
	if (r < 0 && r != -ENOENT) {
		log_error("cannot list USB devices: %s", strerror(-r));
		/* No SCAN_END: the core must not believe that the rest is gone. Start anew. */
		sd_event_exit(watch->monitor->daemon.event, EXIT_FAILURE);
		return;
	}
	watch_block_state(watch->monitor);
	scan.count = watch->stated;
	monitor_send(watch->monitor, MSG_SCAN_END, &scan);
}

static void tell_changed(struct watch_usb *watch, const struct uevent *event)
{
	struct msg_usb_device message = { .bus = event->bus };

	strcpy(message.port, event->port);
	/* A device with ten interfaces has ten events; one look at it is enough. */
	if (memcmp(&message, &watch->last_changed, sizeof(message)) == 0)
		return;
	watch->last_changed = message;
	monitor_send(watch->monitor, MSG_USB_CHANGED, &message);
}

static void tell_gone(struct watch_usb *watch, const struct uevent *event)
{
	struct msg_usb_device message = { .bus = event->bus, .device = event->device };

	strcpy(message.port, event->port);
	monitor_send(watch->monitor, MSG_USB_GONE, &message);
}

static void handle_event(struct watch_usb *watch, const struct uevent *event, uint64_t seen_us)
{
	if (event->subject == UEVENT_SUBJECT_RADIO && event->action != UEVENT_ACTION_REMOVE)
		watch_radio_state(watch->monitor);
	if (event->subject == UEVENT_SUBJECT_MODULE && event->action == UEVENT_ACTION_ADD)
		watch_modules_state(watch->monitor);
	if (event->subject == UEVENT_SUBJECT_DISK)
		watch_block_event(watch->monitor, event);
	if (event->subject == UEVENT_SUBJECT_USB_INTERFACE &&
	    (event->action == UEVENT_ACTION_ADD || event->action == UEVENT_ACTION_BIND)) {
		tell_changed(watch, event);
		return;
	}
	if (event->subject != UEVENT_SUBJECT_USB_DEVICE)
		return;
	memset(&watch->last_changed, 0, sizeof(watch->last_changed));
	if (event->action == UEVENT_ACTION_ADD || event->action == UEVENT_ACTION_CHANGE)
		state_facts(watch, event->port, event, seen_us);
	else if (event->action == UEVENT_ACTION_REMOVE)
		tell_gone(watch, event);
}

/* Reports a hole in the kernel's numbers. Events of other network namespaces leave holes too. */
static bool note_sequence(struct watch_usb *watch, uint64_t sequence)
{
	bool hole = watch->sequence && sequence > watch->sequence + 1;

	if (sequence > watch->sequence)
		watch->sequence = sequence;
	return hole;
}

static void report_overrun(struct watch_usb *watch)
{
	struct msg_event_loss loss = { .cause = MSG_SCAN_CAUSE_OVERRUN };

	log_warning("the kernel dropped events; reading every device anew");
	monitor_send(watch->monitor, MSG_EVENT_LOSS, &loss);
}

/*
 * The kernel tells of the first event that it dropped, and then goes on dropping without a word until
 * the socket is empty (net/netlink/af_netlink.c, NETLINK_S_CONGESTED): only what is read after that
 * misses nothing. Until then the events are no news.
 */
static void take_event(struct watch_usb *watch, const char *message, size_t length, bool *hole)
{
	uint64_t seen_us = clock_boottime_us();
	struct uevent event;

	uevent_parse(message, length, &event);
	*hole |= note_sequence(watch, event.sequence);
	if (!watch->overrun)
		handle_event(watch, &event, seen_us);
}

/* A message, its length; 0: one that is not the kernel's; or -errno, -EAGAIN when there is none. */
static ssize_t receive(const struct watch_usb *watch, char *message)
{
	struct sockaddr_nl from = { 0 };
	socklen_t size = sizeof(from);
	ssize_t length = recvfrom(watch->events, message, MESSAGE_SIZE, MSG_DONTWAIT,
				  (struct sockaddr *)&from, &size);

	if (length < 0)
		return -errno;
	/* Programs have a port number; only the kernel has none. */
	return size == sizeof(from) && from.nl_pid == 0 ? length : 0;
}

static void after_overrun(struct watch_usb *watch)
{
	watch->overrun = false;
	watch->sequence = 0;
	watch_usb_scan(watch, MSG_SCAN_CAUSE_OVERRUN);
}

static int on_event(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	struct watch_usb *watch = data;
	bool hole = false, empty = false;
	char message[MESSAGE_SIZE];

	(void)source;
	(void)fd;
	(void)revents;
	memset(&watch->last_changed, 0, sizeof(watch->last_changed));
	for (int i = 0; i < BURST && !empty; i++) {
		ssize_t length = receive(watch, message);

		if (length > 0) {
			take_event(watch, message, (size_t)length, &hole);
		} else if (length == -ENOBUFS) {
			if (!watch->overrun)
				report_overrun(watch);
			watch->overrun = true;
		} else {
			empty = length < 0;
		}
	}
	if (watch->overrun && empty)
		after_overrun(watch);
	else if (hole && !watch->overrun)
		watch_usb_scan(watch, MSG_SCAN_CAUSE_GAP);
	return 0;
}

static int open_events(struct watch_usb *watch)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_EVENTS };

	watch->events =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
	if (watch->events < 0)
		return -errno;
	return bind(watch->events, (const struct sockaddr *)&address, sizeof(address)) < 0 ? -errno
											   : 0;
}

int watch_usb_new(struct monitor *monitor, struct watch_usb **out)
{
	struct watch_usb *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	watch->monitor = monitor;
	r = open_events(watch);
	if (r >= 0)
		r = sd_event_add_io(monitor->daemon.event, &watch->source, watch->events, EPOLLIN,
				    on_event, watch);
	if (r < 0) {
		log_error("cannot hear the kernel's device events: %s", strerror(-r));
		watch_usb_free(watch);
		return r;
	}
	*out = watch;
	return 0;
}

int watch_usb_socket(const struct watch_usb *watch)
{
	return watch->events;
}

void watch_usb_free(struct watch_usb *watch)
{
	if (!watch)
		return;
	sd_event_source_disable_unref(watch->source);
	if (watch->events >= 0)
		close(watch->events);
	free(watch);
}
