/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core's side of the journal: every record is kept until journald says that it is on the disk.
 *
 * When journald is away records wait here, up to a bound; beyond it they are counted, and the count
 * itself is recorded once the journal is back. What waits for permission is told the truth at once:
 * an entry that cannot be made durable now gives no permit.
 */
#ifndef AIRGAP_CORE_RECORDER_H
#define AIRGAP_CORE_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/lib/daemon.h"
#include "agent/lib/link.h"

struct recorder;

/* Tags of media; the highest bits belong to links and maintenance. */
#define RECORDER_TAG_MEDIA    (UINT64_C(1) << 61)
#define RECORDER_TAG_TRANSFER (UINT64_C(1) << 60)

/* What the policy in force is, for the head of every record. */
struct record_policy {
	uint64_t serial;
	uint8_t digest[MSG_DIGEST_SIZE];
};

struct recorder_handler {
	/* the record that was given @tag is durable as @entry, or (error) will not be */
	void (*recorded)(void *data, uint64_t tag, uint64_t entry, int error);
	/* journald came, went, or said how it fares */
	void (*changed)(void *data);
};

/* recorder_new - connects to journald, now or later. 0 or -errno. */
int recorder_new(struct daemon *daemon, const struct record_policy *policy,
		 const struct recorder_handler *handler, void *data, struct recorder **recorder);

/**
 * recorder_usb - record a device's outcome
 * @tag: nonzero: handler->recorded is called with it, always, but never from within this call
 *
 * Returns 0, or -ENOBUFS when too much waits already; then it is counted as lost.
 */
int recorder_usb(struct recorder *recorder, enum record_kind kind, enum record_grade grade,
		 const struct usb_outcome *outcome, uint64_t tag);

/* recorder_link - record a link's outcome; @tag as of recorder_usb() */
int recorder_link(struct recorder *recorder, enum record_kind kind, enum record_grade grade,
		  const struct net_outcome *outcome, uint64_t tag);

/* recorder_net - record what was found wrong on the network */
int recorder_net(struct recorder *recorder, enum record_kind kind, enum record_grade grade,
		 const struct net_violation *violation);

/*
 * recorder_medium - record what became of a medium; @message without its head, which is filled in here;
 * @tag as of recorder_usb()
 */
int recorder_medium(struct recorder *recorder, enum record_grade grade,
		    struct msg_record_medium *message, uint64_t tag);

/* recorder_policy - @message without its head, which is filled in here; @tag as of recorder_usb() */
int recorder_policy(struct recorder *recorder, enum record_grade grade,
		    struct msg_record_policy *message, uint64_t tag);

/* recorder_transfer - @message without its head; @tag as of recorder_usb() */
int recorder_transfer(struct recorder *recorder, enum record_grade grade,
		      struct msg_record_transfer *message, uint64_t tag);

typedef void recorder_signed_fn(void *data, const struct msg_slip_signed *answer);

/* recorder_signs - whom the answers to recorder_sign() are given; before the first of them */
void recorder_signs(struct recorder *recorder, recorder_signed_fn *signed_slip, void *data);

/**
 * recorder_sign - have a slip signed by the terminal's log key
 *
 * Returns 0, and it is answered unless journald goes away; -ENOTCONN; -ENOBUFS.
 */
int recorder_sign(struct recorder *recorder, const struct msg_slip_sign *slip);

/* recorder_note - @event: a name that does not change; @format: for people */
int recorder_note(struct recorder *recorder, enum record_kind kind, enum record_grade grade,
		  uint64_t count, const char *event, const char *subject, const char *format, ...)
	__attribute__((format(printf, 7, 8)));

/* recorder_bearing - what heartbeats tell; sent when it differs, and whenever journald comes back */
void recorder_bearing(struct recorder *recorder, const struct msg_bearing *bearing);

/* recorder_terminal - tell journald which terminal this is, now and whenever it comes back */
void recorder_terminal(struct recorder *recorder, const char *number);

/* recorder_ask - have journald answer; when it last said something, CLOCK_BOOTTIME; 0: it is not there */
uint64_t recorder_ask(struct recorder *recorder);

/* recorder_idle - everything that was recorded is durable */
bool recorder_idle(const struct recorder *recorder);

/* recorder_ready - a record given now can become durable */
bool recorder_ready(const struct recorder *recorder);

/* recorder_status - what journald said last; error is -ENOTCONN when it is not there */
void recorder_status(const struct recorder *recorder, struct msg_journal_status *status,
		     uint32_t *sandbox);

void recorder_free(struct recorder *recorder);

#endif
