// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgap-reportd: brings the journal to the office and takes what the office has for us. It speaks to the
 * network, so it has no rights, decides nothing, and is believed in nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>

#include "agent/lib/account.h"
#include "agent/lib/daemon.h"
#include "agent/lib/journal_file.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/report/reporter.h"

#define ANY	  0, 0, 0
#define QUEUE_MAX 16

static struct daemon self;
static struct reporter reporter;

static const struct sandbox_rule rules[] = {
	/* connections to the office: none comes in */
	{ "socket", 0, UINT64_MAX, AF_INET },
	{ "socket", 0, UINT64_MAX, AF_INET6 },
	{ "setsockopt", ANY },
	{ "getsockname", ANY },
	{ "getpeername", ANY },
	{ "shutdown", ANY },
	{ "fcntl", 1, UINT64_MAX, F_SETFL },
	{ "socketpair", ANY },
	/* the journal, and own small files; Landlock says where */
	{ "openat", ANY },
	{ "newfstatat", ANY },
	{ "pread64", ANY },
	{ "renameat", ANY },
	{ "unlink", ANY },
	{ "unlinkat", ANY },
	{ "fchmod", ANY },
	{ "fsync", ANY },
	{ "fadvise64", ANY },
	/* documents on their way to the core */
	{ "memfd_create", ANY },
	/* the key that opens what is carried here stays out of swap until it is wiped */
	{ "munlock", ANY },
	{ NULL, ANY },
};

static const struct sandbox_path paths[] = {
	{ "/etc/airgap", SANDBOX_READ },
	{ PATH_JOURNAL_DIR, SANDBOX_READ },
	{ PATH_REPORT_DIR, SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_RUN_CORE, SANDBOX_READ },
	{ PATH_RUN_JOURNAL, SANDBOX_READ },
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

static int on_journal(sd_event_source *source, const struct inotify_event *event, void *data)
{
	(void)source;
	(void)data;
	if ((event->mask & IN_Q_OVERFLOW) || strcmp(event->name, JOURNAL_FILE_CHECKPOINT) == 0)
		reporter_kick(&reporter);
	return 0;
}

static int on_office(sd_event_source *source, const struct inotify_event *event, void *data)
{
	(void)source;
	(void)event;
	(void)data;
	reporter_retarget(&reporter);
	return 0;
}

/* Somebody carried an answer of the office here. */
static int on_carried(sd_event_source *source, const struct inotify_event *event, void *data)
{
	(void)source;
	(void)data;
	if (strcmp(event->name, CARRIED_FILE) == 0) {
		carried_take(&reporter);
		reporter_kick(&reporter);
	}
	return 0;
}

/* The folders are there from the installation on. */
static int watch(const char *folder, uint32_t mask, sd_event_inotify_handler_t handler)
{
	char path[PATH_MAX];
	int r = path_join(path, self.root, folder);

	if (r == 0)
		r = sd_event_add_inotify(self.event, NULL, path, mask | IN_ONLYDIR, handler, NULL);
	if (r < 0)
		log_error("cannot watch %s: %s", folder, strerror(-r));
	return r < 0 ? r : 0;
}

static int connect_to(const char *socket, enum msg_role peer, uid_t user,
		      const struct link_handler *handler, struct link **link)
{
	char path[PATH_MAX];
	struct link_config config = {
		.event = self.event,
		.path = path,
		.self = MSG_ROLE_REPORT,
		.peer = peer,
		.peer_uid = user,
		.queue_max = QUEUE_MAX,
		.sandbox = self.sandbox,
		.handler = handler,
		.data = &reporter,
	};
	int r = path_join(path, self.root, socket);

	return r < 0 ? r : link_connect(&config, link);
}

static int find_user(const char *name, uid_t *uid)
{
	gid_t group;
	int r = account_find(self.root, name, uid, &group);

	if (r < 0)
		log_error("cannot find user %s in %s: %s", name, PATH_PASSWD, strerror(-r));
	return r;
}

static int start(void)
{
	uid_t journal, root;
	int r = find_user(USER_JOURNAL, &journal);

	if (r == 0)
		r = find_user("root", &root);
	if (r == 0)
		r = reporter_init(&reporter, self.event, self.root);

	if (r == 0)
		r = watch(PATH_JOURNAL_DIR, IN_MOVED_TO, on_journal);
	if (r == 0)
		r = watch(PATH_REPORT_DIR, IN_MOVED_TO, on_carried);
	if (r == 0)
		/* Its group is set last: until then it cannot be read. */
		r = watch("/etc/airgap", IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE | IN_ATTRIB,
			  on_office);
	if (r == 0)
		r = daemon_confine(&self, &sandbox);
	if (r == 0)
		r = connect_to(PATH_SOCKET_RECEIPTS, MSG_ROLE_JOURNAL, journal,
			       &reporter_receipts_handler, &reporter.receipts);
	if (r == 0)
		r = connect_to(PATH_SOCKET_REPORT, MSG_ROLE_CORE, root, &reporter_core_handler,
			       &reporter.core);
	if (r == 0)
		reporter_retarget(&reporter);
	return r;
}

int main(int argc, char *argv[])
{
	int r;

	r = daemon_init(&self, "airgap-reportd",
			"Brings the journal to the office, and what the office sends to airgapd.",
			argc, argv);
	if (r != 0)
		return r == 1 ? EXIT_SUCCESS : 2;
	signal(SIGPIPE, SIG_IGN);
	json_object_seed(randombytes_random());
	r = start() == 0 ? daemon_run(&self) : EXIT_FAILURE;
	reporter_done(&reporter);
	daemon_done(&self);
	return r;
}
