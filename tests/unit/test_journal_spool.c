// SPDX-License-Identifier: GPL-2.0-or-later
/* The log on a disk that fails, and after every way in which a start can find it. */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/journal/room.h"
#include "tests/unit/journal_fixture.h"

static struct spool spool;
static struct recover_report report;

static void setup(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	fault = (struct fault){ 0 };
}

/* A log of @count entries "entry-0" ..., left as by a clean end. */
static const char *make_log(int count)
{
	const char *folder = unit_tmpdir();
	char name[32];

	fixture_open(&spool, &journal_io_system, folder, NULL);
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "entry-%d", i);
		ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_DEVICE, name), 0);
	}
	spool_done(&spool);
	return folder;
}

static void reopen_with(const char *folder, const struct journal_io *io)
{
	fixture_open(&spool, io, folder, &report);
}

static void reopen(const char *folder)
{
	reopen_with(folder, &journal_io_system);
}

START_TEST(first_start)
{
	const char *folder = unit_tmpdir();
	char path[128];
	struct stat st;
	static const struct {
		const char *name;
		mode_t mode;
	} files[] = { { "log", 0640 }, { "key", 0600 }, { "initial-key", 0600 } };

	reopen(folder);
	ck_assert_uint_eq(report.damage, RECOVER_SOUND);
	ck_assert(!report.has_last);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files[i].name);
		ck_assert_int_eq(stat(path, &st), 0);
		ck_assert_int_eq(st.st_mode & 07777, files[i].mode);
	}
	ck_assert_uint_eq(fixture_check(folder), 0);
	spool_done(&spool);
}
END_TEST

START_TEST(continues_after_restart)
{
	const char *folder = make_log(3);

	for (uint64_t n = 3; n < 40; n++) {
		reopen(folder);
		ck_assert_uint_eq(report.damage, RECOVER_SOUND);
		ck_assert_uint_eq(report.torn_bytes, 0);
		ck_assert(report.has_last);
		ck_assert_uint_eq(report.last_kind, RECORD_KIND_DEVICE);
		ck_assert_str_eq(report.last_boot_id, FIXTURE_BOOT_ID);
		ck_assert_uint_eq(spool_seq(&spool), n);
		ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_DEVICE, "again"), 0);
		spool_done(&spool);
		ck_assert_uint_eq(fixture_check(folder), n + 1);
	}
}
END_TEST

START_TEST(two_at_once)
{
	const char *folder = make_log(1);
	struct spool second;

	reopen(folder);
	ck_assert_int_eq(spool_init(&second, &journal_io_system, folder, FIXTURE_BOOT_ID), 0);
	ck_assert_int_eq(recover_open(&second, &report), -EWOULDBLOCK);
	spool_done(&second);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_DEVICE, "mine"), 0);
	spool_done(&spool);
	ck_assert_uint_eq(fixture_check(folder), 2);
}
END_TEST

/* The keys of entries that are written are in no file of the folder but initial-key. */
START_TEST(former_keys_are_gone)
{
	const char *folder = make_log(5);
	struct journal_chain chain;
	uint8_t *data;
	size_t length;
	char path[128];

	snprintf(path, sizeof(path), "%s/initial-key", folder);
	ck_assert_int_eq(journal_initial_key_read(path, &chain), 0);
	data = fixture_read(folder, RATCHET_FILE, &length);
	for (int i = 0; i < 5; i++) {
		ck_assert_ptr_null(memmem(data, length, chain.key, sizeof(chain.key)));
		journal_evolve(chain.key);
	}
	ck_assert_ptr_nonnull(memmem(data, length, chain.key, sizeof(chain.key)));
	free(data);
}
END_TEST

