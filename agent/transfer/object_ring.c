// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/object_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "agent/lib/age/age_io.h"

#define BATCH_CHUNKS 2u
#define BATCH_SIZE   ((uint64_t)BATCH_CHUNKS * AGE_CHUNK_SIZE)
#define SLOTS_MAX    (OBJECT_THREADS_MAX + 2)
#define SEALED_SIZE  ((size_t)BATCH_CHUNKS * AGE_SEALED_SIZE)
#define SLOT_SIZE    (BATCH_SIZE + SEALED_SIZE)
#define STACK_SIZE   ((size_t)128 * 1024)
#define TICK_NSEC    100000000LL
/* So many batches are handed to the device at a time: 8 MiB. */
#define WINDOW	    64u
#define WINDOW_SIZE ((uint64_t)WINDOW * BATCH_SIZE)

/* A batch in both forms. It is free when both were digested. */
struct slot {
	uint64_t first; /* chunk */
	unsigned int chunks;
	size_t size; /* of the content */
	bool made;
	bool digested[2]; /* by enum form */
	uint8_t *plain;
	uint8_t *sealed;
};

enum form {
	PLAIN,
	SEALED,
};

enum job_kind {
	JOB_END,
	JOB_WAIT,
	JOB_DIGEST_PLAIN,
	JOB_DIGEST_SEALED,
	JOB_MAKE,
};

struct job {
	enum job_kind kind;
	uint64_t number; /* of the batch */
	struct slot *slot;
};

/* All under the lock, but for slots that somebody works on. */
struct pool {
	struct object_ring *ring;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t count;	  /* of batches */
	uint64_t next;	  /* to be made */
	uint64_t turn[2]; /* to be digested, by form */
	bool busy[2];
	int result;
	unsigned int slot_count;
	struct slot slots[SLOTS_MAX];
	int64_t told; /* when progress was last reported; the calling thread's alone */
};

static struct slot *slot_of(struct pool *pool, uint64_t number)
{
	return &pool->slots[number % pool->slot_count];
}

static bool may_digest(struct pool *pool, enum form form)
{
	return !pool->busy[form] && pool->turn[form] < pool->next &&
	       slot_of(pool, pool->turn[form])->made;
}

/* What is next; digests first, as everything waits for them in the end. Under the lock. */
static struct job choose(struct pool *pool)
{
	uint64_t behind =
		pool->turn[PLAIN] < pool->turn[SEALED] ? pool->turn[PLAIN] : pool->turn[SEALED];
	struct job job = { .kind = JOB_WAIT };

	if (pool->result < 0 || behind == pool->count) {
		job.kind = JOB_END;
		return job;
	}
	for (enum form form = PLAIN; form <= SEALED; form++) {
		if (!may_digest(pool, form))
			continue;
		pool->busy[form] = true;
		job.kind = form == PLAIN ? JOB_DIGEST_PLAIN : JOB_DIGEST_SEALED;
		job.number = pool->turn[form];
		job.slot = slot_of(pool, job.number);
		return job;
	}
	if (pool->next < pool->count && pool->next - behind < pool->slot_count) {
		job.kind = JOB_MAKE;
		job.number = pool->next++;
		job.slot = slot_of(pool, job.number);
		job.slot->made = false;
	}
	return job;
}

static void slot_init(struct slot *slot, uint64_t size, uint64_t number)
{
	uint64_t left = size - number * BATCH_SIZE;

	slot->first = number * BATCH_CHUNKS;
	slot->size = left < BATCH_SIZE ? (size_t)left : BATCH_SIZE;
	slot->chunks = (unsigned int)age_chunk_count(slot->size);
}

static size_t sealed_length(const struct slot *slot)
{
	return slot->size + (size_t)slot->chunks * AGE_TAG_SIZE;
}

