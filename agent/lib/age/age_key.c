// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_key.h"

#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/age/age_bech32.h"

#define RECIPIENT_PREFIX "age"
#define IDENTITY_PREFIX	 "AGE-SECRET-KEY-"

_Static_assert(AGE_RECIPIENT_TEXT == sizeof(RECIPIENT_PREFIX) + AGE_BECH32_TAIL, "its length");
_Static_assert(AGE_IDENTITY_TEXT == sizeof(IDENTITY_PREFIX) + AGE_BECH32_TAIL, "its length");
_Static_assert(AGE_KEY_SIZE == AGE_BECH32_DATA, "Bech32 carries one key");
_Static_assert(AGE_KEY_SIZE == crypto_scalarmult_BYTES, "X25519");

/* A point of low order gives the same secret, all zero, with every key. */
static bool is_low_order(const struct age_recipient *recipient)
{
	static const uint8_t any_scalar[AGE_KEY_SIZE] = { 1 };
	uint8_t shared[AGE_KEY_SIZE];

	return crypto_scalarmult(shared, any_scalar, recipient->point) != 0;
}

int age_recipient_parse(struct age_recipient *recipient, const char *text, size_t length)
{
	if (!age_bech32_decode(text, length, RECIPIENT_PREFIX, recipient->point))
		return -EINVAL;
	return is_low_order(recipient) ? -EINVAL : 0;
}

void age_recipient_format(const struct age_recipient *recipient,
			  char out[static AGE_RECIPIENT_TEXT])
{
	age_bech32_encode(recipient->point, RECIPIENT_PREFIX, out);
}

struct age_keyring *age_keyring_new(void)
{
	struct age_keyring *ring = sodium_malloc(sizeof(*ring));

	if (ring)
		sodium_memzero(ring, sizeof(*ring));
	return ring;
}

void age_keyring_free(struct age_keyring *ring)
{
	sodium_free(ring);
}

/* The secret at the end of the list gets its public part, and counts. */
static void complete(struct age_keyring *ring)
{
	struct age_identity *identity = &ring->identities[ring->count];

	crypto_scalarmult_base(identity->recipient.point, identity->secret);
	ring->count++;
}

int age_keyring_add(struct age_keyring *ring, const char *text, size_t length)
{
	if (ring->count == AGE_IDENTITIES_MAX)
		return -ENOSPC;
	if (!age_bech32_decode(text, length, IDENTITY_PREFIX, ring->identities[ring->count].secret))
		return -EINVAL;
	complete(ring);
	return 0;
}

int age_keyring_generate(struct age_keyring *ring)
{
	if (ring->count == AGE_IDENTITIES_MAX)
		return -ENOSPC;
	randombytes_buf(ring->identities[ring->count].secret, AGE_KEY_SIZE);
	complete(ring);
	return 0;
}

void age_identity_format(const struct age_identity *identity, char out[static AGE_IDENTITY_TEXT])
{
	age_bech32_encode(identity->secret, IDENTITY_PREFIX, out);
}

/* All of @fd into @buffer, which has room for one byte more than a file may have. */
static int read_all(int fd, char *buffer, size_t *length)
{
	ssize_t n;

	*length = 0;
	while (*length <= AGE_IDENTITY_FILE_MAX) {
		n = read(fd, buffer + *length, AGE_IDENTITY_FILE_MAX + 1 - *length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		*length += (size_t)n;
	}
	return -EFBIG;
}

static int add_lines(struct age_keyring *ring, const char *text, size_t length, size_t *line)
{
	const char *at = text, *end = text + length;
	size_t before = ring->count;

	for (*line = 1; at < end; ++*line) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t size = (size_t)((newline ? newline : end) - at);
		int r = 0;

		if (size > 0 && at[size - 1] == '\r')
			size--;
		if (size > 0 && at[0] != '#')
			r = age_keyring_add(ring, at, size);
		if (r < 0)
			return r;
		at = newline ? newline + 1 : end;
	}
	*line = 0;
	return ring->count > before ? 0 : -EINVAL;
}

int age_keyring_read(struct age_keyring *ring, int fd, size_t *line)
{
	/* What is read is secret: it never stands in memory that may reach the disk. */
	char *buffer = sodium_malloc(AGE_IDENTITY_FILE_MAX + 1);
	size_t length;
	int r;

	*line = 0;
	if (!buffer)
		return -ENOMEM;
	r = read_all(fd, buffer, &length);
	if (r == 0)
		r = add_lines(ring, buffer, length, line);
	sodium_free(buffer);
	return r;
}
