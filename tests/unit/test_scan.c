// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/scan.h"
#include "agent/transfer/scan_nest.h"
#include "tests/unit/age_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *text;
	enum scan_verdict verdict;
	const char *name;
} answers[] = {
	{ "stream: OK", SCAN_CLEAN, "" },
	{ "stream: OK\n", SCAN_CLEAN, "" },
	{ "stream: Eicar-Test-Signature FOUND", SCAN_FOUND, "Eicar-Test-Signature" },
	{ "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND", SCAN_BEYOND_LIMIT,
	  "Heuristics.Limits.Exceeded.MaxFileSize" },
	{ "INSTREAM size limit exceeded. ERROR", SCAN_BEYOND_LIMIT,
	  "INSTREAM size limit exceeded. ERROR" },
	{ "stream: Can't allocate memory ERROR", SCAN_ERROR,
	  "stream: Can't allocate memory ERROR" },
	{ "stream: OKAY", SCAN_ERROR, "stream: OKAY" },
	{ "stream: OK FOUND", SCAN_FOUND, "OK" },
	{ "stream:  FOUND", SCAN_ERROR, "stream:  FOUND" },
	{ "OK", SCAN_ERROR, "OK" },
	{ "other: OK", SCAN_ERROR, "other: OK" },
	{ "UNKNOWN COMMAND", SCAN_ERROR, "UNKNOWN COMMAND" },
	{ "", SCAN_ERROR, "" },
	{ "stream: \033[2J FOUND", SCAN_FOUND, "\\u{1b}[2J" },
};
#define ANSWERS (int)(sizeof(answers) / sizeof(answers[0]))

START_TEST(test_answers)
{
	char name[OUTCOME_DETAIL_SIZE];

	ck_assert_uint_eq(scan_answer_parse(answers[_i].text, strlen(answers[_i].text), name),
			  answers[_i].verdict);
	ck_assert_str_eq(name, answers[_i].name);
}
END_TEST

/* A scanner of our own: answers as it is told, after as many bytes of the stream as it is told. */
struct fake {
	const char *version;
	const char *
		nest; /* answer to the first stream of a connection of its own, "": that to 'stream' */
	const char *stream;
	size_t takes; /* bytes, then it answers and hangs up */
	bool silent;
};

static char path[108];
static pid_t server;

static size_t read_stream(int fd, size_t takes)
{
	uint8_t byte[4096];
	size_t total = 0;
	uint32_t length;

	while (total < takes && recv(fd, &length, 4, MSG_WAITALL) == 4 && length != 0) {
		for (length = __builtin_bswap32(length); length > 0 && total < takes;) {
			size_t piece = length < sizeof(byte) ? length : sizeof(byte);
			ssize_t n = recv(fd, byte, piece, 0);

			if (n <= 0)
				return total;
			total += (size_t)n;
			length -= (uint32_t)n;
		}
	}
	return total;
}

static void answer(int fd, const struct fake *fake)
{
	char command[10] = "";
	const char *text = fake->stream;
	size_t nest, total;

	free(scan_nest_new(&nest));
	for (size_t i = 0; i < sizeof(command); i++)
		if (recv(fd, command + i, 1, 0) != 1 || !command[i])
			break;
	if (strcmp(command, "zVERSION") == 0) {
		text = fake->version;
	} else {
		total = read_stream(fd, fake->takes);
		if (total == nest)
			text = fake->nest;
	}
	if (fake->silent)
		pause();
	if (text[0])
		send(fd, text, strlen(text) + 1, MSG_NOSIGNAL);
}

_Noreturn static void serve(int listener, const struct fake *fake)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		answer(fd, fake);
		close(fd);
	}
}

static struct scan_settings start(const struct fake *fake)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(path, sizeof(path), "%s/clamd-%d", unit_tmpdir(), getpid());
	strcpy(address.sun_path, path);
	unlink(path);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(listener, 4), 0);
	server = fork();
	if (server == 0)
		serve(listener, fake);
	close(listener);
	return (struct scan_settings){ .socket = path, .timeout_s = 1 };
}

static void stop(void)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	unlink(path);
}

#define SOUND                                                                                      \
	.version = "ClamAV 1.4.3/27000/Mon", .takes = SIZE_MAX,                                    \
	.nest = "stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND"

