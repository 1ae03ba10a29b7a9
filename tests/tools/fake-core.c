// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A core for tests of the door: says on the real link what it is told on standard input.
 *
 *	fake-core ROOT DOOR-UID GROUP
 *
 *	status MODE [REASON]		the agent's status
 *	begin				the list of devices begins anew
 *	plug PORT ID SERIAL STATE [NAME] a device; SERIAL "-": none; NAME may hold %XX bytes
 *	gone PORT
 *	many N				N devices at ports 9-1 ... 9-N
 *	net begin			the network's list begins anew
 *	net link NAME KIND STATE RULE	a link; its number follows from the order of first naming
 *	net peer LINK RULE TEXT
 *	net packet UID PROGRAM ADDRESS PORT
 *	net undone NAME			forwarding was switched on and is off again
 *	mute | speak			leave control requests without an answer, or answer again
 *	drop				close the link
 *
 * A policy whose first line says "good" is accepted, any other is refused with its first line. Prints
 * "up", "down" and "control VERB UID BYTES" lines.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "agent/lib/daemon.h"
#include "agent/lib/file.h"
#include "agent/lib/link.h"
#include "agent/lib/path.h"
#include "policy/decide/net.h"

struct fake {
	sd_event *event;
	struct link *link;
	struct link_config config;
	struct agent_status status;
	struct usb_outcome devices[2048];
	size_t count;
	uint64_t plug;
	bool mute;
};

static void send_device(struct fake *fake, const struct usb_outcome *outcome)
{
	link_send(fake->link, MSG_USB_OUTCOME, outcome, -1, NULL);
}

static void on_up(void *data, const struct msg_hello *hello)
{
	struct fake *fake = data;

	fake->status.sandbox[MSG_ROLE_DOOR] = hello->sandbox;
	link_send(fake->link, MSG_AGENT_STATUS, &fake->status, -1, NULL);
	link_send(fake->link, MSG_DEVICES_BEGIN, NULL, -1, NULL);
	for (size_t i = 0; i < fake->count; i++)
		send_device(fake, &fake->devices[i]);
	puts("up");
}

static void on_down(void *data, int error, const char *reason)
{
	(void)data;
	(void)error;
	printf("down %s\n", reason);
}

static void judge(int fd, struct msg_control_reply *reply, size_t *length)
{
	uint8_t *bytes = NULL;

	*length = 0;
	reply->error = file_read_fd(fd, 1 << 20, &bytes, length);
	if (reply->error == 0 && strncmp((char *)bytes, "good", 4) == 0) {
		snprintf(reply->text, sizeof(reply->text), "The policy is in force.");
	} else if (reply->error == 0) {
		reply->error = -EKEYREJECTED;
		snprintf(reply->text, sizeof(reply->text), "The active policy stays: %.*s",
			 (int)strcspn((char *)bytes, "\n"), (char *)bytes);
	}
	free(bytes);
}

static int on_message(void *data, struct msg *msg)
{
	struct fake *fake = data;
	const struct msg_control *control = msg->body;
	struct msg_control_reply reply = { 0 };
	size_t length = 0;

	if (msg->type != MSG_CONTROL)
		return -EPROTO;
	reply.cookie = control->cookie;
	if (control->verb == CONTROL_INSTALL)
		judge(msg->fd, &reply, &length);
	else
		snprintf(reply.text, sizeof(reply.text), "Every device is being read anew.");
	printf("control %u %u %zu\n", control->verb, control->uid, length);
	if (!fake->mute)
		link_send(fake->link, MSG_CONTROL_REPLY, &reply, -1, NULL);
	return 0;
}

static const struct link_handler handler = { .up = on_up, .down = on_down, .message = on_message };

/* "%1b" becomes the byte. */
static void unescape(char *out, size_t size, const char *text)
{
	size_t used = 0;

	while (*text && used + 1 < size) {
		unsigned int byte;

		if (*text == '%' && sscanf(text + 1, "%2x", &byte) == 1) {
			out[used++] = (char)byte;
			text += 3;
		} else {
			out[used++] = *text++;
		}
	}
}

