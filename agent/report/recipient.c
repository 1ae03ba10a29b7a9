// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/recipient.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"

#define FILE_NAME "age"

static int make(const char *folder, struct age_keyring *ring)
{
	char text[AGE_IDENTITY_TEXT + 1];
	int r = age_keyring_generate(ring);

	if (r < 0)
		return r;
	age_identity_format(&ring->identities[0], text);
	strcat(text, "\n");
	r = file_replace(folder, FILE_NAME, 0600, text, strlen(text));
	sodium_memzero(text, sizeof(text));
	return r;
}

int recipient_open(const char *folder, struct age_keyring **ring,
		   char recipient[static AGE_RECIPIENT_TEXT])
{
	char path[PATH_MAX];
	size_t line;
	int fd, r;

	*ring = age_keyring_new();
	if (!*ring)
		return -ENOMEM;
	if (snprintf(path, sizeof(path), "%s/" FILE_NAME, folder) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0)
		r = age_keyring_read(*ring, fd, &line);
	else
		r = errno == ENOENT ? make(folder, *ring) : -errno;
	if (fd >= 0)
		close(fd);
	if (r == 0)
		age_recipient_format(&(*ring)->identities[0].recipient, recipient);
	return r;
}
