// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-journald: keeps the log. Runs without rights as a user of its own; no network, no JSON in. */
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/journal/receipts.h"
#include "agent/journal/recorder.h"
#include "agent/lib/account.h"
#include "agent/lib/daemon.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

#define NAME	     "airgap-journald"
#define PATH_BOOT_ID "/proc/sys/kernel/random/boot_id"
/* Answers that wait for a core that does not read. */
#define QUEUE_MAX 1024

#define NOBODY ((uid_t)-1)

#define ANY 0, 0, 0

static const struct sandbox_rule rules[] = {
	/* the log's files and the socket's name; Landlock says where */
	{ "openat", ANY },
	{ "newfstatat", ANY },
	{ "renameat", ANY },
	{ "renameat2", ANY },
	{ "mkdirat", ANY },
	{ "unlink", ANY },
	{ "unlinkat", ANY },
	{ "flock", ANY },
	{ "fchmod", ANY },
	{ "fchown", ANY },
	/* reading and writing at a place, durably */
	{ "pread64", ANY },
	{ "pwrite64", ANY },
	{ "fdatasync", ANY },
	{ "fsync", ANY },
	{ "ftruncate", ANY },
	{ "fallocate", ANY },
	{ "fadvise64", ANY },
	{ "fstatfs", ANY },
	/* the core's socket */
	{ "bind", ANY },
	{ "listen", ANY },
	{ "getegid", ANY },
	{ "chown", ANY },
	{ "chmod", ANY },
	{ "fchownat", ANY },
	{ "fchmodat", ANY },
	/* keys stay out of swap until they are wiped */
	{ "munlock", ANY },
	{ NULL, ANY },
};

static const struct sandbox_path paths[] = {
	{ PATH_JOURNAL_DIR, SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_RUN_JOURNAL, SANDBOX_READ | SANDBOX_WRITE },
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

static int read_boot_id(const char *root, char boot_id[static 37])
{
	char path[PATH_MAX];
	uint8_t *text = NULL;
	size_t length = 0;
	int r;

	r = path_join(path, root, PATH_BOOT_ID);
	if (r == 0)
		r = file_read(path, 64, &text, &length);
	/* A folder may stand for a machine that has no /proc: it is this kernel that runs. */
	if (r == -ENOENT)
		r = file_read(PATH_BOOT_ID, 64, &text, &length);
	if (r < 0)
		return r;
	r = -EBADMSG;
	if (length == 37 && strspn((char *)text, "0123456789abcdef-") == 36) {
		memcpy(boot_id, text, 36);
		boot_id[36] = 0;
		r = 0;
	}
	free(text);
	return r;
}

static int open_spool(struct spool *spool, const char *root)
{
	char folder[PATH_MAX], boot_id[37] = "";
	int r;

	r = read_boot_id(root, boot_id);
	if (r < 0) {
		log_error("cannot read the boot id in %s: %s", PATH_BOOT_ID, strerror(-r));
		return r;
	}
	r = path_join(folder, root, PATH_JOURNAL_DIR);
	if (r == 0)
		r = spool_init(spool, &journal_io_system, folder, boot_id);
	if (r < 0)
		log_error("cannot use the folder %s: %s; it must belong to user %s, mode 2750, "
			  "group %s",
			  folder, strerror(-r), USER_JOURNAL, GROUP_PEOPLE);
	return r;
}

static int listen_core(struct recorder *recorder, const struct daemon *daemon, uid_t core)
{
	char path[PATH_MAX];
	struct link_config config = {
		.event = daemon->event,
		.path = path,
		.self = MSG_ROLE_JOURNAL,
		.peer = MSG_ROLE_CORE,
		.peer_uid = core,
		.group = getegid(),
		.queue_max = QUEUE_MAX,
		.sandbox = daemon->sandbox,
		.handler = &recorder_handler,
		.data = recorder,
	};
	int r;

	r = path_join(path, daemon->root, PATH_SOCKET_JOURNAL);
	if (r == 0)
		r = link_listen(&config, &recorder->link);
	if (r < 0)
		log_error("cannot listen on %s: %s; its folder must belong to user %s", path,
			  strerror(-r), USER_JOURNAL);
	return r;
}

/* A terminal that reports to nobody has no such user, and takes no receipts. */
static int listen_reporter(struct recorder *recorder, const struct daemon *daemon, uid_t reporter)
{
	struct stat folder;
	char path[PATH_MAX];
	struct link_config config = {
		.event = daemon->event,
		.path = path,
		.self = MSG_ROLE_JOURNAL,
		.peer = MSG_ROLE_REPORT,
		.peer_uid = reporter,
		.queue_max = QUEUE_MAX,
		.sandbox = daemon->sandbox,
		.handler = &receipts_handler,
		.data = recorder,
	};
	int r;

	if (reporter == NOBODY || fstat(recorder->spool->folder_fd, &folder) < 0)
		return 0;
	/* The reporter reads the log, so it is in the folder's group; its user is checked as well. */
	config.group = folder.st_gid;
	r = path_join(path, daemon->root, PATH_SOCKET_RECEIPTS);
	if (r == 0)
		r = link_listen(&config, &recorder->reporter);
	if (r < 0)
		log_error("cannot listen on %s: %s; no receipts are taken", path, strerror(-r));
	return 0;
}

static int find_core(const char *root, uid_t *uid)
{
	gid_t gid;
	int r;

	r = account_find(root, "root", uid, &gid);
	if (r < 0)
		log_error("cannot find user root in %s: %s", PATH_PASSWD, strerror(-r));
	return r;
}

static int serve(struct daemon *daemon, struct spool *spool, struct recorder *recorder)
{
	uid_t core, reporter = NOBODY;
	gid_t gid;
	int r;

	/* Best effort: the limit of locked memory is the administrator's. */
	sodium_mlock(spool, sizeof(*spool));
	sodium_mlock(&recorder->duties.identity, sizeof(recorder->duties.identity));
	r = find_core(daemon->root, &core);
	if (r == 0)
		r = open_spool(spool, daemon->root);
	if (r == 0 && account_find(daemon->root, USER_REPORT, &reporter, &gid) < 0)
		reporter = NOBODY;
	if (r == 0)
		r = recorder_init(recorder, spool, daemon->event);
	if (r == 0)
		r = recorder_start(recorder);
	if (r == -EWOULDBLOCK)
		log_error("another %s has the log open", NAME);
	if (r == 0)
		r = daemon_confine(daemon, &sandbox);
	if (r == 0)
		r = listen_core(recorder, daemon, core);
	if (r == 0)
		r = listen_reporter(recorder, daemon, reporter);
	if (r < 0)
		return 1;
	r = daemon_run(daemon);
	recorder_stop(recorder);
	return r;
}

int main(int argc, char *argv[])
{
	static struct spool spool = { .folder_fd = -1, .fd = -1, .ratchet.fd = -1 };
	static struct recorder recorder;
	struct daemon daemon;
	int r;

	r = daemon_init(&daemon, NAME, "Keeps the journal of airgapd.", argc, argv);
	if (r != 0)
		return r < 0 ? 2 : 0;
	/* A limit of file size is a failed write, to be reported, not the end. */
	signal(SIGXFSZ, SIG_IGN);
	/* While /dev/urandom can still be opened. */
	json_object_seed(0);
	r = serve(&daemon, &spool, &recorder);
	recorder_done(&recorder);
	spool_done(&spool);
	sodium_munlock(&spool, sizeof(spool));
	sodium_munlock(&recorder.duties.identity, sizeof(recorder.duties.identity));
	daemon_done(&daemon);
	return r;
}
