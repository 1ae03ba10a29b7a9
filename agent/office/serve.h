/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running service: what handlers of requests find. One thread does everything. */
#ifndef AIRGAP_OFFICE_SERVE_H
#define AIRGAP_OFFICE_SERVE_H

#include "agent/lib/daemon.h"
#include "agent/office/incident_book.h"
#include "agent/office/keys.h"

struct http;
struct group;

struct serve {
	struct daemon daemon;
	const char *root;
	struct store *store;  /* writes; what it shows may not be committed yet */
	struct store *reader; /* sees what is committed, and nothing else */
	struct keys keys;
	struct incident_book *book; /* grades and deadlines, by policy */
	struct http *http;
	struct group *group;
	int64_t since_us; /* listening since */
	char level[STORE_TEXT_SIZE];
};

/* serve_fail - the store cannot be relied on: tell why, end the program; terminals keep their entries */
void serve_fail(struct serve *serve, const char *what);

#endif
