/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A signer for tests: makes SSH signatures with libsodium alone, sound ones and every kind of
 * unsound one, and plays the authenticator of a hardware key. Nothing of policy/sign is used, so
 * that a mistake there cannot cancel out here.
 */
#ifndef AIRGAP_TESTS_SIGNER_H
#define AIRGAP_TESTS_SIGNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGNER_ARMOUR_MAX 4096

struct signer {
	bool hardware;
	uint8_t public[32];
	uint8_t secret[64];
};

/* How to make a signature. signer_spec() gives a sound one; tests then spoil single fields. */
struct signer_spec {
	const char *magic;
	uint32_t version;
	const char *key_type;
	size_t point_length;
	const char *application;
	const char *key_tail; /* after the key's last field */
	const char *name;     /* namespace */
	size_t name_length;
	const char *reserved;
	const char *hash;
	const char *sig_type;
	size_t sig_length;
	const char *sig_tail;
	bool no_touch_fields;
	uint8_t flags;
	uint32_t counter;
	const char *tail;
	size_t width; /* of the armour's lines */
};

/* signer_make - the key that belongs to a number: the same in each run */
void signer_make(struct signer *signer, uint8_t number, bool hardware);

/* signer_public - "TYPE BASE64" */
void signer_public(const struct signer *signer, char out[static 256]);

struct signer_spec signer_spec(const struct signer *signer, const char *name);

/* signer_blob - the wire form over @text; returns its length, at most SIGNER_ARMOUR_MAX / 2 */
size_t signer_blob(const struct signer *signer, const struct signer_spec *spec, const void *text,
		   size_t length, uint8_t *out);

/* signer_armour - the same in armour; returns the length, a NUL follows */
size_t signer_armour(const struct signer *signer, const struct signer_spec *spec, const void *text,
		     size_t length, char out[static SIGNER_ARMOUR_MAX]);

/* signer_wrap - armour around any bytes */
size_t signer_wrap(const uint8_t *blob, size_t length, size_t width,
		   char out[static SIGNER_ARMOUR_MAX]);

/*
 * signer_file - a text and the signatures of @count signers over it, in one namespace
 *
 * @out has @size bytes; returns the length; a NUL follows.
 */
size_t signer_file(const struct signer *signers, size_t count, const char *name, const char *text,
		   char *out, size_t size);

#endif
