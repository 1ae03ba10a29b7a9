// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line, read by the table of verbs. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ctl/ctl.h"
#include "agent/lib/printable.h"
#include "policy/lang/suggest.h"

#define WORD_SHOWN 80

void ctl_error(const char *format, ...)
{
	va_list args;

	fputs("airgapctl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

int ctl_usage(const struct ctl *ctl, const char *format, ...)
{
	va_list args;

	fputs("airgapctl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry 'airgapctl %s%s--help'.\n", ctl->verb ? ctl->verb->name : "",
		ctl->verb ? " " : "");
	return CTL_USAGE;
}

/* "no verb 'statsu'; did you mean 'status'?" */
static int unknown(const struct ctl *ctl, const char *what, const char *word,
		   const struct suggestion *nearest, const char *dashes)
{
	char shown[WORD_SHOWN];

	printable_copy(shown, sizeof(shown), word);
	if (nearest->best)
		return ctl_usage(ctl, "there is no %s '%s'; did you mean '%s%s'?", what, shown,
				 dashes, nearest->best);
	return ctl_usage(ctl, "there is no %s '%s'", what, shown);
}

/* Does the verb's name begin with that word? Returns what follows it: "" or the second word. */
static const char *after_first_word(const char *name, const char *word, size_t length)
{
	if (strncmp(name, word, length) != 0)
		return NULL;
	if (name[length] == ' ')
		return name + length + 1;
	return name[length] ? NULL : "";
}

static int unknown_verb(const struct ctl *ctl, const char *word)
{
	struct suggestion nearest = suggest_begin(word, strlen(word));

	for (const struct ctl_verb *verb = ctl_verbs; verb->name; verb++)
		suggest_offer(&nearest, verb->name);
	return unknown(ctl, "verb", word, &nearest, "");
}

/* "policy": needs one more word. */
static int find_second(struct ctl *ctl, const char *first, const char *second)
{
	struct suggestion nearest =
		suggest_begin(second ? second : "", second ? strlen(second) : 0);
	char known[256] = "";

	for (const struct ctl_verb *verb = ctl_verbs; verb->name; verb++) {
		const char *rest = after_first_word(verb->name, first, strlen(first));

		if (!rest || !*rest)
			continue;
		if (second && strcmp(rest, second) == 0) {
			ctl->verb = verb;
			return 0;
		}
		suggest_offer(&nearest, rest);
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s",
			 known[0] ? ", " : "", rest);
	}
	if (!second)
		return ctl_usage(ctl, "'%s' needs one of: %s", first, known);
	snprintf(known, sizeof(known), "verb '%s'", first);
	return unknown(ctl, known, second, &nearest, "");
}

/* What a first word begins: a verb, one of several verbs of two words, or nothing. */
static int find_verb(struct ctl *ctl, const char *word, bool *more)
{
	*more = false;
	for (const struct ctl_verb *verb = ctl_verbs; verb->name; verb++) {
		const char *rest = after_first_word(verb->name, word, strlen(word));

		if (!rest)
			continue;
		*more = *rest != 0;
		if (!*more)
			ctl->verb = verb;
		return 0;
	}
	return unknown_verb(ctl, word);
}

static void set_global(struct ctl *ctl, const char *name, const char *value)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{ "json", &ctl->json },		  { "no-pager", &ctl->no_pager },
		{ "no-legend", &ctl->no_legend }, { "help", &ctl->help },
		{ "version", &ctl->version },
	};

	if (strcmp(name, "root") == 0)
		ctl->root = value;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(name, flags[i].name) == 0)
			*flags[i].flag = true;
}

static const struct ctl_option *find_option(const struct ctl_option *table, const char *name,
					    size_t length, char letter)
{
	for (; table && table->name; table++) {
		if (letter ? table->letter == letter
			   : strlen(table->name) == length &&
				     strncmp(table->name, name, length) == 0)
			return table;
	}
	return NULL;
}

static int unknown_option(const struct ctl *ctl, const char *argument, const char *name,
			  size_t length)
{
	struct suggestion nearest = suggest_begin(name, length);

	for (const struct ctl_option *o = ctl_globals; o->name; o++)
		suggest_offer(&nearest, o->name);
	for (const struct ctl_option *o = ctl->verb ? ctl->verb->options : NULL; o && o->name; o++)
		suggest_offer(&nearest, o->name);
	if (length < 2)
		nearest.best = NULL;
	return unknown(ctl, "option", argument, &nearest, "--");
}

