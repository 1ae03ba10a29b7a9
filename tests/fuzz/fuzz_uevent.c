// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel events, as they come from the socket. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "agent/lib/usb_sysfs.h"
#include "agent/monitor/uevent.h"

/* What comes with a port; of the others only that they came is told. */
static bool has_port(const struct uevent *event)
{
	return event->subject == UEVENT_SUBJECT_USB_DEVICE ||
	       event->subject == UEVENT_SUBJECT_USB_INTERFACE;
}

static void event_holds(const struct uevent *event)
{
	MUST(event->action <= UEVENT_ACTION_OTHER);
	MUST(event->subject <= UEVENT_SUBJECT_DISK);
	MUST(event->major <= INT32_MAX && event->minor <= INT32_MAX);
	MUST(ENDED(event->disk));
	MUST((event->subject == UEVENT_SUBJECT_DISK) == (event->disk[0] != 0));
	/* It becomes part of a path, too. */
	MUST(strspn(event->disk, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(event->disk));
	MUST(event->bus <= INT32_MAX && event->device <= INT32_MAX);
	MUST(ENDED(event->port));
	for (size_t i = strlen(event->port); i < sizeof(event->port); i++)
		MUST(event->port[i] == 0);
	if (!has_port(event)) {
		MUST(event->port[0] == 0);
		return;
	}
	/* It becomes part of a path. */
	MUST(usb_sysfs_port_valid(event->port));
	MUST(strspn(event->port, "usb0123456789-.") == strlen(event->port));
	MUST(!strstr(event->port, "..") && event->port[0] != '.' && event->port[0] != '-');
}

/* Does a text of the message end with these? Without a port in it, nothing has that port. */
static bool told(const uint8_t *data, size_t size, const char *text)
{
	return memmem(data, size, text, strlen(text)) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of just that size, so that a read beyond it is seen. */
	char *message = malloc(size ? size : 1);
	struct uevent event;

	MUST(message);
	memcpy(message, data, size);
	memset(&event, 0xff, sizeof(event));
	uevent_parse(message, size, &event);
	event_holds(&event);
	if (has_port(&event)) {
		MUST(told(data, size, "SUBSYSTEM=usb"));
		MUST(told(data, size, "DEVPATH="));
		MUST(strncmp(event.port, "usb", 3) == 0 || told(data, size, event.port));
	}
	if (event.subject == UEVENT_SUBJECT_DISK) {
		MUST(told(data, size, "SUBSYSTEM=block"));
		MUST(told(data, size, event.disk));
	}
	free(message);
	return 0;
}
