// SPDX-License-Identifier: GPL-2.0-or-later
/* The sockets themselves: who may come in, how many, and for how long. */
#include <errno.h>
#include <string.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/door/door_client.h"
#include "agent/door/door_reply.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

#define BACKLOG 64

static const struct {
	const char *path;
	mode_t mode;
} places[DOOR_KIND_COUNT] = {
	[DOOR_QUERY] = { PATH_QUERY, 0660 },
	[DOOR_CONTROL] = { PATH_CONTROL, 0600 },
};

static unsigned int count_of_user(const struct door_listener *listener, uid_t uid)
{
	unsigned int count = 0;

	for (struct door_client *client = listener->door->clients; client; client = client->next)
		count += client->listener == listener && client->uid == uid;
	return count;
}

/* NULL when the peer may come in, else why not. */
static const char *refusal(const struct door_listener *listener, uid_t uid)
{
	const struct door *door = listener->door;
	unsigned int limit = DOOR_CONTROL_MAX;

	if (listener->kind == DOOR_CONTROL && uid != door->root)
		return "only root may give orders at the control door";
	if (listener->kind == DOOR_QUERY)
		limit = uid == door->root ? DOOR_CLIENTS_MAX : DOOR_CLIENTS_MAX - DOOR_CLIENTS_ROOT;
	if (listener->count >= limit)
		return "too many programs are connected; try again in a moment";
	if (count_of_user(listener, uid) >= DOOR_CLIENTS_USER)
		return "this user has too many connections already";
	return NULL;
}

static void turn_away(int fd, const char *error, const char *why)
{
	char *object = door_reply_error(error, why);

	/* One attempt; whoever does not read it learns nothing. */
	if (object)
		(void)!send(fd, object, strlen(object) + 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	free(object);
	close(fd);
}

static int on_accept(sd_event_source *source, int listen_fd, uint32_t events, void *data)
{
	struct door_listener *listener = data;
	struct ucred peer;
	socklen_t length = sizeof(peer);
	const char *why;
	int fd;

	(void)source;
	(void)events;
	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return 0;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) {
		close(fd);
		return 0;
	}
	why = refusal(listener, peer.uid);
	if (why)
		turn_away(fd, listener->kind == DOOR_CONTROL ? "not-permitted" : "busy", why);
	else if (door_client_new(listener, fd, peer.uid) < 0)
		close(fd);
	door_timer_update(listener->door);
	return 0;
}

void door_timer_update(struct door *door)
{
	uint64_t earliest = UINT64_MAX;

	for (struct door_client *client = door->clients; client; client = client->next)
		if (client->deadline_us < earliest)
			earliest = client->deadline_us;
	if (earliest == UINT64_MAX) {
		sd_event_source_set_enabled(door->timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time(door->timer, earliest);
	sd_event_source_set_enabled(door->timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *source, uint64_t now, void *data)
{
	struct door *door = data;
	struct door_client *client, *next;

	(void)source;
	for (client = door->clients; client; client = next) {
		next = client->next;
		if (client->deadline_us > now)
			continue;
		if (client->state == DOOR_CLIENT_WAITING && !client->out) {
			client->state = DOOR_CLIENT_IDLE;
			door_client_reply(
				client,
				door_reply_error("no-answer",
						 "airgapd has not answered in time; what "
						 "became of the request, "
						 "'airgapctl status' and the journal tell"));
			door_client_run(client);
		} else {
			door_client_free(client);
		}
	}
	door_timer_update(door);
	return 0;
}

static int open_socket(const char *path, mode_t mode, gid_t group)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* The socket of an earlier run; nobody else may write in this folder. */
	unlink(path);
	/* The process's umask keeps everyone out until the mode is set. */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chown(path, (uid_t)-1, group) < 0 || chmod(path, mode) < 0 || listen(fd, BACKLOG) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

static int open_listener(struct door_listener *listener, const char *root, gid_t group)
{
	char path[PATH_MAX];
	int r = path_join(path, root, places[listener->kind].path);

	if (r == 0)
		r = listener->fd = open_socket(path, places[listener->kind].mode, group);
	if (r >= 0)
		r = sd_event_add_io(listener->door->event, &listener->source, listener->fd, EPOLLIN,
				    on_accept, listener);
	if (r >= 0)
		r = sd_event_source_set_priority(listener->source,
						 listener->kind == DOOR_QUERY ? 20 : 10);
	if (r < 0)
		log_error("cannot open %s: %s", path, strerror(-r));
	return r < 0 ? r : 0;
}

int door_open(struct door *door, const char *root, gid_t people)
{
	int r;

	for (int kind = 0; kind < DOOR_KIND_COUNT; kind++)
		door->listeners[kind] = (struct door_listener){ .door = door,
								.kind = (enum door_kind)kind,
								.fd = -1 };
	r = sd_event_add_time(door->event, &door->timer, CLOCK_MONOTONIC, 0, 100000, on_timer,
			      door);
	if (r >= 0)
		r = sd_event_source_set_enabled(door->timer, SD_EVENT_OFF);
	if (r >= 0)
		r = open_listener(&door->listeners[DOOR_QUERY], root, people);
	if (r >= 0)
		r = open_listener(&door->listeners[DOOR_CONTROL], root, (gid_t)-1);
	return r < 0 ? r : 0;
}

void door_close(struct door *door)
{
	while (door->clients)
		door_client_free(door->clients);
	for (int kind = 0; kind < DOOR_KIND_COUNT; kind++) {
		sd_event_source_disable_unref(door->listeners[kind].source);
		if (door->listeners[kind].door && door->listeners[kind].fd >= 0)
			close(door->listeners[kind].fd);
	}
	sd_event_source_disable_unref(door->timer);
	link_free(door->core);
	door_cache_clear(&door->cache);
	door_net_clear(&door->net);
}
