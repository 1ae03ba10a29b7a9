// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the machine asked for names, addresses, the time and files: settings, and traces of earlier days. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/public.h"

#define TEXT_MAX (4u * 1024 * 1024)

static const char *skip(const char *line)
{
	return line + strspn(line, " \t");
}

/* State each word of a line that is a public host. */
static void judge_words(struct inspect *inspect, const char *path, const char *words,
			const char *what)
{
	static const char blanks[] = " \t,;\"'";

	while (*words) {
		size_t length = strcspn(words, blanks);

		if (length && public_host(words, length)) {
			char place[INSPECT_PLACE_SIZE];

			snprintf(place, sizeof(place), "%.120s %.*s", path, (int)length, words);
			inspect_fail(inspect, place, "%s", what);
		}
		words += length;
		words += strspn(words, blanks);
	}
}

static int on_resolver(struct inspect *inspect, const char *path, char *line, void *data)
{
	const char *text = skip(line);

	(void)data;
	if (strncmp(text, "nameserver", 10) == 0)
		judge_words(inspect, path, text + 10, "a public name server");
	else if (strncmp(text, "DNS=", 4) == 0 || strncmp(text, "FallbackDNS=", 12) == 0)
		judge_words(inspect, path, strchr(text, '=') + 1, "a public name server");
	return 0;
}

/* http_proxy=, Acquire::http::Proxy "http://…": the host of any URL, or host:port. */
static int on_proxy(struct inspect *inspect, const char *path, char *line, void *data)
{
	const char *text = skip(line), *host;
	size_t length;

	(void)data;
	if (*text == '#' || (!strcasestr(text, "proxy") && !strcasestr(text, "pac_url")))
		return 0;
	length = public_url_host(text, &host);
	while (length && strchr("\"';", host[length - 1]))
		length--;
	if (length && public_host(host, length))
		inspect_fail(inspect, path, "a public proxy: %.*s", (int)length, host);
	return 0;
}

static void lines_of(struct inspect *inspect, const char *path,
		     int (*visit)(struct inspect *, const char *, char *, void *), void *data)
{
	int r = inspect_lines(inspect, path, visit, data);

	if (r < 0)
		inspect_closed(inspect, path, r);
}

typedef int (*line_function)(struct inspect *, const char *, char *, void *);

static int on_conf(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const line_function *function = data;

	(void)name;
	lines_of(inspect, path, *function, NULL);
	return 0;
}

/* apt reads no others (sources.list(5)). */
static int on_list(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const char *end = strrchr(name, '.');

	if (!end || (strcmp(end, ".list") != 0 && strcmp(end, ".sources") != 0))
		return 0;
	return on_conf(inspect, path, name, data);
}

static void files_of(struct inspect *inspect, const char *folder, line_function function)
{
	int r = inspect_folder(inspect, folder, on_conf, &function);

	if (r < 0)
		inspect_closed(inspect, folder, r);
}

void check_names_proxies(struct inspect *inspect)
{
	static const char *const proxies[] = { "/etc/environment", "/etc/apt/apt.conf",
					       "/etc/wgetrc", "/etc/profile" };

	lines_of(inspect, "/etc/resolv.conf", on_resolver, NULL);
	lines_of(inspect, "/etc/systemd/resolved.conf", on_resolver, NULL);
	files_of(inspect, "/etc/systemd/resolved.conf.d", on_resolver);
	for (size_t i = 0; i < sizeof(proxies) / sizeof(proxies[0]); i++)
		lines_of(inspect, proxies[i], on_proxy, NULL);
	files_of(inspect, "/etc/apt/apt.conf.d", on_proxy);
	files_of(inspect, "/etc/profile.d", on_proxy);
	if (inspect->stated == 0)
		inspect_pass(inspect, "/etc/resolv.conf",
			     "no public name server and no public proxy");
}

/* What a lease says of the network that gave it. */
static int on_lease(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char *const words[] = { "domain-name-servers",
					     "routers",
					     "dhcp-server-identifier",
					     "DNS=",
					     "ROUTER=",
					     "SERVER_ADDRESS=",
					     "NTP=",
					     "ADDRESS=" };
	const char *text = skip(line);

	(void)data;
	if (strncmp(text, "option ", 7) == 0)
		text += 7;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i]);

		if (strncmp(text, words[i], length) == 0)
			judge_words(inspect, path, text + length,
				    "a lease from a network that reaches the public one");
	}
	return 0;
}

