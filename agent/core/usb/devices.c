// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/usb/devices.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/usb/devices_act.h"
#include "agent/core/govern/orders.h"
#include "agent/core/usb/usb_kernel.h"
#include "agent/lib/log.h"
#include "agent/lib/usb_sysfs.h"
#include "policy/decide/decide.h"

/* 127 addresses on each of sixteen buses; beyond it the kernel's default refuses. */
#define DEVICES_MAX 2032

struct device *devices_find(struct devices *devices, const char *port)
{
	for (struct device *device = devices->head; device; device = device->next)
		if (strcmp(device->outcome.decided.facts.port, port) == 0)
			return device;
	return NULL;
}

/* Of those that hold a place and were not judged in this round, the one that has it longest. */
static struct device *next_in_place(struct devices *devices)
{
	struct device *next = NULL;

	for (struct device *device = devices->head; device; device = device->next)
		if (device_holds_place(device) && device->round != devices->round &&
		    (!next || device->place < next->place))
			next = device;
	return next;
}

/*
 * How often each rule is used by others. While all are judged anew, those count that have kept their
 * place in this round; a single newcomer meets all that are there.
 */
static const uint32_t *count_uses(struct devices *devices, const struct device *self, bool all)
{
	size_t rules = govern_rule_count(devices->config.govern);
	const struct policy *policy = devices->config.govern->policy;

	if (rules > devices->rules) {
		uint32_t *larger = reallocarray(devices->in_use, rules, sizeof(*larger));

		if (!larger)
			return NULL;
		devices->in_use = larger;
		devices->rules = rules;
	}
	if (!policy || rules == 0)
		return devices->in_use;
	memset(devices->in_use, 0, rules * sizeof(*devices->in_use));
	for (const struct device *other = devices->head; other; other = other->next)
		if (other != self && device_holds_place(other) &&
		    (!all || other->round == devices->round))
			policy_count_usb(policy, &devices->config.govern->context,
					 &other->outcome.decided.facts, devices->in_use);
	return devices->in_use;
}

static bool same_verdict(const struct policy_verdict *a, const struct policy_verdict *b)
{
	return a->result == b->result && a->cause == b->cause && strcmp(a->rule, b->rule) == 0 &&
	       memcmp(a->interfaces, b->interfaces, sizeof(a->interfaces)) == 0;
}

/* Does the kernel show what was settled? */
static bool stands(const struct device *device)
{
	int state = usb_kernel_state(device->folder, &device->outcome.decided);

	if (device->outcome.state == USB_STATE_AUTHORISED)
		return state == USB_KERNEL_EQUAL;
	return (device->outcome.state == USB_STATE_BLOCKED ||
		device->outcome.state == USB_STATE_FAILED) &&
	       state == USB_KERNEL_CLOSED;
}

static void decide(struct devices *devices, struct device *device, bool all)
{
	struct usb_verdict *decided = &device->outcome.decided;
	struct policy_verdict before = decided->verdict;
	const uint32_t *in_use = count_uses(devices, device, all);

	device->round = devices->round;
	if (in_use || govern_rule_count(devices->config.govern) == 0)
		govern_decide(devices->config.govern, &decided->facts, in_use, &decided->verdict);
	else
		decided->verdict = (struct policy_verdict){ .cause = POLICY_CAUSE_UNREADY,
							    .because = "out of memory" };
	/* A permit that is waiting for the journal waits on, unless it is none any more. */
	if (!device_is_root_hub(device) && same_verdict(&before, &decided->verdict) &&
	    (device->outcome.state == USB_STATE_PENDING || (device->settled && stands(device))))
		return;
	/* With the flaw that it has now nothing permits it. */
	if (devices_carry_out(devices, device) == -ESTALE)
		decide(devices, device, all);
}

static void forget(struct devices *devices, struct device *device)
{
	struct device **at = &devices->head;

	while (*at != device)
		at = &(*at)->next;
	*at = device->next;
	devices->count--;
	usb_grant_release(&device->grant);
	if (device->folder >= 0)
		close(device->folder);
	free(device);
}

