/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files dpkg put on this machine (deb-md5sums(5), /var/lib/dpkg/info). */
#ifndef AIRGAP_INSPECT_PACKAGE_INDEX_H
#define AIRGAP_INSPECT_PACKAGE_INDEX_H

#include "agent/inspect/inspect.h"

struct package_index;

/* package_index_new - all paths of all packages; NULL when dpkg's folder cannot be read or memory is short */
struct package_index *package_index_new(struct inspect *inspect);
void package_index_free(struct package_index *index);

/* package_index_has - does a package own this path? /bin is taken for /usr/bin and so on. */
bool package_index_has(const struct package_index *index, const char *path);

/**
 * package_index_place - where the file of a package is that another one pushed aside (dpkg-divert(1))
 *
 * Returns @path itself when nobody did.
 */
const char *package_index_place(const struct package_index *index, const char *path);

#endif
