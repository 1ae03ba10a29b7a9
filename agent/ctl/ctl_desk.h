/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client's side of airgap-transferd's desk; agent/transfer/desk_request.h tells what is spoken there. */
#ifndef AIRGAP_CTL_DESK_H
#define AIRGAP_CTL_DESK_H

#include "agent/ctl/ctl.h"

struct ctl_desk {
	const struct ctl *ctl;
	int fd;
	char *buffer;
	char reason[256]; /* why it could not be reached, and what to do */
};

/* ctl_desk_open - connect; 0, or -errno and desk->reason. Always to be followed by ctl_desk_close(). */
int ctl_desk_open(const struct ctl *ctl, struct ctl_desk *desk);
void ctl_desk_close(struct ctl_desk *desk);

/**
 * ctl_desk_send - one request
 * @request: its members, but "v"; taken. NULL: no memory
 * @file: a descriptor to hand over, or -1
 */
int ctl_desk_send(struct ctl_desk *desk, json_t *request, int file);

/**
 * ctl_desk_next - the next object of the answer
 * @object: set to a new reference
 * @file: set to the descriptor that came along, or -1; NULL: none is expected
 *
 * Returns 1 when more follow, 0 for the last one, or -errno and desk->reason.
 */
int ctl_desk_next(struct ctl_desk *desk, json_t **object, int *file);

/* What takes the parts of an answer: progress, batches, files; may be NULL */
typedef void ctl_desk_part(void *data, const json_t *part);

/**
 * ctl_desk_ask - send a request and take its answer to the end
 * @last: set to the last object, a new reference; NULL when the desk could not be reached
 * @file: as above
 *
 * Returns enum ctl_exit: good, bad when "error" is not null, unreachable after a message. What went
 * wrong is not printed here: ctl_desk_complain().
 */
int ctl_desk_ask(struct ctl_desk *desk, json_t *request, int send_file, ctl_desk_part *part,
		 void *data, json_t **last, int *file);

/* ctl_desk_complain - print an answer that is an error; its exit status */
int ctl_desk_complain(const struct ctl *ctl, const json_t *answer);

#endif