/* The last line cut at each of its bytes, its newline alone included, as a crash may leave it. */
START_TEST(torn_at_every_byte)
{
	const char *folder = make_log(2);
	uint8_t *log, *key, *whole;
	size_t before, after, key_length, saved;
	int cuts = 0;

	log = fixture_read(folder, "log", &before);
	key = fixture_read(folder, RATCHET_FILE, &key_length);
	free(log);
	reopen(folder);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_VIOLATION, "torn"), 0);
	spool_done(&spool);
	whole = fixture_read(folder, "log", &after);

	for (size_t length = before + 1; length < after; length++, cuts++) {
		fixture_put(folder, "log", whole, length);
		fixture_put(folder, RATCHET_FILE, key, key_length);
		reopen(folder);
		ck_assert_uint_eq(report.damage, RECOVER_SOUND);
		ck_assert_uint_eq(report.torn_bytes, length - before);
		ck_assert_str_eq(report.saved_as, "torn-0-2");
		ck_assert_uint_eq(spool_seq(&spool), 2);
		ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_VIOLATION, "next"), 0);
		spool_done(&spool);
		ck_assert_uint_eq(fixture_check(folder), 3);
		log = fixture_read(folder, "torn-0-2", &saved);
		ck_assert_uint_eq(saved, length - before);
		ck_assert_mem_eq(log, whole + before, saved);
		free(log);
	}
	printf("# torn at %d places\n", cuts);
	ck_assert_int_gt(cuts, 300);
	free(whole);
	free(key);
}
END_TEST

/* After a power cut blocks may be there that were written last, and those before them not. */
START_TEST(torn_with_zeroes)
{
	const char *folder = make_log(2);
	uint8_t *log, *key, *whole;
	size_t before, after, key_length;

	log = fixture_read(folder, "log", &before);
	key = fixture_read(folder, RATCHET_FILE, &key_length);
	reopen(folder);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_VIOLATION, "group"), 0);
	spool_done(&spool);
	whole = fixture_read(folder, "log", &after);
	memset(whole + before + 10, 0, 300);
	fixture_put(folder, "log", whole, after);
	fixture_put(folder, RATCHET_FILE, key, key_length);
	reopen(folder);
	ck_assert_uint_eq(report.damage, RECOVER_SOUND);
	ck_assert_uint_eq(report.torn_bytes, after - before);
	spool_done(&spool);
	ck_assert_uint_eq(fixture_check(folder), 2);
	free(log);
	free(key);
	free(whole);
}
END_TEST

/* The key lags behind the log by @group entries: killed before it was stored. */
START_TEST(key_behind_log)
{
	const char *folder = make_log(2);
	uint8_t *key, former[JOURNAL_KEY_SIZE];
	size_t key_length;

	key = fixture_read(folder, RATCHET_FILE, &key_length);
	reopen(folder);
	memcpy(former, spool.ratchet.state.key, sizeof(former));
	for (int i = 0; i < _i; i++)
		ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "ahead"), 0);
	spool_done(&spool);
	fixture_put(folder, RATCHET_FILE, key, key_length);
	free(key);
	reopen(folder);
	ck_assert_uint_eq(report.damage, RECOVER_SOUND);
	ck_assert_uint_eq(report.torn_bytes, 0);
	ck_assert_uint_eq(spool_seq(&spool), 2 + (uint64_t)_i);
	key = fixture_read(folder, RATCHET_FILE, &key_length);
	ck_assert_ptr_null(memmem(key, key_length, former, sizeof(former)));
	free(key);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "next"), 0);
	spool_done(&spool);
	ck_assert_uint_eq(fixture_check(folder), 3 + (uint64_t)_i);
}
END_TEST

/* One of the two slots torn: the other one counts. */
START_TEST(key_slot_torn)
{
	const char *folder = make_log(3);
	uint8_t *former, *key;
	size_t length;

	former = fixture_read(folder, RATCHET_FILE, &length);
	reopen(folder);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "last"), 0);
	spool_done(&spool);
	key = fixture_read(folder, RATCHET_FILE, &length);
	/* As before the wipe: both slots are there; the newer one then loses its end. */
	for (size_t i = 0; i < 2; i++) {
		uint8_t *slot = key + i * RATCHET_SLOT_SIZE;

		if (sodium_is_zero(slot, RATCHET_SLOT_SIZE))
			memcpy(slot, former + (1 - i) * RATCHET_SLOT_SIZE, RATCHET_SLOT_SIZE);
		else
			memset(slot + 100, 0xff, 60);
	}
	fixture_put(folder, RATCHET_FILE, key, length);
	reopen(folder);
	ck_assert_uint_eq(spool_seq(&spool), 4);
	ck_assert_uint_eq(report.damage, RECOVER_SOUND);
	spool_done(&spool);
	ck_assert_uint_eq(fixture_check(folder), 4);
	free(former);
	free(key);
}
END_TEST

