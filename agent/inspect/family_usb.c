// SPDX-License-Identifier: GPL-2.0-or-later
/* USB and its like: what is plugged in now, and what ever was. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/kernel_log.h"
#include "policy/decide/context.h"
#include "policy/table/table.h"
#include "policy/table/table_column.h"

#define USB	     "/sys/bus/usb/devices"
#define PORT_SIZE    32
#define SERIAL_SIZE  128
#define HISTORY_SIZE 256 /* different sticks that are named */
#define PORTS_SIZE   64

static unsigned int attribute(const struct inspect *inspect, const char *folder, const char *name)
{
	char path[PATH_MAX], text[16];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (inspect_attribute(inspect, path, text, sizeof(text)) < 0)
		return UINT32_MAX;
	return (unsigned int)strtoul(text, NULL, 16);
}

/* Class, subclass, protocol as one number; the low bytes may be any. */
static bool is_adapter(unsigned int triple)
{
	static const struct {
		unsigned int value, mask;
	} adapters[] = {
		{ 0xe00103, 0xffffff }, /* RNDIS */
		{ 0xef0401, 0xffffff }, /* RNDIS, as newer phones have it */
		{ 0x0206ff, 0xffff00 }, /* CDC Ethernet */
		{ 0x020dff, 0xffff00 }, /* CDC NCM */
		{ 0x060101, 0xffffff }, /* PTP: phones and cameras */
		{ 0xff4201, 0xffffff }, /* Android's debugger */
	};

	for (size_t i = 0; i < sizeof(adapters) / sizeof(adapters[0]); i++)
		if ((triple & adapters[i].mask) == (adapters[i].value & adapters[i].mask))
			return true;
	return false;
}

static int on_interface(struct inspect *inspect, const char *path, const char *name, void *data)
{
	unsigned int class, subclass, protocol;

	(void)data;
	if (!strchr(name, ':'))
		return 0;
	class = attribute(inspect, path, "bInterfaceClass");
	subclass = attribute(inspect, path, "bInterfaceSubClass");
	protocol = attribute(inspect, path, "bInterfaceProtocol");
	if (class <= 0xff && subclass <= 0xff && protocol <= 0xff &&
	    is_adapter(class << 16 | subclass << 8 | protocol))
		inspect_fail(inspect, path, "a phone or network adapter (%02x:%02x:%02x)", class,
			     subclass, protocol);
	return 0;
}

static void on_adapter_line(struct inspect *inspect, const char *line, void *data)
{
	static const char *const drivers[] = {
		"rndis_host ", "cdc_ether ", "cdc_ncm ", "cdc_mbim ",
		"ipheth ",     "ax88179_",   "r8152 ",	 "cdc_eem "
	};
	char place[96];

	(void)data;
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		size_t length = strlen(drivers[i]);
		const char *port = line + length;

		/* "rndis_host 1-2:1.0 usb0: register 'rndis_host' at ...", "r8152 2-1:1.0 eth1: v1.12.13" */
		if (strncmp(line, drivers[i], length) != 0 || !isdigit((unsigned char)*port))
			continue;
		snprintf(place, sizeof(place), "kernel log: %.*s", (int)strcspn(line, " "), line);
		inspect_fail(inspect, place, "a network adapter on USB was in use: %.160s", line);
	}
}

void check_usb_adapters(struct inspect *inspect)
{
	unsigned int lines;
	int r = inspect_folder(inspect, USB, on_interface, NULL);

	if (r < 0)
		inspect_closed(inspect, USB, r);
	lines = kernel_log_each(inspect, on_adapter_line, NULL);
	if (lines == 0)
		inspect_unknown(inspect, "/var/log",
				"no log of the kernel: what was plugged in earlier "
				"is not known");
	else if (inspect->stated == 0)
		inspect_pass(inspect, USB, "none now, none in %u lines of the kernel's", lines);
}