static void depart(struct devices *devices, struct device *device)
{
	device->outcome.state = USB_STATE_GONE;
	device->outcome.error = 0;
	device->outcome.settled_us = clock_boottime_us();
	devices_tell(devices, device);
	if (!device_is_root_hub(device))
		devices_record(devices, device, RECORD_KIND_DEVICE);
	orders_forget(devices->config.govern, &device->outcome.decided.facts);
	forget(devices, device);
}

/* Facts that are late belong to an earlier plug-in; those of the present one follow. */
static bool is_present(int folder, const struct usb_facts *facts)
{
	uint32_t bus, device;

	return usb_sysfs_numbers(folder, &bus, &device) == 0 && bus == facts->bus &&
	       device == facts->device;
}

static struct device *arrive(struct devices *devices, const struct usb_facts *facts,
			     uint64_t seen_us)
{
	struct device *device, **tail = &devices->head;
	int folder;

	folder = devices_open_folder(devices, facts->port);
	if (folder < 0)
		return NULL; /* gone already; its event follows */
	device = devices->count < DEVICES_MAX && is_present(folder, facts)
			 ? calloc(1, sizeof(*device))
			 : NULL;
	if (!device) {
		close(folder);
		return NULL;
	}
	device->folder = folder;
	device->outcome.decided.facts = *facts;
	device->outcome.plug = ++devices->plugs;
	device->outcome.seen_us = seen_us;
	device->outcome.state = USB_STATE_BLOCKED;
	while (*tail)
		tail = &(*tail)->next;
	*tail = device;
	devices->count++;
	return device;
}

static bool same_plug(const struct device *device, const struct usb_facts *facts)
{
	return device->outcome.decided.facts.bus == facts->bus &&
	       device->outcome.decided.facts.device == facts->device;
}

/*
 * While all devices are being stated, the closed ones wait for the last: what is open keeps its
 * place, and what is gone has left its own.
 */
static bool is_closed(const struct device *device)
{
	return !device_is_root_hub(device) &&
	       usb_kernel_state(device->folder, &device->outcome.decided) == USB_KERNEL_CLOSED;
}

static bool same_facts(const struct usb_facts *known, const struct usb_facts *stated)
{
	struct usb_facts a = *known, b = *stated;

	/* Held against it already; a second telling does not wash it clean. */
	a.flaw = 0;
	b.flaw = 0;
	return memcmp(&a, &b, sizeof(a)) == 0;
}

void devices_facts(struct devices *devices, const struct usb_facts *facts, uint64_t seen_us)
{
	struct device *device = devices_find(devices, facts->port);

	if (device && !same_plug(device, facts)) {
		depart(devices, device);
		device = NULL;
	}
	if (!device) {
		device = arrive(devices, facts, seen_us);
		if (!device)
			return;
		device->stated = true;
		device->waits = devices->scanning && is_closed(device);
		if (!device->waits)
			decide(devices, device, false);
		return;
	}
	device->stated = true;
	if (!same_facts(&device->outcome.decided.facts, facts)) {
		device->outcome.decided.facts = *facts;
		device->outcome.decided.facts.flaw = USB_FLAW_MISMATCH;
		decide(devices, device, false);
		return;
	}
	if (device_is_root_hub(device))
		devices_close_bus(devices, device);
	devices_touched(devices, facts->port);
}

void devices_gone(struct devices *devices, const struct msg_usb_device *gone)
{
	struct device *device = devices_find(devices, gone->port);

	if (!device)
		return;
	/* An event that was late: another device is in that port by now. */
	if (gone->device && gone->device != device->outcome.decided.facts.device)
		return;
	depart(devices, device);
}

void devices_touched(struct devices *devices, const char *port)
{
	struct device *device = devices_find(devices, port);
	int state;

	if (!device || !device->settled || device->outcome.state == USB_STATE_PENDING ||
	    stands(device))
		return;
	if (device_is_root_hub(device)) {
		devices_open_root_hub(devices, device);
		return;
	}
	state = usb_kernel_state(device->folder, &device->outcome.decided);
	if (state == -ENODEV || state == -ENOENT)
		return; /* on its way out */
	if (state == USB_KERNEL_LESS || state == USB_KERNEL_CLOSED) {
		/* Someone closed it further: that is theirs to do. It needs a new permit to open. */
		devices_settle(devices, device, USB_STATE_BLOCKED, -ECANCELED);
		devices_block(devices, device);
		devices_record(devices, device, RECORD_KIND_DEVICE);
		return;
	}
	if (devices_carry_out(devices, device) == -ESTALE)
		decide(devices, device, false);
}