static void fill(struct usb_outcome *outcome, const char *state)
{
	static const char *const states[] = { "blocked", "pending", "authorised", "failed",
					      "gone" };
	struct policy_verdict *verdict = &outcome->decided.verdict;
	struct usb_facts *facts = &outcome->decided.facts;

	facts->bus = 1;
	facts->configurations = 1;
	facts->connect = USB_CONNECT_HOTPLUG;
	facts->interface_count = 1;
	facts->interfaces[0] =
		(struct usb_interface){ .config = 1, .class = 8, .subclass = 6, .protocol = 0x50 };
	for (uint32_t i = 0; i < USB_STATE_COUNT; i++)
		if (strcmp(states[i], state) == 0)
			outcome->state = i;
	verdict->cause = POLICY_CAUSE_DEFAULT;
	snprintf(verdict->because, sizeof(verdict->because), "no rule allows it");
	if (outcome->state == USB_STATE_AUTHORISED) {
		verdict->result = POLICY_RESULT_PERMIT;
		verdict->cause = POLICY_CAUSE_ALLOW;
		verdict->line = 12;
		verdict->interfaces[0] = 1;
		snprintf(verdict->rule, sizeof(verdict->rule), "storage");
		snprintf(verdict->because, sizeof(verdict->because), "a registered stick");
	}
}

static struct usb_outcome *find(struct fake *fake, const char *port)
{
	for (size_t i = 0; i < fake->count; i++)
		if (strcmp(fake->devices[i].decided.facts.port, port) == 0)
			return &fake->devices[i];
	if (fake->count == sizeof(fake->devices) / sizeof(fake->devices[0]))
		return NULL;
	return &fake->devices[fake->count++];
}

static void plug(struct fake *fake, const char *port, const char *id, const char *serial,
		 const char *state, const char *name)
{
	struct usb_outcome *outcome = find(fake, port);
	unsigned int vendor = 0, product = 0;
	struct usb_facts *facts;

	if (!outcome)
		return;
	memset(outcome, 0, sizeof(*outcome));
	facts = &outcome->decided.facts;
	sscanf(id, "%x:%x", &vendor, &product);
	facts->vendor = (uint16_t)vendor;
	facts->product = (uint16_t)product;
	facts->device = (uint32_t)++fake->plug;
	outcome->plug = fake->plug;
	snprintf(facts->port, sizeof(facts->port), "%s", port);
	snprintf(facts->serial, sizeof(facts->serial), "%s",
		 strcmp(serial, "-") == 0 ? "" : serial);
	snprintf(facts->manufacturer, sizeof(facts->manufacturer), "Acme");
	unescape(facts->name, sizeof(facts->name), name);
	fill(outcome, state);
	send_device(fake, outcome);
}

static void gone(struct fake *fake, const char *port)
{
	struct usb_outcome *outcome = find(fake, port);

	if (!outcome)
		return;
	outcome->state = USB_STATE_GONE;
	send_device(fake, outcome);
	*outcome = fake->devices[--fake->count];
}

static void many(struct fake *fake, long count)
{
	char port[32];

	for (long i = 1; i <= count; i++) {
		snprintf(port, sizeof(port), "9-%ld", i);
		plug(fake, port, "1234:5678", "-", "blocked", "stick");
	}
}

static uint32_t named(const char *const *names, uint32_t count, const char *name)
{
	uint32_t i = 0;

	while (i < count && strcmp(names[i], name) != 0)
		i++;
	return i < count ? i : 0;
}

