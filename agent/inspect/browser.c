// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/browser.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/inspect/inspect_read.h"
#include "agent/inspect/sqlite_image.h"
#include "agent/lib/file.h"

/* Seconds from 1601 to 1970: Chromium counts microseconds from there. */
#define CHROMIUM_EPOCH INT64_C(11644473600)

static const struct browser firefox = {
	"SELECT url, last_visit_date FROM moz_places WHERE visit_count > 0", 0
};
static const struct browser chromium = { "SELECT url, last_visit_time FROM urls", CHROMIUM_EPOCH };

/* Below a home, the folders whose folders are profiles; and the file in a profile. */
static const struct {
	const char *folder;
	const char *file;
	const struct browser *browser;
} places[] = {
	{ ".mozilla/firefox", "places.sqlite", &firefox },
	{ ".mozilla/firefox-esr", "places.sqlite", &firefox },
	{ "snap/firefox/common/.mozilla/firefox", "places.sqlite", &firefox },
	{ ".var/app/org.mozilla.firefox/.mozilla/firefox", "places.sqlite", &firefox },
	{ ".config/chromium", "History", &chromium },
	{ ".config/google-chrome", "History", &chromium },
	{ ".config/microsoft-edge", "History", &chromium },
	{ ".config/BraveSoftware/Brave-Browser", "History", &chromium },
	{ ".config/vivaldi", "History", &chromium },
	{ ".config/opera", "History", &chromium },
	{ ".config/qaxbrowser", "History", &chromium },
	{ ".config/browser360-cn", "History", &chromium },
	{ ".config/browser", "History", &chromium }, /* UOS */
	{ "snap/chromium/common/chromium", "History", &chromium },
	{ ".var/app/org.chromium.Chromium/config/chromium", "History", &chromium },
};

struct browser_hosts *browser_hosts_new(size_t max)
{
	struct browser_hosts *hosts = calloc(1, sizeof(*hosts) + max * sizeof(hosts->list[0]));

	if (hosts)
		hosts->max = max;
	return hosts;
}

static struct browser_host *find(const struct browser_hosts *hosts, const char *name, size_t length)
{
	if (length >= BROWSER_HOST_SIZE)
		length = BROWSER_HOST_SIZE - 1;
	for (size_t i = 0; i < hosts->count; i++)
		if (strncmp(hosts->list[i].name, name, length) == 0 && !hosts->list[i].name[length])
			return (struct browser_host *)(uintptr_t)&hosts->list[i];
	return NULL;
}

bool browser_hosts_has(const struct browser_hosts *hosts, const char *name, size_t length)
{
	return find(hosts, name, length) != NULL;
}

void browser_hosts_add(struct browser_hosts *hosts, const char *name, size_t length, int64_t last)
{
	struct browser_host *host = find(hosts, name, length);

	if (!host && hosts->count == hosts->max) {
		hosts->more++;
		return;
	}
	if (!host) {
		if (length >= BROWSER_HOST_SIZE)
			length = BROWSER_HOST_SIZE - 1;
		host = &hosts->list[hosts->count++];
		memcpy(host->name, name, length);
	}
	host->pages++;
	if (last > host->last)
		host->last = last;
}

int browser_read(struct inspect *inspect, const char *path, uint8_t **bytes, size_t *length)
{
	int fd = inspect_open(inspect, path), r;

	*bytes = NULL;
	*length = 0;
	if (fd < 0)
		return fd;
	r = file_read_fd(fd, SQLITE_IMAGE_MAX, bytes, length);
	close(fd);
	return r;
}

int browser_read_database(struct inspect *inspect, const char *path, uint8_t **db, size_t *size)
{
	char wal_path[PATH_MAX];
	uint8_t *wal = NULL;
	size_t wal_size = 0;
	int r = browser_read(inspect, path, db, size);

	if (r < 0)
		return r;
	if (snprintf(wal_path, sizeof(wal_path), "%s-wal", path) < (int)sizeof(wal_path) &&
	    browser_read(inspect, wal_path, &wal, &wal_size) == 0)
		r = sqlite_image_apply(db, size, wal, wal_size);
	free(wal);
	if (r < 0) {
		free(*db);
		*db = NULL;
	}
	return r;
}

struct walk {
	const char *file;
	const struct browser *browser;
	void (*look)(struct inspect *inspect, const char *path, const struct browser *browser);
};

static int on_profile(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const struct walk *walk = data;
	char file[PATH_MAX];

	(void)name;
	if (snprintf(file, sizeof(file), "%s/%s", path, walk->file) < (int)sizeof(file) &&
	    inspect_exists(inspect, file))
		walk->look(inspect, file, walk->browser);
	return 0;
}

static int on_home(struct inspect *inspect, const char *login, const char *home, void *data)
{
	struct walk walk = { .look = *(void (**)(struct inspect *, const char *,
						 const struct browser *))data };
	char folder[PATH_MAX];

	(void)login;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int r;

		walk.file = places[i].file;
		walk.browser = places[i].browser;
		snprintf(folder, sizeof(folder), "%s/%s", home, places[i].folder);
		r = inspect_folder(inspect, folder, on_profile, &walk);
		if (r < 0)
			inspect_closed(inspect, folder, r);
	}
	return 0;
}

void browser_each(struct inspect *inspect,
		  void (*function)(struct inspect *, const char *, const struct browser *))
{
	int r = inspect_homes(inspect, on_home, &function);

	if (r < 0)
		inspect_unknown(inspect, "/etc/passwd", "could not be read: %s", strerror(-r));
	else if (inspect->stated == 0)
		inspect_absent(inspect, "/home", "nobody has a browser's history");
}
