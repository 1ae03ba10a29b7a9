// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The armour of SSH signatures, from any bytes between and around its lines. libsodium is replaced
 * by what its manual promises: it reads the text it is given and fills at most the room it is told.
 */
#include <sodium.h>

#include "policy/sign/sshsig.h"
#include "tests/verify/context.h"

#ifndef ARBITRARY_MAX
#define ARBITRARY_MAX 5
#endif

static const struct context contexts[] = {
	{ "", "" },
	{ SSHSIG_BEGIN, "" },
	{ SSHSIG_BEGIN "\n", "" },
	{ SSHSIG_BEGIN "\nQUJD\n", SSHSIG_END "\n" },
	{ SSHSIG_BEGIN "\n", "\n" SSHSIG_END "\n" },
	{ SSHSIG_BEGIN "\nQUJD\n" SSHSIG_END, "" },
};
#define CONTEXTS ((int)(sizeof(contexts) / sizeof(contexts[0])))

int sodium_base642bin(unsigned char *const bin, const size_t bin_maxlen, const char *const b64,
		      const size_t b64_len, const char *const ignore, size_t *const bin_len,
		      const char **const b64_end, const int variant)
{
	size_t most = b64_len / 4 * 3;
	unsigned int sum = 0;

	(void)variant;
	//@ assert strict: ignore == \null && b64_end == \null;
	for (size_t i = 0; i < b64_len; i++)
		sum += (unsigned char)b64[i];
	*bin_len = 0;
	if (most == 0 || most > bin_maxlen || Frama_C_interval(0, 1))
		return -1;
	Frama_C_make_unknown((char *)bin, most);
	*bin_len = most - (size_t)Frama_C_interval(0, 2);
	return 0;
}

size_t sodium_base64_encoded_len(const size_t bin_len, const int variant)
{
	(void)variant;
	return (bin_len + 2) / 3 * 4 + 1;
}

char *sodium_bin2base64(char *const b64, const size_t b64_maxlen, const unsigned char *const bin,
			const size_t bin_len, const int variant)
{
	unsigned int sum = 0;

	//@ assert room: b64_maxlen >= (bin_len + 2) / 3 * 4 + 1;
	for (size_t i = 0; i < bin_len; i++)
		sum += bin[i];
	Frama_C_make_unknown(b64, b64_maxlen);
	return b64;
}

int main(void)
{
	int which = Frama_C_interval(0, CONTEXTS - 1);
	size_t arbitrary = Frama_C_size_t_interval(0, ARBITRARY_MAX), length, used, size;
	uint8_t blob[SSHSIG_BLOB_MAX];
	enum sshsig_flaw flaw;

	//@ split which;
	//@ split arbitrary;
	length = context_length(&contexts[which], arbitrary);
	Frama_C_make_unknown(context_middle(&contexts[which], arbitrary), arbitrary);
	flaw = sshsig_unarmour((uint8_t *)context_bytes + CONTEXT_MAX - length, length, &used, blob,
			       &size);
	//@ assert known: 0 <= flaw < SSHSIG_FLAW_COUNT;
	if (flaw == SSHSIG_SOUND) {
		//@ assert used: \initialized(&used) && used <= length;
		//@ assert size: \initialized(&size) && 0 < size <= SSHSIG_BLOB_MAX;
		//@ assert filled: \initialized(&blob[0 .. size - 1]);
	}
	return (int)flaw;
}
