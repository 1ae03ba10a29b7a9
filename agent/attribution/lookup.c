// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/attribution/lookup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/attribution/sockets.h"
#include "agent/lib/netlink.h"
#include "agent/lib/path.h"

/* Messages of one dump; a machine with more sockets of one kind than this gets no answer. */
#define MESSAGES_MAX 65536
#define LINES_MAX    4096

struct lookup {
	const char *root;
	int fd;
	uint32_t sequence;
	_Alignas(8) uint8_t buffer[32768];

	/* of the question at hand */
	const struct msg_attribute *question;
	enum socket_kind kind;
	size_t found;
	size_t messages;
	struct socket_facts only;
};

struct request {
	struct nlmsghdr header;
	union {
		struct inet_diag_req_v2 inet;
		struct packet_diag_req packet;
	} body;
};

static void consider(struct lookup *lookup, const struct socket_facts *facts)
{
	if (!sockets_could_send(facts, lookup->question))
		return;
	if (lookup->found == 0 || lookup->only.inode != facts->inode)
		lookup->found++;
	lookup->only = *facts;
}

/* 1: that was the last message. */
static int on_message(const struct nlmsghdr *message, void *data)
{
	struct lookup *lookup = data;
	const struct nlmsgerr *error;
	const int *done;
	struct socket_facts facts;

	if (message->nlmsg_seq != lookup->sequence)
		return 0;
	if (message->nlmsg_type == NLMSG_DONE) {
		/* A kernel without this kind of sock_diag says so here. */
		done = netlink_header(message, sizeof(*done));
		return done && *done < 0 ? *done : 1;
	}
	if (message->nlmsg_type == NLMSG_ERROR) {
		error = netlink_header(message, sizeof(*error));
		return error && error->error < 0 ? error->error : -EBADMSG;
	}
	if (++lookup->messages > MESSAGES_MAX)
		return -E2BIG;
	/* A table that changed meanwhile may have shown a socket twice or not at all. */
	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		return -EINTR;
	if (sockets_read(message, lookup->kind, &facts) == 0)
		consider(lookup, &facts);
	return 0;
}

static int ask(struct lookup *lookup, enum socket_kind kind, struct request *request, size_t size)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t length;
	int r = 0;

	lookup->kind = kind;
	lookup->messages = 0;
	request->header.nlmsg_len = (uint32_t)(sizeof(request->header) + size);
	request->header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
	request->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request->header.nlmsg_seq = ++lookup->sequence;
	if (sendto(lookup->fd, request, request->header.nlmsg_len, 0,
		   (const struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	while (r == 0) {
		/* The kernel has queued its answer before sendto() returned, or does so while it is read. */
		length = recv(lookup->fd, lookup->buffer, sizeof(lookup->buffer), 0);
		if (length < 0)
			return -errno;
		r = netlink_each(lookup->buffer, (size_t)length, on_message, lookup);
	}
	return r < 0 ? r : 0;
}

static int ask_inet(struct lookup *lookup, uint8_t family, uint8_t protocol)
{
	struct request request = { 0 };

	request.body.inet = (struct inet_diag_req_v2){
		.sdiag_family = family,
		.sdiag_protocol = protocol,
		.idiag_states = UINT32_MAX,
		.id.idiag_sport = htons(lookup->question->flow.from_port),
	};
	return ask(lookup, SOCKET_PORTS, &request, sizeof(request.body.inet));
}

static int ask_packet(struct lookup *lookup)
{
	struct request request = { 0 };

	request.body.packet = (struct packet_diag_req){ .sdiag_family = AF_PACKET,
							.pdiag_show = PACKET_SHOW_INFO };
	return ask(lookup, SOCKET_PACKET, &request, sizeof(request.body.packet));
}

/* sock_diag knows raw sockets only where a module of its own is there. */
static int read_lines(struct lookup *lookup, const char *file)
{
	char path[PATH_MAX], line[256];
	struct socket_facts facts;
	FILE *in;
	int r;

	r = path_join(path, lookup->root, file);
	if (r < 0)
		return r;
	in = fopen(path, "re");
	if (!in)
		return errno == ENOENT ? 0 : -errno;
	for (int i = 0; i < LINES_MAX && fgets(line, sizeof(line), in); i++)
		if (sockets_read_line(line, SOCKET_RAW, &facts) == 0)
			consider(lookup, &facts);
	r = ferror(in) || !feof(in) ? -EIO : 0;
	fclose(in);
	return r;
}

/* A socket that speaks IPv6 may speak IPv4, too; so both are asked for, here and below. */
static int read_raw(struct lookup *lookup)
{
	int r = read_lines(lookup, "/proc/net/raw");

	return r < 0 ? r : read_lines(lookup, "/proc/net/raw6");
}

static int ask_ports(struct lookup *lookup, uint8_t protocol)
{
	int r = ask_inet(lookup, AF_INET, protocol);

	return r < 0 ? r : ask_inet(lookup, AF_INET6, protocol);
}

/*
 * A port is one socket's own. A raw socket or one of packets is named by nothing that it sends: that this one is
 * open now does not say that no other one was a moment ago. They count as others who could have sent, no more.
 */
static int ask_all(struct lookup *lookup)
{
	const struct msg_attribute *question = lookup->question;
	int r;

	if (question->flow.protocol != NET_PROTOCOL_TCP &&
	    question->flow.protocol != NET_PROTOCOL_UDP)
		return -ENOTUNIQ;
	r = ask_ports(lookup, question->flow.number);
	if (r == 0 && lookup->found == 0)
		return -ENOENT;
	if (r == 0)
		r = read_raw(lookup);
	if (r == 0 && question->hook == MSG_NET_HOOK_EGRESS)
		r = ask_packet(lookup);
	return r;
}

int lookup_socket(struct lookup *lookup, const struct msg_attribute *question, uint64_t *inode)
{
	int r;

	lookup->question = question;
	lookup->found = 0;
	r = ask_all(lookup);
	if (r < 0)
		return r;
	if (lookup->found > 1)
		return -ENOTUNIQ;
	if (lookup->only.uid != question->uid)
		return -ENOENT;
	*inode = lookup->only.inode;
	return 0;
}

int lookup_new(const char *root, struct lookup **out)
{
	const struct timeval patience = { .tv_sec = 1 };
	struct lookup *lookup = calloc(1, sizeof(*lookup));
	int r;

	if (!lookup)
		return -ENOMEM;
	lookup->root = root;
	lookup->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	r = lookup->fd < 0 ? -errno : 0;
	if (r == 0 &&
	    setsockopt(lookup->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
		r = -errno;
	if (r < 0) {
		lookup_free(lookup);
		return r;
	}
	*out = lookup;
	return 0;
}

void lookup_free(struct lookup *lookup)
{
	if (!lookup)
		return;
	if (lookup->fd >= 0)
		close(lookup->fd);
	free(lookup);
}
