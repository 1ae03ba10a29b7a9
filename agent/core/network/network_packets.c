// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/network_packets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/grade.h"
#include "agent/core/network/links.h"
#include "agent/core/network/violations.h"
#include "agent/lib/account.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

#define QUEUE_MAX 256

struct attribution {
	struct packets *packets;
	struct link *link; /* to airgap-attribution; NULL: it is not installed */
	uint32_t sandbox;
	sd_event_source *timer;
	uint64_t due_us;
};

static void ask(void *data, uint64_t cookie, const struct msg_net_packet *first)
{
	struct network *network = data;
	const struct msg_attribute question = {
		.cookie = cookie,
		.flow = first->flow,
		.uid = first->uid,
		.hook = first->hook,
		.seen_us = first->seen_us,
	};

	/* Nobody to ask, or too busy: the user alone is known, which waits its time like an answer. */
	if (first->uid != UINT32_MAX)
		link_send(network->attribution->link, MSG_ATTRIBUTE, &question, -1, NULL);
}

static enum net_violation_kind kind_of(const struct msg_net_packet *packet)
{
	if (packet->hook == MSG_NET_HOOK_FORWARD)
		return NET_VIOLATION_FORWARD_BLOCKED;
	return packet->hook == MSG_NET_HOOK_EGRESS ? NET_VIOLATION_L2_EGRESS_BLOCKED
						   : NET_VIOLATION_EGRESS_BLOCKED;
}

static void name_user(void *data, struct net_actor *actor)
{
	const struct network *network = data;

	memset(actor->login, 0, sizeof(actor->login));
	if (actor->uid != UINT32_MAX)
		account_name(network->root, actor->uid, actor->login, sizeof(actor->login));
}

static void refused(void *data, const struct msg_net_packet *packet, const struct net_actor *actor,
		    uint64_t count, uint64_t first_us, uint64_t last_us, const char *habit)
{
	struct network *network = data;
	struct net_violation violation = {
		.kind = kind_of(packet),
		.evidence = grade_is_public(&packet->flow.to) ? NET_EVIDENCE_CONFIRMED
							      : NET_EVIDENCE_WEAK,
		.remedy = NET_REMEDY_DROPPED,
		.count = count,
		.first_us = first_us,
		.last_us = last_us,
		.flow = packet->flow,
		.actor = *actor,
		.link.nsid = -1,
	};
	const struct net_link *link;
	bool open;

	link = links_find(network, packet->flow.index, &open);
	if (link) {
		violation.link = *link;
		govern_decide_flow(network->govern, link, &packet->flow, &violation.verdict);
		if (violation.verdict.cause == POLICY_CAUSE_MONITOR)
			violation.remedy = NET_REMEDY_NONE;
	}
	if (habit)
		snprintf(violation.text, sizeof(violation.text),
			 "a service of the system calls out by habit; to silence it: %.190s",
			 habit);
	violations_found_packets(network, &violation, habit != NULL);
}

static void flooded(void *data, uint32_t uid, uint64_t count, uint64_t first_us, uint64_t last_us)
{
	struct network *network = data;
	struct net_violation violation = {
		.kind = NET_VIOLATION_EGRESS_BLOCKED,
		.evidence = NET_EVIDENCE_WEAK,
		.remedy = NET_REMEDY_DROPPED,
		.count = count,
		.first_us = first_us,
		.last_us = last_us,
		.link.nsid = -1,
		.actor = { .uid = uid,
			   .gid = UINT32_MAX,
			   .confidence = uid >= UINT32_MAX - 1 ? NET_CONFIDENCE_NONE
							       : NET_CONFIDENCE_UID },
	};

	name_user(network, &violation.actor);
	snprintf(violation.text, sizeof(violation.text),
		 "packets to further destinations: more than %d at a time are not told apart for "
		 "one user",
		 PACKETS_SHARE);
	violations_found_packets(network, &violation, false);
}

