// SPDX-License-Identifier: GPL-2.0-or-later
/* What journald does beside recording: key, checkpoint, tiles, heartbeat. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/journal/receipts.h"
#include "agent/journal/recorder.h"
#include "agent/journal/room.h"
#include "agent/lib/daemon.h"
#include "agent/lib/journal_tree.h"
#include "agent/lib/upload.h"
#include "tests/unit/journal_fixture.h"

static sd_event *event;
static struct spool spool;
static struct recorder recorder;
static const char *folder;

static void setup(void)
{
	fault = (struct fault){ 0 };
	ck_assert_int_ge(sodium_init(), 0);
	ck_assert_int_ge(sd_event_new(&event), 0);
	folder = unit_tmpdir();
}

static void start(void)
{
	ck_assert_int_eq(spool_init(&spool, &journal_io_system, folder, FIXTURE_BOOT_ID), 0);
	ck_assert_int_eq(recorder_init(&recorder, &spool, event), 0);
	ck_assert_int_eq(recorder_start(&recorder), 0);
}

static void stop(void)
{
	recorder_stop(&recorder);
	recorder_done(&recorder);
	spool_done(&spool);
}

static void idle(void)
{
	/* As if the time in which permits come first were over. */
	sd_event_source_set_enabled(recorder.duties.quiet, SD_EVENT_OFF);
	while (duties_idle(&recorder.duties))
		;
}

static void write_entries(int count)
{
	struct msg_record_note note = fixture_note(RECORD_KIND_DEVICE, "some");

	for (int i = 0; i < count; i++)
		ck_assert_int_eq(recorder_own(&recorder, &note), 0);
}

/* As an auditor does it: with the published key, nothing else. */
static struct tlog_checkpoint open_checkpoint(struct tlog_key *key)
{
	struct tlog_checkpoint checkpoint;
	uint8_t *text, *note;
	size_t length;

	text = fixture_read(folder, JOURNAL_FILE_KEY, &length);
	ck_assert_uint_gt(length, 1);
	text[length - 1] = 0;
	ck_assert_int_eq(tlog_key_parse((char *)text, key), 0);
	note = fixture_read(folder, JOURNAL_FILE_CHECKPOINT, &length);
	ck_assert_int_eq(tlog_checkpoint_open((char *)note, length, key, &checkpoint, NULL), 0);
	free(note);
	free(text);
	return checkpoint;
}

/* The root of the log's lines, hashed from the first on. */
static struct tlog_hash root_of_lines(void)
{
	struct tlog_tree tree = { 0 };
	struct tlog_hash hash;
	size_t length;
	char *log = (char *)fixture_read(folder, JOURNAL_FILE_LOG, &length);

	for (char *line = log, *end; (end = strchr(line, '\n')); line = end + 1) {
		tlog_hash_leaf(&hash, line, (size_t)(end - line));
		tlog_tree_append(&tree, &hash);
	}
	free(log);
	tlog_tree_root(&tree, &hash);
	return hash;
}

static const char limits[] = "keep-days 2\nspool-bytes 3000000\n";
static const char tight_limits[] = "keep-days 2\nspool-bytes 100000\n";

START_TEST(checkpoint_is_signed)
{
	struct tlog_checkpoint checkpoint;
	struct tlog_key key;
	struct tlog_hash root;
	char path[128];
	struct stat st;

	start();
	idle();
	ck_assert(!fixture_exists(folder, JOURNAL_FILE_CHECKPOINT));
	duties_terminal(&recorder.duties, "T 1/\xc3\xa9");
	for (int turn = 1; turn < 4; turn++) {
		write_entries(turn);
		idle();
		checkpoint = open_checkpoint(&key);
		ck_assert_str_eq(checkpoint.origin, "airgapd/T%201%2F%C3%A9/0");
		ck_assert_uint_eq(checkpoint.size, spool_seq(&spool));
		root = root_of_lines();
		ck_assert(tlog_hash_same(&root, &checkpoint.root));
	}
	snprintf(path, sizeof(path), "%s/" IDENTITY_FILE_KEY, folder);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0600);
	snprintf(path, sizeof(path), "%s/" JOURNAL_FILE_CHECKPOINT, folder);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0640);
	stop();
}
END_TEST

