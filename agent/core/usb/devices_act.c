// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/usb/devices_act.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/grade.h"
#include "agent/core/govern/orders.h"
#include "agent/core/usb/usb_kernel.h"
#include "agent/lib/log.h"
#include "agent/lib/usb_sysfs.h"

/* For the kernel to be done with a new device: before others are kept waiting, and at most. */
#define READY_SOON_US 500
#define READY_LATE_US 20000

bool device_is_root_hub(const struct device *device)
{
	return strncmp(device->outcome.decided.facts.port, "usb", 3) == 0;
}

bool device_holds_place(const struct device *device)
{
	return device->outcome.state == USB_STATE_AUTHORISED ||
	       device->outcome.state == USB_STATE_PENDING;
}

void devices_tell(struct devices *devices, struct device *device)
{
	device->untold = false;
	devices->config.changed(devices->config.data, &device->outcome);
}

void devices_record(struct devices *devices, const struct device *device, enum record_kind kind)
{
	recorder_usb(devices->config.recorder, kind,
		     grade_usb(devices->config.govern->policy, kind, &device->outcome),
		     &device->outcome, 0);
}

int devices_bus_folder(struct devices *devices, const struct device *device)
{
	const struct device *hub;
	char port[USB_PORT_SIZE];

	snprintf(port, sizeof(port), "usb%u", device->outcome.decided.facts.bus);
	hub = devices_find(devices, port);
	return hub ? hub->folder : -1;
}

int devices_open_folder(struct devices *devices, const char *port)
{
	char above[USB_PORT_SIZE];
	const struct device *hub =
		usb_sysfs_hub_of(port, above) ? devices_find(devices, above) : NULL;

	return usb_sysfs_open_below(devices->config.root, hub ? hub->folder : -1, port);
}

static void take_place(struct devices *devices, struct device *device)
{
	if (!device_holds_place(device))
		device->place = ++devices->places;
}

void devices_settle(struct devices *devices, struct device *device, enum usb_state state, int error)
{
	device->outcome.state = state;
	device->outcome.error = error;
	device->outcome.settled_us = clock_boottime_us();
	device->settled = true;
	devices_tell(devices, device);
}

int devices_block(struct devices *devices, struct device *device)
{
	int r = usb_kernel_block(device->folder);

	shim_usb_refuse(devices->config.shim, device->folder);
	return r;
}

void devices_close_bus(struct devices *devices, const struct device *device)
{
	char hub[USB_PORT_SIZE];
	int r;

	snprintf(hub, sizeof(hub), "usb%u", device->outcome.decided.facts.bus);
	r = usb_kernel_close_bus(devices->config.root, hub);
	if (r < 0)
		log_error("controller %s could not be closed: %s", hub, strerror(-r));
}

/* Someone but this program let it in: at boot, before the start, or behind its back. */
static void note_open(struct devices *devices, const struct device *device)
{
	/* It may have come in because its bus was opened: the next one shall not. */
	devices_close_bus(devices, device);
	recorder_note(devices->config.recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0,
		      device->settled ? "opened-by-others" : "open-before-verdict",
		      device->outcome.decided.facts.port,
		      "%04x:%04x was authorised without this policy's permission; it is closed now",
		      device->outcome.decided.facts.vendor, device->outcome.decided.facts.product);
}

/* The kernel tells other things than the monitor, or than before. */
static int mark_stale(struct device *device)
{
	device->outcome.decided.facts.flaw = USB_FLAW_MISMATCH;
	return -ESTALE;
}

