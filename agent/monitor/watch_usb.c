// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/watch_usb.h"

#include <errno.h>
#include <libudev.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/usb_sysfs.h"
#include "agent/monitor/uevent.h"

/* Events taken before links and signals get their turn. */
#define BURST 256

struct watch_usb {
	struct monitor *monitor;
	struct udev *udev;
	struct udev_monitor *events;
	sd_event_source *source;
	uint64_t sequence;		    /* of the last event; 0: none yet */
	bool overrun;			    /* events were dropped, and may be still */
	uint32_t stated;		    /* devices in the scan that is under way */
	struct msg_usb_device last_changed; /* told in this burst already */
};

static void state_facts(struct watch_usb *watch, const char *port, uint64_t seen_us)
{
	struct msg_usb_facts message = { .seen_us = seen_us };
	int folder, r;

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
	state_facts(data, port, clock_boottime_us());
	return 0;
}

void watch_usb_scan(struct watch_usb *watch, enum msg_scan_cause cause)
{
	struct msg_scan scan = { .cause = cause };
	int r;

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
	if (event->subject == UEVENT_SUBJECT_USB_INTERFACE &&
	    (event->action == UEVENT_ACTION_ADD || event->action == UEVENT_ACTION_BIND)) {
		tell_changed(watch, event);
		return;
	}
	if (event->subject != UEVENT_SUBJECT_USB_DEVICE)
		return;
	memset(&watch->last_changed, 0, sizeof(watch->last_changed));
	if (event->action == UEVENT_ACTION_ADD || event->action == UEVENT_ACTION_CHANGE)
		state_facts(watch, event->port, seen_us);
	else if (event->action == UEVENT_ACTION_REMOVE)
		tell_gone(watch, event);
}

static void interpret(struct udev_device *device, struct uevent *event)
{
	const struct uevent_fields fields = {
		.action = udev_device_get_action(device),
		.subsystem = udev_device_get_subsystem(device),
		.devtype = udev_device_get_devtype(device),
		.sysname = udev_device_get_sysname(device),
		.busnum = udev_device_get_property_value(device, "BUSNUM"),
		.devnum = udev_device_get_property_value(device, "DEVNUM"),
		.sequence = udev_device_get_seqnum(device),
	};

	uevent_interpret(&fields, event);
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
static void take_event(struct watch_usb *watch, struct udev_device *device, bool *hole)
{
	uint64_t seen_us = clock_boottime_us();
	struct uevent event;

	interpret(device, &event);
	*hole |= note_sequence(watch, event.sequence);
	if (!watch->overrun)
		handle_event(watch, &event, seen_us);
}

/* Nothing was received, but that may have been a packet that libudev does not care for. */
static bool is_drained(const struct watch_usb *watch)
{
	struct pollfd events = { .fd = udev_monitor_get_fd(watch->events), .events = POLLIN };

	return poll(&events, 1, 0) == 0;
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

	(void)source;
	(void)fd;
	(void)revents;
	memset(&watch->last_changed, 0, sizeof(watch->last_changed));
	for (int i = 0; i < BURST && !empty; i++) {
		struct udev_device *device;

		errno = 0;
		device = udev_monitor_receive_device(watch->events);
		if (device) {
			take_event(watch, device, &hole);
			udev_device_unref(device);
		} else if (errno == ENOBUFS) {
			if (!watch->overrun)
				report_overrun(watch);
			watch->overrun = true;
		} else {
			empty = true;
		}
	}
	if (watch->overrun && empty && is_drained(watch))
		after_overrun(watch);
	else if (hole && !watch->overrun)
		watch_usb_scan(watch, MSG_SCAN_CAUSE_GAP);
	return 0;
}

static int open_events(struct watch_usb *watch)
{
	watch->udev = udev_new();
	if (!watch->udev)
		return -ENOMEM;
	/* The kernel's own group: early boot has no udevd, and udevd's group can be forged by root. */
	watch->events = udev_monitor_new_from_netlink(watch->udev, "kernel");
	if (!watch->events)
		return errno ? -errno : -EIO;
	return udev_monitor_enable_receiving(watch->events);
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
		r = sd_event_add_io(monitor->daemon.event, &watch->source,
				    udev_monitor_get_fd(watch->events), EPOLLIN, on_event, watch);
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
	return udev_monitor_get_fd(watch->events);
}

void watch_usb_free(struct watch_usb *watch)
{
	if (!watch)
		return;
	sd_event_source_disable_unref(watch->source);
	udev_monitor_unref(watch->events);
	udev_unref(watch->udev);
	free(watch);
}
