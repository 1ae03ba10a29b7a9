// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/mount/mount_system.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif

#define ATTRIBUTES                                                                                 \
	(MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSYMFOLLOW |       \
	 MOUNT_ATTR_NOATIME)

int mount_system_private(void)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return -errno;
	return 0;
}

/* One option; value NULL: a flag. */
struct option {
	const char *key;
	const char *value;
};

static int set_option(int system, const struct option *option)
{
	int r = option->value ? fsconfig(system, FSCONFIG_SET_STRING, option->key, option->value, 0)
			      : fsconfig(system, FSCONFIG_SET_FLAG, option->key, NULL, 0);

	return r < 0 ? -errno : 0;
}

static int set_options(int system, const struct option *options)
{
	int r = 0;

	for (; r == 0 && options->key; options++)
		r = set_option(system, options);
	return r;
}

/* Owners that a file system does not know, for those that know none. */
static int set_owner(int system, const struct mount_system *wanted)
{
	char user[16], group[16];
	const struct option options[] = { { "uid", user }, { "gid", group }, { NULL, NULL } };

	snprintf(user, sizeof(user), "%u", wanted->user);
	snprintf(group, sizeof(group), "%u", wanted->group);
	return set_options(system, options);
}

static int configure(int system, const struct mount_system *wanted, const char *source)
{
	static const struct option none[] = { { NULL, NULL } };
	/* The helper opens the root folder, and has no right beyond everybody's to do so. */
	static const struct option vfat[] = { { "umask", "022" },
					      { "utf8", NULL },
					      { "flush", NULL },
					      { "errors", "remount-ro" },
					      { NULL, NULL } };
	static const struct option exfat[] = { { "umask", "022" },
					       { "iocharset", "utf8" },
					       { "errors", "remount-ro" },
					       { NULL, NULL } };
	static const struct option ext4[] = { { "errors", "remount-ro" }, { NULL, NULL } };
	/* A journal that waits is not replayed onto what must not be written. */
	static const struct option ext4_read[] = { { "errors", "remount-ro" },
						   { "noload", NULL },
						   { NULL, NULL } };
	static const struct option iso[] = {
		{ "mode", "0444" }, { "dmode", "0555" }, { "utf8", NULL }, { NULL, NULL }
	};
	const struct option head[] = { { "source", source },
				       { wanted->write ? NULL : "ro", NULL },
				       { NULL, NULL } };
	const struct option *const own[MEDIA_FILESYSTEM_COUNT] = {
		[MEDIA_FILESYSTEM_VFAT] = vfat,
		[MEDIA_FILESYSTEM_EXFAT] = exfat,
		[MEDIA_FILESYSTEM_EXT4] = wanted->write ? ext4 : ext4_read,
		[MEDIA_FILESYSTEM_ISO9660] = iso,
		[MEDIA_FILESYSTEM_NONE] = none,
	};
	int r = set_options(system, head);

	if (r == 0 && wanted->filesystem != MEDIA_FILESYSTEM_EXT4)
		r = set_owner(system, wanted);
	if (r == 0)
		r = set_options(system, own[wanted->filesystem]);
	if (r == 0 && fsconfig(system, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		r = -errno;
	return r;
}

/* What the kernel had to say, if anything: one line, "e exfat: ..." */
static void read_reason(int system, int error, char *reason, size_t size)
{
	char line[256];
	ssize_t length = read(system, line, sizeof(line) - 1);

	line[length > 0 ? length : 0] = 0;
	line[strcspn(line, "\n")] = 0;
	snprintf(reason, size, "%s%s%s", strerror(-error), line[0] ? ": " : "",
		 line[0] && line[1] == ' ' ? line + 2 : line);
}

/* The root, once it is certain that it is of that very device. */
static int open_root(const struct mount_system *wanted, int mounted, int device)
{
	int root = openat(mounted, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat disk = { 0 }, st = { 0 };
	int r = root < 0 ? -errno : 0;

	if (r == 0 && (fstat(device, &disk) < 0 || fstat(root, &st) < 0))
		r = -errno;
	if (r == 0 && st.st_dev != disk.st_rdev)
		r = -ESTALE;
	/* The next terminal's airgap-transferd has another number, and ext4 keeps numbers. */
	if (r == 0 && wanted->write && wanted->filesystem == MEDIA_FILESYSTEM_EXT4 &&
	    (st.st_mode & 07777) != 0777 && fchmod(root, 0777) < 0)
		r = -errno;
	if (r < 0 && root >= 0)
		close(root);
	return r < 0 ? r : root;
}

static int attach(const struct mount_system *wanted, int system, int device, const char *point)
{
	unsigned int attributes = ATTRIBUTES | (wanted->write ? 0 : MOUNT_ATTR_RDONLY);
	int mounted = fsmount(system, FSMOUNT_CLOEXEC, attributes), root;

	if (mounted < 0)
		return -errno;
	root = open_root(wanted, mounted, device);
	if (root >= 0 && move_mount(mounted, "", AT_FDCWD, point, MOVE_MOUNT_F_EMPTY_PATH) < 0) {
		int error = -errno;

		close(root);
		root = error;
	}
	/* One that was not attached goes with its descriptor. */
	close(mounted);
	return root;
}

int mount_system_mount(const struct mount_system *wanted, int device, const char *point,
		       char *reason, size_t size)
{
	static const char *const names[MEDIA_FILESYSTEM_COUNT] = {
		[MEDIA_FILESYSTEM_VFAT] = "vfat",
		[MEDIA_FILESYSTEM_EXFAT] = "exfat",
		[MEDIA_FILESYSTEM_EXT4] = "ext4",
		[MEDIA_FILESYSTEM_ISO9660] = "iso9660",
	};
	char source[32];
	int system, r;

	if (wanted->filesystem >= MEDIA_FILESYSTEM_COUNT || !names[wanted->filesystem]) {
		snprintf(reason, size, "it has no file system that is mounted here");
		return -EINVAL;
	}
	system = fsopen(names[wanted->filesystem], FSOPEN_CLOEXEC);
	if (system < 0) {
		r = -errno;
		snprintf(reason, size, "this kernel has no %s: %s", names[wanted->filesystem],
			 strerror(-r));
		return r;
	}
	/* By the descriptor that was compared, not by a name. */
	snprintf(source, sizeof(source), "/proc/self/fd/%d", device);
	r = configure(system, wanted, source);
	if (r == 0)
		r = attach(wanted, system, device, point);
	if (r < 0)
		read_reason(system, r, reason, size);
	close(system);
	return r;
}

int mount_system_unmount(const char *point)
{
	return umount2(point, UMOUNT_NOFOLLOW) < 0 ? -errno : 0;
}

void mount_system_detach(const char *point)
{
	umount2(point, UMOUNT_NOFOLLOW | MNT_DETACH);
}
