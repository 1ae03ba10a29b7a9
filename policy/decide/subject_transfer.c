// SPDX-License-Identifier: GPL-2.0-or-later
/* A transfer written as text: attributes and values in turn, in any order. */
#include "policy/decide/subject.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/lang/parse.h"
#include "policy/lang/scalar.h"

#define HELP_MAX 256
#define HELP                                                                                       \
	"such as: direction out types [ odt pdf ] size 5M level mimi unit \"7.2.15\" login "       \
	"\"novak\" medium registered medium-level mimi time \"Mon 09:30\""

struct reader {
	struct parser parser;
	struct transfer_facts *facts;
	uint32_t given; /* bit of each attribute */
};

static bool copy_word(const char *word, char *out, size_t size)
{
	size_t length = strlen(word);

	if (length == 0 || length >= size)
		return false;
	memcpy(out, word, length + 1);
	return true;
}

static bool set_direction(struct transfer_facts *facts, const char *word)
{
	for (facts->direction = 0; facts->direction < TRANSFER_DIRECTION_COUNT; facts->direction++)
		if (strcmp(transfer_direction_name(facts->direction), word) == 0)
			return true;
	return false;
}

static bool set_medium(struct transfer_facts *facts, const char *word)
{
	for (facts->medium = 0; facts->medium < TRANSFER_MEDIUM_COUNT; facts->medium++)
		if (strcmp(transfer_medium_name(facts->medium), word) == 0)
			return true;
	return false;
}

static bool set_type(struct transfer_facts *facts, const char *word)
{
	return facts->type_count < TRANSFER_TYPES_MAX &&
	       copy_word(word, facts->types[facts->type_count++], TRANSFER_TYPE_SIZE);
}

static bool read_number(enum value_type type, const char *word, uint64_t *number)
{
	struct value value;

	if (!scalar_read(type, TOKEN_WORD, word, &value))
		return false;
	*number = value.number;
	return true;
}

static bool set_size(struct transfer_facts *facts, const char *word)
{
	return read_number(VALUE_SIZE, word, &facts->size) ||
	       read_number(VALUE_NUMBER, word, &facts->size);
}

static bool set_files(struct transfer_facts *facts, const char *word)
{
	uint64_t number;

	if (!read_number(VALUE_NUMBER, word, &number) || number == 0 || number > TRANSFER_FILES_MAX)
		return false;
	facts->files = (uint32_t)number;
	return true;
}

static bool set_level(struct transfer_facts *facts, const char *word)
{
	return copy_word(word, facts->level, sizeof(facts->level));
}

static bool set_medium_level(struct transfer_facts *facts, const char *word)
{
	return copy_word(word, facts->medium_level, sizeof(facts->medium_level));
}

static bool set_unit(struct transfer_facts *facts, const char *word)
{
	return copy_word(word, facts->unit, sizeof(facts->unit));
}

static bool set_login(struct transfer_facts *facts, const char *word)
{
	return copy_word(word, facts->login, sizeof(facts->login));
}

/* "Mon 09:30": the hours that begin then, up to midnight. */
static bool set_time(struct transfer_facts *facts, const char *word)
{
	struct value value;
	char hours[32];
	int day = 0;

	if (snprintf(hours, sizeof(hours), "%s-24:00", word) >= (int)sizeof(hours) ||
	    !scalar_read(VALUE_HOURS, TOKEN_STRING, hours, &value))
		return false;
	while (!(value.hours.days >> day & 1))
		day++;
	facts->local_s = (int64_t)day * 86400 + (int64_t)value.hours.from * 60;
	return value.hours.days == 1U << day;
}

static const struct {
	const char *name;
	bool (*set)(struct transfer_facts *facts, const char *word);
	const char *help;
} attributes[] = {
	{ "direction", set_direction, "in or out" },
	{ "medium", set_medium, "registered, foreign, or any while none is chosen" },
	{ "types", set_type, "the types of its files: [ odt pdf ], or one" },
	{ "size", set_size, "of all its files: 5M, or a number of bytes" },
	{ "files", set_files, "how many there are, at most 1024; else as many as types" },
	{ "level", set_level, "that its author states" },
	{ "medium-level", set_medium_level, "that table media gives the medium" },
	{ "unit", set_unit, "where it goes, or comes from" },
	{ "login", set_login, "who asks" },
	{ "time", set_time, "a day and a minute of the week, local time: \"Mon 09:30\"" },
};
#define ATTRIBUTES (sizeof(attributes) / sizeof(attributes[0]))

