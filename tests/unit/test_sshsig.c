// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/sshsig.h"
#include "tests/unit/signer.h"
#include "tests/unit/unit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "airgap-policy@v1"

static const char text[] = "airgap-policy 1\n";

/* The way of one armoured signature through all three steps. */
static enum sshsig_flaw judge(const char *armour, size_t length, enum sign_namespace ns)
{
	uint8_t blob[SSHSIG_BLOB_MAX];
	size_t used = 0, blob_length = 0;
	struct sshsig_message message;
	struct sshsig sig;
	enum sshsig_flaw flaw;

	flaw = sshsig_unarmour((const uint8_t *)armour, length, &used, blob, &blob_length);
	if (flaw == SSHSIG_SOUND && used != length)
		return SSHSIG_FLAW_TRAILING;
	if (flaw == SSHSIG_SOUND)
		flaw = sshsig_parse(&sig, blob, blob_length);
	if (flaw != SSHSIG_SOUND)
		return flaw;
	sshsig_message_init(&message, (const uint8_t *)text, strlen(text));
	return sshsig_verify(&sig, &message, ns);
}

static enum sshsig_flaw judge_spec(const struct signer *signer, const struct signer_spec *spec)
{
	char armour[SIGNER_ARMOUR_MAX];
	size_t length = signer_armour(signer, spec, text, strlen(text), armour);

	return judge(armour, length, SIGN_NAMESPACE_POLICY);
}

static struct signer signers[2];

static void setup(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	signer_make(&signers[0], 1, false);
	signer_make(&signers[1], 2, true);
}

START_TEST(test_sound)
{
	static const char *const hashes[] = { "sha256", "sha512" };
	static const size_t widths[] = { 76, 70, 64, 1 };
	struct signer_spec spec = signer_spec(&signers[_i], NAME);
	size_t i;

	for (i = 0; i < 2; i++) {
		spec.hash = hashes[i];
		ck_assert_int_eq(judge_spec(&signers[_i], &spec), SSHSIG_SOUND);
	}
	for (i = 0; i < 4; i++) {
		spec.width = widths[i];
		ck_assert_int_eq(judge_spec(&signers[_i], &spec), SSHSIG_SOUND);
	}
}
END_TEST

START_TEST(test_touch)
{
	struct signer_spec spec = signer_spec(&signers[1], NAME);
	enum sshsig_flaw wanted;
	unsigned int flags;

	for (flags = 0; flags < 256; flags++) {
		spec.flags = (uint8_t)flags;
		wanted = flags & ~0x1dU ? SSHSIG_FLAW_FLAGS
			 : flags & 1	? SSHSIG_SOUND
					: SSHSIG_FLAW_PRESENCE;
		ck_assert_int_eq(judge_spec(&signers[1], &spec), wanted);
	}
	spec.flags = 1;
	spec.counter = UINT32_MAX;
	ck_assert_int_eq(judge_spec(&signers[1], &spec), SSHSIG_SOUND);
}
END_TEST

