// SPDX-License-Identifier: GPL-2.0-or-later
/* Taking routing rules away, but never the kernel's own, which may share their priority. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/core/network/net_kernel_ask.h"
#include "agent/lib/net_rule.h"

/* So many of one priority that differ; beyond it the next reading of everything takes the rest. */
#define RULES_MAX 64

struct search {
	uint32_t family;
	uint32_t priority;
	struct net_request *request; /* gets the kernel's own description */
	bool found;
};

static int compare(const struct nlmsghdr *head, void *data)
{
	struct search *search = data;
	struct net_rule rule;

	if (search->found || head->nlmsg_type != RTM_NEWRULE ||
	    head->nlmsg_len > NET_REQUEST_SIZE || net_rule_read(head, &rule) < 0 || rule.kernels ||
	    rule.family != search->family || rule.priority != search->priority)
		return MNL_CB_OK;
	search->found = true;
	memcpy(search->request->bytes, head, head->nlmsg_len);
	return MNL_CB_OK;
}

/* One rule, and all that are the same; 1, 0 when there is none, or -errno. */
static int remove_one(struct net_kernel *kernel, uint32_t family, uint32_t priority)
{
	struct net_request request, found;
	struct search search = { .family = family, .priority = priority, .request = &found };
	struct fib_rule_hdr *info;
	int r;

	net_request_begin(&request, RTM_GETRULE, NLM_F_DUMP, sizeof(*info));
	info = request.body;
	info->family = family == NET_FAMILY_IPV6 ? AF_INET6 : AF_INET;
	r = net_kernel_ask(kernel, &request, compare, &search);
	if (r < 0 || !search.found)
		return r;
	found.head = (struct nlmsghdr *)found.bytes;
	found.head->nlmsg_type = RTM_DELRULE;
	found.head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	r = net_kernel_remove_all(kernel, &found);
	return r < 0 ? r : 1;
}

int net_kernel_remove_rule(struct net_kernel *kernel, uint32_t family, uint32_t priority)
{
	int r = 1;

	for (int i = 0; r > 0 && i < RULES_MAX; i++)
		r = remove_one(kernel, family, priority);
	return r > 0 ? -EAGAIN : r;
}
