/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request to the office at a time, over libcurl, driven by the program's own event loop.
 *
 * TLS 1.3 and nothing older; no proxy, no redirect, no name server, no certificate authority: the peer is
 * known by its pin. Without a pin nothing is believed of the peer; only GET /v1/identity is asked so.
 */
#ifndef AIRGAP_REPORT_CALL_H
#define AIRGAP_REPORT_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "agent/report/credential.h"

struct call;

struct call_request {
	const char *address;
	const char *path;		     /* "/v1/..." */
	const char *pin;		     /* as libcurl takes it; NULL: anybody */
	const struct credential *credential; /* NULL: none is shown */
	void *body;			     /* POST; taken over, whatever is returned. NULL: GET */
	size_t length;
	size_t limit; /* of the answer, bytes */
};

struct call_answer {
	int error; /* 0: there is an answer; -EKEYREJECTED: another peer; -EFBIG; -EIO: no answer */
	const char *text; /* of the error, for people */
	unsigned int status;
	uint64_t retry_after_s; /* 0: none asked for */
	const char *body;	/* NUL-terminated; until the handler returns */
	size_t length;
};

/* call_new - @done is called once for each call_start() that returned 0, never from within it */
int call_new(sd_event *event, void (*done)(void *data, const struct call_answer *answer),
	     void *data, struct call **call);
void call_free(struct call *call);

/* call_start - 0; -EBUSY: one is under way; -ENOMEM; -EIO */
int call_start(struct call *call, const struct call_request *request);

/* call_forget - close connections that are kept open: the peer's pin has changed */
void call_forget(struct call *call);

#endif
