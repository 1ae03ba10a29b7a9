// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/watch_sleep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "agent/lib/log.h"

#define LOGIN	    "org.freedesktop.login1"
#define LOGIN_PATH  "/org/freedesktop/login1"
#define LOGIN_IFACE LOGIN ".Manager"
#define AGAIN_US    30000000

struct watch_sleep {
	struct monitor *monitor;
	sd_bus *bus;
	sd_event_source *again; /* look for the bus */
	int inhibitor;		/* while it is open, sleep waits; -1 */
};

static void let_sleep(struct watch_sleep *watch)
{
	if (watch->inhibitor >= 0)
		close(watch->inhibitor);
	watch->inhibitor = -1;
}

static void drop_bus(struct watch_sleep *watch)
{
	let_sleep(watch);
	watch->bus = sd_bus_close_unref(watch->bus);
}

static int on_inhibited(sd_bus_message *reply, void *data, sd_bus_error *error)
{
	struct watch_sleep *watch = data;
	int fd;

	(void)error;
	if (sd_bus_message_is_method_error(reply, NULL) ||
	    sd_bus_message_read(reply, "h", &fd) < 0) {
		log_info("logind lets sleep begin without waiting: %s",
			 sd_bus_message_get_error(reply) ? sd_bus_message_get_error(reply)->message
							 : "no descriptor came");
		return 0;
	}
	let_sleep(watch);
	/* The message's own is closed with it. */
	watch->inhibitor = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return 0;
}

static int inhibit(struct watch_sleep *watch)
{
	return sd_bus_call_method_async(watch->bus, NULL, LOGIN, LOGIN_PATH, LOGIN_IFACE, "Inhibit",
					on_inhibited, watch, "ssss", "sleep", "airgapd",
					"Media are unmounted first", "delay");
}

static int on_prepare(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct watch_sleep *watch = data;
	struct msg_sleep sleep = { 0 };
	int begins;

	(void)error;
	if (sd_bus_message_read(message, "b", &begins) < 0)
		return 0;
	sleep.begins = begins != 0;
	monitor_send(watch->monitor, MSG_SLEEP, &sleep);
	/* Nobody who could be waited for. */
	if (begins && !link_is_up(watch->monitor->core))
		let_sleep(watch);
	return begins ? 0 : inhibit(watch);
}

static int on_lost(sd_bus_message *message, void *data, sd_bus_error *error)
{
	(void)message;
	(void)error;
	/* Not from within its own callback: the timer finds it closed. */
	let_sleep(data);
	return 0;
}

static int connect_bus(struct watch_sleep *watch)
{
	int r = sd_bus_open_system(&watch->bus);

	if (r >= 0)
		r = sd_bus_attach_event(watch->bus, watch->monitor->daemon.event, 0);
	if (r >= 0)
		r = sd_bus_match_signal_async(watch->bus, NULL, "org.freedesktop.DBus.Local", NULL,
					      "org.freedesktop.DBus.Local", "Disconnected", on_lost,
					      NULL, watch);
	if (r >= 0)
		r = sd_bus_match_signal_async(watch->bus, NULL, LOGIN, LOGIN_PATH, LOGIN_IFACE,
					      "PrepareForSleep", on_prepare, NULL, watch);
	return r < 0 ? r : inhibit(watch);
}

static int on_again(sd_event_source *source, uint64_t usec, void *data)
{
	struct watch_sleep *watch = data;

	(void)usec;
	if (watch->bus && sd_bus_is_open(watch->bus) <= 0)
		drop_bus(watch);
	if (!watch->bus && connect_bus(watch) < 0)
		drop_bus(watch);
	if (sd_event_source_set_time_relative(source, AGAIN_US) < 0)
		return -EIO;
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

int watch_sleep_new(struct monitor *monitor, struct watch_sleep **out)
{
	struct watch_sleep *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	watch->monitor = monitor;
	watch->inhibitor = -1;
	/* Whoever waits for readiness does not wait for a bus. */
	r = sd_event_add_time_relative(monitor->daemon.event, &watch->again, CLOCK_MONOTONIC, 0, 0,
				       on_again, watch);
	if (r >= 0)
		r = sd_event_source_set_priority(watch->again, SD_EVENT_PRIORITY_IDLE);
	if (r < 0) {
		watch_sleep_free(watch);
		return r;
	}
	*out = watch;
	return 0;
}

void watch_sleep_ready(struct watch_sleep *watch)
{
	let_sleep(watch);
}

void watch_sleep_free(struct watch_sleep *watch)
{
	if (!watch)
		return;
	sd_event_source_disable_unref(watch->again);
	drop_bus(watch);
	free(watch);
}
