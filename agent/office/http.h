/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTPS: libmicrohttpd in the program's own event loop, TLS 1.3 alone.
 *
 * A peer is who holds the private key of a certificate that is registered: its pin is looked up once
 * a connection. Peers without one may ask what is open to all, and people sign in by a session.
 */
#ifndef AIRGAP_OFFICE_HTTP_H
#define AIRGAP_OFFICE_HTTP_H

#include "agent/office/serve.h"

#define HTTP_CONNECTIONS_MAX 8192
#define HTTP_IDLE_S	     180 /* longer than two heartbeats of a minute */

/* One request, whole, as a handler sees it. */
struct request {
	const char *method;
	const char *path; /* decoded, without the query */
	const uint8_t *body;
	size_t length;
	int64_t terminal;     /* whose certificate it is; 0: none that is registered */
	const uint8_t *pin;   /* of the certificate; NULL without one */
	char address[64];     /* of the peer */
	struct request *next; /* of the group that it waits for */
	/* the rest is http.c's and the reply's */
	struct MHD_Connection *connection;
	struct http *http;
	struct MHD_Response *response;
	unsigned int status;
	bool waiting;
	uint8_t *buffer;
	size_t room;
	char method_buffer[8];
};

typedef void (*http_handler)(struct serve *serve, struct request *request);

struct route {
	const char *method;
	const char *path; /* whole; or, ending with '*', how it begins */
	size_t body_max;  /* longer bodies are answered with 413; of strangers at most 64 KiB */
	http_handler handle;
};

/* Tables of routes, each ended by method NULL. A new part of the office adds its own in http.c. */
extern const struct route wire_routes[];
extern const struct route login_routes[];
extern const struct route web_routes[];

/**
 * http_start - listen at @address ("10.20.0.5:8443", "[::1]:8443")
 * @per_address: so many connections may come from one address, so that nobody takes them all
 *
 * Returns 0 or -errno after a message.
 */
int http_start(struct serve *serve, const char *address, unsigned int per_address);
void http_stop(struct serve *serve);

/* --- for handlers: exactly one reply a request --- */

/* reply - @type: Content-Type; the body is copied */
void reply(struct request *request, unsigned int status, const char *type, const void *body,
	   size_t length);
void reply_text(struct request *request, unsigned int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* reply_header - one more header; after reply() */
void reply_header(struct request *request, const char *name, const char *value);
/* reply_busy - 429 or 503, with Retry-After */
void reply_busy(struct request *request, unsigned int status, unsigned int seconds);

/* request_header, _cookie, _query - NULL when there is none; live as long as the request */
const char *request_header(const struct request *request, const char *name);
const char *request_cookie(const struct request *request, const char *name);
const char *request_query(const struct request *request, const char *name);

/* request_hold, _release - put the request aside, and send its reply later */
void request_hold(struct request *request);
void request_release(struct request *request);

/* http_pending - how many requests are being received or wait */
unsigned int http_pending(const struct http *http);

#endif