static bool read_value(struct reader *reader, size_t i)
{
	struct parser *parser = &reader->parser;
	const char *word;

	if (parser->now.kind != TOKEN_WORD && parser->now.kind != TOKEN_STRING) {
		parser_expected(parser, "a value", attributes[i].help);
		return false;
	}
	word = parser_text(parser, &parser->now);
	if (!word)
		return false;
	if (!attributes[i].set(reader->facts, word)) {
		diag_error(parser->diags, parser->now.at, attributes[i].help,
			   "'%s' is not possible for '%s'", word, attributes[i].name);
		return false;
	}
	parser_advance(parser);
	return true;
}

static bool read_values(struct reader *reader, size_t i)
{
	struct parser *parser = &reader->parser;

	if (attributes[i].set != set_type || parser->now.kind != TOKEN_LIST)
		return read_value(reader, i);
	parser_advance(parser);
	while (parser->now.kind != TOKEN_UNLIST)
		if (!read_value(reader, i))
			return false;
	parser_advance(parser);
	return true;
}

static bool unknown_attribute(struct reader *reader)
{
	struct token token = reader->parser.now;
	struct suggestion nearest = suggest_begin(token.text, token.length);
	char help[HELP_MAX];

	if (token.kind != TOKEN_WORD) {
		parser_expected(&reader->parser, "an attribute", HELP);
		return false;
	}
	for (size_t i = 0; i < ATTRIBUTES; i++)
		suggest_offer(&nearest, attributes[i].name);
	diag_error(reader->parser.diags, token.at,
		   nearest.best ? parser_help_word(&nearest, help, sizeof(help)) : HELP,
		   "'%.*s' is not an attribute of a transfer", (int)token.length, token.text);
	return false;
}

static bool read_attribute(struct reader *reader)
{
	for (size_t i = 0; i < ATTRIBUTES; i++) {
		if (!parser_is(&reader->parser, attributes[i].name))
			continue;
		if (reader->given >> i & 1) {
			diag_error(reader->parser.diags, reader->parser.now.at,
				   "remove one of them", "'%s' stands twice", attributes[i].name);
			return false;
		}
		reader->given |= UINT32_C(1) << i;
		parser_advance(&reader->parser);
		return read_values(reader, i);
	}
	return unknown_attribute(reader);
}

static bool complete(struct reader *reader)
{
	struct transfer_facts *facts = reader->facts;

	if (facts->files == 0)
		facts->files = facts->type_count;
	if (facts->direction < TRANSFER_DIRECTION_COUNT && facts->type_count > 0)
		return true;
	diag_error(reader->parser.diags, reader->parser.now.at, HELP, "'%s' is missing",
		   facts->type_count > 0 ? "direction" : "types");
	return false;
}

int subject_parse_transfer(const char *text, size_t length, struct diag_list *diags,
			   struct transfer_facts *facts)
{
	struct arena *arena = arena_new();
	struct diag_list own = DIAG_LIST_INIT, *list = diags ? diags : &own;
	struct reader reader = { .facts = facts };
	size_t errors = list->errors;
	bool good = true;

	if (!arena)
		return -ENOMEM;
	*facts = (struct transfer_facts){ .direction = TRANSFER_DIRECTION_COUNT, .local_s = -1 };
	parser_begin(&reader.parser, text, length, list, arena);
	while (good && reader.parser.now.kind != TOKEN_END)
		good = read_attribute(&reader);
	good = good && complete(&reader) && list->errors == errors;
	arena_free(arena);
	diag_list_free(&own);
	if (reader.parser.no_memory)
		return -ENOMEM;
	return good ? 0 : -EINVAL;
}