/* --- what no crash can leave --- */

static void flip_last(const char *folder)
{
	size_t length;
	uint8_t *log = fixture_read(folder, "log", &length);

	/* The last digit of the mac stands before the closing quote, brace and newline. */
	log[length - 4] = log[length - 4] == '0' ? '1' : '0';
	fixture_put(folder, "log", log, length);
	free(log);
}

/* Once an office holds the initial key, the line that the ratchet's file knows must do. */
static void flip_last_unseen(const char *folder)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/initial-key", folder);
	ck_assert_int_eq(unlink(path), 0);
	flip_last(folder);
}

static void flip_first(const char *folder)
{
	size_t length;
	uint8_t *log = fixture_read(folder, "log", &length);

	memcpy(strstr((char *)log, "entry-0"), "entry-X", 7);
	fixture_put(folder, "log", log, length);
	free(log);
}

static void drop_last(const char *folder)
{
	size_t length;
	uint8_t *log = fixture_read(folder, "log", &length);

	fixture_put(folder, "log", log,
		    (size_t)((uint8_t *)memrchr(log, '\n', length - 1) + 1 - log));
	free(log);
}

static void drop_first(const char *folder)
{
	size_t length, cut;
	uint8_t *log = fixture_read(folder, "log", &length);

	cut = (size_t)((uint8_t *)memchr(log, '\n', length) + 1 - log);
	fixture_put(folder, "log", log + cut, length - cut);
	free(log);
}

static void swap_lines(const char *folder)
{
	size_t length, one;
	uint8_t *log = fixture_read(folder, "log", &length);
	uint8_t *mixed = malloc(length);

	/* All lines are equally long here. */
	one = length / 4;
	ck_assert_ptr_nonnull(mixed);
	memcpy(mixed, log, length);
	memcpy(mixed + one, log + 2 * one, one);
	memcpy(mixed + 2 * one, log + one, one);
	fixture_put(folder, "log", mixed, length);
	free(mixed);
	free(log);
}

static void punch_hole(const char *folder)
{
	size_t length;
	uint8_t *log = fixture_read(folder, "log", &length);

	memset(log + length / 4 + 7, 0, 50);
	fixture_put(folder, "log", log, length);
	free(log);
}

static void add_forged(const char *folder)
{
	size_t length, one;
	uint8_t *log = fixture_read(folder, "log", &length), *more;

	/* A well-formed entry with the number that is due, signed by nobody. */
	one = length / 4;
	more = malloc(length + one);
	ck_assert_ptr_nonnull(more);
	memcpy(more, log, length);
	memcpy(more + length, log + 3 * one, one);
	memcpy(strstr((char *)more + length, "\"seq\":3"), "\"seq\":4", 7);
	fixture_put(folder, "log", more, length + one);
	free(more);
	free(log);
}

static void remove_log(const char *folder)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/log", folder);
	ck_assert_int_eq(unlink(path), 0);
}

static void remove_key(const char *folder)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/key", folder);
	ck_assert_int_eq(unlink(path), 0);
}

static void remove_log_and_key(const char *folder)
{
	remove_log(folder);
	remove_key(folder);
}

static void garble_key(const char *folder)
{
	uint8_t noise[2 * RATCHET_SLOT_SIZE];

	randombytes_buf(noise, sizeof(noise));
	fixture_put(folder, RATCHET_FILE, noise, sizeof(noise));
}

