// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_batch.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#include "agent/lib/age/age_io.h"

#define BUFFER_SIZE   ((size_t)AGE_BATCH_CHUNKS * AGE_SEALED_SIZE)
#define STACK_SIZE    ((size_t)256 * 1024)
#define PROGRESS_NSEC 100000000L

/* What all threads share. */
struct pool {
	const struct age_batches *batches;
	uint64_t count; /* of batches */
	atomic_uint_fast64_t next;
	atomic_uint_fast64_t done; /* bytes of content */
	atomic_int result;	   /* the first error */
	pthread_mutex_t lock;
	pthread_cond_t ended;
	unsigned int running; /* threads; under the lock */
};

/* One batch on its way: the content of chunk i stands at the i-th multiple of AGE_SEALED_SIZE. */
struct batch {
	uint64_t first; /* chunk */
	int chunks;
	size_t size; /* of the content */
	struct iovec pieces[AGE_BATCH_CHUNKS];
};

static void batch_init(struct batch *batch, const struct age_batches *batches, uint64_t number,
		       uint8_t *buffer)
{
	uint64_t left = batches->size - number * AGE_BATCH_SIZE;

	batch->first = number * AGE_BATCH_CHUNKS;
	batch->size = left < AGE_BATCH_SIZE ? (size_t)left : AGE_BATCH_SIZE;
	batch->chunks = (int)age_chunk_count(batch->size);
	for (int i = 0; i < batch->chunks; i++) {
		size_t before = (size_t)i * AGE_CHUNK_SIZE, rest = batch->size - before;

		batch->pieces[i] = (struct iovec){
			.iov_base = buffer + (size_t)i * AGE_SEALED_SIZE,
			.iov_len = rest < AGE_CHUNK_SIZE ? rest : AGE_CHUNK_SIZE,
		};
	}
}

/* In place: the room between the chunks is that of their tags. */
static int run_chunks(struct age_chunks *chunks, const struct batch *batch, uint64_t total)
{
	int r = 0;

	for (int i = 0; r == 0 && i < batch->chunks; i++) {
		uint64_t number = batch->first + (uint64_t)i;
		uint8_t *at = batch->pieces[i].iov_base;

		r = age_chunk(chunks, number, number + 1 == total, at, batch->pieces[i].iov_len,
			      at);
	}
	return r;
}

static int run_batch(const struct age_batches *batches, struct age_chunks *chunks, uint64_t number,
		     uint8_t *buffer, size_t *size)
{
	uint64_t total = age_chunk_count(batches->size), plain_at, sealed_at;
	struct iovec sealed = { .iov_base = buffer };
	struct batch batch;
	int r;

	batch_init(&batch, batches, number, buffer);
	*size = batch.size;
	sealed.iov_len = batch.size + (size_t)batch.chunks * AGE_TAG_SIZE;
	plain_at = batch.first * AGE_CHUNK_SIZE;
	sealed_at = batch.first * AGE_SEALED_SIZE;
	if (batches->direction == AGE_OPEN) {
		r = age_io_read_at(batches->in, &sealed, 1, batches->in_start + sealed_at);
		if (r == 0)
			r = run_chunks(chunks, &batch, total);
		if (r == 0)
			r = age_io_write_at(batches->out, batch.pieces, batch.chunks,
					    batches->out_start + plain_at);
		return r;
	}
	/* Reading uses the list up. */
	r = age_io_read_at(batches->in, batch.pieces, batch.chunks, batches->in_start + plain_at);
	batch_init(&batch, batches, number, buffer);
	if (r == 0)
		r = run_chunks(chunks, &batch, total);
	if (r == 0)
		r = age_io_write_at(batches->out, &sealed, 1, batches->out_start + sealed_at);
	return r;
}

static void report(const struct pool *pool)
{
	const struct age_work *work = pool->batches->work;

	if (work->progress)
		work->progress(work->context, atomic_load(&pool->done), pool->batches->size);
}

static bool cancelled(const struct pool *pool)
{
	const atomic_bool *cancel = pool->batches->work->cancel;

	return cancel && atomic_load(cancel);
}

