// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading everything anew: one dump after the other, on the socket that brings the events. */
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/net_namespace.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/netlink.h"
#include "agent/monitor/watch_net_state.h"

/* While changes overtake a dump again and again, links are stated without waiting for its end. */
#define PATIENCE 3

/* A dump that failed is asked for again, after 10 ms, 20 ms and so on up to some 40 s; the core hears of it at this. */
#define AGAIN_US      UINT64_C(10000)
#define AGAIN_DOUBLES 12
#define FAILURES_TOLD 5

enum {
	STEP_OWN, /* which number this namespace has in itself */
	STEP_LINKS,
	STEP_QDISCS,
	STEP_FIRST_OF_REST,
};

struct step {
	uint16_t type;
	uint8_t family;
	uint8_t header;	    /* size of the fixed part, whose first byte is always the family */
	uint16_t attribute; /* one of four bytes, or 0 */
	uint32_t value;
};

static const struct step steps[] = {
	[STEP_OWN] = { RTM_GETNSID, AF_UNSPEC, sizeof(struct rtgenmsg), NETNSA_PID, 0 },
	[STEP_LINKS] = { RTM_GETLINK, AF_UNSPEC, sizeof(struct ifinfomsg), IFLA_EXT_MASK,
			 RTEXT_FILTER_SKIP_STATS },
	[STEP_QDISCS] = { RTM_GETQDISC, AF_UNSPEC, sizeof(struct tcmsg), 0, 0 },
	[STEP_FIRST_OF_REST] = { RTM_GETADDR, AF_UNSPEC, sizeof(struct ifaddrmsg), 0, 0 },
	{ RTM_GETROUTE, AF_INET, sizeof(struct rtmsg), 0, 0 },
	{ RTM_GETROUTE, AF_INET6, sizeof(struct rtmsg), 0, 0 },
	{ RTM_GETRULE, AF_INET, sizeof(struct fib_rule_hdr), 0, 0 },
	{ RTM_GETRULE, AF_INET6, sizeof(struct fib_rule_hdr), 0, 0 },
	{ RTM_GETNEIGH, AF_INET, sizeof(struct ndmsg), 0, 0 },
	{ RTM_GETNEIGH, AF_INET6, sizeof(struct ndmsg), 0, 0 },
	{ RTM_GETNETCONF, AF_INET, sizeof(struct netconfmsg), 0, 0 },
	{ RTM_GETNETCONF, AF_INET6, sizeof(struct netconfmsg), 0, 0 },
	{ RTM_GETNSID, AF_UNSPEC, sizeof(struct rtgenmsg), 0, 0 },
	/* The last one once for each link. */
	{ RTM_GETTFILTER, AF_UNSPEC, sizeof(struct tcmsg), 0, 0 },
};

#define STEPS	     (sizeof(steps) / sizeof(steps[0]))
#define STEP_FILTERS (STEPS - 1)

struct request {
	struct nlmsghdr header;
	uint8_t body[64];
};

static void put_attribute(struct request *request, const struct step *step, size_t *length)
{
	const struct {
		struct nlattr head;
		uint32_t value;
	} attribute = { { sizeof(attribute), step->attribute },
			step->attribute == NETNSA_PID && step->type == RTM_GETNSID
				? (uint32_t)getpid()
				: step->value };

	if (!step->attribute)
		return;
	memcpy(request->body + *length, &attribute, sizeof(attribute));
	*length += sizeof(attribute);
}

/* The next link of this namespace whose filters are to be asked for; false when there is none. */
static bool aim_filters(struct watch_net *watch, struct request *request)
{
	struct tcmsg header = { 0 };

	while (watch->link < watch->table.count && watch->table.entries[watch->link].now.nsid != -1)
		watch->link++;
	if (watch->link >= watch->table.count)
		return false;
	header.tcm_ifindex = (int)watch->table.entries[watch->link].now.index;
	memcpy(request->body, &header, sizeof(header));
	return true;
}

static bool ask(struct watch_net *watch)
{
	const struct step *step = &steps[watch->step];
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct request request = { 0 };
	/* Asked strictly, the kernel refuses a fixed part that is not filled up to four bytes. */
	size_t length = NLMSG_ALIGN(step->header);

	if (watch->step == STEP_FILTERS && !aim_filters(watch, &request))
		return false;
	request.body[0] = watch->step == STEP_FILTERS ? request.body[0] : step->family;
	put_attribute(&request, step, &length);
	request.header.nlmsg_len = (uint32_t)(sizeof(request.header) + length);
	request.header.nlmsg_type = step->type;
	request.header.nlmsg_flags =
		NLM_F_REQUEST | (watch->step == STEP_OWN ? NLM_F_ACK : NLM_F_DUMP);
	request.header.nlmsg_seq = ++watch->sequence;
	watch->interrupted = false;
	watch->failed = false;
	if (sendto(watch->fd, &request, request.header.nlmsg_len, 0,
		   (const struct sockaddr *)&kernel, sizeof(kernel)) >= 0)
		return true;
	/* No SCAN_END: the core must not believe that the rest is gone. Start anew. */
	log_error("cannot ask the kernel about its network: %s", strerror(errno));
	sd_event_exit(watch->monitor->daemon.event, EXIT_FAILURE);
	return true;
}

