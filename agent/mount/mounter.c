// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/mount/mounter.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/path.h"

/* How long, and how often, unmounting waits for files to be closed. */
#define AGAIN_US  50000
#define TRIES_MAX 80

static struct mounter_held *find(struct mounter *mounter, uint64_t cookie)
{
	for (size_t i = 0; i < MOUNTER_MAX; i++)
		if (mounter->held[i].disk.fd >= 0 && mounter->held[i].cookie == cookie)
			return &mounter->held[i];
	return NULL;
}

static struct mounter_held *find_free(struct mounter *mounter)
{
	for (size_t i = 0; i < MOUNTER_MAX; i++)
		if (mounter->held[i].disk.fd < 0)
			return &mounter->held[i];
	return NULL;
}

static void answer(struct mounter *mounter, uint64_t cookie, enum msg_mount_verb verb, int error,
		   int fd, const char *text)
{
	struct msg_mount_done done = { .cookie = cookie, .verb = verb, .error = error };

	snprintf(done.text, sizeof(done.text), "%s", text);
	link_send(mounter->core, MSG_MOUNT_DONE, &done, fd, NULL);
}

static const char *reason_of(int error)
{
	switch (error) {
	case -ESTALE:
		return "another medium has taken its place";
	case -EUCLEAN:
		return "the kernel reads its partition table in another way";
	case -EROFS:
		return "it is protected against writing: slide its switch";
	default:
		return strerror(-error);
	}
}

/* Where it is mounted: a folder of its own, never used again. */
static int make_point(const struct mounter *mounter, struct mounter_held *held, char *path)
{
	int r;

	snprintf(held->point, sizeof(held->point), "%s/%llu", PATH_RUN_MOUNT,
		 (unsigned long long)held->cookie);
	r = path_join(path, mounter->root, held->point);
	if (r == 0 && mkdir(path, 0700) < 0)
		r = -errno;
	return r;
}

static void remove_point(const struct mounter *mounter, const struct mounter_held *held)
{
	char path[PATH_MAX];

	if (held->point[0] && path_join(path, mounter->root, held->point) == 0)
		rmdir(path);
}

static int protect(struct mounter *mounter, const struct msg_mount *asked)
{
	struct mounter_held *held = find(mounter, asked->cookie);
	struct mount_disk disk;
	int r;

	if (held)
		return -EEXIST;
	held = find_free(mounter);
	r = held ? mount_disk_open(mounter->root, asked, &disk) : -EMFILE;
	if (r < 0)
		return r;
	*held = (struct mounter_held){ .disk = disk, .cookie = asked->cookie, .mounter = mounter };
	answer(mounter, asked->cookie, MSG_MOUNT_PROTECT, 0, disk.fd, "");
	return 0;
}

static int open_raw(struct mounter *mounter, struct mounter_held *held,
		    const struct msg_mount *asked)
{
	struct mount_part part;
	int fd = -1, r = mount_disk_part(mounter->root, &held->disk, asked, &part);

	if (r == 0 && asked->partition == 0)
		r = -EINVAL;
	if (r == 0)
		r = mount_disk_unlock(mounter->root, &held->disk, &part);
	if (r == 0)
		r = fd = mount_disk_open_part(mounter->root, &part, O_RDWR | O_EXCL);
	if (r >= 0 && !mount_disk_same(&held->disk))
		r = -ESTALE;
	if (r >= 0)
		answer(mounter, held->cookie, MSG_MOUNT_RAW, 0, fd, "");
	else
		mount_disk_protect(&held->disk);
	if (fd >= 0)
		close(fd);
	return r < 0 ? r : 0;
}

/* Returns a descriptor of the root. */
static int mount_part(struct mounter *mounter, struct mounter_held *held,
		      const struct mount_part *part, const struct mount_system *system,
		      char *reason, size_t size)
{
	char point[PATH_MAX];
	int root = -1, device, r;

	device = mount_disk_open_part(mounter->root, part, O_RDONLY);
	if (device < 0)
		return device;
	r = make_point(mounter, held, point);
	if (r == 0)
		r = root = mount_system_mount(system, device, point, reason, size);
	close(device);
	held->mounted = r >= 0;
	if (r >= 0 && !mount_disk_same(&held->disk)) {
		close(root);
		r = -ESTALE;
	}
	return r;
}

