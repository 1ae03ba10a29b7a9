// SPDX-License-Identifier: GPL-2.0-or-later
/* What files a foreign medium has: whoever imports from it names them, and cannot see it himself. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/transfer/task.h"

/* Of more than this nobody could choose by name. */
#define FILES_MAX 4096
#define DEPTH_MAX 16

struct walk {
	struct task task;
	uint32_t count;
	char path[TRANSFER_NAME_SIZE];
};

static void say_file(struct walk *walk, uint64_t size)
{
	struct channel_file file = { .size = size };

	snprintf(file.name, sizeof(file.name), "%s", walk->path);
	if (!transfer_name_flaw(file.name)) {
		channel_send(walk->task.channel, CHANNEL_FILE, &file, -1, true);
		walk->count++;
	}
}

/* Takes @fd. What cannot be read is passed over: the import of it would say why. */
static void look(struct walk *walk, int fd, unsigned int depth)
{
	size_t length = strlen(walk->path);
	DIR *folder = fdopendir(fd);
	struct dirent *entry;
	struct stat st;

	if (!folder) {
		close(fd);
		return;
	}
	while (walk->count < FILES_MAX && !work_cancelled(&walk->task.work) &&
	       (entry = readdir(folder))) {
		int n = snprintf(walk->path + length, sizeof(walk->path) - length, "%s%s",
				 length ? "/" : "", entry->d_name);

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    n >= (int)(sizeof(walk->path) - length) ||
		    fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (S_ISREG(st.st_mode)) {
			say_file(walk, (uint64_t)st.st_size);
		} else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX) {
			fd = openat(dirfd(folder), entry->d_name,
				    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			if (fd >= 0)
				look(walk, fd, depth + 1);
		}
	}
	walk->path[length] = 0;
	closedir(folder);
}

int task_look_foreign(int channel, const atomic_bool *cancel, void *argument)
{
	const struct task_import *job = argument;
	struct channel_result said = { .marked = -1 };
	struct walk walk = { .count = 0 };
	int fd;

	if (task_begin(&walk.task, channel, cancel, job->self, &job->root, 1) < 0)
		return 1;
	fd = openat(job->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		outcome_set(&said.outcome, outcome_of_medium(-errno), -errno, NULL, NULL);
	else
		look(&walk, fd, 0);
	return task_end(&walk.task, &said);
}
