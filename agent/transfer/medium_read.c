// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/medium_read.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/media/media_count.h"
#include "agent/lib/media/media_foreign.h"
#include "agent/lib/media/media_read.h"
#include "agent/transfer/transferd.h"

/* Media that are being read or counted at a time. */
#define JOBS_MAX   16
#define STACK_SIZE (256u * 1024)

struct medium_reader {
	struct transferd *self;
	int done[2]; /* a pipe: threads write the jobs that they are done with */
	sd_event_source *source;
	uint32_t jobs;
};

/* Belongs to its thread, and to the event loop from when it comes out of the pipe. */
struct job {
	int done; /* the pipe's end */
	int fd;
	enum msg_type type; /* of the question */
	union {
		struct msg_medium_reading reading;
		struct {
			struct medium_counter now;
			struct msg_medium_counted counted;
		} count;
	} u;
};

static uint32_t foreign_filesystem(enum media_foreign_kind kind)
{
	switch (kind) {
	case MEDIA_FOREIGN_VFAT:
		return MEDIA_FILESYSTEM_VFAT;
	case MEDIA_FOREIGN_EXFAT:
		return MEDIA_FILESYSTEM_EXFAT;
	case MEDIA_FOREIGN_ISO9660:
		return MEDIA_FILESYSTEM_ISO9660;
	case MEDIA_FOREIGN_NONE:
	default:
		return MEDIA_FILESYSTEM_NONE;
	}
}

static int tell_foreign(const struct media_image *image, struct msg_medium_reading *answer)
{
	struct media_foreign found;
	int r = media_foreign_find(image, &found);

	if (r < 0)
		return r;
	answer->filesystem = foreign_filesystem(found.kind);
	answer->data_partition = found.number;
	answer->data_first = found.first;
	answer->data_sectors = found.sectors;
	return 0;
}

static int tell_registered(const struct media_reading *reading, struct msg_medium_reading *answer)
{
	answer->filesystem = reading->facts.filesystem < MEDIUM_FILESYSTEM_COUNT
				     ? reading->facts.filesystem
				     : MEDIA_FILESYSTEM_NONE;
	answer->raw_partition = reading->raw_number;
	answer->raw_first = reading->raw_at / MEDIUM_SECTOR;
	answer->raw_sectors = MEDIA_RAW_SIZE / MEDIUM_SECTOR;
	answer->data_partition = reading->data_number;
	answer->data_first = reading->data_at / MEDIUM_SECTOR;
	answer->data_sectors = reading->data_size / MEDIUM_SECTOR;
	if (reading->record_length > sizeof(answer->record))
		return -EFBIG;
	answer->record_length = (uint32_t)reading->record_length;
	memcpy(answer->record, reading->record, reading->record_length);
	return 0;
}

void medium_read_all(const struct media_image *image, struct msg_medium_reading *answer)
{
	struct media_reading *reading = calloc(1, sizeof(*reading));
	int r = reading ? media_read(image, reading) : -ENOMEM;

	answer->filesystem = MEDIA_FILESYSTEM_NONE;
	if (r == 0) {
		answer->facts = reading->facts;
		r = reading->facts.layout == MEDIUM_LAYOUT_NONE ? tell_foreign(image, answer)
								: tell_registered(reading, answer);
	}
	answer->error = r;
	free(reading);
}

static int count_use(int fd, const struct medium_counter *now, struct medium_counter *next)
{
	struct media_image raw;
	int r = media_image_take(fd, MEDIA_OPEN_WRITE, &raw);

	return r < 0 ? r : media_count(&raw, now, next);
}

static void *work(void *data)
{
	struct job *job = data;
	struct media_image image;
	int r;

	if (job->type == MSG_MEDIUM_READ) {
		r = media_image_take(job->fd, MEDIA_OPEN_READ, &image);
		if (r == 0)
			medium_read_all(&image, &job->u.reading);
		else
			job->u.reading.error = r;
	} else {
		job->u.count.counted.error =
			count_use(job->fd, &job->u.count.now, &job->u.count.counted.counter);
	}
	close(job->fd);
	job->fd = -1;
	/* A pipe takes a pointer whole; there is room for all jobs. */
	while (write(job->done, &job, sizeof(struct job *)) < 0 && errno == EINTR)
		;
	return NULL;
}

static void answer(const struct medium_reader *reader, struct job *job)
{
	if (job->type == MSG_MEDIUM_READ)
		link_send(reader->self->core, MSG_MEDIUM_READING, &job->u.reading, -1, NULL);
	else
		link_send(reader->self->core, MSG_MEDIUM_COUNTED, &job->u.count.counted, -1, NULL);
}

/* To a core that has come anew in between, its cookie says nothing: it passes that by. */
static int on_done(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct medium_reader *reader = data;
	struct job *job;

	(void)source;
	(void)events;
	while (read(fd, &job, sizeof(struct job *)) == (ssize_t)sizeof(struct job *)) {
		reader->jobs--;
		answer(reader, job);
		free(job);
	}
	return 0;
}

static int start(struct medium_reader *reader, struct job *job)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int r = reader->jobs < JOBS_MAX ? 0 : EBUSY;

	if (r == 0)
		r = pthread_attr_init(&attributes);
	if (r != 0)
		return -r;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	r = pthread_create(&thread, &attributes, work, job);
	pthread_attr_destroy(&attributes);
	if (r == 0)
		reader->jobs++;
	return -r;
}

static void fill(struct job *job, const struct msg *msg)
{
	job->type = msg->type;
	job->fd = msg->fd;
	if (msg->type == MSG_MEDIUM_READ) {
		const struct msg_medium_read *question = msg->body;

		job->u.reading.cookie = question->cookie;
	} else {
		const struct msg_medium_count *question = msg->body;

		job->u.count.now = question->now;
		job->u.count.counted.cookie = question->cookie;
	}
}

static void fail(struct job *job, int error)
{
	if (job->type == MSG_MEDIUM_READ) {
		job->u.reading.filesystem = MEDIA_FILESYSTEM_NONE;
		job->u.reading.error = error;
	} else {
		job->u.count.counted.error = error;
	}
}

int medium_reader_take(struct medium_reader *reader, struct msg *msg)
{
	struct job *job = msg->fd < 0 ? NULL : calloc(1, sizeof(*job));
	int r;

	if (!job)
		return -EPROTO;
	job->done = reader->done[1];
	fill(job, msg);
	r = start(reader, job);
	if (r == 0) {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): the thread has it, and gives it back */
		msg->fd = -1;
		return 0;
	}
	log_warning("a medium cannot be read now: %s", strerror(-r));
	fail(job, r);
	answer(reader, job);
	free(job);
	return 0;
}

int medium_reader_new(struct transferd *self, struct medium_reader **out)
{
	struct medium_reader *reader = calloc(1, sizeof(*reader));
	int r;

	if (!reader)
		return -ENOMEM;
	reader->self = self;
	if (pipe2(reader->done, O_CLOEXEC | O_NONBLOCK) < 0) {
		r = -errno;
		free(reader);
		return r;
	}
	r = sd_event_add_io(self->event, &reader->source, reader->done[0], EPOLLIN, on_done,
			    reader);
	if (r < 0) {
		medium_reader_free(reader);
		return r;
	}
	*out = reader;
	return 0;
}

void medium_reader_free(struct medium_reader *reader)
{
	if (!reader)
		return;
	sd_event_source_disable_unref(reader->source);
	close(reader->done[0]);
	/* Its other end stays open for threads that still have to write. */
	if (reader->jobs == 0)
		close(reader->done[1]);
	free(reader);
}
