// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/ctl/ctl_door.h"
#include "agent/lib/path.h"
#include "agent/lib/usb_json.h"
#include "agent/lib/usb_sysfs.h"

/* More than any machine can have; a door that tells of more is not believed. */
#define DEVICES_MAX 65536

static struct ctl_device *add(struct ctl_list *list)
{
	struct ctl_device *larger, *device;

	if (list->count == list->size) {
		size_t size = list->size ? list->size * 2 : 16;

		larger = size > DEVICES_MAX ? NULL : realloc(list->devices, size * sizeof(*larger));
		if (!larger)
			return NULL;
		list->devices = larger;
		list->size = size;
	}
	device = &list->devices[list->count++];
	memset(device, 0, sizeof(*device));
	device->authorised = -1;
	return device;
}

static int take_outcome(struct ctl_list *list, const json_t *json)
{
	struct ctl_device *device = add(list);

	if (!device)
		return -ENOMEM;
	return usb_json_read_outcome(json, &device->outcome);
}

static int ask_door(const struct ctl *ctl, struct ctl_list *list)
{
	struct ctl_door door;
	json_t *object = NULL;
	int r = ctl_door_ask(ctl, &door, PATH_QUERY, "devices", -1);

	if (r == 0)
		r = ctl_door_next(&door, &object);
	while (r > 0) {
		r = take_outcome(list, json_object_get(object, "device"));
		json_decref(object);
		object = NULL;
		if (r == 0)
			r = ctl_door_next(&door, &object);
	}
	if (r == 0) {
		list->current = json_is_true(json_object_get(object, "connected"));
		list->missing = ctl_number(object, "missing");
		list->decided = list->current || list->count > 0;
		snprintf(list->note, sizeof(list->note), "%s", ctl_text(object, "text"));
	} else {
		snprintf(list->note, sizeof(list->note), "%s",
			 door.reason[0] ? door.reason : "airgap-doord's answer makes no sense");
	}
	json_decref(object);
	ctl_door_close(&door);
	return r;
}

struct visit {
	const struct ctl *ctl;
	struct ctl_list *list;
};

static int visit_port(const char *port, void *data)
{
	const struct visit *visit = data;
	struct ctl_device *device;
	int folder = usb_sysfs_open(visit->ctl->root, port);
	int r;

	if (folder < 0)
		return folder == -ENOENT || folder == -ENODEV ? 0 : folder;
	device = add(visit->list);
	r = device ? usb_sysfs_read(visit->ctl->root, folder, port, &device->outcome.decided.facts)
		   : -ENOMEM;
	if (r == 0) {
		device->authorised = usb_sysfs_number(folder, "authorized", 10);
		device->outcome.state =
			device->authorised == 1 ? USB_STATE_AUTHORISED : USB_STATE_BLOCKED;
	} else if (device) {
		/* Unplugged while it was being read. */
		visit->list->count--;
	}
	close(folder);
	return r == -ENODEV ? 0 : r;
}

static int by_port(const void *a, const void *b)
{
	const struct ctl_device *left = a, *right = b;

	return strverscmp(left->outcome.decided.facts.port, right->outcome.decided.facts.port);
}

int ctl_list_load(const struct ctl *ctl, struct ctl_list *list)
{
	struct visit visit = { .ctl = ctl };
	int r;

	*list = (struct ctl_list){ 0 };
	visit.list = list;
	r = ask_door(ctl, list);
	if (r < 0 || !list->decided) {
		list->count = 0;
		list->decided = false;
		r = usb_sysfs_each(ctl->root, visit_port, &visit);
		if (r < 0)
			ctl_error("%s\nairgapctl: cannot read %s either: %s", list->note,
				  PATH_USB_DEVICES, strerror(-r));
	}
	if (list->count)
		qsort(list->devices, list->count, sizeof(*list->devices), by_port);
	return r < 0 ? r : 0;
}

void ctl_list_free(struct ctl_list *list)
{
	free(list->devices);
	*list = (struct ctl_list){ 0 };
}

bool ctl_device_is_root_hub(const struct ctl_device *device)
{
	/* The kernel names them usb1, usb2, ...; everything plugged in begins with its bus number. */
	return strncmp(device->outcome.decided.facts.port, "usb", 3) == 0;
}

bool ctl_device_matches(const struct ctl_device *device, const char *word)
{
	const struct usb_facts *facts = &device->outcome.decided.facts;
	char id[16];

	snprintf(id, sizeof(id), "%04x:%04x", facts->vendor, facts->product);
	return strcmp(facts->port, word) == 0 || strcasecmp(id, word) == 0 ||
	       (facts->serial[0] && strcmp(facts->serial, word) == 0);
}

void ctl_device_name(const struct ctl_device *device, char *out, size_t size)
{
	const struct usb_facts *facts = &device->outcome.decided.facts;
	bool both = facts->manufacturer[0] && facts->name[0];

	snprintf(out, size, "%s%s%s", facts->manufacturer, both ? " " : "", facts->name);
	if (!out[0])
		snprintf(out, size, "(no name)");
}

static bool same_kind(const struct usb_interface *a, const struct usb_interface *b)
{
	return a->class == b->class && a->subclass == b->subclass && a->protocol == b->protocol;
}

void ctl_device_interfaces(const struct ctl_device *device, char *out, size_t size)
{
	const struct usb_facts *facts = &device->outcome.decided.facts;
	size_t used = 0;

	out[0] = 0;
	for (uint32_t i = 0; i < facts->interface_count && used < size; i++) {
		const struct usb_interface *at = &facts->interfaces[i];
		uint32_t earlier = 0;

		while (earlier < i && !same_kind(&facts->interfaces[earlier], at))
			earlier++;
		if (earlier == i)
			used += (size_t)snprintf(out + used, size - used, "%s%02x:%02x:%02x",
						 used ? " " : "", at->class, at->subclass,
						 at->protocol);
	}
}

json_t *ctl_device_json(const struct ctl_device *device, bool decided)
{
	if (decided)
		return usb_json_outcome(&device->outcome);
	return json_pack(
		"{s:o, s:o}", "facts", usb_json_facts(&device->outcome.decided.facts), "authorised",
		device->authorised < 0 ? json_null() : json_boolean(device->authorised == 1));
}
