// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every write, sync and truncation of the office's store goes wrong once, in five ways. What had been
 * acknowledged must be there, every event once, and the terminal must be able to go on.
 *
 * OFFICE_CRASH_STRIDE=1 takes every point, which tests/conformance/office does; else every 17th.
 */
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/office/ingest.h"
#include "agent/office/mirror.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_event.h"
#include "tests/tools/lib/office_sim.h"
#include "tests/unit/fault_vfs.h"
#include "tests/unit/unit.h"

#define TERMINALS 2
#define ROUNDS	  3
#define PER_ROUND 90 /* three rounds pass a full bundle */

static struct sim sims[TERMINALS];
static struct keys keys;
static struct incident_rules rules;
static struct incident_book *book;
static char path[256];

static void fill_office(void)
{
	struct store *store;

	ck_assert_int_eq(store_open(path, STORE_CREATE, &store), 0);
	for (size_t i = 0; i < TERMINALS; i++) {
		struct store_terminal t = { .generation = 1, .state = STORE_TERMINAL_ACTIVE };

		snprintf(t.number, sizeof(t.number), "T-%zu", i);
		snprintf(t.origin, sizeof(t.origin), "%s", sims[i].origin);
		memcpy(t.log_key, sims[i].key.public, 32);
		memset(t.origin_hash, (int)i + 1, 32);
		ck_assert_int_eq(store_terminal_add(store, &t, NULL, 0), 0);
	}
	store_close(store);
}

static void setup(void)
{
	uint8_t public[32];

	/* In memory where that can be had: a killed process leaves there what it leaves on a disk. */
	snprintf(path, sizeof(path), "/dev/shm/airgap-office-crash-%d", (int)getpid());
	if (access("/dev/shm", W_OK) < 0)
		snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	crypto_sign_keypair(public, keys.cosign_secret);
	ck_assert_int_eq(tlog_key_make(&keys.cosigner, TLOG_KEY_COSIGNATURE, "office", public), 0);
	incident_rules_default(&rules);
	book = incident_book_of_rules(&rules);
	ck_assert_ptr_nonnull(book);
	for (size_t i = 0; i < TERMINALS; i++) {
		char number[16];

		snprintf(number, sizeof(number), "T-%zu", i);
		sim_init(&sims[i], number, NULL);
		sim_fill(&sims[i], (uint64_t)ROUNDS * PER_ROUND);
	}
}

static void forget(void)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
	char name[300];

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, tails[i]);
		unlink(name);
	}
}

static void teardown(void)
{
	incident_book_free(book);
	for (size_t i = 0; i < TERMINALS; i++)
		sim_done(&sims[i]);
	forget();
}

static int send(struct store *store, struct sim *sim, int64_t terminal, uint64_t size)
{
	struct ingest ingest = { .store = store,
				 .keys = &keys,
				 .book = book,
				 .online = true,
				 .now_us = 1800000000000000 };
	struct ingest_answer answer;
	struct store_head head;
	size_t length;
	void *body;
	int r = store_head_get(store, terminal, &head);

	if (r < 0)
		return r;
	body = sim_body_checkpoint(sim, head.pending_size, size, &length);
	r = ingest_checkpoint(&ingest, body, length, &answer);
	free(body);
	if (r == 0 && answer.status != 200)
		r = -EPROTO;
	if (r < 0)
		return r;
	body = sim_body_entries(sim, head.next, size, 32, &length);
	r = ingest_entries(&ingest, body, length, &answer);
	free(body);
	return r < 0 ? r : answer.status == 200 ? 0 : -EPROTO;
}

/* One group of the office: all terminals in one transaction. */
static int round_of(struct store *store, uint64_t size)
{
	int r = store_begin(store);

	for (size_t i = 0; r == 0 && i < TERMINALS; i++)
		r = send(store, &sims[i], (int64_t)i + 1, size);
	if (r == 0)
		return store_commit(store);
	store_rollback(store);
	return r;
}

