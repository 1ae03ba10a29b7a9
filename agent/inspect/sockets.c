// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

#include "agent/inspect/inspect_read.h"

/* Each word of four bytes stands in the machine's own order. */
static bool parse_address(const char *text, bool six, struct net_prefix *address, uint16_t *port)
{
	size_t words = six ? 4 : 1;
	unsigned int value;

	if (strcspn(text, ":") != 8 * words)
		return false;
	for (size_t i = 0; i < words; i++) {
		uint32_t word;

		/* NOLINTNEXTLINE(cert-err34-c): no more digits than fit */
		if (sscanf(text + 8 * i, "%8x", &value) != 1)
			return false;
		word = value;
		memcpy(address->bytes + 4 * i, &word, sizeof(word));
	}
	/* NOLINTNEXTLINE(cert-err34-c): no more digits than fit */
	if (sscanf(text + 8 * words, ":%4x", &value) != 1)
		return false;
	*port = (uint16_t)value;
	address->family = six ? NET_FAMILY_IPV6 : NET_FAMILY_IPV4;
	address->bits = six ? 128 : 32;
	return true;
}

bool socket_parse(const char *text, bool six, bool tcp, struct socket_line *line)
{
	char from[48], to[48];
	unsigned int state;

	*line = (struct socket_line){ .protocol = tcp ? "tcp" : "udp" };
	/* NOLINTNEXTLINE(cert-err34-c): no more digits than fit */
	if (sscanf(text, " %*u: %47s %47s %2x %*17s %*11s %*8x %10u", from, to, &state,
		   &line->uid) != 4)
		return false;
	if (!parse_address(from, six, &line->from, &line->from_port) ||
	    !parse_address(to, six, &line->to, &line->to_port))
		return false;
	line->listening = tcp ? state == TCP_LISTEN : line->to_port == 0;
	return true;
}

struct walk {
	void (*visit)(struct inspect *inspect, const struct socket_line *line, void *data);
	void *data;
	bool six, tcp;
};

static int on_line(struct inspect *inspect, const char *path, char *text, void *data)
{
	const struct walk *walk = data;
	struct socket_line line;

	(void)path;
	if (socket_parse(text, walk->six, walk->tcp, &line))
		walk->visit(inspect, &line, walk->data);
	return 0;
}

int sockets_each(struct inspect *inspect,
		 void (*visit)(struct inspect *, const struct socket_line *, void *), void *data)
{
	static const struct {
		const char *path;
		bool six, tcp;
	} tables[] = {
		{ "/proc/net/tcp", false, true },
		{ "/proc/net/tcp6", true, true },
		{ "/proc/net/udp", false, false },
		{ "/proc/net/udp6", true, false },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct walk walk = { visit, data, tables[i].six, tables[i].tcp };
		int r = inspect_lines(inspect, tables[i].path, on_line, &walk);

		/* A kernel without IPv6 has no such table. */
		if (r < 0 && !(r == -ENOENT && tables[i].six)) {
			inspect_unknown(inspect, tables[i].path, "could not be read: %s",
					strerror(-r));
			return r;
		}
	}
	return 0;
}

void socket_text(const struct net_prefix *address, uint16_t port, char out[static SOCKET_TEXT_SIZE])
{
	char text[INET6_ADDRSTRLEN];
	bool six = address->family == NET_FAMILY_IPV6;

	inet_ntop(six ? AF_INET6 : AF_INET, address->bytes, text, sizeof(text));
	snprintf(out, SOCKET_TEXT_SIZE, six ? "[%s]:%u" : "%s:%u", text, port);
}

bool socket_is_loopback6(const struct net_prefix *address)
{
	static const uint8_t one[16] = { [15] = 1 };
	static const uint8_t mapped[13] = { [10] = 0xff, [11] = 0xff, [12] = 127 };

	return memcmp(address->bytes, one, sizeof(one)) == 0 ||
	       memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}