/* Key and name outlive restarts; of the log's name, another number changes nothing. */
START_TEST(identity_stays)
{
	struct tlog_checkpoint checkpoint;
	struct tlog_key first, second;

	start();
	duties_terminal(&recorder.duties, "T-1");
	idle();
	open_checkpoint(&first);
	stop();
	start();
	idle();
	checkpoint = open_checkpoint(&second);
	ck_assert_str_eq(checkpoint.origin, "airgapd/T-1/0");
	ck_assert_mem_eq(&first, &second, sizeof(first));
	duties_terminal(&recorder.duties, "T-2");
	duties_terminal(&recorder.duties, "T-2");
	idle();
	checkpoint = open_checkpoint(&second);
	ck_assert_str_eq(checkpoint.origin, "airgapd/T-1/0");
	ck_assert_int_ge(fixture_find(folder, "terminal-renumbered"), 0);
	stop();
}
END_TEST

/* A damaged log begins another one under the same key. */
START_TEST(epochs_are_logs_of_their_own)
{
	struct tlog_checkpoint checkpoint;
	struct tlog_key first, second;
	char path[128];

	start();
	duties_terminal(&recorder.duties, "T-1");
	write_entries(300);
	idle();
	open_checkpoint(&first);
	stop();
	snprintf(path, sizeof(path), "%s/" JOURNAL_FILE_LOG, folder);
	ck_assert_int_eq(truncate(path, 1000), 0);
	start();
	idle();
	checkpoint = open_checkpoint(&second);
	ck_assert_str_eq(checkpoint.origin, "airgapd/T-1/1");
	ck_assert_uint_lt(checkpoint.size, 10);
	ck_assert_mem_eq(first.public, second.public, sizeof(first.public));
	ck_assert(fixture_exists(folder, "checkpoint.damaged-0"));
	ck_assert(fixture_exists(folder, "tile.damaged-0/0/000"));
	ck_assert(!fixture_exists(folder, JOURNAL_FILE_TILES));
	stop();
}
END_TEST

START_TEST(damaged_key_is_told)
{
	start();
	duties_terminal(&recorder.duties, "T-1");
	idle();
	stop();
	fixture_put(folder, IDENTITY_FILE_KEY, "airgap-log-key 1 00", 19);
	start();
	duties_terminal(&recorder.duties, "T-1");
	write_entries(3);
	idle();
	stop();
	ck_assert_int_gt(fixture_find(folder, "log-key-damaged"), 0);
	fixture_check(folder);
}
END_TEST

/* Deleted, it is not made anew behind the office's back. */
START_TEST(a_key_that_is_gone_is_told)
{
	char path[128];

	start();
	duties_terminal(&recorder.duties, "T-1");
	idle();
	stop();
	snprintf(path, sizeof(path), "%s/" IDENTITY_FILE_KEY, folder);
	ck_assert_int_eq(unlink(path), 0);
	start();
	ck_assert(!fixture_exists(folder, IDENTITY_FILE_KEY));
	stop();
	ck_assert_int_gt(fixture_find(folder, "log-key-damaged"), 0);
	fixture_check(folder);
}
END_TEST

static void expect_proofs(struct journal_tree *tree, const struct tlog_checkpoint *checkpoint)
{
	struct tlog_source source = journal_tree_source(tree);
	struct tlog_hash root, old, leaf;
	struct tlog_proof proof;
	const char *line;
	size_t length;

	ck_assert_int_eq(tlog_proof_root(&source, checkpoint->size, &root), 0);
	ck_assert(tlog_hash_same(&root, &checkpoint->root));
	for (uint64_t at = 0; at < checkpoint->size; at += 97) {
		ck_assert_int_eq(journal_tree_line(tree, at, &line, &length), 0);
		tlog_hash_leaf(&leaf, line, length);
		ck_assert_int_eq(tlog_proof_inclusion(&source, at, checkpoint->size, &proof), 0);
		ck_assert_int_eq(tlog_check_inclusion(&proof, at, checkpoint->size, &leaf, &root),
				 0);
		ck_assert_int_eq(tlog_proof_root(&source, at, &old), 0);
		ck_assert_int_eq(tlog_proof_consistency(&source, at, checkpoint->size, &proof), 0);
		ck_assert_int_eq(tlog_check_consistency(&proof, at, &old, checkpoint->size, &root),
				 0);
	}
	ck_assert_int_eq(journal_tree_line(tree, checkpoint->size, &line, &length), -ENODATA);
}

