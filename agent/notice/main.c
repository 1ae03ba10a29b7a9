// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/account.h"
#include "agent/lib/daemon.h"
#include "agent/lib/i18n.h"
#include "agent/lib/link.h"
#include "agent/lib/log.h"
#include "agent/lib/notice_text.h"
#include "agent/lib/path.h"
#include "agent/notice/notice.h"

static struct daemon self;
static struct notice_sessions sessions = { .fd = -1 };
static struct link *core;

/* Beyond what every program needs: users' terminals, who is logged in, the journal's socket. */
static const struct sandbox_rule rules[] = {
	{ "openat", 0, 0, 0 },
	{ "newfstatat", 0, 0, 0 },
	{ "ioctl", 1, UINT64_MAX, 0x5401 /* TCGETS, of isatty(3) */ },
	/* sd_journal_send() */
	{ "memfd_create", 0, 0, 0 },
	{ NULL, 0, 0, 0 },
};

static const struct sandbox_path paths[] = {
	{ PATH_RUN_CORE, SANDBOX_READ },
	{ "/run/utmp", SANDBOX_READ },
	{ "/dev/pts", SANDBOX_READ | SANDBOX_WRITE },
	{ "/dev", SANDBOX_READ | SANDBOX_WRITE },
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

static int on_message(void *data, struct msg *msg)
{
	const struct msg_notice *notice = msg->body;

	(void)data;
	if (msg->type != MSG_NOTICE)
		return -EPROTO;
	notice_syslog_tell(notice);
	notice_sessions_tell(&sessions, notice);
	log_info("%s: told %u terminals", notice_event_name(notice->event),
		 notice_tty_tell(self.root, notice));
	return 0;
}

static void on_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	(void)hello;
	log_info("connected to airgapd");
}

static void on_down(void *data, int error, const char *reason)
{
	(void)data;
	(void)error;
	log_warning("lost airgapd (%s); waiting for it", reason);
}

static int connect_core(uid_t root)
{
	static const struct link_handler handler = { on_up, on_down, on_message, NULL };
	char path[PATH_MAX];
	struct link_config config = {
		.event = self.event,
		.path = path,
		.self = MSG_ROLE_NOTICE,
		.peer = MSG_ROLE_CORE,
		.peer_uid = root,
		.queue_max = 1,
		.sandbox = self.sandbox,
		.handler = &handler,
	};
	int r = path_join(path, self.root, PATH_SOCKET_NOTICE);

	return r < 0 ? r : link_connect(&config, &core);
}

/* Read while files can still be: the catalog is loaded at its first text. */
static void learn_language(void)
{
	struct notice_text text;
	const struct msg_notice any = { .event = NOTICE_LOCKDOWN };

	i18n_init(NULL);
	notice_text(&any, &text);
	json_object_seed(randombytes_random());
}

static int start(void)
{
	uid_t root;
	gid_t group;
	int r;

	r = account_find(self.root, "root", &root, &group);
	if (r < 0) {
		log_error("no user root in the password file: %s", strerror(-r));
		return r;
	}
	learn_language();
	r = notice_sessions_open(&sessions, self.event, self.root);
	if (r == 0)
		r = daemon_confine(&self, &sandbox);
	if (r == 0)
		r = connect_core(root);
	return r;
}

int main(int argc, char *argv[])
{
	int r;

	r = daemon_init(&self, "airgap-noticed",
			"Tells people at this terminal what was refused, why, and whom to call.",
			argc, argv);
	if (r != 0)
		return r == 1 ? EXIT_SUCCESS : 2;
	r = start() == 0 ? daemon_run(&self) : EXIT_FAILURE;
	link_free(core);
	notice_sessions_close(&sessions);
	daemon_done(&self);
	return r;
}
