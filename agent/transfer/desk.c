// SPDX-License-Identifier: GPL-2.0-or-later
/* The socket itself: who may come in, and how many. */
#include "agent/transfer/desk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/path.h"

static const char *refusal(const struct transferd *self, uid_t uid)
{
	unsigned int limit =
		uid == self->root_user ? DESK_CLIENTS_MAX : DESK_CLIENTS_MAX - DESK_CLIENTS_ROOT;
	unsigned int all = 0, own = 0;

	for (const struct desk_client *client = self->clients; client; client = client->next) {
		all++;
		own += client->uid == uid;
	}
	if (all >= limit)
		return "{\"v\":1,\"more\":false,\"error\":\"busy\",\"text\":\"too many programs "
		       "are "
		       "connected; try again in a moment\"}";
	if (own >= DESK_CLIENTS_USER)
		return "{\"v\":1,\"more\":false,\"error\":\"busy\",\"text\":\"this user has too "
		       "many "
		       "connections already\"}";
	return NULL;
}

static int on_accept(sd_event_source *source, int listen_fd, uint32_t events, void *data)
{
	struct transferd *self = data;
	struct ucred peer;
	socklen_t length = sizeof(peer);
	const char *why;
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)events;
	if (fd < 0)
		return 0;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) {
		close(fd);
		return 0;
	}
	why = refusal(self, peer.uid);
	if (why)
		/* One attempt; whoever does not read it learns nothing. */
		seqpacket_send(fd, why, strlen(why) + 1, -1);
	if (why || desk_client_new(self, fd, peer.uid) < 0)
		close(fd);
	return 0;
}

int desk_open(struct transferd *self)
{
	char path[PATH_MAX];
	int r = path_join(path, self->root, PATH_TRANSFER);

	if (r == 0)
		r = self->desk_fd = seqpacket_listen(path, (gid_t)-1);
	if (r >= 0)
		r = sd_event_add_io(self->event, &self->desk, self->desk_fd, EPOLLIN, on_accept,
				    self);
	/* After the core: what it says comes first. */
	if (r >= 0)
		r = sd_event_source_set_priority(self->desk, 10);
	/* Last: everybody may ask from now on. */
	if (r >= 0 && chmod(path, 0666) < 0)
		r = -errno;
	if (r < 0)
		log_error("cannot open " PATH_TRANSFER ": %s", strerror(-r));
	return r < 0 ? r : 0;
}

void desk_close(struct transferd *self)
{
	while (self->clients)
		desk_client_free(self->clients);
	sd_event_source_disable_unref(self->desk);
	self->desk = NULL;
	if (self->desk_fd >= 0)
		close(self->desk_fd);
	self->desk_fd = -1;
}