static int mount_data(struct mounter *mounter, struct mounter_held *held,
		      const struct msg_mount *asked, char *reason, size_t size)
{
	const struct mount_system system = { .filesystem = asked->filesystem,
					     .write = asked->right == MEDIA_RIGHT_WRITE,
					     .user = mounter->user,
					     .group = mounter->group };
	struct mount_part part;
	int root, r;

	if (held->mounted || asked->right == MEDIA_RIGHT_NONE)
		return -EINVAL;
	/* The raw partition was open for writing until now. */
	r = mount_disk_protect(&held->disk);
	if (r == 0)
		r = mount_disk_part(mounter->root, &held->disk, asked, &part);
	if (r == 0 && system.write)
		r = mount_disk_unlock(mounter->root, &held->disk, &part);
	if (r < 0)
		return r;
	mount_disk_limit(mounter->root, &held->disk);
	root = mount_part(mounter, held, &part, &system, reason, size);
	if (root < 0)
		return root;
	answer(mounter, held->cookie, MSG_MOUNT_MOUNT, 0, root, "");
	close(root);
	return 0;
}

static void forget(struct mounter *mounter, struct mounter_held *held)
{
	/* Pulled out, it is read-only enough. */
	mount_disk_protect(&held->disk);
	mount_disk_close(&held->disk);
	remove_point(mounter, held);
	held->again = sd_event_source_disable_unref(held->again);
	held->mounted = false;
}

static int release(struct mounter *mounter, struct mounter_held *held);

static int on_again(sd_event_source *source, uint64_t usec, void *data)
{
	struct mounter_held *held = data;

	(void)source;
	(void)usec;
	release(held->mounter, held);
	return 0;
}

static bool try_later(struct mounter *mounter, struct mounter_held *held)
{
	held->again = sd_event_source_disable_unref(held->again);
	return ++held->tries < TRIES_MAX &&
	       sd_event_add_time_relative(mounter->event, &held->again, CLOCK_MONOTONIC, AGAIN_US,
					  0, on_again, held) >= 0;
}

/* Answers when it is over: unmounting waits for whoever has files open there. */
static int release(struct mounter *mounter, struct mounter_held *held)
{
	uint64_t cookie = held->cookie;
	char path[PATH_MAX];
	int r = held->mounted ? path_join(path, mounter->root, held->point) : 0;

	if (r == 0 && held->mounted)
		r = mount_system_unmount(path);
	if (r == -EBUSY && try_later(mounter, held))
		return 0;
	if (r < 0)
		mount_system_detach(path);
	forget(mounter, held);
	answer(mounter, cookie, MSG_MOUNT_RELEASE, r, -1,
	       r == -EBUSY ? "something on it is still open"
	       : r < 0	   ? reason_of(r)
			   : "");
	return 0;
}

int mounter_take(struct mounter *mounter, const struct msg_mount *asked)
{
	struct mounter_held *held = find(mounter, asked->cookie);
	char reason[200] = "";
	int r = -ENOENT;

	switch (asked->verb) {
	case MSG_MOUNT_PROTECT:
		r = protect(mounter, asked);
		break;
	case MSG_MOUNT_RAW:
		if (held)
			r = open_raw(mounter, held, asked);
		break;
	case MSG_MOUNT_MOUNT:
		if (held)
			r = mount_data(mounter, held, asked, reason, sizeof(reason));
		break;
	case MSG_MOUNT_RELEASE:
		/* What is not held is released. */
		if (held)
			return held->again ? 0 : release(mounter, held);
		answer(mounter, asked->cookie, MSG_MOUNT_RELEASE, 0, -1, "");
		return 0;
	default:
		r = -EINVAL;
		break;
	}
	if (r < 0) {
		log_warning("%s: %s", asked->name, reason[0] ? reason : reason_of(r));
		answer(mounter, asked->cookie, asked->verb, r, -1,
		       reason[0] ? reason : reason_of(r));
	}
	return 0;
}

void mounter_drop_all(struct mounter *mounter)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < MOUNTER_MAX; i++) {
		struct mounter_held *held = &mounter->held[i];

		if (held->disk.fd < 0)
			continue;
		if (held->mounted && path_join(path, mounter->root, held->point) == 0 &&
		    mount_system_unmount(path) < 0)
			mount_system_detach(path);
		forget(mounter, held);
	}
}

void mounter_init(struct mounter *mounter)
{
	const struct dirent *entry;
	char path[PATH_MAX];
	DIR *folder;

	for (size_t i = 0; i < MOUNTER_MAX; i++)
		mounter->held[i].disk.fd = -1;
	folder = path_join(path, mounter->root, PATH_RUN_MOUNT) == 0 ? opendir(path) : NULL;
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
	if (folder)
		closedir(folder);
}
