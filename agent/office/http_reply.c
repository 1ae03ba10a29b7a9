// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/http_reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum MHD_Result http_reply_send(struct request *request)
{
	if (!request->response)
		reply_text(request, 500, "no answer was found\n");
	if (!request->response)
		return MHD_NO;
	return MHD_queue_response(request->connection, request->status, request->response);
}

void reply(struct request *request, unsigned int status, const char *type, const void *body,
	   size_t length)
{
	/* The last word counts: a commit that failed replaces what was prepared. */
	if (request->response)
		MHD_destroy_response(request->response);
	request->status = status;
	request->response = MHD_create_response_from_buffer(length, (void *)(uintptr_t)body,
							    MHD_RESPMEM_MUST_COPY);
	if (request->response && type)
		MHD_add_response_header(request->response, "Content-Type", type);
}

void reply_text(struct request *request, unsigned int status, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	reply(request, status, "text/plain; charset=utf-8", text, strlen(text));
}

void reply_header(struct request *request, const char *name, const char *value)
{
	if (request->response)
		MHD_add_response_header(request->response, name, value);
}

void reply_busy(struct request *request, unsigned int status, unsigned int seconds)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", seconds);
	reply_text(request, status, "too much at once; come again in %u seconds\n", seconds);
	reply_header(request, "Retry-After", text);
}

const char *request_header(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *request_cookie(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, name);
}

const char *request_query(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

void request_hold(struct request *request)
{
	request->waiting = true;
	MHD_suspend_connection(request->connection);
}

void request_release(struct request *request)
{
	request->waiting = false;
	MHD_resume_connection(request->connection);
	http_wake(request->http);
}