/* Removes or shortens files of the tree: they are derived, and come back. */
static void harm_tiles(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/tile/0/001", folder);
	ck_assert_int_eq(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/tile/0/002", folder);
	ck_assert_int_eq(truncate(path, 100), 0);
}

START_TEST(tiles_and_proofs)
{
	struct tlog_checkpoint checkpoint;
	struct journal_tree tree;
	struct tlog_key key;
	size_t length;

	start();
	duties_terminal(&recorder.duties, "T-1");
	write_entries(1300);
	idle();
	checkpoint = open_checkpoint(&key);
	free(fixture_read(folder, "tile/0/004", &length));
	ck_assert_uint_eq(length, TLOG_TILE_SIZE);
	ck_assert(!fixture_exists(folder, "tile/0/005"));
	ck_assert_int_eq(journal_tree_open(&tree, folder, checkpoint.size), 0);
	expect_proofs(&tree, &checkpoint);
	harm_tiles();
	tree.tiles.known.width = 0;
	expect_proofs(&tree, &checkpoint);
	journal_tree_close(&tree);
	stop();
	start();
	idle();
	free(fixture_read(folder, "tile/0/001", &length));
	ck_assert_uint_eq(length, TLOG_TILE_SIZE);
	free(fixture_read(folder, "tile/0/002", &length));
	ck_assert_uint_eq(length, TLOG_TILE_SIZE);
	stop();
}
END_TEST

/* Full tiles of the second level, and a restart that finds its way. */
START_TEST(second_level)
{
	struct msg_record_note note = fixture_note(RECORD_KIND_DEVICE, "many");
	struct tlog_checkpoint checkpoint;
	struct journal_tree tree;
	struct tlog_tree edge;
	struct tlog_key key;
	size_t length;

	start();
	duties_terminal(&recorder.duties, "T-1");
	while (spool_seq(&spool) < 66000) {
		while (spool_append(&spool, MSG_RECORD_NOTE, &note) == 0)
			;
		ck_assert_int_eq(spool_commit(&spool), 0);
	}
	idle();
	checkpoint = open_checkpoint(&key);
	free(fixture_read(folder, "tile/1/000", &length));
	ck_assert_uint_eq(length, TLOG_TILE_SIZE);
	ck_assert(!fixture_exists(folder, "tile/1/001"));
	ck_assert_int_eq(journal_tree_open(&tree, folder, checkpoint.size), 0);
	ck_assert_int_eq(journal_tree_edge(&tree, checkpoint.size, &edge), 0);
	ck_assert_mem_eq(&edge, &spool.ratchet.state.tree, sizeof(edge));
	journal_tree_close(&tree);
	stop();
}
END_TEST

/* --- receipts --- */

static struct tlog_key office;
static uint8_t office_secret[64];

static void register_office(void)
{
	char text[TLOG_KEY_TEXT_SIZE + 1];
	uint8_t public[32];

	crypto_sign_keypair(public, office_secret);
	ck_assert_int_eq(tlog_key_make(&office, TLOG_KEY_COSIGNATURE, "office.test", public), 0);
	tlog_key_format(&office, text);
	strcat(text, "\n");
	fixture_put(folder, JOURNAL_FILE_OFFICE_KEY, text, strlen(text));
}

/* The published checkpoint with the office's signature. */
static size_t make_receipt(char note[static 4096], uint64_t time)
{
	size_t length, text;
	uint8_t *checkpoint = fixture_read(folder, JOURNAL_FILE_CHECKPOINT, &length);

	memcpy(note, checkpoint, length);
	free(checkpoint);
	note[length] = 0;
	text = (size_t)(strstr(note, "\n\n") + 1 - note);
	return length + tlog_note_sign(note + length, &office, office_secret, time, note, text);
}

START_TEST(receipts_become_anchors)
{
	char note[4096], other[4096];
	size_t length, kept;
	const char *reason;
	uint64_t size;
	uint8_t *file;

	start();
	duties_terminal(&recorder.duties, "T-1");
	write_entries(4);
	idle();
	ck_assert_int_eq(receipts_take(&recorder, "x", 1, &size, &reason), -ENOKEY);
	register_office();
	length = make_receipt(note, 1764057600);
	ck_assert_int_eq(receipts_take(&recorder, note, length, &size, &reason), 0);
	ck_assert_uint_eq(size, 5);
	ck_assert_int_eq(fixture_find(folder, "receipt-anchor"), 5);
	file = fixture_read(folder, JOURNAL_FILE_RECEIPT, &kept);
	ck_assert_uint_eq(kept, length);
	ck_assert_mem_eq(file, note, length);
	free(file);
	/* Again: nothing new, no entry. */
	ck_assert_int_eq(receipts_take(&recorder, note, length, &size, &reason), 0);
	ck_assert_uint_eq(spool_seq(&spool), 6);
	/* It is remembered. */
	stop();
	start();
	ck_assert_uint_eq(spool.ratchet.state.receipted, 5);
	idle();
	/* No byte of it may be another one. */
	write_entries(1);
	idle();
	length = make_receipt(note, 1764057700);
	for (size_t i = 0; i < length; i++) {
		memcpy(other, note, length);
		other[i] ^= 1;
		ck_assert_int_lt(receipts_take(&recorder, other, length, &size, &reason), 0);
		ck_assert_ptr_nonnull(reason);
	}
	ck_assert_uint_eq(size, 5);
	ck_assert_int_eq(receipts_take(&recorder, note, length, &size, &reason), 0);
	ck_assert_uint_eq(size, 9);
	stop();
	fixture_check(folder);
}
END_TEST

/* A receipt as an office gives it to whoever holds the key and has other entries. */
static size_t forge_receipt(char note[static 4096], uint64_t size, const struct tlog_hash *root)
{
	const struct identity *identity = &recorder.duties.identity;
	struct tlog_checkpoint checkpoint = { .size = size, .root = *root };
	size_t length, text;

	strcpy(checkpoint.origin, identity->key.name);
	text = length = tlog_checkpoint_format(&checkpoint, note);
	note[length++] = '\n';
	length += tlog_note_sign(note + length, &identity->key, identity->secret, 0, note, text);
	return length + tlog_note_sign(note + length, &office, office_secret, 5, note, text);
}

/* The disk was set back: of the same size, and of entries that are not these. */
START_TEST(receipts_of_before_a_rollback)
{
	const uint64_t sizes[] = { 1, 9, 255, 256, 257, 300, 512, 700, 701 };
	char note[4096];
	const char *reason;
	struct tlog_hash root;
	struct journal_tree tree;
	uint64_t size;
	size_t length;

	start();
	duties_terminal(&recorder.duties, "T-1");
	write_entries(700);
	idle();
	register_office();
	ck_assert_uint_eq(recorder.duties.publish.tiled, 512);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct tlog_source source;

		ck_assert_int_eq(journal_tree_open(&tree, folder, sizes[i]), 0);
		source = journal_tree_source(&tree);
		ck_assert_int_eq(tlog_proof_root(&source, sizes[i], &root), 0);
		journal_tree_close(&tree);
		root.bytes[7] ^= 1;
		length = forge_receipt(note, sizes[i], &root);
		ck_assert_int_eq(receipts_take(&recorder, note, length, &size, &reason), -EBADMSG);
		root.bytes[7] ^= 1;
		length = forge_receipt(note, sizes[i], &root);
		ck_assert_int_eq(receipts_take(&recorder, note, length, &size, &reason), 0);
		ck_assert_uint_eq(size, sizes[i]);
	}
	stop();
	fixture_check(folder);
}
END_TEST

