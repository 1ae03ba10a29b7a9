// SPDX-License-Identifier: GPL-2.0-or-later
/* Hardware that could reach another network without a cable, and what such hardware left behind. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"

#define PCI	 "/sys/bus/pci/devices"
#define USB	 "/sys/bus/usb/devices"
#define TEXT_MAX (256u * 1024)

static int on_member(struct inspect *inspect, const char *path, const char *name, void *data)
{
	(void)name;
	inspect_fail(inspect, path, "%s", (const char *)data);
	return 0;
}

/* A class of devices that must have no members. */
static void must_be_empty(struct inspect *inspect, const char *folder, const char *what)
{
	int r = inspect_folder(inspect, folder, on_member, (void *)(uintptr_t)what);

	if (r < 0)
		inspect_closed(inspect, folder, r);
}

static int on_pci(struct inspect *inspect, const char *path, const char *name, void *data)
{
	char file[PATH_MAX], text[32];
	unsigned long wanted = *(const unsigned long *)data;

	(void)name;
	snprintf(file, sizeof(file), "%s/class", path);
	if (inspect_attribute(inspect, file, text, sizeof(text)) == 0 &&
	    strtoul(text, NULL, 0) >> 8 == wanted)
		inspect_fail(inspect, path,
			     "is wireless hardware (class %04lx), with or without a driver",
			     wanted);
	return 0;
}

static void no_pci_of(struct inspect *inspect, unsigned long class)
{
	int r = inspect_folder(inspect, PCI, on_pci, &class);

	if (r < 0)
		inspect_closed(inspect, PCI, r);
}

struct usb_class {
	const char *words[3]; /* bInterfaceClass, -SubClass, -Protocol; NULL: any */
	const char *what;
};

static int on_usb(struct inspect *inspect, const char *path, const char *name, void *data)
{
	static const char *const files[] = { "bInterfaceClass", "bInterfaceSubClass",
					     "bInterfaceProtocol" };
	const struct usb_class *wanted = data;
	char file[PATH_MAX], text[16];

	if (!strchr(name, ':'))
		return 0;
	for (size_t i = 0; i < 3; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, files[i]);
		if (wanted->words[i] && (inspect_attribute(inspect, file, text, sizeof(text)) < 0 ||
					 strcmp(text, wanted->words[i]) != 0))
			return 0;
	}
	inspect_fail(inspect, path, "%s", wanted->what);
	return 0;
}

static void no_usb_of(struct inspect *inspect, const struct usb_class *class)
{
	int r = inspect_folder(inspect, USB, on_usb, (void *)(uintptr_t) class);

	if (r < 0)
		inspect_closed(inspect, USB, r);
}

/* Nothing was found: that is a pass only where there was something to look through. */
static void conclude(struct inspect *inspect, const char *what)
{
	if (inspect->stated)
		return;
	if (inspect_exists(inspect, "/sys/class/net"))
		inspect_pass(inspect, "/sys", "%s", what);
	else
		inspect_unknown(inspect, "/sys", "the kernel's devices are not shown here");
}

static int on_rfkill(struct inspect *inspect, const char *path, const char *name, void *data)
{
	char file[PATH_MAX], text[32];

	(void)name;
	snprintf(file, sizeof(file), "%s/type", path);
	if (inspect_attribute(inspect, file, text, sizeof(text)) == 0 &&
	    strcmp(text, (const char *)data) == 0)
		inspect_fail(inspect, path, "a radio of type %s", text);
	return 0;
}

static void no_rfkill_of(struct inspect *inspect, const char *type)
{
	int r = inspect_folder(inspect, "/sys/class/rfkill", on_rfkill, (void *)(uintptr_t)type);

	if (r < 0)
		inspect_closed(inspect, "/sys/class/rfkill", r);
}

void check_wifi(struct inspect *inspect)
{
	must_be_empty(inspect, "/sys/class/ieee80211", "a Wi-Fi adapter");
	no_rfkill_of(inspect, "wlan");
	no_pci_of(inspect, 0x0280);
	no_pci_of(inspect, 0x0d20);
	conclude(inspect, "no Wi-Fi hardware");
}

void check_bluetooth(struct inspect *inspect)
{
	static const struct usb_class usb = { { "e0", "01", "01" }, "a Bluetooth adapter" };

	must_be_empty(inspect, "/sys/class/bluetooth", "a Bluetooth adapter");
	must_be_empty(inspect, "/sys/class/nfc", "a reader for NFC");
	no_rfkill_of(inspect, "bluetooth");
	no_rfkill_of(inspect, "nfc");
	no_pci_of(inspect, 0x0d11);
	no_usb_of(inspect, &usb);
	conclude(inspect, "no Bluetooth or NFC hardware");
}

static int on_tty(struct inspect *inspect, const char *path, const char *name, void *data)
{
	(void)data;
	if (strncmp(name, "ttyACM", 6) == 0)
		inspect_fail(inspect, path, "a modem's port");
	else if (strncmp(name, "ttyUSB", 6) == 0)
		inspect_warn(inspect, path, "a serial port on USB, which may be a modem's");
	return 0;
}

static int on_ppp(struct inspect *inspect, const char *path, const char *name, void *data)
{
	(void)data;
	if (strncmp(name, "ppp", 3) == 0 || strncmp(name, "wwan", 4) == 0)
		inspect_fail(inspect, path, "a link over a modem");
	return 0;
}

