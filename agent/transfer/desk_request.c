// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/desk_request.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/json_depth.h"
#include "agent/lib/printable.h"

#define BIT(member) (1u << (member))

enum member {
	MEMBER_V,
	MEMBER_VERB,
	MEMBER_BATCH,
	MEMBER_MEDIUM,
	MEMBER_UNIT,
	MEMBER_LEVEL,
	MEMBER_TERM,
	MEMBER_BASIS,
	MEMBER_NAME,
	MEMBER_INDEX,
	MEMBER_COUNT,
};

static const char *const member_names[MEMBER_COUNT] = {
	[MEMBER_V] = "v",	    [MEMBER_VERB] = "verb",   [MEMBER_BATCH] = "batch",
	[MEMBER_MEDIUM] = "medium", [MEMBER_UNIT] = "unit",   [MEMBER_LEVEL] = "level",
	[MEMBER_TERM] = "term",	    [MEMBER_BASIS] = "basis", [MEMBER_NAME] = "name",
	[MEMBER_INDEX] = "index",
};

enum need_file {
	FILE_NONE,
	FILE_MAY,
	FILE_MUST,
};

struct verb_rule {
	const char *name;
	unsigned int must; /* members */
	unsigned int may;
	enum need_file file;
};

#define LABEL (BIT(MEMBER_LEVEL) | BIT(MEMBER_TERM) | BIT(MEMBER_BASIS))

static const struct verb_rule verbs[DESK_VERB_COUNT] = {
	[DESK_VERB_REQUEST] = { "request", LABEL | BIT(MEMBER_UNIT), 0, FILE_NONE },
	[DESK_VERB_FOREIGN] = { "foreign", BIT(MEMBER_LEVEL),
				BIT(MEMBER_TERM) | BIT(MEMBER_BASIS) | BIT(MEMBER_MEDIUM),
				FILE_NONE },
	[DESK_VERB_ADD] = { "add", BIT(MEMBER_NAME), 0, FILE_MAY },
	[DESK_VERB_SEAL] = { "seal", 0, 0, FILE_NONE },
	[DESK_VERB_APPROVAL] = { "approval", BIT(MEMBER_BATCH), 0, FILE_NONE },
	[DESK_VERB_APPROVE] = { "approve", BIT(MEMBER_BATCH), 0, FILE_MUST },
	[DESK_VERB_EXPORT] = { "export", BIT(MEMBER_BATCH), BIT(MEMBER_MEDIUM), FILE_NONE },
	[DESK_VERB_IMPORT] = { "import", 0, BIT(MEMBER_BATCH) | BIT(MEMBER_MEDIUM), FILE_NONE },
	[DESK_VERB_LOOK] = { "look", 0, BIT(MEMBER_MEDIUM), FILE_NONE },
	[DESK_VERB_OPEN] = { "open", BIT(MEMBER_BATCH) | BIT(MEMBER_INDEX), 0, FILE_NONE },
	[DESK_VERB_FETCH] = { "fetch", BIT(MEMBER_BATCH) | BIT(MEMBER_INDEX), 0, FILE_NONE },
	[DESK_VERB_FETCHED] = { "fetched", BIT(MEMBER_BATCH), 0, FILE_NONE },
	[DESK_VERB_LIST] = { "list", 0, 0, FILE_NONE },
	[DESK_VERB_MEDIA] = { "media", 0, 0, FILE_NONE },
	[DESK_VERB_RECIPIENT] = { "recipient", 0, 0, FILE_NONE },
	[DESK_VERB_SHOW] = { "show", BIT(MEMBER_BATCH), 0, FILE_NONE },
	[DESK_VERB_CANCEL] = { "cancel", BIT(MEMBER_BATCH), 0, FILE_NONE },
};

const char *desk_verb_name(enum desk_verb verb)
{
	return verb < DESK_VERB_COUNT ? verbs[verb].name : NULL;
}

int desk_refuse(struct desk_refusal *refusal, const char *error, const char *format, ...)
{
	va_list args;

	refusal->error = error;
	va_start(args, format);
	vsnprintf(refusal->text, sizeof(refusal->text), format, args);
	va_end(args);
	return -EINVAL;
}

static int find_verb(json_t *object, struct desk_request *request, struct desk_refusal *refusal)
{
	const char *name = json_string_value(json_object_get(object, "verb"));

	for (int i = 0; name && i < DESK_VERB_COUNT; i++)
		if (strcmp(name, verbs[i].name) == 0) {
			request->verb = (enum desk_verb)i;
			return 0;
		}
	return desk_refuse(refusal, "unknown-verb", "no verb of that name is known here");
}

static int check_members(json_t *object, const struct desk_request *request,
			 struct desk_refusal *refusal)
{
	const struct verb_rule *rule = &verbs[request->verb];
	const unsigned int always = BIT(MEMBER_V) | BIT(MEMBER_VERB);
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		unsigned int member = 0;

		while (member < MEMBER_COUNT && strcmp(key, member_names[member]) != 0)
			member++;
		if (member == MEMBER_COUNT || !(BIT(member) & (always | rule->must | rule->may)))
			return desk_refuse(refusal, "malformed",
					   "the request has a member that '%s' does not take",
					   rule->name);
	}
	for (unsigned int member = 0; member < MEMBER_COUNT; member++)
		if (BIT(member) & rule->must && !json_object_get(object, member_names[member]))
			return desk_refuse(refusal, "malformed", "'%s' needs '%s'", rule->name,
					   member_names[member]);
	return 0;
}