/* No room for the anchor: the receipt does not count, and counts when it comes again. */
START_TEST(a_receipt_without_its_anchor)
{
	char note[4096];
	const char *reason;
	uint64_t size;
	size_t length;

	ck_assert_int_eq(spool_init(&spool, &fault_io, folder, FIXTURE_BOOT_ID), 0);
	ck_assert_int_eq(recorder_init(&recorder, &spool, event), 0);
	ck_assert_int_eq(recorder_start(&recorder), 0);
	duties_terminal(&recorder.duties, "T-1");
	write_entries(4);
	idle();
	register_office();
	length = make_receipt(note, 5);
	room_forget(&spool, (off_t)spool.ratchet.state.offset);
	fault.limit = 1;
	fault.allocated = 0;
	ck_assert_int_lt(receipts_take(&recorder, note, length, &size, &reason), 0);
	fault.limit = 0;
	write_entries(1);
	ck_assert_uint_eq(spool.ratchet.state.receipted, 0);
	ck_assert_int_eq(receipts_take(&recorder, note, length, &size, &reason), 0);
	ck_assert_uint_eq(size, 5);
	ck_assert_int_gt(fixture_find(folder, "receipt-anchor"), 0);
	stop();
}
END_TEST

/* Entries that this log does not have: a receipt of what a clone wrote, or before a roll-back. */
START_TEST(receipts_of_other_entries)
{
	char note[4096];
	const char *reason;
	uint64_t size;
	size_t length;

	start();
	duties_terminal(&recorder.duties, "T-1");
	write_entries(9);
	idle();
	register_office();
	length = make_receipt(note, 5);
	spool.ratchet.state.seq--;
	ck_assert_int_eq(receipts_take(&recorder, note, length, &size, &reason), -EBADMSG);
	spool.ratchet.state.seq++;
	/* Another terminal's key. */
	crypto_sign_keypair(recorder.duties.identity.public, recorder.duties.identity.secret);
	identity_begin(&recorder.duties.identity, 0);
	ck_assert_int_eq(receipts_take(&recorder, note, length, &size, &reason), -ENOKEY);
	stop();
}
END_TEST

