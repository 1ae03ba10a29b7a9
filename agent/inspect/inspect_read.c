// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/inspect_read.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/lib/file.h"

#define LINE_MAX_BYTES 65536u
#define ENTRIES_MAX    65536u

static int open_in_root(const struct inspect *inspect, const char *path, uint64_t flags)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
	long fd;

	/* Magic links of /proc would lead out of the root. */
	if (strncmp(path, "/proc/", 6) != 0)
		how.resolve |= RESOLVE_NO_MAGICLINKS;
	do {
		fd = syscall(SYS_openat2, inspect->root_fd, path, &how, sizeof(how));
	} while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : (int)fd;
}

int inspect_open(const struct inspect *inspect, const char *path)
{
	struct stat status;
	int fd = open_in_root(inspect, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOATIME);

	/* Only the owner may leave the time of access alone. */
	if (fd == -EPERM)
		fd = open_in_root(inspect, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0 || (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))) {
		close(fd);
		return -EINVAL;
	}
	return fd;
}

int inspect_text(const struct inspect *inspect, const char *path, size_t limit, char **text)
{
	uint8_t *bytes = NULL;
	size_t length;
	int fd = inspect_open(inspect, path);
	int r;

	*text = NULL;
	if (fd < 0)
		return fd;
	r = file_read_fd(fd, limit, &bytes, &length);
	close(fd);
	*text = r < 0 ? NULL : (char *)bytes;
	return r;
}

int inspect_attribute(const struct inspect *inspect, const char *path, char *out, size_t size)
{
	int fd = inspect_open(inspect, path);
	ssize_t length;

	*out = 0;
	if (fd < 0)
		return fd;
	length = read(fd, out, size - 1);
	if (length < 0)
		length = -errno;
	close(fd);
	if (length < 0)
		return (int)length;
	out[length] = 0;
	out[strcspn(out, "\n")] = 0;
	return 0;
}

/* Longer lines than the buffer are given in one piece of its size; what follows is passed over. */
static int each_line(struct inspect *inspect, FILE *file, const char *path, char *line,
		     int (*visit)(struct inspect *, const char *, char *, void *), void *data)
{
	int r = 0, c;

	while (r == 0 && fgets(line, LINE_MAX_BYTES, file)) {
		size_t length = strlen(line);

		if (length && line[length - 1] == '\n')
			line[length - 1] = 0;
		else
			while ((c = getc(file)) != EOF && c != '\n')
				;
		r = visit(inspect, path, line, data);
	}
	return r;
}

int inspect_lines(struct inspect *inspect, const char *path,
		  int (*visit)(struct inspect *, const char *, char *, void *), void *data)
{
	int fd = inspect_open(inspect, path);
	char *line = malloc(LINE_MAX_BYTES);
	FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
	int r = fd < 0 ? fd : -ENOMEM;

	if (file && line)
		r = each_line(inspect, file, path, line, visit, data);
	if (file)
		fclose(file);
	else if (fd >= 0)
		close(fd);
	free(line);
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names first: what @visit opens must not disturb the reading of the folder. */
static int read_names(DIR *folder, char ***names, size_t *count)
{
	const struct dirent *entry;
	size_t room = 0;

	while (*count < ENTRIES_MAX && (entry = readdir(folder))) {
		char **grown;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (*count == room) {
			room = room ? 2 * room : 64;
			grown = reallocarray(*names, room, sizeof(**names));
			if (!grown)
				return -ENOMEM;
			*names = grown;
		}
		(*names)[*count] = strdup(entry->d_name);
		if (!(*names)[*count])
			return -ENOMEM;
		++*count;
	}
	return 0;
}

int inspect_folder(struct inspect *inspect, const char *path,
		   int (*visit)(struct inspect *, const char *, const char *, void *), void *data)
{
	int fd = inspect_open(inspect, path);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	char whole[PATH_MAX], **names = NULL;
	size_t count = 0;
	int r;

	if (!folder) {
		r = fd < 0 ? fd : -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	r = read_names(folder, &names, &count);
	closedir(folder);
	if (count)
		qsort(names, count, sizeof(*names), by_name);
	for (size_t i = 0; i < count && r == 0; i++)
		if (snprintf(whole, sizeof(whole), "%s/%s", path, names[i]) < (int)sizeof(whole))
			r = visit(inspect, whole, names[i], data);
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return r;
}

bool inspect_exists(const struct inspect *inspect, const char *path)
{
	int fd = open_in_root(inspect, path, O_PATH);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int inspect_link(const struct inspect *inspect, const char *path, char *out, size_t size)
{
	int fd = open_in_root(inspect, path, O_PATH | O_NOFOLLOW);
	ssize_t length;

	*out = 0;
	if (fd < 0)
		return fd;
	length = readlinkat(fd, "", out, size - 1);
	if (length < 0)
		length = -errno;
	close(fd);
	if (length < 0)
		return (int)length;
	out[length] = 0;
	return 0;
}

#define HOMES_MAX 1024 /* below /home, that are told from those of nobody */

struct homes {
	int (*visit)(struct inspect *inspect, const char *login, const char *home, void *data);
	void *data;
	char *seen[HOMES_MAX];
	size_t count;
};

static bool is_seen(const struct homes *homes, const char *home)
{
	for (size_t i = 0; i < homes->count; i++)
		if (strcmp(homes->seen[i], home) == 0)
			return true;
	return false;
}

/* Of people: uid 0, and 1000 to 59999 (Debian policy 9.2.2). */
static int on_account(struct inspect *inspect, const char *path, char *line, void *data)
{
	struct homes *homes = data;
	char *fields[7], *rest = line;
	size_t count = 0;
	unsigned long uid;

	(void)path;
	while (count < 7 && rest)
		fields[count++] = strsep(&rest, ":");
	if (count < 7 || fields[5][0] != '/')
		return 0;
	uid = strtoul(fields[2], NULL, 10);
	if (uid != 0 && (uid < 1000 || uid > 59999))
		return 0;
	/* A second root has the first one's. */
	if (is_seen(homes, fields[5]))
		return 0;
	if (homes->count < HOMES_MAX && (homes->seen[homes->count] = strdup(fields[5])))
		homes->count++;
	return homes->visit(inspect, fields[0], fields[5], homes->data);
}

/* Of accounts that are gone, or that a server of the unit's has: what they did is here. */
static int on_folder_of_home(struct inspect *inspect, const char *path, const char *name,
			     void *data)
{
	const struct homes *homes = data;

	return is_seen(homes, path) ? 0 : homes->visit(inspect, name, path, homes->data);
}

int inspect_homes(struct inspect *inspect,
		  int (*visit)(struct inspect *, const char *, const char *, void *), void *data)
{
	struct homes homes = { .visit = visit, .data = data };
	int r = inspect_lines(inspect, "/etc/passwd", on_account, &homes);

	if (r == 0)
		r = inspect_folder(inspect, "/home", on_folder_of_home, &homes);
	for (size_t i = 0; i < homes.count; i++)
		free(homes.seen[i]);
	return r == -ENOENT && homes.count ? 0 : r;
}

void inspect_closed(struct inspect *inspect, const char *path, int error)
{
	if (error == -ENOENT || error == -ENOTDIR)
		return;
	if (error == -EACCES || error == -EPERM)
		inspect_unknown(inspect, path, "only root can read it: run the inspection as root");
	else
		inspect_unknown(inspect, path, "could not be read: %s", strerror(-error));
}
