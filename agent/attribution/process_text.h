/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of a process in /proc say (proc(5)). All but the first is pure. */
#ifndef AIRGAP_ATTRIBUTION_PROCESS_TEXT_H
#define AIRGAP_ATTRIBUTION_PROCESS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_TEXT_MAX 4096

/* Of the text of /proc/PID/stat. */
struct process_stat {
	uint32_t pid;
	uint32_t parent;
	uint32_t session;
	bool bereaved;	/* a child of it has ended, and it was told */
	uint64_t start; /* ticks since boot, rounded down */
};

/* process_text_read - @name in the folder of a process: its length, the text ends with NUL; or -errno */
ssize_t process_text_read(int process, const char *name, char text[static PROCESS_TEXT_MAX]);

/* process_text_of - read @file, which is a stat, below @folder; 0 or -errno */
int process_text_of(int folder, const char *file, struct process_stat *stat);

/**
 * process_text_stat - the fields that count
 *
 * Returns 0 or -EBADMSG. The name in parentheses, which the process chooses, may hold anything.
 */
int process_text_stat(const char *text, struct process_stat *stat);

/* process_text_unit - the unit, or else the control group, from the text of /proc/PID/cgroup; "" if none */
void process_text_unit(const char *cgroup, char *unit, size_t size);

/* process_text_ignores - of the text of /proc/PID/status: is the signal ignored? True, too, if it does not say. */
bool process_text_ignores(const char *status, int number);

/* process_text_closes - of the text of /proc/PID/fdinfo/N: is the descriptor closed by execve()? */
bool process_text_closes(const char *fdinfo);

#endif
