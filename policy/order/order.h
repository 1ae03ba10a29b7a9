/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Orders: small signed texts that do one thing on one terminal, once (DESIGN section 5).
 *
 *	airgap-order 1
 *	order {
 *	    id        "7.2/2026-0042"
 *	    terminal  "T-00417"
 *	    valid     2026-12-01 .. 2026-12-02
 *	    permit    id 0951:1666  serial "60A44C413FAE"  for 2h
 *	    reason    "minutes of the meeting of 30 November"
 *	}
 *
 * Instead of 'permit ...' there may be 'release lockdown', 'enforce', 'maintenance for ...' or
 * 'end maintenance'; exactly one of them.
 *
 * An order is signed in namespace airgap-order@v1, and needs the signatures that the signers' list
 * asks of a policy: give trust_verify() the list's own threshold, need NULL. What the order cannot
 * say by itself is its carrier's duty: whether it is for this terminal, whether the day is within
 * its dates, and whether its id was used before. An id is used up when the order is accepted.
 */
#ifndef AIRGAP_POLICY_ORDER_H
#define AIRGAP_POLICY_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decide/facts.h"
#include "policy/lang/diag.h"

#define ORDER_ID_SIZE	    65 /* 64 bytes and the NUL */
#define ORDER_TERMINAL_SIZE 65
#define ORDER_REASON_SIZE   POLICY_BECAUSE_SIZE
#define ORDER_DAYS_MAX	    31 /* between first and last day, both counted */

/* A working day: what takes longer needs the two signatures again. */
#define ORDER_MAINTENANCE_MAX_S (8 * 3600)

enum order_kind {
	ORDER_KIND_PERMIT,	     /* let one device in */
	ORDER_KIND_RELEASE_LOCKDOWN, /* end the lockdown that only an order ends */
	ORDER_KIND_ENFORCE,	     /* end mode monitor now */
	ORDER_KIND_MAINTENANCE,	     /* for a while, leave network settings as somebody set them */
	ORDER_KIND_END_MAINTENANCE,  /* that is over now */
	ORDER_KIND_COUNT,
};

/* Fixed size, no pointers; texts are ended by NUL, the rest of their arrays zero. */
struct order {
	uint32_t kind; /* enum order_kind */
	char id[ORDER_ID_SIZE];
	char terminal[ORDER_TERMINAL_SIZE];
	char reason[ORDER_REASON_SIZE];
	int64_t from;  /* first second of the first day, UNIX time */
	int64_t until; /* last second of the last day */
	/* Of ORDER_KIND_PERMIT; else zero. */
	uint16_t vendor;
	uint16_t product;
	bool has_hash;
	uint8_t hash[USB_HASH_SIZE];  /* as usb_facts.hash */
	char serial[USB_STRING_SIZE]; /* never empty */
	/*
	 * Seconds of powered-on time. Of a permit: that the device may stay, from when it is first let
	 * in; 0: as long as the order is valid; in either case one plug-in. Of a maintenance: that it
	 * lasts, at most ORDER_MAINTENANCE_MAX_S. Never beyond 'until'. Of other kinds 0.
	 */
	uint64_t duration_s;
	uint8_t digest[32]; /* SHA-256 of the text without its signatures */
};

/**
 * order_parse - parse and check an order
 * @text: need not be ended by NUL; signatures after it are ignored
 * @diags: receives errors; may be NULL
 * @order: filled when 0 is returned, else zeroed
 *
 * Verify the signatures first. Returns 0; -EINVAL when there were errors; -ENOMEM.
 */
int order_parse(const char *text, size_t length, struct diag_list *diags, struct order *order);

/** order_permits - whether a permit is for this device: ids, serial number, and hash if it has one */
bool order_permits(const struct order *order, const struct usb_facts *facts);

/** order_kind_name - "permit", "release-lockdown", "enforce", "maintenance", "end-maintenance" */
const char *order_kind_name(enum order_kind kind);

#endif
