// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the machine asks, or asked, for names, addresses and the time. */
#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/links.h"
#include "agent/inspect/trace.h"
#include "agent/inspect/units.h"
#include "policy/decide/net.h"

static int on_resolver(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char *const words[] = { "nameserver", "DNS=", "FallbackDNS=", "dns=" };
	const char *text = trace_skip(line);

	(void)data;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(text, words[i], strlen(words[i])) == 0)
			trace_words(inspect, path, text + strlen(words[i]), "a public name server");
	return 0;
}

static int on_home(struct inspect *inspect, const char *login, const char *home, void *data)
{
	static const char *const files[] = { ".bashrc", ".profile", ".bash_profile", ".zshrc",
					     ".zshenv", ".wgetrc",  ".curlrc",	     ".gitconfig" };
	char path[PATH_MAX];

	(void)login;
	(void)data;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", home, files[i]);
		trace_file(inspect, path, trace_proxy);
	}
	return 0;
}

void check_names_proxies(struct inspect *inspect)
{
	/* systemd-resolved and NetworkManager keep what a link gave them in /run. */
	static const char *const resolvers[] = { "/etc/resolv.conf", "/etc/systemd/resolved.conf",
						 "/run/systemd/resolve/resolv.conf",
						 "/run/NetworkManager/resolv.conf" };
	static const char *const folders[] = { "/etc/systemd/resolved.conf.d",
					       "/etc/systemd/network",
					       "/etc/NetworkManager/system-connections" };
	static const char *const proxies[] = { "/etc/environment", "/etc/apt/apt.conf",
					       "/etc/wgetrc", "/etc/profile", "/etc/bash.bashrc" };

	for (size_t i = 0; i < sizeof(resolvers) / sizeof(resolvers[0]); i++)
		trace_file(inspect, resolvers[i], on_resolver);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		trace_folder(inspect, folders[i], on_resolver);
	for (size_t i = 0; i < sizeof(proxies) / sizeof(proxies[0]); i++)
		trace_file(inspect, proxies[i], trace_proxy);
	trace_folder(inspect, "/etc/apt/apt.conf.d", trace_proxy);
	trace_folder(inspect, "/etc/profile.d", trace_proxy);
	inspect_homes(inspect, on_home, NULL);
	if (inspect->stated == 0)
		inspect_pass(inspect, "/etc/resolv.conf",
			     "no public name server and no public proxy");
}

struct permitted {
	struct net_address address;
	bool found;
};

static int on_link(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const struct inspect_subject *subject = &inspect->subject;
	struct permitted *permitted = data;
	struct net_verdict verdict = { 0 };
	struct net_link link;

	(void)path;
	if (strcmp(name, "lo") == 0 || links_read(inspect, name, &link) < 0)
		return 0;
	policy_decide_address(subject->policy, subject->context, &link, &permitted->address,
			      &verdict);
	permitted->found = verdict.result == POLICY_RESULT_PERMIT;
	return permitted->found;
}

/* An address that the policy permits on no link was given by another network: one at somebody's home, say. */
static void judge_given(struct inspect *inspect, const char *path, const char *text)
{
	struct permitted permitted = { 0 };
	struct net_prefix *address = &permitted.address.local;
	char word[INET6_ADDRSTRLEN];

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(text, " \t;,\"'"), text);
	if (inet_pton(AF_INET, word, address->bytes) == 1)
		*address = (struct net_prefix){ .family = NET_FAMILY_IPV4, .bits = 32 };
	else if (inet_pton(AF_INET6, word, address->bytes) == 1)
		*address = (struct net_prefix){ .family = NET_FAMILY_IPV6, .bits = 128 };
	else
		return;
	inet_pton(address->family == NET_FAMILY_IPV4 ? AF_INET : AF_INET6, word, address->bytes);
	inspect_folder(inspect, "/sys/class/net", on_link, &permitted);
	if (!permitted.found)
		trace_host(inspect, path, word, strlen(word),
			   "was given by a network that the policy does not know");
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
					     "ADDRESS=",
					     "fixed-address" };
	const char *text = trace_skip(line);

	(void)data;
	if (strncmp(text, "option ", 7) == 0)
		text += 7;
	if (inspect->subject.policy && strncmp(text, "ADDRESS=", 8) == 0)
		judge_given(inspect, path, text + 8);
	else if (inspect->subject.policy && strncmp(text, "fixed-address ", 14) == 0)
		judge_given(inspect, path, text + 14);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i]);

		if (strncmp(text, words[i], length) == 0)
			trace_words(inspect, path, text + length,
				    "a lease from a network that reaches the public one");
	}
	return 0;
}

void check_dhcp_history(struct inspect *inspect)
{
	static const char *const folders[] = { "/var/lib/NetworkManager", "/var/lib/dhcp",
					       "/var/lib/dhcpcd", "/run/systemd/netif/leases" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		trace_folder(inspect, folders[i], on_lease);
	if (inspect->stated == 0)
		inspect_pass(inspect, folders[0], "no lease from another network");
}

static int on_time_server(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char *const words[] = { "NTP=", "FallbackNTP=", "server ", "pool ", "peer " };
	const char *text = trace_skip(line);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i]);

		if (strncmp(text, words[i], length) == 0) {
			*(bool *)data |= i < 2 && text[length];
			trace_words(inspect, path, text + length, "a public time server");
		}
	}
	return 0;
}

static int on_settings(struct inspect *inspect, const char *path, const char *name, void *data)
{
	int r = inspect_lines(inspect, path, on_time_server, data);

	(void)name;
	if (r < 0)
		inspect_closed(inspect, path, r);
	return 0;
}

void check_time_servers(struct inspect *inspect)
{
	static const char timesyncd[] = "/etc/systemd/timesyncd.conf";
	static const char *const files[] = { "/etc/systemd/timesyncd.conf",
					     "/etc/chrony/chrony.conf", "/etc/ntp.conf",
					     "/etc/ntpsec/ntp.conf" };
	static const char *const folders[] = { "/etc/systemd/timesyncd.conf.d",
					       "/etc/systemd/network", "/etc/chrony/conf.d",
					       "/etc/chrony/sources.d" };
	char place[INSPECT_PLACE_SIZE];
	bool set = false;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		on_settings(inspect, files[i], files[i], &set);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		int r = inspect_folder(inspect, folders[i], on_settings, &set);

		if (r < 0)
			inspect_closed(inspect, folders[i], r);
	}
	/* Built in where nothing is set: Debian's timesyncd asks debian.pool.ntp.org. */
	if (!set &&
	    (units_enabled(inspect, "systemd-timesyncd.service", place) ||
	     inspect_link(inspect, "/etc/systemd/system/dbus-org.freedesktop.timesync1.service",
			  place, sizeof(place)) == 0))
		inspect_fail(inspect, timesyncd,
			     "systemd-timesyncd is enabled and asks its built-in public servers");
	if (inspect->stated == 0)
		inspect_pass(inspect, timesyncd, "no public time server");
}
