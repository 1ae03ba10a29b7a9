// SPDX-License-Identifier: GPL-2.0-or-later
/* journald's work with a core at the other end of a real link, both in one event loop. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/journal/recorder.h"
#include "agent/lib/daemon.h"
#include "tests/unit/journal_fixture.h"

static sd_event *event;
static struct spool spool;
static struct recorder recorder;
static const char *folder;
static char socket_path[100];

/* --- the core's side --- */

static struct {
	struct link *link;
	bool up;
	int recorded, failed, statuses;
	struct msg_recorded last;
	struct msg_journal_status status;
} core;

static void core_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	(void)hello;
	core.up = true;
}

static void core_down(void *data, int error, const char *reason)
{
	(void)data;
	(void)error;
	(void)reason;
	core.up = false;
}

static int core_message(void *data, struct msg *msg)
{
	(void)data;
	if (msg->type == MSG_RECORDED) {
		memcpy(&core.last, msg->body, sizeof(core.last));
		core.recorded += core.last.error == 0;
		core.failed += core.last.error != 0;
	} else if (msg->type == MSG_JOURNAL_STATUS) {
		memcpy(&core.status, msg->body, sizeof(core.status));
		core.statuses++;
	}
	return 0;
}

static const struct link_handler core_handler = {
	.up = core_up,
	.down = core_down,
	.message = core_message,
};

static struct link_config config_of(enum msg_role self, enum msg_role peer)
{
	return (struct link_config){
		.event = event,
		.path = socket_path,
		.self = self,
		.peer = peer,
		.peer_uid = getuid(),
		.group = getgid(),
		.queue_max = 16384,
	};
}

static void listen_core(void)
{
	struct link_config config = config_of(MSG_ROLE_JOURNAL, MSG_ROLE_CORE);

	config.handler = &recorder_handler;
	config.data = &recorder;
	ck_assert_int_eq(link_listen(&config, &recorder.link), 0);
}

static void start_journal(const struct journal_io *io)
{
	ck_assert_int_eq(spool_init(&spool, io, folder, FIXTURE_BOOT_ID), 0);
	ck_assert_int_eq(recorder_init(&recorder, &spool, event), 0);
	ck_assert_int_eq(recorder_start(&recorder), 0);
	listen_core();
}

static void stop_journal(bool clean)
{
	if (clean)
		recorder_stop(&recorder);
	recorder_done(&recorder);
	spool_done(&spool);
}

static void start_core(void)
{
	struct link_config config = config_of(MSG_ROLE_CORE, MSG_ROLE_JOURNAL);

	memset(&core, 0, sizeof(core));
	config.handler = &core_handler;
	ck_assert_int_eq(link_connect(&config, &core.link), 0);
}

/* Serve until @counter has reached @wanted; ends the test after ten seconds. */
static void run_until(const int *counter, int wanted)
{
	uint64_t end = clock_boottime_us() + 10000000;

	while (*counter < wanted) {
		ck_assert_int_ge(sd_event_run(event, 100000), 0);
		ck_assert_msg(clock_boottime_us() < end, "waited in vain: %d of %d", *counter,
			      wanted);
	}
}

static void run_until_error(int error)
{
	uint64_t end = clock_boottime_us() + 10000000;

	while (core.status.error != error) {
		ck_assert_int_ge(sd_event_run(event, 100000), 0);
		ck_assert_msg(clock_boottime_us() < end, "status stays %d", core.status.error);
	}
}

static void send_note(enum record_kind kind, const char *name)
{
	struct msg_record_note note = fixture_note(kind, name);

	ck_assert_int_eq(link_send(core.link, MSG_RECORD_NOTE, &note, -1, NULL), 0);
}

static int record(enum record_kind kind, const char *name)
{
	int answers = core.recorded + core.failed, both = answers;

	send_note(kind, name);
	while (both == answers) {
		ck_assert_int_ge(sd_event_run(event, 5000000), 0);
		both = core.recorded + core.failed;
	}
	return core.last.error;
}

