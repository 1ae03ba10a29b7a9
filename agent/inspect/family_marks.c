// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that are marked with a level above the terminal's. */
#include <errno.h>
#include <iconv.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/lib/marks/marks.h"
#include "policy/lang/policy.h"

#define DEPTH_MAX      24
#define FILES_MAX      200000u
#define SIZE_MAX_BYTES ((off_t)256 << 20)
#define TEXT_MAX_BYTES ((off_t)4 << 20) /* of a file without a type */

struct search {
	struct marks *marks;
	int limit; /* rank of the terminal's level; a marking above it fails */
	unsigned int files, looked, marked;
	int depth;
	bool cut;
};

static const char *type_of(const char *name)
{
	static const char *const types[] = { "txt",  "csv",  "md",   "html", "xml", "docx",
					     "xlsx", "pptx", "docm", "odt",  "ods", "odp",
					     "pdf",  "log",  "rtf",  "json", "wps", "ofd" };
	const char *end = strrchr(name, '.');

	for (size_t i = 0; end && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcasecmp(end + 1, types[i]) == 0)
			return types[i];
	return NULL;
}

static void look(struct inspect *inspect, struct search *search, const char *path, int fd,
		 const char *type)
{
	struct marks_found found;
	int r = marks_find(search->marks, fd, type, &found);

	if (r < 0) {
		inspect_closed(inspect, path, r);
		return;
	}
	search->looked += found.looked;
	if (found.rank < 0)
		return;
	search->marked++;
	if (found.rank > search->limit)
		inspect_fail(inspect, path, "is marked %s, above this terminal's level",
			     found.text);
}

static int on_entry(struct inspect *inspect, const char *path, const char *name, void *data);

static void descend(struct inspect *inspect, struct search *search, const char *path)
{
	if (search->depth == DEPTH_MAX) {
		search->cut = true;
		return;
	}
	search->depth++;
	inspect_folder(inspect, path, on_entry, search);
	search->depth--;
}

static int on_entry(struct inspect *inspect, const char *path, const char *name, void *data)
{
	struct search *search = data;
	struct stat status;
	const char *type;
	char target[8];
	int fd;

	/* Links are not followed: they lead in circles, and what they lead to is met on its own. */
	if (inspect_link(inspect, path, target, sizeof(target)) == 0)
		return 0;
	fd = inspect_open(inspect, path);
	if (fd < 0) {
		if (fd != -EINVAL)
			inspect_closed(inspect, path, fd);
		return 0;
	}
	if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
		close(fd);
		descend(inspect, search, path);
		return 0;
	}
	type = type_of(name);
	/* What people name without a type may be text; what programs keep for themselves has no marking. */
	if (!type && !strchr(name, '.') && !strstr(path, "/.") && status.st_size <= TEXT_MAX_BYTES)
		type = "txt";
	/* A film may be as large as it likes: markings are not looked for in it. */
	if (++search->files > FILES_MAX || (type && status.st_size > SIZE_MAX_BYTES))
		search->cut = true;
	else if (type)
		look(inspect, search, path, fd, type);
	close(fd);
	return search->files > FILES_MAX;
}

static int on_home(struct inspect *inspect, const char *login, const char *home, void *data)
{
	(void)login;
	descend(inspect, data, home);
	return 0;
}

/*
 * The labels of the signers' list are not at hand here; these are the law's, all of them: what is above
 * every level of the unit is above the terminal's.
 */
static void fill_labels(struct marks_labels *labels)
{
	static const char *const words[] = { "秘密", "机密", "绝密" };
	static const char *const names[] = { "mimi", "jimi", "juemi" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		snprintf(labels->levels[labels->count], sizeof(labels->levels[0]), "%s", names[i]);
		snprintf(labels->labels[labels->count++], sizeof(labels->labels[0]), "%s",
			 words[i]);
	}
}

/* Without a policy the machine is taken for one of no level: any marking is too high. */
static int limit_of(const struct inspect *inspect, const struct marks_labels *labels)
{
	return inspect->subject.policy ? marks_rank(labels, policy_level(inspect->subject.policy))
				       : -1;
}

/* glibc loads a module for each encoding, which it cannot once the process is confined. */
void prepare_marks(void)
{
	iconv_t loaded = iconv_open("GB18030", "UTF-8");

	/* Kept: what is closed is unloaded. */
	(void)loaded;
}

void check_marks(struct inspect *inspect)
{
	static const char *const folders[] = { "/srv", "/tmp", "/var/tmp", "/opt", "/data" };
	struct marks_labels labels = { 0 };
	struct search search = { 0 };
	int r;

	fill_labels(&labels);
	search.limit = limit_of(inspect, &labels);
	search.marks = marks_new(&labels);
	if (!search.marks) {
		inspect_unknown(inspect, "/home", "not enough memory");
		return;
	}
	r = inspect_homes(inspect, on_home, &search);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		descend(inspect, &search, folders[i]);
	marks_free(search.marks);
	if (r < 0)
		inspect_unknown(inspect, "/etc/passwd", "could not be read: %s", strerror(-r));
	if (search.cut)
		inspect_warn(inspect, "/home",
			     "too many or too large files: not all were looked into");
	if (inspect->stated == 0)
		inspect_pass(inspect, "/home",
			     "%u files, %u looked into, %u marked, none above the level",
			     search.files, search.looked, search.marked);
}
