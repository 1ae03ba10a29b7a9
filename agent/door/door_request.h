/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests at the doors: one JSON object, ended by NUL, at most DOOR_REQUEST_MAX bytes with it.
 *
 *	{"v":1,"verb":"status"}		query door	the agent's state
 *	{"v":1,"verb":"devices"}	query door	every present device
 *	{"v":1,"verb":"network"}	query door	links, what each may reach, what was found wrong
 *	{"v":1,"verb":"watch"}		query door	state and devices, then every change
 *	{"v":1,"verb":"install"}	control door	the policy's descriptor comes along
 *	{"v":1,"verb":"rescan"}		control door	read every device anew
 *	{"v":1,"verb":"end-maintenance"} control door	before its time
 *	{"v":1,"verb":"inspection"}	control door	the descriptor of an inspection's JSON comes along
 *
 * Nothing else is understood: unknown members, members twice, and nesting are refused, so that a
 * client of a later version never believes that a word of its was heeded.
 */
#ifndef AIRGAP_DOOR_REQUEST_H
#define AIRGAP_DOOR_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#define DOOR_VERSION	   1
#define DOOR_REQUEST_MAX   65536
#define DOOR_REQUEST_DEPTH 4

enum door_kind {
	DOOR_QUERY,
	DOOR_CONTROL,
	DOOR_KIND_COUNT,
};

enum door_verb {
	DOOR_VERB_STATUS,
	DOOR_VERB_DEVICES,
	DOOR_VERB_NETWORK,
	DOOR_VERB_WATCH,
	DOOR_VERB_INSTALL,
	DOOR_VERB_RESCAN,
	DOOR_VERB_END_MAINTENANCE,
	DOOR_VERB_INSPECTION,
	DOOR_VERB_COUNT,
};

struct door_request {
	enum door_verb verb;
};

/* Why a request was refused: a name that does not change, and words. */
struct door_refusal {
	const char *error;
	char text[256];
};

/**
 * door_request_parse - what a client asks
 * @bytes: without the NUL that ends it
 * @door: where it came in
 * @has_file: a descriptor came with it
 *
 * Returns 0, or -EINVAL and the reason in @refusal.
 */
int door_request_parse(const char *bytes, size_t length, enum door_kind door, bool has_file,
		       struct door_request *request, struct door_refusal *refusal);

/* door_verb_name - "status"; NULL for none */
const char *door_verb_name(enum door_verb verb);

#endif