/* --- quotas --- */

static struct msg_record_usb usb_at(const char *port, enum record_kind kind)
{
	struct msg_record_usb usb = { .record.kind = kind };

	snprintf(usb.outcome.decided.facts.port, USB_PORT_SIZE, "%s", port);
	return usb;
}

START_TEST(floods_are_counted)
{
	struct msg_record_usb flood = usb_at("1-2", RECORD_KIND_VIOLATION);
	struct msg_record_usb other = usb_at("1-3", RECORD_KIND_VIOLATION);
	struct msg_record_usb permit = usb_at("1-2", RECORD_KIND_PERMIT);
	struct msg_record_note note = fixture_note(RECORD_KIND_VIOLATION, "note");
	uint8_t *log;
	size_t length;

	start();
	for (int i = 0; i < QUOTA_BURST; i++)
		ck_assert_int_eq(duties_admit(&recorder.duties, MSG_RECORD_USB, &flood), 0);
	ck_assert_int_eq(fixture_find(folder, "quota-reached"), -1);
	for (int i = 0; i < 500; i++)
		ck_assert_int_eq(duties_admit(&recorder.duties, MSG_RECORD_USB, &flood), -EDQUOT);
	/* Told at once, and once. */
	ck_assert_int_ge(fixture_find(folder, "quota-reached"), 0);
	/* Nobody else suffers, and no permit does. */
	ck_assert_int_eq(duties_admit(&recorder.duties, MSG_RECORD_USB, &other), 0);
	ck_assert_int_eq(duties_admit(&recorder.duties, MSG_RECORD_USB, &permit), 0);
	ck_assert_int_eq(duties_admit(&recorder.duties, MSG_RECORD_NOTE, &note), 0);
	stop();
	log = fixture_read(folder, JOURNAL_FILE_LOG, &length);
	ck_assert_ptr_nonnull(strstr((char *)log, "\"name\":\"entries-counted\",\"subject\":"
						  "\"port 1-2\",\"count\":500,"));
	free(log);
}
END_TEST

START_TEST(quotas_fill_again)
{
	struct msg_record_usb flood = usb_at("1-2", RECORD_KIND_DEVICE);
	static struct quota quota;
	struct quota_key *key;
	char port[16];
	uint64_t now = 1000000;

	for (int i = 0; i < QUOTA_BURST + 5; i++, now += 1000)
		quota_take(&quota, MSG_RECORD_USB, &flood, now, &key);
	ck_assert_uint_ge(key->dropped, 4);
	key->dropped = 0;
	now += 2 * QUOTA_REFILL_S * 1000000ULL;
	ck_assert_int_eq(quota_take(&quota, MSG_RECORD_USB, &flood, now, &key), QUOTA_WRITE);
	ck_assert_int_eq(quota_take(&quota, MSG_RECORD_USB, &flood, now, &key), QUOTA_WRITE);
	ck_assert_int_eq(quota_take(&quota, MSG_RECORD_USB, &flood, now, &key), QUOTA_ANNOUNCE);
	/* Many at once share; those with a quota of their own keep it. */
	for (int i = 0; i < 10000; i++) {
		snprintf(port, sizeof(port), "%d-1", i % 200 + 2);
		flood = usb_at(port, RECORD_KIND_DEVICE);
		quota_take(&quota, MSG_RECORD_USB, &flood, now, &key);
	}
	ck_assert_str_eq(key->name, "all others");
	ck_assert_uint_gt(key->dropped, 1000);
	flood = usb_at("3-1", RECORD_KIND_DEVICE);
	ck_assert_int_eq(quota_take(&quota, MSG_RECORD_USB, &flood, now, &key), QUOTA_WRITE);
	/* After a day everything is as at the beginning. */
	now += 86400 * 1000000ULL;
	flood = usb_at("150-1", RECORD_KIND_DEVICE);
	ck_assert_int_eq(quota_take(&quota, MSG_RECORD_USB, &flood, now, &key), QUOTA_WRITE);
	ck_assert_str_eq(key->name, "port 150-1");
}
END_TEST