static void setup(void)
{
	fault = (struct fault){ 0 };
	ck_assert_int_ge(sodium_init(), 0);
	ck_assert_int_ge(sd_event_new(&event), 0);
	folder = unit_tmpdir();
	snprintf(socket_path, sizeof(socket_path), "%s/core.socket", unit_tmpdir());
}

static void begin(void)
{
	start_journal(&fault_io);
	start_core();
	run_until(&core.statuses, 1);
}

static void end(void)
{
	link_free(core.link);
	core.link = NULL;
	stop_journal(true);
	sd_event_unref(event);
}

/* --- what it does when all is well --- */

START_TEST(answers_name_the_entry)
{
	begin();
	ck_assert_uint_eq(core.status.next, 1);
	ck_assert_uint_gt(core.status.free_bytes, 0);
	ck_assert_int_eq(core.status.error, 0);
	for (int i = 0; i < 5; i++) {
		char name[16];

		snprintf(name, sizeof(name), "n-%d", i);
		ck_assert_int_eq(record(RECORD_KIND_PERMIT, name), 0);
		/* 1 was the hello. */
		ck_assert_uint_eq(core.last.request, (uint64_t)i + 2);
		ck_assert_uint_eq(core.last.entry, (uint64_t)fixture_find(folder, name));
	}
	end();
	ck_assert_uint_eq(fixture_check(folder), 7);
	ck_assert_int_eq(fixture_find(folder, "boot"), 0);
	ck_assert_int_eq(fixture_find(folder, "clean-stop"), 6);
}
END_TEST

START_TEST(one_wake_up_one_commit)
{
	unsigned int before;

	begin();
	before = fault.syncs;
	for (int i = 0; i < 60; i++)
		send_note(RECORD_KIND_DEVICE, "grouped");
	run_until(&core.recorded, 60);
	printf("# 60 entries of one wake-up: %u syncs\n", fault.syncs - before);
	/* Log and key; the wipe comes when nothing else is to be done. */
	ck_assert_uint_le(fault.syncs - before, 2 * 3);
	ck_assert_uint_eq(core.last.entry, 60);
	end();
	fixture_check(folder);
}
END_TEST

/* Larger records than one group's buffer holds. */
START_TEST(more_than_one_buffer)
{
	static struct msg_record_note note;

	begin();
	note = fixture_note(RECORD_KIND_DEVICE, "large");
	memset(note.text, 1, sizeof(note.text) - 1);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(link_send(core.link, MSG_RECORD_NOTE, &note, -1, NULL), 0);
	run_until(&core.recorded, 100);
	end();
	ck_assert_uint_eq(fixture_check(folder), 102);
}
END_TEST

START_TEST(starts_are_told_apart)
{
	start_journal(&journal_io_system);
	stop_journal(true);
	start_journal(&journal_io_system);
	stop_journal(false);
	start_journal(&journal_io_system);
	stop_journal(false);
	sd_event_unref(event);
	ck_assert_uint_eq(fixture_check(folder), 4);
	ck_assert_int_eq(fixture_find(folder, "boot"), 0);
	ck_assert_int_eq(fixture_find(folder, "clean-stop"), 1);
	ck_assert_int_eq(fixture_find(folder, "journal-started"), 2);
	ck_assert_int_eq(fixture_find(folder, "journal-restarted"), 3);
}
END_TEST

