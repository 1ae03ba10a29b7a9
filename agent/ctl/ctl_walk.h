/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files and folders that somebody named, as files with the names that they are to have: a file has its own,
 * those of a folder begin with the folder's. Nothing is followed: what a symbolic link points to may be
 * something else by the time it is read, and elsewhere.
 */
#ifndef AIRGAP_CTL_WALK_H
#define AIRGAP_CTL_WALK_H

#include <stdint.h>

struct ctl_walk {
	/* One regular file, open; nonzero ends the walk, and is what it returns */
	int (*file)(void *data, int fd, const char *path, const char *name, uint64_t size);
	/* What cannot be transferred, and why: a sentence without its full stop; the walk goes on */
	void (*flaw)(void *data, const char *path, const char *why);
	void *data;
};

/**
 * ctl_walk - all files of @path, in the order of their names
 *
 * Returns 0; what file() returned; -errno, after flaw(), when @path itself cannot be had.
 */
int ctl_walk(const struct ctl_walk *walk, const char *path);

#endif