static uint64_t promise_of(uint8_t *log, const char *name)
{
	char *line = strstr((char *)log, name), *start;
	struct journal_head head;

	ck_assert_ptr_nonnull(line);
	start = memrchr(log, '\n', (size_t)(line - (char *)log));
	start = start ? start + 1 : (char *)log;
	ck_assert_int_eq(journal_head_parse(start, (size_t)(strchr(start, '\n') - start), &head),
			 0);
	return head.next_by_s;
}

START_TEST(heartbeats_when_nothing_happens)
{
	uint64_t end;
	uint8_t *log;
	size_t length;

	start();
	recorder.duties.heartbeat_us = 300000;
	sd_event_source_set_time(recorder.duties.heartbeat, clock_boottime_us() + 300000);
	end = clock_boottime_us() + 1000000;
	/* Entries put it off. */
	while (clock_boottime_us() < end) {
		ck_assert_int_ge(sd_event_run(event, 50000), 0);
		write_entries(1);
	}
	ck_assert_int_eq(fixture_find(folder, "heartbeat"), -1);
	end = clock_boottime_us() + 10000000;
	while (fixture_find(folder, "heartbeat") == -1) {
		ck_assert_int_ge(sd_event_run(event, 50000), 0);
		ck_assert_uint_lt(clock_boottime_us(), end);
	}
	stop();
	log = fixture_read(folder, JOURNAL_FILE_LOG, &length);
	ck_assert_uint_eq(promise_of(log, "\"name\":\"boot\""), DUTIES_PROMISE_S);
	ck_assert_uint_eq(promise_of(log, "\"name\":\"heartbeat\""), DUTIES_PROMISE_S);
	/* Whoever stops promises nothing. */
	ck_assert_uint_eq(promise_of(log, "\"name\":\"clean-stop\""), 0);
	free(log);
}
END_TEST

/* Where the office gets them: of what is left, and of nothing else. */
static void expect_digests(uint64_t first)
{
	struct upload_head head;
	uint8_t *body;
	size_t length;

	ck_assert_int_eq(upload_head(folder, &head), 0);
	if (!head.digests)
		return;
	ck_assert_int_eq(upload_entries(folder, &head, first, NULL, &body, &length), 0);
	ck_assert_ptr_nonnull(memmem(body, length, "\"held\"", 6));
	free(body);
	ck_assert(!fixture_exists(folder, JOURNAL_FILE_DIGESTS "/000") == (first > 0));
}

static void expect_pruned(uint64_t first)
{
	struct tlog_checkpoint checkpoint;
	struct journal_tree tree;
	struct tlog_source source;
	struct tlog_hash root;
	struct tlog_key key;

	ck_assert_uint_eq(spool.ratchet.state.first, first);
	checkpoint = open_checkpoint(&key);
	ck_assert_uint_eq(checkpoint.size, spool_seq(&spool));
	ck_assert_int_eq(journal_tree_open(&tree, folder, checkpoint.size), 0);
	ck_assert_uint_eq(tree.first, first);
	source = journal_tree_source(&tree);
	ck_assert_int_eq(tlog_proof_root(&source, checkpoint.size, &root), 0);
	ck_assert(tlog_hash_same(&root, &checkpoint.root));
	journal_tree_close(&tree);
	expect_digests(first);
}

static void receipt_at(uint64_t time)
{
	char note[4096];
	const char *reason;
	uint64_t size;
	size_t length;

	idle();
	length = make_receipt(note, time);
	ck_assert_int_eq(receipts_take(&recorder, note, length, &size, &reason), 0);
	/* Each entry, and what goes is one, makes a time in which permits come first. */
	for (int i = 0; i < 3; i++)
		idle();
}

