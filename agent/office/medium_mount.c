// SPDX-License-Identifier: GPL-2.0-or-later
/* The file system of a medium that came back, read-only, and seen by this process alone. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/media/media_read.h"
#include "agent/office/medium_check.h"

#define MOUNT	 "/usr/bin/mount"
#define TEMPLATE "/run/airgap-medium-XXXXXX"

/* Whatever lies there is read as data: no device, no program, no journal replayed. */
static void put_options(const struct media_reading *reading, char *options, size_t size)
{
	bool ext4 = reading->facts.filesystem == MEDIUM_FILESYSTEM_EXT4;

	snprintf(options, size,
		 "ro,nodev,nosuid,noexec,loop,offset=%" PRIu64 ",sizelimit=%" PRIu64 "%s",
		 reading->data_at, reading->data_size, ext4 ? ",noload" : "");
}

static int run_mount(const char *path, const char *point, const struct media_reading *reading)
{
	static char *const environment[] = { NULL };
	char options[160];
	const char *const words[] = {
		MOUNT, "-t",	medium_filesystem_name(reading->facts.filesystem),
		"-o",  options, "--",
		path,  point,	NULL
	};
	pid_t child;
	int status = 0, r;

	put_options(reading, options, sizeof(options));
	r = posix_spawn(&child, MOUNT, NULL, NULL, (char *const *)(uintptr_t)words, environment);
	if (r != 0)
		return -r;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

static int read_medium(const char *path, struct media_reading *reading)
{
	struct media_image image;
	int r = media_image_open(path, MEDIA_OPEN_READ, &image);

	if (r < 0)
		return r;
	r = media_read(&image, reading);
	media_image_close(&image);
	if (r == 0 &&
	    (reading->data_size == 0 || reading->facts.filesystem >= MEDIUM_FILESYSTEM_COUNT))
		r = -EMEDIUMTYPE;
	return r;
}

static int mount_it(const char *path, int *folder)
{
	struct media_reading *reading = calloc(1, sizeof(*reading));
	char point[] = TEMPLATE;
	int r = reading ? read_medium(path, reading) : -ENOMEM;

	if (r == 0 && (unshare(CLONE_NEWNS) < 0 ||
		       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || !mkdtemp(point)))
		r = -errno;
	if (r == 0) {
		r = run_mount(path, point, reading);
		*folder = r == 0 ? open(point, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
		if (r == 0 && *folder < 0)
			r = -errno;
		/* From here on the descriptor alone holds it. */
		umount2(point, MNT_DETACH);
		rmdir(point);
	}
	free(reading);
	return r;
}

int medium_check_mount(const char *path, int *folder)
{
	struct stat st;
	int r = 0;

	*folder = -1;
	if (stat(path, &st) < 0)
		r = -errno;
	else if (S_ISDIR(st.st_mode))
		*folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	else
		r = mount_it(path, folder);
	if (r == 0 && *folder < 0)
		r = -errno;
	if (r == -EMEDIUMTYPE)
		log_error("%s is no medium of ours: it has no data partition as enrolment makes it",
			  path);
	else if (r == -EPERM || r == -EACCES)
		log_error(
			"%s is looked into by root alone; or mount it read-only yourself, and name "
			"the folder",
			path);
	else if (r < 0)
		log_error("cannot look into %s: %s", path, strerror(-r));
	return r;
}
