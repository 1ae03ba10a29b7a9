// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/kernel_log.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <unistd.h>
#include <zlib.h>

#include "agent/inspect/inspect_read.h"

#define LINE_SIZE 4096
/* Unpacked, of one file: a log that is larger is cut, and that is stated. */
#define FILE_MAX ((size_t)1 << 30)

struct walk {
	const char *program; /* "kernel", or who else wrote lines */
	void (*visit)(struct inspect *inspect, const char *line, void *data);
	void *data;
	unsigned int lines;
};

static void journal_lines(struct inspect *inspect, sd_journal *journal, struct walk *walk)
{
	char line[LINE_SIZE];

	SD_JOURNAL_FOREACH(journal)
	{
		const void *field;
		size_t length;

		if (sd_journal_get_data(journal, "MESSAGE", &field, &length) < 0 || length < 8)
			continue;
		length -= 8; /* "MESSAGE=" */
		if (length >= sizeof(line))
			length = sizeof(line) - 1;
		memcpy(line, (const char *)field + 8, length);
		line[length] = 0;
		walk->lines++;
		walk->visit(inspect, line, walk->data);
	}
}

static void read_journal(struct inspect *inspect, const char *folder, struct walk *walk)
{
	sd_journal *journal = NULL;
	char match[64];
	int fd = inspect_open(inspect, folder), r;

	if (fd < 0) {
		inspect_closed(inspect, folder, fd);
		return;
	}
	/* That a line is the kernel's nobody else can say (systemd.journal-fields(7)). */
	snprintf(match, sizeof(match), "%s=%s",
		 strcmp(walk->program, "kernel") == 0 ? "_TRANSPORT" : "SYSLOG_IDENTIFIER",
		 walk->program);
	r = sd_journal_open_directory_fd(&journal, fd, 0);
	if (r >= 0)
		r = sd_journal_add_match(journal, match, 0);
	if (r >= 0) {
		journal_lines(inspect, journal, walk);
	} else {
		inspect_closed(inspect, folder, r);
	}
	sd_journal_close(journal);
	close(fd);
}

/*
 * "Nov 25 20:00:01 host kernel: [  12.3] usb 1-2: ..." or with a time of RFC 3339; of a program
 * "... host udisksd[812]: ..."; and "[  12.3] usb 1-2: ..." where dmesg(1) was kept.
 */
static const char *message_of(const char *line, const char *program)
{
	bool kernel = strcmp(program, "kernel") == 0;
	char name[48];
	const char *at;

	snprintf(name, sizeof(name), kernel ? " %s: " : " %s[", program);
	at = kernel && *line == '[' ? line : strstr(line, name);
	if (!at)
		return NULL;
	if (!kernel) {
		at = strstr(at, "]: ");
		return at ? at + 3 : NULL;
	}
	at += at == line ? 0 : strlen(name);
	if (*at == '[') {
		at += strcspn(at, "]");
		at += *at == ']';
		at += strspn(at, " ");
	}
	return at;
}

static void read_packed(struct inspect *inspect, const char *path, struct walk *walk)
{
	char line[LINE_SIZE];
	size_t total = 0;
	gzFile file;
	int fd = inspect_open(inspect, path), error = 0;

	if (fd < 0) {
		inspect_closed(inspect, path, fd);
		return;
	}
	/* Reads what is not packed as it is. */
	file = gzdopen(fd, "r");
	if (!file) {
		close(fd);
		inspect_unknown(inspect, path, "could not be unpacked");
		return;
	}
	while (total < FILE_MAX && gzgets(file, line, sizeof(line))) {
		const char *message = message_of(line, walk->program);

		total += strlen(line);
		line[strcspn(line, "\n")] = 0;
		if (!message)
			continue;
		walk->lines++;
		walk->visit(inspect, message, walk->data);
	}
	gzerror(file, &error);
	if (error < 0)
		inspect_unknown(inspect, path, "is damaged: it could not be unpacked to its end");
	if (total >= FILE_MAX)
		inspect_unknown(inspect, path, "is too long: only the first GiB was read");
	gzclose(file);
}

static int on_log(struct inspect *inspect, const char *path, const char *name, void *data)
{
	static const char *const logs[] = { "kern.log", "syslog", "messages", "dmesg",
					    "daemon.log" };

	/* kern.log, kern.log.1, kern.log.2.gz, kern.log-20261101.gz (logrotate's dateext) */
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		size_t length = strlen(logs[i]);

		if (strncmp(name, logs[i], length) == 0 && strchr(".-", name[length])) {
			read_packed(inspect, path, data);
			break;
		}
	}
	return 0;
}

unsigned int kernel_log_of(struct inspect *inspect, const char *program,
			   void (*visit)(struct inspect *, const char *, void *), void *data)
{
	struct walk walk = { program, visit, data, 0 };
	int r;

	read_journal(inspect, "/var/log/journal", &walk);
	read_journal(inspect, "/run/log/journal", &walk);
	r = inspect_folder(inspect, "/var/log", on_log, &walk);
	if (r < 0)
		inspect_closed(inspect, "/var/log", r);
	return walk.lines;
}

unsigned int kernel_log_each(struct inspect *inspect,
			     void (*visit)(struct inspect *, const char *, void *), void *data)
{
	return kernel_log_of(inspect, "kernel", visit, data);
}
