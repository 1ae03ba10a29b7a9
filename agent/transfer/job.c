// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/job.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/transfer/core_link.h"

const char *job_refusal(const struct transferd *self, uid_t uid, uint64_t medium)
{
	unsigned int all = 0, own = 0;

	for (const struct job *job = self->jobs; job; job = job->next) {
		all++;
		own += job->uid == uid;
		if (medium && job->medium == medium)
			return "this medium is being used by another transfer; wait until that is "
			       "done";
	}
	if (own >= JOBS_USER)
		return "two transfers of yours are under way; wait until one is done, or cancel it";
	if (all >= JOBS_MAX)
		return "too many transfers are under way on this terminal; try again in a moment";
	return NULL;
}

static void job_free(struct job *job)
{
	struct job **at = &job->self->jobs;

	while (*at && *at != job)
		at = &(*at)->next;
	if (*at)
		*at = job->next;
	core_forget(job->self, job->question);
	sd_event_source_disable_unref(job->source);
	sd_event_source_disable_unref(job->child);
	sd_event_source_disable_unref(job->end);
	if (job->channel >= 0)
		close(job->channel);
	if (job->cancel)
		munmap(job->cancel, sizeof(*job->cancel));
	free(job);
}

static void on_signed(void *data, int error, const void *body)
{
	struct job *job = data;
	const struct msg_slip_signed *said = body;
	struct channel_signed answer = { .error = error };

	job->question = 0;
	if (said) {
		answer.error = said->error;
		memcpy(answer.signature, said->signature, sizeof(answer.signature));
		memcpy(answer.key, said->key, sizeof(answer.key));
	}
	channel_send(job->channel, CHANNEL_SIGNED, &answer, -1, false);
}

static void on_key(void *data, int error, const void *body)
{
	struct job *job = data;
	const struct msg_terminal_key *said = body;
	struct channel_keyed answer = { .error = error };

	job->question = 0;
	if (said) {
		answer.error = said->error;
		memcpy(answer.key, said->key, sizeof(answer.key));
	}
	channel_send(job->channel, CHANNEL_KEYED, &answer, -1, false);
}

static int ask_signature(struct job *job, const struct channel_sign *sign)
{
	struct batch *batch = book_find_id(&job->self->book, job->batch);
	struct msg_slip_sign ask = { 0 };

	memcpy(ask.batch, job->batch, sizeof(ask.batch));
	memcpy(ask.sha512, sign->sha512, sizeof(ask.sha512));
	/* On the disk before the slip can be on the medium: a crash in between is told by it. */
	if (batch) {
		memcpy(batch->slip, sign->slip, sizeof(batch->slip));
		book_save(&job->self->book, batch, batch->changed);
	}
	return core_ask(job->self, MSG_TRANSFER_SIGN, &ask, -1, on_signed, job, &job->question);
}

static int ask_key(struct job *job, const struct channel_key *key)
{
	struct msg_terminal_key_ask ask = { 0 };

	if (memchr(key->terminal, 0, sizeof(ask.terminal)) == NULL)
		return -ENOENT;
	memcpy(ask.terminal, key->terminal, strlen(key->terminal));
	return core_ask(job->self, MSG_TERMINAL_KEY_ASK, &ask, -1, on_key, job, &job->question);
}

/* 0; a worker that says what it may not is ended. */
static int take_packet(struct job *job, const struct channel_packet *packet)
{
	int r = 0;

	switch (packet->type) {
	case CHANNEL_SIGN:
		r = job->question ? -EPROTO : ask_signature(job, (const void *)packet->body);
		if (r < 0)
			on_signed(job, r, NULL);
		return 0;
	case CHANNEL_KEY:
		r = job->question ? -EPROTO : ask_key(job, (const void *)packet->body);
		if (r < 0)
			on_key(job, r, NULL);
		return 0;
	case CHANNEL_RESULT:
		memcpy(&job->result, packet->body, sizeof(job->result));
		job->has_result = true;
		return 0;
	case CHANNEL_PROGRESS:
		memcpy(&job->progress, packet->body, sizeof(job->progress));
		if (job->progress.phase >= WORK_PHASE_COUNT)
			return -EPROTO;
		break;
	case CHANNEL_STAGED:
	case CHANNEL_ENTRY:
	case CHANNEL_FILE:
		break;
	default:
		return -EPROTO;
	}
	job->handler->packet(job->data, packet);
	return 0;
}

static int on_channel(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct channel_packet packet;
	struct job *job = data;
	int passed, r;

	(void)events;
	r = channel_receive(fd, &packet, &passed, false);
	if (passed >= 0)
		close(passed);
	if (r == 1 && (r = take_packet(job, &packet)) == 0)
		return 0;
	if (r == -EAGAIN)
		return 0;
	/* Its end is told by the kernel; until then nobody listens to it any more. */
	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	if (r < 0) {
		log_warning("a worker was ended: %s", strerror(-r));
		kill(job->pid, SIGKILL);
	}
	return 0;
}

