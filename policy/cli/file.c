// SPDX-License-Identifier: GPL-2.0-or-later
/* Files as a whole, read with a bound and replaced in one step. */
#include "policy/cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void cli_error(const char *format, ...)
{
	va_list list;

	fputs("airgap-policy: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
}

static ssize_t read_some(int fd, char *bytes, size_t size)
{
	ssize_t got;

	do
		got = read(fd, bytes, size);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

/* Room for one byte beyond the limit tells a file that is too long from one that just fits. */
static int read_all(int fd, char **bytes, size_t *length)
{
	char *buffer = malloc(CLI_FILE_MAX + 2);
	ssize_t got;

	if (!buffer)
		return -ENOMEM;
	*length = 0;
	do {
		got = read_some(fd, buffer + *length, CLI_FILE_MAX + 1 - *length);
		if (got > 0)
			*length += (size_t)got;
	} while (got > 0 && *length <= CLI_FILE_MAX);
	if (got < 0 || *length > CLI_FILE_MAX) {
		free(buffer);
		return got < 0 ? (int)got : -EFBIG;
	}
	buffer[*length] = '\0';
	*bytes = buffer;
	return 0;
}

int cli_read(const char *path, char **bytes, size_t *length)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int ret = fd < 0 ? -errno : read_all(fd, bytes, length);

	if (ret)
		cli_error("%s: %s", standard ? "standard input" : path, strerror(-ret));
	if (fd >= 0 && !standard)
		close(fd);
	return ret;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t put = write(fd, bytes, length);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		bytes += put;
		length -= (size_t)put;
	}
	return 0;
}

/* The name is durable only when its folder is. */
static int sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder =
		slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
	int fd, ret;

	if (!folder)
		return -ENOMEM;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ret = fd < 0 || fsync(fd) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	free(folder);
	return ret;
}

static int replace(const char *path, const char *temporary, int fd, mode_t mode, const char *bytes,
		   size_t length)
{
	int ret = write_all(fd, bytes, length);

	if (!ret && fchmod(fd, mode))
		ret = -errno;
	if (!ret && fsync(fd))
		ret = -errno;
	if (!ret && rename(temporary, path))
		ret = -errno;
	if (ret)
		unlink(temporary);
	return ret ? ret : sync_folder(path);
}

int cli_write(const char *path, const char *bytes, size_t length)
{
	char *target = realpath(path, NULL); /* a link stays a link */
	char *temporary = NULL;
	mode_t mode = 0644;
	struct stat st;
	int fd = -1, ret = 0;

	if (target && stat(target, &st) == 0)
		mode = st.st_mode & 0777;
	if (asprintf(&temporary, "%s.XXXXXX", target ? target : path) < 0) {
		temporary = NULL;
		ret = -ENOMEM;
	}
	if (!ret) {
		fd = mkostemp(temporary, O_CLOEXEC);
		ret = fd < 0 ? -errno : 0;
	}
	if (!ret)
		ret = replace(target ? target : path, temporary, fd, mode, bytes, length);
	if (ret)
		cli_error("%s: %s", path, strerror(-ret));
	if (fd >= 0)
		close(fd);
	free(temporary);
	free(target);
	return ret;
}
