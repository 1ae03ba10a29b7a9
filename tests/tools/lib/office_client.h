/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A TLS 1.3 connection to the office that asks and waits: enough of HTTP for tests and measuring. */
#ifndef AIRGAP_TESTS_OFFICE_CLIENT_H
#define AIRGAP_TESTS_OFFICE_CLIENT_H

#include <stddef.h>
#include <stdint.h>

struct client;

/* client_new - @pem: key and certificate, or NULL: none; NULL when it cannot connect */
struct client *client_new(uint16_t port, const char *pem);
void client_free(struct client *client);

/**
 * client_ask - one request and its answer
 * @out: the answer's body, ended by NUL, freed by the caller; may be NULL
 *
 * Returns the status, or -1 when the connection broke.
 */
int client_ask(struct client *client, const char *method, const char *path, const void *body,
	       size_t length, char **out, size_t *out_length);

#endif
