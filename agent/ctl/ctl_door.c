// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_door.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/lib/path.h"

/* An object of an answer has at most this many bytes, its NUL among them. */
#define OBJECT_MAX 65536

/* Queries are answered from memory; an order may wait for disks. */
#define QUERY_SECONDS	10
#define CONTROL_SECONDS 150

const char *ctl_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

json_int_t ctl_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static int explain(struct ctl_door *door, int error)
{
	const char *what;

	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
		what = "airgap-doord is not running; look at 'systemctl status airgap-doord'";
		break;
	case -EACCES:
		what = strcmp(door->path, PATH_CONTROL) == 0
			       ? "only root may do this"
			       : "you may not ask: root can add you to the group 'airgap'";
		break;
	case -EAGAIN:
		what = "airgap-doord does not answer; look at 'systemctl status airgap-doord'";
		break;
	case -EBADMSG:
		what = "what answers there is not airgap-doord of this version";
		break;
	default:
		what = strerror(-error);
	}
	snprintf(door->reason, sizeof(door->reason), "%s: %s", door->path, what);
	return error;
}

static int dial(const struct ctl *ctl, struct ctl_door *door)
{
	struct timeval wait = { .tv_sec = strcmp(door->path, PATH_CONTROL) == 0 ? CONTROL_SECONDS
										: QUERY_SECONDS };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[PATH_MAX];
	int r = path_join(path, ctl->root, door->path);

	if (r < 0)
		return r;
	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	door->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (door->fd < 0 ||
	    setsockopt(door->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) < 0 ||
	    setsockopt(door->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) < 0 ||
	    connect(door->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return 0;
}

/* The request with its NUL, and the file with its first byte. */
static int send_request(int fd, char *text, size_t length, int file)
{
	struct iovec iov = { .iov_base = text, .iov_len = length };
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;

	if (file >= 0) {
		struct cmsghdr *cmsg;

		header.msg_control = control.space;
		header.msg_controllen = sizeof(control.space);
		cmsg = CMSG_FIRSTHDR(&header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &file, sizeof(file));
	}
	n = sendmsg(fd, &header, MSG_NOSIGNAL);
	/* A fresh socket takes so few bytes whole or not at all. */
	return n == (ssize_t)length ? 0 : n < 0 ? -errno : -EIO;
}

int ctl_door_ask(const struct ctl *ctl, struct ctl_door *door, const char *path, const char *verb,
		 int file)
{
	char request[128];
	int n, r;

	*door = (struct ctl_door){ .fd = -1, .path = path };
	door->buffer = malloc(OBJECT_MAX);
	if (!door->buffer)
		return explain(door, -ENOMEM);
	r = dial(ctl, door);
	if (r < 0)
		return explain(door, r);
	n = snprintf(request, sizeof(request), "{\"v\":1,\"verb\":\"%s\"}", verb);
	r = send_request(door->fd, request, (size_t)n + 1, file);
	/* A door that turns someone away says why before it closes: that is read yet. */
	return r < 0 && r != -EPIPE && r != -ECONNRESET ? explain(door, r) : 0;
}

static int read_more(struct ctl_door *door)
{
	ssize_t n;

	if (door->start > 0) {
		memmove(door->buffer, door->buffer + door->start, door->filled - door->start);
		door->filled -= door->start;
		door->start = 0;
	}
	if (door->filled == OBJECT_MAX)
		return -EBADMSG;
	do {
		n = recv(door->fd, door->buffer + door->filled, OBJECT_MAX - door->filled, 0);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n < 0 ? -errno : -ECONNRESET;
	door->filled += (size_t)n;
	return 0;
}

int ctl_door_next(struct ctl_door *door, json_t **object)
{
	size_t length;
	char *end;
	int r;

	*object = NULL;
	while (!(end = memchr(door->buffer + door->start, 0, door->filled - door->start))) {
		r = read_more(door);
		if (r < 0)
			return explain(door, r);
	}
	length = (size_t)(end - (door->buffer + door->start));
	*object = json_loadb(door->buffer + door->start, length, JSON_REJECT_DUPLICATES, NULL);
	door->start += length + 1;
	if (!json_is_object(*object) || !json_is_boolean(json_object_get(*object, "more"))) {
		json_decref(*object);
		*object = NULL;
		return explain(door, -EBADMSG);
	}
	return json_is_true(json_object_get(*object, "more"));
}

void ctl_door_close(struct ctl_door *door)
{
	if (door->fd >= 0)
		close(door->fd);
	door->fd = -1;
	free(door->buffer);
	door->buffer = NULL;
}