static int run_chunks(const struct object_ring *ring, struct age_chunks *chunks,
		      const struct slot *slot)
{
	uint64_t total = age_chunk_count(ring->size);
	int r = 0;

	for (unsigned int i = 0; r == 0 && i < slot->chunks; i++) {
		size_t before = (size_t)i * AGE_CHUNK_SIZE, rest = slot->size - before;
		uint8_t *plain = slot->plain + before;
		uint8_t *sealed = slot->sealed + (size_t)i * AGE_SEALED_SIZE;
		bool seal = ring->direction == AGE_SEAL;

		r = age_chunk(chunks, slot->first + i, slot->first + i + 1 == total,
			      seal ? plain : sealed, rest < AGE_CHUNK_SIZE ? rest : AGE_CHUNK_SIZE,
			      seal ? sealed : plain);
	}
	return r;
}

/*
 * Have the device begin with the window that is full, and wait for the one before it: what is dirty in
 * memory stays below two windows, however slow the device. Advice; fsync finds what fails.
 */
static void hand_to_device(const struct object_ring *ring, uint64_t number)
{
	off64_t end = (off64_t)(number * BATCH_SIZE), window = (off64_t)WINDOW_SIZE;

	if (number % WINDOW != 0 || number == 0)
		return;
	(void)sync_file_range(ring->out, end - window, window, SYNC_FILE_RANGE_WRITE);
	if (end > window)
		(void)sync_file_range(ring->out, end - 2 * window, window,
				      SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
					      SYNC_FILE_RANGE_WAIT_AFTER);
}

static int make(const struct object_ring *ring, struct age_chunks *chunks, struct slot *slot,
		uint64_t number)
{
	struct iovec piece;
	uint64_t plain_at = number * BATCH_SIZE;
	uint64_t sealed_at = ring->start + number * SEALED_SIZE;
	bool seal = ring->direction == AGE_SEAL;
	int r;

	slot_init(slot, ring->size, number);
	piece.iov_base = seal ? slot->plain : slot->sealed;
	piece.iov_len = seal ? slot->size : sealed_length(slot);
	r = age_io_read_at(ring->in, &piece, 1, seal ? plain_at : sealed_at);
	if (r == 0)
		r = run_chunks(ring, chunks, slot);
	if (r < 0)
		return r;
	r = object_io_write(ring->io, ring->out, seal ? slot->sealed : slot->plain,
			    seal ? sealed_length(slot) : slot->size,
			    (off_t)(seal ? sealed_at : plain_at));
	hand_to_device(ring, number);
	return r;
}

static int do_job(struct pool *pool, struct age_chunks *chunks, const struct job *job)
{
	struct object_ring *ring = pool->ring;

	switch (job->kind) {
	case JOB_DIGEST_PLAIN:
		crypto_generichash_update(ring->plain, job->slot->plain, job->slot->size);
		return 0;
	case JOB_DIGEST_SEALED:
		crypto_generichash_update(ring->sealed, job->slot->sealed,
					  sealed_length(job->slot));
		return 0;
	default:
		return work_cancelled(ring->watch ? ring->watch->work : NULL)
			       ? -ECANCELED
			       : make(ring, chunks, job->slot, job->number);
	}
}

/* Under the lock. */
static void job_done(struct pool *pool, const struct job *job, int result)
{
	enum form form = job->kind == JOB_DIGEST_PLAIN ? PLAIN : SEALED;

	if (job->kind == JOB_MAKE) {
		job->slot->made = result == 0;
	} else {
		pool->busy[form] = false;
		pool->turn[form]++;
	}
	if (result < 0 && pool->result == 0)
		pool->result = result;
	pthread_cond_broadcast(&pool->changed);
}

static void tell(struct pool *pool, uint64_t batches)
{
	const struct object_ring *ring = pool->ring;
	uint64_t done = batches * BATCH_SIZE;
	struct timespec now;
	int64_t at;

	clock_gettime(CLOCK_MONOTONIC, &now);
	at = now.tv_sec * 1000000000LL + now.tv_nsec;
	if (at - pool->told < TICK_NSEC)
		return;
	pool->told = at;
	object_watch_tell(ring->watch, done < ring->size ? done : ring->size);
}

