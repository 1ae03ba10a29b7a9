// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/lib/office_client.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
	int fd;
	gnutls_session_t session;
	gnutls_certificate_credentials_t credentials;
	char head[4096];
};

static int open_socket(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = 60 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int begin(struct client *client, const char *pem)
{
	gnutls_datum_t both = { (unsigned char *)(uintptr_t)pem,
				pem ? (unsigned int)strlen(pem) : 0 };
	int r = gnutls_certificate_allocate_credentials(&client->credentials);

	if (r >= 0 && pem)
		r = gnutls_certificate_set_x509_key_mem(client->credentials, &both, &both,
							GNUTLS_X509_FMT_PEM);
	if (r >= 0)
		r = gnutls_init(&client->session, GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT);
	if (r >= 0)
		r = gnutls_priority_set_direct(client->session, "NORMAL:-VERS-ALL:+VERS-TLS1.3",
					       NULL);
	if (r >= 0)
		r = gnutls_credentials_set(client->session, GNUTLS_CRD_CERTIFICATE,
					   client->credentials);
	if (r < 0)
		return r;
	gnutls_transport_set_int(client->session, client->fd);
	do
		r = gnutls_handshake(client->session);
	while (r < 0 && !gnutls_error_is_fatal(r));
	return r;
}

struct client *client_new(uint16_t port, const char *pem)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->fd = open_socket(port);
	if (client->fd < 0 || begin(client, pem) < 0) {
		client_free(client);
		return NULL;
	}
	return client;
}

void client_free(struct client *client)
{
	if (!client)
		return;
	if (client->session)
		gnutls_deinit(client->session);
	if (client->credentials)
		gnutls_certificate_free_credentials(client->credentials);
	if (client->fd >= 0)
		close(client->fd);
	free(client);
}

static int send_all(struct client *client, const void *data, size_t length)
{
	const char *at = data;
	ssize_t n;

	while (length > 0) {
		n = gnutls_record_send(client->session, at, length);
		if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
			continue;
		if (n <= 0)
			return -1;
		at += n;
		length -= (size_t)n;
	}
	return 0;
}

static ssize_t receive(struct client *client, void *data, size_t size)
{
	ssize_t n;

	do
		n = gnutls_record_recv(client->session, data, size);
	while (n == GNUTLS_E_INTERRUPTED);
	return n;
}

/* Up to and including the blank line; what came after it is the body's beginning. */
static char *read_head(struct client *client, size_t *used)
{
	ssize_t n;
	char *end;

	*used = 0;
	for (;;) {
		n = receive(client, client->head + *used, sizeof(client->head) - 1 - *used);
		if (n <= 0)
			return NULL;
		*used += (size_t)n;
		client->head[*used] = 0;
		end = strstr(client->head, "\r\n\r\n");
		if (end)
			return end + 4;
		if (*used == sizeof(client->head) - 1)
			return NULL;
	}
}

static int read_answer(struct client *client, char **out, size_t *out_length)
{
	size_t used, length = 0, have;
	char *body = read_head(client, &used), *field, *copy;
	int status = -1;
	ssize_t n;

	if (!body || sscanf(client->head, "HTTP/1.1 %d", &status) != 1)
		return -1;
	field = strcasestr(client->head, "\r\ncontent-length:");
	if (field && field < body)
		length = strtoul(field + strlen("\r\ncontent-length:"), NULL, 10);
	copy = malloc(length + 1);
	have = used - (size_t)(body - client->head);
	if (!copy || have > length) {
		free(copy);
		return -1;
	}
	memcpy(copy, body, have);
	while (have < length) {
		n = receive(client, copy + have, length - have);
		if (n <= 0) {
			free(copy);
			return -1;
		}
		have += (size_t)n;
	}
	copy[length] = 0;
	if (out_length)
		*out_length = length;
	if (out)
		*out = copy;
	else
		free(copy);
	return status;
}

int client_ask(struct client *client, const char *method, const char *path, const void *body,
	       size_t length, char **out, size_t *out_length)
{
	char head[1024];
	int n = snprintf(head, sizeof(head),
			 "%s %s HTTP/1.1\r\nHost: office\r\nContent-Length: %zu\r\n\r\n", method,
			 path, length);

	if (out)
		*out = NULL;
	if (n < 0 || (size_t)n >= sizeof(head))
		return -1;
	gnutls_record_cork(client->session);
	if (send_all(client, head, (size_t)n) < 0 ||
	    (length > 0 && send_all(client, body, length) < 0) ||
	    gnutls_record_uncork(client->session, GNUTLS_RECORD_WAIT) < 0)
		return -1;
	return read_answer(client, out, out_length);
}
