// SPDX-License-Identifier: GPL-2.0-or-later
/* The socket itself: one question, all its answers. */
#include "agent/core/network/net_kernel_ask.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* The same thing may be there several times, by other metrics or flags; beyond it someone fights. */
#define REMOVALS_MAX 8
/* A dump's answers come in pieces of at most this size (NLMSG_GOODSIZE is smaller). */
#define ANSWER_SIZE 32768

struct net_kernel {
	struct mnl_socket *socket;
	uint32_t port;
	uint32_t sequence;
	_Alignas(8) uint8_t answer[ANSWER_SIZE];
};

void net_request_begin(struct net_request *request, uint16_t type, uint16_t flags, size_t body)
{
	memset(request->bytes, 0, sizeof(request->bytes));
	request->head = mnl_nlmsg_put_header(request->bytes);
	request->head->nlmsg_type = type;
	request->head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	request->body = mnl_nlmsg_put_extra_header(request->head, body);
}

uint8_t net_request_family(const struct net_prefix *prefix)
{
	return prefix->family == NET_FAMILY_IPV6 ? AF_INET6 : AF_INET;
}

void net_request_prefix(struct net_request *request, uint16_t type, const struct net_prefix *prefix)
{
	mnl_attr_put(request->head, type, prefix->family == NET_FAMILY_IPV6 ? 16 : 4,
		     prefix->bytes);
}

/*
 * What is left of an answer that was not heard out, of a dump that a change interrupted say: taken for
 * the next question's answer, it would fail that one and all after it. To read is to let the kernel
 * finish its dump, too, before which it begins no other.
 */
static void forget_rest(struct net_kernel *kernel)
{
	struct iovec part = { kernel->answer, sizeof(kernel->answer) };
	struct msghdr header;
	ssize_t length;

	do {
		header = (struct msghdr){ .msg_iov = &part, .msg_iovlen = 1 };
		length = recvmsg(mnl_socket_get_fd(kernel->socket), &header, MSG_DONTWAIT);
	} while (length >= 0 || errno == EINTR || errno == ENOBUFS);
}

int net_kernel_ask(struct net_kernel *kernel, struct net_request *request,
		   net_kernel_heard_fn heard, void *data)
{
	ssize_t length;
	int r;

	forget_rest(kernel);
	request->head->nlmsg_seq = ++kernel->sequence;
	if (mnl_socket_sendto(kernel->socket, request->head, request->head->nlmsg_len) < 0)
		return -errno;
	do {
		length =
			mnl_socket_recvfrom(kernel->socket, kernel->answer, sizeof(kernel->answer));
		if (length < 0)
			return -errno;
		r = mnl_cb_run(kernel->answer, (size_t)length, kernel->sequence, kernel->port,
			       heard, data);
	} while (r > 0);
	return r < 0 ? -errno : 0;
}

static bool is_absent(int error)
{
	return error == -EADDRNOTAVAIL || error == -ESRCH || error == -ENOENT || error == -ENODEV;
}

int net_kernel_remove_all(struct net_kernel *kernel, struct net_request *request)
{
	for (int i = 0; i < REMOVALS_MAX; i++) {
		int r = net_kernel_ask(kernel, request, NULL, NULL);

		if (r < 0)
			return is_absent(r) ? i : r;
	}
	return -EAGAIN;
}

int net_kernel_new(struct net_kernel **out)
{
	struct net_kernel *kernel = calloc(1, sizeof(*kernel));
	int r = 0;

	if (!kernel)
		return -ENOMEM;
	kernel->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!kernel->socket || mnl_socket_bind(kernel->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		r = -errno;
	if (r < 0) {
		net_kernel_free(kernel);
		return r;
	}
	kernel->port = mnl_socket_get_portid(kernel->socket);
	*out = kernel;
	return 0;
}

void net_kernel_free(struct net_kernel *kernel)
{
	if (!kernel)
		return;
	if (kernel->socket)
		mnl_socket_close(kernel->socket);
	free(kernel);
}
