// SPDX-License-Identifier: GPL-2.0-or-later
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
#include "agent/lib/seqpacket.h"

struct desk {
	int fd;
	sd_event_source *source;
};

static const char closed[] = "{\"v\":1,\"more\":false,\"error\":\"closed\",\"text\":\"no transfer "
			     "is possible: airgapd has "
			     "not said what is permitted\"}";

static int on_accept(sd_event_source *source, int listen_fd, uint32_t events, void *data)
{
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)events;
	(void)data;
	if (fd < 0)
		return 0;
	seqpacket_send(fd, closed, sizeof(closed), -1);
	close(fd);
	return 0;
}

int desk_open(struct transferd *self)
{
	char path[PATH_MAX];
	struct desk *desk = calloc(1, sizeof(*desk));
	int r = desk ? path_join(path, self->root, PATH_TRANSFER) : -ENOMEM;

	if (!desk)
		return r;
	self->desk = desk;
	desk->fd = -1;
	if (r == 0)
		r = desk->fd = seqpacket_listen(path, (gid_t)-1);
	if (r >= 0)
		r = sd_event_add_io(self->event, &desk->source, desk->fd, EPOLLIN, on_accept, self);
	/* Last: everybody may ask from now on. */
	if (r >= 0 && chmod(path, 0666) < 0)
		r = -errno;
	if (r < 0)
		log_error("cannot open " PATH_TRANSFER ": %s", strerror(-r));
	return r < 0 ? r : 0;
}

void desk_close(struct transferd *self)
{
	if (!self->desk)
		return;
	sd_event_source_disable_unref(self->desk->source);
	if (self->desk->fd >= 0)
		close(self->desk->fd);
	free(self->desk);
	self->desk = NULL;
}