/* One option at argv[*at]; moves *at to its last word. */
static int take_option(struct ctl *ctl, int argc, char *argv[], int *at)
{
	const char *argument = argv[*at], *value = NULL;
	bool is_long = argument[1] == '-';
	const char *name = argument + (is_long ? 2 : 1);
	size_t length = is_long ? strcspn(name, "=") : 1;
	const struct ctl_option *verb_options = ctl->verb ? ctl->verb->options : NULL;
	const struct ctl_option *own = find_option(verb_options, name, length, is_long ? 0 : *name);
	const struct ctl_option *option = own;

	if (!option)
		option = find_option(ctl_globals, name, length, is_long ? 0 : *name);
	if (!option)
		return unknown_option(ctl, argument, name, length);
	if (name[length])
		value = name + length + (is_long ? 1 : 0);
	if (value && !option->argument)
		return ctl_usage(ctl, "'--%s' takes no value", option->name);
	if (option->argument && !value) {
		if (*at + 1 >= argc)
			return ctl_usage(ctl, "'--%s' needs a value: %s", option->name,
					 option->argument);
		value = argv[++*at];
	}
	if (own)
		ctl->options[own - verb_options] = value ? value : "";
	else
		set_global(ctl, option->name, value);
	return 0;
}

/* "log" is a verb, and so is "log verify": the word after a verb without operands may make another. */
static bool go_deeper(struct ctl *ctl, const char *word)
{
	const char *rest;

	if (ctl->count > 0 || ctl->verb->most > 0)
		return false;
	for (size_t i = 0; i < CTL_OPTIONS_MAX; i++)
		if (ctl->options[i])
			return false;
	for (const struct ctl_verb *verb = ctl_verbs; verb->name; verb++) {
		rest = after_first_word(verb->name, ctl->verb->name, strlen(ctl->verb->name));
		if (rest && strcmp(rest, word) == 0) {
			ctl->verb = verb;
			return true;
		}
	}
	return false;
}

/* A word that is no option: it names the verb, or is an operand. */
static int take_word(struct ctl *ctl, char *word, const char **first, char *operands[])
{
	bool more;
	int r;

	if (ctl->verb) {
		if (!go_deeper(ctl, word))
			operands[ctl->count++] = word;
		return 0;
	}
	if (*first)
		return find_second(ctl, *first, word);
	r = find_verb(ctl, word, &more);
	if (more)
		*first = word;
	return r;
}

static int check_operands(const struct ctl *ctl)
{
	if (ctl->count < ctl->verb->least)
		return ctl_usage(ctl, "'%s' needs %s", ctl->verb->name, ctl->verb->operands);
	if (ctl->count > ctl->verb->most)
		return ctl_usage(ctl, "'%s' takes %s", ctl->verb->name,
				 ctl->verb->most ? ctl->verb->operands : "no operand");
	return 0;
}

int ctl_parse(struct ctl *ctl, int argc, char *argv[])
{
	const char *first = NULL;
	bool only_words = false;
	int r = 0;

	ctl->operands = argv;
	for (int i = 1; r == 0 && i < argc; i++) {
		if (!only_words && strcmp(argv[i], "--") == 0)
			only_words = true;
		else if (!only_words && argv[i][0] == '-' && argv[i][1])
			r = take_option(ctl, argc, argv, &i);
		else
			r = take_word(ctl, argv[i], &first, argv);
	}
	if (r != 0 || ctl->help || ctl->version)
		return r;
	if (ctl->root[0] != '/')
		return ctl_usage(ctl, "--root needs an absolute path");
	if (!ctl->verb)
		return first ? find_second(ctl, first, NULL)
			     : ctl_usage(ctl, "what is to be done?");
	return check_operands(ctl);
}

const char *ctl_option(const struct ctl *ctl, const char *name)
{
	for (int i = 0; i < CTL_OPTIONS_MAX && ctl->verb->options[i].name; i++)
		if (strcmp(ctl->verb->options[i].name, name) == 0)
			return ctl->options[i];
	return NULL;
}
