// SPDX-License-Identifier: GPL-2.0-or-later
/* The program itself, killed again and again while a core writes. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/lib/daemon.h"
#include "agent/lib/link.h"
#include "agent/lib/path.h"
#include "tests/unit/journal_fixture.h"

#define ROUNDS	    25
#define IN_FLIGHT   40
#define ENTRIES_MAX 200000

static const char *root;
static char folder[128], socket_path[128], program[PATH_MAX];
static sd_event *event;
static struct link *core;
static pid_t journald;

/* Record number n is named "k-n"; it is request `request_of[n]` of its connection. */
static uint64_t request_of[ENTRIES_MAX];
static int64_t entry_of[ENTRIES_MAX]; /* as acknowledged; -1: not acknowledged */
static int sent, first_of_connection, answered, refused;
static bool flowing;
static int flow_max = IN_FLIGHT;
static struct msg_journal_status status;
static uint32_t sandbox;

static void make_folder(const char *path)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	ck_assert_int_eq(mkdir(whole, 0750), 0);
}

static void setup(void)
{
	char passwd[128];
	ssize_t length;

	ck_assert_int_ge(sodium_init(), 0);
	ck_assert_int_ge(sd_event_new(&event), 0);
	root = unit_tmpdir();
	make_folder("/etc");
	make_folder("/var");
	make_folder("/var/lib");
	make_folder("/var/lib/airgap");
	make_folder(PATH_JOURNAL_DIR);
	make_folder("/run");
	make_folder(PATH_RUN_JOURNAL);
	snprintf(folder, sizeof(folder), "%s" PATH_JOURNAL_DIR, root);
	snprintf(socket_path, sizeof(socket_path), "%s" PATH_SOCKET_JOURNAL, root);
	/* The core's place is this test's: its user is who the folder calls root. */
	snprintf(passwd, sizeof(passwd), "root:x:%u:%u::/:/bin/sh\n", getuid(), getgid());
	fixture_put(root, "etc/passwd", passwd, strlen(passwd));

	/* BUILD/tests/unit/NAME: the programs are in BUILD/bin. */
	length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	ck_assert_int_gt((int)length, 0);
	program[length] = 0;
	for (int i = 0; i < 3; i++)
		*strrchr(program, '/') = 0;
	strncat(program, "/bin/airgap-journald", sizeof(program) - strlen(program) - 1);
	ck_assert_msg(access(program, X_OK) == 0, "%s is missing: build it first", program);
}

static void start_journald(void)
{
	journald = fork();
	ck_assert_int_ge(journald, 0);
	if (journald == 0) {
		/* The leak checker traces, and this program cannot be traced. */
		setenv("ASAN_OPTIONS", "detect_leaks=0", 0);
		execl(program, program, "--root", root, (char *)NULL);
		_exit(127);
	}
}

static int wait_journald(void)
{
	int ended;

	ck_assert_int_eq(waitpid(journald, &ended, 0), journald);
	return ended;
}

/* --- the core --- */

static void flow(void)
{
	struct msg_record_note note;
	char name[32];

	while (flowing && sent < ENTRIES_MAX && sent - first_of_connection - answered < flow_max) {
		snprintf(name, sizeof(name), "k-%d", sent);
		note = fixture_note(sent % 3 ? RECORD_KIND_PERMIT : RECORD_KIND_VIOLATION, name);
		memset(note.text, 'x', (size_t)(sent * 7) % 900);
		if (link_send(core, MSG_RECORD_NOTE, &note, -1, &request_of[sent]) < 0)
			return;
		entry_of[sent++] = -1;
	}
}

static void on_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	sandbox = hello->sandbox;
	first_of_connection = sent;
	answered = 0;
	flow();
}

static void on_down(void *data, int error, const char *reason)
{
	(void)data;
	ck_assert_msg(error != -EPROTO, "%s", reason);
}

static int on_message(void *data, struct msg *msg)
{
	struct msg_recorded recorded;

	(void)data;
	if (msg->type == MSG_JOURNAL_STATUS)
		memcpy(&status, msg->body, sizeof(status));
	if (msg->type != MSG_RECORDED)
		return 0;
	memcpy(&recorded, msg->body, sizeof(recorded));
	answered++;
	refused += recorded.error != 0;
	for (int i = first_of_connection; i < sent; i++)
		if (request_of[i] == recorded.request && recorded.error == 0)
			entry_of[i] = (int64_t)recorded.entry;
	flow();
	return 0;
}