static int carry_out_refusal(struct devices *devices, struct device *device)
{
	const struct usb_facts *facts = &device->outcome.decided.facts;
	int open = usb_kernel_state(device->folder, &device->outcome.decided);
	/* A permit that was prepared and is none any more: this program authorised it, nobody else. */
	bool own = usb_grant_is_shut(&device->grant);
	int r = devices_block(devices, device);

	usb_grant_release(&device->grant);
	if (open == USB_KERNEL_MORE && !own)
		note_open(devices, device);
	/* It is closed; what is put on record about it shall be true. */
	if (facts->flaw != USB_FLAW_MISMATCH &&
	    usb_kernel_compare_identity(device->folder, facts) == -ESTALE)
		return mark_stale(device);
	if (r < 0)
		log_error("device %s could not be blocked: %s", facts->port, strerror(-r));
	devices_settle(devices, device, r < 0 ? USB_STATE_FAILED : USB_STATE_BLOCKED, r);
	devices_record(devices, device, r < 0 ? RECORD_KIND_ALARM : RECORD_KIND_VIOLATION);
	return 0;
}

static int prepare(struct devices *devices, struct device *device)
{
	int r = usb_grant_prepare(&device->grant, devices->config.root,
				  devices_bus_folder(devices, device), device->folder,
				  &device->outcome.decided);

	return r == -ESTALE ? mark_stale(device) : 0;
}

static int request_permit(struct devices *devices, struct device *device)
{
	struct recorder *recorder = devices->config.recorder;
	int r = 0;

	usb_grant_release(&device->grant);
	take_place(devices, device);
	device->outcome.state = USB_STATE_PENDING;
	device->written = false;
	device->outcome.error = 0;
	device->asked = ++devices->asked;
	/* The journal first: it writes while the kernel finishes with the device, and is told. */
	if (recorder_usb(
		    recorder, RECORD_KIND_PERMIT,
		    grade_usb(devices->config.govern->policy, RECORD_KIND_PERMIT, &device->outcome),
		    &device->outcome, device->asked) < 0) {
		devices_recorded(devices, device->asked, -ENOBUFS);
		return 0;
	}
	if (recorder_ready(recorder) && usb_grant_ready(device->folder, READY_SOON_US))
		r = prepare(devices, device);
	/* Those who look on are told when there is nothing else to do; mostly it is over by then. */
	device->untold = true;
	devices->config.pending(devices->config.data);
	return r;
}

static int carry_out_permit(struct devices *devices, struct device *device)
{
	int state = usb_kernel_state(device->folder, &device->outcome.decided);

	if (state == USB_KERNEL_MORE) {
		note_open(devices, device);
		devices_block(devices, device);
	}
	if (state == USB_KERNEL_EQUAL &&
	    usb_kernel_compare(device->folder, &device->outcome.decided.facts) == 0) {
		/* It was let in before, by this program's last run: that holds, and is recorded. */
		usb_grant_release(&device->grant);
		take_place(devices, device);
		shim_usb_permit(devices->config.shim, device->folder, &device->outcome.decided);
		devices_settle(devices, device, USB_STATE_AUTHORISED, 0);
		devices_record(devices, device, RECORD_KIND_PERMIT);
		return 0;
	}
	return request_permit(devices, device);
}

static int probe_of(struct devices *devices)
{
	if (devices->probe < 0)
		devices->probe = usb_grant_probe(devices->config.root);
	return devices->probe;
}

void devices_open_root_hub(struct devices *devices, struct device *device)
{
	int r = usb_grant_hub(probe_of(devices), device->folder, &device->outcome.decided);

	if (r < 0)
		log_error("root hub %s has no driver, so no device in it will be seen: %s",
			  device->outcome.decided.facts.port, strerror(-r));
}

static void carry_out_root_hub(struct devices *devices, struct device *device)
{
	const char *port = device->outcome.decided.facts.port;
	int r = usb_kernel_close_bus(devices->config.root, port);
	bool late = devices->scanned && !device->settled;

	if (r < 0)
		log_error("controller %s could not be closed: %s", port, strerror(-r));
	devices_open_root_hub(devices, device);
	devices_settle(devices, device, r < 0 ? USB_STATE_FAILED : USB_STATE_AUTHORISED, r);
	if (r < 0)
		recorder_note(devices->config.recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0,
			      "controller-open", port, "its defaults could not be closed: %s",
			      strerror(-r));
	else if (late)
		recorder_note(
			devices->config.recorder, RECORD_KIND_DEVICE, RECORD_GRADE_NONE, 0,
			"controller-closed", port,
			"devices and interfaces on it are refused until a policy permits them");
}

