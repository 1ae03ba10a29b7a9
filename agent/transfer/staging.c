// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "agent/transfer/object.h"
#include "agent/transfer/staging_copy.h"

#define TEMPORARY "copy.tmp"

static void number_name(uint32_t number, char name[static STAGING_NAME_SIZE])
{
	snprintf(name, STAGING_NAME_SIZE, "%04u", number % 10000u);
}

int staging_file(int folder, uint32_t number)
{
	char name[STAGING_NAME_SIZE];
	int fd;

	number_name(number, name);
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int staging_begin(int folder)
{
	int fd;

	if (unlinkat(folder, TEMPORARY, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(folder, TEMPORARY, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

int staging_end(int folder, int fd, uint32_t number)
{
	char name[STAGING_NAME_SIZE];

	number_name(number, name);
	if (fchmod(fd, 0400) < 0 || fsync(fd) < 0 ||
	    renameat(folder, TEMPORARY, folder, name) < 0 || fsync(folder) < 0)
		return -errno;
	return 0;
}

void staging_drop(int folder)
{
	(void)unlinkat(folder, TEMPORARY, 0);
}

int staging_room(int folder, uint64_t size, uint64_t keep_free, const char *name,
		 struct outcome *outcome)
{
	struct statvfs st;
	uint64_t room;

	if (fstatvfs(folder, &st) < 0)
		return outcome_set(outcome, OUTCOME_SYSTEM, -errno, name, NULL);
	room = (uint64_t)st.f_bavail * st.f_frsize;
	room = room > keep_free ? room - keep_free : 0;
	if (size <= room)
		return outcome_set(outcome, OUTCOME_DONE, 0, NULL, NULL);
	(void)outcome_set(outcome, OUTCOME_NO_ROOM, -ENOSPC, name, NULL);
	outcome->wanted = size;
	outcome->have = room;
	return -ENOSPC;
}

int staging_look(const struct filetype *filetype, int fd, struct staged_file *staged,
		 struct outcome *outcome)
{
	struct filetype_answer answer = { .type = "data", .marks.rank = -1 };
	int r = 0;

	if (filetype)
		r = filetype_look(filetype, fd, &answer, outcome);
	if (r < 0) {
		snprintf(outcome->about, sizeof(outcome->about), "%s", staged->file.name);
		return r;
	}
	memcpy(staged->file.type, answer.type, sizeof(staged->file.type));
	memcpy(staged->mime, answer.mime, sizeof(staged->mime));
	staged->marks = answer.marks;
	return 0;
}

static int verify_one(int folder, uint32_t number, const struct manifest_file *file,
		      const struct object_watch *watch, struct outcome *outcome)
{
	uint8_t digest[TRANSFER_DIGEST];
	uint64_t size = 0;
	int fd = staging_file(folder, number), r;

	if (fd < 0)
		return outcome_set(outcome, OUTCOME_STAGED_CHANGED, fd, file->name, NULL);
	r = object_digest(fd, 0, watch, &size, digest);
	close(fd);
	if (r == -ECANCELED)
		return outcome_set(outcome, OUTCOME_CANCELLED, r, NULL, NULL);
	if (r < 0 && r != -ESTALE)
		return outcome_set(outcome, OUTCOME_SYSTEM, r, file->name, NULL);
	if (r < 0 || size != file->size || memcmp(digest, file->digest, sizeof(digest)) != 0)
		return outcome_set(outcome, OUTCOME_STAGED_CHANGED, -EBADMSG, file->name, NULL);
	return 0;
}

int staging_verify(int folder, const struct manifest *manifest, const struct work *work,
		   struct outcome *outcome)
{
	struct object_watch watch = {
		.work = work,
		.progress = {
			.phase = WORK_READING,
			.files = manifest->file_count,
			.total = manifest_size(manifest),
		},
	};
	int r = outcome_set(outcome, OUTCOME_DONE, 0, NULL, NULL);

	for (uint32_t i = 0; r == 0 && i < manifest->file_count; i++) {
		watch.progress.file = i;
		r = verify_one(folder, i, &manifest->files[i], &watch, outcome);
		watch.progress.done += manifest->files[i].size;
	}
	return r;
}

static bool is_ours(const char *name)
{
	return strcmp(name, TEMPORARY) == 0 ||
	       (strlen(name) == 4 && strspn(name, "0123456789") == 4);
}

int staging_discard(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	while (r == 0 && (errno = 0, entry = readdir(dir)))
		if (is_ours(entry->d_name) && unlinkat(folder, entry->d_name, 0) < 0 &&
		    errno != ENOENT)
			r = -errno;
	if (r == 0)
		r = -errno;
	closedir(dir);
	return r;
}
