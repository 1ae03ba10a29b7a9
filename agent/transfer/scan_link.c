// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/scan_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TIMEOUT_S 300
/* How often somebody's wish to end is looked for. */
#define STEP_MS 200

int scan_link_open(struct scan_link *link, const struct scan_settings *settings)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = settings->socket ? settings->socket : SCAN_SOCKET;

	*link = (struct scan_link){ .fd = -1, .settings = settings };
	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	link->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (link->fd < 0)
		return -errno;
	return connect(link->fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ? -errno
											 : 0;
}

void scan_link_close(struct scan_link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
}

/* Until the socket can do it. */
static int wait_for(const struct scan_link *link, short events)
{
	unsigned int left = link->settings->timeout_s ? link->settings->timeout_s : TIMEOUT_S;
	struct pollfd fd = { .fd = link->fd, .events = events };
	int r;

	for (left *= 1000 / STEP_MS; left > 0; left--) {
		if (work_cancelled(link->settings->work))
			return -ECANCELED;
		r = poll(&fd, 1, STEP_MS);
		if (r > 0)
			return 0;
		if (r < 0 && errno != EINTR)
			return -errno;
	}
	return -ETIMEDOUT;
}

int scan_link_send(const struct scan_link *link, const void *data, size_t length)
{
	const char *at = data;

	while (length > 0) {
		ssize_t done = send(link->fd, at, length, MSG_NOSIGNAL | MSG_DONTWAIT);
		int r;

		if (done > 0) {
			at += done;
			length -= (size_t)done;
			continue;
		}
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		r = wait_for(link, POLLOUT);
		if (r < 0)
			return r;
	}
	return 0;
}

int scan_link_chunk(const struct scan_link *link, const void *data, size_t length)
{
	uint32_t head = htonl((uint32_t)length);
	int r = scan_link_send(link, &head, sizeof(head));

	return r == 0 && length > 0 ? scan_link_send(link, data, length) : r;
}

long scan_link_answer(const struct scan_link *link, char text[static SCAN_ANSWER_MAX])
{
	size_t length = 0;
	ssize_t done;
	int r;

	while (length < SCAN_ANSWER_MAX - 1) {
		text[length] = '\0';
		r = wait_for(link, POLLIN);
		if (r < 0)
			return r;
		done = recv(link->fd, text + length, SCAN_ANSWER_MAX - 1 - length, MSG_DONTWAIT);
		if (done < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		/* Whoever hangs up with bytes of ours unread gives this after its answer. */
		if (done < 0 && errno == ECONNRESET && length > 0)
			done = 0;
		if (done < 0)
			return -errno;
		length += (size_t)done;
		text[length] = '\0';
		if (done == 0 || strlen(text) < length)
			return (long)strlen(text);
	}
	return -EMSGSIZE;
}
