// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "agent/lib/log.h"
#include "agent/office/certificate.h"
#include "agent/office/http_reply.h"
#include "agent/office/store/store_terminal.h"

/* Bodies being received, of all connections together. */
#define BODIES_MAX ((size_t)512 << 20)

struct http {
	struct serve *serve;
	struct MHD_Daemon *daemon;
	sd_event_source *io, *timer;
	size_t bodies;
	unsigned int pending;
	bool released; /* a held request may go on: MHD must be run, and does not say so itself */
};

/* Of a body that nobody answers for: enough to register. Else two strangers could fill all the room. */
#define STRANGER_BODY_MAX ((size_t)65536)

/* Who is at the other end; found at the connection's first request. */
struct peer {
	bool asked;
	bool has_pin;
	uint8_t pin[STORE_HASH_SIZE];
	int64_t terminal;
};

static const struct route *const tables[] = { wire_routes, login_routes, web_routes };

unsigned int http_pending(const struct http *http)
{
	return http->pending;
}

void http_wake(struct http *http)
{
	http->released = true;
}

static void ask_certificate(struct MHD_Connection *connection, struct peer *peer)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	const gnutls_datum_t *chain;
	unsigned int count = 0;

	peer->asked = true;
	if (!info)
		return;
	chain = gnutls_certificate_get_peers(info->tls_session, &count);
	/* TLS has shown that the peer holds the key; nobody's signature on it matters. */
	if (chain && count > 0)
		peer->has_pin = certificate_pin_der(chain[0].data, chain[0].size, peer->pin) == 0;
}

static void find_peer(struct http *http, struct request *request)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct peer *peer = info ? info->socket_context : NULL;
	struct store_terminal terminal;

	if (!peer)
		return;
	if (!peer->asked)
		ask_certificate(request->connection, peer);
	if (!peer->has_pin)
		return;
	request->pin = peer->pin;
	if (!peer->terminal &&
	    store_terminal_by_pin(http->serve->reader, peer->pin, &terminal) == 0)
		peer->terminal = terminal.id;
	request->terminal = peer->terminal;
}

static void find_address(struct request *request)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;

	if (address && address->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr,
			  request->address, sizeof(request->address));
	else if (address && address->sa_family == AF_INET6)
		inet_ntop(AF_INET6,
			  &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
			  request->address, sizeof(request->address));
}

static const struct route *find_route(const char *method, const char *path, bool *other_method)
{
	*other_method = false;
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct route *route = tables[t]; route->method; route++) {
			size_t length = strlen(route->path);
			bool fits = route->path[length - 1] == '*'
					    ? strncmp(path, route->path, length - 1) == 0
					    : strcmp(path, route->path) == 0;

			if (fits && strcmp(method, route->method) == 0)
				return route;
			*other_method = *other_method || fits;
		}
	return NULL;
}

static int add_body(struct http *http, struct request *request, const char *data, size_t size,
		    size_t limit)
{
	size_t room = request->room ? request->room : 4096;
	uint8_t *more;

	if (request->length + size > limit)
		return -EFBIG;
	while (room < request->length + size)
		room *= 2;
	if (room > request->room) {
		if (http->bodies + room - request->room > BODIES_MAX)
			return -ENOBUFS;
		more = realloc(request->buffer, room);
		if (!more)
			return -ENOBUFS;
		http->bodies += room - request->room;
		request->buffer = more;
		request->room = room;
	}
	memcpy(request->buffer + request->length, data, size);
	request->length += size;
	return 0;
}

static void dispatch(struct http *http, struct request *request)
{
	bool other_method;
	const struct route *route = find_route(request->method, request->path, &other_method);

	if (request->response)
		return;
	if (!route) {
		reply_text(request, other_method ? 405 : 404, "there is nothing here\n");
		return;
	}
	request->body = request->buffer;
	find_address(request);
	route->handle(http->serve, request);
}

static enum MHD_Result take_body(struct http *http, struct request *request, const char *data,
				 size_t *size)
{
	bool other_method;
	const struct route *route = find_route(request->method, request->path, &other_method);
	size_t limit = route ? route->body_max : 0;
	int r = 0;

	if (!request->terminal && limit > STRANGER_BODY_MAX)
		limit = STRANGER_BODY_MAX;
	if (!request->response)
		r = add_body(http, request, data, *size, limit);

	/* What is refused is still read to its end, and dropped, or the peer would not hear why. */
	if (r == -EFBIG)
		reply_text(request, 413, "the body is larger than what is taken here\n");
	else if (r < 0)
		reply_busy(request, 503, 5);
	*size = 0;
	return MHD_YES;
}

static struct request *new_request(struct http *http, struct MHD_Connection *connection,
				   const char *url, const char *method)
{
	struct request *request = calloc(1, sizeof(*request));

	if (!request)
		return NULL;
	request->http = http;
	request->connection = connection;
	request->path = url;
	snprintf(request->method_buffer, sizeof(request->method_buffer), "%s", method);
	request->method = request->method_buffer;
	find_peer(http, request);
	http->pending++;
	return request;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *size, void **state)
{
	struct http *http = data;
	struct request *request = *state;

	(void)version;
	if (!request) {
		*state = new_request(http, connection, url, method);
		return *state ? MHD_YES : MHD_NO;
	}
	request->path = url;
	if (*size > 0)
		return take_body(http, request, upload, size);
	if (!request->waiting && !request->response)
		dispatch(http, request);
	/* Held: MHD comes back when it is released. */
	if (request->waiting)
		return MHD_YES;
	return http_reply_send(request);
}

