// SPDX-License-Identifier: GPL-2.0-or-later
/* What a desktop does by itself, and what it remembers of media. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/kernel_log.h"

#define DCONF	 "/etc/dconf/db"
#define IDLE_MAX 600 /* seconds */
#define TEXT_MAX (1024u * 1024)

enum locked {
	LOCKED_IDLE = 1 << 0,
	LOCKED_LOCK = 1 << 1,
	LOCKED_DELAY = 1 << 2,
	LOCKED_AUTOMOUNT = 1 << 3,
};

struct desktop {
	bool locks;	     /* lock-enabled=true */
	long idle;	     /* seconds; 0: never */
	long delay;	     /* from there to the lock, seconds */
	bool automount;	     /* not switched off */
	unsigned int locked; /* enum locked: what nobody may change */
};

/* "uint32 300" and "300" are the same number. */
static long seconds_of(const char *value)
{
	value += strspn(value, " ");
	if (strncmp(value, "uint32", 6) == 0)
		value += 6;
	return strtol(value, NULL, 10);
}

/* A keyfile of dconf: "[org/gnome/desktop/session]", "idle-delay=uint32 600". */
static int on_key(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char *const locks[] = {
		"/org/gnome/desktop/session/idle-delay",
		"/org/gnome/desktop/screensaver/lock-enabled",
		"/org/gnome/desktop/screensaver/lock-delay",
		"/org/gnome/desktop/media-handling/automount",
	};
	struct desktop *desktop = data;

	(void)inspect;
	(void)path;
	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++)
		if (strcmp(line, locks[i]) == 0)
			desktop->locked |= 1u << i;
	if (strncmp(line, "idle-delay=", 11) == 0)
		desktop->idle = seconds_of(line + 11);
	else if (strncmp(line, "lock-delay=", 11) == 0)
		desktop->delay = seconds_of(line + 11);
	else if (strcmp(line, "lock-enabled=true") == 0)
		desktop->locks = true;
	else if (strcmp(line, "automount=false") == 0)
		desktop->automount = false;
	return 0;
}

static int on_file(struct inspect *inspect, const char *path, const char *name, void *data)
{
	(void)name;
	inspect_lines(inspect, path, on_key, data);
	return 0;
}

static int on_database(struct inspect *inspect, const char *path, const char *name, void *data)
{
	char locks[PATH_MAX];
	size_t length = strlen(name);

	if (length < 2 || strcmp(name + length - 2, ".d") != 0)
		return 0;
	inspect_folder(inspect, path, on_file, data);
	snprintf(locks, sizeof(locks), "%s/locks", path);
	inspect_folder(inspect, locks, on_file, data);
	return 0;
}

static struct desktop read_desktop(struct inspect *inspect)
{
	struct desktop desktop = { .automount = true };

	inspect_folder(inspect, DCONF, on_database, &desktop);
	return desktop;
}

static bool has_desktop(const struct inspect *inspect)
{
	return inspect_exists(inspect, "/usr/bin/gnome-shell") ||
	       inspect_exists(inspect, "/usr/bin/xfce4-session") ||
	       inspect_exists(inspect, "/usr/bin/plasmashell") ||
	       inspect_exists(inspect, "/usr/bin/mate-session") ||
	       inspect_exists(inspect, "/usr/bin/ukui-session") ||
	       inspect_exists(inspect, "/usr/bin/startdde");
}

void check_screen_lock(struct inspect *inspect)
{
	const unsigned int all = LOCKED_IDLE | LOCKED_LOCK | LOCKED_DELAY;
	struct desktop desktop = read_desktop(inspect);

	if (!has_desktop(inspect)) {
		inspect_absent(inspect, "/usr/bin", "no desktop is installed");
		return;
	}
	if (!inspect_exists(inspect, "/usr/bin/gnome-shell")) {
		inspect_unknown(inspect, "/usr/bin", "a desktop whose settings are not understood");
		return;
	}
	if (!desktop.locks)
		inspect_fail(inspect, DCONF, "nothing sets lock-enabled=true for everybody");
	if (desktop.idle <= 0)
		inspect_fail(inspect, DCONF, "nothing sets idle-delay: the screen never locks");
	else if (desktop.idle + desktop.delay > IDLE_MAX)
		inspect_fail(inspect, DCONF,
			     "the screen locks after %ld s; at most %d are permitted",
			     desktop.idle + desktop.delay, IDLE_MAX);
	if ((desktop.locked & all) != all)
		inspect_warn(inspect, DCONF,
			     "anybody may change when the screen locks: the keys idle-delay, "
			     "lock-enabled and lock-delay are not all locked");
	if (inspect->stated == 0)
		inspect_pass(inspect, DCONF, "the screen locks after %ld s",
			     desktop.idle + desktop.delay);
}

static const char *option_missing(const char *options)
{
	static const char *const wanted[] = { "nodev", "nosuid", "noexec" };

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!strstr(options, wanted[i]))
			return wanted[i];
	return NULL;
}

