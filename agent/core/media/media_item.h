/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this room share; nobody else includes it. */
#ifndef AIRGAP_CORE_MEDIA_MEDIA_ITEM_H
#define AIRGAP_CORE_MEDIA_MEDIA_ITEM_H

#include "agent/core/media/media.h"
#include "agent/core/media/media_finding.h"

enum medium_state {
	MEDIUM_STATE_IDLE, /* no medium in it, or its device is not open, or a program is away */
	MEDIUM_STATE_PROTECTING, /* asked of the mount helper */
	MEDIUM_STATE_PROTECTED,	 /* waits for airgap-transferd */
	MEDIUM_STATE_READING,
	MEDIUM_STATE_OPENING, /* its raw partition */
	MEDIUM_STATE_COUNTING,
	MEDIUM_STATE_RECORDING,
	MEDIUM_STATE_MOUNTING,
	MEDIUM_STATE_USABLE,
	MEDIUM_STATE_REFUSED, /* said so; released, or being released */
	MEDIUM_STATE_FAILED,
	MEDIUM_STATE_LEAVING, /* the mount helper is giving it up */
};

struct medium {
	struct medium *next;
	struct msg_block block;
	enum medium_state state;
	bool stated;	 /* since the scan began */
	bool gone;	 /* its disk is: forgotten once it is released */
	bool held;	 /* the mount helper holds it */
	bool told;	 /* airgap-transferd and the door know of it */
	uint64_t cookie; /* of this run; 0: none has begun */
	uint64_t tag;	 /* of the recorder, for the entry that is awaited */
	int disk;	 /* descriptor, while it waits for airgap-transferd; -1 */
	bool unrecorded; /* FAILED, for want of a journal */
	bool waits;	 /* nothing is to be done until the monitor states it anew */
	struct medium_finding finding;
	struct medium_counter counter; /* as it was before this use */
	struct msg_medium said;
};

struct media {
	struct media_config config;
	struct medium *head;
	uint32_t count;
	uint64_t cookies;
	uint64_t tags;
	uint64_t list; /* number of the signers' list that records were verified by */
	bool paused;
};

/* media_item_find - the one of that cookie, or NULL */
struct medium *media_item_find(struct media *media, uint64_t cookie);

/* media_item_each - call @visit with each; it may remove the one that it is called with */
void media_item_each(struct media *media,
		     void (*visit)(struct media *media, struct medium *medium));

/* media_act_start - begin with a medium, if everything for it is there */
void media_act_start(struct media *media, struct medium *medium);

/* media_act_read - it is protected: have it read */
void media_act_read(struct media *media, struct medium *medium);

/* media_act_decide - it was read: refuse it, or go on */
void media_act_decide(struct media *media, struct medium *medium);

/* media_act_record - it was counted, or need not be: ask for the journal's entry */
void media_act_record(struct media *media, struct medium *medium);

/* media_act_mount - the entry is durable */
void media_act_mount(struct media *media, struct medium *medium);

/* media_act_expose - it is mounted: tell; @root stays the caller's */
void media_act_expose(struct media *media, struct medium *medium, int root);

/* media_act_refuse - the finding says why */
void media_act_refuse(struct media *media, struct medium *medium);

/* media_act_fail - @what could not be done */
void media_act_fail(struct media *media, struct medium *medium, int error, const char *what);

/**
 * media_act_leave - give it up; what follows is decided when the mount helper is done
 * @pulled: nobody took leave
 */
void media_act_leave(struct media *media, struct medium *medium, bool pulled, const char *why);

/* media_act_left - the mount helper is done with it, or away: forget it, or begin anew */
void media_act_left(struct media *media, struct medium *medium);

/* media_tell_record - write down what became of it; @tag as of recorder_usb() */
int media_tell_record(struct media *media, const struct medium *medium, enum media_event event,
		      int error, uint64_t tag);

/* media_tell_said - fill medium->said from the finding: who, what, and in words why not */
void media_tell_said(struct media *media, struct medium *medium);

#endif
