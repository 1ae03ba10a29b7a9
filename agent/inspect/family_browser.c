// SPDX-License-Identifier: GPL-2.0-or-later
/* What browsers remember of the public network, and what was deleted from that memory. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <unistd.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/public.h"
#include "agent/inspect/sqlite_image.h"
#include "agent/lib/file.h"

#define HOSTS_MAX 64 /* of one browser that are named; the rest is counted */
#define HOST_SIZE 128

/* Seconds from 1601 to 1970: Chromium counts microseconds from there. */
#define CHROMIUM_EPOCH INT64_C(11644473600)

struct browser {
	const char *question; /* columns: URL, time of the last visit in microseconds */
	int64_t epoch;	      /* seconds to take from that */
};

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
	{ "snap/chromium/common/chromium", "History", &chromium },
	{ ".var/app/org.chromium.Chromium/config/chromium", "History", &chromium },
};

struct host {
	char name[HOST_SIZE];
	unsigned int pages;
	int64_t last;
};

struct hosts {
	struct host list[HOSTS_MAX];
	size_t count;
	unsigned int more;
	unsigned int urls;
};

static void add_host(struct hosts *hosts, const char *name, size_t length, int64_t last)
{
	if (length >= HOST_SIZE)
		length = HOST_SIZE - 1;
	for (size_t i = 0; i < hosts->count; i++)
		if (strncmp(hosts->list[i].name, name, length) == 0 &&
		    !hosts->list[i].name[length]) {
			hosts->list[i].pages++;
			if (last > hosts->list[i].last)
				hosts->list[i].last = last;
			return;
		}
	if (hosts->count == HOSTS_MAX) {
		hosts->more++;
		return;
	}
	memcpy(hosts->list[hosts->count].name, name, length);
	hosts->list[hosts->count].name[length] = 0;
	hosts->list[hosts->count].pages = 1;
	hosts->list[hosts->count++].last = last;
}

static int read_file(struct inspect *inspect, const char *path, uint8_t **bytes, size_t *length)
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

/* The database with its log applied; the log as it is, too. */
static int read_database(struct inspect *inspect, const char *path, uint8_t **db, size_t *size)
{
	char wal_path[PATH_MAX];
	uint8_t *wal = NULL;
	size_t wal_size = 0;
	int r = read_file(inspect, path, db, size);

	if (r < 0)
		return r;
	if (snprintf(wal_path, sizeof(wal_path), "%s-wal", path) < (int)sizeof(wal_path) &&
	    read_file(inspect, wal_path, &wal, &wal_size) == 0)
		r = sqlite_image_apply(db, size, wal, wal_size);
	free(wal);
	if (r < 0) {
		free(*db);
		*db = NULL;
	}
	return r;
}

static int ask(uint8_t *db, size_t size, const struct browser *browser, struct hosts *hosts)
{
	sqlite3_stmt *statement = NULL;
	sqlite3 *handle;
	int r = sqlite_image_open(db, size, &handle), step;

	if (r < 0)
		return r;
	if (sqlite3_prepare_v2(handle, browser->question, -1, &statement, NULL) != SQLITE_OK) {
		sqlite3_close(handle);
		return -EBADMSG;
	}
	while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *url = (const char *)sqlite3_column_text(statement, 0), *host;
		int64_t last = sqlite3_column_int64(statement, 1) / 1000000 - browser->epoch;
		size_t length = url ? public_url_host(url, &host) : 0;

		hosts->urls++;
		if (length && public_host(host, length))
			add_host(hosts, host, length, last);
	}
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return step == SQLITE_DONE ? 0 : -EBADMSG;
}

static void state_hosts(struct inspect *inspect, const char *path, const struct hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *host = &hosts->list[i];
		char place[INSPECT_PLACE_SIZE], day[16] = "?";
		struct tm tm;

		if (host->last > 0 && gmtime_r(&(time_t){ host->last }, &tm))
			strftime(day, sizeof(day), "%Y-%m-%d", &tm);
		snprintf(place, sizeof(place), "%.120s %s", path, host->name);
		inspect_fail(inspect, place, "%u pages, the last on %s (UTC)", host->pages, day);
	}
	if (hosts->more)
		inspect_fail(inspect, path, "and %u pages of further public hosts", hosts->more);
}

static void look(struct inspect *inspect, const char *path, const struct browser *browser)
{
	struct hosts *hosts = calloc(1, sizeof(*hosts));
	uint8_t *db = NULL;
	size_t size = 0;
	int r = hosts ? read_database(inspect, path, &db, &size) : -ENOMEM;

	if (r == 0)
		r = ask(db, size, browser, hosts);
	if (r == -EBADMSG)
		inspect_unknown(inspect, path,
				"is no history that is understood: look at it by hand");
	else if (r < 0)
		inspect_closed(inspect, path, r);
	else if (hosts->count == 0)
		inspect_pass(inspect, path, "%u pages, none on a public host", hosts->urls);
	else
		state_hosts(inspect, path, hosts);
	free(hosts);
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

static void each_history(struct inspect *inspect,
			 void (*function)(struct inspect *, const char *, const struct browser *))
{
	int r = inspect_homes(inspect, on_home, &function);

	if (r < 0)
		inspect_unknown(inspect, "/etc/passwd", "could not be read: %s", strerror(-r));
	else if (inspect->stated == 0)
		inspect_absent(inspect, "/home", "nobody has a browser's history");
}

void check_browsing(struct inspect *inspect)
{
	each_history(inspect, look);
}

static bool is_host_byte(uint8_t byte)
{
	return isalnum(byte) || byte == '.' || byte == '-' || byte == ':';
}

/* Addresses of pages that stand in pages of the database that are no longer in use. */
static void carve(const uint8_t *page, size_t size, void *data)
{
	struct hosts *hosts = data;

	for (size_t i = 0; i + 8 < size; i++) {
		size_t start = i, end;

		if (memcmp(page + i, "http", 4) != 0)
			continue;
		start += page[i + 4] == 's' ? 5 : 4;
		if (start + 3 > size || memcmp(page + start, "://", 3) != 0)
			continue;
		start += 3;
		for (end = start; end < size && is_host_byte(page[end]);)
			end++;
		if (end > start && public_host((const char *)page + start, end - start))
			add_host(hosts, (const char *)page + start, end - start, 0);
		i = end;
	}
}

static void look_deleted(struct inspect *inspect, const char *path, const struct browser *browser)
{
	struct hosts *hosts = calloc(1, sizeof(*hosts));
	uint8_t *db = NULL;
	size_t size = 0, pages;
	int r = hosts ? read_database(inspect, path, &db, &size) : -ENOMEM;

	(void)browser;
	if (r < 0) {
		inspect_closed(inspect, path, r);
		free(hosts);
		return;
	}
	pages = sqlite_image_free_pages(db, size, carve, hosts);
	for (size_t i = 0; i < hosts->count; i++) {
		char place[INSPECT_PLACE_SIZE];

		snprintf(place, sizeof(place), "%.120s %s", path, hosts->list[i].name);
		inspect_fail(inspect, place,
			     "was deleted from the history: found %u times in unused pages",
			     hosts->list[i].pages);
	}
	if (hosts->more)
		inspect_fail(inspect, path, "and %u traces of further public hosts", hosts->more);
	if (hosts->count == 0)
		inspect_pass(inspect, path, "nothing in %zu unused pages", pages);
	free(db);
	free(hosts);
}

void check_deleted_browsing(struct inspect *inspect)
{
	each_history(inspect, look_deleted);
}
