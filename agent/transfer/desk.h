/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The desk: the socket at which people ask for transfers, PATH_TRANSFER. SOCK_SEQPACKET, open to
 * everybody on this terminal; who asks, the kernel states (SO_PEERCRED). desk_request.h says what is
 * asked, and each packet of an answer is one JSON object ended by NUL:
 *
 *	{"v":1,"more":true, ...}		a part of the answer: a batch, a file, progress
 *	{"v":1,"more":false,"error":null, ...}	its end; "error" names what went wrong, "text" says it
 */
#ifndef AIRGAP_TRANSFER_DESK_H
#define AIRGAP_TRANSFER_DESK_H

#include <jansson.h>

#include "agent/lib/seqpacket.h"
#include "agent/transfer/batch.h"
#include "agent/transfer/desk_request.h"
#include "agent/transfer/transferd.h"

/* Clients; the last places are kept for root, who looks after the others. */
#define DESK_CLIENTS_MAX  64
#define DESK_CLIENTS_ROOT 8
#define DESK_CLIENTS_USER 8
/* A client that neither asks nor waits for anything is let go. */
#define DESK_IDLE_US (120 * UINT64_C(1000000))

struct incoming;
struct session;

struct desk_client {
	struct desk_client *next;
	struct transferd *self;
	int fd;
	uid_t uid;
	char login[TRANSFER_LOGIN_SIZE];
	sd_event_source *source, *idle;
	struct seqpacket_queue queue;
	bool busy;    /* the end of an answer is owed; no request is read meanwhile */
	bool closing; /* once the queue is empty */
	int passed;   /* descriptor that came with the request, or -1 */
	/* What is listed, object by object; NULL: nothing. False: that was the last */
	bool (*list)(struct desk_client *client);
	size_t cursor;
	uint8_t listed[TRANSFER_ID_SIZE];
	struct session *session; /* a batch that is being made; serve_stage.c */
};

/* desk_open - put the socket in place; 0, or -errno after a message */
int desk_open(struct transferd *self);

void desk_close(struct transferd *self);

/* desk_viewer - who the client is */
struct batch_viewer desk_viewer(const struct desk_client *client);

/**
 * desk_part, desk_end - send one object, and there are more; or it is the last
 * @object: taken; NULL: no memory, which ends the client
 * @fd: a descriptor to go along, or -1; stays the caller's
 * @client: NULL: nobody waits any more, and nothing is sent
 */
void desk_part(struct desk_client *client, json_t *object);
void desk_end(struct desk_client *client, json_t *object, int fd);

/* desk_fail - the last one, with an error: a name that does not change, and words; @client as above */
void desk_fail(struct desk_client *client, const char *error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* desk_progress - like desk_part(), but dropped when the client does not read */
void desk_progress(struct desk_client *client, json_t *object);

/* desk_client_new - serve the connection @fd, which becomes the client's unless this fails */
int desk_client_new(struct transferd *self, int fd, uid_t uid);
void desk_client_free(struct desk_client *client);

/* What is waited for on behalf of a client that may go away meanwhile. */
struct errand {
	struct errand *next;
	struct transferd *self;
	struct desk_client *client; /* NULL: it went away */
	uint8_t batch[TRANSFER_ID_SIZE];
	uint64_t medium;	   /* cookie */
	uint32_t index;		   /* of a file */
	struct incoming *incoming; /* what a worker has said; incoming.c */
};

/* errand_new - NULL: no memory, and the client has been told; it owes an answer from now on */
struct errand *errand_new(struct desk_client *client, const struct batch *batch);
/* errand_make - the same for whoever there is; nobody is told */
struct errand *errand_make(struct transferd *self, struct desk_client *client,
			   const struct batch *batch);
struct batch *errand_batch(const struct errand *errand);
void errand_free(struct errand *errand);

#endif
