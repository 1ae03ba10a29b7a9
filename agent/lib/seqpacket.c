// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/seqpacket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/lib/log.h"

static int unix_address(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	strcpy(address->sun_path, path);
	return 0;
}

static int open_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

int seqpacket_listen(const char *path, gid_t group)
{
	struct sockaddr_un address;
	int fd, r;

	r = unix_address(path, &address);
	if (r < 0)
		return r;
	fd = open_socket();
	if (fd < 0)
		return fd;
	unlink(path);
	/* Nobody is listened to before the socket has its mode. */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chown(path, (uid_t)-1, group) < 0 || chmod(path, 0660) < 0 || listen(fd, 4) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

int seqpacket_connect(const char *path)
{
	struct sockaddr_un address;
	int fd, r;

	r = unix_address(path, &address);
	if (r < 0)
		return r;
	fd = open_socket();
	if (fd < 0)
		return fd;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

int seqpacket_check_peer(int fd, uid_t uid, const char *name)
{
	struct ucred credentials;
	socklen_t length = sizeof(credentials);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0)
		return -errno;
	if (credentials.uid == uid)
		return 0;
	log_warning("refused a connection for %s from user %u, process %d: expected user %u", name,
		    credentials.uid, credentials.pid, uid);
	return -EPERM;
}

int seqpacket_send(int fd, const void *packet, size_t length, int pass)
{
	struct iovec iov = { .iov_len = length };
	union {
		struct cmsghdr align;
		uint8_t space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };

	/* sendmsg() reads only; iovec has no const. */
	memcpy(&iov.iov_base, &packet, sizeof(packet));
	if (pass >= 0) {
		struct cmsghdr *cmsg;

		header.msg_control = control.space;
		header.msg_controllen = sizeof(control.space);
		cmsg = CMSG_FIRSTHDR(&header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &pass, sizeof(pass));
	}
	if (sendmsg(fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return -errno;
	return 0;
}

ssize_t seqpacket_receive(int fd, void *packet, size_t size, int *passed)
{
	struct iovec iov = { .iov_base = packet, .iov_len = size };
	union {
		struct cmsghdr align;
		uint8_t space[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr header = { .msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.space,
				 .msg_controllen = sizeof(control.space) };
	ssize_t length;

	*passed = -1;
	length = recvmsg(fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (length < 0)
		return -errno;
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&header); cmsg;
	     cmsg = CMSG_NXTHDR(&header, cmsg)) {
		if (cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS &&
		    cmsg->cmsg_len == CMSG_LEN(sizeof(int)))
			memcpy(passed, CMSG_DATA(cmsg), sizeof(*passed));
	}
	if (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		if (*passed >= 0)
			close(*passed);
		*passed = -1;
		return -EMSGSIZE;
	}
	return length;
}

struct seqpacket_queued {
	struct seqpacket_queued *next;
	int fd;
	size_t length;
	uint8_t packet[];
};

int seqpacket_queue_add(struct seqpacket_queue *queue, const void *packet, size_t length, int fd)
{
	struct seqpacket_queued *entry = malloc(sizeof(*entry) + length);

	if (!entry)
		return -ENOBUFS;
	entry->next = NULL;
	entry->length = length;
	entry->fd = fd < 0 ? -1 : dup(fd);
	if (fd >= 0 && entry->fd < 0) {
		free(entry);
		return -ENOBUFS;
	}
	memcpy(entry->packet, packet, length);
	if (queue->last)
		queue->last->next = entry;
	else
		queue->head = entry;
	queue->last = entry;
	queue->length++;
	return 0;
}

static void remove_first(struct seqpacket_queue *queue)
{
	struct seqpacket_queued *entry = queue->head;

	queue->head = entry->next;
	if (!queue->head)
		queue->last = NULL;
	queue->length--;
	if (entry->fd >= 0)
		close(entry->fd);
	free(entry);
}

int seqpacket_queue_flush(struct seqpacket_queue *queue, int fd)
{
	while (queue->head) {
		int r = seqpacket_send(fd, queue->head->packet, queue->head->length,
				       queue->head->fd);

		if (r < 0)
			return r == -EAGAIN ? 0 : r;
		remove_first(queue);
	}
	return 0;
}

void seqpacket_queue_clear(struct seqpacket_queue *queue)
{
	while (queue->head)
		remove_first(queue);
}