static const struct {
	struct fake fake;
	uint32_t probe, file;
} scanners[] = {
	{ { SOUND, .stream = "stream: OK" }, OUTCOME_DONE, OUTCOME_DONE },
	{ { SOUND, .stream = "stream: X FOUND" }, OUTCOME_DONE, OUTCOME_SCAN_FOUND },
	{ { SOUND, .stream = "stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND" },
	  OUTCOME_DONE,
	  OUTCOME_SCAN_LIMIT },
	{ { SOUND, .stream = "stream: broken ERROR" }, OUTCOME_DONE, OUTCOME_SCAN_FAILED },
	{ { SOUND, .stream = "" }, OUTCOME_DONE, OUTCOME_SCAN_FAILED },
	/* It looked into nothing, and says so: clean. */
	{ { .version = "ClamAV", .nest = "stream: OK", .stream = "stream: OK", .takes = SIZE_MAX },
	  OUTCOME_SCAN_UNSAFE,
	  OUTCOME_DONE },
	{ { .version = "ClamAV", .nest = "", .stream = "", .takes = SIZE_MAX },
	  OUTCOME_SCAN_FAILED,
	  OUTCOME_SCAN_FAILED },
	{ { .version = "", .nest = "", .stream = "" }, OUTCOME_SCAN_FAILED, OUTCOME_SCAN_FAILED },
	/* It hangs up within the file. */
	{ { .version = "ClamAV",
	    .nest = "",
	    .takes = 100000,
	    .stream = "INSTREAM size limit exceeded. ERROR" },
	  OUTCOME_SCAN_FAILED,
	  OUTCOME_SCAN_LIMIT },
	/* It says OK within the file. */
	{ { .version = "ClamAV", .nest = "", .takes = 100000, .stream = "stream: OK" },
	  OUTCOME_SCAN_FAILED,
	  OUTCOME_SCAN_FAILED },
	{ { SOUND, .silent = true, .stream = "" }, OUTCOME_SCAN_FAILED, OUTCOME_SCAN_FAILED },
};
#define SCANNERS (int)(sizeof(scanners) / sizeof(scanners[0]))

START_TEST(test_scanners)
{
	struct scan_settings settings = start(&scanners[_i].fake);
	size_t size = 8 * 1024 * 1024;
	uint8_t *bytes = age_fixture_bytes(size);
	int fd = age_fixture_file(bytes, size), r;
	char version[SCAN_VERSION_SIZE];
	struct outcome outcome;

	r = scan_probe(&settings, version, &outcome);
	ck_assert_uint_eq(outcome.reason, scanners[_i].probe);
	ck_assert((r == 0) == (outcome.reason == OUTCOME_DONE));
	r = scan_file(&settings, fd, "a file", &outcome);
	ck_assert_uint_eq(outcome.reason, scanners[_i].file);
	ck_assert((r == 0) == (outcome.reason == OUTCOME_DONE));
	if (r < 0)
		ck_assert_str_eq(outcome.about, "a file");
	stop();
	close(fd);
	free(bytes);
}
END_TEST

START_TEST(test_absent)
{
	struct scan_settings settings = { .socket = "/nonexistent/clamd" };
	char version[SCAN_VERSION_SIZE];
	struct outcome outcome;

	ck_assert_int_eq(scan_probe(&settings, version, &outcome), -ENOENT);
	ck_assert_uint_eq(outcome.reason, OUTCOME_SCAN_ABSENT);
	ck_assert_int_eq(scan_file(&settings, 0, "x", &outcome), -ENOENT);
	ck_assert_uint_eq(outcome.reason, OUTCOME_SCAN_ABSENT);
}
END_TEST

START_TEST(test_cancel)
{
	const struct fake fake = { SOUND, .stream = "", .silent = true };
	struct scan_settings settings = start(&fake);
	atomic_bool cancel = true;
	struct work work = { .cancel = &cancel };
	struct outcome outcome;
	int fd = age_fixture_file((const uint8_t *)"x", 1);

	settings.work = &work;
	ck_assert_int_eq(scan_file(&settings, fd, "x", &outcome), -ECANCELED);
	ck_assert_uint_eq(outcome.reason, OUTCOME_CANCELLED);
	stop();
	close(fd);
}
END_TEST

START_TEST(test_nest)
{
	size_t length;
	uint8_t *nest = scan_nest_new(&length);

	ck_assert_uint_eq(length, SCAN_NEST_DEPTH * 100 + 9);
	for (size_t i = 0; i < SCAN_NEST_DEPTH; i++)
		ck_assert_int_eq(memcmp(nest + 31 * i, "PK\3\4", 4), 0);
	ck_assert_int_eq(memcmp(nest + 31 * SCAN_NEST_DEPTH, "innermost", 9), 0);
	ck_assert_int_eq(memcmp(nest + length - 22, "PK\5\6", 4), 0);
	free(nest);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scan");
	TCase *tcase = tcase_create("scan");

	signal(SIGPIPE, SIG_IGN);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_answers, 0, ANSWERS);
	tcase_add_loop_test(tcase, test_scanners, 0, SCANNERS);
	tcase_add_test(tcase, test_absent);
	tcase_add_test(tcase, test_cancel);
	tcase_add_test(tcase, test_nest);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
