// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/trace.h"

#include <stdio.h>
#include <string.h>

#include "agent/inspect/inspect_read.h"
#include "agent/inspect/public.h"

const char *trace_skip(const char *line)
{
	return line + strspn(line, " \t");
}

void trace_host(struct inspect *inspect, const char *path, const char *host, size_t length,
		const char *what)
{
	char place[INSPECT_PLACE_SIZE];

	snprintf(place, sizeof(place), "%.120s %.*s", path, (int)length, host);
	inspect_fail(inspect, place, "%s", what);
}

void trace_words(struct inspect *inspect, const char *path, const char *words, const char *what)
{
	/* Behind '#' resolved has the name that a server must prove, behind '%' a link. */
	static const char blanks[] = " \t,;\"'";

	while (*words) {
		size_t length = strcspn(words, blanks), host = strcspn(words, " \t,;\"'#%");

		if (host && public_host(words, host))
			trace_host(inspect, path, words, host, what);
		words += length;
		words += strspn(words, blanks);
	}
}

/* The host of "scheme://host:port/", or of "host:port" where a scheme may be left out. */
static size_t proxy_host(const char *word, size_t length, const char **host)
{
	char text[512];
	size_t found;

	if (length >= sizeof(text))
		length = sizeof(text) - 1;
	memcpy(text, word, length);
	text[length] = 0;
	found = public_url_host(text, host);
	if (found) {
		*host = word + (*host - text);
		return found;
	}
	*host = word;
	found = strcspn(text, "/");
	/* Without a port it may be anything. */
	return memchr(text, ':', found) ? found : 0;
}

int trace_proxy(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char blanks[] = " \t=\"';,";
	const char *word = trace_skip(line), *host;

	(void)data;
	/* apt.conf(5) has comments of both kinds. */
	if (*word == '#' || strncmp(word, "//", 2) == 0 ||
	    (!strcasestr(word, "proxy") && !strcasestr(word, "pac_url")))
		return 0;
	while (*word) {
		size_t length = strcspn(word, blanks), found = proxy_host(word, length, &host);

		if (found && public_host(host, found)) {
			inspect_fail(inspect, path, "a public proxy: %.*s", (int)found, host);
			return 0;
		}
		word += length;
		word += strspn(word, blanks);
	}
	return 0;
}

void trace_file(struct inspect *inspect, const char *path, trace_line function)
{
	int r = inspect_lines(inspect, path, function, NULL);

	if (r < 0)
		inspect_closed(inspect, path, r);
}

static int on_file(struct inspect *inspect, const char *path, const char *name, void *data)
{
	(void)name;
	trace_file(inspect, path, *(const trace_line *)data);
	return 0;
}

void trace_folder(struct inspect *inspect, const char *folder, trace_line function)
{
	int r = inspect_folder(inspect, folder, on_file, &function);

	if (r < 0)
		inspect_closed(inspect, folder, r);
}