int devices_carry_out(struct devices *devices, struct device *device)
{
	if (device_is_root_hub(device))
		carry_out_root_hub(devices, device);
	else if (device->outcome.decided.verdict.result == POLICY_RESULT_PERMIT)
		return carry_out_permit(devices, device);
	else
		return carry_out_refusal(devices, device);
	return 0;
}

/* An order is used up, and that is on the disk, before it opens anything. */
static int open_up(struct devices *devices, struct device *device)
{
	struct usb_verdict *decided = &device->outcome.decided;
	int r = 0;

	if (decided->verdict.cause == POLICY_CAUSE_ORDER)
		r = orders_use(devices->config.govern, &decided->facts);
	if (r == 0)
		r = probe_of(devices) < 0 ? devices->probe : 0;
	if (r == 0)
		r = shim_usb_permit(devices->config.shim, device->folder, decided);
	if (r == 0)
		r = usb_grant_open(&device->grant, devices->probe, device->folder, decided);
	if (r == 0)
		return 0;
	usb_grant_release(&device->grant);
	devices_block(devices, device);
	return r;
}

int devices_open(struct devices *devices, struct device *device)
{
	struct usb_verdict *decided = &device->outcome.decided;
	int r;

	/* Not tried yet: the journal was away when this was asked for, or the kernel was not done. */
	if (!device->grant.prepared && device->grant.error == 0) {
		usb_grant_ready(device->folder, READY_LATE_US);
		r = prepare(devices, device);
		if (r < 0)
			return r;
	}
	r = device->grant.prepared ? open_up(devices, device) : device->grant.error;
	/* Pulled out meanwhile: nothing failed, and its event follows. */
	if (r < 0 && usb_kernel_compare_identity(device->folder, &decided->facts) == -ENODEV)
		return 0;
	devices_settle(devices, device, r < 0 ? USB_STATE_FAILED : USB_STATE_AUTHORISED, r);
	devices_record(devices, device, r < 0 ? RECORD_KIND_ALARM : RECORD_KIND_DEVICE);
	if (r == 0 &&
	    rescue_learn(devices->config.root, &devices->config.govern->rescue, decided) < 0)
		log_error("the rescue keyboard at %s could not be saved", decided->facts.port);
	return 0;
}

void devices_deny_unrecorded(struct devices *devices, struct device *device, int error)
{
	struct policy_verdict *verdict = &device->outcome.decided.verdict;

	verdict->result = POLICY_RESULT_REFUSE;
	verdict->cause = POLICY_CAUSE_UNREADY;
	memset(verdict->interfaces, 0, sizeof(verdict->interfaces));
	snprintf(verdict->because, sizeof(verdict->because),
		 "the policy permits it, but the journal cannot record that now (%s)",
		 strerror(-error));
	usb_grant_release(&device->grant);
	devices_block(devices, device);
	devices_settle(devices, device, USB_STATE_BLOCKED, error);
}

static bool grants_storage(const struct usb_verdict *decided)
{
	for (uint32_t i = 0; i < decided->facts.interface_count; i++)
		if (policy_verdict_has(&decided->verdict, i) &&
		    decided->facts.interfaces[i].class == 0x08)
			return true;
	return false;
}

void devices_sleep(struct devices *devices)
{
	for (struct device *it = devices->head; it; it = it->next) {
		struct policy_verdict *verdict = &it->outcome.decided.verdict;

		if (!device_holds_place(it) || !grants_storage(&it->outcome.decided))
			continue;
		/* Not what the policy says: so that the next decision opens it again, and records that. */
		*verdict = (struct policy_verdict){ .cause = POLICY_CAUSE_UNREADY,
						    .because = "the machine sleeps" };
		usb_grant_release(&it->grant);
		usb_kernel_block(it->folder);
		devices_settle(devices, it, USB_STATE_BLOCKED, 0);
		devices_record(devices, it, RECORD_KIND_DEVICE);
	}
}
