/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One connection at a door: read a request, answer it, object by object, and the next. */
#ifndef AIRGAP_DOOR_CLIENT_H
#define AIRGAP_DOOR_CLIENT_H

#include "agent/door/door.h"

enum door_client_state {
	DOOR_CLIENT_IDLE,    /* reads requests */
	DOOR_CLIENT_LISTING, /* is being told the devices */
	DOOR_CLIENT_NETWORK, /* is being told the network */
	DOOR_CLIENT_WATCHING,
	DOOR_CLIENT_WAITING, /* for the core's reply with its cookie */
};

struct door_client {
	struct door_client *next;
	struct door *door;
	struct door_listener *listener;
	uid_t uid;
	int fd;
	sd_event_source *source;
	enum door_client_state state;
	bool hung_up;	      /* the peer will ask no more; it may still read */
	bool closing;	      /* close as soon as the output is taken */
	bool settled;	      /* a follower has been told that all is told */
	uint64_t deadline_us; /* CLOCK_MONOTONIC; UINT64_MAX: none */
	uint64_t cookie;
	int passed; /* descriptor that came with the request, or -1 */
	char *in;
	size_t in_length, in_size;
	char *out; /* the object being sent */
	size_t out_length, out_sent;
	struct door_cursor cursor;
	struct door_net_cursor net;
};

/* door_client_new - serve the connection @fd, which becomes the client's unless this fails */
int door_client_new(struct door_listener *listener, int fd, uid_t uid);

/* door_client_free - close it; takes it off the door's list */
void door_client_free(struct door_client *client);

/* door_client_run - go on as far as possible without waiting; may free the client */
void door_client_run(struct door_client *client);

/* door_client_reply - queue one object, which is freed later; NULL (no memory) ends the client */
void door_client_reply(struct door_client *client, char *object);

/* door_client_deadline - the client has @delay_us from now; 0: as long as it likes */
void door_client_deadline(struct door_client *client, uint64_t delay_us);

/* door_answer - handle one request; in door_answer.c */
void door_answer(struct door_client *client, const char *request, size_t length);

/* door_answer_next - queue the next object of a list or of news; false when there is none */
bool door_answer_next(struct door_client *client);

/* door_timer_update - set the door's timer to the earliest deadline; in door_listen.c */
void door_timer_update(struct door *door);

#endif
