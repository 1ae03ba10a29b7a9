// SPDX-License-Identifier: GPL-2.0-or-later
/* Where software and files were fetched from. */
#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/public.h"
#include "agent/inspect/trace.h"

/* "deb [options] http://host/…": where software comes from */
static int on_source(struct inspect *inspect, const char *path, char *line, void *data)
{
	const char *text = trace_skip(line), *host;
	size_t length;

	(void)data;
	if (*text == '#')
		return 0;
	length = public_url_host(text, &host);
	length = length ? strcspn(host, "/ \t") : 0;
	if (length && public_host(host, length))
		trace_host(inspect, path, host, length, "software is taken from a public host");
	return 0;
}

/* "host,1.2.3.4 ssh-ed25519 …", not where names are hashed; "host TAB port …" */
static int on_known_host(struct inspect *inspect, const char *path, char *line, void *data)
{
	const char *text = trace_skip(line);
	size_t length = strcspn(text, " \t");

	(void)data;
	if (*text == '#' || *text == '|' || *text == '@')
		return 0;
	line[text - line + (ptrdiff_t)length] = 0;
	trace_words(inspect, path, text, "was connected to");
	return 0;
}

/* A program that reaches others, as a word of its own. */
static bool has_program(const char *line)
{
	static const char *const programs[] = { "wget",	 "curl", "git",	   "pip",
						"pip3",	 "ftp",	 "ssh",	   "scp",
						"rsync", "npm",	 "aria2c", "sftp",
						"axel",	 "lftp", "telnet", "ssh-copy-id" };
	static const char blanks[] = " \t;|&(`";

	for (const char *word = line; *word; word += strspn(word, blanks)) {
		size_t length = strcspn(word, blanks);

		for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
			if (strlen(programs[i]) == length && memcmp(word, programs[i], length) == 0)
				return true;
		word += length;
	}
	return false;
}

/*
 * The host in a word of a command: of a URL, behind an '@', an address, or www.…; what else has a dot may
 * be a file. Returns its length, 0 when there is none.
 */
static size_t host_in(const char *word, size_t length, const char **host)
{
	char text[512], *name;
	const char *start;
	struct in_addr address;

	if (length == 0 || length >= sizeof(text))
		return 0;
	memcpy(text, word, length);
	text[length] = 0;
	length = public_url_host(text, &start);
	if (length == 0) {
		name = strchr(text, '@');
		start = name ? name + 1 : text;
		length = strcspn(start, "/:");
		text[start - text + (ptrdiff_t)length] = 0;
		if (!name && strncasecmp(text, "www.", 4) != 0 &&
		    inet_pton(AF_INET, text, &address) != 1)
			return 0;
	}
	*host = word + (start - text);
	return length;
}

/* Each command stands alone; of zsh with its time before it. */
static int on_command(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char blanks[] = " \t\"';|&()<>=";
	const char *host;

	(void)data;
	if (!has_program(line))
		return 0;
	for (const char *word = line; *word; word += strspn(word, blanks)) {
		size_t length = strcspn(word, blanks), found = host_in(word, length, &host);
		char place[INSPECT_PLACE_SIZE];

		if (found && public_host(host, found)) {
			snprintf(place, sizeof(place), "%.120s %.*s", path, (int)found, host);
			inspect_fail(inspect, place, "was reached by: %.200s", line);
		}
		word += length;
	}
	return 0;
}

static int on_home(struct inspect *inspect, const char *login, const char *home, void *data)
{
	static const struct {
		const char *file;
		trace_line function;
	} files[] = {
		{ ".ssh/known_hosts", on_known_host },
		{ ".wget-hsts", on_known_host },
		{ ".bash_history", on_command },
		{ ".zsh_history", on_command },
		{ ".local/share/fish/fish_history", on_command },
	};
	char path[PATH_MAX];

	(void)login;
	(void)data;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", home, files[i].file);
		trace_file(inspect, path, files[i].function);
	}
	return 0;
}

/* apt reads no others (sources.list(5)). */
static int on_list(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const char *end = strrchr(name, '.');

	(void)data;
	if (end && (strcmp(end, ".list") == 0 || strcmp(end, ".sources") == 0))
		trace_file(inspect, path, on_source);
	return 0;
}

void check_downloads(struct inspect *inspect)
{
	int r;

	trace_file(inspect, "/etc/apt/sources.list", on_source);
	r = inspect_folder(inspect, "/etc/apt/sources.list.d", on_list, NULL);
	if (r < 0)
		inspect_closed(inspect, "/etc/apt/sources.list.d", r);
	trace_file(inspect, "/etc/ssh/ssh_known_hosts", on_known_host);
	r = inspect_homes(inspect, on_home, NULL);
	if (r < 0)
		inspect_unknown(inspect, "/etc/passwd", "could not be read: %s", strerror(-r));
	if (inspect->stated == 0)
		inspect_pass(inspect, "/etc/apt",
			     "software from internal places, and no trace of others");
}