static int on_bus(struct inspect *inspect, const char *path, const char *name, void *data)
{
	char file[PATH_MAX], text[16];

	(void)data;
	if (strncmp(name, "usb", 3) != 0)
		return 0;
	snprintf(file, sizeof(file), "%s/authorized_default", path);
	if (inspect_attribute(inspect, file, text, sizeof(text)) < 0)
		return 0;
	if (strcmp(text, "0") == 0 || strcmp(text, "2") == 0)
		inspect_pass(inspect, file, "is %s", text);
	else
		inspect_fail(inspect, file, "is %s: this bus lets every device work", text);
	return 0;
}

void check_usb_default(struct inspect *inspect)
{
	static const char parameter[] = "/sys/module/usbcore/parameters/authorized_default";
	char text[16];
	int r = inspect_folder(inspect, USB, on_bus, NULL);

	if (r < 0) {
		inspect_closed(inspect, USB, r);
		if (r == -ENOENT)
			inspect_absent(inspect, USB, "the kernel has no USB");
		return;
	}
	if (inspect_attribute(inspect, parameter, text, sizeof(text)) == 0 &&
	    strcmp(text, "0") != 0 && strcmp(text, "2") != 0)
		inspect_fail(inspect, parameter,
			     "is %s: a controller that is added lets every device work", text);
}

/* Domains, controllers and what is soldered to the board. */
static bool is_own(const struct inspect *inspect, const char *path, const char *name)
{
	char file[PATH_MAX], text[16] = "";

	/* Of Thunderbolt: "domain0", "0-0", and amplifiers of a line, "0-0:1.1" */
	if (strncmp(name, "domain", 6) == 0 || strcmp(name + strcspn(name, "-"), "-0") == 0 ||
	    (isdigit((unsigned char)*name) && strchr(name, '-') && strchr(name, ':')))
		return true;
	snprintf(file, sizeof(file), "%s/is_local", path);
	if (inspect_attribute(inspect, file, text, sizeof(text)) == 0 && strcmp(text, "1") == 0)
		return true;
	snprintf(file, sizeof(file), "%s/type", path);
	/* eMMC: a disk; cards are SD, SDIO or SDcombo. */
	return strncmp(name, "mmc", 3) == 0 &&
	       inspect_attribute(inspect, file, text, sizeof(text)) == 0 &&
	       strcmp(text, "MMC") == 0;
}

static int on_other(struct inspect *inspect, const char *path, const char *name, void *data)
{
	char file[PATH_MAX], text[16] = "";

	if (is_own(inspect, path, name))
		return 0;
	snprintf(file, sizeof(file), "%s/authorized", path);
	inspect_attribute(inspect, file, text, sizeof(text));
	if (strcmp(text, "0") == 0)
		inspect_pass(inspect, path, "present and not authorised");
	else
		inspect_fail(inspect, path, "%s", (const char *)data);
	return 0;
}

void check_other_buses(struct inspect *inspect)
{
	static const struct {
		const char *folder, *what;
	} buses[] = {
		{ "/sys/bus/thunderbolt/devices", "a device on Thunderbolt" },
		{ "/sys/bus/firewire/devices", "a device on FireWire" },
		{ "/sys/bus/mmc/devices", "a card in a reader on the machine's own bus" },
		{ "/sys/bus/pcmcia/devices", "a PC card" },
	};

	for (size_t i = 0; i < sizeof(buses) / sizeof(buses[0]); i++) {
		int r = inspect_folder(inspect, buses[i].folder, on_other,
				       (void *)(uintptr_t)buses[i].what);

		if (r < 0)
			inspect_closed(inspect, buses[i].folder, r);
	}
	if (inspect->stated == 0)
		inspect_pass(inspect, "/sys/bus",
			     "nothing on Thunderbolt, FireWire, SD or PC card");
}

/* A device as the kernel's lines tell of it, one after the other. */
struct seen {
	char port[PORT_SIZE];
	unsigned int vendor, product;
	char serial[SERIAL_SIZE];
};

struct history {
	struct seen ports[PORTS_SIZE]; /* what was plugged in last at each port */
	struct seen *latest;	       /* of them, whose lines come */
	size_t port_count;
	struct seen sticks[HISTORY_SIZE];
	size_t stick_count;
	unsigned int more;
};

static struct seen *at_port(struct history *history, const char *port, size_t length)
{
	struct seen *seen;

