// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/attribution/kin.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* A child is in its parent's session, unless it leads its own; then one in another took its place. */
static bool is_orphan(int proc, const struct process_stat *stat)
{
	char file[32];
	struct process_stat parent;

	if (stat->session == stat->pid)
		return false;
	if (stat->parent <= 1)
		return true;
	snprintf(file, sizeof(file), "%u/stat", stat->parent);
	return process_text_of(proc, file, &parent) < 0 || parent.session != stat->session;
}

/* Also one that has ended and of which nobody has taken notice yet. */
static bool has_child(int proc, const struct process_stat *stat)
{
	struct process_stat other;
	struct dirent *entry;
	bool found = false;
	char file[300];
	DIR *folder;
	int fd = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder) {
		if (fd >= 0)
			close(fd);
		return true;
	}
	while (!found && (entry = readdir(folder))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		snprintf(file, sizeof(file), "%s/stat", entry->d_name);
		found = process_text_of(fd, file, &other) == 0 && other.parent == stat->pid;
	}
	closedir(folder);
	return found;
}

/* Children whose end it does not want to know of are counted nowhere. */
static bool forgets_children(int folder)
{
	char text[PROCESS_TEXT_MAX];

	return process_text_read(folder, "status", text) <= 0 ||
	       process_text_ignores(text, SIGCHLD);
}

bool kin_may_share(int proc, int folder, const struct process_stat *stat)
{
	struct process_stat now;

	if (is_orphan(proc, stat) || forgets_children(folder) || has_child(proc, stat))
		return true;
	/* Last of all: a child that was no longer found among the processes has been counted by then. */
	return process_text_of(folder, "stat", &now) < 0 || now.bereaved;
}