/* Batches until there are no more, or somebody failed. @alone: nobody else reports. */
static int work_off(struct pool *pool, bool alone)
{
	const struct age_batches *batches = pool->batches;
	struct age_chunks chunks = { 0 };
	uint8_t *buffer = malloc(BUFFER_SIZE);
	uint64_t number;
	size_t size;
	int r = -ENOMEM;

	if (buffer)
		r = age_chunks_start(&chunks, batches->work->cipher, batches->key,
				     batches->direction);
	while (r == 0 && atomic_load(&pool->result) == 0) {
		number = atomic_fetch_add(&pool->next, 1);
		if (number >= pool->count)
			break;
		r = cancelled(pool) ? -ECANCELED
				    : run_batch(batches, &chunks, number, buffer, &size);
		if (r == 0)
			atomic_fetch_add(&pool->done, size);
		if (alone)
			report(pool);
	}
	age_chunks_end(&chunks);
	if (buffer)
		sodium_memzero(buffer, BUFFER_SIZE);
	free(buffer);
	return r;
}

static void *thread_main(void *context)
{
	struct pool *pool = context;
	int r = work_off(pool, false), none = 0;

	if (r < 0)
		atomic_compare_exchange_strong(&pool->result, &none, r);
	pthread_mutex_lock(&pool->lock);
	pool->running--;
	pthread_cond_signal(&pool->ended);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static unsigned int thread_count(const struct pool *pool)
{
	unsigned int count = pool->batches->work->threads;
	cpu_set_t processors;

	if (count == 0 && sched_getaffinity(0, sizeof(processors), &processors) == 0)
		count = (unsigned int)CPU_COUNT(&processors);
	count = count == 0 ? 1 : count;
	count = count > AGE_THREADS_MAX ? AGE_THREADS_MAX : count;
	return count < pool->count ? count : (unsigned int)pool->count;
}

/* Signals are for the threads of the program, not for ours. Returns how many there are. */
static unsigned int start_threads(struct pool *pool, pthread_t *threads, unsigned int count)
{
	sigset_t all, before;
	pthread_attr_t attributes;
	unsigned int made = 0;

	if (pthread_attr_init(&attributes) != 0)
		return 0;
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_mutex_lock(&pool->lock);
	while (made < count &&
	       pthread_create(&threads[made], &attributes, thread_main, pool) == 0) {
		made++;
		pool->running++;
	}
	pthread_mutex_unlock(&pool->lock);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return made;
}

static void wait_for_threads(struct pool *pool)
{
	struct timespec until;

	pthread_mutex_lock(&pool->lock);
	clock_gettime(CLOCK_MONOTONIC, &until);
	while (pool->running > 0) {
		until.tv_nsec += PROGRESS_NSEC;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		while (pool->running > 0 &&
		       pthread_cond_timedwait(&pool->ended, &pool->lock, &until) == 0)
			;
		/* Whoever is told may take its time. */
		pthread_mutex_unlock(&pool->lock);
		report(pool);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
}

static int run_threads(struct pool *pool, unsigned int count)
{
	pthread_t threads[AGE_THREADS_MAX];
	pthread_condattr_t monotonic;
	unsigned int made;

	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->ended, &monotonic);
	pthread_condattr_destroy(&monotonic);
	made = start_threads(pool, threads, count);
	if (made > 0)
		wait_for_threads(pool);
	for (unsigned int i = 0; i < made; i++)
		pthread_join(threads[i], NULL);
	pthread_cond_destroy(&pool->ended);
	pthread_mutex_destroy(&pool->lock);
	/* Where none can be made, the caller does it all. */
	return made > 0 ? atomic_load(&pool->result) : work_off(pool, true);
}

int age_batches_run(const struct age_batches *batches)
{
	struct pool pool = { .batches = batches };
	unsigned int count;

	pool.count = batches->size == 0 ? 1 : (batches->size - 1) / AGE_BATCH_SIZE + 1;
	count = thread_count(&pool);
	return count > 1 ? run_threads(&pool, count) : work_off(&pool, true);
}
