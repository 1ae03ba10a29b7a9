// SPDX-License-Identifier: GPL-2.0-or-later
/* One byte: what was asked for; then a packet of sock_diag, which is also taken for lines of /proc. */
#include <errno.h>
#include <linux/netlink.h>

#include "agent/attribution/process_text.h"
#include "agent/attribution/sockets.h"
#include "agent/lib/netlink.h"
#include "tests/fuzz/net_hold.h"

static void facts_hold(int r, const struct socket_facts *facts, enum socket_kind kind)
{
	const struct msg_attribute question = { .uid = 1000 };

	MUST(r == 0 || r == -ENOMSG || r == -EBADMSG);
	MUST(facts->kind == kind);
	prefix_holds(&facts->local);
	prefix_holds(&facts->far);
	if (r == 0)
		MUST(facts->inode);
	/* A packet of which nothing is known fits no socket of ports. */
	if (kind == SOCKET_PORTS)
		MUST(!sockets_could_send(facts, &question));
}

static int on_message(const struct nlmsghdr *message, void *data)
{
	enum socket_kind kind = *(enum socket_kind *)data;
	struct socket_facts facts;
	int r = sockets_read(message, kind, &facts);

	facts_hold(r, &facts, kind);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum socket_kind kind;
	struct process_stat stat;
	struct socket_facts facts;
	char *packet, unit[128];
	int r;

	if (size < 1)
		return 0;
	kind = data[0] % 4 == 3 ? SOCKET_PACKET : (enum socket_kind)(data[0] % 4);
	packet = exact_copy(data + 1, size - 1);
	netlink_each(packet, size - 1, on_message, &kind);
	free(packet);

	packet = calloc(1, size);
	MUST(packet);
	memcpy(packet, data + 1, size - 1);
	r = sockets_read_line(packet, SOCKET_RAW, &facts);
	facts_hold(r, &facts, SOCKET_RAW);
	r = process_text_stat(packet, &stat);
	MUST(r == 0 || r == -EBADMSG);
	process_text_unit(packet, unit, sizeof(unit));
	MUST(ENDED(unit) && fuzz_shown(unit));
	process_text_ignores(packet, 17);
	process_text_closes(packet);
	free(packet);
	return 0;
}
