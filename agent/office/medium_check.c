// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/medium_check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/age/age_header.h"
#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_result.h"
#include "agent/lib/age/age_stream.h"
#include "agent/lib/age/age_x25519.h"

#define SUFFIX ".age"

/* Which stanza is it? age itself does not say, and a reader of the report wants to know. */
static uint32_t find_stanza(const struct age_header *header, const struct age_keyring *ring,
			    uint32_t *count)
{
	struct age_x25519_secrets *secrets = sodium_malloc(sizeof(*secrets));
	uint8_t *file_key = sodium_malloc(AGE_FILE_KEY);
	struct age_stanza stanza;
	uint32_t found = 0;
	size_t at = 0;

	*count = 0;
	while (secrets && file_key && age_header_next(header, &at, &stanza)) {
		++*count;
		if (found || !age_word_is(&stanza.args[0], AGE_X25519_TYPE) ||
		    !age_x25519_is_sound(&stanza))
			continue;
		for (size_t i = 0; i < ring->count && !found; i++)
			if (age_x25519_unwrap(&stanza, &ring->identities[i], secrets, file_key) ==
			    0)
				found = *count;
	}
	sodium_free(secrets);
	sodium_free(file_key);
	return found;
}

static int read_head(int fd, uint8_t *bytes, size_t size, size_t *length)
{
	ssize_t n;

	*length = 0;
	while (*length < size) {
		n = pread(fd, bytes + *length, size - *length, (off_t)*length);
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		*length += (size_t)n;
	}
	return 0;
}

/* Nothing of the content is kept: only whether it is all there, and genuine. */
static int count_only(void *context, const uint8_t *data, size_t length)
{
	(void)data;
	*(uint64_t *)context += length;
	return 0;
}

static int try_payload(int fd, const struct age_keyring *ring, uint64_t *size)
{
	struct age_source source = age_source_fd(&fd);
	struct age_sink sink = { .put = count_only, .context = size };

	*size = 0;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	return age_decrypt_stream(&source, &sink, ring);
}

void medium_check_file(int fd, const struct age_keyring *ring, struct medium_check_object *object)
{
	uint8_t *head = malloc(AGE_HEAD_MAX);
	struct age_header header;
	size_t length = 0;

	object->stanzas = object->opens = 0;
	object->size = 0;
	object->error = head ? read_head(fd, head, AGE_HEAD_MAX, &length) : -ENOMEM;
	if (object->error == 0)
		object->error = age_header_parse(&header, head, length);
	if (object->error == 0)
		object->opens = find_stanza(&header, ring, &object->stanzas);
	if (object->error == 0)
		object->error = try_payload(fd, ring, &object->size);
	free(head);
}

static bool is_object(const char *name)
{
	size_t length = strlen(name);

	return name[0] != '.' && length > strlen(SUFFIX) &&
	       strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0;
}

static int check_one(DIR *list, const char *part, const char *entry, const struct age_keyring *ring,
		     medium_check_fn fn, void *data)
{
	char name[PATH_MAX];
	struct medium_check_object object = { .name = name };
	struct stat st;
	/* A link or a device in its place is not followed. */
	int fd = openat(dirfd(list), entry, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	snprintf(name, sizeof(name), "%s/%s", part, entry);
	if (fd < 0 || fstat(fd, &st) < 0)
		object.error = -errno;
	else if (!S_ISREG(st.st_mode))
		object.error = -EINVAL;
	else
		medium_check_file(fd, ring, &object);
	if (fd >= 0)
		close(fd);
	return fn(data, &object);
}

static int check_part(int folder, const char *part, const struct age_keyring *ring,
		      medium_check_fn fn, void *data)
{
	int fd = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), r = 0;
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!list) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	while (r == 0 && (errno = 0, entry = readdir(list)))
		if (is_object(entry->d_name))
			r = check_one(list, part, entry->d_name, ring, fn, data);
	if (r == 0 && errno)
		r = -errno;
	closedir(list);
	return r;
}

int medium_check_folder(int folder, const struct age_keyring *ring, medium_check_fn fn, void *data)
{
	int r = check_part(folder, "objects", ring, fn, data);

	if (r == 0)
		r = check_part(folder, "witness", ring, fn, data);
	/* Not every medium has witnesses yet. */
	return r == -ENOENT && faccessat(folder, "objects", F_OK, 0) == 0 ? 0 : r;
}