static void on_completed(void *data, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct http *http = data;
	struct request *request = *state;

	(void)connection;
	(void)code;
	if (!request)
		return;
	http->pending--;
	http->bodies -= request->room;
	if (request->response)
		MHD_destroy_response(request->response);
	free(request->buffer);
	free(request);
	*state = NULL;
}

static void on_connection(void *data, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	(void)data;
	(void)connection;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = calloc(1, sizeof(struct peer));
	} else {
		free(*context);
		*context = NULL;
	}
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct http *http = data;

	(void)source;
	(void)fd;
	(void)events;
	MHD_run(http->daemon);
	return 0;
}

static int on_timer(sd_event_source *source, uint64_t now, void *data)
{
	struct http *http = data;

	(void)source;
	(void)now;
	MHD_run(http->daemon);
	return 0;
}

/* Before the loop sleeps: when does MHD want to be called again? */
static int on_prepare(sd_event_source *source, void *data)
{
	struct http *http = data;
	MHD_UNSIGNED_LONG_LONG wait_ms;

	(void)source;
	if (http->released)
		wait_ms = 0;
	else if (MHD_get_timeout(http->daemon, &wait_ms) != MHD_YES)
		return sd_event_source_set_enabled(http->timer, SD_EVENT_OFF);
	http->released = false;
	sd_event_source_set_time_relative(http->timer, wait_ms * 1000);
	return sd_event_source_set_enabled(http->timer, SD_EVENT_ONESHOT);
}

static int parse_address(const char *text, struct sockaddr_storage *out)
{
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2];
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	char *end;
	unsigned long port;

	*out = (struct sockaddr_storage){ 0 };
	if (!colon || (size_t)(colon - text) >= sizeof(host))
		return -EINVAL;
	port = strtoul(colon + 1, &end, 10);
	if (*end || end == colon + 1 || port > UINT16_MAX)
		return -EINVAL;
	memcpy(host, text, (size_t)(colon - text));
	host[colon - text] = 0;
	if (host[0] == '[' && host[strlen(host) - 1] == ']') {
		host[strlen(host) - 1] = 0;
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t)port);
		return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1 ? 0 : -EINVAL;
	}
	four->sin_family = AF_INET;
	four->sin_port = htons((uint16_t)port);
	return inet_pton(AF_INET, host, &four->sin_addr) == 1 ? 0 : -EINVAL;
}

static struct MHD_Daemon *start(struct http *http, const struct sockaddr_storage *address,
				unsigned int per_address)
{
	unsigned int flags = MHD_USE_EPOLL | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME;

	if (address->ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	/* The trusted certificate only makes MHD ask for the peer's; see find_peer(). */
	return MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, http, MHD_OPTION_SOCK_ADDR, address,
		MHD_OPTION_HTTPS_MEM_KEY, http->serve->keys.tls, MHD_OPTION_HTTPS_MEM_CERT,
		http->serve->keys.tls, MHD_OPTION_HTTPS_MEM_TRUST, http->serve->keys.tls,
		MHD_OPTION_HTTPS_PRIORITIES, "SECURE128:-VERS-ALL:+VERS-TLS1.3",
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, NULL, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned int)HTTP_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)HTTP_IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32768,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, (unsigned int)1, MHD_OPTION_END);
}

int http_start(struct serve *serve, const char *text, unsigned int per_address)
{
	struct http *http = serve->http = calloc(1, sizeof(*http));
	const union MHD_DaemonInfo *info;
	struct sockaddr_storage address;
	int r;

	if (!http)
		return -ENOMEM;
	http->serve = serve;
	if (parse_address(text, &address) < 0) {
		log_error("'%s' is no address to listen at: write 10.20.0.5:8443 or [::1]:8443",
			  text);
		return -EINVAL;
	}
	http->daemon = start(http, &address, per_address);
	if (!http->daemon) {
		log_error("cannot listen at %s: is the address this machine's, and the port free?",
			  text);
		return -EADDRNOTAVAIL;
	}
	info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	r = sd_event_add_io(serve->daemon.event, &http->io, info->epoll_fd, EPOLLIN, on_io, http);
	if (r >= 0)
		r = sd_event_add_time_relative(serve->daemon.event, &http->timer, CLOCK_MONOTONIC,
					       0, 1000, on_timer, http);
	if (r >= 0)
		r = sd_event_source_set_prepare(http->io, on_prepare);
	return r < 0 ? r : 0;
}

void http_stop(struct serve *serve)
{
	struct http *http = serve->http;

	if (!http)
		return;
	sd_event_source_disable_unref(http->io);
	sd_event_source_disable_unref(http->timer);
	if (http->daemon)
		MHD_stop_daemon(http->daemon);
	free(http);
	serve->http = NULL;
}
