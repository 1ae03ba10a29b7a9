// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgap-mountd: mounts media for airgapd, and nothing for anybody else. It reads not a byte of them; it has
 * the one right that mounting takes, a namespace of mounts of its own, and no other place to write.
 */
#include <errno.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/account.h"
#include "agent/lib/daemon.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/mount/mounter.h"

#define ANY	  0, 0, 0
#define QUEUE_MAX 256

static struct daemon self;
static struct mounter mounter;

static const struct sandbox_rule rules[] = {
	/* mounting, by the newer calls alone; and giving up */
	{ "fsopen", ANY },
	{ "fsconfig", ANY },
	{ "fsmount", ANY },
	{ "move_mount", ANY },
	{ "umount2", ANY },
	/* disks: are they that one, are they read-only */
	{ "ioctl", 1, UINT64_MAX, BLKROSET },
	{ "ioctl", 1, UINT64_MAX, BLKROGET },
	{ "ioctl", 1, UINT64_MAX, BLKGETDISKSEQ },
	{ "ioctl", 1, UINT64_MAX, CDROM_DRIVE_STATUS },
	/* sysfs, nodes, and the folder of mounts */
	{ "openat", ANY },
	{ "newfstatat", ANY },
	{ "getdents64", ANY },
	{ "pread64", ANY },
	{ "mkdir", ANY },
	{ "rmdir", ANY },
	{ "fchmod", ANY },
	{ NULL, ANY },
};

/*
 * No Landlock: it forbids to mount and to unmount (security/landlock/fs.c), which is what this program is
 * for.
 */
static const struct sandbox sandbox = { .rules = rules };

static int on_message(void *data, struct msg *msg)
{
	(void)data;
	return msg->type == MSG_MOUNT ? mounter_take(&mounter, msg->body) : -EPROTO;
}

static void on_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	(void)hello;
}

static void on_down(void *data, int error, const char *reason)
{
	(void)data;
	(void)error;
	log_warning("lost airgapd (%s); no medium stays mounted", reason);
	mounter_drop_all(&mounter);
}

static int connect_core(uid_t root)
{
	static const struct link_handler handler = { on_up, on_down, on_message, NULL };
	char path[PATH_MAX];
	struct link_config config = {
		.event = self.event,
		.path = path,
		.self = MSG_ROLE_MOUNT,
		.peer = MSG_ROLE_CORE,
		.peer_uid = root,
		.queue_max = QUEUE_MAX,
		.sandbox = self.sandbox,
		.handler = &handler,
	};
	int r = path_join(path, self.root, PATH_SOCKET_MOUNT);

	return r < 0 ? r : link_connect(&config, &mounter.core);
}

static int start(void)
{
	uid_t root;
	gid_t group;
	int r = account_find(self.root, "root", &root, &group);

	if (r == 0)
		r = account_find(self.root, USER_TRANSFER, &mounter.user, &mounter.group);
	if (r < 0) {
		log_error("cannot find users root and %s in %s: %s", USER_TRANSFER, PATH_PASSWD,
			  strerror(-r));
		return r;
	}
	r = mount_system_private();
	if (r < 0) {
		log_error("no namespace of mounts: %s", strerror(-r));
		return r;
	}
	mounter.root = self.root;
	mounter.event = self.event;
	mounter_init(&mounter);
	r = daemon_confine(&self, &sandbox);
	return r < 0 ? r : connect_core(root);
}

int main(int argc, char *argv[])
{
	int r;

	r = daemon_init(
		&self, "airgap-mountd",
		"Mounts registered media for airgapd, as far as that decided; seen by nobody\n"
		"but airgap-transferd.",
		argc, argv);
	if (r != 0)
		return r == 1 ? EXIT_SUCCESS : 2;
	r = start() == 0 ? daemon_run(&self) : EXIT_FAILURE;
	mounter_drop_all(&mounter);
	link_free(mounter.core);
	daemon_done(&self);
	return r;
}