START_TEST(findings_are_recorded)
{
	uint8_t *log;
	size_t length;

	start_journal(&journal_io_system);
	stop_journal(true);
	log = fixture_read(folder, "log", &length);
	log = realloc(log, length + 100);
	ck_assert_ptr_nonnull(log);
	memset(log + length, '{', 100);
	fixture_put(folder, "log", log, length + 100);
	start_journal(&journal_io_system);
	stop_journal(true);
	ck_assert_int_eq(fixture_find(folder, "log-torn"), 2);
	ck_assert_int_eq(fixture_find(folder, "journal-started"), 3);
	fixture_put(folder, "log", log, length - 10);
	free(log);
	start_journal(&journal_io_system);
	stop_journal(true);
	ck_assert_int_eq(fixture_find(folder, "log-damaged"), 0);
	ck_assert_int_eq(fixture_find(folder, "boot"), 1);
	ck_assert_uint_eq(fixture_check(folder), 3);
	log = fixture_read(folder, "log", &length);
	ck_assert_ptr_nonnull(memmem(log, length, "\"kind\":\"alarm\",\"grade\":\"V2\"", 27));
	ck_assert_ptr_nonnull(memmem(log, length, "\"epoch\":1", 9));
	free(log);
	sd_event_unref(event);
}
END_TEST

/* --- trouble --- */

START_TEST(failed_sync_is_reported_and_mended)
{
	uint8_t *log;
	size_t length;

	begin();
	ck_assert_int_eq(record(RECORD_KIND_PERMIT, "first"), 0);
	fault.failing = EIO;
	ck_assert_int_eq(record(RECORD_KIND_PERMIT, "second"), -EIO);
	ck_assert_int_eq(record(RECORD_KIND_VIOLATION, "third"), -EIO);
	run_until_error(-EIO);
	ck_assert_uint_ge(core.status.lost, 1);
	fault.failing = 0;
	run_until_error(0);
	ck_assert_uint_eq(core.status.lost, 2);
	ck_assert_int_eq(record(RECORD_KIND_PERMIT, "fourth"), 0);
	end();
	fixture_check(folder);
	ck_assert_int_eq(fixture_find(folder, "second"), -1);
	ck_assert_int_eq(fixture_find(folder, "third"), -1);
	ck_assert_int_eq(fixture_find(folder, "entries-lost"), 2);
	ck_assert_int_eq(fixture_find(folder, "fourth"), 3);
	log = fixture_read(folder, "log", &length);
	ck_assert_ptr_nonnull(
		memmem(log, length, "\"name\":\"entries-lost\",\"subject\":\"\",\"count\":2", 44));
	free(log);
}
END_TEST

START_TEST(full_disk_refuses_permits_first)
{
	int permits = 0;

	begin();
	fault.limit = 1;
	while (record(RECORD_KIND_PERMIT, "permit") == 0)
		ck_assert_int_lt(++permits, 100000);
	ck_assert_int_eq(core.last.error, -ENOSPC);
	run_until_error(-ENOSPC);
	ck_assert_int_eq(record(RECORD_KIND_VIOLATION, "violation"), 0);
	ck_assert_int_eq(record(RECORD_KIND_PERMIT, "permit"), -ENOSPC);
	fault.limit = 0;
	run_until_error(0);
	ck_assert_int_eq(record(RECORD_KIND_PERMIT, "room"), 0);
	end();
	fixture_check(folder);
	ck_assert_int_gt(fixture_find(folder, "violation"), 0);
	ck_assert_int_gt(fixture_find(folder, "entries-lost"), fixture_find(folder, "violation"));
	ck_assert_int_gt(fixture_find(folder, "room"), fixture_find(folder, "entries-lost"));
}
END_TEST

/* Losses that nobody could be told of are still known after the next start. */
START_TEST(losses_outlive_the_process)
{
	begin();
	fault.limit = 1;
	while (record(RECORD_KIND_PERMIT, "permit") == 0)
		;
	run_until_error(-ENOSPC);
	link_free(core.link);
	stop_journal(false);
	fault = (struct fault){ 0 };
	start_journal(&fault_io);
	ck_assert_uint_eq(spool.ratchet.state.lost, 1);
	stop_journal(true);
	sd_event_unref(event);
	fixture_check(folder);
	ck_assert_int_gt(fixture_find(folder, "entries-lost"), 0);
}
END_TEST

