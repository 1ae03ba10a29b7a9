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

#include "agent/attribution/kin.h"
#include "agent/lib/path.h"
#include "agent/lib/printable.h"

/* Work that one question is worth. */
#define PROCESSES_MAX	8192
#define DESCRIPTORS_MAX 65536

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

/* All of them closed by execve()? Then whoever got one with a fork runs the same program. */
static bool closes_at_exec(const struct search *search)
{
	char target[sizeof(search->target) + 1], file[300], text[PROCESS_TEXT_MAX];
	int fd = openat(search->folder, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool closes = true;
	ssize_t length;

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (closes && (entry = readdir(folder))) {
		length = readlinkat(fd, entry->d_name, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = 0;
		if (strcmp(target, search->target) != 0)
			continue;
		snprintf(file, sizeof(file), "fdinfo/%s", entry->d_name);
		closes = process_text_read(search->folder, file, text) > 0 &&
			 process_text_closes(text);
	}
	closedir(folder);
	return closes;
}

/*
 * It was there already when the packet was sent: who began later has inherited the socket, or got its port.
 * Then 0, or 1: it or one of its kin, who run the same program.
 */
static int judge(const struct search *search, uint64_t seen_us)
{
	uint64_t tick_us = 1000000 / (uint64_t)sysconf(_SC_CLK_TCK);
	struct process_stat stat;
	int r;

	r = process_text_of(search->folder, "stat", &stat);
	if (r < 0)
		return r;
	/* Ticks are coarse, and rounded down. */
	if ((stat.start + 1) * tick_us > seen_us)
		return -ENOENT;
	if (!kin_may_share(search->proc, search->folder, &stat))
		return 0;
	return closes_at_exec(search) ? 1 : -ENOTUNIQ;
}

/* The folder stays with the process: when another gets its number, reads fail. */
static int describe(struct search *search, uint64_t seen_us, struct net_actor *actor)
{
	char text[PROCESS_TEXT_MAX], program[PATH_MAX] = "";
	struct net_actor told = *actor;
	int r;

	r = judge(search, seen_us);
	if (r < 0)
		return r;
	told.pid = r == 0 ? search->pid : 0;
	/* A thread of the kernel has no program. */
	if (readlinkat(search->folder, "exe", program, sizeof(program) - 1) < 0 && errno != ENOENT)
		return -errno;
	printable_copy(told.program, sizeof(told.program), program);
	if (process_text_read(search->folder, "cgroup", text) >= 0)
		process_text_unit(text, told.unit, sizeof(told.unit));
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
