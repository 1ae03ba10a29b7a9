// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading and checking a log: constants below were computed with Python's hashlib. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/journal_file.h"
#include "agent/lib/msg.h"
#include "tests/unit/unit.h"

#define MAC "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define HEAD                                                                                       \
	"{\"v\":1,\"seq\":7,\"time\":\"2026-12-01T08:00:00.000001Z\",\"boottime_us\":81,"          \
	"\"boot_id\":\"96ae4f80-662c-4617-9427-24600a84038d\",\"epoch\":2,\"next_by_s\":null,"     \
	"\"lost\":5,\"policy\":"
#define POLICY "{\"serial\":42,\"digest\":\"" MAC "\"}"
#define BODY   ",\"kind\":\"violation\",\"grade\":\"V1\",\"event\":{\"a\":1},"
#define LINE   HEAD POLICY BODY "\"mac\":\"" MAC "\"}"

static const char *const ratchet[] = {
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	"c6a4c28441f104f935d99248d6cb2464483b01e6967a1840c38fb4e6d193631d",
	"5196650d26beeb1083b66d81c8d13df23358c42a62548932d21f09e0ec8bd146",
	"f922d9b484a718f1e2daf222af778fc3540ed0f24f61fe45d214a7c865177342",
};

static void expect_hex(const uint8_t bytes[static 32], const char *hex)
{
	char found[65];

	ck_assert_str_eq(sodium_bin2hex(found, sizeof(found), bytes, 32), hex);
}

START_TEST(keys_step)
{
	uint8_t key[32];

	for (uint8_t i = 0; i < 32; i++)
		key[i] = i;
	for (size_t i = 0; i < sizeof(ratchet) / sizeof(ratchet[0]); i++) {
		expect_hex(key, ratchet[i]);
		journal_evolve(key);
	}
}
END_TEST

START_TEST(macs_and_leaves)
{
	uint8_t key[32], out[32];

	for (uint8_t i = 0; i < 32; i++)
		key[i] = i;
	journal_mac(out, key, "abc", 3);
	expect_hex(out, "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
	journal_leaf(out, "abc", 3);
	expect_hex(out, "609f6e36d2405585188d5cfd761f407c7cc46a7d3f314c88270469dde315fcd1");
	/* RFC 6962: the leaf of an empty entry */
	journal_leaf(out, "", 0);
	expect_hex(out, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}
END_TEST

START_TEST(head_is_read)
{
	struct journal_head head;

	ck_assert_int_eq(journal_head_parse(LINE, strlen(LINE), &head), 0);
	ck_assert_uint_eq(head.seq, 7);
	ck_assert_str_eq(head.time, "2026-12-01T08:00:00.000001Z");
	ck_assert_uint_eq(head.boottime_us, 81);
	ck_assert_str_eq(head.boot_id, "96ae4f80-662c-4617-9427-24600a84038d");
	ck_assert_uint_eq(head.epoch, 2);
	ck_assert_uint_eq(head.lost, 5);
	ck_assert(head.has_policy);
	ck_assert_uint_eq(head.policy_serial, 42);
	expect_hex(head.policy_digest, MAC);
	ck_assert_uint_eq(head.kind, RECORD_KIND_VIOLATION);
	ck_assert_uint_eq(head.grade, RECORD_GRADE_V1);
	ck_assert_uint_eq(head.event_length, strlen("{\"a\":1}"));
	ck_assert_int_eq(strncmp(head.event, "{\"a\":1}", head.event_length), 0);
	ck_assert_uint_eq(head.signed_length, strlen(HEAD POLICY BODY));
	expect_hex(head.mac, MAC);
}
END_TEST

START_TEST(head_with_nulls)
{
	static const char line[] =
		HEAD "null,\"kind\":\"boot\",\"grade\":null,\"event\":{},\"mac\":\"" MAC "\"}";
	struct journal_head head;

	ck_assert_int_eq(journal_head_parse(line, strlen(line), &head), 0);
	ck_assert(!head.has_policy);
	ck_assert_uint_eq(head.kind, RECORD_KIND_BOOT);
	ck_assert_uint_eq(head.grade, RECORD_GRADE_NONE);
}
END_TEST

/* Outside the event and the free digits, no byte can be another. */
START_TEST(head_is_strict)
{
	struct journal_head head;
	size_t length = strlen(LINE), refused = 0;
	char line[sizeof(LINE)];

	for (size_t i = 0; i < length; i++) {
		memcpy(line, LINE, sizeof(line));
		line[i] = '#';
		/* Only bytes inside the event's braces are not looked at. */
		if (journal_head_parse(line, length, &head) < 0)
			refused++;
		else
			ck_assert(i > strlen(HEAD POLICY BODY) - strlen("{\"a\":1},"));
	}
	ck_assert_uint_eq(refused, length - strlen("\"a\":1"));
	for (size_t i = 0; i < length; i++)
		ck_assert_int_eq(journal_head_parse(LINE, i, &head), -EBADMSG);
	ck_assert_int_eq(journal_head_parse(LINE "\n", length + 1, &head), -EBADMSG);
}
END_TEST

START_TEST(numbers_are_strict)
{
	static const char *const bad[] = { "", "07", "-1", "18446744073709551616", "1e3", " 1" };
	static const char *const good[] = { "0", "18446744073709551615" };
	struct journal_head head;
	char line[1024];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(line, sizeof(line), "{\"v\":1,\"seq\":%s%s", bad[i],
			 strstr(LINE, ",\"time\""));
		ck_assert_int_eq(journal_head_parse(line, strlen(line), &head), -EBADMSG);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(line, sizeof(line), "{\"v\":1,\"seq\":%s%s", good[i],
			 strstr(LINE, ",\"time\""));
		ck_assert_int_eq(journal_head_parse(line, strlen(line), &head), 0);
	}
	ck_assert_uint_eq(head.seq, UINT64_MAX);
}
END_TEST

static int new_file(void)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/log", unit_tmpdir());
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	return fd;
}

