// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "policy/transfer/batch.h"

#define DEPTH_MAX 32

/* Where the walk is; both grow and shrink together. */
struct place {
	const struct ctl_walk *walk;
	char path[PATH_MAX];
	char name[PATH_MAX];
	unsigned int depth;
};

static int open_below(int folder, const char *name)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW,
				.resolve = RESOLVE_NO_MAGICLINKS };
	long fd;

	if (folder != AT_FDCWD)
		how.resolve |= RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
	fd = syscall(SYS_openat2, folder, name, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

static int flawed(const struct place *place, const char *why)
{
	place->walk->flaw(place->walk->data, place->path, why);
	return 0;
}

static int enter(struct place *place, int fd);

static bool is_name(const char *name)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static int enter_child(struct place *place, int folder, const char *child)
{
	size_t path = strlen(place->path), name = strlen(place->name);
	int fd, r;

	if (path + strlen(child) + 2 > sizeof(place->path) ||
	    name + strlen(child) + 2 > sizeof(place->name))
		return flawed(place, "something in it has too long a path");
	sprintf(place->path + path, "/%s", child);
	sprintf(place->name + name, "/%s", child);
	fd = open_below(folder, child);
	if (fd == -ELOOP)
		r = flawed(place, "it is a symbolic link");
	else if (fd < 0)
		r = flawed(place, strerror(-fd));
	else
		r = enter(place, fd);
	place->path[path] = 0;
	place->name[name] = 0;
	return r;
}

/* Takes @fd. */
static int enter_folder(struct place *place, int fd)
{
	char self[64];
	struct dirent **entries = NULL;
	int count, r = 0;

	if (place->depth == DEPTH_MAX) {
		close(fd);
		return flawed(place, "folders are nested too deeply here");
	}
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	count = scandir(self, &entries, NULL, alphasort);
	place->depth++;
	for (int i = 0; i < count; i++) {
		if (r == 0 && is_name(entries[i]->d_name))
			r = enter_child(place, fd, entries[i]->d_name);
		free(entries[i]);
	}
	place->depth--;
	free(entries);
	close(fd);
	return count < 0 ? flawed(place, "it cannot be listed") : r;
}

/* Takes @fd. */
static int enter(struct place *place, int fd)
{
	const char *why;
	struct stat st;
	int r;

	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		return enter_folder(place, fd);
	why = transfer_name_flaw(place->name);
	if (!S_ISREG(st.st_mode))
		r = flawed(place, "it is neither a file nor a folder");
	else if (why)
		r = flawed(place, why);
	else
		r = place->walk->file(place->walk->data, fd, place->path, place->name,
				      (uint64_t)st.st_size);
	close(fd);
	return r;
}

/* The last part of a path, which names the file; of "." and ".." what they stand for. */
static int name_of(const char *path, char name[static PATH_MAX])
{
	char *whole = realpath(path, NULL);
	const char *last = whole ? strrchr(whole, '/') : NULL;

	if (!last)
		return -errno;
	snprintf(name, PATH_MAX, "%s", last + 1);
	free(whole);
	return 0;
}

int ctl_walk(const struct ctl_walk *walk, const char *path)
{
	struct place *place = calloc(1, sizeof(*place));
	size_t length = strlen(path);
	int fd, r;

	if (!place)
		return -ENOMEM;
	place->walk = walk;
	while (length > 1 && path[length - 1] == '/')
		length--;
	snprintf(place->path, sizeof(place->path), "%.*s", (int)length, path);
	fd = open_below(AT_FDCWD, place->path);
	r = fd < 0 ? fd : name_of(place->path, place->name);
	if (r == -ELOOP)
		flawed(place, "it is a symbolic link; name the file that it points to");
	else if (r < 0)
		flawed(place, strerror(-r));
	else
		r = enter(place, fd);
	if (r < 0 && fd >= 0 && !*place->name)
		close(fd);
	free(place);
	return r;
}
