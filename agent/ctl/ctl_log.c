// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl log */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agent/ctl/ctl_entry.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/msg.h"
#include "agent/lib/path.h"

#define LINES_MAX    1000000
#define FOLLOW_LINES 10

/* What is asked, and where reading stands. */
struct view {
	struct ctl *ctl;
	char since[CTL_SINCE_SIZE]; /* "": any time */
	uint32_t grade;		    /* least */
	uint32_t kinds;		    /* a bit for each */
	size_t keep;		    /* print only so many; 0: all */
	char **last;		    /* ring of the newest lines, while keep holds them back */
	size_t seen;		    /* lines that passed the filter while held back */
	bool foreign;		    /* a line that is no entry was met */
	char folder[PATH_MAX], path[PATH_MAX];
	int fd;
	struct journal_reader reader;
};

static bool wanted(struct view *view, const char *line, size_t length, struct journal_head *head)
{
	if (journal_head_parse(line, length, head) < 0) {
		view->foreign = true;
		return true;
	}
	return strncmp(head->time, view->since, strlen(view->since)) >= 0 &&
	       head->grade >= view->grade && view->kinds >> head->kind & 1;
}

static void print_line(struct view *view, const char *line, size_t length)
{
	struct journal_head head;

	if (view->ctl->json) {
		fwrite(line, 1, length, stdout);
		putchar('\n');
	} else if (journal_head_parse(line, length, &head) == 0) {
		ctl_entry_print(view->ctl, &head);
	} else {
		ctl_entry_print_foreign(view->ctl, line, length);
	}
}

static int take_line(struct view *view, const char *line, size_t length)
{
	struct journal_head head;
	char **slot;

	if (!wanted(view, line, length, &head))
		return 0;
	if (!view->keep) {
		print_line(view, line, length);
		return 0;
	}
	slot = &view->last[view->seen++ % view->keep];
	free(*slot);
	*slot = strndup(line, length);
	return *slot ? 0 : -ENOMEM;
}

/* Print what was held back; from here on every line is printed at once. */
static void release(struct view *view)
{
	size_t first = view->seen > view->keep ? view->seen - view->keep : 0;

	for (size_t i = first; view->keep && i < view->seen; i++) {
		char *line = view->last[i % view->keep];

		print_line(view, line, strlen(line));
	}
	for (size_t i = 0; i < view->keep; i++)
		free(view->last[i]);
	free(view->last);
	view->last = NULL;
	view->keep = 0;
}

/* All whole lines that are there. 0, or -errno. */
static int drain(struct view *view)
{
	const char *line;
	size_t length;
	int r;

	while ((r = journal_reader_next(&view->reader, &line, &length)) > 0) {
		r = take_line(view, line, length);
		if (r < 0)
			break;
	}
	return r;
}

static int open_log(struct view *view)
{
	view->fd = open(view->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (view->fd < 0)
		return -errno;
	return journal_reader_init(&view->reader, view->fd, 0);
}

static void close_log(struct view *view)
{
	if (view->fd < 0)
		return;
	journal_reader_done(&view->reader);
	close(view->fd);
	view->fd = -1;
}

/*
 * The writer may have begun another file under the same name, or cut this one. While the name is
 * free the old file is kept: its last lines may be under way.
 */
static bool replaced(const struct view *view)
{
	struct stat mine, named;

	if (view->fd < 0)
		return true;
	if (stat(view->path, &named) < 0 || fstat(view->fd, &mine) < 0)
		return false;
	return mine.st_ino != named.st_ino || mine.st_dev != named.st_dev ||
	       named.st_size < view->reader.offset;
}

static int catch_up(struct view *view)
{
	int r = view->fd >= 0 ? drain(view) : 0;

	if (r == -ESTALE || (r == 0 && replaced(view))) {
		close_log(view);
		r = open_log(view);
		if (r == -ENOENT)
			return 0; /* between two files: the next event brings the new one */
		if (r == 0)
			r = drain(view);
	}
	fflush(stdout);
	return r;
}

static int follow(struct view *view, int watch)
{
	_Alignas(struct inotify_event) char events[4096];
	struct pollfd waits[2] = { { .fd = watch, .events = POLLIN },
				   /* Whoever reads the answer may have left. */
				   { .fd = STDOUT_FILENO } };
	int r = 0;

	fflush(stdout);
	while (r == 0) {
		if (poll(waits, 2, -1) < 0)
			return errno == EINTR ? 0 : -errno;
		if (waits[1].revents & (POLLERR | POLLHUP | POLLNVAL))
			return 0;
		/* What happened is found out by looking; the events only wake. */
		if (read(watch, events, sizeof(events)) < 0 && errno != EAGAIN)
			return -errno;
		r = catch_up(view);
	}
	return r;
}

static int watch_folder(const struct view *view)
{
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (watch >= 0 && inotify_add_watch(watch, view->folder,
					    IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM |
						    IN_DELETE) < 0) {
		int r = -errno;

		close(watch);
		return r;
	}
	return watch < 0 ? -errno : watch;
}

static void note_torn_line(const struct view *view)
{
	long long left;

	if (view->fd < 0)
		return;
	left = (long long)(journal_text_end(view->fd, view->reader.offset) - view->reader.offset);
	if (left > 0)
		ctl_error(
			"the last line is not finished (%lld bytes) and not shown: it is being "
			"written, or was torn by a power cut, which airgap-journald mends when it "
			"starts",
			left);
}

static int parse_grade(struct view *view, const char *text)
{
	for (uint32_t grade = RECORD_GRADE_V1; grade < RECORD_GRADE_COUNT; grade++) {
		if (strcasecmp(text, journal_grade_name(grade)) == 0) {
			view->grade = grade;
			return 0;
		}
	}
	return ctl_usage(view->ctl, "--grade is one of V1, V2, V3, V4");
}

static int usage_kinds(struct view *view)
{
	char known[256] = "";

	for (uint32_t kind = 0; kind < RECORD_KIND_COUNT; kind++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s",
			 kind ? ", " : "", journal_kind_name(kind));
	return ctl_usage(view->ctl, "--kind takes one or more, with commas, of: %s", known);
}

static int parse_kinds(struct view *view, const char *text)
{
	view->kinds = 0;
	for (size_t length; *text; text += length + (text[length] == ',')) {
		uint32_t kind = 0;

		length = strcspn(text, ",");
		while (kind < RECORD_KIND_COUNT &&
		       (strncmp(journal_kind_name(kind), text, length) != 0 ||
			journal_kind_name(kind)[length]))
			kind++;
		if (kind == RECORD_KIND_COUNT)
			return usage_kinds(view);
		view->kinds |= 1u << kind;
	}
	return view->kinds ? 0 : usage_kinds(view);
}

static int parse_lines(struct view *view, const char *text)
{
	char *end;
	unsigned long lines = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || lines < 1 || lines > LINES_MAX)
		return ctl_usage(view->ctl, "-n takes a number from 1 to %d", LINES_MAX);
	view->keep = lines;
	return 0;
}

