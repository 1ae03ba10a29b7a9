// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many terminals at one office, over real TLS on 127.0.0.1: heartbeats, then a burst of queued
 * entries; and the same rows put into SQLite without any office, for comparison.
 *
 * usage: office-load prepare STORE FOLDER TERMINALS	register them, while the office is not running
 *	  office-load run PORT FOLDER TERMINALS ENTRIES HEARTBEATS PID
 *	  office-load raw FILE ROWS BATCH
 *
 * Keys of logs come from the terminal's number; certificates are kept in FOLDER.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/office/certificate.h"
#include "agent/office/store/store_terminal.h"
#include "tests/tools/lib/office_client.h"
#include "tests/tools/lib/office_sim.h"

#define TERMINALS_MAX 2000
#define ENTRIES_MAX   1000000
#define WAVE	      25 /* connections that begin at once */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void make_sim(struct sim *sim, unsigned int number)
{
	uint8_t seed[32] = { 'l', 'o', 'a', 'd' };
	char name[16];

	memcpy(seed + 4, &number, sizeof(number));
	snprintf(name, sizeof(name), "L-%05u", number);
	sim_init(sim, name, seed);
}

/* One certificate for all would make them one terminal; so each has its own, in a file. */
static char *pem_of(const char *folder, unsigned int number, bool make)
{
	char path[512], *pem = NULL;
	FILE *file;
	long size;

	snprintf(path, sizeof(path), "%s/%u.pem", folder, number);
	if (make && certificate_make("terminal", &pem) == 0) {
		file = fopen(path, "w");
		if (!file || fputs(pem, file) < 0 || fclose(file) != 0)
			exit(1);
		return pem;
	}
	file = fopen(path, "r");
	if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0)
		exit(1);
	rewind(file);
	pem = calloc(1, (size_t)size + 1);
	if (!pem || fread(pem, 1, (size_t)size, file) != (size_t)size)
		exit(1);
	fclose(file);
	return pem;
}

static int prepare(const char *path, const char *folder, unsigned int count)
{
	struct store *store;

	if (store_open(path, STORE_WRITE, &store) < 0 || store_begin(store) < 0)
		return 1;
	for (unsigned int i = 0; i < count; i++) {
		struct store_terminal t = { .generation = 1, .state = STORE_TERMINAL_ACTIVE };
		char *pem = pem_of(folder, i, true);
		struct sim sim;

		make_sim(&sim, i);
		snprintf(t.number, sizeof(t.number), "L-%05u", i);
		snprintf(t.origin, sizeof(t.origin), "%s", sim.origin);
		crypto_hash_sha256(t.origin_hash, (const uint8_t *)t.origin, strlen(t.origin));
		memcpy(t.log_key, sim.key.public, 32);
		if (certificate_pin(pem, t.tls_pin) < 0 ||
		    store_terminal_add(store, &t, NULL, 0) < 0) {
			fprintf(stderr, "office-load: %s\n", store_reason(store));
			return 1;
		}
		free(pem);
		sim_done(&sim);
	}
	if (store_commit(store) < 0)
		return 1;
	store_close(store);
	printf("%u terminals registered\n", count);
	return 0;
}

/* --- the run --- */

static struct {
	uint16_t port;
	const char *folder;
	unsigned int count, heartbeats;
	uint64_t entries; /* of each, in the burst */
	pthread_barrier_t barrier;
	pthread_mutex_t lock;
	double *latencies;
	size_t used, room;
	unsigned int failures;
} load;

struct terminal {
	struct sim sim;
	struct client *client;
	uint64_t reported;
	unsigned int number;
};

static void note_latency(double seconds)
{
	pthread_mutex_lock(&load.lock);
	if (load.used < load.room)
		load.latencies[load.used++] = seconds;
	pthread_mutex_unlock(&load.lock);
}

static void fail(const struct terminal *t, const char *what, int status)
{
	pthread_mutex_lock(&load.lock);
	if (load.failures++ < 5)
		fprintf(stderr, "office-load: terminal %u: %s: status %d\n", t->number, what,
			status);
	pthread_mutex_unlock(&load.lock);
}

