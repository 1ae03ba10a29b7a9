// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/net_kernel.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/net_kernel_ask.h"
#include "agent/core/network/net_kernel_read.h"

/* How often links may come and go under a list of all of them. */
#define DUMP_TRIES 8

static int take_link(const struct nlmsghdr *head, void *data)
{
	if (head->nlmsg_type == RTM_NEWLINK && net_kernel_read_link(head, data) == 0)
		return MNL_CB_OK;
	errno = EBADMSG;
	return MNL_CB_ERROR;
}

static void put_link(struct net_request *request, uint16_t type, uint16_t flags, uint32_t index)
{
	struct ifinfomsg *info;

	net_request_begin(request, type, flags, sizeof(*info));
	info = request->body;
	info->ifi_index = (int)index;
}

int net_kernel_link(struct net_kernel *kernel, uint32_t index, struct net_link *link)
{
	struct net_request request;
	int r;

	put_link(&request, RTM_GETLINK, NLM_F_ACK, index);
	*link = (struct net_link){ 0 };
	r = net_kernel_ask(kernel, &request, take_link, link);
	return r == 0 && link->index != index ? -EIO : r;
}

int net_kernel_set_up(struct net_kernel *kernel, uint32_t index, bool up)
{
	struct net_request request;
	struct ifinfomsg *info;
	struct net_link now;
	int r;

	put_link(&request, RTM_SETLINK, NLM_F_ACK, index);
	info = request.body;
	info->ifi_change = IFF_UP;
	info->ifi_flags = up ? IFF_UP : 0;
	r = net_kernel_ask(kernel, &request, NULL, NULL);
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
	size_t room;
};

static int collect(void *data, const struct net_link *link)
{
	struct collection *collection = data;
	struct net_link *larger = collection->links;

	if (collection->count == collection->room) {
		collection->room = collection->room ? 2 * collection->room : 16;
		larger = reallocarray(collection->links, collection->room, sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		collection->links = larger;
	}
	larger[collection->count++] = *link;
	return 0;
}

int net_kernel_each(struct net_kernel *kernel,
		    int (*visit)(void *data, const struct net_link *link), void *data)
{
	struct collection collection = { 0 };
	struct visit walk = { .visit = collect, .data = &collection };
	struct net_request request;
	int r = -EINTR;

	/* -EINTR: links came or went meanwhile, and one may be missing. */
	for (int i = 0; r == -EINTR && i < DUMP_TRIES; i++) {
		collection.count = 0;
		put_link(&request, RTM_GETLINK, NLM_F_DUMP, 0);
		r = net_kernel_ask(kernel, &request, visit_link, &walk);
	}
	if (r == 0)
		r = walk.result;
	for (size_t i = 0; r == 0 && i < collection.count; i++)
		r = visit(data, &collection.links[i]);
	free(collection.links);
	return r;
}

static int removed(int r)
{
	return r > 0 ? 0 : r;
}

int net_kernel_remove_address(struct net_kernel *kernel, const struct net_address *address)
{
	bool point = address->peer.family != NET_FAMILY_NONE;
	struct ifaddrmsg *info;
	struct net_request request;

	if (address->local.family == NET_FAMILY_NONE)
		return -EINVAL;
	net_request_begin(&request, RTM_DELADDR, NLM_F_ACK, sizeof(*info));
	info = request.body;
	info->ifa_family = net_request_family(&address->local);
	info->ifa_prefixlen = address->local.bits;
	info->ifa_index = address->index;
	net_request_prefix(&request, IFA_LOCAL, &address->local);
	net_request_prefix(&request, IFA_ADDRESS, point ? &address->peer : &address->local);
	return removed(net_kernel_remove_all(kernel, &request));
}

static int detach_xdp_mode(struct net_kernel *kernel, uint32_t index, uint32_t mode)
{
	struct net_request request;
	struct nlattr *nest;

	put_link(&request, RTM_SETLINK, NLM_F_ACK, index);
	nest = mnl_attr_nest_start(request.head, IFLA_XDP);
	mnl_attr_put_u32(request.head, IFLA_XDP_FD, UINT32_MAX); /* -1: none */
	mnl_attr_put_u32(request.head, IFLA_XDP_FLAGS, mode);
	mnl_attr_nest_end(request.head, nest);
	return net_kernel_ask(kernel, &request, NULL, NULL);
}

/*
 * Each mode has a program of its own, and without a flag the kernel means the driver's where there can be
 * one (dev_xdp_mode() of net/core/dev.c). What a driver cannot have it refuses to take off.
 */
static int detach_xdp(struct net_kernel *kernel, uint32_t index)
{
	static const uint32_t modes[] = { XDP_FLAGS_SKB_MODE, XDP_FLAGS_DRV_MODE,
					  XDP_FLAGS_HW_MODE };
	int error = 0;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		int r = detach_xdp_mode(kernel, index, modes[i]);

		if (r < 0 && r != -EOPNOTSUPP && r != -EINVAL)
			error = r;
	}
	return error;
}

static int remove_qdisc(struct net_kernel *kernel, uint32_t index, uint32_t parent)
{
	struct net_request request;
	struct tcmsg *info;
	int r;

	net_request_begin(&request, RTM_DELQDISC, NLM_F_ACK, sizeof(*info));
	info = request.body;
	info->tcm_family = AF_UNSPEC;
	info->tcm_ifindex = (int)index;
	info->tcm_parent = parent;
	r = net_kernel_remove_all(kernel, &request);
	/* EINVAL: no such qdisc, or a kernel without traffic control, which can have none. */
	return r == -EINVAL || r == -EOPNOTSUPP ? 0 : removed(r);
}

int net_kernel_detach(struct net_kernel *kernel, uint32_t index)
{
	struct net_link now;
	int r, second;

	r = net_kernel_link(kernel, index, &now);
	if (r < 0)
		return r == -ENODEV ? 0 : r;
	r = now.marks & NET_LINK_XDP ? detach_xdp(kernel, index) : 0;
	/* clsact and ingress share one place (linux/pkt_sched.h). */
	second = remove_qdisc(kernel, index, TC_H_INGRESS);
	if (r == 0)
		r = second;
	/* Filters of a root qdisc alter packets after every packet filter; the kernel's own cannot go. */
	second = remove_qdisc(kernel, index, TC_H_ROOT);
	if (r == 0)
		r = second;
	if (r == 0)
		r = net_kernel_link(kernel, index, &now);
	return r == 0 && now.marks & NET_LINK_XDP ? -EIO : r;
}
