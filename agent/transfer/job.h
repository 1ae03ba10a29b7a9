/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Long work, in a process of its own: a worker is forked, gives up everything but the folders that it
 * needs, and says over a channel how it goes. Whatever a file does to it, the desk stays open.
 */
#ifndef AIRGAP_TRANSFER_JOB_H
#define AIRGAP_TRANSFER_JOB_H

#include <stdatomic.h>

#include "agent/transfer/channel.h"
#include "agent/transfer/transferd.h"

/* At once: of all people, and of one. */
#define JOBS_MAX  8
#define JOBS_USER 2

/* One that was told to end has so long; then it is killed. */
#define JOB_END_US (3 * UINT64_C(1000000))

struct job;

/* The worker's own half: runs in the child and returns its exit status. */
typedef int job_main(int channel, const atomic_bool *cancel, void *argument);

struct job_handler {
	/* a packet, of a type that a worker may send; sign and key are answered by job.c itself */
	void (*packet)(void *data, const struct channel_packet *packet);
	/* it is gone; @result is what it said last, or NULL: it died. The job is freed after the call */
	void (*ended)(void *data, const struct channel_result *result);
};

struct job {
	struct job *next;
	struct transferd *self;
	uid_t uid;
	uint64_t medium; /* cookie of the one that it works on; 0: none */
	uint8_t batch[TRANSFER_ID_SIZE];
	pid_t pid;
	int channel;
	atomic_bool *cancel; /* shared with the worker */
	sd_event_source *source, *child, *end;
	uint64_t question; /* to the core, on behalf of the worker; 0: none */
	const struct job_handler *handler;
	void *data;
	bool gone;	/* pulled: the medium that it worked on */
	bool told;	/* to end */
	bool cancelled; /* because somebody wanted it so */
	bool has_result;
	struct channel_result result;
	struct work_progress progress; /* last said */
};

/* job_refusal - why @uid can have no worker now; NULL: he can */
const char *job_refusal(const struct transferd *self, uid_t uid, uint64_t medium);

/**
 * job_start - fork a worker
 * @run: in the worker; @argument is copied with all its memory, by the fork
 *
 * Returns NULL when there is no process to be had.
 */
struct job *job_start(struct transferd *self, uid_t uid, uint64_t medium, const uint8_t *batch,
		      job_main *run, void *argument, const struct job_handler *handler, void *data);

/* job_end - ask it to end; handler->ended comes later */
void job_end(struct job *job);

/* job_abandon - nobody wants to hear of it any more */
void job_abandon(struct job *job);

/* job_medium_going - a medium goes: whoever works on it ends at once */
void job_medium_going(struct transferd *self, uint64_t medium, bool pulled);

/* job_find - the one that works on a batch; NULL */
struct job *job_find(const struct transferd *self, const uint8_t batch[static TRANSFER_ID_SIZE]);

/* job_done - at the end of the program: all are killed, and nobody is told */
void job_done(struct transferd *self);

#endif
