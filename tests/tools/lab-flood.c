// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Have the kernel send events until one listener's socket has no room for them.
 *
 * usage: lab-flood UEVENT-FILE LIMIT LISTENER
 *
 * Each write to a `uevent` file of sysfs (Documentation/ABI/testing/sysfs-uevent of Linux) makes
 * one; it carries as much as fits. Ends with 0 once the socket of process LISTENER has dropped an
 * event, by /proc/net/netlink, and with 1 when LIMIT events did not suffice.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK_EVERY 500
#define KOBJECT_UEVENT 15

/* Column 9 of the listener's line; -1 when there is none. */
static long drops(unsigned int listener)
{
	FILE *file = fopen("/proc/net/netlink", "re");
	char line[256];
	long found = -1;

	while (file && fgets(line, sizeof(line), file)) {
		unsigned int protocol, port;
		long count;

		if (sscanf(line, "%*s %u %u %*s %*s %*s %*s %*s %ld", &protocol, &port, &count) == 3 &&
		    protocol == KOBJECT_UEVENT && port == listener)
			found = count;
	}
	if (file)
		fclose(file);
	return found;
}

/* "add UUID KEY=VALUE": as long as the kernel takes. */
static size_t compose(char *text, size_t size)
{
	int used = snprintf(text, size, "add 00000000-0000-4000-8000-000000000001 LAB=");

	memset(text + used, 'A', size - (size_t)used);
	return size;
}

int main(int argc, char *argv[])
{
	char text[1500];
	size_t length = compose(text, sizeof(text));
	int fd = argc == 4 ? open(argv[1], O_WRONLY | O_CLOEXEC) : -1;
	unsigned int listener = argc == 4 ? (unsigned int)strtoul(argv[3], NULL, 10) : 0;
	long limit = argc == 4 ? strtol(argv[2], NULL, 10) : 0;

	if (fd < 0 || drops(listener) < 0) {
		fprintf(stderr, "usage: lab-flood UEVENT-FILE LIMIT LISTENER\n");
		return 2;
	}
	for (long sent = 0; sent < limit; sent++) {
		if (pwrite(fd, text, length, 0) != (ssize_t)length) {
			fprintf(stderr, "lab-flood: %s\n", strerror(errno));
			return 1;
		}
		if (sent % LOOK_EVERY == 0 && drops(listener) > 0) {
			printf("%ld events\n", sent + 1);
			return 0;
		}
	}
	fprintf(stderr, "lab-flood: %ld events fitted\n", limit);
	return 1;
}
