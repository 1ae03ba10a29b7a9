// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_scrypt.h"

#include "policy/sign/base64.h"

#define SALT_SIZE 16
#define BODY_SIZE 32

/* Digits only, no leading zero: ^[1-9][0-9]*$ */
static bool is_work_factor(const struct age_word *word)
{
	uint32_t value = 0;

	if (word->at[0] == '0')
		return false;
	for (size_t i = 0; i < word->length; i++) {
		if (word->at[i] < '0' || word->at[i] > '9')
			return false;
		value = 10 * value + (uint32_t)(word->at[i] - '0');
		if (value > AGE_SCRYPT_WORK_MAX)
			return false;
	}
	return true;
}

bool age_scrypt_is_sound(const struct age_stanza *stanza)
{
	uint8_t salt[SALT_SIZE];
	size_t count;

	return stanza->arg_count == 3 && stanza->body_length == BODY_SIZE &&
	       base64_decode_bare(stanza->args[1].at, stanza->args[1].length, salt, sizeof(salt),
				  &count) &&
	       count == sizeof(salt) && is_work_factor(&stanza->args[2]);
}