static const struct {
	void (*harm)(const char *folder);
	enum recover_damage expected;
} harms[] = {
	{ flip_last, RECOVER_DAMAGE_MAC },	    { flip_last_unseen, RECOVER_DAMAGE_MAC },
	{ flip_first, RECOVER_DAMAGE_MAC },	    { drop_last, RECOVER_DAMAGE_SHORT },
	{ drop_first, RECOVER_DAMAGE_SHORT },	    { swap_lines, RECOVER_DAMAGE_ORDER },
	{ punch_hole, RECOVER_DAMAGE_FORM },	    { add_forged, RECOVER_DAMAGE_MAC },
	{ remove_log, RECOVER_DAMAGE_MISSING },	    { remove_key, RECOVER_DAMAGE_KEY },
	{ remove_log_and_key, RECOVER_DAMAGE_KEY }, { garble_key, RECOVER_DAMAGE_KEY },
};

#define HARMS (int)(sizeof(harms) / sizeof(harms[0]))

START_TEST(damage_is_told)
{
	const char *folder = make_log(4);
	bool had_log, had_key;

	harms[_i].harm(folder);
	had_log = fixture_exists(folder, "log");
	had_key = fixture_exists(folder, "initial-key");
	reopen(folder);
	ck_assert_uint_eq(report.damage, harms[_i].expected);
	ck_assert_uint_eq(spool.ratchet.state.epoch, 1);
	ck_assert_uint_eq(spool_seq(&spool), 0);
	ck_assert(!report.has_last);
	ck_assert_int_eq(fixture_exists(folder, "log.damaged-0"), had_log);
	ck_assert_int_eq(fixture_exists(folder, "initial-key.damaged-0"), had_key);
	spool_done(&spool);
	/* Not told yet: it is told at the next start. */
	reopen(folder);
	ck_assert_uint_eq(report.damage, harms[_i].expected);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_ALARM, "log-damaged"), 0);
	spool_done(&spool);
	reopen(folder);
	ck_assert_uint_eq(report.damage, RECOVER_SOUND);
	spool_done(&spool);
	ck_assert_uint_eq(fixture_check(folder), 1);
	/* And again: nothing set aside is overwritten. */
	remove_key(folder);
	reopen(folder);
	ck_assert_uint_eq(report.damage, RECOVER_DAMAGE_KEY);
	ck_assert_uint_ge(spool.ratchet.state.epoch, 2);
	ck_assert_int_eq(fixture_exists(folder, "log.damaged-0"), had_log);
	spool_done(&spool);
}
END_TEST

/* Killed after a key was stored and before the former one was wiped, with either slot the newer. */
START_TEST(both_slots_valid)
{
	const char *folder = make_log(_i);
	struct msg_record_note note = fixture_note(RECORD_KIND_PERMIT, "last");
	uint8_t former[JOURNAL_KEY_SIZE], *data;
	size_t length;

	reopen(folder);
	memcpy(former, spool.ratchet.state.key, sizeof(former));
	ck_assert_int_eq(spool_append(&spool, MSG_RECORD_NOTE, &note), 0);
	ck_assert_int_eq(spool_commit(&spool), 0);
	ck_assert_int_eq(spool_seal(&spool), 0);
	spool_done(&spool);
	data = fixture_read(folder, RATCHET_FILE, &length);
	ck_assert_ptr_nonnull(memmem(data, length, former, sizeof(former)));
	free(data);
	reopen(folder);
	ck_assert_uint_eq(report.damage, RECOVER_SOUND);
	ck_assert_uint_eq(spool_seq(&spool), (uint64_t)_i + 1);
	spool_done(&spool);
	data = fixture_read(folder, RATCHET_FILE, &length);
	ck_assert_ptr_null(memmem(data, length, former, sizeof(former)));
	free(data);
}
END_TEST

/* Of two valid slots the newer counts: the older one would not miss the entry that is gone. */
START_TEST(newer_slot_counts)
{
	const char *folder = make_log(_i);
	struct msg_record_note note = fixture_note(RECORD_KIND_PERMIT, "last");

	reopen(folder);
	ck_assert_int_eq(spool_append(&spool, MSG_RECORD_NOTE, &note), 0);
	ck_assert_int_eq(spool_commit(&spool), 0);
	ck_assert_int_eq(spool_seal(&spool), 0);
	spool_done(&spool);
	drop_last(folder);
	reopen(folder);
	ck_assert_uint_eq(report.damage, RECOVER_DAMAGE_SHORT);
	spool_done(&spool);
}
END_TEST

