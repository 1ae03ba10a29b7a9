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

#include "agent/lib/account.h"
#include "agent/lib/daemon.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/transfer/core_link.h"
#include "agent/transfer/desk.h"
#include "agent/transfer/medium_list.h"
#include "agent/transfer/medium_read.h"

#define ANY 0, 0, 0

static const struct sandbox_rule rules[] = {
	/* own files, and media by descriptor; Landlock says where */
	{ "openat", ANY },
	{ "openat2", ANY },
	{ "newfstatat", ANY },
	{ "statx", ANY },
	{ "fstatfs", ANY },
	{ "pread64", ANY },
	{ "pwrite64", ANY },
	{ "getdents64", ANY },
	{ "mkdirat", ANY },
	{ "renameat", ANY },
	{ "renameat2", ANY },
	{ "unlink", ANY },
	{ "unlinkat", ANY },
	{ "fchmod", ANY },
	{ "ftruncate", ANY },
	{ "fallocate", ANY },
	{ "fadvise64", ANY },
	{ "fsync", ANY },
	{ "fdatasync", ANY },
	{ "flock", ANY },
	{ "fcntl", 1, UINT64_MAX, F_SETFL },
	/* keys stay out of swap until they are wiped */
	{ "mlock", ANY },
	{ "munlock", ANY },
	{ "socketpair", ANY },
	/* media: how large, which sectors, is it protected; a thread for each that is read */
	{ "ioctl", 1, UINT64_MAX, BLKGETSIZE64 },
	{ "ioctl", 1, UINT64_MAX, BLKSSZGET },
	{ "ioctl", 1, UINT64_MAX, BLKROGET },
	{ "clone", 0, CLONE_VM | CLONE_THREAD, CLONE_VM | CLONE_THREAD },
	{ "set_robust_list", ANY },
	{ "rseq", ANY },
	{ NULL, ANY },
};

static const struct sandbox_path paths[] = {
	{ PATH_TRANSFER_DIR, SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_RUN_CORE, SANDBOX_READ },
	{ PATH_RUN_MOUNT, SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_PASSWD, SANDBOX_READ },
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

static int start(struct daemon *daemon, struct transferd *self)
{
	gid_t group;
	int r = account_find(daemon->root, "root", &self->root_user, &group);

	if (r < 0)
		log_error("cannot find user root in %s: %s", PATH_PASSWD, strerror(-r));
	else
		r = desk_open(self);
	if (r == 0)
		r = medium_reader_new(self, &self->reader);
	self->media = medium_list_new(NULL);
	if (r == 0 && !self->media)
		r = -ENOMEM;
	if (r == 0)
		r = daemon_confine(daemon, &sandbox);
	self->sandbox = daemon->sandbox;
	/* Inside the sandbox already: the hello tells the core which parts are in force. */
	if (r == 0)
		r = core_link_open(self);
	return r;
}

int main(int argc, char *argv[])
{
	struct daemon daemon;
	struct transferd self = { 0 };
	int r;

	r = daemon_init(&daemon, "airgap-transferd",
			"Brings files out and in, encrypted and on registered media, as far as\n"
			"airgapd permits. People ask by airgapctl transfer.",
			argc, argv);
	if (r != 0)
		return r == 1 ? EXIT_SUCCESS : 2;
	signal(SIGPIPE, SIG_IGN);
	json_object_seed(randombytes_random());
	randombytes_buf(&self.next_cookie, sizeof(self.next_cookie));
	self.root = daemon.root;
	self.event = daemon.event;
	r = start(&daemon, &self) == 0 ? daemon_run(&daemon) : EXIT_FAILURE;
	desk_close(&self);
	core_link_close(&self);
	settings_clear(&self.settings);
	medium_reader_free(self.reader);
	medium_list_free(self.media);
	daemon_done(&daemon);
	return r;
}