/* One field spoilt each; where @hardware is -1 both kinds of key are tried. */
static const struct {
	enum sshsig_flaw wanted;
	int hardware;
	size_t offset; /* of a string or number in the spec */
	const char *string;
	size_t number;
	enum { STRING, NUMBER, NUMBER32 } kind;
} spoilt[] = {
#define S(flaw, hw, field, value)                                                                  \
	{                                                                                          \
		SSHSIG_FLAW_##flaw, hw, offsetof(struct signer_spec, field), value, 0, STRING      \
	}
#define N(flaw, hw, field, value)                                                                  \
	{                                                                                          \
		SSHSIG_FLAW_##flaw, hw, offsetof(struct signer_spec, field), NULL, value, NUMBER   \
	}
	S(MAGIC, -1, magic, "SSHSIh"),
	S(MAGIC, -1, magic, "sshsig"),
	{ SSHSIG_FLAW_VERSION, -1, offsetof(struct signer_spec, version), NULL, 0, NUMBER32 },
	{ SSHSIG_FLAW_VERSION, -1, offsetof(struct signer_spec, version), NULL, 2, NUMBER32 },
	{ SSHSIG_FLAW_VERSION, -1, offsetof(struct signer_spec, version), NULL, 0x01000000,
	  NUMBER32 },
	S(KEY, -1, key_type, "ssh-rsa"),
	S(KEY, -1, key_type, ""),
	S(KEY, -1, key_type, "ssh-ed2551"),
	S(KEY, -1, key_type, "ssh-ed25519-cert-v01@openssh.com"),
	S(KEY, 0, key_type, "sk-ssh-ed25519@openssh.com"),
	S(KEY, 1, key_type, "ssh-ed25519"),
	N(KEY, -1, point_length, 31),
	N(KEY, -1, point_length, 33),
	N(KEY, -1, point_length, 0),
	S(KEY, 1, application, "ssh:airgap"),
	S(KEY, 1, application, "ssh"),
	S(KEY, 1, application, ""),
	S(KEY, -1, key_tail, "x"),
	S(OTHER_NAMESPACE, -1, name, "airgap-policy@v2"),
	S(OTHER_NAMESPACE, -1, name, "AIRGAP-POLICY@v1"),
	S(NAMESPACE, -1, name, "airgap policy@v1"),
	S(NAMESPACE, -1, name, "airgap-policy@\n1"),
	S(NAMESPACE, -1, name, "airgap-policy@\xc3\xa9"),
	N(NAMESPACE, -1, name_length, 0),
	N(OTHER_NAMESPACE, -1, name_length, 15),
	S(RESERVED, -1, reserved, "x"),
	S(HASH, -1, hash, "sha384"),
	S(HASH, -1, hash, "SHA512"),
	S(HASH, -1, hash, ""),
	S(HASH, -1, hash, "sha5120"),
	S(TYPE, -1, sig_type, "ssh-rsa"),
	S(TYPE, 0, sig_type, "sk-ssh-ed25519@openssh.com"),
	S(TYPE, 1, sig_type, "ssh-ed25519"),
	N(SIZE, -1, sig_length, 63),
	N(SIZE, -1, sig_length, 65),
	N(SIZE, -1, sig_length, 0),
	S(SIZE, -1, sig_tail, "x"),
	S(TRAILING, -1, tail, "x"),
};

START_TEST(test_spoilt)
{
	struct signer_spec spec;
	size_t i;
	int hw;

	for (hw = 0; hw < 2; hw++)
		for (i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
			char *field = (char *)&spec + spoilt[i].offset;
			uint32_t small = (uint32_t)spoilt[i].number;

			if (spoilt[i].hardware != -1 && spoilt[i].hardware != hw)
				continue;
			spec = signer_spec(&signers[hw], NAME);
			if (spoilt[i].kind == STRING)
				memcpy(field, &spoilt[i].string, sizeof(spoilt[i].string));
			else if (spoilt[i].kind == NUMBER)
				memcpy(field, &spoilt[i].number, sizeof(spoilt[i].number));
			else
				memcpy(field, &small, sizeof(small));
			ck_assert_msg(judge_spec(&signers[hw], &spec) == spoilt[i].wanted,
				      "case %zu, hardware %d: %s", i, hw,
				      sshsig_flaw_text(judge_spec(&signers[hw], &spec)));
		}
	spec = signer_spec(&signers[1], NAME);
	spec.no_touch_fields = true;
	ck_assert_int_eq(judge_spec(&signers[1], &spec), SSHSIG_FLAW_SIZE);
	spec = signer_spec(&signers[0], "airgap-policy@v1-and-much-too-long-a-name");
	ck_assert_int_eq(judge_spec(&signers[0], &spec), SSHSIG_FLAW_NAMESPACE);
}
END_TEST

/* Every beginning of the wire form is refused, and no read goes past its end (see ASan). */
START_TEST(test_truncated)
{
	struct signer_spec spec = signer_spec(&signers[_i], NAME);
	uint8_t blob[SIGNER_ARMOUR_MAX], *exact;
	size_t length = signer_blob(&signers[_i], &spec, text, strlen(text), blob), n;
	struct sshsig sig;

	ck_assert_int_eq(sshsig_parse(&sig, blob, length), SSHSIG_SOUND);
	for (n = 0; n < length; n++) {
		exact = malloc(n ? n : 1);
		ck_assert_ptr_nonnull(exact);
		memcpy(exact, blob, n);
		ck_assert_int_ne(sshsig_parse(&sig, exact, n), SSHSIG_SOUND);
		free(exact);
	}
	memset(blob + length, 0, SSHSIG_BLOB_MAX + 1 - length);
	ck_assert_int_eq(sshsig_parse(&sig, blob, SSHSIG_BLOB_MAX + 1), SSHSIG_FLAW_LARGE);
	ck_assert_int_eq(sshsig_parse(&sig, blob, SSHSIG_BLOB_MAX), SSHSIG_FLAW_TRAILING);
}
END_TEST

