// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/cli/options.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "policy/lang/suggest.h"

static int __attribute__((format(printf, 2, 0)))
usage_error(const struct cli_verb *verb, const char *format, va_list list)
{
	fprintf(stderr, "airgap-policy %s: ", verb->name);
	vfprintf(stderr, format, list);
	fprintf(stderr, "\nTry 'airgap-policy %s --help'.\n", verb->name);
	return CLI_USAGE;
}

int cli_usage_error(const struct cli_args *args, const char *format, ...)
{
	va_list list;
	int ret;

	va_start(list, format);
	ret = usage_error(args->verb, format, list);
	va_end(list);
	return ret;
}

static int find_option(const struct cli_verb *verb, const char *word, size_t length)
{
	for (int i = 0; verb->options[i].name; i++) {
		const struct cli_option *option = &verb->options[i];

		if (length == 2 && word[1] == option->letter && option->letter)
			return i;
		if (length > 2 && strlen(option->name) == length - 2 &&
		    strncmp(word + 2, option->name, length - 2) == 0)
			return i;
	}
	return -1;
}

static enum options_result unknown_option(const struct cli_args *args, const char *word,
					  size_t length)
{
	struct suggestion nearest = suggest_begin(word + 2, length > 2 ? length - 2 : 0);

	for (int i = 0; args->verb->options[i].name; i++)
		suggest_offer(&nearest, args->verb->options[i].name);
	suggest_offer(&nearest, "help");
	if (length > 2 && nearest.best)
		cli_usage_error(args, "unknown option '%.*s': did you mean '--%s'?", (int)length,
				word, nearest.best);
	else
		cli_usage_error(args, "unknown option '%.*s'", (int)length, word);
	return OPTIONS_WRONG;
}

/* One option, and perhaps the word after it; @i is moved to the last word used. */
static enum options_result read_option(struct cli_args *args, int argc, char **argv, int *i)
{
	const char *word = argv[*i];
	const char *value = word[1] == '-' ? strchr(word, '=') : NULL;
	size_t length = value ? (size_t)(value - word) : strlen(word);
	int found = find_option(args->verb, word, length);
	const struct cli_option *option;

	if (found < 0)
		return unknown_option(args, word, length);
	option = &args->verb->options[found];
	if (args->options[found]) {
		cli_usage_error(args, "option '--%s' is given twice", option->name);
		return OPTIONS_WRONG;
	}
	if (!option->argument && value) {
		cli_usage_error(args, "option '--%s' takes no value", option->name);
		return OPTIONS_WRONG;
	}
	if (option->argument && !value && *i + 1 == argc) {
		cli_usage_error(args, "option '--%s' needs %s", option->name, option->argument);
		return OPTIONS_WRONG;
	}
	if (!option->argument)
		args->options[found] = "";
	else
		args->options[found] = value ? value + 1 : argv[++*i];
	return OPTIONS_READY;
}

static enum options_result check_operands(const struct cli_args *args)
{
	const struct cli_verb *verb = args->verb;

	if (args->count < verb->least) {
		cli_usage_error(args, "too few operands: %s", verb->operands);
		return OPTIONS_WRONG;
	}
	if (verb->most >= 0 && args->count > verb->most) {
		cli_usage_error(args, "'%s' is one operand too many: %s",
				args->operands[verb->most], verb->operands);
		return OPTIONS_WRONG;
	}
	return OPTIONS_READY;
}

enum options_result options_read(const struct cli_verb *verb, int argc, char **argv,
				 struct cli_args *args)
{
	bool only_operands = false;

	*args = (struct cli_args){ .verb = verb, .operands = argv };
	for (int i = 0; i < argc; i++) {
		char *word = argv[i];

		if (only_operands || word[0] != '-' || word[1] == '\0') {
			argv[args->count++] = word;
		} else if (strcmp(word, "--") == 0) {
			only_operands = true;
		} else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
			return OPTIONS_HELP;
		} else if (read_option(args, argc, argv, &i) != OPTIONS_READY) {
			return OPTIONS_WRONG;
		}
	}
	return check_operands(args);
}

static void print_option(const char *name, char letter, const char *argument, const char *help)
{
	char left[64], short_form[8] = "    ";

	if (letter)
		snprintf(short_form, sizeof(short_form), "-%c, ", letter);
	snprintf(left, sizeof(left), "%s--%s%s%s", short_form, name, argument ? " " : "",
		 argument ? argument : "");
	printf("  %-26s %s\n", left, help);
}

void options_help(const struct cli_verb *verb)
{
	printf("usage: airgap-policy %s [OPTION...] %s\n\n%s.\n", verb->name, verb->operands,
	       verb->summary);
	if (verb->help)
		printf("\n%s\n", verb->help);
	puts("");
	for (int i = 0; verb->options[i].name; i++)
		print_option(verb->options[i].name, verb->options[i].letter,
			     verb->options[i].argument, verb->options[i].help);
	print_option("help", 'h', NULL, "print this and exit");
}
