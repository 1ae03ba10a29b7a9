// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A core that only listens: hands the monitor its sockets, and prints what is stated about the network.
 *
 *	net-listener ROOT MONITOR-UID [KIND...]		sockets of these numbers; all, unless named
 *
 * When airgap-attribution connects (as the same user), it is asked about every packet of a socket.
 *
 * Standard input: "scan" asks for everything; "sleep MS" stops reading for so long, as a core that is
 * busy; "quit". One line a statement, words in the order of the struct, the first its message.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* The very opener of the core. */
#include "agent/core/network/net_sockets.c"
#include "agent/lib/daemon.h"
#include "agent/lib/link.h"
#include "agent/lib/path.h"
#include "policy/decide/net.h"

static struct link *monitor, *attribution;
static uint64_t asked;
static uint16_t asked_ports[65536];
static uint32_t kinds;

static const char *const causes[MSG_SCAN_CAUSE_COUNT] = {
	[MSG_SCAN_CAUSE_START] = "start",     [MSG_SCAN_CAUSE_REQUEST] = "request",
	[MSG_SCAN_CAUSE_OVERRUN] = "overrun", [MSG_SCAN_CAUSE_GAP] = "gap",
	[MSG_SCAN_CAUSE_RESUME] = "resume",   [MSG_SCAN_CAUSE_CONGESTED] = "congested",
	[MSG_SCAN_CAUSE_SETTLED] = "settled",
};

static const char *const sights[MSG_NET_SIGHT_COUNT] = {
	[MSG_NET_SIGHT_NEIGHBOUR] = "neighbour",
	[MSG_NET_SIGHT_ROUTER] = "router",
	[MSG_NET_SIGHT_RULE] = "rule",
	[MSG_NET_SIGHT_FORWARDING] = "forwarding",
	[MSG_NET_SIGHT_DNS] = "dns",
	[MSG_NET_SIGHT_RADIO] = "radio",
	[MSG_NET_SIGHT_NAMESPACE] = "namespace",
	[MSG_NET_SIGHT_QDISC] = "qdisc",
	[MSG_NET_SIGHT_RULESET] = "ruleset",
	[MSG_NET_SIGHT_MODULE] = "module",
};

static const char *const hooks[MSG_NET_HOOK_COUNT] = { "output", "egress", "forward", "input" };

static const char *prefix_text(const struct net_prefix *prefix)
{
	static char texts[4][INET6_ADDRSTRLEN + 8];
	static unsigned int next;
	char *text = texts[next++ % 4], address[INET6_ADDRSTRLEN];

	if (prefix->family == NET_FAMILY_NONE)
		return "-";
	inet_ntop(prefix->family == NET_FAMILY_IPV4 ? AF_INET : AF_INET6, prefix->bytes, address,
		  sizeof(address));
	snprintf(text, sizeof(texts[0]), "%s/%u", address, prefix->bits);
	return text;
}

static const char *mac_text(const uint8_t *mac)
{
	static char text[3 * 6 + 1];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	return text;
}

static void print_link(const struct net_link *link)
{
	printf("link %u nsid=%d %s kind=%s flaw=%u up=%u marks=%#x parent=%u master=%u mac=%s "
	       "info=%s driver=%s path=%s\n",
	       link->index, link->nsid, link->name, net_kind_name(link->kind), link->flaw,
	       link->flags & 1, link->marks, link->parent, link->master, mac_text(link->mac),
	       link->info_kind[0] ? link->info_kind : "-", link->driver[0] ? link->driver : "-",
	       link->path[0] ? link->path : "-");
}

static void print_address(const struct msg_net_address *stated)
{
	const struct net_address *address = &stated->address;

	printf("address %c %s peer=%s on %u scope=%u\n", stated->present ? '+' : '-',
	       prefix_text(&address->local), prefix_text(&address->peer), address->index,
	       address->scope);
}

static void print_route(const struct msg_net_route *stated)
{
	const struct net_route *route = &stated->route;

	printf("route %c %s via %s from %s on %u table=%u metric=%u protocol=%u type=%u\n",
	       stated->present ? '+' : '-', prefix_text(&route->to), prefix_text(&route->gateway),
	       prefix_text(&route->source), route->index, route->table, route->metric,
	       route->protocol, route->type);
}

static void print_sight(const struct msg_net_sight_of *sight)
{
	printf("%s %u family=%u number=%" PRIu64 " %s mac=%s %s\n", sights[sight->sight],
	       sight->index, sight->family, sight->number, prefix_text(&sight->prefix),
	       mac_text(sight->mac), sight->text);
}

static void print_packet(const struct msg_net_packet *packet)
{
	printf("packet %s uid=%d to=%s port=%u protocol=%s/%u from=%s ethertype=%04x on %u "
	       "count=%" PRIu64 " lost=%" PRIu64 " length=%u\n",
	       hooks[packet->hook], (int)packet->uid, prefix_text(&packet->flow.to),
	       packet->flow.port, net_protocol_name(packet->flow.protocol), packet->flow.number,
	       prefix_text(&packet->flow.from), packet->flow.ethertype, packet->flow.index,
	       packet->count, packet->lost, packet->length);
}

static void attribute(const struct msg_net_packet *packet)
{
	const struct msg_attribute question = {
		.cookie = ++asked,
		.flow = packet->flow,
		.uid = packet->uid,
		.hook = packet->hook,
		.seen_us = packet->seen_us,
	};

	asked_ports[asked % 65536] = packet->flow.port;
	if (packet->uid != UINT32_MAX)
		link_send(attribution, MSG_ATTRIBUTE, &question, -1, NULL);
}