/* Lengths of strings that lie: each 32-bit word of the blob becomes huge. */
START_TEST(test_lying_lengths)
{
	static const uint8_t lies[][4] = { { 0xff, 0xff, 0xff, 0xff },
					   { 0x7f, 0xff, 0xff, 0xff },
					   { 0x80, 0, 0, 0 },
					   { 0, 0, 1, 0 } };
	struct signer_spec spec = signer_spec(&signers[_i], NAME);
	uint8_t blob[SIGNER_ARMOUR_MAX], *exact;
	size_t length = signer_blob(&signers[_i], &spec, text, strlen(text), blob), at, i;
	struct sshsig_message message;
	struct sshsig sig;

	for (at = 0; at + 4 <= length; at++)
		for (i = 0; i < 4; i++) {
			if (memcmp(blob + at, lies[i], 4) == 0)
				continue;
			exact = malloc(length);
			ck_assert_ptr_nonnull(exact);
			memcpy(exact, blob, length);
			memcpy(exact + at, lies[i], 4);
			sshsig_message_init(&message, (const uint8_t *)text, strlen(text));
			if (sshsig_parse(&sig, exact, length) == SSHSIG_SOUND)
				ck_assert_int_ne(
					sshsig_verify(&sig, &message, SIGN_NAMESPACE_POLICY),
					SSHSIG_SOUND);
			free(exact);
		}
}
END_TEST

START_TEST(test_every_bit)
{
	struct signer_spec spec = signer_spec(&signers[_i], NAME);
	char armour[SIGNER_ARMOUR_MAX];
	size_t length = signer_armour(&signers[_i], &spec, text, strlen(text), armour), at;
	int bit;

	ck_assert_int_eq(judge(armour, length, SIGN_NAMESPACE_POLICY), SSHSIG_SOUND);
	for (at = 0; at < length; at++)
		for (bit = 0; bit < 8; bit++) {
			armour[at] = (char)(armour[at] ^ 1 << bit);
			ck_assert_msg(judge(armour, length, SIGN_NAMESPACE_POLICY) != SSHSIG_SOUND,
				      "byte %zu bit %d", at, bit);
			armour[at] = (char)(armour[at] ^ 1 << bit);
		}
	for (at = 0; at < length; at++)
		ck_assert_int_ne(judge(armour, at, SIGN_NAMESPACE_POLICY), SSHSIG_SOUND);
}
END_TEST

static void expect_armour(const char *armour, enum sshsig_flaw wanted)
{
	uint8_t blob[SSHSIG_BLOB_MAX];
	size_t used = 0, length = 0;
	enum sshsig_flaw flaw =
		sshsig_unarmour((const uint8_t *)armour, strlen(armour), &used, blob, &length);

	ck_assert_msg(flaw == wanted, "%s: %s", armour, sshsig_flaw_text(flaw));
}

