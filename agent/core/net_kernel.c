// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/net_kernel.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/net_kernel_read.h"

/* The same thing may be there several times, by other metrics or flags; beyond it someone fights. */
#define REMOVALS_MAX 8
/* A dump's answers come in pieces of this size (MNL_SOCKET_BUFFER_SIZE is for small pages). */
#define ANSWER_SIZE  32768
#define REQUEST_SIZE 512

struct net_kernel {
	struct mnl_socket *socket;
	uint32_t port;
	uint32_t sequence;
	uint8_t answer[ANSWER_SIZE];
};

/* A request being written; the answers to the one before are used up by then. */
struct request {
	_Alignas(8) uint8_t bytes[REQUEST_SIZE];
	struct nlmsghdr *head;
	void *body;
};

static void request_begin(struct request *request, uint16_t type, uint16_t flags, size_t body)
{
	memset(request->bytes, 0, sizeof(request->bytes));
	request->head = mnl_nlmsg_put_header(request->bytes);
	request->head->nlmsg_type = type;
	request->head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	request->body = mnl_nlmsg_put_extra_header(request->head, body);
}

/* Sends it and hears all answers out. 0 or the kernel's -errno. */
static int ask(struct net_kernel *kernel, struct request *request, mnl_cb_t heard, void *data)
{
	ssize_t length;
	int r;

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
		/* An answer to a request that was given up before. */
		if (r < 0 && errno == ESRCH && kernel->sequence != request->head->nlmsg_seq)
			r = 1;
	} while (r > 0);
	return r < 0 ? -errno : 0;
}

static int take_link(const struct nlmsghdr *head, void *data)
{
	return head->nlmsg_type == RTM_NEWLINK && net_kernel_read_link(head, data) == 0
		       ? MNL_CB_OK
		       : MNL_CB_ERROR;
}

static void put_link(struct request *request, uint16_t type, uint16_t flags, uint32_t index)
{
	struct ifinfomsg *info;

	request_begin(request, type, flags, sizeof(*info));
	info = request->body;
	info->ifi_index = (int)index;
}

int net_kernel_link(struct net_kernel *kernel, uint32_t index, struct net_link *link)
{
	struct request request;
	int r;

	put_link(&request, RTM_GETLINK, NLM_F_ACK, index);
	*link = (struct net_link){ 0 };
	r = ask(kernel, &request, take_link, link);
	return r == 0 && link->index != index ? -EIO : r;
}

int net_kernel_set_up(struct net_kernel *kernel, uint32_t index, bool up)
{
	struct request request;
	struct ifinfomsg *info;
	struct net_link now;
	int r;

	put_link(&request, RTM_SETLINK, NLM_F_ACK, index);
	info = request.body;
	info->ifi_change = IFF_UP;
	info->ifi_flags = up ? IFF_UP : 0;
	r = ask(kernel, &request, NULL, NULL);
	if (r == 0)
		r = net_kernel_link(kernel, index, &now);
	return r == 0 && !(now.flags & IFF_UP) == up ? -EIO : r;
}

struct visit {
	int (*visit)(void *data, const struct net_link *link);
	void *data;
	int result;
};

static int visit_link(const struct nlmsghdr *head, void *data)
{
	struct visit *visit = data;
	struct net_link link = { 0 };

	/* The rest of the dump must be heard all the same, or it answers the next question. */
	if (visit->result == 0 && head->nlmsg_type == RTM_NEWLINK &&
	    net_kernel_read_link(head, &link) == 0)
		visit->result = visit->visit(visit->data, &link);
	return MNL_CB_OK;
}

/* A visitor may ask the kernel itself, so the links are collected first. */
struct collection {
	struct net_link *links;
	size_t count;
};