/* From what has a receipt up to all of it; the time from first byte to receipt is noted. */
static bool report(struct terminal *t)
{
	size_t length;
	void *body = sim_body_checkpoint(&t->sim, t->reported, t->sim.size, &length);
	double start = now();
	uint64_t next = t->reported;
	char *answer = NULL;
	int status = client_ask(t->client, "POST", "/v1/add-checkpoint", body, length, NULL, NULL);

	free(body);
	if (status != 200) {
		fail(t, "add-checkpoint", status);
		return false;
	}
	do {
		free(answer);
		body = sim_body_entries(&t->sim, next, t->sim.size, 32, &length);
		status = client_ask(t->client, "POST", "/v1/add-entries", body, length, &answer,
				    NULL);
		free(body);
		if (status == 202)
			sscanf(answer, "%*u\n%" SCNu64, &next);
	} while (status == 202);
	if (status != 200 || !strstr(answer, "office"))
		fail(t, "add-entries", status);
	free(answer);
	if (status != 200)
		return false;
	note_latency(now() - start);
	t->reported = t->sim.size;
	return true;
}

static void *live(void *data)
{
	struct terminal *t = data;
	char *pem = pem_of(load.folder, t->number, false);

	make_sim(&t->sim, t->number);
	/* After an outage connections come back spread over time. */
	usleep(t->number / WAVE * 250000);
	t->client = client_new(load.port, pem);
	free(pem);
	if (!t->client)
		fail(t, "connect", 0);
	pthread_barrier_wait(&load.barrier);
	for (unsigned int i = 0; i < load.heartbeats; i++) {
		usleep((useconds_t)randombytes_uniform(1000000));
		sim_append(&t->sim, "heartbeat", 0, 42, "{\"type\":\"note\"}", NULL);
		if (t->client && !report(t))
			break;
	}
	pthread_barrier_wait(&load.barrier);
	sim_fill(&t->sim, load.entries);
	pthread_barrier_wait(&load.barrier);
	if (t->client)
		report(t);
	pthread_barrier_wait(&load.barrier);
	return NULL;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double percentile(double p)
{
	if (load.used == 0)
		return 0;
	qsort(load.latencies, load.used, sizeof(double), compare);
	return load.latencies[(size_t)((double)(load.used - 1) * p)] * 1000;
}

/* Processor seconds and the largest memory of the office, from /proc. */
static double cpu_of(const char *pid, long *kib)
{
	char path[64], line[512];
	unsigned long user = 0, system = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			    &user, &system) != 2)
		exit(1);
	fclose(file);
	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "VmHWM: %ld", kib);
	if (file)
		fclose(file);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static int run(const char *pid)
{
	static struct terminal terminals[TERMINALS_MAX];
	static pthread_t threads[TERMINALS_MAX];
	double start, connected, beaten, from, end, cpu[4];
	pthread_attr_t attributes;
	long kib = 0;

	pthread_mutex_init(&load.lock, NULL);
	pthread_barrier_init(&load.barrier, NULL, load.count + 1);
	load.room = (size_t)load.count * (load.heartbeats + 1);
	load.latencies = calloc(load.room, sizeof(double));
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, (size_t)512 << 10);
	cpu[0] = cpu_of(pid, &kib);
	start = now();
	for (unsigned int i = 0; i < load.count; i++) {
		terminals[i].number = i;
		if (pthread_create(&threads[i], &attributes, live, &terminals[i]) != 0)
			return 1;
	}
	pthread_barrier_wait(&load.barrier);
	connected = now();
	cpu[1] = cpu_of(pid, &kib);
	printf("connections  %u in %.1f s, %.2f ms of the office's processor each\n", load.count,
	       connected - start, (cpu[1] - cpu[0]) * 1000 / load.count);
	pthread_barrier_wait(&load.barrier);
	beaten = now();
	cpu[2] = cpu_of(pid, &kib);
	printf("heartbeats   %zu in %.1f s, %.0f a second; receipt p50 %.1f ms, p99 %.1f ms; "
	       "processor %.2f s\n",
	       load.used, beaten - connected, (double)load.used / (beaten - connected),
	       percentile(0.5), percentile(0.99), cpu[2] - cpu[1]);
	load.used = 0;
	pthread_barrier_wait(&load.barrier);
	from = now();
	pthread_barrier_wait(&load.barrier);
	end = now();
	cpu[3] = cpu_of(pid, &kib);
	printf("burst        %" PRIu64 " entries in %.2f s, %.0f a second; receipt p50 %.0f ms, "
	       "p99 %.0f ms; processor %.2f s, memory at most %ld MiB\n",
	       load.entries * load.count, end - from,
	       (double)(load.entries * load.count) / (end - from), percentile(0.5),
	       percentile(0.99), cpu[3] - cpu[2], kib / 1024);
	printf("rate %.0f\nfailures %u\n", (double)(load.entries * load.count) / (end - from),
	       load.failures);
	for (unsigned int i = 0; i < load.count; i++) {
		pthread_join(threads[i], NULL);
		client_free(terminals[i].client);
		sim_done(&terminals[i].sim);
	}
	free(load.latencies);
	return load.failures > 0;
}