START_TEST(test_armour)
{
#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END   "-----END SSH SIGNATURE-----\n"
	uint8_t blob[SSHSIG_BLOB_MAX + 1] = { 0 };
	char armour[SIGNER_ARMOUR_MAX];

	expect_armour(BEGIN "QUJD\n" END, SSHSIG_SOUND);
	expect_armour(BEGIN "QUJD\nRA==\n" END, SSHSIG_SOUND);
	expect_armour(BEGIN "QUJD\nRA=\n=\n" END, SSHSIG_FLAW_LINE);
	expect_armour(BEGIN "QUJ\nD\n" END, SSHSIG_SOUND);
	expect_armour(BEGIN "QU\nJDR\n" END, SSHSIG_FLAW_LINE);
	expect_armour(BEGIN "QUJD\n\n" END, SSHSIG_FLAW_LINE);
	expect_armour(BEGIN END, SSHSIG_FLAW_LINE);
	expect_armour(BEGIN "\n" END, SSHSIG_FLAW_LINE);
	expect_armour(BEGIN "QUI\n" END, SSHSIG_FLAW_BASE64);
	expect_armour(BEGIN "QUI=QUI=\n" END, SSHSIG_FLAW_BASE64);
	expect_armour(BEGIN "QUJ=\n" END, SSHSIG_FLAW_BASE64); /* bits left over */
	expect_armour(BEGIN "QU-_\n" END, SSHSIG_FLAW_BASE64); /* the alphabet of URLs */
	expect_armour(BEGIN "QUJD \n" END, SSHSIG_FLAW_BASE64);
	expect_armour(BEGIN "QUJD\r\n" END, SSHSIG_FLAW_BASE64);
	expect_armour(BEGIN " QUJD\n" END, SSHSIG_FLAW_BASE64);
	expect_armour(BEGIN "QUJD\n", SSHSIG_FLAW_END);
	expect_armour(BEGIN "QUJD\n-----END SSH SIGNATURE-----", SSHSIG_FLAW_END);
	expect_armour(BEGIN "QUJD\n-----END SSH SIGNATURE----- \n", SSHSIG_FLAW_END);
	expect_armour(BEGIN "QUJD\n-----END SSH SIGNATURE-----\r\n", SSHSIG_FLAW_END);
	expect_armour(BEGIN "QUJD\n" BEGIN, SSHSIG_FLAW_END);
	expect_armour("\n" BEGIN "QUJD\n" END, SSHSIG_FLAW_BEGIN);
	expect_armour(" " BEGIN "QUJD\n" END, SSHSIG_FLAW_BEGIN);
	expect_armour("-----BEGIN SSH SIGNATURE-----\r\nQUJD\n" END, SSHSIG_FLAW_BEGIN);
	expect_armour("-----BEGIN SSH SIGNATURE-----", SSHSIG_FLAW_BEGIN);
	expect_armour("", SSHSIG_FLAW_BEGIN);
	signer_wrap(blob, 80, 77, armour);
	expect_armour(armour, SSHSIG_FLAW_LINE);
	signer_wrap(blob, SSHSIG_BLOB_MAX + 1, 76, armour);
	expect_armour(armour, SSHSIG_FLAW_LARGE);
}
END_TEST

