// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/resolv.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

static bool read_address(const char *text, size_t length, struct net_prefix *prefix)
{
	char copy[INET6_ADDRSTRLEN];
	const char *zone = memchr(text, '%', length);

	if (zone)
		length = (size_t)(zone - text);
	if (length == 0 || length >= sizeof(copy) || memchr(text, 0, length))
		return false;
	memcpy(copy, text, length);
	copy[length] = 0;
	*prefix = (struct net_prefix){ .family = NET_FAMILY_IPV4, .bits = 32 };
	if (inet_pton(AF_INET, copy, prefix->bytes) == 1)
		return true;
	*prefix = (struct net_prefix){ .family = NET_FAMILY_IPV6, .bits = 128 };
	return inet_pton(AF_INET6, copy, prefix->bytes) == 1;
}

static size_t blanks(const char *text, size_t length)
{
	size_t count = 0;

	while (count < length && (text[count] == ' ' || text[count] == '\t'))
		count++;
	return count;
}

static bool read_line(const char *line, size_t length, struct net_prefix *prefix)
{
	static const char keyword[] = "nameserver";
	size_t at = sizeof(keyword) - 1, size = 0, gap;

	if (length < at || memcmp(line, keyword, at) != 0)
		return false;
	gap = blanks(line + at, length - at);
	at += gap;
	while (at + size < length && line[at + size] != ' ' && line[at + size] != '\t' &&
	       line[at + size] != '\r')
		size++;
	return gap > 0 && read_address(line + at, size, prefix);
}

size_t resolv_read(const char *text, size_t length, struct net_prefix *servers, size_t max)
{
	size_t count = 0;

	while (length > 0 && count < max) {
		const char *end = memchr(text, '\n', length);
		size_t line = end ? (size_t)(end - text) : length;

		count += read_line(text, line, &servers[count]);
		line += end != NULL;
		text += line;
		length -= line;
	}
	return count;
}
