// SPDX-License-Identifier: GPL-2.0-or-later
/* Signing in and out, for programs; the page has forms for the same. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "agent/office/login.h"

#define LOGIN_BODY_MAX 4096

/* Both members are texts; a missing one is "". */
static bool read_body(const struct request *request, char *name, size_t name_size, char *signature,
		      size_t signature_size)
{
	json_t *json = json_loadb((const char *)request->body, request->length,
				  JSON_REJECT_DUPLICATES, NULL);
	const char *first = json_string_value(json_object_get(json, "name"));
	const char *second = json_string_value(json_object_get(json, "signature"));
	bool good =
		first && strlen(first) < name_size && (!second || strlen(second) < signature_size);

	if (good) {
		strcpy(name, first);
		strcpy(signature, second ? second : "");
	}
	json_decref(json);
	return good;
}

static void challenge(struct serve *serve, struct request *request)
{
	char name[STORE_TEXT_SIZE], none[1], text[LOGIN_TEXT_SIZE];
	int r;

	if (login_limited(request))
		return;
	if (!read_body(request, name, sizeof(name), none, sizeof(none))) {
		reply_text(request, 400, "{\"name\":\"...\"} is wanted\n");
		return;
	}
	r = login_challenge(serve, request->address, name, text);
	if (r < 0)
		reply_text(request, 400, "this cannot be a name\n");
	else
		reply(request, 200, "text/plain; charset=utf-8", text, strlen(text));
}

static void answer(struct serve *serve, struct request *request)
{
	char name[STORE_TEXT_SIZE], signature[2048], cookie[256];
	int r;

	if (login_limited(request))
		return;
	if (!read_body(request, name, sizeof(name), signature, sizeof(signature))) {
		reply_text(request, 400, "{\"name\":\"...\",\"signature\":\"...\"} is wanted\n");
		return;
	}
	r = login_answer(serve, name, signature, cookie, sizeof(cookie));
	if (r == -EACCES) {
		reply_text(request, 403,
			   "this is no signature by a registered key over an open challenge\n");
	} else if (r < 0) {
		reply_busy(request, 503, 5);
	} else {
		reply(request, 204, NULL, "", 0);
		reply_header(request, "Set-Cookie", cookie);
	}
}

static void logout(struct serve *serve, struct request *request)
{
	struct login_session session;

	if (login_session(serve, request, &session) < 0)
		reply_text(request, 403, "nobody is signed in\n");
	else if (login_end(serve, &session) < 0)
		reply_busy(request, 503, 5);
	else
		reply(request, 204, NULL, "", 0);
}

const struct route login_routes[] = {
	{ "POST", "/v1/login/challenge", LOGIN_BODY_MAX, challenge },
	{ "POST", "/v1/login", LOGIN_BODY_MAX, answer },
	{ "POST", "/v1/logout", 0, logout },
	{ NULL, NULL, 0, NULL },
};
