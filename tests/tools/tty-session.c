// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A person at a terminal, for tests of notices: opens a pseudo terminal, is listed in utmp(5) as
 * login(1) would list him, and writes down all that reaches the terminal, until it is killed.
 *
 *	tty-session USER UID MODE OUTPUT
 *
 * MODE is the terminal's, octal: 620 for `mesg y`, 600 for `mesg n`. Prints the terminal's name.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utmpx.h>

static int fail(const char *what)
{
	fprintf(stderr, "tty-session: %s: %s\n", what, strerror(errno));
	return 1;
}

static void list(const char *user, const char *line)
{
	struct utmpx entry = { .ut_type = USER_PROCESS, .ut_pid = getpid() };
	struct timeval now;

	gettimeofday(&now, NULL);
	snprintf(entry.ut_user, sizeof(entry.ut_user), "%s", user);
	snprintf(entry.ut_line, sizeof(entry.ut_line), "%s", line);
	snprintf(entry.ut_id, sizeof(entry.ut_id), "%.3s", line + strlen("pts/"));
	entry.ut_tv.tv_sec = (int32_t)now.tv_sec;
	/* The file has to be there first. */
	close(open(_PATH_UTMP, O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	setutxent();
	pututxline(&entry);
	endutxent();
}

int main(int argc, char *argv[])
{
	char buffer[4096];
	const char *name;
	int master, slave, out;
	ssize_t got;

	if (argc != 5) {
		fprintf(stderr, "usage: tty-session USER UID MODE OUTPUT\n");
		return 2;
	}
	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		return fail("pty");
	name = ptsname(master);
	/* The line stays up while nobody writes. */
	slave = open(name, O_RDWR | O_NOCTTY);
	if (slave < 0 || chown(name, (uid_t)atoi(argv[2]), 5) < 0 ||
	    chmod(name, (mode_t)strtoul(argv[3], NULL, 8)) < 0)
		return fail(name);
	out = open(argv[4], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (out < 0)
		return fail(argv[4]);
	list(argv[1], name + strlen("/dev/"));
	puts(name);
	fflush(stdout);
	while ((got = read(master, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, (size_t)got) != got)
			return fail(argv[4]);
	return 0;
}
