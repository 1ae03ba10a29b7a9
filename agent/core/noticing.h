/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The link to airgap-noticed: what people at the terminal are told.
 *
 * A notice is a courtesy, never a condition: with nobody to tell it is dropped, and the journal has
 * the event all the same. One thing is told once, however often it knocks, and of things of one kind a
 * person is told the first ones: a port scan must not bury what he has to read.
 */
#ifndef AIRGAP_CORE_NOTICING_H
#define AIRGAP_CORE_NOTICING_H

#include "agent/lib/msg.h"

struct core;
struct policy;

#define NOTICING_REMEMBERED 64
#define NOTICING_AGAIN_US   (10 * 60 * UINT64_C(1000000))

/* Of one kind of refusal, to one user, in NOTICING_AGAIN_US; the last of them says that it is. */
#define NOTICING_EACH	6
#define NOTICING_COUNTS 128

/* What has been told lately: of the same event and subject, at most once in NOTICING_AGAIN_US. */
struct noticing {
	struct link *link;
	uint32_t sandbox;
	uint32_t next;	   /* place of the oldest */
	uint32_t end_told; /* days before the policy's end that were named last; 0: none */
	char maintenance_told
		[POLICY_NAME_SIZE]; /* order of the one whose begin was told; "": none */
	struct noticing_told {
		uint64_t key;
		uint64_t told_us;
	} told[NOTICING_REMEMBERED];
	struct noticing_count {
		uint32_t event;
		uint32_t uid;
		uint32_t told;
		uint64_t begin_us; /* 0: free */
	} counts[NOTICING_COUNTS];
};

/* noticing_open - listen for airgap-noticed; 0 or -errno. Without its user: no notices, and 0. */
int noticing_open(struct core *core);

/**
 * noticing_send - tell people
 * @notice: whom to call is filled in here
 */
void noticing_send(struct core *core, struct msg_notice *notice);

/**
 * noticing_transfer - something became of a transfer
 * @need: approvals that it waits for: officers who log in here are told; NULL: none
 */
void noticing_transfer(struct core *core, const struct msg_record_transfer *record,
		       const struct policy_need *need);

/* noticing_usb - a device settled; when it was refused, say so */
void noticing_usb(struct core *core, const struct usb_outcome *outcome);

/* noticing_mode - the mode changed from @before to the present one */
void noticing_mode(struct core *core, uint32_t before);

/* noticing_end - the policy's end is near: say so as often as it is announced (30, 14, 7, 1 days) */
void noticing_end(struct core *core);

/* noticing_maintenance - a maintenance may have begun or ended: say so */
void noticing_maintenance(struct core *core);

/**
 * noticing_is_new - has this not been told lately, nor enough of its kind? Then it counts as told now.
 * @notice: of a refusal, number becomes 1 when it is the last of its kind for a while
 * @now_us: CLOCK_BOOTTIME
 *
 * What becomes of the terminal itself, such as lockdown, is told however often.
 */
bool noticing_is_new(struct noticing *noticing, struct msg_notice *notice, uint64_t now_us);

/* noticing_usb_event - NOTICE_PHONE_REFUSED for what would open a network or is a phone */
enum notice_event noticing_usb_event(const struct usb_facts *facts);

#endif
