// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgap-transferd: brings files out of the terminal and into it, encrypted and on registered media, for
 * people who ask at PATH_TRANSFER, as far as airgapd permits.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "agent/lib/account.h"
#include "agent/lib/daemon.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/transfer/core_link.h"
#include "agent/transfer/desk.h"
#include "agent/transfer/medium_list.h"
#include "agent/transfer/medium_read.h"
#include "agent/transfer/own_keys.h"
#include "agent/transfer/serve.h"
#include "agent/transfer/serve_export.h"
#include "agent/transfer/task.h"

#define ANY	  0, 0, 0
#define FILES_MAX 4096

/* Workers are forked from it and give up more (task.c): what they need is here, too. */
static const struct sandbox_rule rules[] = {
	/* own files, and media by descriptor; Landlock says where */
	{ "openat", ANY },
	{ "openat2", ANY },
	{ "newfstatat", ANY },
	{ "statx", ANY },
	{ "fstatfs", ANY },
	{ "pread64", ANY },
	{ "pwrite64", ANY },
	{ "preadv", ANY },
	{ "pwritev", ANY },
	{ "getdents64", ANY },
	{ "mkdirat", ANY },
	{ "rename", ANY },
	{ "renameat", ANY },
	{ "renameat2", ANY },
	{ "linkat", ANY },
	{ "unlink", ANY },
	{ "unlinkat", ANY },
	{ "fchmod", ANY },
	{ "ftruncate", ANY },
	{ "fallocate", ANY },
	{ "fadvise64", ANY },
	{ "fsync", ANY },
	{ "fdatasync", ANY },
	{ "sync_file_range", ANY },
	{ "flock", ANY },
	{ "fcntl", 1, UINT64_MAX, F_SETFL },
	{ "fcntl", 1, UINT64_MAX, F_DUPFD },
	/* keys stay out of swap until they are wiped */
	{ "mlock", ANY },
	{ "mlock2", ANY },
	{ "munlock", ANY },
	{ "socketpair", ANY },
	/* media: how large, which sectors, is it protected */
	{ "ioctl", 1, UINT64_MAX, BLKGETSIZE64 },
	{ "ioctl", 1, UINT64_MAX, BLKSSZGET },
	{ "ioctl", 1, UINT64_MAX, BLKROGET },
	/* workers, and threads; nothing of it in a namespace of its own */
	{ "clone", 0, CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET, 0 },
	{ "set_robust_list", ANY },
	{ "rseq", ANY },
	{ "sched_getaffinity", ANY },
	{ "sched_yield", ANY },
	{ "sysinfo", ANY },
	{ "pidfd_open", ANY },
	{ "waitid", ANY },
	{ "wait4", ANY },
	{ "kill", ANY },
	{ "pipe2", ANY },
	{ "prctl", ANY },
	{ "prlimit64", ANY },
	{ "close_range", ANY },
	{ "dup2", ANY },
	{ "dup3", ANY },
	{ "shutdown", ANY },
	{ "seccomp", ANY },
	{ "landlock_create_ruleset", ANY },
	{ "landlock_add_rule", ANY },
	{ "landlock_restrict_self", ANY },
	{ NULL, ANY },
};

