// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/devices_act.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/grade.h"
#include "agent/core/orders.h"
#include "agent/core/usb_kernel.h"
#include "agent/lib/log.h"

bool device_is_root_hub(const struct device *device)
{
	return strncmp(device->outcome.decided.facts.port, "usb", 3) == 0;
}

bool device_holds_place(const struct device *device)
{
	return device->outcome.state == USB_STATE_AUTHORISED ||
	       device->outcome.state == USB_STATE_PENDING;
}

void devices_tell(struct devices *devices, const struct device *device)
{
	devices->config.changed(devices->config.data, &device->outcome);
}

void devices_record(struct devices *devices, const struct device *device, enum record_kind kind)
{
	recorder_usb(devices->config.recorder, kind, grade_usb(kind, &device->outcome),
		     &device->outcome, 0);
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

static void carry_out_refusal(struct devices *devices, struct device *device)
{
	int open = usb_kernel_state(device->folder, &device->outcome.decided);
	int r = usb_kernel_block(device->folder);

	if (open == USB_KERNEL_MORE)
		note_open(devices, device);
	if (r < 0)
		log_error("device %s could not be blocked: %s", device->outcome.decided.facts.port,
			  strerror(-r));
	devices_settle(devices, device, r < 0 ? USB_STATE_FAILED : USB_STATE_BLOCKED, r);
	devices_record(devices, device, r < 0 ? RECORD_KIND_ALARM : RECORD_KIND_VIOLATION);
}

static void request_permit(struct devices *devices, struct device *device)
{
	take_place(devices, device);
	device->outcome.state = USB_STATE_PENDING;
	device->outcome.error = 0;
	/* The journal first: it works while the others are told. */
	if (recorder_usb(devices->config.recorder, RECORD_KIND_PERMIT,
			 grade_usb(RECORD_KIND_PERMIT, &device->outcome), &device->outcome,
			 device->outcome.plug) < 0)
		devices_recorded(devices, device->outcome.plug, -ENOBUFS);
	else
		devices_tell(devices, device);
}

static void carry_out_permit(struct devices *devices, struct device *device)
{
	int state = usb_kernel_state(device->folder, &device->outcome.decided);

	if (state == USB_KERNEL_MORE) {
		note_open(devices, device);
		usb_kernel_block(device->folder);
	}
	if (state == USB_KERNEL_EQUAL &&
	    usb_kernel_compare(device->folder, &device->outcome.decided.facts) == 0) {
		/* It was let in before, by this program's last run: that holds, and is recorded. */
		take_place(devices, device);
		devices_settle(devices, device, USB_STATE_AUTHORISED, 0);
		devices_record(devices, device, RECORD_KIND_PERMIT);
		return;
	}
	request_permit(devices, device);
}

void devices_open_root_hub(struct devices *devices, struct device *device)
{
	int r = usb_kernel_open_hub(devices->config.root, device->folder, &device->outcome.decided);

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

void devices_carry_out(struct devices *devices, struct device *device)
{
	if (device_is_root_hub(device))
		carry_out_root_hub(devices, device);
	else if (device->outcome.decided.verdict.result == POLICY_RESULT_PERMIT)
		carry_out_permit(devices, device);
	else
		carry_out_refusal(devices, device);
}

int devices_authorise(struct devices *devices, struct device *device)
{
	struct usb_verdict *decided = &device->outcome.decided;
	int r = decided->verdict.cause == POLICY_CAUSE_ORDER ?
			orders_use(devices->config.govern, &decided->facts) :
			0;

	if (r == 0)
		r = usb_kernel_authorise(devices->config.root, device->folder, decided);
	if (r == -ESTALE) {
		/* It showed another face once it was let in. */
		decided->facts.flaw = USB_FLAW_MISMATCH;
		return r;
	}
	/* Pulled out meanwhile: nothing failed, and its event follows. */
	if (r < 0 && usb_kernel_compare(device->folder, &decided->facts) == -ENODEV)
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
	usb_kernel_block(device->folder);
	devices_settle(devices, device, USB_STATE_BLOCKED, error);
}