/* A disk that fails at the start does not keep journald from saying so. */
START_TEST(starts_on_a_failing_disk)
{
	fault.failing = EIO;
	begin();
	ck_assert_int_eq(core.status.error, -EIO);
	ck_assert_int_eq(record(RECORD_KIND_PERMIT, "early"), -EIO);
	fault.failing = 0;
	run_until_error(0);
	ck_assert_int_eq(record(RECORD_KIND_PERMIT, "later"), 0);
	end();
	fixture_check(folder);
	ck_assert_int_eq(fixture_find(folder, "boot"), 0);
	ck_assert_int_eq(fixture_find(folder, "entries-lost"), 1);
}
END_TEST

/* --- a core that has gone mad --- */

static int connect_raw(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", socket_path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void serve(unsigned int turns)
{
	while (turns-- > 0)
		ck_assert_int_ge(sd_event_run(event, 0), 0);
}

/* Noise behind a sound header of each type, after a proper hello. */
static void attack(uint32_t type)
{
	struct msg_header header = { .type = MSG_HELLO,
				     .length = sizeof(struct msg_hello),
				     .sequence = 1 };
	struct msg_hello hello = { .protocol = MSG_PROTOCOL };
	uint8_t packet[sizeof(header) + MSG_BODY_MAX];
	int size = msg_size(type), fd = connect_raw();
	size_t length = sizeof(header) + (size_t)(size < 0 ? 100 : size);

	/* While the back-off for the last attack lasts, the queue of connections may be full. */
	if (fd < 0)
		return;
	memcpy(packet, &header, sizeof(header));
	memcpy(packet + sizeof(header), &hello, sizeof(hello));
	(void)!write(fd, packet, sizeof(header) + sizeof(hello));
	randombytes_buf(packet, sizeof(packet));
	header = (struct msg_header){ .type = type,
				      .length = (uint32_t)(size < 0 ? 100 : size),
				      .sequence = 2 };
	memcpy(packet, &header, sizeof(header));
	if (write(fd, packet, length) < 0)
		ck_assert(errno == EPIPE || errno == ECONNRESET);
	serve(6);
	close(fd);
	serve(2);
	/* The next one shall not wait for the back-off. */
	link_free(recorder.link);
	listen_core();
}

START_TEST(hostile_core)
{
	start_journal(&journal_io_system);
	for (int round = 0; round < 20; round++)
		for (uint32_t type = 0; type <= MSG_TYPE_COUNT; type++)
			attack(type);
	start_core();
	run_until(&core.statuses, 1);
	ck_assert_int_eq(record(RECORD_KIND_PERMIT, "sane"), 0);
	end();
	fixture_check(folder);
	ck_assert_int_ge(fixture_find(folder, "sane"), 1);
}
END_TEST

/* --- speed, for the reader: nothing depends on it --- */

START_TEST(speed)
{
	uint64_t start;

	start_journal(&journal_io_system);
	start_core();
	run_until(&core.statuses, 1);
	start = clock_boottime_us();
	for (int i = 0; i < 10000; i++)
		send_note(RECORD_KIND_DEVICE, "fast");
	run_until(&core.recorded, 10000);
	printf("# 10000 entries in bursts: %.0f a second\n",
	       1e10 / (double)(clock_boottime_us() - start));
	start = clock_boottime_us();
	for (int i = 0; i < 500; i++)
		ck_assert_int_eq(record(RECORD_KIND_DEVICE, "single"), 0);
	printf("# 500 entries one by one: %.0f us each\n",
	       (double)(clock_boottime_us() - start) / 500);
	end();
	ck_assert_uint_eq(fixture_check(folder), 10502);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		answers_name_the_entry,
		one_wake_up_one_commit,
		more_than_one_buffer,
		starts_are_told_apart,
		findings_are_recorded,
		failed_sync_is_reported_and_mended,
		full_disk_refuses_permits_first,
		losses_outlive_the_process,
		starts_on_a_failing_disk,
		hostile_core,
		speed,
	};
	Suite *suite = suite_create("journal_recorder");
	TCase *tcase = tcase_create("core");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, setup, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
