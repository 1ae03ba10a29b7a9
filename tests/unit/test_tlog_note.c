// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys, signed notes, cosignatures and checkpoints. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/tlog/tlog.h"
#include "tests/unit/unit.h"

/* The examples that the specifications give. */
#define SPEC_KEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define SPEC_NOTE                                                                                  \
	"This is an example message.\n\n\xe2\x80\x94 example.com/foo "                             \
	"Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72Iney" \
	"a"                                                                                        \
	"QM=\n"

static struct tlog_key log_key, witness;
static uint8_t log_secret[64], witness_secret[64];
static char note[4096];
static size_t length;

static void make_key(struct tlog_key *key, uint8_t *secret, enum tlog_key_type type,
		     const char *name)
{
	uint8_t public[32];

	crypto_sign_keypair(public, secret);
	ck_assert_int_eq(tlog_key_make(key, type, name, public), 0);
}

static void add_line(const struct tlog_key *key, const uint8_t *secret, uint64_t time)
{
	size_t text = (size_t)(strstr(note, "\n\n") + 1 - note);

	length += tlog_note_sign(note + length, key, secret, time, note, text);
}

/* A checkpoint of 7 leaves, signed by its log. */
static void setup(void)
{
	struct tlog_checkpoint checkpoint = { .origin = "airgap.test/T-1/0", .size = 7 };

	ck_assert_int_ge(sodium_init(), 0);
	make_key(&log_key, log_secret, TLOG_KEY_NOTE, checkpoint.origin);
	make_key(&witness, witness_secret, TLOG_KEY_COSIGNATURE, "office.test");
	tlog_hash_leaf(&checkpoint.root, "x", 1);
	length = tlog_checkpoint_format(&checkpoint, note);
	note[length++] = '\n';
	note[length] = 0;
	add_line(&log_key, log_secret, 0);
}

START_TEST(examples_of_the_specification)
{
	struct tlog_key key;
	struct tlog_note parsed;
	char text[TLOG_KEY_TEXT_SIZE];

	ck_assert_int_eq(tlog_key_parse(SPEC_KEY, &key), 0);
	ck_assert_str_eq(key.name, "example.com/foo");
	ck_assert_uint_eq(key.id, 0x530d903a);
	tlog_key_format(&key, text);
	ck_assert_str_eq(text, SPEC_KEY);
	ck_assert_int_eq(tlog_note_parse(SPEC_NOTE, strlen(SPEC_NOTE), &parsed), 0);
	ck_assert_uint_eq(parsed.count, 1);
	ck_assert_int_eq(tlog_note_verify(&parsed, &key, NULL), 0);
	ck_assert_int_eq(tlog_note_verify(&parsed, &log_key, NULL), -ENOKEY);
}
END_TEST

