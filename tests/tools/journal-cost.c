// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * journal-cost FOLDER [ENTRIES]: what it costs to make an entry durable, beside the least that anyone
 * could do: append as many bytes to a file, and fdatasync. FOLDER must be on a real disk. Every entry
 * of the one kind is followed by one of the other, so that both meet the disk in the same mood.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/journal/recover.h"
#include "agent/lib/path.h"

#define BOOT_ID "96ae4f80-662c-4617-9427-24600a84038d"
#define GROUPS	200

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Returns the middle one. */
static double show(const char *name, double *us, size_t count)
{
	qsort(us, count, sizeof(*us), by_size);
	printf("%-44s p50 %7.0f us   p99 %7.0f us\n", name, us[count / 2], us[count * 99 / 100]);
	return us[count / 2];
}

/* A device's permit has about this many bytes. */
static int append(struct spool *spool)
{
	struct msg_record_note note = { .record.kind = RECORD_KIND_PERMIT };

	strcpy(note.event, "journal-cost");
	memset(note.text, 'x', 190);
	return spool_append(spool, MSG_RECORD_NOTE, &note);
}

/* What the journal does once nobody waits any more. */
static int settle(struct spool *spool)
{
	int r = spool_seal(spool);

	if (r == 0)
		r = spool_wipe(spool);
	while (r == 0 && (r = spool_ahead(spool)) > 0)
		r = 0;
	return r;
}

static int one_by_one(struct spool *spool, int bare, size_t count)
{
	double *ours = calloc(count, sizeof(*ours)), *theirs = calloc(count, sizeof(*theirs));
	char line[JOURNAL_LINE_MAX];
	size_t length = 0;
	double start;
	int r = ours && theirs ? settle(spool) : -ENOMEM;

	for (size_t i = 0; r == 0 && i < count; i++) {
		start = now_us();
		r = append(spool);
		length = spool->used;
		memcpy(line, spool->buffer, length);
		if (r == 0)
			r = spool_commit(spool);
		ours[i] = now_us() - start;
		if (r == 0)
			r = settle(spool);
		start = now_us();
		if (r == 0 && (write(bare, line, length) != (ssize_t)length || fdatasync(bare) < 0))
			r = -errno;
		theirs[i] = now_us() - start;
	}
	if (r == 0) {
		printf("one by one: %zu entries of %zu bytes\n", count, length);
		start = show("  append and fdatasync, nothing else", theirs, count);
		printf("  ratio %.2f\n",
		       show("  the journal, until it acknowledges", ours, count) / start);
	}
	free(ours);
	free(theirs);
	return r;
}

static int in_groups(struct spool *spool, unsigned int size)
{
	uint64_t entries = 0;
	double start = now_us();
	int r = 0;

	for (unsigned int group = 0; r == 0 && group < GROUPS; group++) {
		for (unsigned int i = 0; r == 0 && i < size; i++)
			r = append(spool);
		entries += spool->pending;
		if (r == 0)
			r = spool_commit(spool);
		if (r == 0)
			r = spool_seal(spool);
	}
	if (r == 0)
		printf("in groups of %u, key stored after each: %.0f entries a second\n", size,
		       (double)entries / (now_us() - start) * 1e6);
	return r == 0 ? settle(spool) : r;
}

static int measure(const char *folder, size_t count)
{
	static struct spool spool;
	struct recover_report report;
	char path[PATH_MAX];
	int bare = -1, r;

	r = path_join(path, folder, "/bare");
	if (r == 0)
		r = spool_init(&spool, &journal_io_system, folder, BOOT_ID);
	if (r == 0)
		r = recover_open(&spool, &report);
	if (r == 0) {
		bare = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		r = bare < 0 ? -errno : append(&spool);
	}
	if (r == 0)
		r = spool_commit(&spool);
	if (r == 0)
		r = one_by_one(&spool, bare, count);
	if (r == 0)
		r = in_groups(&spool, 100);
	if (r == 0)
		r = in_groups(&spool, SPOOL_GROUP_MAX);
	if (bare >= 0)
		close(bare);
	spool_done(&spool);
	return r;
}

int main(int argc, char *argv[])
{
	unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
	int r;

	if (argc < 2 || count < 1 || count > 1000000 || sodium_init() < 0) {
		fprintf(stderr, "usage: journal-cost FOLDER [ENTRIES]\n");
		return 2;
	}
	r = measure(argv[1], count);
	if (r < 0)
		fprintf(stderr, "journal-cost: %s: %s\n", argv[1], strerror(-r));
	return r < 0;
}