void check_dhcp_history(struct inspect *inspect)
{
	static const char *const folders[] = { "/var/lib/NetworkManager", "/var/lib/dhcp",
					       "/var/lib/dhcpcd", "/run/systemd/netif/leases" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		files_of(inspect, folders[i], on_lease);
	if (inspect->stated == 0)
		inspect_pass(inspect, folders[0], "no lease from a public network");
}

static int on_time_server(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char *const words[] = { "NTP=", "FallbackNTP=", "server ", "pool ", "peer " };
	const char *text = skip(line);

	(void)data;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i]);

		if (strncmp(text, words[i], length) == 0)
			judge_words(inspect, path, text + length, "a public time server");
	}
	return 0;
}

void check_time_servers(struct inspect *inspect)
{
	static const char *const files[] = { "/etc/systemd/timesyncd.conf",
					     "/etc/chrony/chrony.conf", "/etc/ntp.conf",
					     "/etc/ntpsec/ntp.conf" };
	static const char *const folders[] = { "/etc/systemd/timesyncd.conf.d",
					       "/etc/chrony/conf.d", "/etc/chrony/sources.d" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		lines_of(inspect, files[i], on_time_server, NULL);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		files_of(inspect, folders[i], on_time_server);
	/* Built in where nothing is set: Debian's timesyncd asks debian.pool.ntp.org. */
	if (inspect->stated == 0 &&
	    inspect_exists(inspect, "/etc/systemd/system/dbus-org.freedesktop.timesync1.service") &&
	    !inspect_exists(inspect, "/etc/systemd/timesyncd.conf.d"))
		inspect_fail(inspect, "/etc/systemd/timesyncd.conf",
			     "systemd-timesyncd is enabled and asks its built-in public servers");
	if (inspect->stated == 0)
		inspect_pass(inspect, files[0], "no public time server");
}

/* "deb [options] http://host/…": where software comes from */
static int on_source(struct inspect *inspect, const char *path, char *line, void *data)
{
	const char *text = skip(line), *host;
	size_t length;

	(void)data;
	if (*text == '#')
		return 0;
	length = public_url_host(text, &host);
	length = length ? strcspn(host, "/ \t") : 0;
	if (length && public_host(host, length)) {
		char place[INSPECT_PLACE_SIZE];

		snprintf(place, sizeof(place), "%.120s %.*s", path, (int)length, host);
		inspect_fail(inspect, place, "software is taken from a public host");
	}
	return 0;
}

/* "host,1.2.3.4 ssh-ed25519 …", not where names are hashed; "host TAB port …" */
static int on_known_host(struct inspect *inspect, const char *path, char *line, void *data)
{
	const char *text = skip(line);
	size_t length = strcspn(text, " \t");

	(void)data;
	if (*text == '#' || *text == '|' || *text == '@')
		return 0;
	line[text - line + (ptrdiff_t)length] = 0;
	judge_words(inspect, path, text, "was connected to");
	return 0;
}

/* A program that fetches, and a public URL, in one command. */
static int on_command(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char *const programs[] = { "wget", "curl", "git clone", "pip", "ftp",
						"ssh",	"scp",	"rsync",     "npm", "aria2c" };
	const char *host;
	size_t length = public_url_host(line, &host);

	(void)data;
	length = length ? strcspn(host, "/ \t\"':") : 0;
	if (!length || !public_host(host, length))
		return 0;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (strstr(line, programs[i])) {
			char place[INSPECT_PLACE_SIZE];

			snprintf(place, sizeof(place), "%.120s %.*s", path, (int)length, host);
			inspect_fail(inspect, place, "was fetched from: %.200s", line);
			return 0;
		}
	return 0;
}

static int on_home(struct inspect *inspect, const char *login, const char *home, void *data)
{
	static const struct {
		const char *file;
		line_function function;
	} files[] = {
		{ ".ssh/known_hosts", on_known_host },
		{ ".wget-hsts", on_known_host },
		{ ".bash_history", on_command },
		{ ".zsh_history", on_command },
		{ ".gitconfig", on_proxy },
	};
	char path[PATH_MAX];

	(void)login;
	(void)data;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", home, files[i].file);
		lines_of(inspect, path, files[i].function, NULL);
	}
	return 0;
}

void check_downloads(struct inspect *inspect)
{
	line_function function = on_source;
	int r;

	lines_of(inspect, "/etc/apt/sources.list", on_source, NULL);
	r = inspect_folder(inspect, "/etc/apt/sources.list.d", on_list, &function);
	if (r < 0)
		inspect_closed(inspect, "/etc/apt/sources.list.d", r);
	lines_of(inspect, "/etc/ssh/ssh_known_hosts", on_known_host, NULL);
	r = inspect_homes(inspect, on_home, NULL);
	if (r < 0)
		inspect_unknown(inspect, "/etc/passwd", "could not be read: %s", strerror(-r));
	if (inspect->stated == 0)
		inspect_pass(inspect, "/etc/apt",
			     "software from internal places, and no trace of others");
}