/* S + L is the same number for a careless verifier (RFC 8032 section 5.1.7). */
START_TEST(test_malleable)
{
	static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
					   0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
					   0,	 0,    0,    0,	   0,	 0,    0,    0,
					   0,	 0,    0,    0,	   0,	 0,    0,    0x10 };
	struct signer_spec spec = signer_spec(&signers[_i], NAME);
	uint8_t blob[SIGNER_ARMOUR_MAX];
	struct sshsig_message message;
	unsigned int carry = 0, i;
	struct sshsig sig;
	size_t length;

	length = signer_blob(&signers[_i], &spec, text, strlen(text), blob);
	ck_assert_int_eq(sshsig_parse(&sig, blob, length), SSHSIG_SOUND);
	sshsig_message_init(&message, (const uint8_t *)text, strlen(text));
	ck_assert_int_eq(sshsig_verify(&sig, &message, SIGN_NAMESPACE_POLICY), SSHSIG_SOUND);
	for (i = 0; i < 32; i++) {
		carry += (unsigned int)sig.signature[32 + i] + order[i];
		sig.signature[32 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	ck_assert_int_eq(sshsig_verify(&sig, &message, SIGN_NAMESPACE_POLICY),
			 SSHSIG_FLAW_MISMATCH);
}
END_TEST

/* A key of small order would pass any text with R of small order and S = 0. */
START_TEST(test_small_order)
{
	static const uint8_t identity[32] = { 1 };
	struct signer_spec spec = signer_spec(&signers[0], NAME);
	uint8_t blob[SIGNER_ARMOUR_MAX];
	struct sshsig_message message;
	struct sshsig sig;
	size_t length;

	length = signer_blob(&signers[0], &spec, text, strlen(text), blob);
	ck_assert_int_eq(sshsig_parse(&sig, blob, length), SSHSIG_SOUND);
	memcpy(sig.key.point, identity, 32);
	memset(sig.signature, 0, sizeof(sig.signature));
	memcpy(sig.signature, identity, 32);
	sshsig_message_init(&message, (const uint8_t *)text, strlen(text));
	ck_assert_int_eq(sshsig_verify(&sig, &message, SIGN_NAMESPACE_POLICY),
			 SSHSIG_FLAW_MISMATCH);
}
END_TEST

START_TEST(test_namespaces)
{
	struct signer_spec spec;
	char armour[SIGNER_ARMOUR_MAX];
	enum sign_namespace made, asked;
	size_t length;

	for (made = 0; made < SIGN_NAMESPACE_COUNT; made++) {
		spec = signer_spec(&signers[0], namespace_name(made));
		length = signer_armour(&signers[0], &spec, text, strlen(text), armour);
		for (asked = 0; asked <= SIGN_NAMESPACE_COUNT; asked++)
			ck_assert_int_eq(judge(armour, length, asked),
					 made == asked ? SSHSIG_SOUND
						       : SSHSIG_FLAW_OTHER_NAMESPACE);
		ck_assert_uint_eq(namespace_of_name(namespace_name(made)), made);
		ck_assert_uint_lt(strlen(namespace_name(made)), SIGN_NAMESPACE_SIZE);
	}
	ck_assert_uint_eq(namespace_of_name("none"), SIGN_NAMESPACE_COUNT);
	ck_assert_uint_eq(namespace_text_max(SIGN_NAMESPACE_COUNT), 0);
	ck_assert_uint_eq(namespace_text_max(SIGN_NAMESPACE_POLICY), 256 * 1024);
}
END_TEST

START_TEST(test_first_word)
{
	static const struct {
		const char *text;
		enum sign_namespace ns;
	} cases[] = {
		{ "airgap-policy 1\n", SIGN_NAMESPACE_POLICY },
		{ "# airgap-trust 1\n\n \tairgap-table 1\n", SIGN_NAMESPACE_TABLE },
		{ "airgap-order\n", SIGN_NAMESPACE_ORDER },
		{ "airgap-policyx 1\n", SIGN_NAMESPACE_COUNT },
		{ "airgap-polic", SIGN_NAMESPACE_COUNT },
		{ "airgap-policy", SIGN_NAMESPACE_COUNT },
		{ "# only a comment", SIGN_NAMESPACE_COUNT },
		{ "", SIGN_NAMESPACE_COUNT },
		{ "x airgap-policy 1\n", SIGN_NAMESPACE_COUNT },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_uint_eq(
			namespace_of_text((const uint8_t *)cases[i].text, strlen(cases[i].text)),
			cases[i].ns);
}
END_TEST

/* A signature that OpenSSH made in this run. */
START_TEST(test_openssh)
{
	const char *dir = unit_tmpdir();
	char command[512], armour[4096];
	size_t length;
	FILE *pipe;

	snprintf(command, sizeof(command),
		 "cd %s && ssh-keygen -q -t ed25519 -N '' -f k && printf 'airgap-policy 1\\n' | "
		 "ssh-keygen -q -Y sign -n %s -O hashalg=%s -f k",
		 dir, NAME, _i ? "sha256" : "sha512");
	pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	length = fread(armour, 1, sizeof(armour), pipe);
	ck_assert_int_eq(pclose(pipe), 0);
	ck_assert_int_eq(judge(armour, length, SIGN_NAMESPACE_POLICY), SSHSIG_SOUND);
	ck_assert_int_eq(judge(armour, length, SIGN_NAMESPACE_TRUST), SSHSIG_FLAW_OTHER_NAMESPACE);
}
END_TEST

START_TEST(test_words)
{
	int flaw;

	for (flaw = 0; flaw < SSHSIG_FLAW_COUNT; flaw++)
		ck_assert_ptr_nonnull(sshsig_flaw_text((enum sshsig_flaw)flaw));
	ck_assert_str_eq(sshsig_flaw_text((enum sshsig_flaw)999), "is unsound");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sshsig");
	TCase *tc = tcase_create("sshsig");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_sound, 0, 2);
	tcase_add_test(tc, test_touch);
	tcase_add_test(tc, test_spoilt);
	tcase_add_loop_test(tc, test_truncated, 0, 2);
	tcase_add_loop_test(tc, test_lying_lengths, 0, 2);
	tcase_add_loop_test(tc, test_every_bit, 0, 2);
	tcase_add_test(tc, test_armour);
	tcase_add_loop_test(tc, test_malleable, 0, 2);
	tcase_add_test(tc, test_small_order);
	tcase_add_test(tc, test_namespaces);
	tcase_add_test(tc, test_first_word);
	tcase_add_loop_test(tc, test_openssh, 0, 2);
	tcase_add_test(tc, test_words);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
