// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "agent/ctl/ctl.h"

static void print_options(const struct ctl_option *options)
{
	for (; options && options->name; options++) {
		char left[64];
		int n = 0;

		if (options->letter)
			n = snprintf(left, sizeof(left), "-%c, ", options->letter);
		snprintf(left + n, sizeof(left) - (size_t)n, "--%s%s%s", options->name,
			 options->argument ? " " : "", options->argument ? options->argument : "");
		printf("  %-20s %s\n", left, options->help);
	}
}

static void help_verb(const struct ctl_verb *verb)
{
	printf("usage: airgapctl %s%s%s%s\n\n%s\n", verb->name,
	       verb->options[0].name ? " [OPTION]" : "", *verb->operands ? " " : "", verb->operands,
	       verb->summary);
	if (verb->help)
		printf("\n%s\n", verb->help);
	if (verb->options[0].name) {
		printf("\nOptions:\n");
		print_options(verb->options);
	}
	printf("\nOptions of every verb:\n");
	print_options(ctl_globals);
}

static void help_program(void)
{
	printf("usage: airgapctl [OPTION] VERB ...\n\n"
	       "Shows and steers the agent that keeps this terminal apart from other networks and\n"
	       "from unregistered devices.\n\nVerbs:\n");
	for (const struct ctl_verb *verb = ctl_verbs; verb->name; verb++) {
		char left[64];

		snprintf(left, sizeof(left), "%s%s%s", verb->name, *verb->operands ? " " : "",
			 verb->operands);
		printf("  %-20s %s\n", left, verb->summary);
	}
	printf("\nOptions:\n");
	print_options(ctl_globals);
	printf("\nExit status: 0 good, 1 the answer is bad news, 2 wrong usage, 3 the daemon or a "
	       "file\n"
	       "could not be reached. See airgapctl(1).\n");
}

void ctl_help(const struct ctl *ctl)
{
	if (ctl->verb && ctl->verb->run != ctl_help_verb)
		help_verb(ctl->verb);
	else
		help_program();
}

static json_t *options_json(const struct ctl_option *options)
{
	json_t *list = json_array();

	for (; options && options->name; options++) {
		const char letter[2] = { options->letter, 0 };

		json_array_append_new(
			list, json_pack("{s:s, s:o, s:s?, s:s}", "name", options->name, "letter",
					options->letter ? json_string(letter) : json_null(),
					"argument", options->argument, "help", options->help));
	}
	return list;
}

static int print_table(void)
{
	json_t *list = json_array(), *all;

	for (const struct ctl_verb *verb = ctl_verbs; verb->name; verb++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "name", verb->name,
						      "operands", verb->operands, "summary",
						      verb->summary, "options",
						      options_json(verb->options)));
	all = json_pack("{s:o, s:o}", "verbs", list, "options", options_json(ctl_globals));
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	return CTL_GOOD;
}

int ctl_help_verb(struct ctl *ctl)
{
	struct ctl asked = { .root = "/" };
	char program[] = "airgapctl", help[] = "--help";
	char *argv[5] = { program, NULL };
	int argc = 1;

	if (ctl->json)
		return print_table();
	for (int i = 0; i < ctl->count; i++)
		argv[argc++] = ctl->operands[i];
	argv[argc++] = help;
	if (ctl_parse(&asked, argc, argv) != 0)
		return CTL_USAGE;
	ctl_help(&asked);
	return CTL_GOOD;
}