static int collect(void *data, const struct net_link *link)
{
	struct collection *collection = data;
	struct net_link *larger = collection->links;

	if ((collection->count & (collection->count - 1)) == 0)
		larger = reallocarray(collection->links,
				      collection->count ? 2 * collection->count : 1,
				      sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	collection->links = larger;
	larger[collection->count++] = *link;
	return 0;
}

int net_kernel_each(struct net_kernel *kernel,
		    int (*visit)(void *data, const struct net_link *link), void *data)
{
	struct collection collection = { 0 };
	struct visit walk = { .visit = collect, .data = &collection };
	struct request request;
	int r;

	put_link(&request, RTM_GETLINK, NLM_F_DUMP, 0);
	r = ask(kernel, &request, visit_link, &walk);
	if (r == 0)
		r = walk.result;
	for (size_t i = 0; r == 0 && i < collection.count; i++)
		r = visit(data, &collection.links[i]);
	free(collection.links);
	return r;
}

static bool is_absent(int error)
{
	return error == -EADDRNOTAVAIL || error == -ESRCH || error == -ENOENT || error == -ENODEV;
}

/* Again and again until it is not there: that is the reading back. */
static int remove_all(struct net_kernel *kernel, struct request *request)
{
	for (int i = 0; i < REMOVALS_MAX; i++) {
		int r = ask(kernel, request, NULL, NULL);

		if (r < 0)
			return is_absent(r) ? 0 : r;
	}
	return -EAGAIN;
}

static uint8_t family_of(const struct net_prefix *prefix)
{
	return prefix->family == NET_FAMILY_IPV6 ? AF_INET6 : AF_INET;
}

static void put_prefix(struct request *request, uint16_t type, const struct net_prefix *prefix)
{
	mnl_attr_put(request->head, type, prefix->family == NET_FAMILY_IPV6 ? 16 : 4,
		     prefix->bytes);
}

int net_kernel_remove_address(struct net_kernel *kernel, const struct net_address *address)
{
	bool point = address->peer.family != NET_FAMILY_NONE;
	struct ifaddrmsg *info;
	struct request request;

	if (address->local.family == NET_FAMILY_NONE)
		return -EINVAL;
	request_begin(&request, RTM_DELADDR, NLM_F_ACK, sizeof(*info));
	info = request.body;
	info->ifa_family = family_of(&address->local);
	info->ifa_prefixlen = address->local.bits;
	info->ifa_index = address->index;
	put_prefix(&request, IFA_LOCAL, &address->local);
	put_prefix(&request, IFA_ADDRESS, point ? &address->peer : &address->local);
	return remove_all(kernel, &request);
}

int net_kernel_remove_route(struct net_kernel *kernel, const struct net_route *route)
{
	struct request request;
	struct rtmsg *info;

	if (route->to.family == NET_FAMILY_NONE)
		return -EINVAL;
	request_begin(&request, RTM_DELROUTE, NLM_F_ACK, sizeof(*info));
	info = request.body;
	info->rtm_family = family_of(&route->to);
	info->rtm_dst_len = route->to.bits;
	info->rtm_table = route->table < 256 ? (uint8_t)route->table : RT_TABLE_UNSPEC;
	info->rtm_protocol = route->protocol;
	/* Any scope: a multipath route has one of its own. */
	info->rtm_scope = RT_SCOPE_NOWHERE;
	info->rtm_type = route->type;
	mnl_attr_put_u32(request.head, RTA_TABLE, route->table);
	if (route->to.bits > 0)
		put_prefix(&request, RTA_DST, &route->to);
	/* Neither gateway nor link: of a multipath route they would not match the whole. */
	if (route->metric)
		mnl_attr_put_u32(request.head, RTA_PRIORITY, route->metric);
	return remove_all(kernel, &request);
}

int net_kernel_remove_rule(struct net_kernel *kernel, uint32_t family, uint32_t priority)
{
	struct fib_rule_hdr *info;
	struct request request;

	request_begin(&request, RTM_DELRULE, NLM_F_ACK, sizeof(*info));
	info = request.body;
	info->family = family == NET_FAMILY_IPV6 ? AF_INET6 : AF_INET;
	mnl_attr_put_u32(request.head, FRA_PRIORITY, priority);
	return remove_all(kernel, &request);
}

static int detach_xdp(struct net_kernel *kernel, uint32_t index)
{
	struct request request;
	struct nlattr *nest;

	put_link(&request, RTM_SETLINK, NLM_F_ACK, index);
	nest = mnl_attr_nest_start(request.head, IFLA_XDP);
	mnl_attr_put_u32(request.head, IFLA_XDP_FD, UINT32_MAX); /* -1: none */
	mnl_attr_nest_end(request.head, nest);
	return ask(kernel, &request, NULL, NULL);
}

static int remove_qdisc(struct net_kernel *kernel, uint32_t index)
{
	struct request request;
	struct tcmsg *info;
	int r;

	request_begin(&request, RTM_DELQDISC, NLM_F_ACK, sizeof(*info));
	info = request.body;
	info->tcm_family = AF_UNSPEC;
	info->tcm_ifindex = (int)index;
	/* clsact and ingress share the place (linux/pkt_sched.h). */
	info->tcm_parent = TC_H_INGRESS;
	r = remove_all(kernel, &request);
	/* EINVAL: no such qdisc, or a kernel without traffic control, which can have none. */
	return r == -EINVAL || r == -EOPNOTSUPP ? 0 : r;
}

int net_kernel_detach(struct net_kernel *kernel, uint32_t index)
{
	struct net_link now;
	int r, second;

	r = net_kernel_link(kernel, index, &now);
	if (r < 0)
		return r == -ENODEV ? 0 : r;
	r = now.marks & NET_LINK_XDP ? detach_xdp(kernel, index) : 0;
	second = remove_qdisc(kernel, index);
	if (r == 0)
		r = second;
	if (r == 0)
		r = net_kernel_link(kernel, index, &now);
	return r == 0 && now.marks & NET_LINK_XDP ? -EIO : r;
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