/* --- a disk that fails --- */

/* What was acknowledged, by name; the names are told apart by number. */
static int acknowledged[64], acknowledged_count, next_name;

static void write_group(int count)
{
	int first = next_name;
	char name[32];

	for (int i = 0; i < count; i++) {
		struct msg_record_note note;

		snprintf(name, sizeof(name), "fault-%d", next_name++);
		note = fixture_note(RECORD_KIND_DEVICE, name);
		if (spool_append(&spool, MSG_RECORD_NOTE, &note) < 0)
			return;
	}
	if (spool_commit(&spool) < 0)
		return;
	for (int i = 0; i < count; i++)
		acknowledged[acknowledged_count++] = first + i;
	if (spool_seal(&spool) == 0 && spool_wipe(&spool) == 0)
		spool_ahead(&spool);
}

/* Everything that journald does to a disk in its life. A dead process opens nothing any more. */
static void live(const char *folder)
{
	for (int start = 0; start < 2 && !fault.dead; start++) {
		if (spool_init(&spool, &fault_io, folder, FIXTURE_BOOT_ID) == 0 &&
		    recover_open(&spool, &report) == 0) {
			for (int i = 1; i <= 3 && !fault.dead; i++) {
				if (spool.error && recover_open(&spool, &report) < 0)
					break;
				ck_assert_uint_eq(report.damage, RECOVER_SOUND);
				write_group(i);
			}
		}
		spool_done(&spool);
	}
}

static void expect_all_acknowledged(const char *folder, uint64_t count)
{
	int64_t last = -1, seq;
	char name[32];

	ck_assert_uint_ge(count, (uint64_t)acknowledged_count);
	for (int i = 0; i < acknowledged_count; i++) {
		snprintf(name, sizeof(name), "fault-%d", acknowledged[i]);
		seq = fixture_find(folder, name);
		ck_assert_msg(seq > last, "%s at call %u: %s is lost or out of order",
			      fault_mode_names[fault.mode], fault.at, name);
		last = seq;
	}
}

static void live_and_check(enum fault_mode mode, unsigned int at)
{
	const char *folder = unit_tmpdir();

	fault = (struct fault){ .mode = mode, .at = at };
	acknowledged_count = 0;
	next_name = 0;
	live(folder);
	reopen(folder);
	ck_assert_msg(report.damage == RECOVER_SOUND, "%s at call %u taken for %s",
		      fault_mode_names[mode], at, recover_damage_text(report.damage));
	ck_assert_uint_eq(spool.ratchet.state.epoch, 0);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_DEVICE, "end"), 0);
	spool_done(&spool);
	expect_all_acknowledged(folder, fixture_check(folder));
}

START_TEST(fails_at_every_call)
{
	enum fault_mode mode = (enum fault_mode)_i;
	unsigned int calls, hits = 0;
	int most;

	live_and_check(FAULT_NONE, 0);
	calls = fault.calls;
	most = acknowledged_count;
	ck_assert_int_eq(most, 12);
	ck_assert_uint_gt(calls, 30);
	for (unsigned int at = 1; at <= calls; at++) {
		live_and_check(mode, at);
		hits += fault.hits;
		ck_assert_int_le(acknowledged_count, most);
		if (mode == FAULT_SHORT || mode == FAULT_EINTR)
			ck_assert_int_eq(acknowledged_count, most);
	}
	printf("# journald %s: %u of %u points hit\n", fault_mode_names[mode], hits, calls);
	/* A short write or an interruption can only befall some of the calls. */
	if (mode == FAULT_SHORT || mode == FAULT_EINTR)
		ck_assert_uint_gt(hits, 10);
	else
		ck_assert_uint_eq(hits, calls);
}
END_TEST