static int on_attributed(void *data, struct msg *msg)
{
	const struct msg_attributed *answer = msg->body;
	const struct net_actor *actor = &answer->actor;

	(void)data;
	printf("actor port=%u pid=%u uid=%d login=%s confidence=%s program=%s unit=%s\n",
	       asked_ports[answer->cookie % 65536], actor->pid, (int)actor->uid, actor->login,
	       net_confidence_name(actor->confidence), actor->program, actor->unit);
	return 0;
}

static void on_attribution_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	printf("attribution sandbox=%u\n", hello->sandbox);
}

static int on_message(void *data, struct msg *msg)
{
	const struct msg_scan *scan = msg->body;
	const struct msg_net_gone *gone = msg->body;

	(void)data;
	if (msg->type == MSG_NET_LINK)
		print_link(&((const struct msg_net_link *)msg->body)->link);
	else if (msg->type == MSG_NET_LINK_GONE)
		printf("gone %u nsid=%d\n", gone->index, gone->nsid);
	else if (msg->type == MSG_NET_ADDRESS)
		print_address(msg->body);
	else if (msg->type == MSG_NET_ROUTE)
		print_route(msg->body);
	else if (msg->type == MSG_NET_SIGHT)
		print_sight(msg->body);
	else if (msg->type == MSG_NET_PACKET)
		print_packet(msg->body), attribute(msg->body);
	else if (msg->type == MSG_NET_SCAN_BEGIN)
		printf("begin %s\n", causes[scan->cause]);
	else if (msg->type == MSG_NET_SCAN_END)
		printf("end %s %u\n", causes[scan->cause], scan->count);
	else if (msg->type == MSG_EVENT_LOSS)
		printf("loss %s\n", causes[scan->cause]);
	return 0;
}

static void hand_over(enum msg_net_socket kind)
{
	const struct msg_net_socket_kind body = { .kind = kind };
	int fd = net_sockets_open(kind);

	if (fd < 0) {
		printf("cannot open %d: %s\n", kind, strerror(-fd));
		return;
	}
	link_send(monitor, MSG_NET_SOCKET, &body, fd, NULL);
	close(fd);
}

static void on_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	printf("up sandbox=%u\n", hello->sandbox);
	for (unsigned int kind = 0; kind < MSG_NET_SOCKET_COUNT; kind++)
		if (kinds & (1u << kind))
			hand_over((enum msg_net_socket)kind);
}

static void on_down(void *data, int error, const char *reason)
{
	(void)data;
	printf("down %d %s\n", error, reason);
}

static int on_line(sd_event_source *source, int fd, uint32_t events, void *data)
{
	const struct msg_scan scan = { .cause = MSG_SCAN_CAUSE_REQUEST };
	char line[64];
	int ms;

	(void)fd;
	(void)events;
	(void)data;
	if (!fgets(line, sizeof(line), stdin) || strncmp(line, "quit", 4) == 0)
		return sd_event_exit(sd_event_source_get_event(source), 0);
	if (sscanf(line, "sleep %d", &ms) == 1)
		usleep((unsigned int)ms * 1000);
	else if (strncmp(line, "scan", 4) == 0)
		link_send(monitor, MSG_NET_SCAN_REQUEST, &scan, -1, NULL);
	return 0;
}

static int listen_at(sd_event *event, const char *root, uid_t uid, enum msg_role peer)
{
	static const struct link_handler handlers[] = {
		{ .up = on_up, .down = on_down, .message = on_message },
		{ .up = on_attribution_up, .down = on_down, .message = on_attributed },
	};
	bool is_monitor = peer == MSG_ROLE_MONITOR;
	char path[PATH_MAX];
	const struct link_config config = {
		.event = event,
		.path = path,
		.self = MSG_ROLE_CORE,
		.peer = peer,
		.peer_uid = uid,
		.queue_max = 1024,
		.handler = &handlers[!is_monitor],
	};

	if (path_join(path, root, is_monitor ? PATH_SOCKET_MONITOR : PATH_SOCKET_ATTRIBUTION) < 0)
		return -ENAMETOOLONG;
	return link_listen(&config, is_monitor ? &monitor : &attribution);
}

int main(int argc, char *argv[])
{
	sd_event *event = NULL;
	int r;

	if (argc < 3)
		return 2;
	for (int i = 3; i < argc; i++)
		kinds |= 1u << atoi(argv[i]);
	if (argc == 3)
		kinds = UINT32_MAX;
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Lines are taken one by one as they come. */
	setvbuf(stdin, NULL, _IONBF, 0);
	r = sd_event_default(&event);
	if (r >= 0)
		r = listen_at(event, argv[1], (uid_t)atoi(argv[2]), MSG_ROLE_MONITOR);
	if (r >= 0)
		r = listen_at(event, argv[1], (uid_t)atoi(argv[2]), MSG_ROLE_ATTRIBUTION);
	if (r >= 0)
		r = sd_event_add_io(event, NULL, STDIN_FILENO, EPOLLIN, on_line, NULL);
	if (r < 0) {
		fprintf(stderr, "net-listener: %s\n", strerror(-r));
		return 1;
	}
	sd_event_loop(event);
	link_free(monitor);
	link_free(attribution);
	sd_event_unref(event);
	return 0;
}
