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

#define LOGS	  "/var/log"
#define LINE_SIZE 4096
#define FILES_MAX 1024
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

struct log_file {
	char path[64];
	size_t stem;	/* of the list below: one service's files follow each other */
	long long turn; /* the oldest first */
};

struct log_files {
	struct log_file list[FILES_MAX];
	size_t count;
};

/* kern.log, kern.log.1, kern.log.2.gz; or kern.log-20261101.gz (logrotate's dateext) */
static long long turn_of(const char *end)
{
	long long number = strtoll(end + (*end != 0), NULL, 10);

	if (*end == 0)
		return LLONG_MAX;
	/* A day is after every day before it, and a number before every smaller one. */
	return *end == '-' ? number : -number;
}

static int on_log(struct inspect *inspect, const char *path, const char *name, void *data)
{
	static const char *const logs[] = { "kern.log", "syslog", "messages", "dmesg",
					    "daemon.log" };
	struct log_files *files = data;

	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		size_t length = strlen(logs[i]);
		struct log_file *file;

		if (strncmp(name, logs[i], length) != 0 || !strchr(".-", name[length]))
			continue;
		if (files->count == FILES_MAX || strlen(path) >= sizeof(file->path)) {
			inspect_unknown(inspect, path, "too many logs: this one was not read");
			return 0;
		}
		file = &files->list[files->count++];
		snprintf(file->path, sizeof(file->path), "%s", path);
		file->stem = i;
		file->turn = turn_of(name + length);
	}
	return 0;
}

static int by_turn(const void *a, const void *b)
{
	const struct log_file *one = a, *two = b;

	if (one->stem != two->stem)
		return one->stem < two->stem ? -1 : 1;
	return one->turn < two->turn ? -1 : one->turn > two->turn;
}

/* In the order in which they were written: what is told of one device may go on in the next file. */
static void read_files(struct inspect *inspect, struct walk *walk)
{
	struct log_files *files = calloc(1, sizeof(*files));
	int r = files ? inspect_folder(inspect, LOGS, on_log, files) : -ENOMEM;

	if (r < 0)
		inspect_closed(inspect, LOGS, r);
	if (files)
		qsort(files->list, files->count, sizeof(files->list[0]), by_turn);
	for (size_t i = 0; files && i < files->count; i++)
		read_packed(inspect, files->list[i].path, walk);
	free(files);
}

unsigned int kernel_log_of(struct inspect *inspect, const char *program,
			   void (*visit)(struct inspect *, const char *, void *), void *data)
{
	struct walk walk = { program, visit, data, 0 };

	read_journal(inspect, "/var/log/journal", &walk);
	read_journal(inspect, "/run/log/journal", &walk);
	read_files(inspect, &walk);
	return walk.lines;
}

unsigned int kernel_log_each(struct inspect *inspect,
			     void (*visit)(struct inspect *, const char *, void *), void *data)
{
	return kernel_log_of(inspect, "kernel", visit, data);
}
