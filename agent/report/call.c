// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/call.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define CONNECT_S 15L
/* An office that takes longer for 8 MiB is as good as none. */
#define WHOLE_S 120L
/* Fewer bytes a second than this for half a minute, likewise. */
#define SLOW_BYTES 64L
#define SLOW_S	   30L
/* curl opens one socket, or two when it tries a second time. */
#define SOCKETS_MAX 4

struct call {
	sd_event *event;
	void (*done)(void *data, const struct call_answer *answer);
	void *data;
	CURLM *multi;
	CURL *easy; /* NULL: nothing is under way */
	sd_event_source *timer, *sockets[SOCKETS_MAX], *finish;
	struct curl_slist *headers;
	void *body;
	char *answer;
	size_t length, limit;
	bool too_large;
	char error[CURL_ERROR_SIZE];
	CURLcode result;
};

static void see_results(struct call *call)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(call->multi, &left)))
		if (msg->msg == CURLMSG_DONE && msg->easy_handle == call->easy) {
			call->result = msg->data.result;
			/* Not from within curl's own callbacks. */
			sd_event_source_set_enabled(call->finish, SD_EVENT_ONESHOT);
		}
}

static void act(struct call *call, curl_socket_t fd, int what)
{
	int running;

	curl_multi_socket_action(call->multi, fd, what, &running);
	see_results(call);
}

static int on_socket(sd_event_source *source, int fd, uint32_t events, void *data)
{
	int what = 0;

	(void)source;
	if (events & (EPOLLIN | EPOLLHUP))
		what |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (events & EPOLLERR)
		what |= CURL_CSELECT_ERR;
	act(data, fd, what);
	return 0;
}

static int on_timer(sd_event_source *source, uint64_t now, void *data)
{
	(void)source;
	(void)now;
	act(data, CURL_SOCKET_TIMEOUT, 0);
	return 0;
}

static sd_event_source **find_socket(struct call *call, int fd)
{
	for (size_t i = 0; i < SOCKETS_MAX; i++)
		if (call->sockets[i] && sd_event_source_get_io_fd(call->sockets[i]) == fd)
			return &call->sockets[i];
	return NULL;
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *of_socket)
{
	struct call *call = data;
	sd_event_source **found = find_socket(call, fd);
	uint32_t events = 0;

	(void)easy;
	(void)of_socket;
	if (what == CURL_POLL_REMOVE) {
		if (found)
			*found = sd_event_source_disable_unref(*found);
		return 0;
	}
	if (what & CURL_POLL_IN)
		events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		events |= EPOLLOUT;
	if (found)
		return sd_event_source_set_io_events(*found, events) < 0 ? -1 : 0;
	for (size_t i = 0; i < SOCKETS_MAX; i++)
		if (!call->sockets[i])
			return sd_event_add_io(call->event, &call->sockets[i], fd, events,
					       on_socket, call) < 0
				       ? -1
				       : 0;
	return -1;
}

/* Also where curl closes without a word: the number may be the next socket's. */
static int close_socket(void *data, curl_socket_t fd)
{
	sd_event_source **found = find_socket(data, fd);

	if (found)
		*found = sd_event_source_disable_unref(*found);
	return close(fd);
}

static int set_timer(CURLM *multi, long wait_ms, void *data)
{
	struct call *call = data;

	(void)multi;
	if (wait_ms < 0)
		return sd_event_source_set_enabled(call->timer, SD_EVENT_OFF) < 0 ? -1 : 0;
	sd_event_source_set_time_relative(call->timer, (uint64_t)wait_ms * 1000);
	return sd_event_source_set_enabled(call->timer, SD_EVENT_ONESHOT) < 0 ? -1 : 0;
}

static size_t take_body(char *data, size_t one, size_t size, void *of_call)
{
	struct call *call = of_call;
	char *more;

	(void)one;
	if (size > call->limit - call->length) {
		call->too_large = true;
		return 0;
	}
	more = realloc(call->answer, call->length + size + 1);
	if (!more)
		return 0;
	memcpy(more + call->length, data, size);
	call->answer = more;
	call->length += size;
	more[call->length] = 0;
	return size;
}

static void clear(struct call *call)
{
	if (call->easy) {
		curl_multi_remove_handle(call->multi, call->easy);
		curl_easy_cleanup(call->easy);
	}
	call->easy = NULL;
	curl_slist_free_all(call->headers);
	call->headers = NULL;
	free(call->body);
	call->body = NULL;
	free(call->answer);
	call->answer = NULL;
	call->length = 0;
	call->too_large = false;
	call->error[0] = 0;
}

static int on_finish(sd_event_source *source, void *data)
{
	struct call *call = data;
	struct call_answer answer = { .body = "", .text = "" };
	char text[CURL_ERROR_SIZE], *body = NULL;
	curl_off_t after = 0;
	long status = 0;

	(void)source;
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &after);
	if (call->result == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		answer.error = -EKEYREJECTED;
	else if (call->too_large)
		answer.error = -EFBIG;
	else if (call->result != CURLE_OK)
		answer.error = -EIO;
	if (answer.error) {
		snprintf(text, sizeof(text), "%s",
			 call->error[0] ? call->error : curl_easy_strerror(call->result));
		answer.text = text;
	}
	answer.status = (unsigned int)status;
	answer.retry_after_s = after > 0 ? (uint64_t)after : 0;
	/* The handler may start the next call. */
	if (call->answer) {
		answer.body = body = call->answer;
		answer.length = call->length;
		call->answer = NULL;
	}
	clear(call);
	call->done(call->data, &answer);
	free(body);
	return 0;
}