START_TEST(old_entries_are_pruned)
{
	const uint64_t day = 86400, begin = 1764057600;
	char path[300];
	FILE *file;

	fixture_put(folder, PRUNE_FILE_LIMITS, limits, strlen(limits));
	start();
	ck_assert_uint_eq(recorder.duties.prune.keep_s, 2 * day);
	recorder.duties.prune.least = 1;
	duties_terminal(&recorder.duties, "T-1");
	if (_i) {
		struct msg_bearing lower = { .telling = MSG_TELLING_DIGESTS };

		duties_bearing(&recorder.duties, &lower);
	}
	register_office();
	write_entries(600);
	receipt_at(begin);
	write_entries(600);
	receipt_at(begin + day);
	/* Nothing is old enough, whatever clock this machine has. */
	expect_pruned(0);
	/* A tile that went bad is put right before its entries go. */
	snprintf(path, sizeof(path), "%s/tile/0/001", folder);
	file = fopen(path, "r+");
	ck_assert_ptr_nonnull(file);
	fputs("damaged", file);
	fclose(file);
	write_entries(10);
	receipt_at(begin + 2 * day);
	expect_pruned(512);
	ck_assert_int_ge(fixture_find(folder, "pruned"), 0);
	ck_assert(!fixture_exists(folder, PRUNE_FILE_COPY));
	/* It goes on as any other log. */
	write_entries(10);
	stop();
	start();
	recorder.duties.prune.least = 1;
	ck_assert_uint_eq(recorder.report.damage, 0);
	idle();
	expect_pruned(512);
	write_entries(300);
	receipt_at(begin + 4 * day);
	expect_pruned(1024);
	stop();
}
END_TEST

/* A log of which the first tile may go as soon as one more receipt comes. */
static void make_prunable(void)
{
	struct msg_record_note note = fixture_note(RECORD_KIND_DEVICE, "some");
	struct recover_report report;

	fixture_put(folder, PRUNE_FILE_LIMITS, limits, strlen(limits));
	fixture_open(&spool, &journal_io_system, folder, &report);
	for (int i = 0; i < 300; i++)
		if (spool_append(&spool, MSG_RECORD_NOTE, &note) == -ENOBUFS) {
			ck_assert_int_eq(spool_commit(&spool), 0);
			ck_assert_int_eq(spool_append(&spool, MSG_RECORD_NOTE, &note), 0);
		}
	ck_assert_int_eq(spool_commit(&spool), 0);
	ck_assert_int_eq(spool_seal(&spool), 0);
	spool_done(&spool);
	start();
	duties_terminal(&recorder.duties, "T-1");
	register_office();
	receipt_at(1764057600);
	write_entries(3);
	idle();
	stop();
}

static unsigned int pruning_hits;

/* One life that ends or stumbles at call @at while it prunes; true: there was such a call. */
static bool prune_with_fault(enum fault_mode mode, unsigned int at)
{
	char note[4096];
	const char *reason;
	uint64_t size, before;
	struct tlog_hash root, found;
	unsigned int calls;
	size_t length;

	ck_assert_int_eq(spool_init(&spool, &fault_io, folder, FIXTURE_BOOT_ID), 0);
	ck_assert_int_eq(recorder_init(&recorder, &spool, event), 0);
	ck_assert_int_eq(recorder_start(&recorder), 0);
	recorder.duties.prune.least = 1;
	idle();
	before = spool_seq(&spool);
	length = make_receipt(note, 1764057600 + 3 * 86400);
	fault = (struct fault){ .mode = mode, .at = at };
	receipts_take(&recorder, note, length, &size, &reason);
	for (int i = 0; i < 3; i++)
		idle();
	calls = fault.calls;
	pruning_hits += fault.hits;
	fault = (struct fault){ 0 };
	recorder_done(&recorder);
	spool_done(&spool);
	/* The next life. */
	start();
	ck_assert_uint_eq(recorder.report.damage, 0);
	ck_assert_uint_ge(spool_seq(&spool), before);
	ck_assert(spool.ratchet.state.first == 0 || spool.ratchet.state.first == 256);
	ck_assert(!fixture_exists(folder, PRUNE_FILE_COPY));
	idle();
	tlog_tree_root(&spool.ratchet.state.tree, &root);
	ck_assert_int_eq(publish_root(&recorder.duties.publish, spool_seq(&spool), &found), 0);
	ck_assert(tlog_hash_same(&root, &found));
	stop();
	return calls >= at;
}