static void start_core(void)
{
	static const struct link_handler handler = {
		.up = on_up,
		.down = on_down,
		.message = on_message,
	};
	struct link_config config = {
		.event = event,
		.path = socket_path,
		.self = MSG_ROLE_CORE,
		.peer = MSG_ROLE_JOURNAL,
		.peer_uid = getuid(),
		.queue_max = IN_FLIGHT,
		.handler = &handler,
	};

	ck_assert_int_eq(link_connect(&config, &core), 0);
}

static void run_for(uint64_t us)
{
	uint64_t now = clock_boottime_us(), end = now + us;

	for (; now < end; now = clock_boottime_us())
		ck_assert_int_ge(sd_event_run(event, end - now), 0);
}

static void run_until_up(bool up)
{
	for (int i = 0; link_is_up(core) != up; i++) {
		ck_assert_int_lt(i, 5000);
		ck_assert_int_ge(sd_event_run(event, 10000), 0);
	}
}

/* Where each record stands in the log: every one at most once, the acknowledged where they were said
 * to be. Returns how many were acknowledged. */
static int expect_acknowledged(void)
{
	int64_t *place = malloc(sizeof(*place) * (size_t)(sent + 1)), seq = 0;
	uint8_t *log;
	size_t length;
	int count = 0, number;

	ck_assert_ptr_nonnull(place);
	for (int i = 0; i < sent; i++)
		place[i] = -1;
	log = fixture_read(folder, JOURNAL_FILE_LOG, &length);
	for (char *line = (char *)log, *end; (end = strchr(line, '\n')); line = end + 1, seq++) {
		const char *name;

		*end = 0;
		name = strstr(line, "\"name\":\"k-");
		if (!name || sscanf(name, "\"name\":\"k-%d\"", &number) != 1)
			continue;
		ck_assert(number >= 0 && number < sent);
		ck_assert_msg(place[number] == -1, "record %d stands in the log twice", number);
		place[number] = seq;
	}
	for (int i = 0; i < sent; i++) {
		if (entry_of[i] < 0)
			continue;
		count++;
		ck_assert_msg(place[i] == entry_of[i],
			      "record %d: acknowledged as entry %lld, is %lld", i,
			      (long long)entry_of[i], (long long)place[i]);
	}
	free(log);
	free(place);
	return count;
}

START_TEST(killed_again_and_again)
{
	uint64_t entries;
	int count;

	start_core();
	flowing = true;
	for (int i = 0; i < ROUNDS; i++) {
		start_journald();
		run_until_up(true);
		run_for(randombytes_uniform(30000));
		ck_assert_int_eq(kill(journald, SIGKILL), 0);
		ck_assert(WIFSIGNALED(wait_journald()));
		/* Answers that had been sent before the end still count. */
		run_until_up(false);
	}
	start_journald();
	run_until_up(true);
	run_for(20000);
	flowing = false;
	run_for(200000);
	ck_assert_int_eq(answered, sent - first_of_connection);
	ck_assert_int_eq(kill(journald, SIGTERM), 0);
	ck_assert_int_eq(wait_journald(), 0);
	link_free(core);
	ck_assert_int_eq(refused, 0);
	entries = fixture_check(folder);
	count = expect_acknowledged();
	printf("# killed %d times: %d records sent, %d acknowledged, %llu entries, 0 lost\n",
	       ROUNDS, sent, count, (unsigned long long)entries);
	ck_assert_int_gt(count, ROUNDS);
	ck_assert_int_eq(fixture_find(folder, "clean-stop"), (int64_t)entries - 1);
	ck_assert(!fixture_exists(folder, "log.damaged-0"));
}
END_TEST

static long status_field(const char *field)
{
	char path[64], line[256];
	long value = -1;
	size_t length = strlen(field);
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", journald);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, field, length) == 0 && line[length] == ':')
			value = strtol(line + length + 1, NULL, 10);
	fclose(file);
	ck_assert_int_ge(value, 0);
	return value;
}

START_TEST(quiet_small_and_confined)
{
	long wakeups, before, after;
	int count;

	start_core();
	start_journald();
	run_until_up(true);
	flowing = true;
	flow();
	run_for(300000);
	flowing = false;
	run_for(300000);
	before = status_field("VmRSS");
	count = sent;
	flowing = true;
	flow();
	run_for(1500000);
	flowing = false;
	run_for(300000);
	after = status_field("VmRSS");
	/* Tiles of all these entries are still being written. */
	for (int i = 0; i < 100; i++) {
		wakeups = status_field("voluntary_ctxt_switches");
		run_for(300000);
		if (status_field("voluntary_ctxt_switches") == wakeups)
			break;
	}
	wakeups = status_field("voluntary_ctxt_switches");
	run_for(2000000);
	wakeups = status_field("voluntary_ctxt_switches") - wakeups;
	printf("# VmRSS %ld KiB, %ld after %d more entries; %ld wake-ups in 2 s idle\n", before,
	       after, sent - count, wakeups);
	ck_assert_int_eq(wakeups, 0);
#ifndef __SANITIZE_ADDRESS__
	ck_assert_int_le(after - before, 256);
	ck_assert_uint_ne(sandbox & MSG_SANDBOX_SECCOMP, 0);
	ck_assert_int_eq(status_field("Seccomp"), 2);
#endif
	ck_assert_int_eq(status_field("NoNewPrivs"), 1);
	ck_assert_int_eq(kill(journald, SIGTERM), 0);
	ck_assert_int_eq(wait_journald(), 0);
	link_free(core);
	fixture_check(folder);
}
END_TEST