static void add(int fd, const char *text)
{
	ck_assert_int_eq(pwrite(fd, text, strlen(text), lseek(fd, 0, SEEK_END)),
			 (ssize_t)strlen(text));
}

static void expect_line(struct journal_reader *reader, const char *text)
{
	const char *line;
	size_t length;

	ck_assert_int_eq(journal_reader_next(reader, &line, &length), 1);
	ck_assert_uint_eq(length, strlen(text));
	ck_assert_int_eq(memcmp(line, text, length), 0);
}

START_TEST(reader_follows)
{
	struct journal_reader reader;
	const char *line;
	size_t length;
	int fd = new_file();

	add(fd, "one\n\nthr");
	ck_assert_int_eq(journal_reader_init(&reader, fd, 0), 0);
	expect_line(&reader, "one");
	expect_line(&reader, "");
	ck_assert_int_eq(journal_reader_next(&reader, &line, &length), 0);
	/* The unfinished line is cut off and another takes its place. */
	ck_assert_int_eq(ftruncate(fd, 5), 0);
	add(fd, "four and more\n");
	expect_line(&reader, "four and more");
	ck_assert_int_eq(journal_reader_next(&reader, &line, &length), 0);
	ck_assert_int_eq(ftruncate(fd, 2), 0);
	ck_assert_int_eq(journal_reader_next(&reader, &line, &length), -ESTALE);
	journal_reader_done(&reader);
	close(fd);
}
END_TEST

START_TEST(reader_bounds_lines)
{
	struct journal_reader reader;
	char *text = malloc(JOURNAL_LINE_MAX + 2);
	const char *line;
	size_t length;
	int fd = new_file();

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', JOURNAL_LINE_MAX + 1);
	text[JOURNAL_LINE_MAX - 1] = '\n';
	text[JOURNAL_LINE_MAX + 1] = 0;
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(pwrite(fd, text, JOURNAL_LINE_MAX, (off_t)i * JOURNAL_LINE_MAX),
				 JOURNAL_LINE_MAX);
	text[JOURNAL_LINE_MAX - 1] = 'x';
	add(fd, text);
	ck_assert_int_eq(journal_reader_init(&reader, fd, 0), 0);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(journal_reader_next(&reader, &line, &length), 1);
		ck_assert_uint_eq(length, JOURNAL_LINE_MAX - 1);
	}
	ck_assert_int_eq(journal_reader_next(&reader, &line, &length), -EFBIG);
	journal_reader_done(&reader);
	free(text);
	close(fd);
}
END_TEST

START_TEST(initial_key_round_trip)
{
	struct journal_chain chain;
	char text[JOURNAL_INITIAL_KEY_SIZE], path[128];
	uint8_t key[32];
	size_t length;
	FILE *file;

	randombytes_buf(key, sizeof(key));
	length = journal_initial_key_format(text, UINT64_MAX, key);
	snprintf(path, sizeof(path), "%s/initial-key", unit_tmpdir());
	for (size_t cut = 0; cut <= length; cut++) {
		file = fopen(path, "w");
		ck_assert_ptr_nonnull(file);
		ck_assert_uint_eq(fwrite(text, 1, cut, file), cut);
		fclose(file);
		ck_assert_int_eq(journal_initial_key_read(path, &chain),
				 cut < length ? -EBADMSG : 0);
	}
	ck_assert_uint_eq(chain.epoch, UINT64_MAX);
	ck_assert_uint_eq(chain.seq, 0);
	ck_assert_mem_eq(chain.key, key, sizeof(key));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		keys_step,	 macs_and_leaves,     head_is_read,
		head_with_nulls, head_is_strict,      numbers_are_strict,
		reader_follows,	 reader_bounds_lines, initial_key_round_trip,
	};
	Suite *suite = suite_create("journal_file");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