static bool set_peer(CURL *easy, const struct call_request *request)
{
	struct curl_blob blob = { .flags = CURL_BLOB_COPY };
	bool good = true;

	good = good && !curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	good = good && !curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
	/* No authority and no name count here; the pin does. */
	good = good && !curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
	good = good && !curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	good = good && !curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
	good = good && !curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	good = good && !curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	good = good && !curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	if (request->pin)
		good = good && !curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, request->pin);
	if (request->credential) {
		blob.data = request->credential->pem;
		blob.len = request->credential->length;
		good = good && !curl_easy_setopt(easy, CURLOPT_SSLCERT_BLOB, &blob);
		good = good && !curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &blob);
	}
	return good;
}

static bool set_transfer(struct call *call, const struct call_request *request)
{
	CURL *easy = call->easy;
	char url[256];
	bool good;

	snprintf(url, sizeof(url), "https://%s%s", request->address, request->path);
	good = !curl_easy_setopt(easy, CURLOPT_URL, url);
	good = good && !curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	good = good && !curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
	good = good && !curl_easy_setopt(easy, CURLOPT_TIMEOUT, WHOLE_S);
	good = good && !curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
	good = good && !curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, SLOW_S);
	good = good && !curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	good = good && !curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	good = good && !curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	good = good && !curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	good = good && !curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, call);
	good = good && !curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
	if (request->body) {
		/* No waiting for "100 Continue". */
		call->headers = curl_slist_append(NULL, "Expect:");
		good = good && call->headers;
		good = good && !curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
		good = good && !curl_easy_setopt(easy, CURLOPT_POST, 1L);
		good = good && !curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
		good = good && !curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
						 (curl_off_t)request->length);
	}
	return good;
}

int call_start(struct call *call, const struct call_request *request)
{
	if (call->easy) {
		free(request->body);
		return -EBUSY;
	}
	call->body = request->body;
	call->limit = request->limit;
	call->easy = curl_easy_init();
	if (!call->easy || !set_peer(call->easy, request) || !set_transfer(call, request)) {
		clear(call);
		return -ENOMEM;
	}
	if (curl_multi_add_handle(call->multi, call->easy) != CURLM_OK) {
		clear(call);
		return -EIO;
	}
	return 0;
}

static int make_multi(struct call *call)
{
	call->multi = curl_multi_init();
	if (!call->multi)
		return -ENOMEM;
	if (curl_multi_setopt(call->multi, CURLMOPT_SOCKETFUNCTION, watch_socket) ||
	    curl_multi_setopt(call->multi, CURLMOPT_SOCKETDATA, call) ||
	    curl_multi_setopt(call->multi, CURLMOPT_TIMERFUNCTION, set_timer) ||
	    curl_multi_setopt(call->multi, CURLMOPT_TIMERDATA, call) ||
	    curl_multi_setopt(call->multi, CURLMOPT_MAXCONNECTS, 1L))
		return -EIO;
	return 0;
}

/* Whoever closed them. */
static void drop_sockets(struct call *call)
{
	for (size_t i = 0; i < SOCKETS_MAX; i++)
		call->sockets[i] = sd_event_source_disable_unref(call->sockets[i]);
}

void call_forget(struct call *call)
{
	if (call->easy)
		return;
	curl_multi_cleanup(call->multi);
	drop_sockets(call);
	/* Without one nothing more can be asked, and the program says so and ends. */
	if (make_multi(call) < 0)
		sd_event_exit(call->event, 1);
}

int call_new(sd_event *event, void (*done)(void *data, const struct call_answer *answer),
	     void *data, struct call **out)
{
	struct call *call = calloc(1, sizeof(*call));
	int r;

	*out = call;
	if (!call)
		return -ENOMEM;
	call->event = event;
	call->done = done;
	call->data = data;
	r = curl_global_init(CURL_GLOBAL_DEFAULT) ? -EIO : make_multi(call);
	if (r == 0)
		r = sd_event_add_time_relative(event, &call->timer, CLOCK_MONOTONIC, 0, 1000,
					       on_timer, call);
	if (r >= 0)
		r = sd_event_source_set_enabled(call->timer, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_defer(event, &call->finish, on_finish, call);
	if (r >= 0)
		r = sd_event_source_set_enabled(call->finish, SD_EVENT_OFF);
	return r < 0 ? r : 0;
}

void call_free(struct call *call)
{
	if (!call)
		return;
	clear(call);
	if (call->multi)
		curl_multi_cleanup(call->multi);
	sd_event_source_disable_unref(call->timer);
	sd_event_source_disable_unref(call->finish);
	drop_sockets(call);
	curl_global_cleanup();
	free(call);
}
