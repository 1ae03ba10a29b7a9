// SPDX-License-Identifier: GPL-2.0-or-later
/* Other hardware that takes in or gives out what is secret. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "policy/decide/context.h"
#include "policy/table/table.h"
#include "policy/table/table_column.h"

/* Receivers of wireless keyboards and mice, by their ids and by what they call themselves. */
static int on_input(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const unsigned int receivers[][2] = {
		{ 0x046d, 0xc52b }, { 0x046d, 0xc534 }, { 0x046d, 0xc548 }, { 0x046d, 0xc52f },
		{ 0x045e, 0x0745 }, { 0x045e, 0x07b2 }, { 0x413c, 0x2513 }, { 0x17ef, 0x6044 },
		{ 0x04f2, 0x1125 }, { 0x24ae, 0x2000 },
	};
	unsigned int *ids = data;
	char name[200];

	/* NOLINTNEXTLINE(cert-err34-c): no more digits than fit */
	if (sscanf(line, "I: Bus=%4x Vendor=%4x Product=%4x", &ids[0], &ids[1], &ids[2]) == 3) {
		if (ids[0] == 5)
			inspect_fail(inspect, path, "an input device over Bluetooth (%04x:%04x)",
				     ids[1], ids[2]);
		return 0;
	}
	if (sscanf(line, "N: Name=\"%199[^\"]\"", name) != 1)
		return 0;
	for (size_t i = 0; i < sizeof(receivers) / sizeof(receivers[0]); i++)
		if (ids[1] == receivers[i][0] && ids[2] == receivers[i][1]) {
			inspect_fail(inspect, path,
				     "a receiver of wireless devices (%04x:%04x): %s", ids[1],
				     ids[2], name);
			return 0;
		}
	if (strcasestr(name, "wireless") || strcasestr(name, "2.4g") ||
	    strcasestr(name, "receiver"))
		inspect_fail(inspect, path, "calls itself \"%s\" (%04x:%04x)", name, ids[1],
			     ids[2]);
	return 0;
}

void check_wireless_input(struct inspect *inspect)
{
	static const char file[] = "/proc/bus/input/devices";
	unsigned int ids[3] = { 0 };
	int r = inspect_lines(inspect, file, on_input, ids);

	if (r < 0)
		inspect_unknown(inspect, file, "could not be read: %s", strerror(-r));
	else if (inspect->stated == 0)
		inspect_pass(inspect, file, "no wireless keyboard or mouse");
}

static int on_video(struct inspect *inspect, const char *path, const char *name, void *data)
{
	char file[PATH_MAX], text[128] = "";

	(void)data;
	if (strncmp(name, "video", 5) != 0)
		return 0;
	snprintf(file, sizeof(file), "%s/name", path);
	inspect_attribute(inspect, file, text, sizeof(text));
	inspect_fail(inspect, path, "a camera: %s", text);
	return 0;
}

/* "00-00: ALC256 Analog : ALC256 Analog : playback 1 : capture 1" */
static int on_pcm(struct inspect *inspect, const char *path, char *line, void *data)
{
	(void)data;
	if (strstr(line, "capture "))
		inspect_fail(inspect, path, "a microphone or line input: %.200s", line);
	return 0;
}

void check_camera_microphone(struct inspect *inspect)
{
	int r = inspect_folder(inspect, "/sys/class/video4linux", on_video, NULL);

	if (r < 0)
		inspect_closed(inspect, "/sys/class/video4linux", r);
	r = inspect_lines(inspect, "/proc/asound/pcm", on_pcm, NULL);
	if (r < 0)
		inspect_closed(inspect, "/proc/asound/pcm", r);
	if (inspect->stated == 0)
		inspect_pass(inspect, "/sys/class", "no camera and no microphone");
}

static int on_drive(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char *const words[] = { "Can write CD-R:", "Can write CD-RW:",
					     "Can write DVD-R:", "Can write DVD-RAM:" };

	(void)data;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(line, words[i], strlen(words[i])) == 0 && strchr(line, '1'))
			inspect_fail(inspect, path, "a drive that burns discs (%s)", words[i]);
	return 0;
}

void check_burners(struct inspect *inspect)
{
	static const char file[] = "/proc/sys/dev/cdrom/info";
	int r = inspect_lines(inspect, file, on_drive, NULL);

	if (r < 0)
		inspect_closed(inspect, file, r);
	if (inspect->stated == 0)
		inspect_pass(inspect, file, "no drive that burns discs");
}

static int on_disk(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const struct table *media =
		inspect->subject.context ? inspect->subject.context->media : NULL;
	char link[PATH_MAX], file[PATH_MAX], serial[128] = "", text[32], place[160];
	struct table_media row;
	unsigned int vendor, product;
	const char *at;

	(void)name;
	(void)data;
	if (inspect_link(inspect, path, link, sizeof(link)) < 0 || !strstr(link, "/usb"))
		return 0;
	/* …/usb1/1-2/1-2:1.0/host3/…: the device is above its interface */
	at = strstr(link, ":1.");
	while (at && at > link && at[-1] != '/')
		at--;
	if (!at || at - link < 2)
		return 0;
	snprintf(file, sizeof(file), "/sys/class/block/%.*s/serial", (int)(at - link - 1), link);
	inspect_attribute(inspect, file, serial, sizeof(serial));
	snprintf(file, sizeof(file), "/sys/class/block/%.*s/idVendor", (int)(at - link - 1), link);
	if (inspect_attribute(inspect, file, text, sizeof(text)) < 0)
		return 0;
	vendor = (unsigned int)strtoul(text, NULL, 16);
	snprintf(file, sizeof(file), "/sys/class/block/%.*s/idProduct", (int)(at - link - 1), link);
	if (inspect_attribute(inspect, file, text, sizeof(text)) < 0)
		return 0;
	product = (unsigned int)strtoul(text, NULL, 16);
	/* As in usb-history; a disk and its partitions are one. */
	snprintf(place, sizeof(place), "usb %04x:%04x %s", vendor, product,
		 serial[0] ? serial : "(no serial number)");
	if (media && table_media_find(media, (uint16_t)vendor, (uint16_t)product, serial, &row) &&
	    row.status == TABLE_STATUS_ACTIVE && row.until >= inspect->subject.now)
		inspect_pass(inspect, place, "is registered");
	else
		inspect_fail(inspect, place, "is plugged in and not registered");
	return 0;
}

void check_media_now(struct inspect *inspect)
{
	int r = inspect_folder(inspect, "/sys/class/block", on_disk, NULL);

	if (r < 0)
		inspect_unknown(inspect, "/sys/class/block", "could not be read: %s", strerror(-r));
	else if (inspect->stated == 0)
		inspect_pass(inspect, "/sys/class/block", "no removable medium is present");
}