void devices_scan_begin(struct devices *devices)
{
	devices->scanning = true;
	for (struct device *device = devices->head; device; device = device->next)
		device->stated = false;
}

void devices_scan_end(struct devices *devices)
{
	struct device *next;

	devices->scanning = false;
	devices->scanned = true;
	for (struct device *device = devices->head; device; device = next) {
		next = device->next;
		if (!device->stated)
			depart(devices, device);
	}
	for (struct device *device = devices->head; device; device = device->next) {
		if (!device->waits)
			continue;
		device->waits = false;
		decide(devices, device, false);
	}
}

void devices_redecide(struct devices *devices)
{
	struct device *next;

	devices->round++;
	while ((next = next_in_place(devices)))
		decide(devices, next, true);
	for (struct device *device = devices->head; device; device = device->next)
		if (device->round != devices->round && !device->waits)
			decide(devices, device, true);
}

void devices_recorded(struct devices *devices, uint64_t tag, int error)
{
	struct device *device = devices->head;

	while (device && device->asked != tag)
		device = device->next;
	/* Gone, or judged anew by a newer policy, while the entry was on its way. */
	if (!device || device->outcome.state != USB_STATE_PENDING)
		return;
	if (error < 0)
		devices_deny_unrecorded(devices, device, error);
	else if (!shim_admits(devices->config.shim))
		device->written = true;
	else if (devices_open(devices, device) == -ESTALE)
		decide(devices, device, false);
}

void devices_confirm(struct devices *devices)
{
	for (struct device *device = devices->head; device; device = device->next)
		if (device->outcome.state == USB_STATE_AUTHORISED && !device_is_root_hub(device))
			shim_usb_permit(devices->config.shim, device->folder,
					&device->outcome.decided);
}

void devices_admitted(struct devices *devices)
{
	/* The module knew nothing of those that were let in before it came. */
	devices_confirm(devices);
	for (struct device *device = devices->head; device; device = device->next) {
		if (device->outcome.state != USB_STATE_PENDING || !device->written)
			continue;
		device->written = false;
		if (devices_open(devices, device) == -ESTALE)
			decide(devices, device, false);
	}
}

void devices_show_pending(struct devices *devices)
{
	for (struct device *device = devices->head; device; device = device->next)
		if (device->untold)
			devices_tell(devices, device);
}

void devices_each(const struct devices *devices,
		  void (*visit)(void *data, const struct usb_outcome *outcome), void *data)
{
	for (const struct device *device = devices->head; device; device = device->next)
		visit(data, &device->outcome);
}

bool devices_is_open(const struct devices *devices, const char *port, uint32_t bus, uint32_t number)
{
	for (const struct device *it = devices->head; it; it = it->next) {
		const struct usb_facts *facts = &it->outcome.decided.facts;

		if (strcmp(facts->port, port) == 0 && facts->bus == bus && facts->device == number)
			return it->outcome.state == USB_STATE_AUTHORISED;
	}
	return false;
}

uint32_t devices_count(const struct devices *devices, uint32_t *refused)
{
	uint32_t count = 0;

	*refused = 0;
	for (const struct device *device = devices->head; device; device = device->next) {
		if (device_is_root_hub(device))
			continue;
		count++;
		*refused += device->outcome.state != USB_STATE_AUTHORISED;
	}
	return count;
}

struct devices *devices_new(const struct devices_config *config)
{
	struct devices *devices = calloc(1, sizeof(*devices));

	if (!devices)
		return NULL;
	devices->config = *config;
	devices->probe = -1;
	return devices;
}

void devices_free(struct devices *devices)
{
	if (!devices)
		return;
	while (devices->head)
		forget(devices, devices->head);
	if (devices->probe >= 0)
		close(devices->probe);
	free(devices->in_use);
	free(devices);
}
