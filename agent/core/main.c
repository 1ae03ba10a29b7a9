// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "agent/core/core.h"
#include "agent/core/govern/hours.h"
#include "agent/core/govern/maintenance.h"
#include "agent/core/keyboards.h"
#include "agent/core/usb/usb_kernel.h"
#include "agent/lib/log.h"
#include "agent/lib/media/media_memory.h"
#include "agent/lib/path.h"

static struct core core;

/* Beyond what every program needs. */
static const struct sandbox_rule rules[] = {
	/* sysfs and own files */
	{ "openat", 0, 0, 0 },
	{ "pread64", 0, 0, 0 },
	{ "newfstatat", 0, 0, 0 },
	{ "statx", 0, 0, 0 },
	{ "getdents64", 0, 0, 0 },
	{ "readlink", 0, 0, 0 },
	{ "readlinkat", 0, 0, 0 },
	{ "access", 0, 0, 0 },
	{ "faccessat", 0, 0, 0 },
	{ "faccessat2", 0, 0, 0 },
	{ "lstat", 0, 0, 0 },
	{ "stat", 0, 0, 0 },
	{ "open", 0, 0, 0 },
	{ "rename", 0, 0, 0 },
	{ "renameat", 0, 0, 0 },
	{ "unlinkat", 0, 0, 0 },
	{ "fsync", 0, 0, 0 },
	{ "fchmod", 0, 0, 0 },
	/* listening for the monitor and the door */
	{ "bind", 0, 0, 0 },
	{ "listen", 0, 0, 0 },
	{ "unlink", 0, 0, 0 },
	{ "chown", 0, 0, 0 },
	{ "chmod", 0, 0, 0 },
	/* netlink: rules, links, and the sockets that the monitor is given */
	{ "socket", 0, UINT64_MAX, AF_NETLINK },
	{ "setsockopt", 0, 0, 0 },
	{ "getsockname", 0, 0, 0 },
	{ "select", 0, 0, 0 },
	{ "pselect6", 0, 0, 0 },
	{ "ioctl", 1, UINT64_MAX, SIOCGIFNAME },
	{ "ioctl", 1, UINT64_MAX, SIOCGIFINDEX },
	/* the kernel module: all of its requests bear this type */
	{ "ioctl", 1, 0xff00, _IOC_TYPE(AIRGAP_IOC_HELLO) << 8 },
	{ NULL, 0, 0, 0 },
};

