// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The least that a program can do to let a device in: hear of it, write one flag.
 *
 * usage: lab-floor
 *
 * Decides nothing, records nothing. Every USB device that appears is authorised at once, which is
 * as fast as this can be done from outside the kernel: the floor for all that do more.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define KERNEL_EVENTS 1

/* The value of KEY= among the strings of a message, or NULL. */
static const char *value(const char *message, size_t size, const char *key)
{
	size_t length = strlen(key);

	for (const char *at = message; at < message + size; at += strlen(at) + 1)
		if (strncmp(at, key, length) == 0)
			return at + length;
	return NULL;
}

static void let_in(const char *message, size_t size)
{
	const char *action = value(message, size, "ACTION=");
	const char *type = value(message, size, "DEVTYPE=");
	const char *device = value(message, size, "DEVPATH=");
	char path[512];
	int fd;

	/* Bound: the kernel has finished with the device. One that is let in when it is added gets its
	 * configuration a second time by usb_generic_driver_probe(), and its drivers start anew. */
	if (!action || !type || !device || strcmp(action, "bind") != 0 ||
	    strcmp(type, "usb_device") != 0)
		return;
	snprintf(path, sizeof(path), "/sys%s/authorized", device);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) != 1)
		fprintf(stderr, "lab-floor: %s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

int main(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_EVENTS };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	char message[8192 + 1];
	ssize_t size;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		perror("lab-floor");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	while ((size = recv(fd, message, sizeof(message) - 1, 0)) >= 0 || errno == ENOBUFS) {
		if (size < 0)
			continue;
		message[size] = 0;
		let_in(message, (size_t)size);
	}
	return 1;
}