static void net_link(struct fake *fake, const char *name, const char *kind, const char *state,
		     const char *rule)
{
	static const char *const states[] = { "down", "pending", "open", "failed", "gone" };
	static char known[64][NET_NAME_SIZE];
	struct net_outcome outcome = { .state = named(states, NET_STATE_COUNT, state) };
	struct net_link *link = &outcome.decided.link;
	uint32_t at = 0;

	while (at < 63 && known[at][0] && strcmp(known[at], name) != 0)
		at++;
	snprintf(known[at], sizeof(known[at]), "%s", name);
	link->index = at + 1;
	link->nsid = -1;
	outcome.plug = at + 1;
	for (uint32_t i = 0; i < NET_KIND_COUNT; i++)
		if (strcmp(net_kind_name(i), kind) == 0)
			link->kind = i;
	snprintf(link->name, sizeof(link->name), "%s", name);
	snprintf(link->path, sizeof(link->path), "pci-0000:00:03.0");
	link->permanent_length = 6;
	memcpy(link->permanent, "\x02\x00\x00\x00\x00\x01", 6);
	outcome.decided.verdict.result = outcome.state == NET_STATE_OPEN;
	outcome.decided.verdict.cause = rule[0] ? POLICY_CAUSE_ALLOW : POLICY_CAUSE_DEFAULT;
	snprintf(outcome.decided.verdict.rule, sizeof(outcome.decided.verdict.rule), "%s", rule);
	snprintf(outcome.decided.verdict.because, sizeof(outcome.decided.verdict.because),
		 rule[0] ? "it is registered" : "no rule allows it");
	link_send(fake->link, MSG_NET_OUTCOME, &outcome, -1, NULL);
}

static void net_packet(struct fake *fake, const char *uid, const char *program, const char *address,
		       const char *port)
{
	static uint64_t count;
	struct net_violation violation = { .kind = NET_VIOLATION_EGRESS_BLOCKED,
					   .remedy = NET_REMEDY_DROPPED,
					   .count = ++count,
					   .first_us = 1 };

	violation.last_us = clock_boottime_us();
	violation.actor.uid = (uint32_t)strtoul(uid, NULL, 10);
	violation.actor.confidence = NET_CONFIDENCE_SOCKDIAG;
	snprintf(violation.actor.program, sizeof(violation.actor.program), "%s", program);
	violation.flow.protocol = NET_PROTOCOL_TCP;
	violation.flow.number = IPPROTO_TCP;
	violation.flow.index = 1;
	violation.flow.port = (uint16_t)strtoul(port, NULL, 10);
	violation.flow.to.family = NET_FAMILY_IPV4;
	violation.flow.to.bits = 32;
	inet_pton(AF_INET, address, violation.flow.to.bytes);
	link_send(fake->link, MSG_NET_VIOLATION, &violation, -1, NULL);
}

static void obey_net(struct fake *fake, char word[static 6][256])
{
	struct msg_net_peer peer = { 0 };
	struct net_violation undone = { .kind = NET_VIOLATION_FORWARDING_ENABLED,
					.remedy = NET_REMEDY_SETTING_RESTORED,
					.count = 1 };

	if (strcmp(word[1], "begin") == 0) {
		link_send(fake->link, MSG_NET_BEGIN, NULL, -1, NULL);
	} else if (strcmp(word[1], "link") == 0) {
		net_link(fake, word[2], word[3], word[4], word[5]);
	} else if (strcmp(word[1], "packet") == 0) {
		net_packet(fake, word[2], word[3], word[4], word[5]);
	} else if (strcmp(word[1], "peer") == 0) {
		peer.index = (uint32_t)strtoul(word[2], NULL, 10);
		snprintf(peer.rule, sizeof(peer.rule), "%.70s", word[3]);
		snprintf(peer.text, sizeof(peer.text), "%s %s", word[4], word[5]);
		link_send(fake->link, MSG_NET_PEER, &peer, -1, NULL);
	} else if (strcmp(word[1], "undone") == 0) {
		undone.first_us = undone.last_us = clock_boottime_us();
		unescape(undone.text, sizeof(undone.text), word[2]);
		link_send(fake->link, MSG_NET_VIOLATION, &undone, -1, NULL);
	}
}