/* After a failed fdatasync nothing more goes to that descriptor, and nothing unacknowledged stays. */
START_TEST(failed_sync_stops_the_file)
{
	const char *folder = unit_tmpdir();

	fixture_open(&spool, &fault_io, folder, NULL);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "kept"), 0);
	fault.failing = EIO;
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "refused"), -EIO);
	ck_assert_int_eq(spool.error, -EIO);
	ck_assert_int_eq(spool.fd, -1);
	fault.failing = 0;
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "too early"), -EIO);
	/* The disk still fails: it stays closed. */
	fault.failing = EIO;
	ck_assert_int_eq(recover_open(&spool, &report), -EIO);
	ck_assert_int_eq(spool.fd, -1);
	fault.failing = 0;
	ck_assert_int_eq(recover_open(&spool, &report), 0);
	ck_assert_uint_eq(report.damage, RECOVER_SOUND);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "after"), 0);
	spool_done(&spool);
	ck_assert_uint_eq(fixture_check(folder), 2);
	ck_assert_int_eq(fixture_find(folder, "kept"), 0);
	ck_assert_int_eq(fixture_find(folder, "after"), 1);
}
END_TEST

/* Within what was filled ahead, a commit changes no length and takes no new block. */
START_TEST(commits_overwrite)
{
	const char *folder = unit_tmpdir();
	struct stat before, after;
	char path[128];
	int turns = 0;

	reopen_with(folder, &fault_io);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "first"), 0);
	while (spool_ahead(&spool) > 0)
		turns++;
	ck_assert_int_ge(turns, 2);
	ck_assert_int_eq(spool.error, 0);
	snprintf(path, sizeof(path), "%s/log", folder);
	ck_assert_int_eq(stat(path, &before), 0);
	ck_assert_int_ge(before.st_size, ROOM_AHEAD_MIN);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "more"), 0);
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert_int_eq(before.st_size, after.st_size);
	ck_assert_int_eq(before.st_blocks, after.st_blocks);
	spool_done(&spool);
	/* The blank is found again, and a longer group than it has room for goes over its end. */
	reopen_with(folder, &fault_io);
	ck_assert_uint_eq(report.torn_bytes, 0);
	ck_assert_int_eq(spool.filled, before.st_size);
	while ((off_t)spool.ratchet.state.offset < before.st_size)
		ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "more"), 0);
	ck_assert_int_eq(spool.filled, (off_t)spool.ratchet.state.offset);
	while (spool_ahead(&spool) > 0)
		;
	ck_assert_int_ge(spool.filled - (off_t)spool.ratchet.state.offset, ROOM_AHEAD_MIN);
	ck_assert_int_eq(spool.filled % ROOM_AHEAD_CHUNK, 0);
	ck_assert_uint_eq(fixture_check(folder), spool_seq(&spool));
	spool_done(&spool);
}
END_TEST

/* A power cut in a group that overwrites: each block of it may be the new one or still blank. */
START_TEST(torn_in_the_blank)
{
	const char *folder = make_log(2);
	const size_t block = 512;
	uint8_t *log, *key, *whole;
	size_t before, after, key_length, blocks;

	log = fixture_read(folder, "log", &before);
	key = fixture_read(folder, RATCHET_FILE, &key_length);
	reopen(folder);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_VIOLATION, "group"), 0);
	spool_done(&spool);
	whole = fixture_read(folder, "log", &after);
	whole = realloc(whole, after + 4096);
	log = realloc(log, after + 4096);
	ck_assert(log && whole);
	memset(whole + after, JOURNAL_FILL, 4096);

	blocks = (after - 1) / block - before / block + 1;
	ck_assert_uint_le(blocks, 8);
	for (unsigned int mask = 1; mask < 1u << blocks; mask++) {
		memset(log + before, JOURNAL_FILL, after + 4096 - before);
		for (size_t at = before, i = 0; at < after; i++) {
			size_t next = (at / block + 1) * block;

			if (next > after)
				next = after;
			if (mask >> i & 1)
				memcpy(log + at, whole + at, next - at);
			at = next;
		}
		fixture_put(folder, "log", log, after + 4096);
		fixture_put(folder, RATCHET_FILE, key, key_length);
		reopen(folder);
		ck_assert_msg(report.damage == RECOVER_SOUND, "mask %#x: %s", mask,
			      recover_damage_text(report.damage));
		if (mask == (1u << blocks) - 1)
			ck_assert_uint_eq(report.torn_bytes, 0);
		else
			ck_assert_uint_gt(report.torn_bytes, 0);
		ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_VIOLATION, "next"), 0);
		spool_done(&spool);
		ck_assert_uint_ge(fixture_check(folder), 3);
	}
	free(log);
	free(key);
	free(whole);
}
END_TEST

