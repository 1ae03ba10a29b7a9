// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/path.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int path_join(char buffer[static PATH_MAX], const char *root, const char *path)
{
	size_t length = strlen(root);
	int n;

	while (length > 0 && root[length - 1] == '/')
		length--;
	if (length >= PATH_MAX)
		return -ENAMETOOLONG;
	n = snprintf(buffer, PATH_MAX, "%.*s%s", (int)length, root, path);
	return n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
}