START_TEST(keys_are_strict)
{
	static const char *const bad[] = {
		"",
		"example.com/foo",
		"example.com/foo+530d903a",
		"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
		"example.com/foo+530d903a+CekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		" example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	};
	char name[TLOG_NAME_SIZE + 1];
	struct tlog_key key;
	uint8_t public[32] = { 0 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(tlog_key_parse(bad[i], &key) == -EBADMSG, "taken: %s", bad[i]);
	ck_assert_int_eq(tlog_key_make(&key, TLOG_KEY_NOTE, "a b", public), -EINVAL);
	ck_assert_int_eq(tlog_key_make(&key, TLOG_KEY_NOTE, "a+b", public), -EINVAL);
	ck_assert_int_eq(tlog_key_make(&key, TLOG_KEY_NOTE, "", public), -EINVAL);
	ck_assert_int_eq(tlog_key_make(&key, TLOG_KEY_NOTE, "a\xc3\xa9", public), -EINVAL);
	ck_assert_int_eq(tlog_key_make(&key, (enum tlog_key_type)6, "a", public), -EINVAL);
	memset(name, 'n', sizeof(name));
	name[TLOG_NAME_SIZE - 1] = 0;
	ck_assert_int_eq(tlog_key_make(&key, TLOG_KEY_NOTE, name, public), 0);
	name[TLOG_NAME_SIZE - 1] = 'n';
	name[TLOG_NAME_SIZE] = 0;
	ck_assert_int_eq(tlog_key_make(&key, TLOG_KEY_NOTE, name, public), -EINVAL);
}
END_TEST

START_TEST(checkpoints)
{
	struct tlog_checkpoint checkpoint;
	struct tlog_note parsed;
	uint64_t time = 1;

	ck_assert_int_eq(tlog_checkpoint_open(note, length, &log_key, &checkpoint, NULL), 0);
	ck_assert_str_eq(checkpoint.origin, log_key.name);
	ck_assert_uint_eq(checkpoint.size, 7);
	add_line(&witness, witness_secret, 1679315147);
	add_line(&witness, witness_secret, 1679315140);
	ck_assert_int_eq(tlog_checkpoint_open(note, length, &log_key, &checkpoint, &parsed), 0);
	ck_assert_uint_eq(parsed.count, 3);
	ck_assert_int_eq(tlog_note_verify(&parsed, &witness, &time), 0);
	ck_assert_uint_eq(time, 1679315147);
	ck_assert_int_eq(tlog_note_verify(&parsed, &log_key, &time), 0);
	ck_assert_uint_eq(time, 0);
	/* The log's key under another name is another key. */
	ck_assert_int_eq(
		tlog_key_make(&log_key, TLOG_KEY_NOTE, "airgap.test/T-1/1", log_key.public), 0);
	ck_assert_int_eq(tlog_checkpoint_open(note, length, &log_key, &checkpoint, NULL), -ENOKEY);
}
END_TEST

/* No byte of text or signature can be another one. */
START_TEST(every_byte_counts)
{
	struct tlog_checkpoint checkpoint;
	struct tlog_note parsed;
	uint64_t time;
	int rejected = 0;

	add_line(&witness, witness_secret, 1679315147);
	for (size_t i = 0; i < length; i++) {
		for (int bit = 0; bit < 8; bit++) {
			int r, s;

			note[i] = (char)(note[i] ^ 1 << bit);
			r = tlog_checkpoint_open(note, length, &log_key, &checkpoint, &parsed);
			s = r ? r : tlog_note_verify(&parsed, &witness, &time);
			ck_assert_msg(r != 0 || s != 0, "byte %zu bit %d is of no account", i, bit);
			note[i] = (char)(note[i] ^ 1 << bit);
			rejected++;
		}
	}
	for (size_t cut = 0; cut < length; cut++) {
		int r = tlog_checkpoint_open(note, cut, &log_key, &checkpoint, &parsed);

		ck_assert(r != 0 || tlog_note_verify(&parsed, &witness, &time) != 0);
	}
	printf("# %d changes rejected\n", rejected);
}
END_TEST

START_TEST(foreign_signatures_are_ignored)
{
	struct tlog_checkpoint checkpoint;
	struct tlog_key other;
	uint8_t secret[64];
	struct tlog_note parsed;

	for (size_t i = 1; i < TLOG_SIGNATURES_MAX; i++) {
		/* The same name, another key; and a kind of signature that we do not know. */
		make_key(&other, secret, TLOG_KEY_NOTE, log_key.name);
		if (i % 2)
			add_line(&other, secret, 0);
		else
			length += (size_t)sprintf(note + length,
						  "\xe2\x80\x94 pq.test AAAAAAAAAAAAAAAA\n");
	}
	ck_assert_int_eq(tlog_checkpoint_open(note, length, &log_key, &checkpoint, &parsed), 0);
	ck_assert_uint_eq(parsed.count, TLOG_SIGNATURES_MAX);
	length += (size_t)sprintf(note + length, "\xe2\x80\x94 pq.test AAAAAAAAAAAAAAAA\n");
	ck_assert_int_eq(tlog_checkpoint_open(note, length, &log_key, &checkpoint, &parsed),
			 -EBADMSG);
}
END_TEST

/* A right signature does not make up for a wrong one of the same key. */
START_TEST(one_wrong_signature_taints)
{
	struct tlog_note parsed;
	char *line;

	add_line(&witness, witness_secret, 5);
	add_line(&witness, witness_secret, 6);
	line = strrchr(note, ' ') + 90;
	*line = *line == 'A' ? 'B' : 'A';
	ck_assert_int_eq(tlog_note_parse(note, length, &parsed), 0);
	ck_assert_int_eq(tlog_note_verify(&parsed, &witness, NULL), -EKEYREJECTED);
	ck_assert_int_eq(tlog_note_verify(&parsed, &log_key, NULL), 0);
}
END_TEST

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

START_TEST(checkpoint_texts_are_strict)
{
	static const struct {
		const char *text;
		int r;
	} texts[] = {
		{ "example.com/log\n20852163\n" ROOT, 0 },
		{ "example.com/log\n0\n" ROOT, 0 },
		{ "example.com/log\n9223372036854775807\n" ROOT, 0 },
		{ "example.com/log\n1\n" ROOT "an extension\n", 0 },
		{ "example.com/log\n9223372036854775808\n" ROOT, -EBADMSG },
		{ "example.com/log\n99999999999999999999\n" ROOT, -EBADMSG },
		{ "example.com/log\n01\n" ROOT, -EBADMSG },
		{ "example.com/log\n+1\n" ROOT, -EBADMSG },
		{ "example.com/log\n-1\n" ROOT, -EBADMSG },
		{ "example.com/log\n\n" ROOT, -EBADMSG },
		{ "\n1\n" ROOT, -EBADMSG },
		{ "example.com/log\n1\n", -EBADMSG },
		{ "example.com/log\n1\n" ROOT "\n", -EBADMSG },
		{ "example.com/log\n1\n" ROOT "no newline", -EBADMSG },
		{ "example.com/log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", -EBADMSG },
		{ "example.com/log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", -EBADMSG },
		{ "two words\n1\n" ROOT, -EBADMSG },
	};
	struct tlog_checkpoint checkpoint;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_msg(tlog_checkpoint_parse(texts[i].text, strlen(texts[i].text),
						    &checkpoint) == texts[i].r,
			      "%s", texts[i].text);
}
END_TEST

START_TEST(notes_are_strict)
{
	static const char *const bad[] = {
		"",
		"\n",
		"\n\n",
		"text\n",
		"text\n\n",
		"text\n\n\n",
		"text\n\nsigned: me AAAAAAAA\n",
		"text\n\n\xe2\x80\x94 me AAAAAAAA",
		"text\n\n\xe2\x80\x94 me  AAAAAAAA\n",
		"text\n\n\xe2\x80\x94  AAAAAAAA\n",
		"text\n\n\xe2\x80\x94 me AAAA\n",
		"text\n\n\xe2\x80\x94 m+e AAAAAAAA\n",
		"text\t\n\n\xe2\x80\x94 me AAAAAAAA\n",
		"te\xc0\x80t\n\n\xe2\x80\x94 me AAAAAAAA\n",
		"text\n\xe2\x80\x94 me AAAAAAAA\n",
	};
	struct tlog_note parsed;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(tlog_note_parse(bad[i], strlen(bad[i]), &parsed) == -EBADMSG,
			      "taken: %s", bad[i]);
	ck_assert_int_eq(tlog_note_parse("text\n\n\xe2\x80\x94 me AAAAAAAA\n", 22, &parsed), 0);
	ck_assert_uint_eq(parsed.text_length, 5);
	/* The text may have empty lines; the last one ends it. */
	ck_assert_int_eq(tlog_note_parse("a\n\nb\n\n\xe2\x80\x94 me AAAAAAAA\n", 22, &parsed), 0);
	ck_assert_uint_eq(parsed.text_length, 5);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { examples_of_the_specification,
				       keys_are_strict,
				       checkpoints,
				       every_byte_counts,
				       foreign_signatures_are_ignored,
				       one_wrong_signature_taints,
				       checkpoint_texts_are_strict,
				       notes_are_strict };
	Suite *suite = suite_create("tlog_note");
	TCase *tcase = tcase_create("core");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