static int parse_view(struct view *view)
{
	const struct ctl *ctl = view->ctl;
	const char *since = ctl_option(ctl, "since"), *lines = ctl_option(ctl, "lines");
	const char *grade = ctl_option(ctl, "grade"), *kind = ctl_option(ctl, "kind");

	if (since && ctl_since(since, time(NULL), view->since) < 0)
		return ctl_usage(ctl, "--since takes a time such as 2026-12-01, "
				      "\"2026-12-01 08:30\" (UTC), 30m, 2h or 7d");
	if (grade && parse_grade(view, grade) != 0)
		return CTL_USAGE;
	if (kind && parse_kinds(view, kind) != 0)
		return CTL_USAGE;
	if (lines && parse_lines(view, lines) != 0)
		return CTL_USAGE;
	if (!lines && !since && ctl_option(ctl, "follow"))
		view->keep = FOLLOW_LINES;
	return 0;
}

static int read_log(struct view *view)
{
	int watch = -1, r;

	/* Watched before it is read: what is written in between is not missed. */
	if (ctl_option(view->ctl, "follow")) {
		watch = watch_folder(view);
		if (watch < 0)
			return watch;
	}
	r = open_log(view);
	if (r == 0)
		r = drain(view);
	else if (r == -ENOENT && watch >= 0)
		r = 0;
	release(view);
	if (watch < 0 && r == 0)
		note_torn_line(view);
	if (watch >= 0 && r == 0)
		r = follow(view, watch);
	if (watch >= 0)
		close(watch);
	return r;
}

static const char *explain(int error)
{
	switch (error) {
	case -EACCES:
		return "you may not read the journal: ask as root";
	case -ENOENT:
		return "there is no journal yet: airgap-journald writes it from its first start on";
	case -EFBIG:
		return "a line is longer than any entry: this is not a journal, or it was tampered "
		       "with";
	default:
		return strerror(-error);
	}
}

int ctl_log(struct ctl *ctl)
{
	struct view view = { .ctl = ctl, .kinds = UINT32_MAX, .fd = -1 };
	int r = parse_view(&view);

	if (r != 0)
		return r;
	r = path_join(view.folder, ctl->root, PATH_JOURNAL_DIR);
	if (r == 0)
		r = path_join(view.path, ctl->root, PATH_JOURNAL_DIR "/" JOURNAL_FILE_LOG);
	if (r == 0 && view.keep) {
		view.last = calloc(view.keep, sizeof(*view.last));
		r = view.last ? 0 : -ENOMEM;
	}
	if (r == 0)
		r = read_log(&view);
	release(&view);
	close_log(&view);
	if (r < 0) {
		ctl_error("%s: %s", PATH_JOURNAL_DIR "/" JOURNAL_FILE_LOG, explain(r));
		return CTL_UNREACHABLE;
	}
	if (view.foreign)
		ctl_error("the journal holds a line that is no entry: it was damaged or tampered "
			  "with");
	return view.foreign ? CTL_BAD : CTL_GOOD;
}
