// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office backup and restore */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/office/office.h"

int verb_backup(const struct office_call *call)
{
	struct store *store;
	int r;

	if (call->argc != 2)
		return office_usage("backup");
	if (office_store(call, STORE_READ, &store) < 0)
		return 1;
	r = store_backup(store, call->argv[1]);
	if (r == -EEXIST)
		log_error("%s is there already; a backup never replaces a file", call->argv[1]);
	else if (r < 0)
		log_error("cannot write the backup %s: %s", call->argv[1], store_reason(store));
	else
		printf("backup written to %s\n", call->argv[1]);
	store_close(store);
	return r < 0;
}

/* A copy of @source at @target that is sound and of a version that this program knows. */
static int copy_checked(const char *source, const char *target)
{
	struct store *store;
	int r = store_open(source, STORE_WRITE, &store);

	if (r == 0)
		r = store_check(store);
	if (r == 0)
		r = store_setting_put(store, "restored", "yes");
	if (r == 0) {
		unlink(target);
		r = store_backup(store, target);
	}
	if (r < 0)
		log_error("cannot restore from %s: %s; the present store is as it was", source,
			  store_reason(store));
	store_close(store);
	return r;
}

static int sync_folder(const char *root)
{
	char folder[PATH_MAX];
	int fd, r = office_path(folder, root, ".");

	if (r < 0)
		return r;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = fsync(fd) < 0 ? -errno : 0;
	close(fd);
	return r;
}

/* The former store is kept beside the new one; its companions must not meet another's pages. */
static int put_in_place(const char *root, const char *fresh)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	char from[PATH_MAX], to[PATH_MAX], name[64], stamp[32];

	snprintf(stamp, sizeof(stamp), "%lld", (long long)(office_now_us() / 1000000));
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(name, sizeof(name), "store%s", tails[i]);
		if (office_path(from, root, name) < 0)
			return -ENAMETOOLONG;
		snprintf(name, sizeof(name), "replaced-%s%s", stamp, tails[i]);
		if (office_path(to, root, name) < 0)
			return -ENAMETOOLONG;
		if (rename(from, to) < 0 && errno != ENOENT)
			return -errno;
	}
	if (office_path(to, root, "store") < 0)
		return -ENAMETOOLONG;
	if (rename(fresh, to) < 0)
		return -errno;
	return sync_folder(root);
}

int verb_restore(const struct office_call *call)
{
	char fresh[PATH_MAX];
	int r;

	if (call->argc != 2)
		return office_usage("restore");
	if (office_drop_root(call->root) < 0 || office_path(fresh, call->root, "store.new") < 0)
		return 1;
	/* What a running office acknowledges from now on would go into the store that is put aside. */
	if (office_alone(call->root) < 0)
		return 1;
	if (copy_checked(call->argv[1], fresh) < 0)
		return 1;
	r = put_in_place(call->root, fresh);
	if (r < 0) {
		log_error("cannot put the restored store in place: %s", strerror(-r));
		return 1;
	}
	printf("restored from %s; terminals send again what came after it\n", call->argv[1]);
	return 0;
}