	if (length >= PORT_SIZE)
		return NULL;
	for (size_t i = 0; i < history->port_count; i++)
		if (strncmp(history->ports[i].port, port, length) == 0 &&
		    !history->ports[i].port[length])
			return &history->ports[i];
	/* More ports than any machine has: the first one is forgotten. */
	seen = &history->ports[history->port_count < PORTS_SIZE ? history->port_count++ : 0];
	*seen = (struct seen){ 0 };
	memcpy(seen->port, port, length);
	return seen;
}

static void remember(struct history *history, const struct seen *stick)
{
	for (size_t i = 0; i < history->stick_count; i++)
		if (history->sticks[i].vendor == stick->vendor &&
		    history->sticks[i].product == stick->product &&
		    strcmp(history->sticks[i].serial, stick->serial) == 0)
			return;
	if (history->stick_count < HISTORY_SIZE)
		history->sticks[history->stick_count++] = *stick;
	else
		history->more++;
}

/*
 * "usb 1-2: New USB device found, idVendor=0951, idProduct=1666, ..."
 * "usb 1-2: SerialNumber: 60A44C413FAE"
 * "usb-storage 1-2:1.0: USB Mass Storage device detected"
 * "scsi host6: uas": that driver names no port; it is that of the lines before
 */
static void on_usb_line(struct inspect *inspect, const char *line, void *data)
{
	struct history *history = data;
	const char *port, *text;
	struct seen *seen;
	size_t length;

	(void)inspect;
	text = strstr(line, ": uas");
	if (strncmp(line, "scsi host", 9) == 0 && text && !text[5] && history->latest)
		remember(history, history->latest);
	if (strncmp(line, "usb ", 4) == 0)
		port = line + 4;
	else if (strncmp(line, "usb-storage ", 12) == 0)
		port = line + 12;
	else
		return;
	length = strcspn(port, ":");
	seen = at_port(history, port, length);
	if (!seen)
		return;
	history->latest = seen;
	if ((text = strstr(port, "idVendor="))) {
		seen->serial[0] = 0;
		/* NOLINTNEXTLINE(cert-err34-c): no more digits than fit */
		if (sscanf(text, "idVendor=%4x, idProduct=%4x", &seen->vendor, &seen->product) != 2)
			seen->vendor = seen->product = 0;
	} else if ((text = strstr(port, ": SerialNumber: "))) {
		snprintf(seen->serial, sizeof(seen->serial), "%s", text + 16);
	} else if (line[3] != ' ') {
		remember(history, seen);
	}
}

static void judge_stick(struct inspect *inspect, const struct seen *stick)
{
	const struct table *media =
		inspect->subject.context ? inspect->subject.context->media : NULL;
	struct table_media row;
	char place[SERIAL_SIZE + 32];

	snprintf(place, sizeof(place), "usb %04x:%04x %s", stick->vendor, stick->product,
		 stick->serial[0] ? stick->serial : "(no serial number)");
	if (!media)
		inspect_unknown(inspect, place,
				"was plugged in; there is no table media to look it up in");
	else if (table_media_find(media, (uint16_t)stick->vendor, (uint16_t)stick->product,
				  stick->serial, &row))
		inspect_pass(inspect, place, "is registered (%s)", table_statuses[row.status]);
	else
		inspect_fail(inspect, place,
			     "a storage device that is not in table media was plugged in");
}

void check_usb_history(struct inspect *inspect)
{
	struct history *history = calloc(1, sizeof(*history));
	unsigned int lines;

	if (!history) {
		inspect_unknown(inspect, "/var/log", "not enough memory");
		return;
	}
	lines = kernel_log_each(inspect, on_usb_line, history);
	for (size_t i = 0; i < history->stick_count; i++)
		judge_stick(inspect, &history->sticks[i]);
	if (history->more)
		inspect_fail(inspect, "/var/log", "and %u further storage devices", history->more);
	if (lines == 0)
		inspect_unknown(inspect, "/var/log", "no log of the kernel is kept on this disk");
	else if (history->stick_count == 0)
		inspect_pass(inspect, "/var/log", "no storage device in %u lines of the kernel's",
			     lines);
	free(history);
}
