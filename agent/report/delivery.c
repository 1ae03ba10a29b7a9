// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/delivery.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/lib/log.h"

static bool is_judged(const struct delivery *delivery, const uint8_t digest[static 32])
{
	uint32_t count = delivery->judged_count < DELIVERY_REMEMBERED ? delivery->judged_count
								      : DELIVERY_REMEMBERED;

	for (uint32_t i = 0; i < count; i++)
		if (memcmp(delivery->judged[i], digest, 32) == 0)
			return true;
	return false;
}

static void remember(struct delivery *delivery, const uint8_t digest[static 32])
{
	memcpy(delivery->judged[delivery->judged_count++ % DELIVERY_REMEMBERED], digest, 32);
}

void delivery_list(struct delivery *delivery, const struct answer_inbox *inbox)
{
	delivery->inbox = *inbox;
	delivery->at = 0;
	delivery->cookie = 0;
}

const struct answer_document *delivery_due(struct delivery *delivery)
{
	while (delivery->at < delivery->inbox.count &&
	       is_judged(delivery, delivery->inbox.documents[delivery->at].digest))
		delivery->at++;
	return delivery->at < delivery->inbox.count ? &delivery->inbox.documents[delivery->at]
						    : NULL;
}

static int write_all(int fd, const uint8_t *data, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, data, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		length -= (size_t)n;
	}
	return 0;
}

int delivery_hand(struct delivery *delivery, struct link *core, const void *file, size_t length)
{
	const struct answer_document *document = &delivery->inbox.documents[delivery->at];
	struct msg_document message = { .cookie = document->id + 1 };
	uint8_t digest[32];
	int fd, r;

	crypto_hash_sha256(digest, file, length);
	if (length != document->length || memcmp(digest, document->digest, sizeof(digest)) != 0) {
		delivery->at++;
		return -EBADMSG;
	}
	snprintf(message.what, sizeof(message.what), "%s from the office, number %" PRIu64,
		 document->kind, document->id);
	fd = memfd_create("airgap-document", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = write_all(fd, file, length);
	if (r == 0)
		r = link_send(core, MSG_DOCUMENT, &message, fd, NULL);
	close(fd);
	if (r == 0)
		delivery->cookie = message.cookie;
	return r;
}

bool delivery_judged(struct delivery *delivery, const struct msg_document_taken *taken)
{
	if (!delivery->cookie || taken->cookie != delivery->cookie)
		return false;
	log_notice("document %" PRIu64 " of the office: %s", taken->cookie - 1,
		   taken->text[0]     ? taken->text
		   : taken->error < 0 ? strerror(-taken->error)
				      : "in force");
	remember(delivery, delivery->inbox.documents[delivery->at].digest);
	delivery->at++;
	delivery->cookie = 0;
	return true;
}

void delivery_lost(struct delivery *delivery)
{
	delivery->cookie = 0;
}