START_TEST(pruning_survives_faults)
{
	static const enum fault_mode modes[] = { FAULT_EIO, FAULT_ENOSPC, FAULT_SHORT,
						 FAULT_CRASH };
	char base[300], point[320], command[1200];

	/* In memory where that can be had: it is about the order of calls. */
	snprintf(base, sizeof(base), "%s",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm/airgap-prune-XXXXXX" : folder);
	if (strstr(base, "XXXXXX"))
		ck_assert_ptr_nonnull(mkdtemp(base));
	folder = base;
	make_prunable();
	snprintf(point, sizeof(point), "%s-point", base);
	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		unsigned int at = 0;
		bool hit = true;

		pruning_hits = 0;
		while (hit) {
			snprintf(command, sizeof(command), "rm -rf %s && cp -a %s %s", point, base,
				 point);
			ck_assert_int_eq(system(command), 0);
			folder = point;
			hit = prune_with_fault(modes[m], ++at);
			folder = base;
		}
		printf("# pruning, %s: %u points hit\n", fault_mode_names[modes[m]], pruning_hits);
		ck_assert_uint_gt(pruning_hits, 3);
	}
	snprintf(command, sizeof(command), "rm -rf %s %s", point, base);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(the_spool_has_a_limit)
{
	struct msg_record_note note = fixture_note(RECORD_KIND_PERMIT, "some");
	int r = 0;

	memset(note.text, 'x', sizeof(note.text) - 1);
	fixture_put(folder, PRUNE_FILE_LIMITS, tight_limits, strlen(tight_limits));
	start();
	for (int i = 0; i < 100 && r == 0; i++)
		r = recorder_own(&recorder, &note);
	ck_assert_int_eq(r, -ENOSPC);
	/* What must be told still is. */
	note.record.kind = RECORD_KIND_VIOLATION;
	ck_assert_int_eq(recorder_own(&recorder, &note), 0);
	ck_assert_uint_lt(spool.ratchet.state.offset, 110000);
	stop();
}
END_TEST

/* What the policy says counts; without a word of it the file does. Before it is full, it is tight. */
START_TEST(the_policy_limits_the_spool)
{
	struct msg_bearing bearing = { .spool_bytes = 200000, .telling = MSG_TELLING_ENTRIES };
	struct msg_record_note note = fixture_note(RECORD_KIND_PERMIT, "some");
	bool tight = false;

	memset(note.text, 'x', sizeof(note.text) - 1);
	fixture_put(folder, PRUNE_FILE_LIMITS, tight_limits, strlen(tight_limits));
	start();
	ck_assert_int_eq(spool.limit, 100000);
	duties_bearing(&recorder.duties, &bearing);
	ck_assert_int_eq(spool.limit, 200000);
	while (recorder_own(&recorder, &note) == 0) {
		bool now = room_is_tight(&spool, tight);

		ck_assert_int_eq(now, spool.ratchet.state.offset > 175000);
		tight = now;
	}
	ck_assert(tight);
	ck_assert_uint_gt(spool.ratchet.state.offset, 190000);
	/* A little more room does not turn it back. */
	bearing.spool_bytes = 210000;
	duties_bearing(&recorder.duties, &bearing);
	ck_assert(room_is_tight(&spool, true));
	bearing.spool_bytes = 400000;
	duties_bearing(&recorder.duties, &bearing);
	ck_assert(!room_is_tight(&spool, true));
	bearing.spool_bytes = 0;
	duties_bearing(&recorder.duties, &bearing);
	ck_assert_int_eq(spool.limit, 100000);
	stop();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { checkpoint_is_signed,
				       identity_stays,
				       epochs_are_logs_of_their_own,
				       damaged_key_is_told,
				       a_key_that_is_gone_is_told,
				       tiles_and_proofs,
				       second_level,
				       receipts_become_anchors,
				       receipts_of_other_entries,
				       receipts_of_before_a_rollback,
				       a_receipt_without_its_anchor,
				       floods_are_counted,
				       quotas_fill_again,
				       heartbeats_when_nothing_happens,
				       pruning_survives_faults,
				       the_spool_has_a_limit,
				       the_policy_limits_the_spool };
	Suite *suite = suite_create("journal_publish");
	TCase *tcase = tcase_create("core");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	/* And where an office of a lower level gets digests of them. */
	tcase_add_loop_test(tcase, old_entries_are_pruned, 0, 2);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