/* What was acknowledged is missing when the log is opened anew: that is no crash either. */
START_TEST(shortened_behind_our_back)
{
	const char *folder = unit_tmpdir();

	fixture_open(&spool, &fault_io, folder, NULL);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "entry"), 0);
	fault.failing = EIO;
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "refused"), -EIO);
	fault.failing = 0;
	drop_last(folder);
	drop_last(folder);
	ck_assert_int_eq(recover_open(&spool, &report), 0);
	ck_assert_uint_eq(report.damage, RECOVER_DAMAGE_SHORT);
	ck_assert_uint_eq(spool.ratchet.state.epoch, 1);
	spool_done(&spool);
}
END_TEST

/* The part of a group that still fitted is taken back, at once. */
START_TEST(full_disk_leaves_no_part)
{
	const char *folder = unit_tmpdir();
	struct msg_record_note note = fixture_note(RECORD_KIND_PERMIT, "long");

	fixture_open(&spool, &fault_io, folder, NULL);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "before"), 0);
	memset(note.text, 'x', sizeof(note.text) - 1);
	ck_assert_int_eq(spool_append(&spool, MSG_RECORD_NOTE, &note), 0);
	fault.mode = FAULT_ENOSPC;
	fault.at = fault.calls + 1;
	ck_assert_int_eq(spool_commit(&spool), -ENOSPC);
	ck_assert_int_eq(spool.error, 0);
	ck_assert_uint_eq(fixture_check(folder), 1);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "after"), 0);
	spool_done(&spool);
	ck_assert_uint_eq(fixture_check(folder), 2);
}
END_TEST

START_TEST(reserve_is_for_violations)
{
	const char *folder = unit_tmpdir();
	int violations = 0;

	fixture_open(&spool, &fault_io, folder, NULL);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "permit"), 0);
	/* The disk is full from now on; only what was promised is left. */
	fault.limit = 1;
	while (fixture_write(&spool, RECORD_KIND_PERMIT, "permit") == 0)
		ck_assert_int_lt((int)spool_seq(&spool), 100000);
	ck_assert_int_eq(spool.error, 0);
	ck_assert_int_eq(spool_room(&spool), -ENOSPC);
	while (fixture_write(&spool, RECORD_KIND_VIOLATION, "violation") == 0)
		violations++;
	ck_assert_int_eq(spool.error, 0);
	printf("# %d violations fit into the reserve\n", violations);
	ck_assert_int_gt(violations, 2000);
	fault.limit = 0;
	ck_assert_int_eq(spool_room(&spool), 0);
	ck_assert_int_eq(fixture_write(&spool, RECORD_KIND_PERMIT, "permit"), 0);
	spool_done(&spool);
	fixture_check(folder);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		first_start,
		continues_after_restart,
		two_at_once,
		former_keys_are_gone,
		torn_at_every_byte,
		torn_with_zeroes,
		key_slot_torn,
		failed_sync_stops_the_file,
		commits_overwrite,
		torn_in_the_blank,
		shortened_behind_our_back,
		reserve_is_for_violations,
		full_disk_leaves_no_part,
	};
	Suite *suite = suite_create("journal_spool");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, setup, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, key_behind_log, 1, 4);
	tcase_add_loop_test(tcase, both_slots_valid, 1, 5);
	tcase_add_loop_test(tcase, newer_slot_counts, 1, 5);
	tcase_add_loop_test(tcase, damage_is_told, 0, HARMS);
	tcase_add_loop_test(tcase, fails_at_every_call, FAULT_EIO, FAULT_MODES);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
