// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "agent/lib/seqpacket.h"

static const size_t sizes[CHANNEL_TYPE_COUNT] = {
	[CHANNEL_PROGRESS] = sizeof(struct work_progress),
	[CHANNEL_STAGED] = sizeof(struct channel_staged),
	[CHANNEL_ENTRY] = sizeof(struct channel_entry),
	[CHANNEL_FILE] = sizeof(struct channel_file),
	[CHANNEL_SIGN] = sizeof(struct channel_sign),
	[CHANNEL_KEY] = sizeof(struct channel_key),
	[CHANNEL_RESULT] = sizeof(struct channel_result),
	[CHANNEL_ADD] = sizeof(struct channel_add),
	[CHANNEL_SIGNED] = sizeof(struct channel_signed),
	[CHANNEL_KEYED] = sizeof(struct channel_keyed),
};

_Static_assert(sizeof(struct channel_result) <= CHANNEL_BODY_MAX, "a packet holds a result");
_Static_assert(sizeof(struct channel_staged) <= CHANNEL_BODY_MAX, "a packet holds a file");

size_t channel_size(uint32_t type)
{
	return type < CHANNEL_TYPE_COUNT ? sizes[type] : 0;
}

static int wait_for(int channel, short events)
{
	struct pollfd one = { .fd = channel, .events = events };

	while (poll(&one, 1, -1) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int channel_send(int channel, enum channel_type type, const void *body, int fd, bool wait)
{
	struct channel_packet packet = { .type = type, .length = (uint32_t)channel_size(type) };
	size_t length = offsetof(struct channel_packet, body) + packet.length;
	int r;

	memcpy(packet.body, body, packet.length);
	while ((r = seqpacket_send(channel, &packet, length, fd)) == -EAGAIN && wait) {
		r = wait_for(channel, POLLOUT);
		if (r < 0)
			return r;
	}
	return r;
}

int channel_receive(int channel, struct channel_packet *packet, int *fd, bool wait)
{
	ssize_t n;
	int r;

	while ((n = seqpacket_receive(channel, packet, sizeof(*packet), fd)) == -EAGAIN && wait) {
		r = wait_for(channel, POLLIN);
		if (r < 0)
			return r;
	}
	if (n <= 0)
		return (int)n;
	if ((size_t)n < offsetof(struct channel_packet, body) ||
	    packet->type >= CHANNEL_TYPE_COUNT || packet->length != sizes[packet->type] ||
	    (size_t)n != offsetof(struct channel_packet, body) + packet->length)
		return -EBADMSG;
	return 1;
}
