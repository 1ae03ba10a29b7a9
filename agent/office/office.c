// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/office.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "agent/lib/account.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

int office_drop_root(const char *root)
{
	uid_t uid;
	gid_t gid;
	int r;

	if (geteuid() != 0)
		return 0;
	r = account_find(root, USER_OFFICE, &uid, &gid);
	if (r < 0) {
		log_error("user '%s' is not in %s below %s: create it (%s)", USER_OFFICE,
			  PATH_PASSWD, root, strerror(-r));
		return r;
	}
	if (uid == 0 || setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 ||
	    setresuid(uid, uid, uid) < 0) {
		r = uid == 0 ? -EPERM : -errno;
		log_error("cannot become user '%s': %s; not working as root", USER_OFFICE,
			  strerror(-r));
		return r;
	}
	return 0;
}

int office_alone(const char *root)
{
	char path[PATH_MAX];
	int fd, r = office_path(path, root, ".");

	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	r = -errno;
	if (r == -EWOULDBLOCK)
		log_error("the office is serving, or its store is being restored: stop that first");
	else
		log_error("cannot use %s: %s; 'airgap-office init' makes it", path, strerror(-r));
	if (fd >= 0)
		close(fd);
	return r;
}

int office_path(char path[static PATH_MAX], const char *root, const char *name)
{
	char below[PATH_MAX];
	int n = snprintf(below, sizeof(below), PATH_OFFICE_DIR "/%s", name);

	if (n < 0 || (size_t)n >= sizeof(below))
		return -ENAMETOOLONG;
	return path_join(path, root, below);
}

int office_store(const struct office_call *call, enum store_mode mode, struct store **store)
{
	char path[PATH_MAX];
	int r = office_drop_root(call->root);

	*store = NULL;
	if (r == 0)
		r = office_path(path, call->root, "store");
	if (r < 0)
		return r;
	r = store_open(path, mode, store);
	if (r < 0) {
		log_error("cannot open the store %s: %s%s", path, store_reason(*store),
			  r == -ENOENT ? "; 'airgap-office init' makes one" : "");
		store_close(*store);
		*store = NULL;
	}
	return r;
}

int64_t office_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
