// SPDX-License-Identifier: GPL-2.0-or-later
/* Documentation/networking/ip-sysctl.rst of Linux: the first two reset every link's own value. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agent/deny/deny.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"

static int switch_off(int folder, const char *name)
{
	char now[8] = "";
	int r = file_write_at(folder, name, "0");

	if (r == -ENOENT)
		return 0; /* a kernel without IPv6 forwards none */
	if (r == 0 && file_attribute_at(folder, name, now, sizeof(now)) < 0)
		r = -EIO;
	if (r == 0 && strcmp(now, "0") != 0)
		r = -EIO;
	if (r < 0)
		log_error("forwarding cannot be switched off, /proc/sys/net/%s: %s", name,
			  strerror(-r));
	return r;
}

int deny_forwarding(void)
{
	static const char *const names[] = {
		"ipv4/ip_forward",
		"ipv6/conf/all/forwarding",
		"ipv4/conf/default/forwarding",
		"ipv6/conf/default/forwarding",
	};
	int folder = open("/proc/sys/net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = 0;

	if (folder < 0) {
		log_error("forwarding cannot be switched off, /proc/sys/net: %s", strerror(errno));
		return -EIO;
	}
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int r = switch_off(folder, names[i]);

		error = error ? error : r;
	}
	close(folder);
	return error;
}