static const struct sandbox_path paths[] = {
	{ "/sys", SANDBOX_READ | SANDBOX_WRITE },
	{ "/proc/sys/net", SANDBOX_READ | SANDBOX_WRITE },
	{ "/etc/airgap", SANDBOX_READ },
	{ PATH_PASSWD, SANDBOX_READ },
	{ PATH_STATE_DIR, SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_MEDIA_DIR, SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_POLICY_DIR, SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_RUN_CORE, SANDBOX_READ | SANDBOX_WRITE },
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

static int on_date(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	(void)data;
	/* Also when the mode stays: a one-time permit or a row of a table may have ended. */
	govern_refresh(&core.govern);
	core_policy_changed(&core);
	return 0;
}

/* Powered-on time counts while the machine sleeps, and so does this clock; it does not wake it. */
static void watch_dates(void)
{
	uint64_t next_us = hours_next(&core.govern) * 1000000;

	core.dates = sd_event_source_disable_unref(core.dates);
	if (sd_event_add_time_relative(core.daemon.event, &core.dates, CLOCK_BOOTTIME, next_us,
				       next_us / 100, on_date, NULL) < 0)
		log_error("the policy's end cannot be awaited; it is noticed at the next event");
}

void core_policy_changed(struct core *self)
{
	watch_dates();
	noticing_mode(self, self->mode_told);
	self->mode_told = self->govern.mode;
	noticing_end(self);
	noticing_maintenance(self);
	/* First what is mounted: its device may be shut off in a moment. */
	media_redecide(self->handling.media);
	devices_redecide(self->devices);
	network_redecide(&self->network);
	self->network_shown = false;
	reporting_office(self);
	transferring_changed(self);
	showing_status(self);
}

static void on_outcome(void *data, const struct usb_outcome *outcome)
{
	showing_outcome(data, outcome);
	noticing_usb(data, outcome);
	media_devices_changed(core.handling.media);
}

static void on_pending(void *data)
{
	showing_status(data);
}

static void on_recorded(void *data, uint64_t tag, uint64_t entry, int error)
{
	(void)data;
	if (media_recorded(core.handling.media, tag, entry, error))
		return;
	if (maintenance_recorded(&core.govern, tag, error))
		core_policy_changed(&core);
	else if (!network_recorded(&core.network, tag, error) &&
		 !transferring_recorded(&core, tag, entry, error))
		devices_recorded(core.devices, tag, error);
}

static void on_journal(void *data)
{
	bool ready = recorder_ready(core.recorder);

	(void)data;
	if (ready && !core.journal_was_ready) {
		devices_redecide(core.devices);
		media_redecide(core.handling.media);
		network_redecide(&core.network);
	}
	core.journal_was_ready = ready;
	if (recorder_idle(core.recorder))
		shim_recorded(core.shim);
	showing_status(&core);
}

static void on_clock(void *data, uint64_t slept_us)
{
	(void)data;
	if (slept_us)
		recorder_note(core.recorder, RECORD_KIND_DEVICE, RECORD_GRADE_NONE, 0, "resumed",
			      "airgapd", "the machine slept for %llu s",
			      (unsigned long long)(slept_us / 1000000));
	if (slept_us)
		media_restart(core.handling.media, "the machine slept");
	if (slept_us)
		sleeping_end(&core, "the machine slept");
	/* Also when the mode stays: permits and rows of tables end on days. */
	govern_refresh(&core.govern);
	core_policy_changed(&core);
}

/* Deny first: before a policy, a list or a device is read. */
static void close_usb(void)
{
	int r = usb_kernel_close_defaults(core.daemon.root);

	core.defaults_closed = r == 0;
	if (r < 0)
		recorder_note(core.recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0, "defaults-open",
			      "usb", "the kernel's USB defaults are not closed: %s", strerror(-r));
}

/* --- the kernel module --- */

static bool on_alive(void *data)
{
	bool monitor = hearing_answers(data);
	uint64_t heard_us = recorder_ask(core.recorder);

	return monitor && heard_us && clock_boottime_us() - heard_us < CORE_ANSWER_US;
}

static void on_began(void *data)
{
	hearing_rescan(data, MSG_SCAN_CAUSE_REQUEST);
	if (core.network.guards) {
		core.network.handler->rescan(data, MSG_SCAN_CAUSE_REQUEST);
		return;
	}
	/* Nothing of it will be permitted; devices need not wait for that. */
	shim_heard(core.shim, SHIM_NETWORK);
	shim_applied(core.shim);
}

static void on_unlocked(void *data)
{
	(void)data;
	devices_admitted(core.devices);
	network_admitted(&core.network);
}

static void on_module(void *data)
{
	showing_status(data);
}

static void on_late(void *data)
{
	struct core *self = data;

	recorder_note(self->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V1, 0, "module-late",
		      "kernel-module",
		      "the kernel module was loaded after airgapd, which starts again to hold it");
	log_error("the kernel module was loaded after this program, which has to start again");
	sd_event_exit(self->daemon.event, EXIT_FAILURE);
}

/* Where the other programs come in; the monitor last, whose facts all of them follow. */
static int open_links(void)
{
	static int (*const opens[])(struct core *) = { showing_open,   noticing_open,
						       reporting_open, transferring_open,
						       handling_open,  hearing_open };
	int r = 0;

	for (size_t i = 0; i < sizeof(opens) / sizeof(opens[0]) && r == 0; i++)
		r = opens[i](&core);
	return r;
}

/* That it runs, and under what. */
static void note_start(void)
{
	recorder_note(core.recorder, RECORD_KIND_DEVICE, RECORD_GRADE_NONE, 0, "core-started",
		      "airgapd", "sandbox: seccomp %s, Landlock %s",
		      core.daemon.sandbox & MSG_SANDBOX_SECCOMP ? "on" : "off",
		      core.daemon.sandbox & MSG_SANDBOX_LANDLOCK ? "on" : "off");
}

static int start(void)
{
	static const struct recorder_handler handler = { on_recorded, on_journal };
	static const struct shim_handler module_handler = { on_alive, on_began, on_unlocked,
							    on_module, on_late };
	const struct devices_config config = {
		.root = core.daemon.root,
		.govern = &core.govern,
		.changed = on_outcome,
		.pending = on_pending,
		.data = &core,
	};
	struct devices_config devices = config;
	int network_error, r;

	/* Hours of the week are local ones; the file of the zone is out of reach later. */
	tzset();
	core.started_us = clock_boottime_us();
	usb_kernel_close_defaults(core.daemon.root);
	core.network.root = core.daemon.root;
	core.network.event = core.daemon.event;
	core.network.handler = &showing_network_handler;
	core.network.data = &core;
	r = shim_open(core.daemon.root, &core.shim);
	if (r < 0)
		return r;
	core.network.shim = core.shim;
	/* A kernel without nftables guards devices all the same; status and journal say so. */
	network_error = network_open(&core.network);
	if (media_memory_prepare(core.daemon.root) < 0)
		log_error("there is no folder %s: no medium can be used", PATH_MEDIA_DIR);
	r = daemon_confine(&core.daemon, &sandbox);
	if (r == 0)
		r = recorder_new(&core.daemon, &core.govern.in_force, &handler, NULL,
				 &core.recorder);
	if (r < 0)
		return r;
	close_usb();
	note_start();
	govern_load(&core.govern, core.daemon.root, core.recorder);
	recorder_terminal(core.recorder, core.govern.terminal.number);
	core.mode_told = core.govern.mode;
	if (network_error < 0)
		recorder_note(core.recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0, "network-open",
			      "airgapd", "the network cannot be guarded: %s",
			      strerror(-network_error));
	devices.recorder = core.recorder;
	devices.shim = core.shim;
	core.devices = devices_new(&devices);
	core.network.govern = &core.govern;
	core.network.recorder = core.recorder;
	r = core.devices ? clock_watch_new(core.daemon.event, on_clock, NULL, &core.clocks)
			 : -ENOMEM;
	if (r == 0)
		r = network_start(&core.network, core.daemon.sandbox);
	if (r >= 0)
		r = open_links();
	if (r == 0)
		r = shim_start(core.shim, core.daemon.event, core.recorder, &module_handler, &core);
	watch_dates();
	return r;
}

int main(int argc, char *argv[])
{
	int r;

	r = keyboards_main(argc, argv);
	if (r >= 0)
		return r;
	r = daemon_init(&core.daemon, "airgapd",
			"Holds the policy, decides over devices, and enforces it in the kernel.",
			argc, argv);
	if (r != 0)
		return r == 1 ? EXIT_SUCCESS : 2;
	r = start();
	if (r < 0)
		log_error("cannot start: %s; what the kernel refuses stays refused", strerror(-r));
	r = r < 0 ? EXIT_FAILURE : daemon_run(&core.daemon);
	network_done(&core.network);
	shim_free(core.shim);
	if (core.recorder)
		recorder_note(core.recorder, RECORD_KIND_CLEAN_STOP, RECORD_GRADE_NONE, 0,
			      "core-stopped", "airgapd",
			      "new devices are refused until it is back");
	link_free(core.monitor);
	link_free(core.door);
	link_free(core.noticing.link);
	link_free(core.reporting.link);
	sleeping_done(&core);
	handling_close(&core);
	transfers_done(&core.transferring.transfers);
	devices_free(core.devices);
	recorder_free(core.recorder);
	clock_watch_free(core.clocks);
	sd_event_source_disable_unref(core.dates);
	sd_event_source_disable_unref(core.handing);
	sd_event_source_disable_unref(core.showing);
	govern_done(&core.govern);
	daemon_done(&core.daemon);
	return r;
}
