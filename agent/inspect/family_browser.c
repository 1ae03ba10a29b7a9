// SPDX-License-Identifier: GPL-2.0-or-later
/* What browsers remember of the public network, and what was deleted from that memory. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/inspect/browser.h"
#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/public.h"
#include "agent/inspect/sqlite_image.h"

#define HOSTS_MAX   64	 /* of one browser that are named; the rest is counted */
#define PRESENT_MAX 4096 /* that deleted ones are told from */

static int ask(uint8_t *db, size_t size, const struct browser *browser, struct browser_hosts *hosts)
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
			browser_hosts_add(hosts, host, length, last);
	}
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return step == SQLITE_DONE ? 0 : -EBADMSG;
}

static void state_hosts(struct inspect *inspect, const char *path,
			const struct browser_hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++) {
		const struct browser_host *host = &hosts->list[i];
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
	struct browser_hosts *hosts = browser_hosts_new(HOSTS_MAX);
	uint8_t *db = NULL;
	size_t size = 0;
	int r = hosts ? browser_read_database(inspect, path, &db, &size) : -ENOMEM;

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

void check_browsing(struct inspect *inspect)
{
	browser_each(inspect, look);
}

static bool is_host_byte(uint8_t byte)
{
	return isalnum(byte) || byte == '.' || byte == '-' || byte == ':';
}

/* What was deleted, to be told from what is still there. */
struct remains {
	struct browser_hosts *present, *deleted;
	struct browser_hosts *into;
};

/* Addresses that stand in bytes of a database. */
static void carve(const uint8_t *page, size_t size, const struct remains *remains)
{
	for (size_t i = 0; i + 8 < size; i++) {
		size_t start = i, end;
		const char *name;

		if (memcmp(page + i, "http", 4) != 0)
			continue;
		start += page[i + 4] == 's' ? 5 : 4;
		if (start + 3 > size || memcmp(page + start, "://", 3) != 0)
			continue;
		start += 3;
		for (end = start; end < size && is_host_byte(page[end]);)
			end++;
		name = (const char *)page + start;
		if (end > start && public_host(name, end - start) &&
		    (remains->into == remains->present ||
		     !browser_hosts_has(remains->present, name, end - start)))
			browser_hosts_add(remains->into, name, end - start, 0);
		i = end;
	}
}

static void on_used(const uint8_t *bytes, size_t size, bool used, void *data)
{
	if (used)
		carve(bytes, size, data);
}

static void on_spare(const uint8_t *bytes, size_t size, bool used, void *data)
{
	if (!used)
		carve(bytes, size, data);
}

/* Logs hold pages as they were: one that a page was deleted from may be there before and after. */
static void carve_log(struct inspect *inspect, const char *path, const char *end,
		      const struct remains *remains)
{
	uint8_t *bytes = NULL;
	size_t size = 0;
	char beside[PATH_MAX];
	int r;

	if (snprintf(beside, sizeof(beside), "%s%s", path, end) >= (int)sizeof(beside))
		return;
	r = browser_read(inspect, beside, &bytes, &size);
	if (r < 0)
		inspect_closed(inspect, beside, r);
	else
		carve(bytes, size, remains);
	free(bytes);
}

static void state_deleted(struct inspect *inspect, const char *path,
			  const struct browser_hosts *deleted)
{
	for (size_t i = 0; i < deleted->count; i++) {
		char place[INSPECT_PLACE_SIZE];

		snprintf(place, sizeof(place), "%.120s %s", path, deleted->list[i].name);
		inspect_fail(inspect, place, "was deleted from the history: found %u times",
			     deleted->list[i].pages);
	}
	if (deleted->more)
		inspect_fail(inspect, path, "and %u traces of further public hosts", deleted->more);
	if (deleted->count == 0)
		inspect_pass(inspect, path, "nothing in unused parts and logs");
}

static void look_deleted(struct inspect *inspect, const char *path, const struct browser *browser)
{
	struct remains remains = { browser_hosts_new(PRESENT_MAX), browser_hosts_new(HOSTS_MAX),
				   NULL };
	uint8_t *db = NULL;
	size_t size = 0;
	int r = remains.present && remains.deleted
			? browser_read_database(inspect, path, &db, &size)
			: -ENOMEM;

	(void)browser;
	if (r == 0) {
		remains.into = remains.present;
		r = sqlite_image_parts(db, size, on_used, &remains);
	}
	if (r < 0) {
		inspect_closed(inspect, path, r);
	} else {
		remains.into = remains.deleted;
		sqlite_image_parts(db, size, on_spare, &remains);
		carve_log(inspect, path, "-wal", &remains);
		carve_log(inspect, path, "-journal", &remains);
		state_deleted(inspect, path, remains.deleted);
	}
	free(db);
	free(remains.present);
	free(remains.deleted);
}

void check_deleted_browsing(struct inspect *inspect)
{
	browser_each(inspect, look_deleted);
}
