// SPDX-License-Identifier: GPL-2.0-or-later
/* The wire form of SSH signatures, from any bytes of any length up to one more than it takes. */
#include <__fc_builtin.h>

#include "policy/sign/sshsig.h"

#define LENGTH_MAX (SSHSIG_BLOB_MAX + 1)

static uint8_t bytes[LENGTH_MAX];

int main(void)
{
	size_t length = Frama_C_size_t_interval(0, LENGTH_MAX);
	enum sshsig_flaw flaw;
	struct sshsig sig; /* a read of a field before it was written is an alarm */

	Frama_C_make_unknown((char *)bytes, sizeof(bytes));
	/* The input is the end of the array: a read beyond it is outside, whatever its length. */
	//@ split length;
	flaw = sshsig_parse(&sig, bytes + (LENGTH_MAX - length), length);
	//@ assert known: 0 <= flaw < SSHSIG_FLAW_COUNT;
	if (flaw == SSHSIG_SOUND) {
		//@ assert type: sig.key.type < SSHKEY_TYPE_COUNT;
		//@ assert hash: sig.hash < SSHSIG_HASH_COUNT;
		//@ assert point: \initialized(&sig.key.point[0 .. SSHKEY_POINT_SIZE - 1]);
		//@ assert name: \initialized(&sig.name[0 .. SIGN_NAMESPACE_SIZE - 1]);
		//@ assert ended: sig.name[SIGN_NAMESPACE_SIZE - 1] == 0;
		//@ assert signature: \initialized(&sig.signature[0 .. SSHSIG_SIGNATURE_SIZE - 1]);
		//@ assert touch: \initialized(&sig.flags) && \initialized(&sig.counter);
	}
	return (int)flaw;
}
