// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/lib/printable.h"

#define PAGER_WORDS 16

static pid_t pager = -1;

/* The words of $PAGER, or less told to leave when one screen is enough. No shell is asked. */
static void pager_words(char *words[static PAGER_WORDS], char *copy)
{
	static char less[] = "less", options[] = "-FRSX";
	int n = 0;

	for (char *word = strtok(copy, " \t"); word && n < PAGER_WORDS - 1;
	     word = strtok(NULL, " \t"))
		words[n++] = word;
	if (n == 0) {
		words[n++] = less;
		words[n++] = options;
	}
	words[n] = NULL;
}

static void run_pager(int input)
{
	const char *wanted = getenv("PAGER");
	char *copy = strdup(wanted ? wanted : "");
	char *words[PAGER_WORDS];
	char buffer[4096];
	ssize_t n;

	dup2(input, STDIN_FILENO);
	close(input);
	/* No shell and no editor from within a pager that runs as root. */
	if (geteuid() == 0)
		setenv("LESSSECURE", "1", 1);
	if (copy) {
		pager_words(words, copy);
		execvp(words[0], words);
	}
	/* No pager on this machine: the text itself. */
	while ((n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0)
		if (write(STDOUT_FILENO, buffer, (size_t)n) != n)
			break;
	_exit(0);
}

static void start_pager(void)
{
	int ends[2];

	if (pipe(ends) < 0)
		return;
	pager = fork();
	if (pager == 0) {
		close(ends[1]);
		run_pager(ends[0]);
	}
	close(ends[0]);
	if (pager > 0)
		dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
}

void ctl_output_begin(struct ctl *ctl)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM"),
		   *wanted = getenv("PAGER");
	struct winsize size = { 0 };

	ctl->terminal = isatty(STDOUT_FILENO);
	ctl->colour =
		ctl->terminal && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
	if (ctl->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		ctl->width = size.ws_col;
	if (ctl->terminal && !ctl->no_pager && ctl->verb->pager && !ctl_option(ctl, "follow") &&
	    !(wanted && (!*wanted || strcmp(wanted, "cat") == 0)))
		start_pager();
}

int ctl_output_end(int code)
{
	bool failed = fflush(stdout) != 0 || ferror(stdout);

	if (failed) {
		ctl_error("cannot write the answer: %s", strerror(errno));
		code = CTL_UNREACHABLE;
	}
	if (pager > 0) {
		close(STDOUT_FILENO);
		while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return code;
}

static const char *const sequences[CTL_STYLE_COUNT] = {
	[CTL_PLAIN] = "",	   [CTL_STRONG] = "\033[1m",   [CTL_FINE] = "\033[32m",
	[CTL_WARN] = "\033[1;33m", [CTL_ALARM] = "\033[1;31m", [CTL_DIM] = "\033[2m",
};

const char *ctl_on(const struct ctl *ctl, enum ctl_style style)
{
	return ctl->colour ? sequences[style] : "";
}

const char *ctl_off(const struct ctl *ctl, enum ctl_style style)
{
	return ctl->colour && style != CTL_PLAIN ? "\033[0m" : "";
}

void ctl_print_clean(const char *text)
{
	char *clean = printable_new(text);

	fputs(clean ? clean : "?", stdout);
	free(clean);
}

int ctl_print_json(json_t *json)
{
	int r = json ? json_dumpf(json, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII) : -1;

	json_decref(json);
	if (r < 0) {
		ctl_error("not enough memory");
		return -ENOMEM;
	}
	putchar('\n');
	return 0;
}
