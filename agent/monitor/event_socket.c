// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/event_socket.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

static int32_t namespace_of(struct msghdr *header)
{
	int32_t nsid = -1;

	for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control;
	     control = CMSG_NXTHDR(header, control))
		if (control->cmsg_level == SOL_NETLINK &&
		    control->cmsg_type == NETLINK_LISTEN_ALL_NSID &&
		    control->cmsg_len == CMSG_LEN(sizeof(nsid)))
			memcpy(&nsid, CMSG_DATA(control), sizeof(nsid));
	return nsid;
}

ssize_t event_socket_receive(int fd, void *buffer, int32_t *nsid)
{
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(*nsid)) * 4];
	struct sockaddr_nl sender;
	struct iovec part = { buffer, EVENT_SOCKET_SIZE };
	struct msghdr header;
	ssize_t length;

	do {
		sender = (struct sockaddr_nl){ 0 };
		header = (struct msghdr){ .msg_name = &sender,
					  .msg_namelen = sizeof(sender),
					  .msg_iov = &part,
					  .msg_iovlen = 1,
					  .msg_control = control,
					  .msg_controllen = sizeof(control) };
		length = recvmsg(fd, &header, 0);
		if (length < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	} while (sender.nl_pid != 0);
	if (header.msg_flags & MSG_TRUNC)
		return -ENOBUFS;
	*nsid = namespace_of(&header);
	return length;
}
