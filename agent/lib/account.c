// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/path.h"

int account_find(const char *root, const char *name, uid_t *uid, gid_t *gid)
{
	char path[PATH_MAX], buffer[4096];
	struct passwd entry, *found;
	FILE *file;
	int r;

	r = path_join(path, root, PATH_PASSWD);
	if (r < 0)
		return r;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while ((r = fgetpwent_r(file, &entry, buffer, sizeof(buffer), &found)) == 0) {
		if (strcmp(entry.pw_name, name) == 0) {
			*uid = entry.pw_uid;
			*gid = entry.pw_gid;
			fclose(file);
			return 0;
		}
	}
	fclose(file);
	return -r; /* fgetpwent_r() gives ENOENT at the end of the file */
}

int account_name(const char *root, uid_t uid, char *name, size_t size)
{
	char path[PATH_MAX], buffer[4096];
	struct passwd entry, *found;
	FILE *file;
	int r;

	name[0] = 0;
	r = path_join(path, root, PATH_PASSWD);
	if (r < 0)
		return r;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while ((r = fgetpwent_r(file, &entry, buffer, sizeof(buffer), &found)) == 0)
		if (entry.pw_uid == uid)
			break;
	if (r == 0 && strlen(entry.pw_name) >= size)
		r = EOVERFLOW;
	if (r == 0)
		snprintf(name, size, "%s", entry.pw_name);
	fclose(file);
	return -r;
}

int account_find_group(const char *root, const char *name, gid_t *gid)
{
	char path[PATH_MAX], buffer[16384];
	struct group entry, *found;
	FILE *file;
	int r;

	r = path_join(path, root, PATH_GROUP);
	if (r < 0)
		return r;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while ((r = fgetgrent_r(file, &entry, buffer, sizeof(buffer), &found)) == 0) {
		if (strcmp(entry.gr_name, name) == 0) {
			*gid = entry.gr_gid;
			fclose(file);
			return 0;
		}
	}
	fclose(file);
	return -r;
}
