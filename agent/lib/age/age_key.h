/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recipients (public keys) and identities (secret keys) of age v1, type X25519 (C2SP age.md).
 *
 * Identities live in a key ring: memory that is locked, left out of core dumps, surrounded by guard
 * pages, and wiped when it is freed. A program under seccomp that makes one needs mlock, munlock,
 * madvise and mprotect. sodium_init() must have been called.
 */
#ifndef AIRGAP_AGE_KEY_H
#define AIRGAP_AGE_KEY_H

#include <stddef.h>
#include <stdint.h>

#define AGE_KEY_SIZE 32
/* "age1", 58 characters, NUL */
#define AGE_RECIPIENT_TEXT 63
/* "AGE-SECRET-KEY-1", 58 characters, NUL */
#define AGE_IDENTITY_TEXT 75
/* How many identities a ring holds: those of some epochs */
#define AGE_IDENTITIES_MAX 32
/* The largest identity file that is read, in bytes */
#define AGE_IDENTITY_FILE_MAX 16384

struct age_recipient {
	uint8_t point[AGE_KEY_SIZE];
};

struct age_identity {
	uint8_t secret[AGE_KEY_SIZE];
	struct age_recipient recipient;
};

struct age_keyring {
	size_t count;
	struct age_identity identities[AGE_IDENTITIES_MAX];
};

/**
 * age_recipient_parse - read "age1...", in lower case, of @length characters
 *
 * Returns 0; -EINVAL when it is no recipient of this type, or a point of low order, to which nothing
 * can be encrypted.
 */
int age_recipient_parse(struct age_recipient *recipient, const char *text, size_t length);

/* age_recipient_format - the reverse */
void age_recipient_format(const struct age_recipient *recipient,
			  char out[static AGE_RECIPIENT_TEXT]);

/* age_keyring_new - an empty ring; NULL when there is no memory for it */
struct age_keyring *age_keyring_new(void);

/* age_keyring_free - wipe and free; NULL is fine */
void age_keyring_free(struct age_keyring *ring);

/**
 * age_keyring_add - read "AGE-SECRET-KEY-1...", in upper case, of @length characters
 *
 * @text stays the caller's to wipe. Returns 0; -EINVAL when it is no identity of this type; -ENOSPC
 * when the ring is full.
 */
int age_keyring_add(struct age_keyring *ring, const char *text, size_t length);

/* age_keyring_generate - add a new identity, the last one then; 0 or -ENOSPC */
int age_keyring_generate(struct age_keyring *ring);

/**
 * age_keyring_read - add every identity of an identity file, as `age -i` takes it
 * @fd: read from where it stands to its end; at most AGE_IDENTITY_FILE_MAX bytes
 * @line: set to the number of the line that is wrong, when one is; else 0
 *
 * Empty lines and lines that begin with '#' are passed over; a line may end with CR LF. Returns 0 or
 * -errno: -EINVAL for a line that is no identity and for a file without one; -EFBIG; -ENOSPC when the
 * ring is full. What was added before the wrong line stays in the ring.
 */
int age_keyring_read(struct age_keyring *ring, int fd, size_t *line);

/**
 * age_identity_format - the identity as text
 * @out: the caller wipes it, and keeps it in locked memory
 */
void age_identity_format(const struct age_identity *identity, char out[static AGE_IDENTITY_TEXT]);

#endif