/* The office's life until the fault ends it; each byte told is a round acknowledged. */
static void live(enum fault_mode mode, unsigned int point, int tell)
{
	struct store *store;
	unsigned int calls;

	fault_vfs_install(mode, point);
	if (store_open(path, STORE_WRITE, &store) == 0)
		for (unsigned int round = 1; round <= ROUNDS; round++) {
			int r = round_of(store, (uint64_t)round * PER_ROUND);

			if (r == 0 && write(tell, "a", 1) != 1)
				break;
			/* A full disk is waited out; after anything else the office ends. */
			if (r == -ENOSPC)
				round--;
			else if (r < 0)
				break;
		}
	store_close(store);
	calls = fault_vfs_calls();
	(void)!write(tell, &calls, sizeof(calls));
	_exit(0);
}

static unsigned int run(enum fault_mode mode, unsigned int point, unsigned int *rounds)
{
	char told[64];
	unsigned int calls = 0;
	size_t used = 0;
	ssize_t n;
	int ends[2], status;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		live(mode, point, ends[1]);
	}
	close(ends[1]);
	while ((n = read(ends[0], told + used, sizeof(told) - used)) > 0)
		used += (size_t)n;
	close(ends[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status)) {
		ck_assert_uint_ge(used, sizeof(calls));
		used -= sizeof(calls);
		memcpy(&calls, told + used, sizeof(calls));
	} else {
		ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	*rounds = (unsigned int)used;
	return calls;
}

static int count(void *data, const struct store_event *event)
{
	(void)event;
	++*(uint64_t *)data;
	return 0;
}

/* What the office holds now: at least what was acknowledged, the terminal's own log, events once. */
static void check_terminal(struct store *store, size_t i, uint64_t acknowledged)
{
	struct store_event_filter mine = { .terminal = (int64_t)i + 1, .limit = 100000 };
	struct tlog_source source = sim_source(&sims[i]);
	struct tlog_hash held, own;
	struct store_head head;
	uint64_t events = 0;

	ck_assert_int_eq(store_head_get(store, (int64_t)i + 1, &head), 0);
	ck_assert_uint_ge(head.size, acknowledged);
	ck_assert_uint_eq(head.next, head.size);
	if (head.size > 0) {
		ck_assert_int_eq(mirror_root(store, (int64_t)i + 1, head.size, &held), 0);
		ck_assert_int_eq(tlog_proof_root(&source, head.size, &own), 0);
		ck_assert(tlog_hash_same(&held, &own));
	}
	ck_assert_int_eq(store_event_each(store, &mine, count, &events), 0);
	ck_assert_uint_eq(events, head.size / 10);
}

static void check_and_go_on(unsigned int rounds)
{
	struct store *store;

	ck_assert_int_eq(store_open(path, STORE_WRITE, &store), 0);
	ck_assert_int_eq(store_check(store), 0);
	for (size_t i = 0; i < TERMINALS; i++)
		check_terminal(store, i, (uint64_t)rounds * PER_ROUND);
	ck_assert_int_eq(round_of(store, (uint64_t)ROUNDS * PER_ROUND), 0);
	for (size_t i = 0; i < TERMINALS; i++)
		check_terminal(store, i, (uint64_t)ROUNDS * PER_ROUND);
	store_close(store);
}

static void start_over(void)
{
	forget();
	fill_office();
}

START_TEST(every_point)
{
	static const char *const names[] = { "none", "kill", "torn", "EIO", "ENOSPC", "short" };
	enum fault_mode mode = (enum fault_mode)_i;
	const char *stride_text = getenv("OFFICE_CRASH_STRIDE");
	unsigned int stride = stride_text ? (unsigned int)atoi(stride_text) : 17;
	unsigned int rounds, points, hit = 0;

	ck_assert_uint_gt(stride, 0);
	start_over();
	points = run(FAULT_NONE, 0, &rounds);
	ck_assert_uint_eq(rounds, ROUNDS);
	ck_assert_uint_gt(points, 20);
	check_and_go_on(rounds);
	for (unsigned int point = 1 + (unsigned int)_i % stride; point <= points; point += stride) {
		hit++;
		start_over();
		run(mode, point, &rounds);
		check_and_go_on(rounds);
	}
	ck_assert_uint_gt(hit, 0);
	printf("# %s: %u points of %u hit, no acknowledged entry lost, none twice\n", names[mode],
	       hit, points);
	fflush(stdout);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("office_crash");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, every_point, FAULT_KILL, FAULT_MODE_COUNT);
	tcase_set_timeout(tcase, 240);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