/* Where desktops put media: /media, /run/media */
static int on_mount(struct inspect *inspect, const char *path, char *line, void *data)
{
	char where[PATH_MAX], options[512];
	const char *missing;

	(void)path;
	(void)data;
	if (sscanf(line, "%*u %*u %*s %*s %4095s %511s", where, options) != 2 ||
	    (strncmp(where, "/media/", 7) != 0 && strncmp(where, "/run/media/", 11) != 0 &&
	     strncmp(where, "/mnt/", 5) != 0 && strcmp(where, "/mnt") != 0))
		return 0;
	missing = option_missing(options);
	if (missing)
		inspect_fail(inspect, where, "a medium is mounted without %s", missing);
	else
		inspect_warn(inspect, where, "a medium is mounted past airgapd");
	return 0;
}

void check_automount(struct inspect *inspect)
{
	struct desktop desktop = read_desktop(inspect);
	int r = inspect_lines(inspect, "/proc/self/mountinfo", on_mount, NULL);

	if (r < 0)
		inspect_unknown(inspect, "/proc/self/mountinfo", "could not be read: %s",
				strerror(-r));
	if (inspect_exists(inspect, "/usr/bin/gnome-shell") && desktop.automount)
		inspect_fail(inspect, DCONF,
			     "the desktop mounts media by itself: nothing sets automount=false");
	else if (inspect_exists(inspect, "/usr/bin/gnome-shell") &&
		 !(desktop.locked & LOCKED_AUTOMOUNT))
		inspect_warn(inspect, DCONF,
			     "anybody may let the desktop mount media: the key is not locked");
	else if (!inspect_exists(inspect, "/usr/bin/gnome-shell") && has_desktop(inspect))
		inspect_unknown(inspect, "/usr/bin", "a desktop whose settings are not understood");
	if (inspect_exists(inspect, "/usr/bin/udevil") ||
	    inspect_exists(inspect, "/usr/bin/usbmount"))
		inspect_fail(inspect, "/usr/bin",
			     "a program that mounts media for everybody is installed");
	if (inspect->stated == 0)
		inspect_pass(inspect, "/proc/self/mountinfo", "nothing mounts media by itself");
}

/* href="file:///media/alice/KINGSTON/plan.doc" */
static int on_recent(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char *const roots[] = { "file:///media/", "file:///run/media/",
					     "file:///mnt/",   "mtp://",
					     "gphoto2://",     "smb://",
					     "sftp://",	       "ftp://" };

	(void)data;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		const char *at = strstr(line, roots[i]);

		if (at) {
			char place[INSPECT_PLACE_SIZE];

			snprintf(place, sizeof(place), "%.100s %.*s", path,
				 (int)strcspn(at, "\"'<> "), at);
			inspect_fail(inspect, place, "a file was opened from there");
		}
	}
	return 0;
}

static int on_metadata(struct inspect *inspect, const char *path, const char *name, void *data)
{
	static const char *const kinds[] = { "uuid-", "label-", "mtp:",	 "gphoto2:", "afc:", "smb-",
					     "sftp:", "ftp:",	"ftps:", "dav",	     "nfs:" };

	(void)data;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(name, kinds[i], strlen(kinds[i])) == 0 && !strstr(name, ".log"))
			inspect_fail(inspect, path, "the desktop had it open");
	return 0;
}

/* "Mounted /dev/sdb1 at /media/alice/KINGSTON on behalf of uid 1000" */
static void on_udisks(struct inspect *inspect, const char *line, void *data)
{
	const char *at = strstr(line, " at "), *end;
	char place[INSPECT_PLACE_SIZE];

	(void)data;
	if (strncmp(line, "Mounted ", 8) != 0 || !at)
		return;
	at += 4;
	end = strstr(at, " on behalf of ");
	snprintf(place, sizeof(place), "udisks: %.*s", end ? (int)(end - at) : 200, at);
	inspect_fail(inspect, place, "was mounted past airgapd: %.200s", line);
}

static int on_home(struct inspect *inspect, const char *login, const char *home, void *data)
{
	static const char *const recent[] = { ".local/share/recently-used.xbel",
					      ".local/share/user-places.xbel",
					      ".config/gtk-3.0/bookmarks" };
	char path[PATH_MAX];
	int r;

	(void)login;
	for (size_t i = 0; i < sizeof(recent) / sizeof(recent[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", home, recent[i]);
		r = inspect_lines(inspect, path, on_recent, data);
		if (r < 0)
			inspect_closed(inspect, path, r);
	}
	snprintf(path, sizeof(path), "%s/.local/share/gvfs-metadata", home);
	r = inspect_folder(inspect, path, on_metadata, NULL);
	if (r < 0)
		inspect_closed(inspect, path, r);
	return 0;
}

void check_mount_history(struct inspect *inspect)
{
	int r = inspect_homes(inspect, on_home, NULL);

	kernel_log_of(inspect, "udisksd", on_udisks, NULL);
	if (r < 0)
		inspect_unknown(inspect, "/etc/passwd", "could not be read: %s", strerror(-r));
	else if (inspect->stated == 0)
		inspect_pass(inspect, "/home", "no desktop remembers a medium");
}
