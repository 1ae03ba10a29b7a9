/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client's side of the doors; agent/door/door_request.h tells what is spoken there. */
#ifndef AIRGAP_CTL_DOOR_H
#define AIRGAP_CTL_DOOR_H

#include "agent/ctl/ctl.h"

struct ctl_door {
	int fd;
	char *buffer;
	size_t start, filled;
	const char *path; /* of the door, without --root */
	char reason[256]; /* why it could not be reached, and what to do */
};

/**
 * ctl_door_ask - connect and send one request
 * @path: PATH_QUERY or PATH_CONTROL
 * @verb: of the request
 * @file: a descriptor to hand over, or -1
 *
 * Returns 0, or -errno and door->reason. Always to be followed by ctl_door_close().
 */
int ctl_door_ask(const struct ctl *ctl, struct ctl_door *door, const char *path, const char *verb,
		 int file);

/**
 * ctl_door_next - the next object of the answer
 * @object: set to a new reference
 *
 * Returns 1 when more follow, 0 for the last one, or -errno and door->reason.
 */
int ctl_door_next(struct ctl_door *door, json_t **object);

void ctl_door_close(struct ctl_door *door);

/* ctl_text - a string member, or "" */
const char *ctl_text(const json_t *object, const char *key);

/* ctl_number - an integer member, or 0 */
json_int_t ctl_number(const json_t *object, const char *key);

#endif
