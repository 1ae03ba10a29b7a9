// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/own_keys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NAME_SIZE 32
#define SALT_NAME "witness-salt"

static void epoch_name(uint32_t epoch, char name[static NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "epoch-%04u", epoch);
}

/* 0 when @name is none of an epoch. */
static uint32_t epoch_of(const char *name)
{
	static const char head[] = "epoch-";
	char again[NAME_SIZE];
	unsigned long epoch;

	if (strncmp(name, head, sizeof(head) - 1) != 0)
		return 0;
	epoch = strtoul(name + sizeof(head) - 1, NULL, 10);
	if (epoch == 0 || epoch > OWN_KEYS_EPOCH_MAX)
		return 0;
	epoch_name((uint32_t)epoch, again);
	return strcmp(again, name) == 0 ? (uint32_t)epoch : 0;
}

static int write_all(int fd, const void *data, size_t length)
{
	ssize_t done = write(fd, data, length);

	if (done < 0)
		return -errno;
	return (size_t)done == length ? 0 : -ENOSPC;
}

/* A new file, whole or not at all; an old one of that name is never replaced. */
static int create(int folder, const char *name, const void *data, size_t length)
{
	char temporary[NAME_SIZE + 8];
	int fd, r;

	snprintf(temporary, sizeof(temporary), "%s.tmp", name);
	if (unlinkat(folder, temporary, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, data, length);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	close(fd);
	if (r == 0 && faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		r = -EEXIST;
	if (r == 0 && renameat(folder, temporary, folder, name) < 0)
		r = -errno;
	if (r == 0 && fsync(folder) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(folder, temporary, 0);
	return r;
}

static int open_private(int folder, const char *name)
{
	struct stat st;
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = -EBADMSG;
	else if (st.st_mode & 077)
		r = -EPERM;
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

static int read_epoch(int folder, struct own_keys *keys, uint32_t epoch)
{
	size_t before = keys->ring->count, line;
	char name[NAME_SIZE];
	int fd, r;

	epoch_name(epoch, name);
	fd = open_private(folder, name);
	if (fd < 0)
		return fd;
	r = age_keyring_read(keys->ring, fd, &line);
	close(fd);
	if (r == -EINVAL || (r == 0 && keys->ring->count != before + 1))
		return -EBADMSG;
	if (r == 0)
		keys->epochs[keys->count++] = epoch;
	return r;
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int list_epochs(int folder, uint32_t *epochs, size_t *count)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	*count = 0;
	if (!dir) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	while (r == 0 && (errno = 0, entry = readdir(dir))) {
		uint32_t epoch = epoch_of(entry->d_name);

		if (epoch == 0)
			continue;
		if (*count == AGE_IDENTITIES_MAX)
			r = -ENOSPC;
		else
			epochs[(*count)++] = epoch;
	}
	if (r == 0)
		r = -errno;
	closedir(dir);
	qsort(epochs, *count, sizeof(*epochs), by_number);
	return r;
}

static int read_salt(int folder, struct own_keys *keys)
{
	uint8_t bytes[OWN_KEYS_SALT + 1];
	int fd = open_private(folder, SALT_NAME);
	ssize_t length;

	if (fd == -ENOENT) {
		randombytes_buf(keys->salt, sizeof(keys->salt));
		return create(folder, SALT_NAME, keys->salt, sizeof(keys->salt));
	}
	if (fd < 0)
		return fd;
	length = read(fd, bytes, sizeof(bytes));
	close(fd);
	if (length != OWN_KEYS_SALT)
		return length < 0 ? -EIO : -EBADMSG;
	memcpy(keys->salt, bytes, sizeof(keys->salt));
	return 0;
}

int own_keys_open(int folder, struct own_keys *keys)
{
	uint32_t epochs[AGE_IDENTITIES_MAX];
	size_t count;
	int r;

	*keys = (struct own_keys){ .ring = age_keyring_new() };
	r = keys->ring ? list_epochs(folder, epochs, &count) : -ENOMEM;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = read_epoch(folder, keys, epochs[i]);
	if (r == 0)
		r = read_salt(folder, keys);
	if (r == 0 && count == 0)
		r = own_keys_rotate(folder, keys);
	if (r < 0)
		own_keys_close(keys);
	return r;
}

void own_keys_close(struct own_keys *keys)
{
	age_keyring_free(keys->ring);
	sodium_memzero(keys, sizeof(*keys));
}

uint32_t own_keys_current(const struct own_keys *keys, char out[static AGE_RECIPIENT_TEXT])
{
	age_recipient_format(&keys->ring->identities[keys->count - 1].recipient, out);
	return keys->epochs[keys->count - 1];
}

/* As age-keygen writes it, so that `age -i` and people read it. */
static int write_epoch(int folder, const struct age_identity *identity, uint32_t epoch)
{
	char recipient[AGE_RECIPIENT_TEXT], name[NAME_SIZE], created[32];
	char *text = sodium_malloc(512);
	time_t now = time(NULL);
	struct tm day;
	int length, r;

	if (!text)
		return -ENOMEM;
	epoch_name(epoch, name);
	age_recipient_format(&identity->recipient, recipient);
	strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &day));
	length = snprintf(text, 512, "# created: %s\n# epoch: %u\n# public key: %s\n", created,
			  epoch, recipient);
	age_identity_format(identity, text + length);
	strcat(text, "\n");
	r = create(folder, name, text, strlen(text));
	sodium_free(text);
	return r;
}

int own_keys_rotate(int folder, struct own_keys *keys)
{
	uint32_t epoch = keys->count ? keys->epochs[keys->count - 1] + 1 : 1;
	struct age_identity *made;
	int r;

	if (epoch > OWN_KEYS_EPOCH_MAX)
		return -ENOSPC;
	r = age_keyring_generate(keys->ring);
	if (r < 0)
		return r;
	made = &keys->ring->identities[keys->ring->count - 1];
	r = write_epoch(folder, made, epoch);
	if (r == 0) {
		keys->epochs[keys->count++] = epoch;
		return 0;
	}
	sodium_memzero(made, sizeof(*made));
	keys->ring->count--;
	return r;
}

int own_keys_drop(int folder, struct own_keys *keys, uint32_t epoch)
{
	struct age_identity *identities = keys->ring->identities;
	char name[NAME_SIZE];
	uint32_t i = 0;

	while (i < keys->count && keys->epochs[i] != epoch)
		i++;
	if (i == keys->count)
		return -ENOENT;
	if (i == keys->count - 1)
		return -EBUSY;
	epoch_name(epoch, name);
	if (unlinkat(folder, name, 0) < 0 || fsync(folder) < 0)
		return -errno;
	for (; i + 1 < keys->count; i++) {
		identities[i] = identities[i + 1];
		keys->epochs[i] = keys->epochs[i + 1];
	}
	sodium_memzero(&identities[i], sizeof(identities[i]));
	keys->count--;
	keys->ring->count--;
	return 0;
}