void check_cellular(struct inspect *inspect)
{
	static const struct usb_class usb[] = {
		{ { "02", "0e", NULL }, "a broadband modem (MBIM)" },
		{ { "02", "02", NULL }, "a modem (CDC ACM)" },
	};

	must_be_empty(inspect, "/sys/class/wwan", "a cellular modem");
	no_rfkill_of(inspect, "wwan");
	for (size_t i = 0; i < sizeof(usb) / sizeof(usb[0]); i++)
		no_usb_of(inspect, &usb[i]);
	inspect_folder(inspect, "/sys/class/tty", on_tty, NULL);
	inspect_folder(inspect, "/sys/class/net", on_ppp, NULL);
	must_be_empty(inspect, "/sys/class/usbmisc", "a control port such as cdc-wdm");
	conclude(inspect, "no cellular or dial-up hardware");
}

/* "ssid=Cafe" below "[wifi]", or "type=gsm": the file alone shows that somebody connected. */
static int on_profile(struct inspect *inspect, const char *path, const char *name, void *data)
{
	char *text = NULL, *line, *rest;
	const char *end = strrchr(name, '.');
	char ssid[128] = "";
	bool radio = false;
	int r = inspect_text(inspect, path, TEXT_MAX, &text);

	(void)data;
	if (r < 0) {
		inspect_closed(inspect, path, r);
		return 0;
	}
	/* iwd names its files by network and kind (iwd.network(5)). */
	if (end &&
	    (strcmp(end, ".psk") == 0 || strcmp(end, ".open") == 0 || strcmp(end, ".8021x") == 0))
		radio = true;
	for (rest = text; (line = strsep(&rest, "\n"));) {
		if (strcmp(line, "type=wifi") == 0 || strcmp(line, "type=802-11-wireless") == 0 ||
		    strcmp(line, "type=gsm") == 0 || strcmp(line, "type=bluetooth") == 0)
			radio = true;
		if (strncmp(line, "ssid=", 5) == 0)
			snprintf(ssid, sizeof(ssid), "%s", line + 5);
	}
	free(text);
	if (radio || ssid[0])
		inspect_fail(inspect, path, "a saved wireless network%s%s", ssid[0] ? ": " : "",
			     ssid);
	return 0;
}

static int on_state_line(struct inspect *inspect, const char *path, char *line, void *data)
{
	(void)data;
	/* "UUID=02:00:00:aa:bb:cc,": access points that answered */
	if (strchr(line, '=') && strchr(line, ':'))
		inspect_fail(inspect, path, "access points were seen: %.120s", line);
	return 0;
}

static int on_supplicant_line(struct inspect *inspect, const char *path, char *line, void *data)
{
	(void)data;
	line += strspn(line, " \t");
	if (strncmp(line, "ssid=", 5) == 0)
		inspect_fail(inspect, path, "a saved wireless network: %.120s", line + 5);
	return 0;
}

static int on_supplicant(struct inspect *inspect, const char *path, const char *name, void *data)
{
	size_t length = strlen(name);
	int r;

	if (length < 5 || strcmp(name + length - 5, ".conf") != 0)
		return 0;
	r = inspect_lines(inspect, path, on_supplicant_line, data);
	if (r < 0)
		inspect_closed(inspect, path, r);
	return 0;
}

/* "wpa-ssid Home" of ifupdown (interfaces(5)), "wifis:" of netplan */
static int on_interfaces_line(struct inspect *inspect, const char *path, char *line, void *data)
{
	(void)data;
	line += strspn(line, " \t");
	if (strncmp(line, "wpa-ssid", 8) == 0 || strncmp(line, "wpa-conf", 8) == 0 ||
	    strncmp(line, "wireless-essid", 14) == 0 || strncmp(line, "wifis:", 6) == 0)
		inspect_fail(inspect, path, "a saved wireless network: %.120s", line);
	return 0;
}

static int on_interfaces(struct inspect *inspect, const char *path, const char *name, void *data)
{
	int r = inspect_lines(inspect, path, on_interfaces_line, data);

	(void)name;
	if (r < 0)
		inspect_closed(inspect, path, r);
	return 0;
}

void check_wifi_history(struct inspect *inspect)
{
	static const char *const settings[] = { "/etc/network/interfaces.d", "/etc/netplan" };
	static const char *const profiles[] = {
		"/etc/NetworkManager/system-connections",
		"/run/NetworkManager/system-connections",
		"/usr/lib/NetworkManager/system-connections",
		"/var/lib/iwd",
	};
	int r;

	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		r = inspect_folder(inspect, profiles[i], on_profile, NULL);
		if (r < 0)
			inspect_closed(inspect, profiles[i], r);
	}
	r = inspect_lines(inspect, "/var/lib/NetworkManager/seen-bssids", on_state_line, NULL);
	if (r < 0)
		inspect_closed(inspect, "/var/lib/NetworkManager/seen-bssids", r);
	on_interfaces(inspect, "/etc/network/interfaces", "interfaces", NULL);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		r = inspect_folder(inspect, settings[i], on_interfaces, NULL);
		if (r < 0)
			inspect_closed(inspect, settings[i], r);
	}
	r = inspect_folder(inspect, "/etc/wpa_supplicant", on_supplicant, NULL);
	if (r < 0)
		inspect_closed(inspect, "/etc/wpa_supplicant", r);
	if (inspect->stated == 0)
		inspect_pass(inspect, "/etc/NetworkManager", "no wireless network was ever saved");
}
