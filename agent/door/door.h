/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The doors: where people's programs talk to the agent.
 *
 * Queries are answered from what the core last said, so that no number of them reaches the core.
 * Control requests are passed on, one at a time for each client, with the peer's user as the kernel
 * states it.
 */
#ifndef AIRGAP_DOOR_H
#define AIRGAP_DOOR_H

#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "agent/door/door_cache.h"
#include "agent/door/door_net.h"
#include "agent/door/door_request.h"
#include "agent/lib/link.h"

/* Clients at the query door; the last places are kept for root, who looks after the others. */
#define DOOR_CLIENTS_MAX  64
#define DOOR_CLIENTS_ROOT 8
#define DOOR_CLIENTS_USER 8 /* of one user, at one door */
#define DOOR_CONTROL_MAX  8

/* A client has so long to make a whole request, and to take each object of the answer. */
#define DOOR_REQUEST_TIME_US (30 * UINT64_C(1000000))
#define DOOR_READ_TIME_US    (10 * UINT64_C(1000000))
/* The core has so long to carry out a control request. */
#define DOOR_CORE_TIME_US (120 * UINT64_C(1000000))

struct door_client;

struct door_listener {
	struct door *door;
	enum door_kind kind;
	int fd;
	sd_event_source *source;
	unsigned int count; /* of clients */
};

struct door {
	sd_event *event;
	struct link *core;
	uint32_t sandbox;
	uid_t root; /* the one user of the control door */
	struct door_listener listeners[DOOR_KIND_COUNT];
	struct door_client *clients;
	sd_event_source *timer; /* enabled only while a client has a deadline */
	uint64_t next_cookie;
	struct door_cache cache;
	struct door_net net;
};

/**
 * door_open - put both sockets in place
 * @people: group that may ask at the query door
 *
 * Returns 0 or -errno after a message.
 */
int door_open(struct door *door, const char *root, gid_t people);

/* door_connect - keep a link to the core, whose user is @uid; 0 or -errno */
int door_connect(struct door *door, const char *root, uid_t uid);

void door_close(struct door *door);

/* door_control - pass a request on; 0 and the cookie that the reply will carry, or -errno */
int door_control(struct door *door, enum door_verb verb, uid_t uid, int file, uint64_t *cookie);

#endif
