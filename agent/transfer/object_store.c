// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/object_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* By enum object_kind: what follows its id. */
static const char *const endings[OBJECT_KIND_COUNT] = { ".age", ".slip.age", ".age" };
#define TEMPORARY ".tmp"

/* What a file system takes for itself with each new file, at most: a cluster, and folder entries. */
#define ROOM_EACH UINT64_C(131072)

static int folder_of(const struct object_store *store, enum object_kind kind)
{
	return kind == OBJECT_WITNESS ? store->witness : store->objects;
}

/* On ext4 owners are numbers of some terminal; others must be able to go on (medium_list.h). */
static int permit(const struct object_store *store, int fd, mode_t mode)
{
	if (store->filesystem != MEDIUM_FILESYSTEM_EXT4 || fchmod(fd, mode) == 0)
		return 0;
	/* Somebody else's, made with these rights. */
	return errno == EPERM ? 0 : -errno;
}

static int open_folder(struct object_store *store, const char *name, bool create)
{
	int fd, r = 0;
	bool made = create && store->io->mkdirat(store->root, name, 0777) == 0;

	if (create && !made && errno != EEXIST)
		return -errno;
	fd = openat(store->root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (made)
		r = permit(store, fd, 0777);
	if (r == 0 && made && store->io->fsync(store->root) < 0)
		r = -errno;
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

int object_store_open(struct object_store *store, int root, uint32_t filesystem, bool create,
		      const struct object_io *io)
{
	int r;

	*store = (struct object_store){
		.io = io ? io : &object_io_system,
		.root = fcntl(root, F_DUPFD_CLOEXEC, 3),
		.objects = -1,
		.witness = -1,
		.filesystem = filesystem,
	};
	if (store->root < 0)
		return -errno;
	r = store->objects = open_folder(store, "objects", create);
	if (r >= 0 || (r == -ENOENT && !create))
		r = store->witness = open_folder(store, "witness", create);
	if (r >= 0 || (r == -ENOENT && !create))
		return 0;
	object_store_close(store);
	return r;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void object_store_close(struct object_store *store)
{
	close_one(&store->root);
	close_one(&store->objects);
	close_one(&store->witness);
}

void object_store_name(enum object_kind kind, const uint8_t id[static TRANSFER_ID_SIZE],
		       char out[static OBJECT_STORE_NAME_SIZE])
{
	char text[TRANSFER_ID_TEXT];

	transfer_id_format(id, text);
	snprintf(out, OBJECT_STORE_NAME_SIZE, "%s%s", text, endings[kind]);
}

static void temporary_name(enum object_kind kind, const uint8_t id[static TRANSFER_ID_SIZE],
			   char out[static OBJECT_STORE_NAME_SIZE])
{
	object_store_name(kind, id, out);
	strcat(out, TEMPORARY);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool object_store_parse(const char *name, enum object_kind *kind,
			uint8_t id[static TRANSFER_ID_SIZE], bool *temporary)
{
	size_t length = strlen(name), end = sizeof(TEMPORARY) - 1;

	*temporary = length > end && strcmp(name + length - end, TEMPORARY) == 0;
	if (*temporary)
		length -= end;
	for (size_t i = 0; i < 2 * TRANSFER_ID_SIZE; i++) {
		int value = digit(name[i]);

		if (value < 0)
			return false;
		id[i / 2] = (uint8_t)(i % 2 ? id[i / 2] | value : value << 4);
	}
	name += 2 * (size_t)TRANSFER_ID_SIZE;
	length -= 2 * (size_t)TRANSFER_ID_SIZE;
	for (*kind = OBJECT_FILE; *kind <= OBJECT_SLIP; (*kind)++)
		if (strlen(endings[*kind]) == length && strncmp(name, endings[*kind], length) == 0)
			return true;
	return false;
}

int object_store_has(const struct object_store *store, enum object_kind kind,
		     const uint8_t id[static TRANSFER_ID_SIZE])
{
	char name[OBJECT_STORE_NAME_SIZE];
	struct stat st;

	object_store_name(kind, id, name);
	if (folder_of(store, kind) < 0)
		return 0;
	if (fstatat(folder_of(store, kind), name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	return S_ISREG(st.st_mode);
}

/* Without blocking: what stands there under our name may be a pipe. */
int object_store_get(const struct object_store *store, enum object_kind kind,
		     const uint8_t id[static TRANSFER_ID_SIZE])
{
	char name[OBJECT_STORE_NAME_SIZE];
	struct stat st;
	int fd, r = 0;

	object_store_name(kind, id, name);
	if (folder_of(store, kind) < 0)
		return -ENOENT;
	fd = openat(folder_of(store, kind), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = -ENOENT;
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

static int about(struct outcome *outcome, uint32_t reason, const char *name, uint64_t wanted,
		 uint64_t have)
{
	int r = outcome_set(outcome, reason, reason == OUTCOME_FAT_LIMIT ? -EFBIG : -ENOSPC, name,
			    NULL);

	outcome->wanted = wanted;
	outcome->have = have;
	return r;
}

int object_store_fits(const struct object_store *store, const uint64_t *sizes,
		      const char *const *names, size_t count, struct outcome *outcome)
{
	uint64_t total = 2 * ROOM_EACH, room;
	struct statvfs st;

	for (size_t i = 0; i < count; i++) {
		if (store->filesystem == MEDIUM_FILESYSTEM_VFAT && sizes[i] > OBJECT_STORE_FAT_MAX)
			return about(outcome, OUTCOME_FAT_LIMIT, names ? names[i] : NULL, sizes[i],
				     OBJECT_STORE_FAT_MAX);
		if (__builtin_add_overflow(total, sizes[i], &total) ||
		    __builtin_add_overflow(total, ROOM_EACH, &total))
			return about(outcome, OUTCOME_MEDIUM_FULL, NULL, UINT64_MAX, 0);
	}
	if (fstatvfs(store->root, &st) < 0)
		return outcome_set(outcome, outcome_of_medium(-errno), -errno, NULL, NULL);
	room = (uint64_t)st.f_bavail * st.f_frsize;
	if (total > room)
		return about(outcome, OUTCOME_MEDIUM_FULL, NULL, total, room);
	return outcome_set(outcome, OUTCOME_DONE, 0, NULL, NULL);
}

int object_store_put(const struct object_store *store, enum object_kind kind,
		     const uint8_t id[static TRANSFER_ID_SIZE])
{
	char name[OBJECT_STORE_NAME_SIZE];
	int fd, r;

	temporary_name(kind, id, name);
	/* What is left of an earlier attempt may be another user's, or a link. */
	if (store->io->unlinkat(folder_of(store, kind), name, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = store->io->openat(folder_of(store, kind), name,
			       O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	r = permit(store, fd, 0666);
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

int object_store_publish(const struct object_store *store, enum object_kind kind,
			 const uint8_t id[static TRANSFER_ID_SIZE])
{
	char from[OBJECT_STORE_NAME_SIZE], to[OBJECT_STORE_NAME_SIZE];
	int folder = folder_of(store, kind), fd, r = 0;

	temporary_name(kind, id, from);
	object_store_name(kind, id, to);
	if (store->io->renameat(folder, from, folder, to) < 0)
		return -errno;
	/*
	 * On vfat a rename makes an entry without size and first cluster, and only the file's own
	 * inode, written once more, fills them in (vfat_rename() of Linux): whoever pulls the medium
	 * before that has an empty file of the right name.
	 */
	fd = store->io->openat(folder, to, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0 || store->io->fsync(fd) < 0)
		r = -errno;
	if (fd >= 0)
		close(fd);
	return r;
}

int object_store_sync(const struct object_store *store, enum object_kind kind)
{
	return store->io->fsync(folder_of(store, kind)) < 0 ? -errno : 0;
}

int object_store_remove(const struct object_store *store, enum object_kind kind,
			const uint8_t id[static TRANSFER_ID_SIZE])
{
	char name[OBJECT_STORE_NAME_SIZE];
	int folder = folder_of(store, kind), r = 0;

	object_store_name(kind, id, name);
	if (store->io->unlinkat(folder, name, 0) < 0 && errno != ENOENT)
		r = -errno;
	strcat(name, TEMPORARY);
	if (store->io->unlinkat(folder, name, 0) < 0 && errno != ENOENT)
		r = -errno;
	return r;
}