/* A text for people and papers: not empty, printable, of one line. */
static int take_text(json_t *object, enum member member, char *out, size_t size,
		     struct desk_refusal *refusal)
{
	json_t *value = json_object_get(object, member_names[member]);
	const char *text = json_string_value(value);

	if (!value)
		return 0;
	if (!text || !*text)
		return desk_refuse(refusal, "malformed", "'%s' must be a text that is not empty",
				   member_names[member]);
	if (strlen(text) >= size)
		return desk_refuse(refusal, "too-long", "'%s' has at most %zu bytes",
				   member_names[member], size - 1);
	if (!printable_is_text(text))
		return desk_refuse(
			refusal, "unprintable",
			"'%s' has a character that cannot be printed: a control character "
			"or an invisible one. Write it without",
			member_names[member]);
	strcpy(out, text);
	return 0;
}

static int take_id(json_t *object, enum member member, char *out, struct desk_refusal *refusal)
{
	json_t *value = json_object_get(object, member_names[member]);
	const char *text = json_string_value(value);
	size_t length = text ? strlen(text) : 0;

	if (!value)
		return 0;
	if (length < DESK_ID_LEAST || length >= DESK_ID_SIZE ||
	    strspn(text, "0123456789abcdef") != length)
		return desk_refuse(refusal, "bad-id",
				   "'%s' is named by its %d lower-case hexadecimal digits, or at "
				   "least the first %d",
				   member_names[member], DESK_ID_SIZE - 1, DESK_ID_LEAST);
	strcpy(out, text);
	return 0;
}

/* A name is kept as the person wrote it, and leads nowhere but down. */
static int take_name(json_t *object, struct desk_request *request, struct desk_refusal *refusal)
{
	json_t *value = json_object_get(object, member_names[MEMBER_NAME]);
	const char *name = json_string_value(value);
	const char *flaw;

	if (!value)
		return 0;
	flaw = name ? transfer_name_flaw(name) : "it is no text";
	if (flaw)
		return desk_refuse(refusal, "bad-name", "a file cannot have this name: %s", flaw);
	strcpy(request->name, name);
	return 0;
}

static int take_index(json_t *object, struct desk_request *request, struct desk_refusal *refusal)
{
	json_t *value = json_object_get(object, member_names[MEMBER_INDEX]);

	if (!value)
		return 0;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) >= TRANSFER_FILES_MAX)
		return desk_refuse(refusal, "malformed", "'index' is a number from 0 to %d",
				   TRANSFER_FILES_MAX - 1);
	request->index = (uint32_t)json_integer_value(value);
	return 0;
}

static int take_members(json_t *object, struct desk_request *request, struct desk_refusal *refusal)
{
	const struct {
		enum member member;
		char *out;
		size_t size;
	} texts[] = {
		{ MEMBER_UNIT, request->unit, sizeof(request->unit) },
		{ MEMBER_LEVEL, request->level, sizeof(request->level) },
		{ MEMBER_TERM, request->term, sizeof(request->term) },
		{ MEMBER_BASIS, request->basis, sizeof(request->basis) },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
		r = take_text(object, texts[i].member, texts[i].out, texts[i].size, refusal);
	if (r == 0)
		r = take_name(object, request, refusal);
	if (r == 0)
		r = take_id(object, MEMBER_BATCH, request->batch, refusal);
	if (r == 0)
		r = take_id(object, MEMBER_MEDIUM, request->medium, refusal);
	return r < 0 ? r : take_index(object, request, refusal);
}

static int read_object(json_t *object, bool has_file, struct desk_request *request,
		       struct desk_refusal *refusal)
{
	json_t *version = json_object_get(object, "v");
	int r;

	if (!json_is_integer(version) || json_integer_value(version) != DESK_VERSION)
		return desk_refuse(refusal, "version",
				   "this desk speaks version %d: install airgapctl and "
				   "airgap-transferd from one package",
				   DESK_VERSION);
	r = find_verb(object, request, refusal);
	if (r == 0)
		r = check_members(object, request, refusal);
	if (r == 0)
		r = take_members(object, request, refusal);
	if (r < 0)
		return r;
	if (verbs[request->verb].file == FILE_MUST && !has_file)
		return desk_refuse(refusal, "no-file", "'%s' needs a descriptor of the file",
				   verbs[request->verb].name);
	if (verbs[request->verb].file == FILE_NONE && has_file)
		return desk_refuse(refusal, "unexpected-file", "'%s' takes no file",
				   verbs[request->verb].name);
	return 0;
}

int desk_request_parse(const char *bytes, size_t length, bool has_file,
		       struct desk_request *request, struct desk_refusal *refusal)
{
	json_t *json;
	int r;

	memset(request, 0, sizeof(*request));
	if (length >= DESK_REQUEST_MAX)
		return desk_refuse(refusal, "too-long", "a request has at most %d bytes",
				   DESK_REQUEST_MAX);
	if (json_deeper(bytes, length, DESK_REQUEST_DEPTH))
		return desk_refuse(refusal, "malformed", "the request is nested too deeply");
	json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(json))
		r = desk_refuse(refusal, "malformed", "the request is no JSON object");
	else
		r = read_object(json, has_file, request, refusal);
	json_decref(json);
	return r;
}
