// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office serve: the service. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/office/contact.h"
#include "agent/office/exchange.h"
#include "agent/office/group.h"
#include "agent/office/office.h"
#include "agent/office/own_log.h"
#include "agent/office/web/web.h"

/* Connections from one address, where the setting says nothing. */
#define PER_ADDRESS 32
#define SWEEP_US    (15 * UINT64_C(1000000))
#define MINUTE_US   (60 * INT64_C(1000000))

#define ANY 0, 0, 0

static const struct sandbox_rule rules[] = {
	/* connections that come in: none is ever opened */
	{ "accept", ANY },
	{ "setsockopt", ANY },
	{ "getsockname", ANY },
	{ "getpeername", ANY },
	{ "shutdown", ANY },
	{ "sendfile", ANY },
	/* the database below its folder, which Landlock keeps it in */
	{ "openat", ANY },
	{ "newfstatat", ANY },
	{ "stat", ANY },
	{ "lstat", ANY },
	{ "statx", ANY },
	{ "access", ANY },
	{ "faccessat", ANY },
	{ "readlink", ANY },
	{ "getcwd", ANY },
	{ "fcntl", 1, UINT64_MAX, F_SETLK },
	{ "fcntl", 1, UINT64_MAX, F_GETLK },
	{ "fcntl", 1, UINT64_MAX, F_SETFL },
	{ "pread64", ANY },
	{ "pwrite64", ANY },
	{ "fsync", ANY },
	{ "fdatasync", ANY },
	{ "ftruncate", ANY },
	{ "fallocate", ANY },
	{ "unlink", ANY },
	{ "fchmod", ANY },
	{ "fchown", ANY },
	{ "getrusage", ANY },
	{ "getrlimit", ANY },
	{ "prlimit64", ANY },
	{ "sysinfo", ANY },
	{ "uname", ANY },
	/* secrets in memory */
	{ "mlock", ANY },
	{ "munlock", ANY },
	{ NULL, ANY },
};

static const struct sandbox_path paths[] = {
	{ PATH_OFFICE_DIR, SANDBOX_READ | SANDBOX_WRITE },
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

static int write_alone(struct serve *serve, int (*fn)(struct serve *serve))
{
	int r = group_flush(serve->group);

	if (r == 0)
		r = group_enter(serve->group);
	if (r == 0)
		r = fn(serve);
	if (r < 0)
		group_break(serve->group, NULL, r);
	return r < 0 ? r : group_flush(serve->group);
}

static int sweep(struct serve *serve)
{
	static int64_t alive_us;
	int64_t now_us = office_now_us();
	int r = incident_book_refresh(serve->book, serve->store);

	if (r == 0)
		r = contact_sweep(serve->store, serve->book, serve->since_us, now_us);
	if (r == 0)
		r = incident_sweep(serve->store, serve->book, &serve->keys, now_us);
	if (r == 0)
		r = exchange_sweep(serve->store, serve->book, now_us);
	if (r < 0 || (alive_us && now_us - alive_us < MINUTE_US))
		return r;
	alive_us = now_us;
	return contact_alive(serve->store, now_us);
}

/* A handle that met a damaged page refuses everything from there on: nobody would be known. */
static void check_reader(struct serve *serve)
{
	char *name = NULL;
	int r = store_setting_get(serve->reader, "name", &name);

	free(name);
	if (r == -EIO || r == -EBADMSG)
		serve_fail(serve, store_reason(serve->reader));
}

static int on_sweep(sd_event_source *source, uint64_t now, void *data)
{
	struct serve *serve = data;

	(void)now;
	/* A failure is told and mended by the next one, unless the store is lost. */
	(void)!write_alone(serve, sweep);
	check_reader(serve);
	daemon_status("%u requests at hand", http_pending(serve->http));
	sd_event_source_set_time_relative(source, SWEEP_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int begin(struct serve *serve)
{
	return contact_downtime(serve->store, incident_book_own(serve->book), office_now_us());
}

static int read_settings(struct serve *serve)
{
	char *name = NULL, *level = NULL;
	int r = store_setting_get(serve->store, "name", &name);

	if (r == 0)
		r = store_setting_get(serve->store, "level", &level);
	if (r == 0) {
		strncpy(serve->level, level, sizeof(serve->level) - 1);
		r = keys_load(&serve->keys, serve->root, name);
	}
	free(name);
	free(level);
	return r < 0 ? r : incident_book_new(&serve->book, serve->store);
}

static int open_stores(struct serve *serve, const struct office_call *call)
{
	int r = office_store(call, STORE_WRITE, &serve->store);

	if (r == 0)
		r = office_store(call, STORE_READ, &serve->reader);
	return r;
}

static int listen_at(struct serve *serve)
{
	char *address = NULL, *most = NULL;
	int r = store_setting_get(serve->store, "listen", &address);

	if (r == 0)
		r = store_setting_get(serve->store, "per-address", &most);
	if (r == 0 || (r == -ENOENT && address))
		r = http_start(serve, address,
			       most ? (unsigned int)strtoul(most, NULL, 10) : PER_ADDRESS);
	if (r == 0)
		log_notice("listening at %s", address);
	free(address);
	free(most);
	return r;
}

static int start(struct serve *serve, const struct office_call *call)
{
	sd_event_source *source;
	int r = open_stores(serve, call);

	if (r == 0)
		r = read_settings(serve);
	if (r == 0)
		r = group_new(serve, &serve->group);
	serve->since_us = office_now_us();
	if (r == 0)
		r = write_alone(serve, begin);
	if (r == 0)
		r = listen_at(serve);
	if (r == 0)
		r = sd_event_add_time_relative(serve->daemon.event, &source, CLOCK_MONOTONIC,
					       SWEEP_US, 100000, on_sweep, serve);
	if (r >= 0)
		r = daemon_confine(&serve->daemon, &sandbox);
	return r;
}

/* One descriptor a connection, and some. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int verb_serve(const struct office_call *call)
{
	static struct serve serve;
	char *argv[] = { (char *)(uintptr_t)OFFICE_NAME, (char *)(uintptr_t) "--root",
			 (char *)(uintptr_t)call->root, NULL };
	int r;

	if (call->argc != 1)
		return office_usage("serve");
	if (office_drop_root(call->root) < 0 || office_alone(call->root) < 0)
		return 1;
	serve.root = call->root;
	/* The options are read a second time, from the beginning. */
	optind = 0;
	if (daemon_init(&serve.daemon, OFFICE_NAME, "", 3, argv) != 0)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	raise_limit();
	web_init();
	json_object_seed(randombytes_random());
	r = start(&serve, call);
	r = r < 0 ? 1 : daemon_run(&serve.daemon);
	group_free(serve.group);
	http_stop(&serve);
	store_close(serve.reader);
	store_close(serve.store);
	incident_book_free(serve.book);
	keys_done(&serve.keys);
	daemon_done(&serve.daemon);
	return r;
}
