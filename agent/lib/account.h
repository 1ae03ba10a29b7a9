/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users and groups by name, from the two files alone.
 *
 * The name service switch may ask the network or another daemon; a guard that starts before both
 * must not wait for either, and a test's folder has its own file.
 */
#ifndef AIRGAP_LIB_ACCOUNT_H
#define AIRGAP_LIB_ACCOUNT_H

#include <sys/types.h>

/**
 * account_find - user and primary group of @name in @root's /etc/passwd
 *
 * Returns 0, -ENOENT when there is no such user, or another -errno.
 */
int account_find(const char *root, const char *name, uid_t *uid, gid_t *gid);

/**
 * account_name - the name of a user, from @root's /etc/passwd
 * @name: of @size bytes; "" on failure
 *
 * Returns 0, -ENOENT when no line has this number, -EOVERFLOW when the name does not fit.
 */
int account_name(const char *root, uid_t uid, char *name, size_t size);

/* account_find_group - a group by its name, from @root's /etc/group; errors as above */
int account_find_group(const char *root, const char *name, gid_t *gid);

#endif
