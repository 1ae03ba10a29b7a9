// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Record every event of the kernel and every block device that ever shows up.
 *
 * usage: lab-events FILE
 *
 * One line an event: CLOCK_BOOTTIME in microseconds, sequence number, action, subsystem, device
 * type or "-", path below /sys. Lines of our own have sequence 0: "start", "overrun" when the
 * kernel dropped events, and "seen" for a block device found by looking instead of listening; the
 * two ways check each other. After the path comes the driver's name where there is one, else what an
 * USB device calls itself, "951/1666/100".
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LOOK_EVERY_MS 10
#define DISKS_MAX     256
#define KERNEL_EVENTS 1 /* the netlink group of the kernel itself; 2 is udev's */

static char disks[DISKS_MAX][NAME_MAX + 1];
static int disk_count;

static void stamp(FILE *out)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	fprintf(out, "%lld%06ld ", (long long)now.tv_sec, now.tv_nsec / 1000);
}

/* Value of KEY= in a message of strings each ended by NUL, or "-". */
static const char *value(const char *message, size_t size, const char *key)
{
	size_t length = strlen(key);

	for (const char *at = message; at < message + size; at += strlen(at) + 1)
		if (strncmp(at, key, length) == 0)
			return at + length;
	return "-";
}

static void record(FILE *out, const char *message, size_t size)
{
	const char *last = value(message, size, "DRIVER=");

	if (strcmp(last, "-") == 0)
		last = value(message, size, "PRODUCT=");
	stamp(out);
	fprintf(out, "%s %s %s %s %s", value(message, size, "SEQNUM="),
		value(message, size, "ACTION="), value(message, size, "SUBSYSTEM="),
		value(message, size, "DEVTYPE="), value(message, size, "DEVPATH="));
	if (strcmp(last, "-") != 0)
		fprintf(out, " %s", last);
	fputc('\n', out);
	fflush(out);
}

static bool known(const char *name)
{
	for (int i = 0; i < disk_count; i++)
		if (strcmp(disks[i], name) == 0)
			return true;
	return false;
}

/* Forget the disks that are gone, so that a name that comes back is seen again. */
static void forget_gone(void)
{
	char path[PATH_MAX];

	for (int i = 0; i < disk_count; i++) {
		snprintf(path, sizeof(path), "/sys/block/%s", disks[i]);
		if (access(path, F_OK) == 0)
			continue;
		memmove(disks[i], disks[--disk_count], sizeof(disks[i]));
		i--;
	}
}

static int look(FILE *out, bool quiet)
{
	DIR *dir = opendir("/sys/block");
	struct dirent *entry;
	char path[PATH_MAX], target[PATH_MAX];

	if (!dir)
		return -errno;
	forget_gone();
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || known(entry->d_name) || disk_count == DISKS_MAX)
			continue;
		snprintf(path, sizeof(path), "/sys/block/%s", entry->d_name);
		if (!realpath(path, target))
			continue;
		strcpy(disks[disk_count++], entry->d_name);
		if (quiet)
			continue;
		stamp(out);
		fprintf(out, "0 seen block disk %s\n", target + strlen("/sys"));
		fflush(out);
	}
	closedir(dir);
	return 0;
}

static int open_events(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_EVENTS };
	int size = 64 << 20;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -errno;
	}
	return fd;
}

static int receive(int fd, FILE *out)
{
	char message[8192 + 1];
	ssize_t size = recv(fd, message, sizeof(message) - 1, 0);

	if (size < 0 && errno == ENOBUFS) {
		stamp(out);
		fputs("0 overrun - - -\n", out);
		fflush(out);
		return 0;
	}
	if (size < 0)
		return -errno;
	message[size] = '\0';
	record(out, message, (size_t)size);
	return 0;
}

int main(int argc, char **argv)
{
	struct pollfd events = { .events = POLLIN };
	FILE *out = argc == 2 ? fopen(argv[1], "we") : NULL;
	int error = 0;

	if (!out) {
		fprintf(stderr, "usage: lab-events FILE\n");
		return 2;
	}
	events.fd = open_events();
	if (events.fd < 0) {
		fprintf(stderr, "lab-events: no event socket: %s\n", strerror(-events.fd));
		return 1;
	}
	look(out, true);
	stamp(out);
	fputs("0 start - - -\n", out);
	fflush(out);
	while (error == 0) {
		if (poll(&events, 1, LOOK_EVERY_MS) > 0)
			error = receive(events.fd, out);
		else
			error = look(out, false);
	}
	fprintf(stderr, "lab-events: %s\n", strerror(-error));
	return 1;
}
