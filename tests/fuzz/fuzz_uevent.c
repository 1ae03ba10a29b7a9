// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel events: eight bytes of sequence number, then the fields, each ended by NUL; 0x01 is none. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "agent/lib/usb_sysfs.h"
#include "agent/monitor/uevent.h"

/* The next field of the input as a text of its own, so that a read beyond it is seen; or NULL. */
static char *take(const uint8_t **data, size_t *size)
{
	const uint8_t *end = memchr(*data, 0, *size);
	size_t length = end ? (size_t)(end - *data) : *size;
	char *text = NULL;

	if (length > 0 && (*data)[0] != 1) {
		text = malloc(length + 1);
		MUST(text);
		memcpy(text, *data, length);
		text[length] = 0;
	}
	length += end != NULL;
	*data += length;
	*size -= length;
	return text;
}

static void event_holds(const struct uevent *event, const struct uevent_fields *fields)
{
	MUST(event->action <= UEVENT_ACTION_OTHER);
	MUST(event->subject <= UEVENT_SUBJECT_USB_INTERFACE);
	MUST(event->sequence == fields->sequence);
	MUST(event->bus <= INT32_MAX && event->device <= INT32_MAX);
	MUST(ENDED(event->port));
	for (size_t i = strlen(event->port); i < sizeof(event->port); i++)
		MUST(event->port[i] == 0);
	if (event->subject == UEVENT_SUBJECT_OTHER) {
		MUST(event->port[0] == 0);
		return;
	}
	/* It becomes part of a path. */
	MUST(usb_sysfs_port_valid(event->port));
	MUST(strspn(event->port, "usb0123456789-.") == strlen(event->port));
	MUST(!strstr(event->port, "..") && event->port[0] != '.' && event->port[0] != '-');
	MUST(fields->subsystem && strcmp(fields->subsystem, "usb") == 0);
	if (event->subject == UEVENT_SUBJECT_USB_DEVICE)
		MUST(strcmp(event->port, fields->sysname) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *texts[6];
	struct uevent_fields fields = { 0 };
	struct uevent event;

	if (size < sizeof(fields.sequence))
		return 0;
	memcpy(&fields.sequence, data, sizeof(fields.sequence));
	data += sizeof(fields.sequence);
	size -= sizeof(fields.sequence);
	for (size_t i = 0; i < 6; i++)
		texts[i] = take(&data, &size);
	fields.action = texts[0];
	fields.subsystem = texts[1];
	fields.devtype = texts[2];
	fields.sysname = texts[3];
	fields.busnum = texts[4];
	fields.devnum = texts[5];
	memset(&event, 0xff, sizeof(event));
	uevent_interpret(&fields, &event);
	event_holds(&event, &fields);
	for (size_t i = 0; i < 6; i++)
		free(texts[i]);
	return 0;
}
