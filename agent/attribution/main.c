// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgap-attribution: says which process sent a refused packet, and how sure that is; never a guess.
 *
 * It holds the two rights that looking into other users' processes takes, and does nothing else: one
 * question, one answer, nothing kept in between.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/attribution/lookup.h"
#include "agent/attribution/process.h"
#include "agent/lib/account.h"
#include "agent/lib/daemon.h"
#include "agent/lib/link.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

#define QUEUE_MAX 256

/*
 * A port below those that Linux deals out at random (ip_local_port_range) was chosen by a program, and the next one
 * that chooses it has it at once: who has it later than this is not asked.
 */
#define CHOSEN_PORTS 32768
#define CHOSEN_US    50000

static struct daemon self;
static struct link *core;
static struct lookup *sockets;

static const struct sandbox_rule rules[] = {
	/* /proc: folders of processes, where links lead; the password file */
	{ "openat", 0, 0, 0 },	   { "newfstatat", 0, 0, 0 }, { "readlinkat", 0, 0, 0 },
	{ "getdents64", 0, 0, 0 }, { NULL, 0, 0, 0 },
};

/*
 * No Landlock: it forbids to look into any process outside its own fence (security/landlock/ptrace.c),
 * which is what this program is for. It can write nothing: no call that it may make opens for writing
 * what its user could not, and its user owns nothing.
 */
static const struct sandbox sandbox = { .rules = rules };

static bool is_late(const struct msg_attribute *question)
{
	return question->flow.from_port < CHOSEN_PORTS &&
	       clock_boottime_us() > question->seen_us + CHOSEN_US;
}

static void answer(const struct msg_attribute *question, struct msg_attributed *reply)
{
	struct net_actor *actor = &reply->actor;
	uint64_t inode;
	int r;

	actor->uid = question->uid;
	if (question->uid == UINT32_MAX)
		return;
	actor->confidence = NET_CONFIDENCE_UID;
	/* First the socket: it may be gone in a moment. */
	r = lookup_socket(sockets, question, &inode);
	if (r == 0 && is_late(question))
		r = -ESTALE;
	if (r == 0)
		r = process_find(self.root, inode, question->seen_us, actor);
	if (r == 0)
		actor->confidence = NET_CONFIDENCE_SOCKDIAG;
	account_name(self.root, question->uid, actor->login, sizeof(actor->login));
}

static int on_message(void *data, struct msg *msg)
{
	const struct msg_attribute *question = msg->body;
	struct msg_attributed reply = { 0 };

	(void)data;
	if (msg->type != MSG_ATTRIBUTE)
		return -EPROTO;
	reply.cookie = question->cookie;
	answer(question, &reply);
	/* A core that does not read its answers asks in vain; it goes on without them. */
	link_send(core, MSG_ATTRIBUTED, &reply, -1, NULL);
	return 0;
}

static void on_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	(void)hello;
}

static void on_down(void *data, int error, const char *reason)
{
	(void)data;
	log_warning("lost airgapd (%s%s); waiting for it", reason,
		    error == -EPROTO ? ", dropped" : "");
}

static int connect_core(void)
{
	static const struct link_handler handler = { on_up, on_down, on_message, NULL };
	struct link_config config = {
		.event = self.event,
		.self = MSG_ROLE_ATTRIBUTION,
		.peer = MSG_ROLE_CORE,
		.queue_max = QUEUE_MAX,
		.sandbox = self.sandbox,
		.handler = &handler,
	};
	char path[PATH_MAX];
	gid_t group;
	int r;

	r = account_find(self.root, "root", &config.peer_uid, &group);
	if (r == 0)
		r = path_join(path, self.root, PATH_SOCKET_ATTRIBUTION);
	config.path = path;
	return r < 0 ? r : link_connect(&config, &core);
}

int main(int argc, char *argv[])
{
	int r;

	r = daemon_init(&self, "airgap-attribution",
			"Tells airgapd which process sent a refused packet, and how sure that is.",
			argc, argv);
	if (r != 0)
		return r == 1 ? EXIT_SUCCESS : 2;
	r = lookup_new(self.root, &sockets);
	if (r == 0)
		r = daemon_confine(&self, &sandbox);
	if (r == 0)
		r = connect_core();
	if (r < 0)
		log_error("cannot start: %s", strerror(-r));
	r = r == 0 ? daemon_run(&self) : EXIT_FAILURE;
	link_free(core);
	lookup_free(sockets);
	daemon_done(&self);
	return r;
}