static void set_status(struct fake *fake, const char *mode, const char *reason)
{
	static const char *const modes[AGENT_MODE_COUNT] = { "starting", "enforcing", "monitoring",
							     "restricted", "lockdown" };
	struct agent_status *status = &fake->status;

	for (uint32_t i = 0; i < AGENT_MODE_COUNT; i++)
		if (strcmp(modes[i], mode) == 0)
			status->mode = i;
	snprintf(status->reason, sizeof(status->reason), "%s", reason);
	snprintf(status->policy_id, sizeof(status->policy_id), "7.2/test");
	snprintf(status->terminal, sizeof(status->terminal), "T-1");
	snprintf(status->unit, sizeof(status->unit), "7.2.14");
	snprintf(status->level, sizeof(status->level), "mimi");
	snprintf(status->valid_from, sizeof(status->valid_from), "2020-01-01");
	snprintf(status->valid_until, sizeof(status->valid_until), "2099-12-31");
	status->policy_serial = 42;
	status->journal_next = 7;
	status->devices = (uint32_t)fake->count;
	for (int role = 0; role < MSG_ROLE_COUNT; role++)
		status->sandbox[role] = MSG_SANDBOX_SECCOMP | MSG_SANDBOX_LANDLOCK;
	status->present = UINT32_C(1) << MSG_ROLE_NOTICE;
	link_send(fake->link, MSG_AGENT_STATUS, status, -1, NULL);
}

static void obey(struct fake *fake, char *line)
{
	char word[6][256] = { "" };
	int n = sscanf(line, "%255s %255s %255s %255s %255s %255[^\n]", word[0], word[1], word[2],
		       word[3], word[4], word[5]);

	if (n < 1)
		return;
	if (strcmp(word[0], "status") == 0)
		set_status(fake, word[1], word[2]);
	else if (strcmp(word[0], "begin") == 0)
		link_send(fake->link, MSG_DEVICES_BEGIN, NULL, -1, NULL);
	else if (strcmp(word[0], "plug") == 0)
		plug(fake, word[1], word[2], word[3], word[4], word[5]);
	else if (strcmp(word[0], "net") == 0)
		obey_net(fake, word);
	else if (strcmp(word[0], "gone") == 0)
		gone(fake, word[1]);
	else if (strcmp(word[0], "many") == 0)
		many(fake, strtol(word[1], NULL, 10));
	else if (strcmp(word[0], "mute") == 0 || strcmp(word[0], "speak") == 0)
		fake->mute = word[0][0] == 'm';
	else
		printf("unknown command %s\n", word[0]);
	printf("did %s", line);
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct fake *fake = data;
	static char buffer[4096];
	static size_t filled;
	ssize_t n = read(fd, buffer + filled, sizeof(buffer) - 1 - filled);
	char *end;

	(void)source;
	(void)events;
	if (n <= 0)
		return sd_event_exit(fake->event, 0);
	filled += (size_t)n;
	buffer[filled] = 0;
	while ((end = strchr(buffer, '\n'))) {
		char line[4096];
		size_t length = (size_t)(end - buffer) + 1;

		memcpy(line, buffer, length);
		line[length] = 0;
		memmove(buffer, end + 1, filled - length + 1);
		filled -= length;
		if (strncmp(line, "drop", 4) == 0) {
			link_free(fake->link);
			fake->link = NULL;
			printf("did %s", line);
			if (link_listen(&fake->config, &fake->link) < 0)
				return sd_event_exit(fake->event, 1);
			continue;
		}
		obey(fake, line);
	}
	return 0;
}

int main(int argc, char *argv[])
{
	static struct fake fake;
	char path[PATH_MAX];

	if (argc != 4 || path_join(path, argv[1], PATH_SOCKET_DOOR) < 0)
		return 2;
	setlinebuf(stdout);
	if (sd_event_default(&fake.event) < 0)
		return 1;
	fake.config = (struct link_config){ .event = fake.event,
					    .path = path,
					    .self = MSG_ROLE_CORE,
					    .peer = MSG_ROLE_DOOR,
					    .peer_uid = (uid_t)strtoul(argv[2], NULL, 10),
					    .group = (gid_t)strtoul(argv[3], NULL, 10),
					    .queue_max = 4096,
					    .sandbox = MSG_SANDBOX_SECCOMP,
					    .handler = &handler,
					    .data = &fake };
	if (link_listen(&fake.config, &fake.link) < 0 ||
	    sd_event_add_io(fake.event, NULL, STDIN_FILENO, EPOLLIN, on_input, &fake) < 0)
		return 1;
	return sd_event_loop(fake.event);
}