static void finish(struct watch_net *watch)
{
	struct msg_scan scan = { .cause = watch->cause };

	/* Everything is known now, but links wait for the core to take them: go on when it has. */
	if (!watch_net_flush(watch))
		return;
	if (watch->besides)
		watch->besides(watch->data);
	watch->scanning = false;
	watch->failures = 0;
	scan.count = watch->stated;
	monitor_send(watch->monitor, MSG_NET_SCAN_END, &scan);
	if (watch->again)
		watch_net_begin(watch);
}

static void proceed(struct watch_net *watch)
{
	/* Nothing to ask: the filters of no further link. */
	while (watch->step < STEPS && !ask(watch))
		watch->step++;
	if (watch->step >= STEPS)
		finish(watch);
}

void watch_net_begin(struct watch_net *watch)
{
	const struct msg_scan scan = { .cause = watch->cause };

	watch->scanning = true;
	watch->again = false;
	watch->overrun = false;
	watch->step = STEP_OWN;
	watch->link = 0;
	watch->repeats = 0;
	watch->stated = 0;
	watch->next_dirty = 0;
	watch->own_nsid = -1;
	sd_event_source_set_enabled(watch->retry, SD_EVENT_OFF);
	memset(watch->neighbours, 0, sizeof(watch->neighbours));
	net_outbox_flush(&watch->outbox);
	monitor_send(watch->monitor, MSG_NET_SCAN_BEGIN, &scan);
	watch_net_repeat_elsewhere(watch);
	proceed(watch);
}

bool watch_net_knows_links(const struct watch_net *watch)
{
	return !watch->scanning || watch->step > STEP_QDISCS || watch->repeats > PATIENCE;
}

int watch_net_retry(sd_event_source *source, uint64_t usec, void *data)
{
	struct watch_net *watch = data;

	(void)source;
	(void)usec;
	if (watch->scanning)
		proceed(watch);
	return 0;
}

/*
 * What was not told is not gone: nothing is forgotten, and no SCAN_END tells the core to forget. It holds what it
 * knows, and opens nothing new, until the kernel answers again.
 */
static void wait_for_kernel(struct watch_net *watch)
{
	const struct msg_event_loss loss = { .cause = MSG_SCAN_CAUSE_GAP };
	uint32_t doubles = watch->failures < AGAIN_DOUBLES ? watch->failures : AGAIN_DOUBLES;

	if (++watch->failures == FAILURES_TOLD)
		monitor_send(watch->monitor, MSG_EVENT_LOSS, &loss);
	if (sd_event_source_set_time_relative(watch->retry, AGAIN_US << doubles) >= 0 &&
	    sd_event_source_set_enabled(watch->retry, SD_EVENT_ONESHOT) >= 0)
		return;
	log_error("no timer to ask the kernel again");
	sd_event_exit(watch->monitor->daemon.event, EXIT_FAILURE);
}

static void next(struct watch_net *watch)
{
	if (watch->failed) {
		wait_for_kernel(watch);
		return;
	}
	if (watch->interrupted) {
		watch->repeats++;
		proceed(watch);
		return;
	}
	if (watch->step == STEP_LINKS)
		watch_net_forget_unseen(watch);
	watch->repeats = 0;
	if (watch->step == STEP_FILTERS)
		watch->link++;
	else
		watch->step++;
	proceed(watch);
}

static int error_of(const struct nlmsghdr *message)
{
	const struct nlmsgerr *error = netlink_header(message, sizeof(*error));
	const int *done = netlink_header(message, sizeof(*done));

	if (message->nlmsg_type == NLMSG_ERROR)
		return error ? error->error : -EBADMSG;
	return done ? *done : 0;
}

static void take_own(struct watch_net *watch, const struct nlmsghdr *message)
{
	struct netlink_attributes attributes;

	if (message->nlmsg_type == RTM_NEWNSID &&
	    netlink_attributes(message, sizeof(struct rtgenmsg), &attributes) == 0)
		netlink_copy(attributes.of[NETNSA_NSID], &watch->own_nsid, sizeof(watch->own_nsid));
}

/* Kernels without IPv6, queues or namespaces have nothing of the kind; a link may go while its filters are read. */
static bool means_nothing_there(const struct watch_net *watch, int error)
{
	if (watch->step == STEP_OWN)
		return true; /* nothing is forgotten for want of it */
	if (watch->step == STEP_LINKS || watch->step == STEP_FIRST_OF_REST)
		return false;
	return error == -EOPNOTSUPP || error == -EAFNOSUPPORT ||
	       (watch->step == STEP_FILTERS && (error == -ENODEV || error == -EINVAL));
}

bool watch_net_answer(struct watch_net *watch, const struct nlmsghdr *message)
{
	int error;

	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		watch->interrupted = true;
	if (watch->step == STEP_OWN && message->nlmsg_type == RTM_NEWNSID) {
		take_own(watch, message);
		return true;
	}
	if (message->nlmsg_type != NLMSG_DONE && message->nlmsg_type != NLMSG_ERROR)
		return false;
	error = error_of(message);
	if (error == -EBUSY || error == -EINTR || error == -EAGAIN)
		watch->interrupted = true;
	else if (error < 0 && !means_nothing_there(watch, error))
		watch->failed = true;
	if (watch->failed && watch->failures == 0)
		log_warning(
			"the kernel does not tell of its network (request %u): %s; asking again",
			steps[watch->step].type, strerror(-error));
	next(watch);
	return true;
}

void watch_net_drained(struct watch_net *watch)
{
	if (watch->source)
		sd_event_source_set_enabled(watch->source, SD_EVENT_ON);
	if (watch->scanning && watch->step >= STEPS)
		finish(watch);
	else
		watch_net_flush(watch);
}
