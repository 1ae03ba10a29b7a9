// SPDX-License-Identifier: GPL-2.0-or-later
/* The terminals of those who are logged in, as wall(1) writes to them. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utmp.h>

#include "agent/lib/notice_text.h"
#include "agent/lib/path.h"
#include "agent/notice/notice.h"

#define PATH_UTMP "/run/utmp"
#define UTMP_MAX  1024 /* records that are looked at */

/* A line of utmp(5) that a path can be made of: "tty1", "pts/3", nothing that climbs. */
static bool is_line(const char *line)
{
	return line[0] && line[0] != '/' && !strstr(line, "..") && !strchr(line, ' ') &&
	       (strncmp(line, "tty", 3) == 0 || strncmp(line, "pts/", 4) == 0);
}

static int open_line(const char *root, const char *line, const struct msg_notice *notice)
{
	char device[64], path[PATH_MAX];
	struct stat stat;
	int fd;

	snprintf(device, sizeof(device), "/dev/%.48s", line);
	if (path_join(path, root, device) < 0)
		return -ENAMETOOLONG;
	fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &stat) < 0 || !S_ISCHR(stat.st_mode) || !isatty(fd) ||
	    (notice->uid != UINT32_MAX && stat.st_uid != notice->uid)) {
		close(fd);
		return -ENOTTY;
	}
	return fd;
}

/* The terminal may be raw: every line needs its carriage return. */
static size_t format(char *out, size_t size, const struct notice_text *text)
{
	size_t used = (size_t)snprintf(out, size, "\r\n\a*** airgapd: %s\r\n", text->title);

	for (const char *line = text->body; *line && used < size;) {
		size_t length = strcspn(line, "\n");

		used += (size_t)snprintf(out + used, size - used, "    %.*s\r\n", (int)length,
					 line);
		line += length + (line[length] == '\n');
	}
	return used < size ? used : size - 1;
}

unsigned int notice_tty_tell(const char *root, const struct msg_notice *notice)
{
	char path[PATH_MAX], out[3072], line[UT_LINESIZE + 1] = "";
	struct notice_text text;
	unsigned int told = 0;
	struct utmp entry;
	FILE *file;
	size_t length;

	notice_text(notice, &text);
	length = format(out, sizeof(out), &text);
	file = path_join(path, root, PATH_UTMP) < 0 ? NULL : fopen(path, "re");
	for (int i = 0; file && i < UTMP_MAX && fread(&entry, sizeof(entry), 1, file) == 1; i++) {
		int fd;

		if (entry.ut_type != USER_PROCESS)
			continue;
		memcpy(line, entry.ut_line, UT_LINESIZE);
		fd = is_line(line) ? open_line(root, line, notice) : -ENOENT;
		if (fd < 0)
			continue;
		told += write(fd, out, length) == (ssize_t)length;
		close(fd);
	}
	if (file)
		fclose(file);
	return told;
}
