// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/attribution/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/path.h"
#include "agent/lib/printable.h"

/* Work that one question is worth. */
#define PROCESSES_MAX	8192
#define DESCRIPTORS_MAX 65536
#define TEXT_MAX	4096

#define YOUNG_US 1000000

struct search {
	char target[40]; /* "socket:[123]", as the descriptor's link reads */
	size_t left;	 /* descriptors that may still be looked at */
	int proc;
	int folder; /* of the process that has it; -1: none yet */
	uint32_t pid;
};

/* 1: it has the socket open; 0: it has not, or is gone. */
static int has_socket(struct search *search, int process)
{
	char target[sizeof(search->target) + 1];
	struct dirent *entry;
	ssize_t length;
	int fd, found = 0;
	DIR *folder;

	fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ESRCH ? 0 : -errno;
	folder = fdopendir(fd);
	if (!folder) {
		close(fd);
		return -ENOMEM;
	}
	while (found == 0 && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		if (search->left-- == 0) {
			found = -E2BIG;
			break;
		}
		length = readlinkat(fd, entry->d_name, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = 0;
		found = strcmp(target, search->target) == 0;
	}
	closedir(folder);
	return found;
}

static ssize_t read_text(int process, const char *name, char text[static TEXT_MAX])
{
	int fd = openat(process, name, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read(fd, text, TEXT_MAX - 1);
	if (length < 0)
		length = -errno;
	close(fd);
	text[length > 0 ? length : 0] = 0;
	return length;
}

int process_stat_read(const char *text, struct process_stat *stat)
{
	/* The name ends at the last parenthesis; after it come a letter and numbers. */
	const char *at = strrchr(text, ')');
	uint64_t fields[23] = { 0 };
	char *end;

	at = at && at[1] == ' ' && at[2] ? at + 3 : NULL;
	for (int field = 4; at && field <= 22; field++) {
		/* Terminals and priorities may be negative; what counts here is not. */
		fields[field] = strtoull(at, &end, 10);
		at = *at == ' ' && end > at ? end : NULL;
	}
	if (!at || fields[4] > INT32_MAX || fields[6] > INT32_MAX)
		return -EBADMSG;
	*stat = (struct process_stat){ .pid = (uint32_t)strtoul(text, NULL, 10),
				       .parent = (uint32_t)fields[4],
				       .session = (uint32_t)fields[6],
				       .start = fields[22] };
	return 0;
}

static bool is_unit(const char *part)
{
	static const char *const suffixes[] = { ".service", ".scope", ".socket" };
	size_t length = strlen(part);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (length > strlen(suffixes[i]) &&
		    strcmp(part + length - strlen(suffixes[i]), suffixes[i]) == 0)
			return true;
	return false;
}

/* The last part of the path that is a unit: what is below it are that unit's own groups. */
void process_unit(const char *cgroup, char *unit, size_t size)
{
	/* The line of the unified hierarchy (cgroups(7)). */
	const char *line = strncmp(cgroup, "0::", 3) == 0 ? cgroup : strstr(cgroup, "\n0::");
	char path[TEXT_MAX], *slash;

	unit[0] = 0;
	if (!line)
		return;
	line = strstr(line, "0::") + 3;
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(line, "\n"), line);
	printable_copy(unit, size, path);
	while ((slash = strrchr(path, '/'))) {
		if (is_unit(slash + 1)) {
			printable_copy(unit, size, slash + 1);
			return;
		}
		*slash = 0;
	}
}

static int stat_of(int folder, const char *file, struct process_stat *stat)
{
	char text[TEXT_MAX];

	return read_text(folder, file, text) <= 0 ? -ENOENT : process_stat_read(text, stat);
}

/* A child is in its parent's session, unless it leads its own; then one in another took its place. */
static bool is_orphan(int proc, const struct process_stat *stat)
{
	char file[32];
	struct process_stat parent;

	if (stat->session == stat->pid)
		return false;
	snprintf(file, sizeof(file), "%u/stat", stat->parent);
	return stat_of(proc, file, &parent) < 0 || parent.session != stat->session;
}

static int began_before(const struct search *search, uint64_t seen_us)
{
	uint64_t tick_us = 1000000 / (uint64_t)sysconf(_SC_CLK_TCK), began_us;
	struct process_stat stat;
	int r;

	r = stat_of(search->folder, "stat", &stat);
	if (r < 0)
		return r;
	/* Ticks are coarse, and rounded down. */
	began_us = stat.start * tick_us;
	if (began_us > seen_us)
		return -ENOENT;
	return began_us + YOUNG_US > seen_us && is_orphan(search->proc, &stat) ? -ENOENT : 0;
}

/* The folder stays with the process: when another gets its number, reads fail. */
static int describe(struct search *search, uint64_t seen_us, struct net_actor *actor)
{
	char text[TEXT_MAX], program[PATH_MAX] = "";
	struct net_actor told = *actor;
	int r;

	r = began_before(search, seen_us);
	if (r < 0)
		return r;
	/* A thread of the kernel has no program. */
	if (readlinkat(search->folder, "exe", program, sizeof(program) - 1) < 0 && errno != ENOENT)
		return -errno;
	printable_copy(told.program, sizeof(told.program), program);
	if (read_text(search->folder, "cgroup", text) >= 0)
		process_unit(text, told.unit, sizeof(told.unit));
	told.pid = search->pid;
	/* What was just read is the sender's only if the socket is still its own. */
	r = has_socket(search, search->folder);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	*actor = told;
	return 0;
}

static int consider(struct search *search, int proc, const char *name)
{
	int process = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;

	if (process < 0)
		return errno == ENOENT || errno == ESRCH ? 0 : -errno;
	r = has_socket(search, process);
	if (r == 1 && search->folder >= 0)
		r = -ENOTUNIQ;
	if (r == 1) {
		search->folder = process;
		search->pid = (uint32_t)strtoul(name, NULL, 10);
		return 0;
	}
	close(process);
	return r;
}

static int search_all(struct search *search, DIR *proc)
{
	struct dirent *entry;
	size_t processes = 0;
	int r = 0;

	while (r == 0 && (entry = readdir(proc))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		r = ++processes > PROCESSES_MAX ? -E2BIG
						: consider(search, search->proc, entry->d_name);
	}
	return r;
}

int process_find(const char *root, uint64_t inode, uint64_t seen_us, struct net_actor *actor)
{
	struct search search = { .left = DESCRIPTORS_MAX, .folder = -1 };
	char path[PATH_MAX];
	DIR *proc;
	int r;

	r = path_join(path, root, "/proc");
	if (r < 0)
		return r;
	proc = opendir(path);
	if (!proc)
		return -errno;
	search.proc = dirfd(proc);
	snprintf(search.target, sizeof(search.target), "socket:[%llu]", (unsigned long long)inode);
	r = search_all(&search, proc);
	if (r == 0)
		r = search.folder < 0 ? -ENOENT : describe(&search, seen_us, actor);
	if (search.folder >= 0)
		close(search.folder);
	closedir(proc);
	return r;
}