/* Everything that recovery does, it does inside the sandbox too. */
START_TEST(mends_after_kill_and_tear)
{
	uint8_t *log;
	size_t length;

	start_core();
	flowing = true;
	start_journald();
	run_until_up(true);
	/* Enough that half of the log is more than its last line, however busy the machine is. */
	for (int i = 0; i < 1000 && answered < 50; i++)
		run_for(20000);
	ck_assert_int_ge(answered, 50);
	/* What is younger than 5 ms is not sealed, and would not be missed. */
	flowing = false;
	run_for(200000);
	ck_assert_int_eq(kill(journald, SIGKILL), 0);
	wait_journald();
	run_until_up(false);
	log = fixture_read(folder, "log", &length);
	fixture_put(folder, "log", log, length / 2);
	free(log);
	start_journald();
	run_until_up(true);
	ck_assert_int_eq(kill(journald, SIGTERM), 0);
	ck_assert_int_eq(wait_journald(), 0);
	link_free(core);
	ck_assert_int_eq(fixture_find(folder, "log-damaged"), 0);
	ck_assert(fixture_exists(folder, "log.damaged-0"));
	ck_assert_uint_eq(fixture_check(folder), 3);
}
END_TEST

static void limit_file_size(rlim_t limit)
{
	const struct rlimit both = { limit, RLIM_INFINITY };

	ck_assert_int_eq(prlimit(journald, RLIMIT_FSIZE, &both, NULL), 0);
}

static int record_one(void)
{
	int before = refused, until = answered + 1;

	flowing = true;
	ck_assert_int_eq(sent - first_of_connection, answered);
	flow_max = 1;
	flow();
	flowing = false;
	for (int i = 0; answered < until; i++) {
		ck_assert_int_lt(i, 1000);
		ck_assert_int_ge(sd_event_run(event, 10000), 0);
	}
	return refused - before;
}

static void run_until_error(bool error)
{
	for (int i = 0; (status.error != 0) != error; i++) {
		ck_assert_int_lt(i, 2000);
		ck_assert_int_ge(sd_event_run(event, 10000), 0);
	}
}

/* A write that fails, and its mending, with nothing but what the sandbox allows. */
START_TEST(mends_inside_the_sandbox)
{
	uint64_t entries;
	size_t length;

	start_core();
	start_journald();
	run_until_up(true);
	for (int i = 0; i < 40; i++)
		ck_assert_int_eq(record_one(), 0);
	free(fixture_read(folder, "log", &length));
	/* Larger than the key's file, so that only the log fails. */
	ck_assert_uint_gt(length, 2 * RATCHET_SLOT_SIZE);
	limit_file_size(length + 100);
	ck_assert_int_eq(record_one(), 1);
	run_until_error(true);
	ck_assert_int_eq(record_one(), 1);
	if (_i) {
		uint8_t *log = fixture_read(folder, "log", &length);
		char path[160];

		free(log);
		snprintf(path, sizeof(path), "%s/log", folder);
		ck_assert_int_eq(truncate(path, (off_t)length - 300), 0);
	}
	limit_file_size(RLIM_INFINITY);
	run_until_error(false);
	ck_assert_uint_eq(status.lost, 2);
	ck_assert_int_eq(record_one(), 0);
	ck_assert_int_eq(kill(journald, SIGTERM), 0);
	ck_assert_int_eq(wait_journald(), 0);
	link_free(core);
	entries = fixture_check(folder);
	ck_assert_int_eq(fixture_find(folder, "entries-lost"), (int64_t)entries - 3);
	ck_assert_int_eq(fixture_find(folder, "log-damaged"), _i ? 0 : -1);
	ck_assert_int_eq(fixture_exists(folder, "log.damaged-0"), _i);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { killed_again_and_again, quiet_small_and_confined,
				       mends_after_kill_and_tear };
	Suite *suite = suite_create("journal_process");
	TCase *tcase = tcase_create("core");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, setup, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, mends_inside_the_sandbox, 0, 2);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
