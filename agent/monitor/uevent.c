// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/uevent.h"

#include <stdlib.h>
#include <string.h>

#include "agent/lib/media/media_disk.h"
#include "agent/lib/usb_sysfs.h"

_Static_assert(MEDIA_DISK_NAME == UEVENT_DISK_SIZE, "one name fits both");

/* What of a message counts; any may be NULL. */
struct fields {
	const char *action;
	const char *path;
	const char *subsystem;
	const char *devtype;
	const char *busnum;
	const char *devnum;
	const char *major;
	const char *minor;
	const char *sequence;
};

static const char *const action_names[UEVENT_ACTION_OTHER] = {
	[UEVENT_ACTION_ADD] = "add",	   [UEVENT_ACTION_REMOVE] = "remove",
	[UEVENT_ACTION_CHANGE] = "change", [UEVENT_ACTION_BIND] = "bind",
	[UEVENT_ACTION_UNBIND] = "unbind",
};

static enum uevent_action action_of(const char *name)
{
	for (unsigned int i = 0; name && i < UEVENT_ACTION_OTHER; i++)
		if (strcmp(name, action_names[i]) == 0)
			return (enum uevent_action)i;
	return UEVENT_ACTION_OTHER;
}

static uint32_t number_of(const char *text)
{
	unsigned long value;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return 0;
	value = strtoul(text, &end, 10);
	return *end || value > INT32_MAX ? 0 : (uint32_t)value;
}

static uint64_t sequence_of(const char *text)
{
	unsigned long long value;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return 0;
	value = strtoull(text, &end, 10);
	return *end ? 0 : value;
}

static enum uevent_subject subject_of(const struct fields *fields)
{
	if (fields->subsystem && strcmp(fields->subsystem, "rfkill") == 0)
		return UEVENT_SUBJECT_RADIO;
	if (fields->subsystem && strcmp(fields->subsystem, "module") == 0)
		return UEVENT_SUBJECT_MODULE;
	if (fields->subsystem && fields->devtype && strcmp(fields->subsystem, "block") == 0 &&
	    strcmp(fields->devtype, "disk") == 0)
		return UEVENT_SUBJECT_DISK;
	if (!fields->subsystem || !fields->devtype || strcmp(fields->subsystem, "usb") != 0)
		return UEVENT_SUBJECT_OTHER;
	if (strcmp(fields->devtype, "usb_device") == 0)
		return UEVENT_SUBJECT_USB_DEVICE;
	if (strcmp(fields->devtype, "usb_interface") == 0)
		return UEVENT_SUBJECT_USB_INTERFACE;
	return UEVENT_SUBJECT_OTHER;
}

/* "1-2" of a device; of an interface, "1-2:1.0", the device's part; of "1-0:1.0", the hub "usb1". */
static int take_port(const char *sysname, enum uevent_subject subject, char *port)
{
	size_t length;

	if (!sysname)
		return -1;
	length = subject == UEVENT_SUBJECT_USB_INTERFACE ? strcspn(sysname, ":") : strlen(sysname);
	if (length == 0 || length >= USB_PORT_SIZE)
		return -1;
	memcpy(port, sysname, length);
	port[length] = 0;
	if (subject == UEVENT_SUBJECT_USB_INTERFACE && length > 2 &&
	    strcmp(port + length - 2, "-0") == 0 && length + 1 < USB_PORT_SIZE) {
		memmove(port + 3, port, length - 2);
		memcpy(port, "usb", 3);
		port[length + 1] = 0;
	}
	return usb_sysfs_port_valid(port) ? 0 : -1;
}

static int take_disk(const char *sysname, char *disk)
{
	if (!sysname || !media_disk_name_valid(sysname))
		return -1;
	strcpy(disk, sysname);
	return 0;
}

static void take_field(struct fields *fields, const char *text)
{
	const struct {
		const char *key;
		const char **value;
	} known[] = {
		{ "ACTION=", &fields->action },	      { "DEVPATH=", &fields->path },
		{ "SUBSYSTEM=", &fields->subsystem }, { "DEVTYPE=", &fields->devtype },
		{ "BUSNUM=", &fields->busnum },	      { "DEVNUM=", &fields->devnum },
		{ "MAJOR=", &fields->major },	      { "MINOR=", &fields->minor },
		{ "SEQNUM=", &fields->sequence },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t length = strlen(known[i].key);

		if (strncmp(text, known[i].key, length) == 0 && !*known[i].value)
			*known[i].value = text + length;
	}
}

/* Texts that are not ended are none. */
static struct fields find_fields(const char *data, size_t length)
{
	struct fields fields = { 0 };
	const char *end = data + length, *next;

	for (const char *at = data; at < end; at = next + 1) {
		next = memchr(at, 0, (size_t)(end - at));
		if (!next)
			break;
		take_field(&fields, at);
	}
	return fields;
}

void uevent_parse(const char *data, size_t length, struct uevent *event)
{
	const struct fields fields = find_fields(data, length);
	const char *slash = fields.path ? strrchr(fields.path, '/') : NULL;

	*event = (struct uevent){
		.action = action_of(fields.action),
		.subject = subject_of(&fields),
		.sequence = sequence_of(fields.sequence),
		.bus = number_of(fields.busnum),
		.device = number_of(fields.devnum),
	};
	if (event->subject == UEVENT_SUBJECT_DISK) {
		event->major = number_of(fields.major);
		event->minor = number_of(fields.minor);
		if (take_disk(slash ? slash + 1 : NULL, event->disk) < 0)
			event->subject = UEVENT_SUBJECT_OTHER;
	}
	if ((event->subject == UEVENT_SUBJECT_USB_DEVICE ||
	     event->subject == UEVENT_SUBJECT_USB_INTERFACE) &&
	    take_port(slash ? slash + 1 : NULL, event->subject, event->port) < 0) {
		event->subject = UEVENT_SUBJECT_OTHER;
		memset(event->port, 0, sizeof(event->port));
	}
}