/* What it said before it ended is still in the channel. */
static int drain(struct job *job)
{
	struct channel_packet packet;
	int passed, r;

	while ((r = channel_receive(job->channel, &packet, &passed, false)) == 1) {
		if (passed >= 0)
			close(passed);
		/* Nobody is left to be answered. */
		if (packet.type != CHANNEL_SIGN && packet.type != CHANNEL_KEY)
			take_packet(job, &packet);
	}
	return r;
}

static int on_child(sd_event_source *source, const siginfo_t *info, void *data)
{
	struct job *job = data;
	bool good = info->si_code == CLD_EXITED && info->si_status == 0;

	(void)source;
	drain(job);
	if (!good && !job->told)
		log_warning("a worker ended by itself: %s %d",
			    info->si_code == CLD_EXITED ? "exit status" : "signal",
			    info->si_status);
	job->handler->ended(job->data, good && job->has_result ? &job->result : NULL);
	job_free(job);
	return 0;
}

static int on_end(sd_event_source *source, uint64_t usec, void *data)
{
	struct job *job = data;

	(void)source;
	(void)usec;
	kill(job->pid, SIGKILL);
	return 0;
}

static int watch(struct job *job)
{
	sd_event *event = job->self->event;
	int r = sd_event_add_child(event, &job->child, job->pid, WEXITED, on_child, job);

	if (r >= 0)
		r = sd_event_add_io(event, &job->source, job->channel, EPOLLIN, on_channel, job);
	return r;
}

static void run_worker(struct job *job, int channel, job_main *run, void *argument)
{
	sigset_t none;

	/* Whoever started it is gone: so is the reason for its work. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	_exit(run(channel, job->cancel, argument));
}

struct job *job_start(struct transferd *self, uid_t uid, uint64_t medium, const uint8_t *batch,
		      job_main *run, void *argument, const struct job_handler *handler, void *data)
{
	struct job *job = calloc(1, sizeof(*job));
	int ends[2] = { -1, -1 };

	if (!job)
		return NULL;
	*job = (struct job){ .self = self,
			     .uid = uid,
			     .medium = medium,
			     .channel = -1,
			     .handler = handler,
			     .data = data };
	if (batch)
		memcpy(job->batch, batch, sizeof(job->batch));
	job->cancel = mmap(NULL, sizeof(*job->cancel), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (job->cancel == MAP_FAILED)
		job->cancel = NULL;
	if (!job->cancel ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0) {
		job_free(job);
		return NULL;
	}
	job->channel = ends[0];
	job->pid = fork();
	if (job->pid == 0) {
		close(ends[0]);
		run_worker(job, ends[1], run, argument);
	}
	close(ends[1]);
	job->next = self->jobs;
	self->jobs = job;
	if (job->pid < 0 || watch(job) < 0) {
		log_error("cannot start a worker: %s", strerror(errno));
		if (job->pid > 0) {
			kill(job->pid, SIGKILL);
			waitpid(job->pid, NULL, 0);
		}
		job_free(job);
		return NULL;
	}
	return job;
}

void job_end(struct job *job)
{
	atomic_store(job->cancel, true);
	if (job->told)
		return;
	job->told = true;
	/* One that waits for us reads that there will be no more. */
	shutdown(job->channel, SHUT_WR);
	if (sd_event_add_time_relative(job->self->event, &job->end, CLOCK_MONOTONIC, JOB_END_US, 0,
				       on_end, job) < 0)
		kill(job->pid, SIGKILL);
}

static void no_packet(void *data, const struct channel_packet *packet)
{
	(void)data;
	(void)packet;
}

static void no_end(void *data, const struct channel_result *result)
{
	(void)data;
	(void)result;
}

void job_abandon(struct job *job)
{
	static const struct job_handler nobody = { no_packet, no_end };

	job->handler = &nobody;
	job_end(job);
}

void job_medium_going(struct transferd *self, uint64_t medium, bool pulled)
{
	for (struct job *job = self->jobs; job; job = job->next)
		if (job->medium == medium) {
			job->gone = job->gone || pulled;
			job_end(job);
		}
}

struct job *job_find(const struct transferd *self, const uint8_t batch[static TRANSFER_ID_SIZE])
{
	for (struct job *job = self->jobs; job; job = job->next)
		if (memcmp(job->batch, batch, TRANSFER_ID_SIZE) == 0)
			return job;
	return NULL;
}

void job_done(struct transferd *self)
{
	struct job *job = self->jobs, *next;

	for (; job; job = next) {
		next = job->next;
		kill(job->pid, SIGKILL);
		waitpid(job->pid, NULL, 0);
		job_free(job);
	}
}
