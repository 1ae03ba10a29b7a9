// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/network.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/govern/maintenance.h"
#include "agent/core/network/guard.h"
#include "agent/core/network/links.h"
#include "agent/core/network/network_packets.h"
#include "agent/core/network/undo.h"
#include "agent/core/shim/shim.h"
#include "agent/core/network/violations.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

/* How long a new link may stay unseen while airgap-monitord is away. */
#define LOOKING_US    1000000
#define LOOKING_ON_US 1000

/*
 * A test's agent must not close the network of the machine that it runs on. Whether a namespace is its
 * own it cannot see; the test says so by a file in its folder, which counts nowhere else.
 */
static bool is_ours(const char *root)
{
	char path[PATH_MAX];

	return strcmp(root, "/") == 0 ||
	       (path_join(path, root, PATH_TEST_NETWORK) == 0 && access(path, F_OK) == 0);
}

static int close_link(void *data, const struct net_link *link)
{
	struct network *network = data;
	int r = 0;

	/* Without rules only a link that is down sends nothing. */
	if (!(link->flags & IFF_LOOPBACK))
		r = net_kernel_set_up(network->kernel, link->index, false);
	if (r < 0)
		log_error("link %s could not be put down: %s", link->name, strerror(-r));
	return 0;
}

static void close_links_without_rules(struct network *network)
{
	int error;

	guard_state(network, &error);
	if (error < 0)
		net_kernel_each(network->kernel, close_link, network);
}

int network_open(struct network *network)
{
	int r;

	network->guards = is_ours(network->root);
	if (!network->guards) {
		log_notice("--root: the network of this machine is left alone");
		return 0;
	}
	r = net_kernel_new(&network->kernel);
	if (r == 0)
		r = guard_new(network);
	if (r == 0)
		close_links_without_rules(network);
	else if (network->kernel)
		net_kernel_each(network->kernel, close_link, network);
	if (r < 0) {
		log_error("the network cannot be guarded: %s", strerror(-r));
		network->guards = false;
	}
	return r;
}

/* New links must not wait for a monitor that is dead, nor old ones come up unseen. */
static int on_looking(sd_event_source *source, uint64_t usec, void *data)
{
	(void)usec;
	sd_event_source_set_time_relative(source, links_look(data) ? LOOKING_US : LOOKING_ON_US);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

static void look_for_itself(struct network *network, bool on)
{
	if (on)
		sd_event_source_set_time_relative(network->looking, LOOKING_US);
	if (sd_event_source_set_enabled(network->looking, on ? SD_EVENT_ONESHOT : SD_EVENT_OFF) < 0)
		log_error("links are not looked at while airgap-monitord is away");
}

/* Under what all is judged from here on. */
static void note_ground(struct network *network)
{
	network->judged_mode = network->govern->mode;
	network->judged_maintenance = maintenance_runs(network->govern);
	memcpy(network->judged, network->govern->in_force.digest, sizeof(network->judged));
}

int network_start(struct network *network, uint32_t sandbox)
{
	int r;

	if (!network->guards)
		return 0;
	r = violations_new(network);
	if (r == 0)
		r = links_new(network);
	if (r == 0)
		r = undo_new(network);
	if (r == 0)
		r = network_packets_open(network, sandbox);
	if (r == 0)
		r = guard_start(network);
	close_links_without_rules(network);
	if (r >= 0)
		r = sd_event_add_time_relative(network->event, &network->looking, CLOCK_MONOTONIC,
					       LOOKING_US, LOOKING_US / 10, on_looking, network);
	if (r < 0)
		return r;
	note_ground(network);
	if (network->govern->mode == AGENT_MODE_LOCKDOWN)
		undo_radios(network);
	return 0;
}

static void on_scan_begin(struct network *network, const struct msg_scan *scan)
{
	struct net_violation loss = { .kind = NET_VIOLATION_EVENT_LOSS,
				      .link.nsid = -1,
				      .actor.uid = UINT32_MAX,
				      .text = "events of the network were lost; all is read anew" };

	log_info("reading all links");
	look_for_itself(network, false);
	if (scan->cause == MSG_SCAN_CAUSE_OVERRUN || scan->cause == MSG_SCAN_CAUSE_GAP)
		violations_found(network, &loss);
	links_scan_begin(network);
	undo_scan_begin(network);
	guard_scan_begin(network, (enum msg_scan_cause)scan->cause);
}

static void on_scan_end(struct network *network)
{
	links_scan_end(network);
	undo_scan_end(network);
	guard_scan_end(network);
	shim_heard(network->shim, SHIM_NETWORK);
}

int network_hear(struct network *network, const struct msg *msg)
{
	if (!network->guards)
		return msg->type >= MSG_NET_SCAN_BEGIN && msg->type <= MSG_NET_PACKET ? 0 : -EPROTO;
	switch (msg->type) {
	case MSG_NET_SCAN_BEGIN:
		on_scan_begin(network, msg->body);
		return 0;
	case MSG_NET_LINK: {
		const struct msg_net_link *stated = msg->body;

		links_facts(network, &stated->link, stated->seen_us);
		return 0;
	}
	case MSG_NET_LINK_GONE:
		links_gone(network, msg->body);
		return 0;
	case MSG_NET_ADDRESS:
		undo_address(network, msg->body);
		return 0;
	case MSG_NET_ROUTE:
		undo_route(network, msg->body);
		return 0;
	case MSG_NET_SIGHT:
		undo_sight(network, msg->body);
		return 0;
	case MSG_NET_SCAN_END:
		on_scan_end(network);
		return 0;
	case MSG_NET_PACKET:
		network_packets_take(network, msg->body);
		return 0;
	default:
		return -EPROTO;
	}
}

void network_unheard(struct network *network)
{
	if (!network->guards)
		return;
	guard_lost(network);
	links_scan_broken(network);
	look_for_itself(network, true);
}

void network_redecide(struct network *network)
{
	bool other = network->judged_mode != network->govern->mode ||
		     memcmp(network->judged, network->govern->in_force.digest,
			    sizeof(network->judged)) != 0;
	bool over = network->judged_maintenance && !maintenance_runs(network->govern);

	if (!network->guards)
		return;
	note_ground(network);
	if (other || over)
		undo_anew(network);
	if (other && network->govern->mode == AGENT_MODE_LOCKDOWN)
		undo_radios(network);
	links_redecide(network, other);
	guard_renew(network);
	/* Addresses, routes and settings are judged when they are stated. */
	if (other || over)
		network->handler->rescan(network->data, MSG_SCAN_CAUSE_REQUEST);
}

void network_admitted(struct network *network)
{
	if (network->guards)
		guard_renew(network);
}

void network_status(const struct network *network, struct agent_status *status)
{
	status->network = NETWORK_STATE_OFF;
	if (!network->guards || !network->links)
		return;
	status->network = guard_state(network, &status->network_error);
	status->links = links_count(network, &status->links_open);
	status->violations = violations_total(network);
	status->layers |= guard_layers(network);
	status->sandbox[MSG_ROLE_ATTRIBUTION] = network_packets_sandbox(network);
	status->present |= (uint32_t)(status->sandbox[MSG_ROLE_ATTRIBUTION] != 0)
			   << MSG_ROLE_ATTRIBUTION;
}

void network_done(struct network *network)
{
	sd_event_source_disable_unref(network->looking);
	network_packets_close(network);
	if (network->violations)
		violations_free(network);
	guard_free(network->guard);
	undo_free(network->undo);
	links_free(network->links);
	net_kernel_free(network->kernel);
}
