// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Run one program as a service manager would, and write down what becomes of it.
 *
 * usage: lab-supervise SOCKET RECORD PIDFILE WATCHDOG-SECONDS COMMAND...
 *
 * The program finds SOCKET in NOTIFY_SOCKET. Lines of RECORD: CLOCK_BOOTTIME in microseconds, then
 * "notify TEXT" for each line that it sends (sd_notify(3)), "watchdog" when it stayed silent for
 * longer than WATCHDOG-SECONDS (0: no watchdog) and was aborted for it, and in the end "exit STATUS"
 * or "signal NUMBER". Nothing is ever restarted.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

static FILE *record;

static long long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void note(const char *what, const char *text)
{
	fprintf(record, "%lld %s %s\n", now_us(), what, text);
	fflush(record);
}

static int open_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, path);
	unlink(path);
	/* Programs of every user report here. */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || chmod(path, 0666) < 0)
		return -1;
	return fd;
}

/* One datagram: lines, of which "WATCHDOG=1" is too frequent to write down. True: a sign of life. */
static bool hear(int fd)
{
	char text[4096 + 1];
	ssize_t size = recv(fd, text, sizeof(text) - 1, 0);
	char *rest = text;
	bool alive = false;

	if (size <= 0)
		return false;
	text[size] = '\0';
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		if (strcmp(line, "WATCHDOG=1") == 0)
			alive = true;
		else if (*line)
			note("notify", line);
	}
	return alive;
}

static pid_t start(char **command, const char *socket_path, const char *pid_path, int watchdog)
{
	sigset_t none;
	FILE *file;
	pid_t pid = fork();

	if (pid == 0) {
		char text[32];

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		setenv("NOTIFY_SOCKET", socket_path, 1);
		snprintf(text, sizeof(text), "%d000000", watchdog);
		if (watchdog > 0)
			setenv("WATCHDOG_USEC", text, 1);
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	file = pid > 0 ? fopen(pid_path, "we") : NULL;
	if (file) {
		fprintf(file, "%d\n", pid);
		fclose(file);
	}
	return pid;
}

static void note_end(int status)
{
	char text[16];

	snprintf(text, sizeof(text), "%d",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	note(WIFSIGNALED(status) ? "signal" : "exit", text);
}

/* Until the program has ended; its wait status. */
static int watch(pid_t pid, int notify_fd, int watchdog)
{
	sigset_t child;
	struct pollfd fds[2] = { { .fd = notify_fd, .events = POLLIN },
				 { .fd = -1, .events = POLLIN } };
	long long alive = now_us();
	int status;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	fds[1].fd = signalfd(-1, &child, SFD_CLOEXEC);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		struct signalfd_siginfo ignored;

		poll(fds, 2, watchdog > 0 ? 100 : -1);
		if (fds[0].revents && hear(notify_fd))
			alive = now_us();
		if (fds[1].revents && read(fds[1].fd, &ignored, sizeof(ignored)) < 0)
			continue;
		if (watchdog > 0 && now_us() - alive > watchdog * 1000000LL) {
			note("watchdog", "silent");
			kill(pid, SIGABRT);
			watchdog = 0;
		}
	}
	while (poll(fds, 1, 0) > 0)
		hear(notify_fd);
	return status;
}

int main(int argc, char **argv)
{
	sigset_t child;
	int fd, watchdog;
	pid_t pid;

	if (argc < 6) {
		fprintf(stderr, "usage: lab-supervise SOCKET RECORD PIDFILE WATCHDOG COMMAND...\n");
		return 2;
	}
	record = fopen(argv[2], "we");
	fd = open_socket(argv[1]);
	if (!record || fd < 0) {
		fprintf(stderr, "lab-supervise: %s\n", strerror(errno));
		return 1;
	}
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	watchdog = atoi(argv[4]);
	pid = start(argv + 5, argv[1], argv[3], watchdog);
	if (pid < 0)
		return 1;
	note_end(watch(pid, fd, watchdog));
	return 0;
}