/* --- without an office: the same lines as rows, in batches as large as the office's groups --- */

static int raw(const char *path, uint64_t count, uint64_t batch)
{
	sqlite3_stmt *statement = NULL;
	sqlite3 *db;
	struct sim sim;
	double start;
	int r;

	make_sim(&sim, 0);
	sim_fill(&sim, count);
	start = now();
	r = sqlite3_open(path, &db);
	if (r == SQLITE_OK)
		r = sqlite3_exec(db,
				 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE "
				 "entry(terminal INTEGER, seq INTEGER, line BLOB, PRIMARY "
				 "KEY(terminal, seq)) WITHOUT ROWID",
				 NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_prepare_v2(db, "INSERT INTO entry VALUES(?,?,?)", -1, &statement, NULL);
	for (uint64_t i = 0; r == SQLITE_OK && i < count; i++) {
		if (i % batch == 0)
			r = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
		sqlite3_bind_int64(statement, 1, (int64_t)(i % 500));
		sqlite3_bind_int64(statement, 2, (int64_t)(i / 500));
		sqlite3_bind_blob(statement, 3, sim.lines[i], (int)strlen(sim.lines[i]),
				  SQLITE_STATIC);
		if (r == SQLITE_OK && sqlite3_step(statement) != SQLITE_DONE)
			r = SQLITE_ERROR;
		sqlite3_reset(statement);
		if (r == SQLITE_OK && (i % batch == batch - 1 || i + 1 == count))
			r = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	}
	printf("raw SQLite   %" PRIu64 " rows in batches of %" PRIu64 " in %.2f s\nrate %.0f\n",
	       count, batch, now() - start, (double)count / (now() - start));
	sqlite3_finalize(statement);
	sqlite3_close(db);
	sim_done(&sim);
	return r != SQLITE_OK;
}

static unsigned int number(const char *text, unsigned int most)
{
	unsigned long value = strtoul(text, NULL, 10);

	if (value == 0 || value > most) {
		fprintf(stderr, "office-load: '%s' must be 1 to %u\n", text, most);
		exit(2);
	}
	return (unsigned int)value;
}

int main(int argc, char *argv[])
{
	if (sodium_init() < 0)
		return 1;
	if (argc == 5 && strcmp(argv[1], "prepare") == 0)
		return prepare(argv[2], argv[3], number(argv[4], TERMINALS_MAX));
	if (argc == 5 && strcmp(argv[1], "raw") == 0)
		return raw(argv[2], number(argv[3], ENTRIES_MAX), number(argv[4], ENTRIES_MAX));
	if (argc == 8 && strcmp(argv[1], "run") == 0) {
		load.port = (uint16_t)number(argv[2], UINT16_MAX);
		load.folder = argv[3];
		load.count = number(argv[4], TERMINALS_MAX);
		load.entries = number(argv[5], ENTRIES_MAX) / load.count;
		load.heartbeats = number(argv[6], 1000);
		return run(argv[7]);
	}
	fprintf(stderr, "usage: office-load prepare STORE FOLDER TERMINALS | run PORT FOLDER "
			"TERMINALS ENTRIES HEARTBEATS PID | raw FILE ROWS BATCH\n");
	return 2;
}