static void rearm(struct attribution *attribution, uint64_t due_us)
{
	attribution->due_us = due_us;
	if (due_us == UINT64_MAX) {
		sd_event_source_set_enabled(attribution->timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time(attribution->timer, due_us);
	sd_event_source_set_enabled(attribution->timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct network *network = data;

	(void)source;
	(void)usec;
	rearm(network->attribution,
	      packets_tick(network->attribution->packets, clock_boottime_us()));
	return 0;
}

/* Of these neither user nor destination is known: the log overflowed, or the monitor's queue. */
static void report_lost(struct network *network, uint64_t count)
{
	struct net_violation violation = {
		.kind = NET_VIOLATION_EVENT_LOSS,
		.count = count,
		.link.nsid = -1,
		.actor.uid = UINT32_MAX,
		.text = "packets were refused of which only the number is known: too many came at "
			"once",
	};

	violations_found(network, &violation);
}

void network_packets_take(struct network *network, const struct msg_net_packet *packet)
{
	struct attribution *attribution = network->attribution;
	uint64_t now_us = clock_boottime_us();

	if (packet->lost)
		report_lost(network, packet->lost);
	/* What others sent is counted by the rules alone. */
	if (packet->hook == MSG_NET_HOOK_INPUT)
		return;
	packets_take(attribution->packets, packet, now_us);
	if (attribution->due_us > now_us + PACKETS_PATIENCE)
		rearm(attribution, now_us + PACKETS_PATIENCE);
}

static void on_up(void *data, const struct msg_hello *hello)
{
	struct network *network = data;

	network->attribution->sandbox = hello->sandbox;
	network->handler->changed(network->data);
}

static void on_down(void *data, int error, const char *reason)
{
	struct network *network = data;

	network->attribution->sandbox = 0;
	log_warning("lost airgap-attribution (%s): blocked packets show their user alone", reason);
	recorder_note(network->recorder, RECORD_KIND_ALARM,
		      error == -EPROTO ? RECORD_GRADE_V2 : RECORD_GRADE_V1, 0,
		      error == -EPROTO ? "peer-dropped" : "peer-lost", "airgap-attribution",
		      "%s; blocked packets show their user alone until it is back", reason);
	network->handler->changed(network->data);
}

static int on_message(void *data, struct msg *msg)
{
	struct network *network = data;
	const struct msg_attributed *answer = msg->body;

	if (msg->type != MSG_ATTRIBUTED)
		return -EPROTO;
	packets_attributed(network->attribution->packets, answer->cookie, &answer->actor,
			   clock_boottime_us());
	return 0;
}

static int listen_for_helper(struct network *network, uint32_t sandbox)
{
	static const struct link_handler handler = { on_up, on_down, on_message, NULL };
	struct link_config config = {
		.event = network->event,
		.self = MSG_ROLE_CORE,
		.peer = MSG_ROLE_ATTRIBUTION,
		.queue_max = QUEUE_MAX,
		.sandbox = sandbox,
		.handler = &handler,
		.data = network,
	};
	char path[PATH_MAX];
	int r;

	r = account_find(network->root, USER_ATTRIBUTION, &config.peer_uid, &config.group);
	if (r < 0) {
		log_info("no user %s: blocked packets show their user alone", USER_ATTRIBUTION);
		return 0;
	}
	r = path_join(path, network->root, PATH_SOCKET_ATTRIBUTION);
	config.path = path;
	return r < 0 ? r : link_listen(&config, &network->attribution->link);
}

int network_packets_open(struct network *network, uint32_t sandbox)
{
	static const struct packets_handler handler = { ask, name_user, refused, flooded };
	struct attribution *attribution = calloc(1, sizeof(*attribution));
	int r;

	if (!attribution)
		return -ENOMEM;
	network->attribution = attribution;
	attribution->due_us = UINT64_MAX;
	attribution->packets = packets_new(&handler, network);
	if (!attribution->packets)
		return -ENOMEM;
	r = sd_event_add_time(network->event, &attribution->timer, CLOCK_BOOTTIME, 0, 50000,
			      on_timer, network);
	if (r >= 0)
		r = sd_event_source_set_enabled(attribution->timer, SD_EVENT_OFF);
	return r < 0 ? r : listen_for_helper(network, sandbox);
}

uint32_t network_packets_sandbox(const struct network *network)
{
	return network->attribution ? network->attribution->sandbox : 0;
}

void network_packets_close(struct network *network)
{
	struct attribution *attribution = network->attribution;

	if (!attribution)
		return;
	if (network->violations)
		packets_free(attribution->packets);
	sd_event_source_disable_unref(attribution->timer);
	link_free(attribution->link);
	free(attribution);
	network->attribution = NULL;
}
