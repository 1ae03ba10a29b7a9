// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-doord: holds the doors at which people's programs ask and root gives orders. */
#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/door/door.h"
#include "agent/lib/account.h"
#include "agent/lib/daemon.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

/* Everything that the doors need, an event loop and local sockets, every program has. */
static const struct sandbox_rule rules[] = { { .call = NULL } };

static const struct sandbox_path paths[] = {
	{ PATH_RUN_CORE, SANDBOX_READ }, /* the core's socket */
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

static int find_user(const struct daemon *daemon, const char *name, uid_t *uid, gid_t *gid)
{
	int r = account_find(daemon->root, name, uid, gid);

	if (r < 0)
		log_error("user '%s' is not in %s below %s: %s", name, PATH_PASSWD, daemon->root,
			  strerror(-r));
	return r;
}

static int find_group(const struct daemon *daemon, const char *name, gid_t *gid)
{
	int r = account_find_group(daemon->root, name, gid);

	if (r < 0)
		log_error("group '%s' is not in %s below %s: %s", name, PATH_GROUP, daemon->root,
			  strerror(-r));
	return r;
}

static int start(struct daemon *daemon, struct door *door)
{
	gid_t people, root_gid;
	int r;

	r = find_user(daemon, "root", &door->root, &root_gid);
	if (r == 0)
		r = find_group(daemon, GROUP_PEOPLE, &people);
	if (r == 0)
		r = door_open(door, daemon->root, people);
	/* The JSON library would read /dev/urandom at its first object, inside the sandbox. */
	json_object_seed(randombytes_random());
	randombytes_buf(&door->next_cookie, sizeof(door->next_cookie));
	if (r == 0)
		r = daemon_confine(daemon, &sandbox);
	door->sandbox = daemon->sandbox;
	/* Inside the sandbox already: the hello tells the core which parts are in force. */
	if (r == 0)
		r = door_connect(door, daemon->root, door->root);
	return r;
}

int main(int argc, char *argv[])
{
	struct daemon daemon;
	struct door *door;
	int r;

	r = daemon_init(&daemon, "airgap-doord",
			"Answers the programs of people at " PATH_QUERY
			" and passes root's orders at\n" PATH_CONTROL
			" to airgapd. Started by systemd.",
			argc, argv);
	if (r != 0)
		return r < 0;
	door = calloc(1, sizeof(*door));
	if (!door)
		return 1;
	door->event = daemon.event;
	r = start(&daemon, door);
	r = r < 0 ? 1 : daemon_run(&daemon);
	door_close(door);
	free(door);
	daemon_done(&daemon);
	return r;
}
