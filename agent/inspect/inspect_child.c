// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/inspect_child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/lib/sandbox.h"

#define ANY 0, 0, 0

/* Memory that a check may take: databases of browsers are read whole. */
#define MEMORY_MAX  ((rlim_t)1 << 30)
#define CPU_SECONDS 60

static const struct sandbox_rule rules[] = {
	/* Landlock says what may be opened, and that nothing may be written. */
	{ "openat2", ANY },
	{ "openat", ANY },
	{ "getdents64", ANY },
	{ "readlinkat", ANY },
	{ "newfstatat", ANY },
	{ "statx", ANY },
	{ "fstatfs", ANY },
	{ "pread64", ANY },
	{ "fadvise64", ANY },
	/* of libsystemd, for the journal */
	{ "inotify_init1", ANY },
	{ "inotify_add_watch", ANY },
	{ "prlimit64", ANY },
	{ "statfs", ANY },
	{ "stat", ANY },
	{ "lstat", ANY },
	{ "access", ANY },
	{ "faccessat", ANY },
	{ "faccessat2", ANY },
	{ "readlink", ANY }, /* of realpath(3) */
	{ "uname", ANY },
	{ "sysinfo", ANY },
	/* questions to the kernel about links, routes and sockets */
	{ "socket", 0, UINT64_MAX, AF_NETLINK },
	{ "bind", ANY },
	{ "getsockname", ANY },
	{ "setsockopt", ANY },
	{ NULL, ANY },
};

static const struct sandbox_path paths[] = {
	{ "/", SANDBOX_READ },
	{ NULL, 0 },
};

/* Of root's rights only those to read what is not everybody's, and to leave times of access alone. */
static int drop_rights(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (geteuid() == 0)
		data[0].permitted = data[0].effective =
			1u << CAP_DAC_READ_SEARCH | 1u << CAP_FOWNER;
	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

static int confine(const char *root)
{
	const struct rlimit memory = { MEMORY_MAX, MEMORY_MAX }, none = { 0, 0 };
	const struct rlimit cpu = { CPU_SECONDS, CPU_SECONDS };
	uint32_t active;
	int r = drop_rights();

#if !defined(__SANITIZE_ADDRESS__)
	if (r == 0 && setrlimit(RLIMIT_AS, &memory) < 0)
		r = -errno;
#else
	(void)memory;
#endif
	if (r == 0 && (setrlimit(RLIMIT_CORE, &none) < 0 || setrlimit(RLIMIT_CPU, &cpu) < 0 ||
		       prctl(PR_SET_DUMPABLE, 0) < 0))
		r = -errno;
	return r < 0 ? r : sandbox_enter(&(struct sandbox){ rules, paths }, root, &active);
}

static void put(void *data, const struct inspect_finding *finding)
{
	const int *out = data;
	ssize_t n;

	do {
		n = write(*out, finding, sizeof(*finding));
	} while (n < 0 && errno == EINTR);
	/* Nobody listens any more. */
	if (n != sizeof(*finding))
		_exit(EXIT_FAILURE);
}

void inspect_child(const struct inspect_subject *subject, const struct inspect_check *check,
		   int out)
{
	struct inspect inspect = { .subject = *subject, .state = put, .data = &out };
	int r;

	inspect.root_fd = open(subject->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (inspect.root_fd < 0) {
		inspect_unknown(&inspect, subject->root, "cannot be opened: %s", strerror(errno));
		_exit(EXIT_SUCCESS);
	}
	if (check->prepare)
		check->prepare();
	r = confine(subject->root);
	if (r < 0)
		inspect_unknown(&inspect, "sandbox",
				"could not be entered, so nothing was read: %s", strerror(-r));
	else
		check->run(&inspect);
	_exit(EXIT_SUCCESS);
}
