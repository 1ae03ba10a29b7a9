/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading what is inspected: below the root, whatever symbolic links say (openat2, RESOLVE_IN_ROOT),
 * without changing times of access where the kernel lets us (O_NOATIME), and with bounds.
 */
#ifndef AIRGAP_INSPECT_READ_H
#define AIRGAP_INSPECT_READ_H

#include <dirent.h>

#include "agent/inspect/inspect.h"

/**
 * inspect_open - a file or folder for reading
 * @path: absolute, taken below the root
 *
 * Opens regular files and folders only: a device or a pipe is -EINVAL. Returns a descriptor or -errno.
 */
int inspect_open(const struct inspect *inspect, const char *path);

/**
 * inspect_text - a small file as text
 * @limit: bytes; one more is -EFBIG
 * @text: set to a buffer that the caller frees; ended by a NUL; NULL when it fails
 *
 * Returns 0 or -errno.
 */
int inspect_text(const struct inspect *inspect, const char *path, size_t limit, char **text);

/* inspect_attribute - first line of a small file into @out; 0 or -errno */
int inspect_attribute(const struct inspect *inspect, const char *path, char *out, size_t size);

/**
 * inspect_lines - call @visit for each line of a text file
 * @visit: gets the line without its newline, which it may change; nonzero ends it
 *
 * Lines longer than 64 KiB are cut. Returns what @visit did, 0, or -errno when it cannot be opened.
 */
int inspect_lines(struct inspect *inspect, const char *path,
		  int (*visit)(struct inspect *inspect, const char *path, char *line, void *data),
		  void *data);

/**
 * inspect_folder - call @visit for each entry of a folder but . and .., in the order of their names
 * @visit: gets the entry's whole path; nonzero ends it
 *
 * Returns what @visit did, 0, or -errno when it cannot be opened. At most 65536 entries.
 */
int inspect_folder(struct inspect *inspect, const char *path,
		   int (*visit)(struct inspect *inspect, const char *path, const char *name,
				void *data),
		   void *data);

/* inspect_exists - something is there, and could be looked at */
bool inspect_exists(const struct inspect *inspect, const char *path);

/**
 * inspect_link - where a symbolic link leads, as it is written; 0 or -errno
 * @out: cut when it is longer
 */
int inspect_link(const struct inspect *inspect, const char *path, char *out, size_t size);

/**
 * inspect_homes - call @visit for the home folder of root and of each person in /etc/passwd, and for
 *		   folders in /home that are nobody's there
 * @visit: gets the login and the folder
 */
int inspect_homes(struct inspect *inspect,
		  int (*visit)(struct inspect *inspect, const char *login, const char *home,
			       void *data),
		  void *data);

/* inspect_closed - state that @path could not be read, and why; with -ENOENT nothing is stated */
void inspect_closed(struct inspect *inspect, const char *path, int error);

#endif
