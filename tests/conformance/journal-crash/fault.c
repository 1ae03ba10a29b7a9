// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded into airgap-journald: fails the call FAULT_AT of those that change files, in the way that
 * FAULT_MODE says: kill (a write takes half, then the process is gone), eio, enospc, short (a write takes
 * one byte). Says "fault: hit NAME" when it did, and "fault: N calls" at an ordered end.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static long at, calls;
static const char *mode = "";

static void say(const char *format, const char *name, long number)
{
	char text[64];
	int length = snprintf(text, sizeof(text), format, name, number);
	ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");

	real(2, text, (size_t)length);
}

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("FAULT_AT");

	at = text ? atol(text) : 0;
	mode = getenv("FAULT_MODE") ? getenv("FAULT_MODE") : "";
}

__attribute__((destructor)) static void end(void)
{
	say("fault: %s%ld calls\n", "", calls);
}

/* Sockets and event descriptors are no files. */
static int is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

static int turn(const char *name)
{
	if (++calls != at)
		return 0;
	say("fault: hit %s (%ld)\n", name, calls);
	return 1;
}

static int fail(void)
{
	if (strcmp(mode, "kill") == 0)
		_exit(137);
	errno = strcmp(mode, "enospc") == 0 ? ENOSPC : EIO;
	return -1;
}

#define REAL(name, type) type real = (type)dlsym(RTLD_NEXT, name)

typedef ssize_t (*pwrite_type)(int, const void *, size_t, off_t);
typedef ssize_t (*write_type)(int, const void *, size_t);
typedef int (*fd_type)(int);
typedef int (*truncate_type)(int, off_t);
typedef int (*rename_type)(int, const char *, int, const char *);

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset)
{
	REAL("pwrite64", pwrite_type);

	if (!is_file(fd) || !turn("pwrite"))
		return real(fd, data, length, offset);
	if (strcmp(mode, "short") == 0)
		return real(fd, data, 1, offset);
	real(fd, data, length / 2, offset);
	return fail();
}

ssize_t write(int fd, const void *data, size_t length)
{
	REAL("write", write_type);

	if (fd <= 2 || !is_file(fd) || !turn("write"))
		return real(fd, data, length);
	if (strcmp(mode, "short") == 0)
		return real(fd, data, 1);
	real(fd, data, length / 2);
	return fail();
}

int fdatasync(int fd)
{
	REAL("fdatasync", fd_type);

	return turn("fdatasync") && strcmp(mode, "short") != 0 ? fail() : real(fd);
}

int fsync(int fd)
{
	REAL("fsync", fd_type);

	return turn("fsync") && strcmp(mode, "short") != 0 ? fail() : real(fd);
}

int ftruncate64(int fd, off_t length)
{
	REAL("ftruncate64", truncate_type);

	return turn("ftruncate") && strcmp(mode, "short") != 0 ? fail() : real(fd, length);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	REAL("renameat", rename_type);

	return turn("renameat") && strcmp(mode, "short") != 0
		       ? fail()
		       : real(from_folder, from, to_folder, to);
}
