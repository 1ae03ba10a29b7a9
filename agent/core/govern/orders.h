/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signed orders: each does one thing on this terminal, once.
 *
 * A permit for a device waits, over restarts too, for the device that it names; from when that is
 * let in it is bound to this one plug-in, and ends with it, with its time, or with its last day.
 * Maintenance has a file of its own.
 */
#ifndef AIRGAP_CORE_GOVERN_ORDERS_H
#define AIRGAP_CORE_GOVERN_ORDERS_H

#include "agent/core/govern/govern.h"

/* orders_load - permits that were accepted and not used yet */
void orders_load(struct govern *govern);

/**
 * orders_read - an accepted order again, from its file, with its signatures
 *
 * Returns 0; -EBADMSG when it is another one; another -errno.
 */
int orders_read(const struct govern *govern, const uint8_t *digest, const char *id,
		struct order *order);

/**
 * orders_install - carry out an order
 * @text: what happened, why, what to do
 *
 * Returns 0 or -errno, and then nothing has changed.
 */
int orders_install(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
		   size_t size);

/* orders_find - the permit that lets this device in now; NULL: none */
const struct order *orders_find(const struct govern *govern, const struct usb_facts *facts);

/**
 * orders_use - bind a permit to this plug-in, before it takes effect
 *
 * Returns 0, also when it was bound to it already; -errno when it could not be written down: then
 * the device must not be let in by it.
 */
int orders_use(struct govern *govern, const struct usb_facts *facts);

/* orders_forget - this plug-in is over; a permit that was bound to it is gone */
void orders_forget(struct govern *govern, const struct usb_facts *facts);

/* orders_next - seconds until a permit ends; 0: none is running */
uint64_t orders_next(const struct govern *govern);

#endif