static const struct sandbox_path paths[] = {
	{ PATH_TRANSFER_DIR, SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_RUN_CORE, SANDBOX_READ },
	{ PATH_RUN_MOUNT, SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_JOURNAL_DIR, SANDBOX_READ }, /* its checkpoint */
	{ TASK_MAGIC_FOLDER, SANDBOX_READ },
	{ PATH_PASSWD, SANDBOX_READ },
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

/* How often terms are looked at. */
#define SWEEP_US (30 * UINT64_C(1000000))

static void on_going(void *data, const struct medium_use *use, const struct msg_medium_gone *gone)
{
	job_medium_going(data, use->said.cookie, gone->pulled != 0);
}

static void on_came(void *data, const struct medium_use *use)
{
	serve_medium_came(data, use);
}

static int on_sweep(sd_event_source *source, uint64_t usec, void *data)
{
	(void)usec;
	serve_sweep(data, false);
	sd_event_source_set_time_relative(source, SWEEP_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* A batch has up to a thousand files, and those of a foreign medium are open at once. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max < FILES_MAX ? limit.rlim_max : FILES_MAX;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* The public half of the terminal's own key; at the first start the key itself. */
static int open_keys(struct transferd *self)
{
	struct own_keys keys;
	int folder = openat(self->folder, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = folder < 0 ? -errno : own_keys_open(folder, &keys);

	if (folder >= 0)
		close(folder);
	if (r < 0) {
		log_error("the keys in " PATH_TRANSFER_DIR "/keys cannot be used: %s",
			  strerror(-r));
		return r;
	}
	self->epoch = own_keys_current(&keys, self->recipient);
	own_keys_close(&keys);
	return 0;
}

static int open_folder(struct transferd *self)
{
	char path[PATH_MAX];
	int r = path_join(path, self->root, PATH_TRANSFER_DIR);

	self->folder = r < 0 ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r == 0 && self->folder < 0)
		r = -errno;
	if (r == 0)
		r = open_keys(self);
	if (r == 0)
		r = book_open(&self->book, self->root);
	if (r < 0)
		log_error("cannot use " PATH_TRANSFER_DIR ": %s", strerror(-r));
	return r;
}

static int watch(struct transferd *self)
{
	const struct medium_watcher watcher = { on_came, on_going, self };
	sigset_t child;
	int r;

	self->media = medium_list_new(&watcher);
	if (!self->media)
		return -ENOMEM;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	r = medium_reader_new(self, &self->reader);
	if (r == 0)
		r = sd_event_add_time_relative(self->event, &self->sweep, CLOCK_MONOTONIC, SWEEP_US,
					       0, on_sweep, self);
	return r < 0 ? r : 0;
}

static int start(struct daemon *daemon, struct transferd *self)
{
	gid_t group;
	int r = account_find(daemon->root, "root", &self->root_user, &group);

	if (r < 0)
		log_error("cannot find user root in %s: %s", PATH_PASSWD, strerror(-r));
	else
		r = open_folder(self);
	if (r == 0)
		r = watch(self);
	if (r == 0)
		r = desk_open(self);
	if (r == 0)
		r = daemon_confine(daemon, &sandbox);
	self->sandbox = daemon->sandbox;
	if (r < 0)
		return r;
	serve_sweep(self, true);
	/* Inside the sandbox already: the hello tells the core which parts are in force. */
	return core_link_open(self);
}

int main(int argc, char *argv[])
{
	struct daemon daemon;
	struct transferd self = { .folder = -1, .desk_fd = -1 };
	int r;

	r = daemon_init(&daemon, "airgap-transferd",
			"Brings files out and in, encrypted and on registered media, as far as\n"
			"airgapd permits. People ask by airgapctl transfer.",
			argc, argv);
	if (r != 0)
		return r == 1 ? EXIT_SUCCESS : 2;
	signal(SIGPIPE, SIG_IGN);
	raise_limit();
	/* The time zone is read before the file system is fenced off. */
	tzset();
	json_object_seed(randombytes_random());
	randombytes_buf(&self.next_cookie, sizeof(self.next_cookie));
	self.root = daemon.root;
	self.event = daemon.event;
	r = start(&daemon, &self) == 0 ? daemon_run(&daemon) : EXIT_FAILURE;
	job_done(&self);
	desk_close(&self);
	core_link_close(&self);
	settings_clear(&self.settings);
	medium_reader_free(self.reader);
	medium_list_free(self.media);
	sd_event_source_disable_unref(self.sweep);
	book_close(&self.book);
	if (self.folder >= 0)
		close(self.folder);
	daemon_done(&daemon);
	return r;
}
