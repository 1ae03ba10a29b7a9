// SPDX-License-Identifier: GPL-2.0-or-later
/* What is worth a notice, and which: nothing here touches a link. */
#include <sodium.h>
#include <string.h>

#include "agent/core/noticing.h"

static uint64_t key_of(const struct msg_notice *notice)
{
	static uint8_t secret[crypto_shorthash_KEYBYTES];
	static bool drawn;
	uint8_t text[sizeof(notice->subject) + 2 * sizeof(uint32_t)] = { 0 };
	uint8_t out[crypto_shorthash_BYTES];
	uint64_t key;

	if (!drawn)
		crypto_shorthash_keygen(secret);
	drawn = true;
	memcpy(text, &notice->event, sizeof(uint32_t));
	memcpy(text + sizeof(uint32_t), &notice->uid, sizeof(uint32_t));
	memcpy(text + 2 * sizeof(uint32_t), notice->subject, strlen(notice->subject));
	crypto_shorthash(out, text, sizeof(text), secret);
	memcpy(&key, out, sizeof(key));
	return key;
}

static struct noticing_count *count_of(struct noticing *noticing, const struct msg_notice *notice,
				       uint64_t now_us)
{
	struct noticing_count *place = &noticing->counts[0];

	for (size_t i = 0; i < NOTICING_COUNTS; i++) {
		struct noticing_count *it = &noticing->counts[i];

		if (it->begin_us && it->event == notice->event && it->uid == notice->uid &&
		    now_us - it->begin_us < NOTICING_AGAIN_US)
			return it;
		if (it->begin_us < place->begin_us)
			place = it;
	}
	*place = (struct noticing_count){ .event = notice->event,
					  .uid = notice->uid,
					  .begin_us = now_us };
	return place;
}

static bool is_within_bounds(struct noticing *noticing, struct msg_notice *notice, uint64_t now_us)
{
	struct noticing_count *count;

	if (notice->event >= NOTICE_LOCKDOWN)
		return true;
	count = count_of(noticing, notice, now_us);
	if (count->told == NOTICING_EACH)
		return false;
	count->told++;
	notice->number = count->told == NOTICING_EACH;
	return true;
}

bool noticing_is_new(struct noticing *noticing, struct msg_notice *notice, uint64_t now_us)
{
	const uint64_t key = key_of(notice);

	for (size_t i = 0; i < NOTICING_REMEMBERED; i++) {
		const struct noticing_told *told = &noticing->told[i];

		if (told->told_us && told->key == key && now_us - told->told_us < NOTICING_AGAIN_US)
			return false;
	}
	if (!is_within_bounds(noticing, notice, now_us))
		return false;
	noticing->told[noticing->next] = (struct noticing_told){ .key = key, .told_us = now_us };
	noticing->next = (noticing->next + 1) % NOTICING_REMEMBERED;
	return true;
}

enum notice_event noticing_usb_event(const struct usb_facts *facts)
{
	for (uint32_t i = 0; i < facts->interface_count; i++) {
		const struct usb_interface *it = &facts->interfaces[i];

		/* CDC and CDC data, RNDIS and Bluetooth, still image (PTP and MTP), Android's own. */
		if (it->class == 0x02 || it->class == 0x0a || it->class == 0xe0 ||
		    it->class == 0x06 || (it->class == 0xff && it->subclass == 0x42))
			return NOTICE_PHONE_REFUSED;
	}
	return NOTICE_USB_REFUSED;
}