/* Jobs until there are no more. @caller: the thread that reports. */
static void work_off(struct pool *pool, bool caller)
{
	struct object_ring *ring = pool->ring;
	struct age_chunks chunks = { 0 };
	struct job job;
	uint64_t made;
	int r = age_chunks_start(&chunks, &age_cipher_libcrypto, ring->key, ring->direction);

	pthread_mutex_lock(&pool->lock);
	if (r < 0 && pool->result == 0)
		pool->result = r;
	while ((job = choose(pool)).kind != JOB_END) {
		if (job.kind == JOB_WAIT) {
			pthread_cond_wait(&pool->changed, &pool->lock);
			continue;
		}
		pthread_mutex_unlock(&pool->lock);
		r = do_job(pool, &chunks, &job);
		pthread_mutex_lock(&pool->lock);
		job_done(pool, &job, r);
		made = pool->turn[SEALED];
		if (!caller)
			continue;
		/* Whoever is told may take its time. */
		pthread_mutex_unlock(&pool->lock);
		tell(pool, made);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	age_chunks_end(&chunks);
}

static void *thread_main(void *context)
{
	work_off(context, false);
	return NULL;
}

static unsigned int thread_count(const struct pool *pool)
{
	const struct work *work = pool->ring->watch ? pool->ring->watch->work : NULL;
	unsigned int count = work ? work->threads : 0;
	cpu_set_t processors;

	if (count == 0 && sched_getaffinity(0, sizeof(processors), &processors) == 0)
		count = (unsigned int)CPU_COUNT(&processors);
	count = count == 0 ? 1 : count;
	count = count > OBJECT_THREADS_MAX ? OBJECT_THREADS_MAX : count;
	return count < pool->count ? count : (unsigned int)pool->count;
}

/* Signals are for the threads of the program. Fewer threads than wanted will do. */
static unsigned int start_threads(struct pool *pool, pthread_t *threads, unsigned int count)
{
	sigset_t all, before;
	pthread_attr_t attributes;
	unsigned int made = 0;

	if (count == 0 || pthread_attr_init(&attributes) != 0)
		return 0;
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (made < count && pthread_create(&threads[made], &attributes, thread_main, pool) == 0)
		made++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return made;
}

/* Where the batches of all slots stand; both forms of one behind each other. */
static uint8_t *slots_new(struct pool *pool, unsigned int count)
{
	uint8_t *memory = malloc(count * SLOT_SIZE);

	pool->slot_count = count;
	for (unsigned int i = 0; memory && i < count; i++) {
		pool->slots[i].plain = memory + i * SLOT_SIZE;
		pool->slots[i].sealed = pool->slots[i].plain + BATCH_SIZE;
	}
	return memory;
}

static void run_pool(struct pool *pool, unsigned int count)
{
	pthread_t threads[OBJECT_THREADS_MAX];
	unsigned int made;

	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	made = start_threads(pool, threads, count - 1);
	work_off(pool, true);
	for (unsigned int i = 0; i < made; i++)
		pthread_join(threads[i], NULL);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
}

int object_ring_run(struct object_ring *ring)
{
	struct pool pool = { .ring = ring };
	unsigned int count, slots;
	uint8_t *memory;

	pool.count = ring->size == 0 ? 1 : (ring->size - 1) / BATCH_SIZE + 1;
	count = thread_count(&pool);
	slots = pool.count < count + 2 ? (unsigned int)pool.count : count + 2;
	memory = slots_new(&pool, slots);
	if (!memory)
		return -ENOMEM;
	run_pool(&pool, count);
	if (pool.result == 0)
		object_watch_tell(ring->watch, ring->size);
	sodium_memzero(memory, slots * SLOT_SIZE);
	free(memory);
	return pool.result;
}
